use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::machine::Backend;
use crate::run_config::{Loading, RunConfig};
use crate::units::{Bytes, Seconds};

/// A model file and how to load it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoadRequest {
    /// The GGUF file; of a split model, the first.
    pub path: PathBuf,
    /// Whether to run it or only to plan its memory.
    pub mode: LoadMode,
    /// Placement of its parts.
    pub loading: Loading,
}

/// Purpose of a loaded model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoadMode {
    /// Reads the weights: it can run.
    Run,
    /// Reads the header only and allocates nothing: it can plan.
    Plan,
}

/// How to open a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRequest {
    /// The settings.
    pub config: RunConfig,
    /// Threads to compute with.
    pub threads: u32,
    /// Tokens of a batch that may have logits; all by default.
    pub outputs: Option<u32>,
}

/// What some people ask at the same moment, each in a sequence of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crowd {
    /// How many there are.
    pub users: u32,
    /// Tokens of each one's prompt.
    pub prompt_tokens: u32,
    /// Tokens of each one's answer.
    pub output_tokens: u32,
}

/// How long they waited.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrowdTimes {
    /// From the common start until each one's prompt was through.
    pub prompts: Vec<Seconds>,
    /// For all answers, decoded side by side.
    pub decode: Seconds,
}

/// Facts of a loaded model file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelFacts {
    /// The engine's own words, such as `qwen2 1.5B Q4_K - Medium`.
    pub description: String,
    /// Bytes of all tensors.
    pub weights_bytes: Bytes,
    /// Values of all tensors.
    pub parameters: u64,
}

/// Name and version of an engine, for reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineBuild {
    /// The engine, such as `llama.cpp`.
    pub name: String,
    /// Version.
    pub version: String,
    /// Features it was compiled for, in its own words.
    pub system: String,
}

/// Something that an engine can compute on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The engine's name for it, such as `CUDA0`.
    pub name: String,
    /// The driver's name for it, such as `NVIDIA GeForce RTX 4090`.
    pub description: String,
    /// Processor, card or something beside them.
    pub kind: DeviceKind,
    /// All its memory.
    pub total_bytes: Bytes,
    /// Free memory.
    pub free_bytes: Bytes,
}

impl Device {
    /// The backend that drives it, by the names that ggml's backends give their devices; none of the processors, or of
    /// what predictions know nothing of.
    #[must_use]
    pub fn backend(&self) -> Option<Backend> {
        // `GGML_CUDA_NAME` and its like in ggml's headers; Metal's is in ggml-metal.cpp.
        let names = [
            ("CUDA", Backend::Cuda),
            ("ROCm", Backend::Rocm),
            ("Vulkan", Backend::Vulkan),
            ("MTL", Backend::Metal),
            ("SYCL", Backend::Sycl),
        ];
        names.into_iter().find(|(name, _)| self.name.starts_with(name)).map(|(_, backend)| backend)
    }

    /// Whether it is another machine's.
    #[must_use]
    pub fn is_remote(&self) -> bool {
        // `ggml_backend_rpc_add_server` in ggml-rpc.cpp.
        self.name.starts_with("RPC")
    }

    /// Whether it is beside the processors.
    #[must_use]
    pub const fn is_gpu(&self) -> bool {
        matches!(self.kind, DeviceKind::Gpu | DeviceKind::IntegratedGpu)
    }
}

/// Kind of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceKind {
    /// The processors.
    Cpu,
    /// A card with memory of its own.
    Gpu,
    /// A GPU in main memory.
    IntegratedGpu,
    /// Something that helps the CPU, such as a BLAS library.
    Accelerator,
}
