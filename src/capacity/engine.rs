use serde::{Deserialize, Serialize};

/// A program that serves a model to many at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum ServingEngine {
    /// vLLM.
    Vllm,
    /// SGLang.
    Sglang,
    /// TensorRT-LLM.
    #[serde(rename = "tensorrt_llm")]
    #[value(name = "tensorrt-llm")]
    TensorRtLlm,
    /// llama.cpp and what descends from it: layers one after the other, experts in RAM if need be.
    #[value(name = "llama.cpp", aliases = ["ollama", "llama-server"])]
    LlamaCpp,
}

impl ServingEngine {
    /// The name as its makers write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Vllm => "vLLM",
            Self::Sglang => "SGLang",
            Self::TensorRtLlm => "TensorRT-LLM",
            Self::LlamaCpp => "llama.cpp",
        }
    }

    /// Who is let into the batch, and what happens when the cache is full.
    #[must_use]
    pub const fn admission(self) -> Admission {
        match self {
            Self::Vllm | Self::LlamaCpp => Admission::Eager,
            Self::Sglang => Admission::Estimating,
            Self::TensorRtLlm => Admission::Reserving,
        }
    }
}

/// When a request may join the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// As soon as its prompt fits. When the cache runs over, the newest is thrown out and computed again (vLLM:
    /// recompute preemption).
    Eager,
    /// When its prompt and half of a usual answer fit (SGLang guesses the share that will be needed).
    Estimating,
    /// When its prompt and its whole answer fit (TensorRT-LLM's default, `GUARANTEED_NO_EVICT`).
    Reserving,
}

/// Whether an engine is from before R1 was made fast.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EngineAge {
    /// Before 2025-05: vLLM 0.7 and earlier, SGLang 0.4.5 and earlier.
    Early,
    /// Later ones.
    #[default]
    Current,
}
