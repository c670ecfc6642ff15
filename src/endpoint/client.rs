use std::io::Read as _;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use ureq::http::Response;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};

use super::chunk::error_message;
use super::reply::Incoming;
use super::{Address, Api, Dialect, Failure, Phase, Reply, SseParser, arrival};
use crate::message;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);

/// Connections that are kept open between requests.
const KEPT_OPEN: usize = 4096;

/// As much of an error's body as is read.
const ERROR_BYTES: u64 = 64 << 10;

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
        Self(key.trim().to_owned())
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
        let mut response = request.call().map_err(|error| unreachable(&error))?;
        succeeded(&mut response)?;
        let body = text(&mut response);
        let list: Value = serde_json::from_str(&body).map_err(|error| Failure::malformed(&body, &error))?;
        let models = list["data"].as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(models.iter().filter_map(|model| Some(model["id"].as_str()?.to_owned())).collect())
    }

    /// Asks, and reads the answer as it comes.
    pub fn ask(&self, question: &Question) -> Result<Reply, Failure> {
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
        succeeded(&mut response)?;
        if content_type(&response).starts_with("application/json") {
            return Err(Failure::NotStreamed);
        }
        // Only where it is known when the answer ends: the next request follows at once.
        let awaited = if question.dialect.ignore_eos { question.output_tokens } else { 0 };
        self.read(response, asked, awaited)
    }

    /// Reads an answer of at least `awaited` pieces.
    fn read(&self, response: Response<Body>, asked: Instant, awaited: u32) -> Result<Reply, Failure> {
        let is_chunked = header(&response, "Transfer-Encoding").eq_ignore_ascii_case("chunked");
        let mut reader = response.into_body().into_reader();
        let (mut parser, mut incoming) = (SseParser::default(), Incoming::default());
        let mut wrong = Ok(());
        let mut buffer = vec![0; 16 << 10];
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
            parser.push(&buffer[..length], &mut |data| {
                if wrong.is_ok() {
                    wrong = incoming.event(data, arrival);
                }
            });
            wrong.clone()?;
            // A server that only keeps the connection open says nothing either.
            if arrival.at.saturating_duration_since(incoming.last_token().unwrap_or(asked)) > self.patience {
                return Err(self.timed_out(phase));
            }
            arrival::nap(self.nap(&incoming, awaited));
        }
        arrival::nap(Duration::ZERO);
        if incoming.is_done() {
            // What is left is the mark of the body's end; having read it, the connection serves the next request. Where
            // only the connection's own end marks it, there is nothing to wait for.
            if is_chunked {
                let _ = reader.read(&mut buffer);
            }
        } else {
            let arrival = arrival::last();
            parser.end(&mut |data| {
                if wrong.is_ok() {
                    wrong = incoming.event(data, arrival);
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
}

fn succeeded(response: &mut Response<Body>) -> Result<(), Failure> {
    let status = response.status().as_u16();
    let is_page = content_type(response).starts_with("text/html");
    match status {
        200 if is_page => Err(Failure::WebPage),
        200 => Ok(()),
        429 => {
            let retry_after = response.headers().get("Retry-After").and_then(|value| value.to_str().ok());
            let retry_after =
                retry_after.and_then(|value| value.trim().parse().ok()).map(Duration::from_secs);
            Err(Failure::RateLimited { retry_after, message: error_message(&text(response)).into() })
        }
        300..=399 => {
            let message = message!(EndpointRedirects { location: header(response, "Location") });
            Err(Failure::Status { status, message })
        }
        // The words of a page are for people with a browser.
        _ if is_page => Err(Failure::Status { status, message: message!(EndpointPage) }),
        _ => Err(Failure::Status { status, message: error_message(&text(response)).into() }),
    }
}

fn unreachable(error: &ureq::Error) -> Failure {
    let reason = match error {
        ureq::Error::Io(error) => error.into(),
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

fn text(response: &mut Response<Body>) -> String {
    let mut bytes = Vec::new();
    // As much as came is all there is to say.
    let _ = response.body_mut().as_reader().take(ERROR_BYTES).read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
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
