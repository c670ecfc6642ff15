use std::io::Read as _;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use ureq::http::Response;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};

use super::chunk::{error_message, is_error, shortened};
use super::reply::Incoming;
use super::{Address, Api, Dialect, Failure, Phase, Reply, SseParser, arrival};
use crate::message;
use crate::message::keep_secret;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);

/// Connections that are kept open between requests.
const KEPT_OPEN: usize = 4096;

/// As much of an error's body as is read.
const ERROR_BYTES: usize = 64 << 10;

/// As much of a list of models, or of a document in place of a stream, as is read: gateways list thousands of models.
const DOCUMENT_BYTES: usize = 8 << 20;

/// The longest name of a model, in bytes; what is longer is none.
const LONGEST_NAME: usize = 512;

/// How long a list of models may take.
const LIST: Duration = Duration::from_secs(30);

/// Pieces that an answer may have, for each token that was asked and beyond that: a server may send letter by letter.
/// What goes on after that has no end.
const PIECES_PER_TOKEN: u64 = 8;
const PIECES_BEYOND: u64 = 64;

/// Tokens that are read at once, once their rate is known: who is woken for each takes several times as much of a core,
/// on the machine that also serves them.
const GATHERED: u32 = 32;

/// Pieces after which the rate is known.
const KNOWN: u64 = 8;

/// The longest pause between looks for more data.
const LONGEST_NAP: Duration = Duration::from_millis(500);

/// An API key. It is sent to the endpoint alone, and printed nowhere.
#[derive(Clone)]
pub struct ApiKey(String);

impl ApiKey {
    /// A key.
    #[must_use]
    pub fn new(key: &str) -> Self {
        let key = key.trim();
        keep_secret(key);
        Self(key.to_owned())
    }
}

impl std::fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ApiKey(…)")
    }
}

/// Asks one server for completions.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    address: Address,
    key: Option<ApiKey>,
    patience: Duration,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The model's name, as the server knows it.
    pub model: String,
    /// The text to answer or to go on with.
    pub prompt: String,
    /// The longest answer, in tokens.
    pub output_tokens: u32,
    /// The kind of request.
    pub api: Api,
    /// The options that the server understands.
    pub dialect: Dialect,
}

impl Question {
    fn body(&self) -> Value {
        let mut body = json!({ "model": self.model, "stream": true });
        match self.api {
            Api::Chat => body["messages"] = json!([{ "role": "user", "content": self.prompt }]),
            Api::Completions => body["prompt"] = json!(self.prompt),
        }
        let limit = if self.dialect.renamed_limit { "max_completion_tokens" } else { "max_tokens" };
        body[limit] = json!(self.output_tokens);
        if self.dialect.include_usage {
            body["stream_options"] = json!({ "include_usage": true });
        }
        if self.dialect.ignore_eos {
            body["ignore_eos"] = json!(true);
        }
        body
    }
}

impl Client {
    /// A client of the server at `address`, which may say nothing for `patience`.
    #[must_use]
    pub fn new(address: Address, key: Option<ApiKey>, patience: Duration) -> Self {
        let config = Agent::config_builder()
            .user_agent(concat!("r1-advisor/", env!("CARGO_PKG_VERSION")))
            .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .max_idle_connections(KEPT_OPEN)
            .max_idle_connections_per_host(KEPT_OPEN)
            .timeout_connect(Some(CONNECT.min(patience)))
            .timeout_recv_response(Some(patience))
            .timeout_per_read(Some(patience))
            .build();
        Self { agent: arrival::agent(config), address, key, patience }
    }

    /// The server.
    #[must_use]
    pub const fn address(&self) -> &Address {
        &self.address
    }

    /// The names of the models that it serves.
    pub fn models(&self) -> Result<Vec<String>, Failure> {
        let mut request = self.agent.get(self.address.models());
        if let Some(ApiKey(key)) = &self.key {
            request = request.header("Authorization", format!("Bearer {key}"));
        }
        let patience = self.patience.min(LIST);
        let mut response = request.call().map_err(|error| unreachable(&error))?;
        self.succeeded(&mut response)?;
        let (body, is_whole) = text(&mut response, DOCUMENT_BYTES, patience);
        if !is_whole {
            return Err(Failure::TimedOut { phase: Phase::FirstToken, silence: patience });
        }
        let list: Value = serde_json::from_str(&body).map_err(|error| Failure::malformed(&body, &error))?;
        let models = list["data"].as_array().map(Vec::as_slice).unwrap_or_default();
        let names = models.iter().filter_map(|model| model["id"].as_str());
        Ok(names.filter(|name| name.len() <= LONGEST_NAME).map(str::to_owned).collect())
    }

    /// Asks, and reads the answer as it comes.
    pub fn ask(&self, question: &Question) -> Result<Reply, Failure> {
        self.ask_until(question, None)
    }

    /// The same, where after `over` an answer that has all tokens that were asked is cut.
    pub fn ask_until(&self, question: &Question, over: Option<Instant>) -> Result<Reply, Failure> {
        let asked = Instant::now();
        arrival::nap(Duration::ZERO);
        let mut request = self
            .agent
            .post(self.address.of(question.api))
            .header("Content-Type", "application/json")
            .header("Accept", "text/event-stream")
            .header("Accept-Encoding", "identity");
        if let Some(ApiKey(key)) = &self.key {
            request = request.header("Authorization", format!("Bearer {key}"));
        }
        let body = question.body().to_string();
        let mut response = request.send(body).map_err(|error| match error {
            ureq::Error::Timeout(ureq::Timeout::RecvResponse) => self.timed_out(Phase::FirstToken),
            error => unreachable(&error),
        })?;
        self.succeeded(&mut response)?;
        self.read(response, asked, question, over)
    }

    /// Reads an answer.
    fn read(
        &self,
        response: Response<Body>,
        asked: Instant,
        question: &Question,
        over: Option<Instant>,
    ) -> Result<Reply, Failure> {
        // Only where it is known when the answer ends: the next request follows at once.
        let awaited = if question.dialect.ignore_eos { question.output_tokens } else { 0 };
        let is_json = content_type(&response).starts_with("application/json");
        let is_chunked = header(&response, "Transfer-Encoding").eq_ignore_ascii_case("chunked");
        let mut reader = response.into_body().into_reader();
        let (mut parser, mut incoming) = (SseParser::default(), Incoming::default());
        let mut wrong = Ok(());
        let mut buffer = vec![0; 16 << 10];
        // What a stream never begins with is a document, whatever its header says; and some send a stream as JSON.
        let mut document: Option<Vec<u8>> = None;
        let mut has_begun = false;
        while !incoming.is_done() {
            let phase = if incoming.pieces() == 0 { Phase::FirstToken } else { Phase::NextToken };
            let length = match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => length,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) if is_timeout(&error) => return Err(self.timed_out(phase)),
                Err(error) => {
                    return Err(Failure::Dropped { tokens: incoming.pieces(), reason: error.into() });
                }
            };
            let arrival = arrival::last();
            let bytes = &buffer[..length];
            if !has_begun && let Some(first) = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
                has_begun = true;
                document = matches!(first, b'{' | b'[' | b'<').then(Vec::new);
            }
            if let Some(document) = &mut document {
                document.extend_from_slice(bytes);
                if document.len() > DOCUMENT_BYTES || asked.elapsed() > self.patience {
                    return Err(Failure::NotStreamed);
                }
                continue;
            }
            let pushed = parser.push(bytes, &mut |event| {
                if wrong.is_ok() {
                    wrong = incoming.event(event, arrival);
                }
            });
            wrong.clone()?;
            pushed.map_err(|_| Failure::Endless)?;
            // A server that only keeps the connection open says nothing either.
            if arrival.at.saturating_duration_since(incoming.last_token().unwrap_or(asked)) > self.patience {
                return Err(self.timed_out(phase));
            }
            let has_all = incoming.pieces() >= question.output_tokens.into();
            let most = PIECES_PER_TOKEN * u64::from(question.output_tokens) + PIECES_BEYOND;
            if !incoming.is_done()
                && (incoming.pieces() > most || (has_all && over.is_some_and(|over| Instant::now() >= over)))
            {
                incoming.cut();
            }
            arrival::nap(self.nap(&incoming, awaited));
        }
        arrival::nap(Duration::ZERO);
        if let Some(document) = document {
            return Err(in_place_of_a_stream(&String::from_utf8_lossy(&document)));
        }
        if is_json && !has_begun {
            return Err(Failure::NotStreamed);
        }
        if incoming.is_cut() {
            return incoming.whole();
        }
        if incoming.is_done() {
            // What is left is the mark of the body's end; having read it, the connection serves the next request. Where
            // only the connection's own end marks it, there is nothing to wait for.
            if is_chunked {
                let _ = reader.read(&mut buffer);
            }
        } else {
            let arrival = arrival::last();
            parser.end(&mut |event| {
                if wrong.is_ok() {
                    wrong = incoming.event(event, arrival);
                }
            });
            wrong?;
        }
        incoming.whole()
    }

    /// How long to let tokens come before some are read: as long as they take, unless the answer nears its end.
    fn nap(&self, incoming: &Incoming, awaited: u32) -> Duration {
        if incoming.pieces() < KNOWN {
            return Duration::ZERO;
        }
        let pace = incoming.pace();
        let left = u64::from(awaited).saturating_sub(incoming.pieces());
        // Though the rest came twice as fast, its end would be awaited.
        let rest = pace * u32::try_from(left / 2).unwrap_or(u32::MAX);
        let nap = (pace * GATHERED).min(LONGEST_NAP).min(self.patience / 4).min(rest);
        if nap > pace { nap } else { Duration::ZERO }
    }

    const fn timed_out(&self, phase: Phase) -> Failure {
        Failure::TimedOut { phase, silence: self.patience }
    }

    fn succeeded(&self, response: &mut Response<Body>) -> Result<(), Failure> {
        let status = response.status().as_u16();
        let is_page = content_type(response).starts_with("text/html");
        let words = |response: &mut Response<Body>| {
            error_message(&text(response, ERROR_BYTES, self.patience.min(CONNECT)).0).into()
        };
        match status {
            200 if is_page => Err(Failure::WebPage),
            200 => Ok(()),
            429 => {
                let retry_after = header(response, "Retry-After").parse().ok().map(Duration::from_secs);
                Err(Failure::RateLimited { retry_after, message: words(response) })
            }
            300..=399 => {
                let message =
                    message!(EndpointRedirects { location: shortened(header(response, "Location")) });
                Err(Failure::Status { status, message })
            }
            // The words of a page are for people with a browser.
            _ if is_page => Err(Failure::Status { status, message: message!(EndpointPage) }),
            _ => Err(Failure::Status { status, message: words(response) }),
        }
    }
}

/// What a document says that came in place of a stream.
fn in_place_of_a_stream(document: &str) -> Failure {
    if document.trim_start().starts_with('<') {
        Failure::WebPage
    } else if is_error(document) {
        Failure::Refused { message: error_message(document).into() }
    } else {
        Failure::NotStreamed
    }
}

fn unreachable(error: &ureq::Error) -> Failure {
    use rustls::Error::{InvalidCertificate, NoCertificatesPresented};

    let untrusted = |error: &rustls::Error| match error {
        InvalidCertificate(_) | NoCertificatesPresented => Some(error.to_string()),
        _ => None,
    };
    let reason = match error {
        ureq::Error::Io(error) => {
            // EMFILE of this process, ENFILE of all.
            if matches!(error.raw_os_error(), Some(23 | 24)) && cfg!(unix) {
                return Failure::NoFiles;
            }
            let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
            if let Some(reason) = inner.and_then(untrusted) {
                return Failure::Untrusted { reason };
            }
            error.into()
        }
        ureq::Error::Rustls(error) => match untrusted(error) {
            Some(reason) => return Failure::Untrusted { reason },
            None => error.to_string().into(),
        },
        error => error.to_string().into(),
    };
    Failure::Unreachable { reason }
}

fn is_timeout(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::TimedOut | std::io::ErrorKind::WouldBlock)
        || error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<ureq::Error>())
            .is_some_and(|inner| matches!(inner, ureq::Error::Timeout(_)))
}

fn content_type(response: &Response<Body>) -> &str {
    header(response, "Content-Type")
}

/// A header, or nothing.
fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().trim()
}

/// The body, as much of it as comes within `time` and is no longer than `most`; and whether that is all.
fn text(response: &mut Response<Body>, most: usize, time: Duration) -> (String, bool) {
    let end = Instant::now() + time;
    let mut reader = response.body_mut().as_reader();
    let (mut bytes, mut buffer) = (Vec::new(), [0; 16 << 10]);
    let is_whole = loop {
        // As much as came is all there is to say.
        match reader.read(&mut buffer) {
            Ok(0) => break true,
            Ok(length) => bytes.extend_from_slice(&buffer[..length]),
            Err(_) => break false,
        }
        if bytes.len() > most || Instant::now() > end {
            break false;
        }
    };
    bytes.truncate(most);
    (String::from_utf8_lossy(&bytes).into_owned(), is_whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_in_no_log() {
        let address = Address::parse("localhost").unwrap();
        let client = Client::new(address, Some(ApiKey::new("sk-secret")), CONNECT);
        assert!(!format!("{client:?}").contains("secret"));
    }

    #[test]
    fn a_request_says_no_more_than_the_server_understands() {
        let dialects = Dialect::to_try(true);
        let question = |api, dialect| Question {
            model: "r1".into(),
            prompt: "why".into(),
            output_tokens: 9,
            api,
            dialect,
        };
        assert_eq!(
            question(Api::Chat, dialects[0]).body(),
            json!({ "model": "r1", "stream": true, "messages": [{ "role": "user", "content": "why" }],
                "max_tokens": 9, "stream_options": { "include_usage": true }, "ignore_eos": true })
        );
        assert_eq!(
            question(Api::Completions, dialects[3]).body(),
            json!({ "model": "r1", "stream": true, "prompt": "why", "max_tokens": 9 })
        );
    }
}
