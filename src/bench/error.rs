use std::io;
use std::path::PathBuf;

use crate::engine::EngineError;
use crate::error::{Exit, Failure};
use crate::gguf::generate::GenerateError;
use crate::message;
use crate::message::{Message, file_size};
use crate::units::Bytes;

/// Why there is nothing to measure.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum BenchError {
    /// The quant's makers chose its tensor types and published no size for the model.
    NoMix {
        /// The id of the model.
        model: String,
        /// The quant.
        quant: String,
    },
    /// The folder cannot be made or written to.
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The disk is too full.
    DiskFull {
        /// The folder.
        folder: PathBuf,
        /// The space free there.
        free: Bytes,
        /// The size of the file.
        needed: Bytes,
    },
    /// The file could not be generated.
    Generate(GenerateError),
    /// A file of the user's cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The engine failed.
    Engine(#[from] EngineError),
    /// The user asked to stop.
    Cancelled,
}

impl Failure for BenchError {
    fn message(&self) -> Message {
        match self {
            Self::NoMix { model, quant } => message!(BenchNoMix { model, quant }),
            Self::Folder { folder, source } => message!(BenchFolder { folder }).because(source),
            Self::DiskFull { folder, free, needed } => {
                message!(BenchDiskFull { folder, free: file_size(*free), needed: file_size(*needed) })
            }
            Self::Generate(error) => error.message(),
            Self::Unreadable { path, source } => message!(BenchUnreadable { path }).because(source),
            Self::Engine(error) => error.message(),
            Self::Cancelled => message!(BenchInterrupted),
        }
    }

    fn hint(&self) -> Option<Message> {
        Some(match self {
            Self::NoMix { quant, .. } => message!(BenchNoMixHint { quant }),
            Self::Folder { .. } => message!(BenchFolderHint),
            Self::DiskFull { free, needed, .. } => {
                message!(BenchDiskFullHint { missing: file_size(needed.saturating_sub(*free)) })
            }
            Self::Generate(error) => return error.hint(),
            Self::Unreadable { .. } => message!(BenchUnreadableHint),
            Self::Engine(error) => return error.hint(),
            Self::Cancelled => return None,
        })
    }

    fn exit(&self) -> Exit {
        match self {
            Self::Cancelled | Self::Engine(EngineError::Cancelled) => Exit::Interrupted,
            Self::Engine(EngineError::Load { .. }) | Self::NoMix { .. } | Self::Unreadable { .. } => {
                Exit::Input
            }
            Self::Engine(_) => Exit::Engine,
            Self::Folder { .. } | Self::DiskFull { .. } | Self::Generate(_) => Exit::Output,
        }
    }
}

impl From<GenerateError> for BenchError {
    fn from(error: GenerateError) -> Self {
        match error {
            GenerateError::Cancelled => Self::Cancelled,
            error @ GenerateError::Write { .. } => Self::Generate(error),
        }
    }
}
