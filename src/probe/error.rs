use std::io;
use std::path::PathBuf;

use crate::both;
use crate::lang::Text;

/// Why a machine could not be probed at all. What fails in part becomes a note of the machine instead.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.told())]
pub enum ProbeError {
    /// A file of the system that everything rests on cannot be read.
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file of the system lacks what everything rests on.
    Missing {
        /// The file.
        path: PathBuf,
        /// What should be in it.
        entry: &'static str,
    },
    /// A program of the system that everything rests on does not run.
    Run {
        /// The program.
        program: &'static str,
        /// Why not.
        source: io::Error,
    },
    /// Nobody has taught the program this operating system.
    UnknownSystem {
        /// The operating system.
        system: &'static str,
    },
}

impl ProbeError {
    /// Why not.
    #[must_use]
    pub fn told(&self) -> Text {
        match self {
            Self::Read { path, .. } => {
                let path = path.display();
                both!("could not read `{path}`", "无法读取 `{path}`")
            }
            Self::Missing { path, entry } => {
                let path = path.display();
                both!("could not find `{entry}` in `{path}`", "在 `{path}` 里找不到 `{entry}`")
            }
            Self::Run { program, .. } => both!("could not run `{program}`", "无法运行 `{program}`"),
            Self::UnknownSystem { system } => {
                both!("probing is not known for `{system}`", "还不会检测 `{system}` 系统")
            }
        }
    }

    /// What the user can do now.
    #[must_use]
    pub fn hint(&self) -> Text {
        match self {
            Self::Read { .. } | Self::Missing { .. } => both!(
                "is /proc mounted? without it, describe the machine with `--gpu`, `--ram` and `--cpu`",
                "/proc 挂载了吗？若没有，请用 `--gpu`、`--ram` 和 `--cpu` 描述机器"
            ),
            Self::Run { .. } | Self::UnknownSystem { .. } => both!(
                "describe the machine with `--gpu`, `--ram` and `--cpu`, or in a file with `--machine`",
                "请用 `--gpu`、`--ram` 和 `--cpu` 描述机器，或用 `--machine` 指定机器文件"
            ),
        }
    }
}
