use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::error::{Exit, Failure};
use crate::message;
use crate::message::{Content, Message, file_size};
use crate::units::{Bytes, Seconds};

/// Why an engine failed.
///
/// It crosses from the child process to its parent, so all but the parent's own failures are data.
#[derive(Debug, thiserror::Error, Serialize, Deserialize)]
#[error("{}", self.message())]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EngineError {
    /// The program has no engine.
    NotBuilt,
    /// The file is no model that it can run, or there is too little memory for it.
    Load {
        /// The file.
        path: PathBuf,
        /// The engine's reason.
        reason: Message,
    },
    /// A session with these settings cannot be.
    Open {
        /// Requested size of the KV cache, in tokens.
        context: u32,
        /// The engine's reason.
        reason: Message,
    },
    /// Another machine cannot be used.
    Host {
        /// `HOST:PORT`.
        host: String,
        /// The reason.
        reason: Message,
    },
    /// Other machines were there and did not answer.
    HostsSilent {
        /// Their addresses.
        hosts: String,
        /// The time limit.
        limit: Seconds,
    },
    /// llama.cpp gave no memory breakdown.
    Breakdown,
    /// A batch failed.
    Compute {
        /// Tokens of the batch.
        tokens: u32,
        /// The status of `llama_decode`.
        status: i32,
        /// The engine's reason.
        reason: Message,
    },
    /// The computation was stopped on request.
    Stopped,
    /// A text could not be made into tokens.
    Tokenize,
    /// An invalid request or answer, or one out of turn.
    Unexpected {
        /// The line.
        line: String,
    },
    /// The child process came to an end by itself.
    Crashed(Crash),
    /// The child process did not answer in time, and was killed.
    Stalled {
        /// The time limit.
        limit: Seconds,
    },
    /// The child process could not be started.
    #[serde(skip)]
    Start {
        /// The system's error.
        source: io::Error,
    },
    /// The user asked to stop.
    Cancelled,
}

/// The unexpected end of a child process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crash {
    /// How it ended.
    pub ending: Ending,
    /// The end of its log.
    pub last_log_lines: Vec<String>,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Ending {
    /// By a signal.
    Signal {
        /// Number of the signal.
        number: i32,
    },
    /// By itself.
    Exit {
        /// Exit status.
        status: i32,
    },
}

impl Ending {
    /// How the process ended, to follow its name.
    #[must_use]
    pub fn message(self) -> Message {
        match self {
            Self::Signal { number: 4 } => message!(EngineEndedIllegalInstruction),
            Self::Signal { number: 6 } => message!(EngineEndedAborted),
            Self::Signal { number: 9 } => message!(EngineEndedKilled),
            Self::Signal { number: 11 } => message!(EngineEndedSegmentationFault),
            Self::Signal { number } => message!(EngineEndedSignal { number }),
            Self::Exit { status } => message!(EngineEndedStatus { status }),
        }
    }
}

impl Crash {
    /// A hint for the user.
    #[must_use]
    pub fn hint(&self) -> Message {
        let out_of_memory =
            self.last_log_lines.iter().any(|line| line.to_lowercase().contains("out of memory"));
        // Of ggml-rpc.cpp, where it aborts.
        let words = ["Remote RPC server", "RPC server version", "RPC handshake"];
        let by_rpc = self.last_log_lines.iter().any(|line| words.iter().any(|words| line.contains(words)));
        match self.ending {
            _ if by_rpc => message!(EngineCrashedRpcHint),
            Ending::Signal { number: 9 } => message!(EngineCrashedKilledHint),
            Ending::Signal { number: 4 } => message!(EngineCrashedInstructionHint),
            _ if out_of_memory => message!(EngineCrashedMemoryHint),
            _ => message!(EngineCrashedHint),
        }
    }
}

impl Failure for EngineError {
    fn message(&self) -> Message {
        match self {
            Self::NotBuilt => message!(EngineNotBuilt),
            Self::Load { path, reason } => message!(EngineLoad { path }).because(reason),
            Self::Open { context, reason } => message!(EngineOpen { context }).because(reason),
            Self::Host { host, reason } => message!(EngineHost { host }).because(reason),
            Self::HostsSilent { hosts, limit } => message!(EngineHostsSilent { hosts, limit }),
            Self::Breakdown => message!(EngineBreakdown),
            Self::Compute { tokens, status, reason } => {
                message!(EngineCompute { tokens, status }).because(reason)
            }
            Self::Stopped => message!(EngineStopped),
            Self::Tokenize => message!(EngineTokenize),
            Self::Unexpected { line } => message!(EngineUnexpected { line }),
            Self::Crashed(crash) => message!(EngineCrashed { ending: crash.ending.message() }),
            Self::Stalled { limit } => message!(EngineStalled { limit }),
            Self::Start { source } => message!(EngineStart).because(source),
            Self::Cancelled => message!(EngineCancelled),
        }
    }

    fn hint(&self) -> Option<Message> {
        Some(match self {
            Self::NotBuilt => message!(EngineNotBuiltHint),
            Self::Load { reason, .. } if says(reason, &["unknown model architecture"]) => {
                message!(EngineLoadArchitectureHint)
            }
            Self::Load { reason, .. } if says(reason, LACKS_MEMORY) => message!(EngineLoadMemoryHint),
            Self::Load { path, .. } => match std::fs::metadata(path) {
                Ok(file) => message!(EngineLoadHint { size: file_size(Bytes(file.len())) }),
                Err(_) => message!(EngineLoadPathHint),
            },
            Self::Open { reason, .. } if says(reason, LACKS_MEMORY) => message!(EngineOpenMemoryHint),
            Self::Open { .. } => message!(EngineOpenHint),
            Self::Host { .. } => message!(EngineHostHint),
            Self::HostsSilent { .. } => message!(EngineHostsSilentHint),
            Self::Crashed(crash) => crash.hint(),
            Self::Stalled { .. } => message!(EngineStalledHint),
            Self::Start { .. } => message!(EngineStartHint),
            Self::Compute { .. } => message!(EngineComputeHint),
            Self::Breakdown | Self::Tokenize | Self::Unexpected { .. } => message!(EngineBugHint),
            Self::Stopped | Self::Cancelled => return None,
        })
    }

    fn exit(&self) -> Exit {
        match self {
            Self::Load { .. } => Exit::Input,
            Self::Cancelled => Exit::Interrupted,
            _ => Exit::Engine,
        }
    }
}

/// How ggml, llama.cpp, the C++ library and the system say that they did not get memory.
const LACKS_MEMORY: &[&str] = &[
    "insufficient memory",
    "unable to allocate",
    "failed to allocate",
    "bad_alloc",
    "Cannot allocate memory",
];

/// Whether the engine's own words have one of these in them.
fn says(reason: &Message, any: &[&str]) -> bool {
    matches!(reason.content(), Content::Verbatim(words) if any.iter().any(|text| words.contains(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_went_away_is_not_taken_for_a_want_of_memory() {
        let hint = |line: &str| {
            let ending = Ending::Signal { number: 6 };
            Crash { ending, last_log_lines: vec![line.to_owned()] }.hint().code()
        };
        // The words of a run whose server was killed, and those of a GPU.
        let gone = "ggml-rpc.cpp:566: Remote RPC server crashed or returned malformed response";
        assert_eq!(hint(gone), "engine-crashed-rpc-hint");
        assert_eq!(hint("RPC0: cudaMalloc failed: out of memory"), "engine-crashed-memory-hint");
    }

    #[test]
    fn a_file_that_does_not_load_is_not_always_to_be_fetched_again() {
        let hint = |reason: &str| {
            let error = EngineError::Load { path: "model.gguf".into(), reason: Message::verbatim(reason) };
            error.hint().unwrap().code()
        };
        // The words of llama.cpp at a limit of 1.6 GB and of 1 GB of address space, and of an altered header.
        let memory = "insufficient memory (attempted to allocate 596.53 MB); failed to allocate buffer of size 625508352";
        assert_eq!(hint(memory), "engine-load-memory-hint");
        assert_eq!(
            hint("error loading model: mmap failed: Cannot allocate memory"),
            "engine-load-memory-hint"
        );
        assert_eq!(hint("unknown model architecture: 'qwenX'"), "engine-load-architecture-hint");
        assert_eq!(hint("tensor data is not within the file bounds"), "engine-load-path-hint");
    }

    #[test]
    fn an_error_crosses_to_the_parent_with_what_it_knows() {
        let error = EngineError::Open { context: 8192, reason: message!(EngineNoReason) };
        let line = serde_json::to_string(&error).unwrap();
        let there: EngineError = serde_json::from_str(&line).unwrap();
        assert_eq!(there.message(), error.message(), "{line}");
    }
}
