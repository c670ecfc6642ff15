use serde::{Deserialize, Serialize};

use crate::calibration::ServingKernels;

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

    /// Whose constants are its own.
    #[must_use]
    pub const fn kernels(self) -> ServingKernels {
        match self {
            Self::Vllm => ServingKernels::Vllm,
            Self::Sglang => ServingKernels::Sglang,
            Self::TensorRtLlm => ServingKernels::TensorRtLlm,
            Self::LlamaCpp => ServingKernels::LlamaCpp,
        }
    }

    /// What it does with prompts that come while it decodes.
    #[must_use]
    pub const fn prompts(self) -> Prompts {
        match self {
            Self::Vllm | Self::LlamaCpp => Prompts::Chunked,
            Self::Sglang => Prompts::First,
            Self::TensorRtLlm => Prompts::Whole,
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

/// What an engine does with prompts that come while it decodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompts {
    /// A part of them in each step, beside decoding (vLLM: chunked prefill).
    Chunked,
    /// Them first: decoding stops meanwhile (SGLang).
    First,
    /// Whole ones in a step, beside decoding (TensorRT-LLM: in-flight batching).
    Whole,
}
