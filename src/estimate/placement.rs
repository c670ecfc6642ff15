use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use super::Subject;
use super::repack::Repack;
use crate::gguf::Tensor;
use crate::machine::{Machine, Vendor};
use crate::units::Bytes;

/// Where the parts of a model are put, and what each device then holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Placement {
    /// The kind.
    #[serde(rename = "placement")]
    pub kind: PlacementKind,
    /// Layers on GPUs; llama.cpp counts the output as one more (`-ngl`).
    pub gpu_layers: u32,
    /// Leading layers whose routed experts stay in RAM (`--n-cpu-moe`).
    pub expert_layers_in_ram: u32,
    /// What the driver's limit for a GPU that shares main memory must be raised to first; none where it need not be.
    #[serde(rename = "raised_limit_bytes", skip_serializing_if = "Option::is_none")]
    pub raised_limit: Option<Bytes>,
    /// What each device holds; GPUs first, the RAM last.
    pub devices: Vec<DeviceMemory>,
    /// The device of each layer and, last, of the output, as indices into `devices`.
    #[serde(skip)]
    pub(super) layer_devices: Vec<usize>,
    /// Whether the GPUs' memory is the RAM.
    #[serde(skip)]
    pub(super) unified: bool,
    /// How many GPUs the machine has, used or not.
    #[serde(skip)]
    pub(super) gpus: usize,
}

/// A kind of placement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlacementKind {
    /// Everything on one GPU.
    SingleGpu,
    /// Everything on several GPUs, split by layers.
    SplitGpus,
    /// Everything in memory that GPU and CPU share.
    Unified,
    /// Routed experts in RAM, everything else on GPUs.
    ExpertOffload,
    /// Some layers on GPUs, the others in RAM.
    PartialOffload,
    /// Everything in RAM.
    CpuOnly,
}

impl PlacementKind {
    /// Its name in JSON and CSV.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::SingleGpu => "single_gpu",
            Self::SplitGpus => "split_gpus",
            Self::Unified => "unified",
            Self::ExpertOffload => "expert_offload",
            Self::PartialOffload => "partial_offload",
            Self::CpuOnly => "cpu_only",
        }
    }
}

/// A memory that parts of a model are in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Device {
    /// A GPU's.
    Gpu {
        /// Its place in the machine's list.
        index: usize,
        /// Its name.
        name: String,
    },
    /// Main memory.
    Ram,
}

impl Device {
    /// The name in JSON and CSV.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Gpu { name, .. } => name,
            Self::Ram => "RAM",
        }
    }

    /// The GPU's place in the machine's list.
    #[must_use]
    pub const fn gpu(&self) -> Option<usize> {
        match self {
            Self::Gpu { index, .. } => Some(*index),
            Self::Ram => None,
        }
    }

    /// Writes the name only, where a key of JSON is one.
    pub(super) fn serialize_name<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Serialize for Device {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kind = if self.gpu().is_some() { "gpu" } else { "ram" };
        let mut fields = serializer.serialize_struct("Device", 3)?;
        fields.serialize_field("kind", kind)?;
        fields.serialize_field("name", self.name())?;
        fields.serialize_field("gpu", &self.gpu())?;
        fields.end()
    }
}

/// What a device holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeviceMemory {
    /// The device.
    #[serde(flatten)]
    pub device: Device,
    /// Weights.
    pub weights_bytes: Bytes,
    /// KV cache.
    pub kv_cache_bytes: Bytes,
    /// Compute buffers.
    pub compute_bytes: Bytes,
    /// What the driver and the runtime take for themselves.
    pub reserve_bytes: Bytes,
    /// What was free before.
    pub free_bytes: Bytes,
}

impl DeviceMemory {
    /// The GPU's place in the machine's list; `None` of main memory.
    #[must_use]
    pub const fn gpu(&self) -> Option<usize> {
        self.device.gpu()
    }

    /// All that must stay in this memory.
    #[must_use]
    pub fn used(&self) -> Bytes {
        self.weights_bytes + self.kv_cache_bytes + self.compute_bytes + self.reserve_bytes
    }
}

/// Whether a model fits, and by how much.
#[derive(Clone, Debug, PartialEq)]
pub enum Fit {
    /// It fits, so placed.
    Fits(Placement),
    /// It fits nowhere: the placement that comes nearest, and what is missing.
    TooLarge {
        /// What comes nearest.
        nearest: Placement,
        /// What is missing.
        shortfall: Bytes,
    },
}

impl Placement {
    /// The device that holds a tensor, as an index into `devices`.
    #[must_use]
    pub fn device_of(&self, tensor: &Tensor) -> usize {
        let ram = self.devices.len() - 1;
        match tensor.layer {
            // Rows of the embedding are looked up by the CPU whatever the GPU holds.
            None if tensor.kind == crate::gguf::TensorKind::TokenEmbedding => ram,
            None => self.output_device(),
            Some(layer) if tensor.kind.is_routed_experts() && layer < self.expert_layers_in_ram => ram,
            Some(layer) => self.layer_devices[layer as usize],
        }
    }

    /// The device of a layer, as an index into `devices`.
    #[must_use]
    pub fn layer_device(&self, layer: u32) -> usize {
        self.layer_devices[layer as usize]
    }

    /// How many layers each of the machine's GPUs holds, the output counted as one more (`-ts`).
    #[must_use]
    pub fn tensor_split(&self) -> Vec<u32> {
        let mut split = vec![0; self.gpus];
        for device in &self.layer_devices {
            if let Some(gpu) = self.devices[*device].gpu() {
                split[gpu] += 1;
            }
        }
        split
    }

    /// Whether the CPU multiplies weights, rather than only looking up embeddings.
    #[must_use]
    pub fn computes_in_ram(&self) -> bool {
        let ram = self.devices.len() - 1;
        self.expert_layers_in_ram > 0 || self.layer_devices.contains(&ram)
    }

    /// The device of the output matrix.
    #[must_use]
    pub fn output_device(&self) -> usize {
        self.layer_devices.last().copied().unwrap_or(0)
    }

    /// What is missing over all devices.
    #[must_use]
    pub fn shortfall(&self) -> Bytes {
        let missing = self.devices.iter().map(|device| device.used().saturating_sub(device.free_bytes)).sum();
        if self.unified { self.used().saturating_sub(self.pool()).max(missing) } else { missing }
    }

    /// A part of every device, added up.
    #[must_use]
    pub fn sum(&self, part: fn(&DeviceMemory) -> Bytes) -> Bytes {
        self.devices.iter().map(part).sum()
    }

    /// What all devices together hold.
    #[must_use]
    pub fn used(&self) -> Bytes {
        self.sum(DeviceMemory::used)
    }

    /// The RAM that is free.
    fn pool(&self) -> Bytes {
        self.devices.last().map_or(Bytes::ZERO, |ram| ram.free_bytes)
    }

    /// The device with the least left, of those that hold weights.
    #[must_use]
    pub fn tightest(&self) -> Option<&DeviceMemory> {
        let used = self.devices.iter().filter(|device| device.weights_bytes > Bytes::ZERO);
        used.min_by_key(|device| i128::from(device.free_bytes.0) - i128::from(device.used().0))
    }

    /// What the tightest device has left.
    #[must_use]
    pub fn headroom(&self) -> Bytes {
        let least =
            self.tightest().map_or(Bytes::ZERO, |device| device.free_bytes.saturating_sub(device.used()));
        if self.unified { least.min(self.pool().saturating_sub(self.used())) } else { least }
    }

    /// The rearranged copy that the CPU backend keeps, beside the mapped file whose pages can be dropped.
    ///
    /// There is none where a GPU helps: llama.cpp then prefers the memory that the GPU can read from
    /// (`make_cpu_buft_list` in `llama-model.cpp`), which every backend but Metal has.
    #[must_use]
    pub fn repacked(&self, subject: &Subject<'_>, machine: &Machine) -> Bytes {
        let ram = self.devices.len() - 1;
        let helped = |gpu: usize| machine.gpus[gpu].vendor != Vendor::Apple;
        if self.devices.iter().filter_map(DeviceMemory::gpu).any(helped) {
            return Bytes::ZERO;
        }
        let repack = Repack::of(subject, &machine.cpu.instruction_sets);
        let layout = subject.layout();
        let in_ram = layout.tensors.iter().filter(|tensor| self.device_of(tensor) == ram);
        in_ram.map(|tensor| repack.copy_bytes(tensor)).sum()
    }
}
