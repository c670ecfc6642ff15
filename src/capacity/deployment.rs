use super::{Admission, EngineAge, Observed, Precision, ServedModel, ServingDevice, ServingEngine, StepTime};
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
    /// How old it is.
    pub age: EngineAge,
    /// Tokens that are drafted for each step and verified by it; 0 without speculative decoding.
    pub drafted: u32,
    /// Room for the cache on each GPU, where it is stated; else what the engine finds.
    pub cache_room: Option<Bytes>,
    /// Peak bandwidth of the RAM that routed experts are in, where they are there.
    pub experts_in_ram: Option<Bandwidth>,
    /// Measurements of it, which replace predictions.
    pub observed: Observed,
}

/// How a model lies over GPUs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parallelism {
    /// Each layer over all of this many GPUs.
    Tensor(u32),
    /// The same, but each GPU attends for sequences of its own and holds their cache.
    DataAttention(u32),
    /// One layer after the other over this many GPUs.
    Pipeline(u32),
}

impl Parallelism {
    /// How many GPUs.
    #[must_use]
    pub const fn gpus(self) -> u32 {
        match self {
            Self::Tensor(gpus) | Self::DataAttention(gpus) | Self::Pipeline(gpus) => gpus,
        }
    }
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

/// What graphs, activations and the context of CUDA take of that.
const WORKSPACE: Bytes = Bytes::mib(1907);

impl Deployment {
    /// The GPUs of one replica.
    #[must_use]
    pub fn gpus(&self) -> u32 {
        self.parallelism.gpus()
    }

    /// The weights that lie on GPUs.
    #[must_use]
    pub fn weights_on_gpus(&self) -> Bytes {
        let all = self.model.weights(&self.precision);
        if self.experts_in_ram.is_some() {
            all - Bytes(1).share(self.model.experts * self.precision.weight_bytes)
        } else {
            all
        }
    }

    /// What is left for the cache on all GPUs together; `None` where the weights do not fit.
    #[must_use]
    pub fn cache_bytes(&self) -> Option<Bytes> {
        if let Some(room) = self.cache_room {
            return Some(room * u64::from(self.gpus()));
        }
        let usable = (self.device.memory.share(MEMORY_SHARE) - WORKSPACE) * u64::from(self.gpus());
        usable.checked_sub(self.weights_on_gpus()).filter(|room| *room > Bytes::ZERO)
    }

    /// What the memory of all its GPUs is for; `None` where the weights do not fit, or the room for the cache was stated.
    #[must_use]
    pub fn memory_split(&self) -> Option<MemorySplit> {
        if self.cache_room.is_some() {
            return None;
        }
        let gpus = u64::from(self.gpus());
        let all = self.device.memory * gpus;
        Some(MemorySplit {
            weights: self.weights_on_gpus(),
            cache: self.cache_bytes()?,
            workspace: WORKSPACE * gpus,
            untaken: all - self.device.memory.share(MEMORY_SHARE) * gpus,
        })
    }

    /// Tokens that the cache holds; `None` where the weights do not fit.
    #[must_use]
    pub fn cache_tokens(&self) -> Option<f64> {
        let copies = match self.parallelism {
            Parallelism::Tensor(gpus) if self.model.shares_latent => f64::from(gpus),
            _ => 1.0,
        };
        Some(self.cache_bytes()?.as_f64() / self.model.cache_per_token() / copies)
    }

    /// The most sequences that the engine runs at once, by its defaults.
    #[must_use]
    pub fn most_sequences(&self) -> u32 {
        match self.engine {
            // `max_num_seqs` by `EngineArgs`: more on large cards since 2025.
            ServingEngine::Vllm if self.age == EngineAge::Current && self.device.is_large() => 1024,
            ServingEngine::Vllm | ServingEngine::LlamaCpp => 256,
            // `max_running_requests` where it drafts, by `ServerArgs`.
            ServingEngine::Sglang if self.drafted > 0 => 48,
            ServingEngine::Sglang => 4096,
            // `max_batch_size` of `trtllm-serve`, of each rank that attends for itself.
            ServingEngine::TensorRtLlm => match self.parallelism {
                Parallelism::DataAttention(ranks) => 2048 * ranks,
                _ => 2048,
            },
        }
    }

    /// The most tokens of prompts that a step takes in, by the engine's defaults.
    #[must_use]
    pub fn prefill_chunk(&self) -> f64 {
        match (self.engine, self.parallelism) {
            // `max_num_batched_tokens` by `EngineArgs`.
            (ServingEngine::Vllm, _) if self.most_sequences() < 1024 => 2048.0,
            (ServingEngine::LlamaCpp, _) => 512.0,
            // `chunked_prefill_size` is divided by the ranks, of which a quarter has a prompt to work at.
            (ServingEngine::Sglang, Parallelism::DataAttention(_)) => 2048.0,
            _ => 8192.0,
        }
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
