use super::{
    Admission, CacheType, Observed, Parallelism, Precision, Prompts, Release, ServedModel, ServingDevice,
    ServingEngine, StepTime,
};
use crate::calibration::ServingConstants;
use crate::units::{Bandwidth, Bytes};

/// One replica: a model in a precision, on GPUs, in an engine.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    /// The model.
    pub model: ServedModel,
    /// The precision of its weights.
    pub precision: Precision,
    /// The GPUs.
    pub device: ServingDevice,
    /// How the model lies over them.
    pub parallelism: Parallelism,
    /// The engine.
    pub engine: ServingEngine,
    /// When it was released.
    pub release: Release,
    /// In how many bits the cache is kept.
    pub cache: CacheType,
    /// Whether the engine was tuned for the load, as for a published benchmark.
    pub is_tuned: bool,
    /// Measured over predicted times of its configuration: model, device, engine and precision; 1 where none is known.
    pub known: f64,
    /// Tokens that are drafted for each step and verified by it; 0 without speculative decoding.
    pub drafted: u32,
    /// The most sequences that may run at once, where that is set.
    pub batch_limit: Option<u32>,
    /// Room for the cache on each GPU, where it is stated; else what the engine finds.
    pub cache_room: Option<Bytes>,
    /// Peak bandwidth of the RAM that routed experts are in, where they are there.
    pub experts_in_ram: Option<Bandwidth>,
    /// Measurements of it, which replace predictions.
    pub observed: Observed,
}

/// What the memory of a replica's GPUs is for, all of them together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemorySplit {
    /// The weights.
    pub weights: Bytes,
    /// The cache.
    pub cache: Bytes,
    /// Graphs, activations, the context of CUDA.
    pub workspace: Bytes,
    /// What the engine leaves alone.
    pub untaken: Bytes,
}

/// What an engine takes of a GPU's memory: vLLM's `gpu_memory_utilization`, and near what the others take.
const MEMORY_SHARE: f64 = 0.9;

/// What TensorRT-LLM, and the others where weights leave little, take of the memory that is free when these are loaded.
const FREE_SHARE: f64 = 0.85;

/// What graphs, activations and the context of CUDA take.
const WORKSPACE: Bytes = Bytes::mib(1907);

impl Deployment {
    /// What it is known by where it was measured: model, device, engine and precision.
    #[must_use]
    pub fn configuration(&self, model: &str) -> String {
        let drafts = if self.drafted > 0 { " MTP" } else { "" };
        format!("{model} {} {} {}{drafts}", self.device.name, self.engine.name(), self.precision.name())
    }

    /// The GPUs of one replica.
    #[must_use]
    pub fn gpus(&self) -> u32 {
        self.parallelism.gpus()
    }

    /// The weights that lie on GPUs, with the copies that data-parallel ranks have of attention's.
    #[must_use]
    pub fn weights_on_gpus(&self) -> Bytes {
        let all = self.model.weights(&self.precision);
        let attention = self.model.attention * self.model.resident_bytes(&self.precision);
        let copies = Bytes(1).share(attention * f64::from(self.parallelism.ranks() - 1));
        if self.experts_in_ram.is_some() {
            all + copies - Bytes(1).share(self.model.experts * self.precision.weight_bytes)
        } else {
            all + copies
        }
    }

    /// What is left for the cache on all GPUs together; `None` where the weights do not fit.
    #[must_use]
    pub fn cache_bytes(&self) -> Option<Bytes> {
        if let Some(room) = self.cache_room {
            return Some(room * u64::from(self.gpus()));
        }
        let gpus = u64::from(self.gpus());
        let weights = self.weights_on_gpus();
        let free = (self.device.memory * gpus).checked_sub(weights + WORKSPACE * gpus)?.share(FREE_SHARE);
        let usable = ((self.device.memory.share(MEMORY_SHARE) - WORKSPACE) * gpus).checked_sub(weights);
        let room = match self.engine {
            ServingEngine::TensorRtLlm => free,
            // Whoever has so little left gives the engine more.
            _ => usable.unwrap_or(Bytes::ZERO).max(free.share(0.7)),
        };
        Some(room).filter(|room| *room > Bytes::ZERO)
    }

    /// What the memory of all its GPUs is for; `None` where the weights do not fit, or the room for the cache was stated.
    #[must_use]
    pub fn memory_split(&self) -> Option<MemorySplit> {
        if self.cache_room.is_some() {
            return None;
        }
        let gpus = u64::from(self.gpus());
        let (weights, cache, workspace) = (self.weights_on_gpus(), self.cache_bytes()?, WORKSPACE * gpus);
        let untaken = self.device.memory * gpus - weights - cache - workspace;
        Some(MemorySplit { weights, cache, workspace, untaken })
    }

    /// Tokens that the cache holds; `None` where the weights do not fit.
    #[must_use]
    pub fn cache_tokens(&self) -> Option<f64> {
        // Heads are split until there is one on each GPU; more GPUs, and latents, are copied.
        let copies = if self.parallelism.data_attention {
            1.0
        } else {
            (f64::from(self.parallelism.tensor) / self.model.cache_heads).max(1.0)
        };
        Some(self.cache_bytes()?.as_f64() / self.model.cache_per_token(self.cache) / copies)
    }

    /// The most sequences that the engine runs at once: what is set, or else by its defaults.
    #[must_use]
    pub fn most_sequences(&self) -> u32 {
        let default = match self.engine {
            // `max_num_seqs` by `EngineArgs`: more on large cards since 2025.
            ServingEngine::Vllm if !self.release.is_early() && self.device.is_large() => 1024,
            ServingEngine::Vllm | ServingEngine::LlamaCpp => 256,
            // `max_running_requests` where it drafts, by `ServerArgs`.
            ServingEngine::Sglang if self.drafted > 0 && !self.is_tuned => 48,
            ServingEngine::Sglang => 4096,
            // `max_batch_size` of `trtllm-serve`, of each rank that attends for itself.
            ServingEngine::TensorRtLlm => 2048 * self.parallelism.ranks(),
        };
        self.batch_limit.unwrap_or(default)
    }

    /// The most tokens of prompts that a step takes in, by the engine's defaults.
    #[must_use]
    pub fn prefill_chunk(&self) -> f64 {
        let ranks = f64::from(self.parallelism.ranks());
        match self.engine {
            // `max_num_batched_tokens` by `EngineArgs`.
            ServingEngine::Vllm if !self.device.is_large() || self.release.is_early() => 2048.0,
            ServingEngine::LlamaCpp => 512.0,
            // `chunked_prefill_size` by `ServerArgs`: by the memory, and divided by the ranks.
            ServingEngine::Sglang if self.device.memory >= Bytes::gib(160) => 16_384.0,
            // Of the 8192 tokens of `max_num_tokens`, waits for the first token say that prompts take a quarter, of each
            // rank; longer ones go alone.
            ServingEngine::TensorRtLlm => 2048.0 * ranks,
            _ => 8192.0,
        }
    }

    /// The most tokens of prompts of this length that a step takes in: whole prompts go alone where they are longer.
    #[must_use]
    pub fn chunk_of(&self, prompt: f64) -> f64 {
        match self.prompts() {
            Prompts::Whole => self.prefill_chunk().max(prompt),
            Prompts::Chunked | Prompts::First => self.prefill_chunk(),
        }
    }

    /// What it does with prompts that come while it decodes.
    #[must_use]
    pub const fn prompts(&self) -> Prompts {
        self.engine.prompts()
    }

    /// Who may join the batch.
    #[must_use]
    pub const fn admission(&self) -> Admission {
        self.engine.admission()
    }

    /// The time of a step by these constants.
    #[must_use]
    pub fn step_time(&self, constants: &ServingConstants) -> StepTime {
        StepTime::of(self, constants)
    }
}
