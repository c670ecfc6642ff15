use crate::units::Bytes;
use serde::{Deserialize, Serialize};

/// The name under which a plan lists what stands in main memory.
pub const MAIN_MEMORY: &str = "CPU";

/// What a model and a session take, device by device, main memory last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryPlan {
    /// The devices that hold something.
    pub devices: Vec<DeviceMemory>,
}

/// Memory on one device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceMemory {
    /// The engine's name for it, such as `CUDA0`, or [`MAIN_MEMORY`].
    pub name: String,
    /// Weights, repacked ones included.
    pub weights_bytes: Bytes,
    /// The share of the weights that is kept rearranged for the CPU's vector units, so that the file's own
    /// pages are not what is read.
    pub repack_bytes: Bytes,
    /// Cached keys and values.
    pub kv_cache_bytes: Bytes,
    /// Scratch for the graph, and its inputs and outputs.
    pub compute_bytes: Bytes,
}

impl DeviceMemory {
    /// Everything that it holds.
    #[must_use]
    pub fn total(&self) -> Bytes {
        self.weights_bytes + self.kv_cache_bytes + self.compute_bytes
    }
}

impl MemoryPlan {
    /// Whether no other device holds anything.
    #[must_use]
    pub fn is_main_memory_only(&self) -> bool {
        self.devices.iter().all(|device| device.name == MAIN_MEMORY)
    }

    /// A sum over all devices, such as `plan.sum(DeviceMemory::total)`.
    #[must_use]
    pub fn sum(&self, part: impl Fn(&DeviceMemory) -> Bytes) -> Bytes {
        self.devices.iter().map(part).sum()
    }
}
