use super::sizes;
use crate::catalog::CatalogError;
use crate::error::{Exit, Failure};
use crate::message;
use crate::message::Message;
use crate::units::Bytes;

/// Why no such machine can be described.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
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
    /// A CPU in the place of a GPU.
    CpuAsGpu {
        /// As it was typed.
        name: String,
    },
    /// A GPU in the place of a CPU.
    GpuAsCpu {
        /// As it was typed.
        name: String,
    },
    /// A number that is neither part of the name nor a size of memory.
    Number {
        /// The number.
        number: String,
        /// As it was typed.
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
        /// As it was typed.
        memory: Bytes,
        /// What it is sold with, in GiB.
        sold_gib: Vec<u32>,
    },
    /// A size of main memory in the name of a chip, and another one beside it.
    TwoMemories {
        /// What the name states.
        stated: Bytes,
        /// What stands beside it.
        given: Bytes,
    },
    /// Two names of processors.
    TwoCpus {
        /// The first.
        first: String,
        /// The second.
        second: String,
    },
    /// Two sizes of main memory.
    TwoRams {
        /// The first.
        first: Bytes,
        /// The second.
        second: Bytes,
    },
    /// A part of a description that is neither a GPU, nor a CPU, nor a size of memory.
    Unrecognised {
        /// The part.
        text: String,
        /// The nearest name that is known.
        nearest: Option<String>,
    },
    /// A count of none.
    None {
        /// As it was typed.
        text: String,
    },
    /// Nothing where a name should be.
    NoName,
}

impl Failure for DescribeError {
    fn message(&self) -> Message {
        match self {
            Self::Catalog(error) => error.message(),
            Self::OneUnified { name } => message!(CatalogMachineOneUnified { name }),
            Self::Closed { name } => message!(CatalogMachineClosed { name }),
            Self::CpuAsGpu { name } => message!(CatalogMachineIsCpu { name }),
            Self::GpuAsCpu { name } => message!(CatalogMachineIsGpu { name }),
            Self::Number { number, text, .. } => message!(CatalogMachineNumber { number, text }),
            Self::Memory { name, memory, .. } => message!(CatalogMachineMemory { name, memory }),
            Self::TwoMemories { stated, given } => message!(CatalogMachineTwoMemories { stated, given }),
            Self::TwoCpus { first, second } => message!(CatalogMachineTwoCpus { first, second }),
            Self::TwoRams { first, second } => message!(CatalogMachineTwoRams { first, second }),
            Self::Unrecognised { text, .. } => message!(CatalogMachineUnrecognised { text }),
            Self::None { text } => message!(CatalogMachineNone { text }),
            Self::NoName => message!(CatalogMachineNoName),
        }
    }

    fn hint(&self) -> Option<Message> {
        Some(match self {
            Self::Catalog(error) => return error.hint(),
            Self::CpuAsGpu { name } => message!(CatalogMachineIsCpuHint { name }),
            Self::GpuAsCpu { name } => message!(CatalogMachineIsGpuHint { name }),
            Self::Number { name, sold_gib, .. } if !sold_gib.is_empty() => {
                message!(CatalogMachineSoldWith { name, sizes: sizes(sold_gib) })
            }
            Self::Number { number, .. } => message!(CatalogMachineNumberHint { number }),
            Self::Memory { sold_gib, .. } => message!(CatalogMachineMemoryHint { sizes: sizes(sold_gib) }),
            Self::Unrecognised { nearest: Some(name), .. } => message!(CatalogDidYouMean { name }),
            Self::Unrecognised { .. } => message!(CatalogMachineUnrecognisedHint),
            Self::NoName => message!(CatalogMachineNoNameHint),
            Self::TwoMemories { .. } => message!(CatalogMachineTwoMemoriesHint),
            Self::OneUnified { .. }
            | Self::Closed { .. }
            | Self::TwoCpus { .. }
            | Self::TwoRams { .. }
            | Self::None { .. } => return None,
        })
    }

    fn exit(&self) -> Exit {
        match self {
            Self::Catalog(error) => error.exit(),
            _ => Exit::Usage,
        }
    }
}
