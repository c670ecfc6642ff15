use serde::{Deserialize, Serialize};

use super::document::Document;
use super::load::{self, Entry, Kind, Violation};
use super::{CatalogError, check};
use crate::machine::{GpuClass, PciId, PcieLink, Vendor};
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
    /// Its memory as it is sold, or the largest configuration of a SoC.
    pub memory: Bytes,
    /// Peak memory bandwidth.
    pub bandwidth: Option<Bandwidth>,
    /// Peak FP32 throughput of the shaders.
    pub fp32: Option<Flops>,
    /// Peak dense FP16 throughput, with FP32 accumulation where that is slower and known.
    pub fp16: Option<Flops>,
    /// Peak dense INT8 throughput.
    pub int8: Option<Flops>,
    /// Board power.
    pub tdp_watts: Option<f64>,
    /// Architecture, such as `Ada Lovelace`.
    pub arch: Option<String>,
    /// Whose kernels its own behave like.
    pub class: Option<GpuClass>,
    /// GPU cores of the figures, where chips of one name are sold with several counts.
    pub gpu_cores: Option<u32>,
    /// Its PCI ids.
    pub pci_ids: Vec<PciId>,
    /// Price in US dollars: newest street price, else the list price.
    pub price_usd: Option<f64>,
    /// Where the figures were read.
    pub source: String,
    /// What fewer have use for.
    pub details: AcceleratorDetails,
}

impl Accelerator {
    /// The memory as the driver counts it, where that is known to be less than what is printed on the box.
    #[must_use]
    pub fn visible_memory(&self) -> Bytes {
        self.details.visible_memory.unwrap_or(self.memory)
    }
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

/// What is known of an accelerator beside what a prediction needs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AcceleratorDetails {
    /// The memory as the driver counts it, where that was seen.
    pub visible_memory: Option<Bytes>,
    /// What a chip that shares main memory is sold with, in GiB; the first is what is assumed where nobody says.
    pub memory_options_gib: Vec<u32>,
    /// The main memory of the machine that the price is of, where it is a whole machine's, in GiB.
    pub price_memory_gib: Option<u32>,
    /// Such as `GDDR6X`.
    pub memory_type: Option<String>,
    /// Peak dense FP16 throughput with FP16 accumulation, where that is faster.
    pub fp16_accumulated_in_fp16: Option<Flops>,
    /// Peak dense FP8 throughput.
    pub fp8: Option<Flops>,
    /// Peak dense FP4 throughput.
    pub fp4: Option<Flops>,
    /// The link to the host.
    pub pcie: Option<PcieLink>,
    /// The link to other accelerators, both directions together.
    pub interconnect: Option<Bandwidth>,
    /// CUDA compute capability or LLVM target, such as `8.9` or `gfx1100`.
    pub compute_capability: Option<String>,
    /// The day, month or year of its launch.
    pub launched: Option<String>,
    /// List price at launch, in US dollars.
    pub list_price_usd: Option<f64>,
    /// What it went for.
    pub street_price: Option<StreetPrice>,
    /// Which figures nobody saw in a source.
    pub recalled: Option<String>,
    /// How much the figures can be trusted.
    pub confidence: Confidence,
    /// What else must be known.
    pub note: Option<String>,
}

/// What something went for, in US dollars, once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreetPrice {
    /// US dollars.
    pub usd: f64,
    /// The day or month.
    pub date: String,
    /// Where that was seen.
    pub source: String,
}

/// How much an entry's figures can be trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Sources disagree, or nobody saw one.
    Low,
    /// Some figures are recalled or derived.
    #[default]
    Medium,
    /// Seen in a source.
    High,
}

/// An accelerator as its file has it, in the units of data sheets.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AcceleratorEntry {
    id: String,
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    vendor: Vendor,
    kind: AcceleratorKind,
    memory_gib: f64,
    visible_memory_mib: Option<u64>,
    #[serde(default)]
    memory_options_gib: Vec<u32>,
    price_memory_gib: Option<u32>,
    memory_type: Option<String>,
    bandwidth_gb_per_second: Option<f64>,
    fp32_tflops: Option<f64>,
    fp16_tflops: Option<f64>,
    fp16_accumulated_in_fp16_tflops: Option<f64>,
    int8_tops: Option<f64>,
    fp8_tflops: Option<f64>,
    fp4_tflops: Option<f64>,
    tdp_watts: Option<f64>,
    pcie: Option<PcieLink>,
    interconnect_gb_per_second: Option<f64>,
    arch: Option<String>,
    class: Option<GpuClass>,
    gpu_cores: Option<u32>,
    compute_capability: Option<String>,
    #[serde(default)]
    pci_ids: Vec<PciId>,
    launched: Option<String>,
    list_price_usd: Option<f64>,
    street_price: Option<StreetPrice>,
    source: String,
    recalled: Option<String>,
    #[serde(default)]
    confidence: Confidence,
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AcceleratorFile {
    #[serde(default)]
    accelerator: Vec<AcceleratorEntry>,
}

impl Entry for AcceleratorEntry {
    const KIND: Kind = Kind::Accelerator;

    fn read(document: &Document) -> Result<Vec<(String, Self)>, CatalogError> {
        Ok(load::many("accelerator", document.read::<AcceleratorFile>()?.accelerator))
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }

    fn check(&self) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::positive("memory_gib", Some(self.memory_gib))?;
        for (key, figure) in [
            ("bandwidth_gb_per_second", self.bandwidth_gb_per_second),
            ("fp32_tflops", self.fp32_tflops),
            ("fp16_tflops", self.fp16_tflops),
            ("gpu_cores", self.gpu_cores.map(f64::from)),
            ("fp16_accumulated_in_fp16_tflops", self.fp16_accumulated_in_fp16_tflops),
            ("int8_tops", self.int8_tops),
            ("fp8_tflops", self.fp8_tflops),
            ("fp4_tflops", self.fp4_tflops),
            ("tdp_watts", self.tdp_watts),
            ("interconnect_gb_per_second", self.interconnect_gb_per_second),
            ("list_price_usd", self.list_price_usd),
            ("street_price.usd", self.street_price.as_ref().map(|price| price.usd)),
        ] {
            check::positive(key, figure)?;
        }
        check::date("launched", self.launched.as_deref())?;
        check::date("street_price.date", self.street_price.as_ref().map(|price| price.date.as_str()))
    }
}

impl From<AcceleratorEntry> for Accelerator {
    fn from(entry: AcceleratorEntry) -> Self {
        Self {
            price_usd: entry.street_price.as_ref().map(|price| price.usd).or(entry.list_price_usd),
            id: entry.id,
            name: entry.name,
            aliases: entry.aliases,
            vendor: entry.vendor,
            kind: entry.kind,
            memory: Bytes::gib(1).share(entry.memory_gib),
            bandwidth: entry.bandwidth_gb_per_second.map(Bandwidth::gb_per_second),
            fp32: entry.fp32_tflops.map(Flops::tera),
            fp16: entry.fp16_tflops.map(Flops::tera),
            int8: entry.int8_tops.map(Flops::tera),
            tdp_watts: entry.tdp_watts,
            arch: entry.arch,
            class: entry.class,
            gpu_cores: entry.gpu_cores,
            pci_ids: entry.pci_ids,
            source: entry.source,
            details: AcceleratorDetails {
                visible_memory: entry.visible_memory_mib.map(Bytes::mib),
                memory_options_gib: entry.memory_options_gib,
                price_memory_gib: entry.price_memory_gib,
                memory_type: entry.memory_type,
                fp16_accumulated_in_fp16: entry.fp16_accumulated_in_fp16_tflops.map(Flops::tera),
                fp8: entry.fp8_tflops.map(Flops::tera),
                fp4: entry.fp4_tflops.map(Flops::tera),
                pcie: entry.pcie,
                interconnect: entry.interconnect_gb_per_second.map(Bandwidth::gb_per_second),
                compute_capability: entry.compute_capability,
                launched: entry.launched,
                list_price_usd: entry.list_price_usd,
                street_price: entry.street_price,
                recalled: entry.recalled,
                confidence: entry.confidence,
                note: entry.note,
            },
        }
    }
}
