use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};

use super::kind::Kind;
use super::table::{Entry, Violation};
use super::{Catalog, Confidence, Named, Provenance, accelerator_name, check};
use crate::machine::{GpuClass, PciId, PcieLink, Vendor};
use crate::units::{Bandwidth, Bytes, Flops};

/// A GPU, SoC or other accelerator: an entry of `catalog/accelerators/`. Peaks are dense, in the units of data sheets in
/// the file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accelerator {
    /// Such as `rtx-4090`.
    pub id: String,
    /// As the driver prints it, such as `NVIDIA GeForce RTX 4090`.
    pub name: String,
    /// What people type instead.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Who made it.
    pub vendor: Vendor,
    /// What it is.
    pub kind: AcceleratorKind,
    /// How it is built, where it has memory of its own.
    #[serde(default)]
    pub form: FormFactor,
    /// Made for consumers: no support in data centres, where the driver's licence may forbid it.
    #[serde(default)]
    pub consumer: bool,
    /// How many share one domain of fast links where it is built so: a server's eight, or a rack's.
    #[serde(default = "gpus_a_server")]
    pub linked: u32,
    /// As it is sold, or the largest configuration of a SoC.
    #[serde(rename = "memory_gib", deserialize_with = "gib")]
    pub memory: Bytes,
    /// As the driver counts it, where that was seen.
    #[serde(rename = "visible_memory_mib", default, deserialize_with = "mib")]
    pub visible_memory: Option<Bytes>,
    /// What a chip that shares main memory is sold with, in GiB. The first is assumed where none is stated.
    #[serde(default)]
    pub memory_options_gib: Vec<u32>,
    /// Such as `GDDR6X`.
    pub memory_type: Option<String>,
    /// Peak memory bandwidth.
    #[serde(rename = "bandwidth_gb_per_second", default, deserialize_with = "gb_per_second")]
    pub bandwidth: Option<Bandwidth>,
    /// Of the shaders.
    #[serde(rename = "fp32_tflops", default, deserialize_with = "tera")]
    pub fp32: Option<Flops>,
    /// With FP32 accumulation where that is slower and known.
    #[serde(rename = "fp16_tflops", default, deserialize_with = "tera")]
    pub fp16: Option<Flops>,
    /// With FP16 accumulation, where that is faster.
    #[serde(rename = "fp16_accumulated_in_fp16_tflops", default, deserialize_with = "tera")]
    pub fp16_accumulated_in_fp16: Option<Flops>,
    /// Of 8-bit integers.
    #[serde(rename = "int8_tops", default, deserialize_with = "tera")]
    pub int8: Option<Flops>,
    /// Where it has FP8 units.
    #[serde(rename = "fp8_tflops", default, deserialize_with = "tera")]
    pub fp8: Option<Flops>,
    /// Where it has FP4 units.
    #[serde(rename = "fp4_tflops", default, deserialize_with = "tera")]
    pub fp4: Option<Flops>,
    /// Board power.
    pub tdp_watts: Option<f64>,
    /// The link to the host.
    pub pcie: Option<PcieLink>,
    /// The link to other accelerators, both directions together.
    #[serde(rename = "interconnect_gb_per_second", default, deserialize_with = "gb_per_second")]
    pub interconnect: Option<Bandwidth>,
    /// Such as `Ada Lovelace`.
    pub arch: Option<String>,
    /// Whose kernels its own behave like.
    pub class: Option<GpuClass>,
    /// GPU cores of the figures, where chips of one name are sold with several counts.
    pub gpu_cores: Option<u32>,
    /// CUDA compute capability or LLVM target, such as `8.9` or `gfx1100`.
    pub compute_capability: Option<String>,
    /// Vendor and device on the PCI bus, of all versions.
    #[serde(default)]
    pub pci_ids: Vec<PciId>,
    /// The day, month or year of its launch.
    pub launched: Option<String>,
    /// At launch, in US dollars.
    pub list_price_usd: Option<f64>,
    /// The newest that was seen.
    pub street_price: Option<StreetPrice>,
    /// What a used one went for.
    pub used_price: Option<StreetPrice>,
    /// The main memory of the machine that the price is of, where it is a whole machine's, in GiB.
    pub price_memory_gib: Option<u32>,
    /// Of the figures.
    pub provenance: Provenance,
}

impl Accelerator {
    /// The memory as the driver counts it, where that is known to be less than what is printed on the box.
    #[must_use]
    pub fn visible_memory(&self) -> Bytes {
        self.visible_memory.unwrap_or(self.memory)
    }

    /// In US dollars: the street price, else the list price.
    #[must_use]
    pub fn price_usd(&self) -> Option<f64> {
        self.street_price.as_ref().map(|price| price.usd).or(self.list_price_usd)
    }

    /// Whether it is a card that is bought alone and goes into any computer with a slot for it.
    #[must_use]
    pub fn is_card(&self) -> bool {
        self.kind != AcceleratorKind::Unified && self.form == FormFactor::Card
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

/// How an accelerator is built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormFactor {
    /// For a PCIe slot.
    #[default]
    Card,
    /// On a board of its maker (SXM, OAM, a superchip), sold within servers only.
    Module,
    /// Soldered into a laptop.
    Laptop,
}

const fn gpus_a_server() -> u32 {
    8
}

/// What something went for, in US dollars, once.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreetPrice {
    /// US dollars.
    pub usd: f64,
    /// The day or month.
    pub date: String,
    /// Where that was seen.
    pub source: String,
    /// How far it can be trusted, where that differs from the other figures.
    pub confidence: Option<Confidence>,
}

fn scaled<'de, D: Deserializer<'de>, T: Deserialize<'de>, U>(
    figure: D,
    scale: impl Fn(T) -> U,
) -> Result<Option<U>, D::Error> {
    Option::deserialize(figure).map(|figure| figure.map(scale))
}

fn gib<'de, D: Deserializer<'de>>(figure: D) -> Result<Bytes, D::Error> {
    f64::deserialize(figure).map(|figure| Bytes::gib(1).share(figure))
}

fn mib<'de, D: Deserializer<'de>>(figure: D) -> Result<Option<Bytes>, D::Error> {
    scaled(figure, Bytes::mib)
}

fn gb_per_second<'de, D: Deserializer<'de>>(figure: D) -> Result<Option<Bandwidth>, D::Error> {
    scaled(figure, Bandwidth::gb_per_second)
}

fn tera<'de, D: Deserializer<'de>>(figure: D) -> Result<Option<Flops>, D::Error> {
    scaled(figure, Flops::tera)
}

impl Entry for Accelerator {
    const KIND: Kind = Kind::Accelerator;
    const NAMED: Named = Named::Gpu;

    fn id(&self) -> &str {
        &self.id
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }

    fn names(&self) -> Vec<Cow<'_, str>> {
        accelerator_name::known_as(self).map(Cow::Borrowed).collect()
    }

    fn find(entries: &[Self], name: &str) -> Result<usize, Option<String>> {
        accelerator_name::find(entries, name)
    }

    fn check(&self, _: &Catalog) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::positive("memory_gib", Some(self.memory.as_gib()))?;
        let gigabytes = |rate: Option<Bandwidth>| rate.map(Bandwidth::as_gb_per_second);
        let tera = |rate: Option<Flops>| rate.map(Flops::as_tera);
        for (key, figure) in [
            ("bandwidth_gb_per_second", gigabytes(self.bandwidth)),
            ("fp32_tflops", tera(self.fp32)),
            ("fp16_tflops", tera(self.fp16)),
            ("gpu_cores", self.gpu_cores.map(f64::from)),
            ("fp16_accumulated_in_fp16_tflops", tera(self.fp16_accumulated_in_fp16)),
            ("int8_tops", tera(self.int8)),
            ("fp8_tflops", tera(self.fp8)),
            ("fp4_tflops", tera(self.fp4)),
            ("tdp_watts", self.tdp_watts),
            ("interconnect_gb_per_second", gigabytes(self.interconnect)),
            ("list_price_usd", self.list_price_usd),
            ("street_price.usd", self.street_price.as_ref().map(|price| price.usd)),
            ("used_price.usd", self.used_price.as_ref().map(|price| price.usd)),
        ] {
            check::positive(key, figure)?;
        }
        check::at_least_one("linked", self.linked)?;
        check::date("launched", self.launched.as_deref())?;
        check::date("street_price.date", self.street_price.as_ref().map(|price| price.date.as_str()))?;
        check::date("used_price.date", self.used_price.as_ref().map(|price| price.date.as_str()))
    }
}
