use std::io::{self, Read as _};
use std::ops::Range;
use std::thread;
use std::time::Duration;

use ureq::http::Response;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};

use super::address::{is_link_local, is_of_hub, origin, redirected};
use super::error::Misdirection;
use super::retry::{Pace, pause};
use super::{FetchError, HubSettings, Remote};
use crate::units::Bytes;

/// How long a server may say nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// How much longer than that a small answer may take in all: a server that drips does not hold the program for ever.
const ANSWER_FACTOR: u32 = 20;

/// As many redirects as browsers follow in a row on a bad day.
const MOST_REDIRECTS: usize = 10;

/// Requests in a row that may fail before anything has come: a person waits for the answer.
const MOST_QUESTIONS: u32 = 4;

/// Connections that are kept open to one host: as many as a download uses at once.
const KEPT_OPEN: usize = 32;

/// Asks for files and parts of them.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    endpoint: String,
    token: Option<String>,
    patience: Duration,
}

impl std::fmt::Debug for Client {
    /// Without the token, which belongs in no log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

/// A kind of request.
#[derive(Clone, Debug)]
pub(super) enum Asked {
    /// What there is to know of a file, without the file.
    Head,
    /// A small answer, in whole.
    Small,
    /// A part of a file that is read at once.
    Part(Range<u64>),
    /// A part of a file that may take as long as it takes, as long as something comes.
    Segment(Range<u64>),
    /// The whole file, as long as it takes.
    Whole,
}

/// An answer, and who gave it.
#[derive(Debug)]
pub(super) struct Answer {
    /// The URL after all redirects.
    pub(super) url: String,
    pub(super) response: Response<Body>,
}

impl Client {
    /// A client that heeds `HF_ENDPOINT`, `HF_TOKEN` and the token file, and the variables for proxies.
    #[must_use]
    pub fn from_environment() -> Self {
        let settings = HubSettings::from_environment();
        Self::new(&settings.endpoint, settings.token.as_deref(), settings.patience.unwrap_or(PATIENCE))
    }

    /// A client that takes the hub for `endpoint`, and gives up on a server that says nothing for `patience`.
    /// `token` is sent to the endpoint alone.
    #[must_use]
    pub fn new(endpoint: &str, token: Option<&str>, patience: Duration) -> Self {
        let config = Agent::config_builder()
            .user_agent(concat!("r1-advisor/", env!("CARGO_PKG_VERSION")))
            .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
            // Followed here, so that it is certain who gets the token.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .max_idle_connections(2 * KEPT_OPEN)
            .max_idle_connections_per_host(KEPT_OPEN)
            .timeout_connect(Some(patience))
            .timeout_recv_response(Some(patience))
            .timeout_per_read(Some(patience))
            .build();
        Self {
            agent: Agent::new_with_config(config),
            endpoint: endpoint.trim().trim_end_matches('/').to_owned(),
            token: token.map(|token| token.trim().to_owned()),
            patience,
        }
    }

    /// A client for the hub that the settings name.
    #[must_use]
    pub fn with(settings: &HubSettings) -> Self {
        Self::new(&settings.endpoint, settings.token.as_deref(), settings.patience.unwrap_or(PATIENCE))
    }

    /// The URL of the hub, without a slash at its end.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// How long a server may say nothing.
    pub(super) const fn patience(&self) -> Duration {
        self.patience
    }

    /// The URL that a target means; see [`is_remote`](super::is_remote).
    pub fn url(&self, target: &str) -> Result<String, FetchError> {
        match Remote::parse(target, &self.endpoint)? {
            Remote::File(place) => Ok(place.url(&self.endpoint)),
            Remote::Repository { .. } => Err(FetchError::NoFile { target: target.to_owned() }),
        }
    }

    /// Retries what may succeed later.
    pub fn patiently<T>(&self, ask: impl Fn() -> Result<T, FetchError>) -> Result<T, FetchError> {
        let mut failures = 0;
        loop {
            let error = match ask() {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            failures += 1;
            match pause(&error, failures, self.patience) {
                Some(time) if failures < MOST_QUESTIONS && error.is_passing() => thread::sleep(time),
                _ => return Err(error),
            }
        }
    }

    /// A small answer in whole, of at most `longest` bytes.
    pub(super) fn small(&self, url: &str, longest: u64) -> Result<Vec<u8>, FetchError> {
        let answer = self.ask(url, &Asked::Small, |_| false)?;
        let too_long = || FetchError::ListingTooLong { url: url.to_owned(), most: Bytes(longest) };
        if answer.response.body().content_length().is_some_and(|length| length > longest) {
            return Err(too_long());
        }
        let mut body = answer.response.into_body().into_reader().take(longest + 1);
        let (mut bytes, mut buffer) = (Vec::new(), vec![0; 64 << 10]);
        let mut pace = Pace::new(self.patience);
        loop {
            let broken_off = |source, at: usize| FetchError::BrokenOff {
                url: url.to_owned(),
                at: at as u64,
                source: Some(source),
            };
            let read = body.read(&mut buffer).map_err(|source| broken_off(source, bytes.len()))?;
            if read == 0 {
                return if bytes.len() as u64 > longest { Err(too_long()) } else { Ok(bytes) };
            }
            bytes.extend_from_slice(&buffer[..read]);
            if !pace.came(read) {
                return Err(broken_off(io::ErrorKind::TimedOut.into(), bytes.len()));
            }
        }
    }

    /// Asks for a part of a file. The answer is that part (206), the whole file (200), or that there is no such
    /// part (416).
    pub(super) fn get(&self, url: &str, part: &Range<u64>) -> Result<Response<Body>, FetchError> {
        Ok(self.ask(url, &Asked::Part(part.clone()), |_| false)?.response)
    }

    /// Asks, and follows redirects until an answer or one that is `enough`.
    pub(super) fn ask(
        &self,
        url: &str,
        asked: &Asked,
        enough: impl Fn(&Response<Body>) -> bool,
    ) -> Result<Answer, FetchError> {
        let first = url;
        let mut url = url.to_owned();
        for _ in 0..=MOST_REDIRECTS {
            let response = self.ask_once(&url, asked)?;
            match response.status().as_u16() {
                200 | 206 if let Some(encoding) = encoding(&response) => {
                    return Err(FetchError::Encoded { encoding, url });
                }
                301 | 302 | 303 | 307 | 308 if enough(&response) => return Ok(Answer { url, response }),
                301 | 302 | 303 | 307 | 308 => url = follow(&url, &response)?,
                200 | 206 if !matches!(asked, Asked::Small) && is_web_page(&response) => {
                    return Err(FetchError::WebPage { url });
                }
                200 | 206 | 416 => return Ok(Answer { url, response }),
                status => {
                    let retry_after = header(&response, "Retry-After").and_then(retry_after);
                    let by_store = url != first && !is_of_hub(&url);
                    return Err(FetchError::Status { url, status, retry_after, by_store });
                }
            }
        }
        Err(FetchError::Redirect { url, problem: Misdirection::TooOften })
    }

    fn ask_once(&self, url: &str, asked: &Asked) -> Result<Response<Body>, FetchError> {
        let limit = match asked {
            Asked::Head | Asked::Small | Asked::Part(_) => Some(self.patience * ANSWER_FACTOR),
            Asked::Segment(_) | Asked::Whole => None,
        };
        let request = if matches!(asked, Asked::Head) { self.agent.head(url) } else { self.agent.get(url) };
        // A file that was packed for the way has other bytes and another length.
        let mut request =
            request.config().timeout_recv_body(limit).build().header("Accept-Encoding", "identity");
        if let Asked::Part(part) | Asked::Segment(part) = asked {
            request = request.header("Range", format!("bytes={}-{}", part.start, part.end.saturating_sub(1)));
        }
        if let Some(token) = &self.token
            && origin(url) == origin(&self.endpoint)
        {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        request.call().map_err(|source| FetchError::Request { url: url.to_owned(), source: Box::new(source) })
    }
}

fn follow(url: &str, answer: &Response<Body>) -> Result<String, FetchError> {
    let problem = |problem| FetchError::Redirect { url: url.to_owned(), problem };
    let (from, to) = header(answer, "Location")
        .and_then(|location| redirected(url, location))
        .ok_or_else(|| problem(Misdirection::ToNowhere))?;
    if !matches!(to.scheme(), "http" | "https") {
        return Err(problem(Misdirection::ToOtherProtocol));
    }
    if is_link_local(&to) && !is_link_local(&from) {
        return Err(problem(Misdirection::ToLinkLocal));
    }
    if from.scheme() == "https" && to.scheme() != "https" {
        return Err(problem(Misdirection::ToUnprotected));
    }
    Ok(to.into())
}

/// What an answer is packed in, where it is.
fn encoding(answer: &Response<Body>) -> Option<String> {
    let encoding = header(answer, "Content-Encoding")?.trim();
    (!encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity")).then(|| encoding.to_owned())
}

fn is_web_page(answer: &Response<Body>) -> bool {
    header(answer, "Content-Type").is_some_and(|kind| kind.trim_start().starts_with("text/html"))
}

/// `Retry-After` (RFC 9110, section 10.2.3): seconds, or the date of the next try.
fn retry_after(value: &str) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    Some(Duration::try_from(until.duration_since(jiff::Timestamp::now())).unwrap_or_default())
}

pub(super) fn header<'a>(answer: &'a Response<Body>, name: &str) -> Option<&'a str> {
    answer.headers().get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_may_ask_for_patience_in_seconds_or_until_a_date() {
        assert_eq!(retry_after(" 17 "), Some(Duration::from_secs(17)));
        assert_eq!(retry_after("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        let later = retry_after("Fri, 31 Dec 2100 23:59:59 GMT").unwrap();
        assert!(later > Duration::from_hours(24 * 365));
        assert_eq!(retry_after("soon"), None);
    }
}
