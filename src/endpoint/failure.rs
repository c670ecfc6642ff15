use std::time::Duration;

use super::chunk::shortened;

/// Why a request brought no whole answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Nobody answers there.
    #[error("could not reach the server: {reason}")]
    Unreachable {
        /// What the system said.
        reason: String,
    },
    /// Nothing came for too long.
    #[error("nothing came for {} s {phase}", .silence.as_secs_f64())]
    TimedOut {
        /// What was waited for.
        phase: Phase,
        /// How long.
        silence: Duration,
    },
    /// Too many requests (429).
    #[error("too many requests (429): {message}")]
    RateLimited {
        /// When to come again, where it says so.
        retry_after: Option<Duration>,
        /// The server's words.
        message: String,
    },
    /// Another status than success.
    #[error("the server answered {status}: {message}")]
    Status {
        /// The status.
        status: u16,
        /// The server's words.
        message: String,
    },
    /// A page for people, as proxies and portals send.
    #[error("the server answered with a web page")]
    WebPage,
    /// The answer came in whole, so that nothing can be timed.
    #[error("the server sent its answer in whole, not as a stream")]
    NotStreamed,
    /// An event that is none of the protocol.
    #[error("the stream holds what is no JSON of the protocol ({reason}): `{data}`")]
    Malformed {
        /// What was wrong with it.
        reason: String,
        /// The event.
        data: String,
    },
    /// The server reported an error when the answer had begun.
    #[error("the server broke the answer off: {message}")]
    InStream {
        /// Its words.
        message: String,
    },
    /// The connection was lost before the answer was whole.
    #[error("the connection was lost after {tokens} tokens: {reason}")]
    Dropped {
        /// Pieces that had come.
        tokens: u64,
        /// What the system said.
        reason: String,
    },
    /// The answer ended without a token.
    #[error("the answer has no token")]
    Empty,
}

/// What a request was waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The first token.
    FirstToken,
    /// The next token.
    NextToken,
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::FirstToken => "before the first token",
            Self::NextToken => "in the middle of the answer",
        })
    }
}

impl Failure {
    pub(super) fn malformed(data: &str, error: &serde_json::Error) -> Self {
        Self::Malformed { reason: error.to_string(), data: shortened(data) }
    }

    /// A short name by which failures are counted.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "unreachable",
            Self::TimedOut { phase: Phase::FirstToken, .. } => "timed_out_before_first_token",
            Self::TimedOut { phase: Phase::NextToken, .. } => "timed_out_between_tokens",
            Self::RateLimited { .. } => "rate_limited",
            Self::Status { .. } => "status",
            Self::WebPage => "web_page",
            Self::NotStreamed => "not_streamed",
            Self::Malformed { .. } => "malformed",
            Self::InStream { .. } => "error_in_stream",
            Self::Dropped { .. } => "dropped",
            Self::Empty => "empty",
        }
    }

    /// Whether the server did not understand the request, so that a plainer one may do better.
    #[must_use]
    pub const fn is_misunderstood(&self) -> bool {
        matches!(self, Self::Status { status: 400 | 422, .. })
    }

    /// What the user can do now.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "does it run, and is that its address and port?",
            Self::TimedOut { .. } => "wait longer with `--timeout`, or lower the load",
            Self::RateLimited { .. } => "lower the load, or ask the provider for a higher limit",
            Self::Status { status: 401 | 403, .. } => {
                "put the key into OPENAI_API_KEY, or name its variable with `--api-key-env`"
            }
            Self::Status { status: 404, .. } => "check the address: most servers want `/v1` at its end",
            Self::Status { status: 400 | 413 | 422, .. } => {
                "do prompt and output fit into the model's context? See `--prompt-tokens` and `--output-tokens`"
            }
            Self::WebPage => "the address leads to a page for people; most servers want `/v1` at its end",
            Self::NotStreamed => "does something in between collect the stream?",
            Self::Malformed { .. } => "is that an OpenAI-compatible server?",
            Self::Status { .. } | Self::InStream { .. } | Self::Dropped { .. } | Self::Empty => {
                "the server's log may say why"
            }
        }
    }
}
