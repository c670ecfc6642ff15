use std::env;
use std::ops::Range;
use std::time::Duration;

use ureq::http::Response;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};

use super::address::{origin, redirected, url_of};
use super::{FetchError, RemoteFile};
use crate::gguf::{Header, ReadError, read_header};
use crate::units::Bytes;

/// Where models are, unless `HF_ENDPOINT` names a mirror.
const HUB: &str = "https://huggingface.co";

/// How long a server may say nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// How much longer than that one answer may take in all: a server that drips does not hold the program for ever.
const ANSWER_FACTOR: u32 = 20;

/// As many redirects as browsers follow in a row on a bad day.
const MOST_REDIRECTS: usize = 10;

/// Asks for parts of files.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    endpoint: String,
    token: Option<String>,
}

impl Client {
    /// A client that heeds `HF_ENDPOINT`, `HF_TOKEN`, and the variables for proxies.
    #[must_use]
    pub fn from_environment() -> Self {
        let set = |name| env::var(name).ok().filter(|value| !value.trim().is_empty());
        Self::new(&set("HF_ENDPOINT").unwrap_or_else(|| HUB.to_owned()), set("HF_TOKEN").as_deref(), PATIENCE)
    }

    /// A client that takes the hub for `endpoint`, and gives up on a server that says nothing for `patience`.
    /// `token` is told to the endpoint and to nobody else.
    #[must_use]
    pub fn new(endpoint: &str, token: Option<&str>, patience: Duration) -> Self {
        let config = Agent::config_builder()
            .user_agent(concat!("r1-advisor/", env!("CARGO_PKG_VERSION")))
            .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
            // Followed here, so that it is certain who hears the token.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_connect(Some(patience))
            .timeout_recv_response(Some(patience))
            .timeout_per_read(Some(patience))
            .timeout_recv_body(Some(patience * ANSWER_FACTOR))
            .build();
        Self {
            agent: Agent::new_with_config(config),
            endpoint: endpoint.trim().trim_end_matches('/').to_owned(),
            token: token.map(|token| token.trim().to_owned()),
        }
    }

    /// The URL that a target means; see [`is_remote`](super::is_remote).
    pub fn url(&self, target: &str) -> Result<String, FetchError> {
        url_of(target, &self.endpoint)
    }

    /// Reads the header of the GGUF file at `url`, and no more of the file than the next power of two.
    pub fn read_header(&self, url: &str) -> Result<Header, FetchError> {
        let file = RemoteFile::open(self, url)?;
        // Where nobody tells the length, nobody can tell that the file is cut short.
        let length = file.length().unwrap_or(Bytes(u64::MAX));
        read_header(file, length).map_err(|error| match error {
            ReadError::Read(error) => match error.downcast::<FetchError>() {
                Ok(error) => error,
                Err(error) => FetchError::Header { url: url.to_owned(), source: ReadError::Read(error) },
            },
            source => FetchError::Header { url: url.to_owned(), source },
        })
    }

    /// Asks for a part of a file. The answer is that part (206), the whole file (200), or that there is no such
    /// part (416).
    pub(super) fn get(&self, url: &str, part: &Range<u64>) -> Result<Response<Body>, FetchError> {
        let mut url = url.to_owned();
        for _ in 0..=MOST_REDIRECTS {
            let last = part.end.saturating_sub(1);
            let mut request = self.agent.get(&url).header("Range", format!("bytes={}-{last}", part.start));
            if let Some(token) = &self.token
                && origin(&url) == origin(&self.endpoint)
            {
                request = request.header("Authorization", format!("Bearer {token}"));
            }
            let answer = request
                .call()
                .map_err(|source| FetchError::Request { url: url.clone(), source: Box::new(source) })?;
            match answer.status().as_u16() {
                301 | 302 | 303 | 307 | 308 => url = follow(&url, &answer)?,
                200 | 206 if is_web_page(&answer) => return Err(FetchError::WebPage { url }),
                200 | 206 | 416 => return Ok(answer),
                status => return Err(FetchError::Status { url, status }),
            }
        }
        Err(FetchError::Redirect { url, problem: "too often" })
    }
}

fn follow(url: &str, answer: &Response<Body>) -> Result<String, FetchError> {
    let problem = |problem| FetchError::Redirect { url: url.to_owned(), problem };
    let location = header(answer, "Location").ok_or_else(|| problem("to nowhere"))?;
    let to = redirected(url, location);
    if origin(url).starts_with("https:") && !origin(&to).starts_with("https:") {
        return Err(problem("from a protected connection to an open one"));
    }
    Ok(to)
}

fn is_web_page(answer: &Response<Body>) -> bool {
    header(answer, "Content-Type").is_some_and(|kind| kind.trim_start().starts_with("text/html"))
}

pub(super) fn header<'a>(answer: &'a Response<Body>, name: &str) -> Option<&'a str> {
    answer.headers().get(name)?.to_str().ok()
}
