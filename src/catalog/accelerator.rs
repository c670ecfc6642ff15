use serde::{Deserialize, Serialize};

use crate::machine::{PciId, Vendor};
use crate::units::{Bandwidth, Bytes, Flops};

/// A GPU, SoC or other accelerator: an entry of `catalog/accelerators/`.
#[derive(Clone, Debug, PartialEq)]
pub struct Accelerator {
    /// A short id, such as `rtx-4090`.
    pub id: String,
    /// The name as the driver prints it, such as `NVIDIA GeForce RTX 4090`.
    pub name: String,
    /// What people type instead.
    pub aliases: Vec<String>,
    /// Who made it.
    pub vendor: Vendor,
    /// What it is.
    pub kind: AcceleratorKind,
    /// Its memory, or the largest configuration of a SoC.
    pub memory: Bytes,
    /// Peak memory bandwidth.
    pub bandwidth: Option<Bandwidth>,
    /// Peak dense FP16 throughput, with FP32 accumulation where that is slower and known.
    pub fp16: Option<Flops>,
    /// Peak dense INT8 throughput.
    pub int8: Option<Flops>,
    /// Board power.
    pub tdp_watts: Option<f64>,
    /// Architecture, such as `Ada`.
    pub arch: Option<String>,
    /// Its PCI ids.
    pub pci_ids: Vec<PciId>,
    /// Price in US dollars: newest street price, else the list price.
    pub price_usd: Option<f64>,
    /// Where the figures were read.
    pub source: String,
}

/// What an accelerator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AcceleratorKind {
    /// A card or module with memory of its own.
    Gpu,
    /// A GPU that shares main memory with the CPU.
    Unified,
    /// An accelerator that llama.cpp has no backend for.
    Other,
}

/// A CPU platform: an entry of `catalog/cpus.toml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CpuPlatform {
    /// A short id, such as `epyc-9004`.
    pub id: String,
    /// What to call it.
    pub name: String,
    /// Words that a CPU's own name contains when it is of this platform, such as `EPYC 9654`.
    pub patterns: Vec<String>,
    /// Memory channels a socket.
    pub memory_channels: u32,
    /// Peak memory bandwidth of one socket.
    pub bandwidth_gb_per_second: f64,
    /// Where the figures were read.
    pub source: String,
}
