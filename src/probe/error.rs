use std::io;
use std::path::PathBuf;

use crate::error::{Exit, Failure};
use crate::message;
use crate::message::Message;

/// Why a machine could not be probed at all. What fails in part becomes a note of the machine instead.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum ProbeError {
    /// A file of the system that everything rests on cannot be read.
    Read {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A file of the system lacks what everything rests on.
    Missing {
        /// The file.
        path: PathBuf,
        /// The entry that is missing.
        entry: &'static str,
    },
    /// A program of the system that everything rests on does not run.
    Run {
        /// The program.
        program: &'static str,
        /// The cause.
        source: io::Error,
    },
    /// An operating system that probing does not support.
    UnknownSystem {
        /// The operating system.
        system: &'static str,
    },
}

impl Failure for ProbeError {
    fn message(&self) -> Message {
        match self {
            Self::Read { path, source } => message!(ProbeRead { path }).because(source),
            Self::Missing { path, entry } => message!(ProbeMissing { path, entry }),
            Self::Run { program, source } => message!(ProbeRun { program }).because(source),
            Self::UnknownSystem { system } => message!(ProbeUnknownSystem { system }),
        }
    }

    fn hint(&self) -> Option<Message> {
        Some(match self {
            Self::Read { .. } | Self::Missing { .. } => message!(ProbeProcHint),
            Self::Run { .. } | Self::UnknownSystem { .. } => message!(ProbeDescribeHint),
        })
    }

    fn exit(&self) -> Exit {
        Exit::Probe
    }
}
