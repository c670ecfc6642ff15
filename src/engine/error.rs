use std::fmt;
use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::units::{Bytes, Seconds};

/// Why an engine could not do what it was asked.
///
/// It travels from the child process to its parent, so all but the parent's own troubles are data.
#[derive(Debug, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EngineError {
    /// The program has no engine.
    #[error("this program was built without llama.cpp")]
    NotBuilt,
    /// The file is no model that it can run, or there is too little memory for it.
    #[error("llama.cpp could not load `{path}`: {reason}")]
    Load {
        /// The file.
        path: PathBuf,
        /// What the engine said.
        reason: String,
    },
    /// A session with these settings cannot be.
    #[error("llama.cpp could not open a context of {context} tokens: {reason}")]
    Open {
        /// Tokens that the KV cache should have room for.
        context: u32,
        /// What the engine said.
        reason: String,
    },
    /// The memory breakdown is not to be had.
    #[error("llama.cpp could not tell what memory it uses")]
    Breakdown,
    /// A batch failed.
    #[error("llama.cpp could not compute a batch of {tokens} tokens (status {status}): {reason}")]
    Compute {
        /// Tokens of the batch.
        tokens: u32,
        /// What `llama_decode` returned.
        status: i32,
        /// What the engine said.
        reason: String,
    },
    /// The computation was given up, as was asked.
    #[error("the engine stopped, as it was asked to")]
    Stopped,
    /// A text could not be made into tokens.
    #[error("llama.cpp could not make tokens of the text")]
    Tokenize,
    /// A request that is no request, or not one that can be done now.
    #[error("the engine's process did not expect `{line}`")]
    Unexpected {
        /// What it heard, or what it said.
        line: String,
    },
    /// The child process came to an end by itself.
    #[error("the engine's process {}", .0.ending)]
    Crashed(Crash),
    /// The child process did not answer in time, and was killed.
    #[error("the engine did not answer within {limit} and was stopped")]
    Stalled {
        /// The time that it had.
        limit: Seconds,
    },
    /// The child process could not be started.
    #[serde(skip)]
    #[error("could not start the engine's process")]
    Start {
        /// What the system said.
        source: io::Error,
    },
    /// The user asked to stop.
    #[error("interrupted")]
    Cancelled,
}

/// The end of a child process that nobody asked to end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crash {
    /// How it ended.
    pub ending: Ending,
    /// What it said last.
    pub last_log_lines: Vec<String>,
}

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Ending {
    /// By a signal.
    Signal {
        /// Its number.
        number: i32,
    },
    /// By itself.
    Exit {
        /// Its status.
        status: i32,
    },
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signal { number: 6 } => f.write_str("aborted (SIGABRT)"),
            Self::Signal { number: 9 } => f.write_str("was killed (SIGKILL)"),
            Self::Signal { number: 4 } => f.write_str("met an unknown instruction (SIGILL)"),
            Self::Signal { number: 11 } => f.write_str("crashed (SIGSEGV)"),
            Self::Signal { number } => write!(f, "was ended by signal {number}"),
            Self::Exit { status } => write!(f, "ended with status {status}"),
        }
    }
}

impl Crash {
    /// What the user can do now.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        let out_of_memory =
            self.last_log_lines.iter().any(|line| line.to_lowercase().contains("out of memory"));
        match self.ending {
            Ending::Signal { number: 9 } => {
                "the kernel ends processes when memory runs out: take a smaller quant or a smaller model, or \
                 close other programs"
            }
            Ending::Signal { number: 4 } => {
                "the program was built for another CPU: build it on this machine, or with `--features portable`"
            }
            _ if out_of_memory => {
                "leave more layers on the CPU with `--gpu-layers`, lower the depth, or take a smaller quant"
            }
            _ => {
                "the last lines above are llama.cpp's own; a smaller quant, or `--gpu-layers 0`, tells whether memory or \
                  the GPU is the trouble"
            }
        }
    }
}

impl EngineError {
    /// What the user can do now.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotBuilt => Some("build without `--no-default-features`, see the README".to_owned()),
            Self::Load { path, .. } => Some(match std::fs::metadata(path) {
                Ok(file) => format!(
                    "the file has {}; compare its size with the one on the hub, and download it again if they differ",
                    Bytes(file.len()).decimal()
                ),
                Err(_) => "check the path".to_owned(),
            }),
            Self::Open { .. } => Some(
                "lower the depth or the micro-batch; a quantized KV cache needs `--flash-attention on`"
                    .to_owned(),
            ),
            Self::Crashed(crash) => Some(crash.hint().to_owned()),
            Self::Stalled { .. } => Some(
                "give it longer with `--time-limit`, or ask for fewer tokens with `-p` and `-n`; a driver that hangs \
                 shows with `--gpu-layers 0`"
                    .to_owned(),
            ),
            Self::Start { .. } => Some("was the program moved or replaced while it ran?".to_owned()),
            Self::Compute { .. } => Some("lower the depth or the micro-batch".to_owned()),
            Self::Breakdown | Self::Tokenize | Self::Unexpected { .. } => {
                Some("this is a mistake of the program: please report it".to_owned())
            }
            Self::Stopped | Self::Cancelled => None,
        }
    }
}
