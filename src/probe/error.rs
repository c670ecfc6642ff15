use std::io;
use std::path::PathBuf;

/// Why a machine could not be probed at all. What fails in part becomes a note of the machine instead.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// A file of the system that everything rests on cannot be read.
    #[error("could not read `{path}`")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file of the system lacks what everything rests on.
    #[error("could not find `{entry}` in `{path}`")]
    Missing {
        /// The file.
        path: PathBuf,
        /// What should be in it.
        entry: &'static str,
    },
    /// A program of the system that everything rests on does not run.
    #[error("could not run `{program}`")]
    Run {
        /// The program.
        program: &'static str,
        /// Why not.
        source: io::Error,
    },
    /// Nobody has taught the program this operating system.
    #[error("probing is not known for `{system}`")]
    UnknownSystem {
        /// The operating system.
        system: &'static str,
    },
}

impl ProbeError {
    /// What the user can do now.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Read { .. } | Self::Missing { .. } => {
                "is /proc mounted? without it, describe the machine with `--gpu`, `--ram` and `--cpu`"
            }
            Self::Run { .. } | Self::UnknownSystem { .. } => {
                "describe the machine with `--gpu`, `--ram` and `--cpu`, or in a file with `--machine`"
            }
        }
    }
}
