use super::listed;
use crate::both;
use crate::catalog::CatalogError;
use crate::catalog::error::did_you_mean;
use crate::lang::Text;
use crate::units::Bytes;

/// Why no such machine can be described.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.told())]
pub enum DescribeError {
    /// The catalog does not know the name, or cannot be read.
    Catalog(#[from] CatalogError),
    /// A GPU that lives in main memory is there once.
    OneUnified {
        /// The GPU.
        name: String,
    },
    /// Nothing can be plugged into it.
    Closed {
        /// The chip.
        name: String,
    },
    /// A CPU where a GPU is asked for.
    CpuAsGpu {
        /// What was typed.
        name: String,
    },
    /// A GPU where a CPU is asked for.
    GpuAsCpu {
        /// What was typed.
        name: String,
    },
    /// A number that is neither part of the name nor a size of memory.
    Number {
        /// The number.
        number: String,
        /// What was typed.
        text: String,
        /// What the rest means.
        name: String,
        /// What it is sold with, in GiB, where it shares main memory.
        sold_gib: Vec<u32>,
    },
    /// A size of memory that it does not come with.
    Memory {
        /// The chip.
        name: String,
        /// What was typed.
        memory: Bytes,
        /// What it is sold with, in GiB.
        sold_gib: Vec<u32>,
    },
    /// Two sizes of main memory.
    TwoMemories {
        /// What the name states.
        stated: Bytes,
        /// What was said beside.
        told: Bytes,
    },
    /// A part of a description that is said twice.
    Twice {
        /// `a CPU`, `main memory`.
        part: &'static str,
        /// The first.
        first: String,
        /// The second.
        second: String,
    },
    /// A part of a description that is neither a GPU, nor a CPU, nor a size of memory.
    Nothing {
        /// The part.
        text: String,
        /// The nearest name that is known.
        nearest: Option<String>,
    },
    /// A count of none.
    None {
        /// What was typed.
        text: String,
    },
    /// Nothing where a name should be.
    NoName,
}

impl DescribeError {
    /// What is wrong.
    #[must_use]
    pub fn told(&self) -> Text {
        match self {
            Self::Catalog(error) => error.told(),
            Self::OneUnified { name } => both!(
                "a machine has one `{name}`: it shares main memory with the CPU",
                "一台机器只有一块 `{name}`：它与 CPU 共用内存"
            ),
            Self::Closed { name } => {
                both!("a machine with `{name}` takes no other GPU", "带 `{name}` 的机器不能再装别的 GPU")
            }
            Self::CpuAsGpu { name } => both!("`{name}` is a CPU", "`{name}` 是 CPU"),
            Self::GpuAsCpu { name } => both!("`{name}` is a GPU", "`{name}` 是 GPU"),
            Self::Number { number, text, name, .. } => both!(
                "`{number}` in `{text}` says nothing that is known of `{name}`",
                "`{text}` 中的 `{number}` 对 `{name}` 没有已知的含义"
            ),
            Self::Memory { name, memory, .. } => {
                both!("`{name}` is not sold with {memory}", "`{name}` 没有 {memory} 内存的型号")
            }
            Self::TwoMemories { stated, told } => both!(
                "main memory is {stated} by the name and {told} by its own size",
                "名称里写的内存是 {stated}，另外写的是 {told}"
            ),
            Self::Twice { part, first, second } => {
                let zh = if *part == "a CPU" { "CPU" } else { "内存" };
                both!(
                    "the description names {part} twice: `{first}` and `{second}`",
                    "描述里两次写了{zh}：`{first}` 和 `{second}`"
                )
            }
            Self::Nothing { text, .. } => both!(
                "`{text}` is no GPU, no CPU, no size of memory and no machine that is known",
                "`{text}` 既不是已知的 GPU、CPU 或机器，也不是内存大小"
            ),
            Self::None { text } => both!(
                "`{text}` names none; write `none` for no GPU",
                "`{text}` 的数量是零；没有 GPU 请写 `none`"
            ),
            Self::NoName => both!("a name is missing", "缺少名称"),
        }
    }

    /// What the user can do now.
    #[must_use]
    pub fn hint(&self) -> Option<Text> {
        Some(match self {
            Self::Catalog(error) => return error.hint(),
            Self::CpuAsGpu { name } => both!(
                "name it with `--cpu '{name}'`, and no GPU with `--gpu none`",
                "请写成 `--cpu '{name}'`；没有 GPU 用 `--gpu none`"
            ),
            Self::GpuAsCpu { name } => both!("name it with `--gpu '{name}'`", "请写成 `--gpu '{name}'`"),
            Self::Number { sold_gib, .. } if !sold_gib.is_empty() => {
                let Text { en, zh } = listed(sold_gib);
                both!("it is sold with {en} GB of memory", "它的内存有 {zh} GB")
            }
            Self::Number { number, .. } => both!(
                "a count is `{number}x` in front, a size of memory `{number}GB` behind",
                "数量写在前面，如 `{number}x`；内存大小写在后面，如 `{number}GB`"
            ),
            Self::Memory { sold_gib, .. } => {
                let Text { en, zh } = listed(sold_gib);
                both!(
                    "it is sold with {en} GB; any other size is said with `--ram`",
                    "它的内存有 {zh} GB；其他大小请用 `--ram`"
                )
            }
            Self::Nothing { nearest: Some(nearest), .. } => did_you_mean(nearest),
            Self::Nothing { .. } => both!(
                "write it like '2x RTX 3090, 128GiB, EPYC 9654', or name a file that `probe --save` wrote",
                "写法如 '2x RTX 3090, 128GiB, EPYC 9654'，或给出 `probe --save` 写的文件"
            ),
            Self::NoName => {
                both!("write it like `RTX 4090` or `EPYC 9654`", "写法如 `RTX 4090` 或 `EPYC 9654`")
            }
            Self::TwoMemories { .. } => both!("leave one of the two out", "请去掉其中一个"),
            Self::OneUnified { .. } | Self::Closed { .. } | Self::Twice { .. } | Self::None { .. } => {
                return None;
            }
        })
    }
}
