use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::GpuClass;
use crate::units::{Bandwidth, Bytes, Flops};

/// One GPU, or one MIG slice of one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gpu {
    /// The name that the driver prints, such as `NVIDIA GeForce RTX 4090`.
    pub name: String,
    /// Who made it.
    pub vendor: Vendor,
    /// Its memory.
    pub memory: GpuMemory,
    /// Peak memory bandwidth: bus width × clock where the driver tells, else the catalog's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bandwidth_bytes_per_second: Option<Bandwidth>,
    /// Peak FP32 throughput of the shaders, from the catalog.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fp32_flops: Option<Flops>,
    /// Peak dense FP16 throughput with matrix units, from the catalog.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fp16_flops: Option<Flops>,
    /// Peak dense INT8 throughput, from the catalog.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub int8_ops: Option<Flops>,
    /// The catalog's id of this card, where it is known there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accelerator: Option<String>,
    /// Whose kernels its own behave like, from the catalog.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<GpuClass>,
    /// Vendor and device on the PCI bus.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pci_id: Option<PciId>,
    /// The link to the host: its fastest generation (an idle card slows down) and the lanes that are connected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pcie: Option<PcieLink>,
    /// The enforced power limit, in watts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power_limit_watts: Option<f64>,
    /// The driver's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver: Option<String>,
    /// Whether this is a slice of a card in MIG mode.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mig: bool,
}

impl Gpu {
    /// The backend of llama.cpp that is usual for this maker's cards.
    #[must_use]
    pub fn default_backend(&self) -> Backend {
        match self.vendor {
            Vendor::Nvidia => Backend::Cuda,
            Vendor::Amd => Backend::Rocm,
            Vendor::Apple => Backend::Metal,
            Vendor::Intel => Backend::Sycl,
            Vendor::Other => Backend::Vulkan,
        }
    }
}

/// The memory of a GPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum GpuMemory {
    /// Memory of its own, on the card.
    Dedicated {
        /// All of it.
        total_bytes: Bytes,
        /// Not in use now.
        free_bytes: Bytes,
    },
    /// The machine's main memory, of which the GPU may take so much.
    Unified {
        /// The largest share that the driver lets the GPU take.
        limit_bytes: Bytes,
    },
}

impl GpuMemory {
    /// The memory of a card of this size that nothing runs on: the driver keeps a little for itself.
    ///
    /// `nvidia-smi` shows 300 to 600 MiB in use on idle 12 to 24 GiB cards, and an 80 GiB card reports 79.6:
    /// about 3 % in all.
    #[must_use]
    pub fn of_idle_card(total: Bytes) -> Self {
        Self::Dedicated { total_bytes: total, free_bytes: total.share(0.97) }
    }

    /// What the driver of a unified-memory GPU lets it take of `ram` by default.
    ///
    /// Apple: two thirds under 36 GiB, three quarters from there on (`recommendedMaxWorkingSetSize` as llama.cpp
    /// logs it: 21.3 of 32 GiB, 27 of 36, 96 of 128). Linux gives AMD's and Intel's half (the default page limit
    /// of TTM). NVIDIA's Jetson and GB10 take all that the system leaves: a tenth is left to it here.
    #[must_use]
    pub fn default_share(vendor: Vendor, ram: Bytes) -> Self {
        let share = match vendor {
            Vendor::Apple if ram < Bytes::gib(36) => 2.0 / 3.0,
            Vendor::Apple => 0.75,
            Vendor::Nvidia => 0.9,
            Vendor::Amd | Vendor::Intel | Vendor::Other => 0.5,
        };
        Self::Unified { limit_bytes: ram.share(share) }
    }

    /// The most that the limit of a GPU beside `ram` can be raised to; none where no setting raises it.
    ///
    /// By `sudo sysctl iogpu.wired_limit_mb=N` on macOS and `ttm.pages_limit` on Linux with AMD. What is left to the
    /// system is what people leave who do so: 8 GiB of 48 (40,960 MB wired: `thinkdifferent.blog`, 2026) and of 128 (120
    /// GiB of pages: AMD's guide to Strix Halo), a sixth of less, and 4 GiB at least.
    #[must_use]
    pub fn raised(self, vendor: Vendor, ram: Bytes) -> Option<Bytes> {
        let Self::Unified { limit_bytes } = self else { return None };
        if !matches!(vendor, Vendor::Apple | Vendor::Amd) {
            return None;
        }
        let left = ram.share(1.0 / 6.0).max(Bytes::gib(4)).min(Bytes::gib(8));
        let most = Bytes::mib(ram.saturating_sub(left).0 >> 20);
        Some(most).filter(|most| *most > limit_bytes)
    }

    /// What a model could take now.
    #[must_use]
    pub fn free(self) -> Bytes {
        match self {
            Self::Dedicated { free_bytes, .. } => free_bytes,
            Self::Unified { limit_bytes } => limit_bytes,
        }
    }

    /// What is built in.
    #[must_use]
    pub fn total(self) -> Bytes {
        match self {
            Self::Dedicated { total_bytes, .. } => total_bytes,
            Self::Unified { limit_bytes } => limit_bytes,
        }
    }
}

/// Who made a GPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vendor {
    /// NVIDIA.
    Nvidia,
    /// AMD.
    Amd,
    /// Intel.
    Intel,
    /// Apple.
    Apple,
    /// Anybody else.
    Other,
}

impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Nvidia => "NVIDIA",
            Self::Amd => "AMD",
            Self::Intel => "Intel",
            Self::Apple => "Apple",
            Self::Other => "other",
        })
    }
}

/// A compute backend of llama.cpp.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, clap::ValueEnum,
)]
#[serde(rename_all = "snake_case")]
pub enum Backend {
    /// The processors.
    Cpu,
    /// NVIDIA CUDA.
    Cuda,
    /// Vulkan, any maker.
    Vulkan,
    /// AMD ROCm (HIP).
    Rocm,
    /// Apple Metal.
    Metal,
    /// Intel SYCL.
    Sycl,
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Cpu => "CPU",
            Self::Cuda => "CUDA",
            Self::Vulkan => "Vulkan",
            Self::Rocm => "ROCm",
            Self::Metal => "Metal",
            Self::Sycl => "SYCL",
        })
    }
}

/// Vendor and device on the PCI bus; written `10de:2684`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PciId {
    /// The maker, such as `0x10de` for NVIDIA.
    pub vendor: u16,
    /// The device.
    pub device: u16,
}

impl fmt::Display for PciId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04x}:{:04x}", self.vendor, self.device)
    }
}

/// A text that is not a PCI id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a PCI id; write it like `10de:2684`")]
pub struct ParsePciIdError {
    text: String,
}

impl FromStr for PciId {
    type Err = ParsePciIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = |part: &str| u16::from_str_radix(part, 16).ok();
        text.split_once(':')
            .and_then(|(vendor, device)| Some(Self { vendor: parse(vendor)?, device: parse(device)? }))
            .ok_or_else(|| ParsePciIdError { text: text.to_owned() })
    }
}

impl Serialize for PciId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PciId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A PCI Express link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PcieLink {
    /// The generation: 3, 4, 5 …
    pub generation: u32,
    /// The number of lanes.
    pub width: u32,
}

impl PcieLink {
    /// What one direction carries: 8, 16, 32 GT/s for generations 3, 4, 5, less the 128b/130b coding.
    #[must_use]
    pub fn bandwidth(self) -> Bandwidth {
        let gigatransfers = match self.generation {
            0 | 1 => 2.0,
            2 => 4.0,
            generation => 7.877 * f64::from(1u32 << (generation - 3).min(8)),
        };
        Bandwidth::gb_per_second(gigatransfers / 8.0 * f64::from(self.width))
    }
}

impl fmt::Display for PcieLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PCIe {}.0 x{}", self.generation, self.width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pcie_4_x16_carries_31_5_gb_per_second() {
        let link = PcieLink { generation: 4, width: 16 };
        assert!((link.bandwidth().as_gb_per_second() - 31.5).abs() < 0.1);
    }

    #[test]
    fn a_raised_limit_leaves_the_system_what_people_leave_it() {
        let raised = |vendor, gib| {
            let ram = Bytes::gib(gib);
            GpuMemory::default_share(vendor, ram).raised(vendor, ram).map(|limit| limit.0 >> 20)
        };
        assert_eq!(raised(Vendor::Apple, 48), Some(40_960));
        assert_eq!(raised(Vendor::Amd, 128), Some(120 << 10));
        assert_eq!(raised(Vendor::Apple, 16), Some(12 << 10));
        assert_eq!(raised(Vendor::Apple, 8), None, "the default is all that can be spared");
        assert_eq!((raised(Vendor::Nvidia, 128), raised(Vendor::Intel, 32)), (None, None));
    }

    #[test]
    fn pci_ids_read_back_as_written() {
        let id = PciId { vendor: 0x10de, device: 0x2684 };
        assert_eq!(id.to_string(), "10de:2684");
        assert_eq!("10de:2684".parse(), Ok(id));
        assert!("10de-2684".parse::<PciId>().is_err());
    }
}
