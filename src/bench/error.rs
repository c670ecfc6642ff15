use std::io;
use std::path::PathBuf;

use crate::both;
use crate::engine::EngineError;
use crate::error::Failure as _;
use crate::gguf::generate::GenerateError;
use crate::lang::Text;
use crate::message::Message;
use crate::units::Bytes;

/// Why there is nothing to measure.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The quant's mix is a choice of its makers, and nobody published it of this model.
    #[error(
        "the tensor types of `{quant}` are a choice of its makers, who published no size of `{model}`, so no file of it can be made"
    )]
    NoMix {
        /// The model.
        model: String,
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
    pub fn hint(&self) -> Option<Message> {
        let text: Text = match self {
            Self::NoMix { quant, .. } => both!(
                "take the nearest rule, such as `Q2_K` or `IQ1_S` for `UD-` quants, or give the path of a `{quant}` file",
                "请用最接近的规则量化，如 `UD-` 用 `Q2_K` 或 `IQ1_S`，或给出 `{quant}` 文件的路径"
            ),
            Self::Folder { .. } => {
                both!("name another folder with `--cache-dir`", "请用 `--cache-dir` 指定另一目录")
            }
            Self::DiskFull { .. } => both!(
                "free some space, name another folder with `--cache-dir`, or take a smaller quant",
                "请腾出空间，用 `--cache-dir` 指定另一目录，或用更小的量化"
            ),
            Self::Generate(_) => both!("is the disk full, or gone?", "磁盘是否已满或已断开？"),
            Self::Unreadable { .. } => both!("check the path", "请检查路径"),
            Self::Engine(error) => return error.hint(),
            Self::Cancelled => return None,
        };
        Some(text.into())
    }

    /// What happened, without the causes.
    #[must_use]
    pub fn told(&self) -> Message {
        let text: Text = match self {
            Self::NoMix { model, quant } => both!(
                "the tensor types of `{quant}` are a choice of its makers, who published no size of `{model}`, so no file \
                 of it can be made",
                "`{quant}` 的张量类型由发布者自定，且未公布 `{model}` 的大小，无法生成它的文件"
            ),
            Self::Folder { folder, .. } => {
                let folder = folder.display();
                both!("could not write to `{folder}`", "无法写入 `{folder}`")
            }
            Self::DiskFull { folder, free, needed } => {
                let (folder, missing) = (folder.display(), needed.saturating_sub(*free).decimal());
                let (free, needed) = (free.decimal(), needed.decimal());
                both!(
                    "`{folder}` has {free} free, and the file takes {needed}: {missing} are missing",
                    "`{folder}` 剩余 {free}，文件需要 {needed}：还差 {missing}"
                )
            }
            Self::Generate(error) => {
                return error.message();
            }
            Self::Unreadable { path, .. } => {
                let path = path.display();
                both!("could not read `{path}`", "无法读取 `{path}`")
            }
            Self::Engine(error) => return error.message(),
            Self::Cancelled => both!("interrupted", "已中断"),
        };
        text.into()
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
