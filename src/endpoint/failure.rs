use std::time::Duration;

use super::chunk::shortened;
use crate::error::{self, Exit};
use crate::message;
use crate::message::Message;
use crate::units::Seconds;

/// Why a request brought no whole answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}", error::Failure::message(self))]
pub enum Failure {
    /// No connection.
    Unreachable {
        /// The system's error.
        reason: Message,
    },
    /// No data for too long.
    TimedOut {
        /// The phase that timed out.
        phase: Phase,
        /// How long.
        silence: Duration,
    },
    /// Too many requests (429).
    RateLimited {
        /// `Retry-After`, where given.
        retry_after: Option<Duration>,
        /// The server's words.
        message: Message,
    },
    /// This client may open no more connections (`EMFILE`).
    NoFiles,
    /// The server's certificate is not one that this system trusts.
    Untrusted {
        /// What is wrong with it.
        reason: String,
    },
    /// Another status than success.
    Status {
        /// The status.
        status: u16,
        /// The server's words.
        message: Message,
    },
    /// A web page, as proxies and portals send.
    WebPage,
    /// The answer came in whole, so that nothing can be timed.
    NotStreamed,
    /// An error in place of the answer, under a status of success.
    Refused {
        /// The server's words.
        message: Message,
    },
    /// A line or an event without end.
    Endless,
    /// An event that is not of the protocol.
    Malformed {
        /// The parser's error.
        reason: String,
        /// The event.
        data: String,
    },
    /// The server reported an error when the answer had begun.
    InStream {
        /// The server's message.
        message: Message,
    },
    /// The connection was lost before the answer was whole.
    Dropped {
        /// Pieces that had come.
        tokens: u64,
        /// The system's error.
        reason: Message,
    },
    /// The answer ended without a token.
    Empty,
}

/// A phase of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The first token.
    FirstToken,
    /// The next token.
    NextToken,
}

impl Failure {
    pub(super) fn malformed(data: &str, error: &serde_json::Error) -> Self {
        Self::Malformed { reason: error.to_string(), data: shortened(data) }
    }

    /// The key that failures are counted by.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "unreachable",
            Self::TimedOut { phase: Phase::FirstToken, .. } => "timed_out_before_first_token",
            Self::TimedOut { phase: Phase::NextToken, .. } => "timed_out_between_tokens",
            Self::RateLimited { .. } => "rate_limited",
            Self::NoFiles => "client_out_of_files",
            Self::Untrusted { .. } => "untrusted_certificate",
            Self::Refused { .. } => "refused",
            Self::Endless => "endless_line",
            Self::Status { .. } => "status",
            Self::WebPage => "web_page",
            Self::NotStreamed => "not_streamed",
            Self::Malformed { .. } => "malformed",
            Self::InStream { .. } => "error_in_stream",
            Self::Dropped { .. } => "dropped",
            Self::Empty => "empty",
        }
    }

    /// Whether the server did not understand the request, so that a plainer one may succeed.
    #[must_use]
    pub const fn is_misunderstood(&self) -> bool {
        matches!(self, Self::Status { status: 400 | 422, .. })
    }
}

impl error::Failure for Failure {
    fn message(&self) -> Message {
        match self {
            Self::Unreachable { reason } => message!(EndpointUnreachable).because(reason),
            Self::TimedOut { phase, silence } => {
                let silence = Seconds::from(*silence);
                match phase {
                    Phase::FirstToken => message!(EndpointSilentBeforeAnswer { silence }),
                    Phase::NextToken => message!(EndpointSilentWithinAnswer { silence }),
                }
            }
            Self::RateLimited { retry_after: Some(wait), message } => {
                message!(EndpointRateLimitedFor { wait: Seconds::from(*wait) }).because(message)
            }
            Self::RateLimited { message, .. } => message!(EndpointRateLimited).because(message),
            Self::NoFiles => message!(EndpointNoFiles),
            Self::Untrusted { reason } => {
                message!(EndpointUntrusted).because(Message::verbatim(reason.as_str()))
            }
            Self::Refused { message } => message!(EndpointRefused).because(message),
            Self::Endless => message!(EndpointEndless),
            Self::Status { status, message } => message!(EndpointStatus { status }).because(message),
            Self::WebPage => message!(EndpointWebPage),
            Self::NotStreamed => message!(EndpointNotStreamed),
            Self::Malformed { reason, data } => message!(EndpointMalformed { reason, data }),
            Self::InStream { message } => message!(EndpointInStream).because(message),
            Self::Dropped { tokens, reason } => message!(EndpointDropped { tokens }).because(reason),
            Self::Empty => message!(EndpointEmpty),
        }
    }

    fn hint(&self) -> Option<Message> {
        Some(match self {
            Self::Unreachable { .. } => message!(EndpointUnreachableHint),
            Self::TimedOut { .. } => message!(EndpointSilentHint),
            Self::RateLimited { .. } => message!(EndpointRateLimitedHint),
            Self::NoFiles => message!(EndpointNoFilesHint),
            Self::Untrusted { .. } => message!(EndpointUntrustedHint),
            Self::Refused { .. } => message!(EndpointLogHint),
            Self::Status { status: 401 | 403, .. } => message!(EndpointStatusDeniedHint),
            Self::Status { status: 404, .. } => message!(EndpointStatusMissingHint),
            Self::Status { status: 400 | 413 | 422, .. } => message!(EndpointStatusRefusedHint),
            Self::WebPage => message!(EndpointWebPageHint),
            Self::NotStreamed => message!(EndpointNotStreamedHint),
            Self::Malformed { .. } | Self::Endless => message!(EndpointMalformedHint),
            Self::Status { .. } | Self::InStream { .. } | Self::Dropped { .. } | Self::Empty => {
                message!(EndpointLogHint)
            }
        })
    }

    fn exit(&self) -> Exit {
        Exit::Engine
    }
}
