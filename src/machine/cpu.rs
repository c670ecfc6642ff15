use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::units::Bytes;

/// The processors of a machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cpu {
    /// The name that the CPU gives itself, such as `AMD EPYC 9654 96-Core Processor`.
    pub model: String,
    /// Physical cores over all sockets.
    pub physical_cores: u32,
    /// Threads that this process may run at once: SMT, affinity and the cgroup's CPU quota considered.
    pub usable_threads: u32,
    /// The clock that all cores hold under vector load, from the catalog, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_ghz: Option<f64>,
    /// Sockets.
    #[serde(default = "one")]
    pub sockets: u32,
    /// NUMA nodes with memory.
    #[serde(default = "one")]
    pub numa_nodes: u32,
    /// The instruction sets that matter to ggml.
    #[serde(default)]
    pub instruction_sets: BTreeSet<InstructionSet>,
    /// Last-level cache over all sockets, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_level_cache_bytes: Option<Bytes>,
}

const fn one() -> u32 {
    1
}

/// An instruction set that ggml's CPU kernels have a path for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstructionSet {
    /// 256-bit vectors with fused multiply-add.
    Avx2,
    /// 512-bit vectors (F, BW, DQ, VL).
    Avx512,
    /// 8-bit dot products in 512-bit vectors.
    Avx512Vnni,
    /// bfloat16 dot products in 512-bit vectors.
    Avx512Bf16,
    /// 8-bit dot products in 256-bit vectors.
    AvxVnni,
    /// Matrix tiles of 8-bit integers.
    AmxInt8,
    /// 128-bit vectors of Arm.
    Neon,
    /// 8-bit dot products of Arm.
    Dotprod,
    /// 8-bit matrix multiplication of Arm.
    I8mm,
    /// Scalable vectors of Arm.
    Sve,
}

impl fmt::Display for InstructionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Avx2 => "AVX2",
            Self::Avx512 => "AVX-512",
            Self::Avx512Vnni => "AVX-512 VNNI",
            Self::Avx512Bf16 => "AVX-512 BF16",
            Self::AvxVnni => "AVX-VNNI",
            Self::AmxInt8 => "AMX",
            Self::Neon => "NEON",
            Self::Dotprod => "DOTPROD",
            Self::I8mm => "I8MM",
            Self::Sve => "SVE",
        })
    }
}
