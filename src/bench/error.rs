use std::io;
use std::path::PathBuf;

use crate::engine::EngineError;
use crate::gguf::generate::GenerateError;
use crate::units::Bytes;

/// Why there is nothing to measure.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The quant's mix is a choice of its makers, so that its tensors are not known.
    #[error(
        "the tensor types of `{quant}` are a choice of its makers, not a rule, so no file of it can be made"
    )]
    NoMix {
        /// The quant.
        quant: String,
    },
    /// The folder cannot be made or written to.
    #[error("could not write to `{folder}`")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The disk is too full.
    #[error("`{folder}` has {} free, and the file takes {}: {} are missing", .free.decimal(), .needed.decimal(), .needed.saturating_sub(*.free).decimal())]
    DiskFull {
        /// The folder.
        folder: PathBuf,
        /// What is free there.
        free: Bytes,
        /// What the file takes.
        needed: Bytes,
    },
    /// The file could not be generated.
    #[error(transparent)]
    Generate(GenerateError),
    /// A file of the user's cannot be read.
    #[error("could not read `{path}`")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The user asked to stop.
    #[error("interrupted")]
    Cancelled,
}

impl BenchError {
    /// What the user can do now.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoMix { quant } => Some(format!(
                "take the nearest rule, such as `Q2_K` or `IQ1_S` for `UD-` quants, or give the path of a `{quant}` file"
            )),
            Self::Folder { .. } => Some("name another folder with `--cache-dir`".to_owned()),
            Self::DiskFull { .. } => Some(
                "free some space, name another folder with `--cache-dir`, or take a smaller quant".to_owned(),
            ),
            Self::Generate(_) => Some("is the disk full, or gone?".to_owned()),
            Self::Unreadable { .. } => Some("check the path".to_owned()),
            Self::Engine(error) => error.hint(),
            Self::Cancelled => None,
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
