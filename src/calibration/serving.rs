use serde::{Deserialize, Serialize};

use super::Values;
use super::table::{constants, keys};
use crate::machine::GpuClass;

keys! {
    /// GPUs whose serving kernels behave alike. Fewer groups than [`GpuClass`] has: fewer measurements are published.
    ServingClass, "class" {
        /// A100, A30.
        AmpereHbm "ampere_hbm",
        /// H100, H200, H20.
        Hopper "hopper",
        /// B200, B300 and their superchips.
        BlackwellHbm "blackwell_hbm",
        /// RTX 50, RTX PRO, GB10.
        Blackwell "blackwell",
        /// RTX 30, A40.
        Ampere "ampere",
        /// RTX 40, L4, L40S.
        Ada "ada",
        /// MI100, MI200.
        Cdna "cdna",
        /// MI300 and later.
        Cdna3 "cdna3",
        /// All others.
        Other "other",
    }
}

impl ServingClass {
    /// The group of a class.
    #[must_use]
    pub const fn of(class: Option<GpuClass>) -> Self {
        match class {
            Some(GpuClass::AmpereHbm) => Self::AmpereHbm,
            Some(GpuClass::Hopper) => Self::Hopper,
            Some(GpuClass::BlackwellHbm) => Self::BlackwellHbm,
            Some(GpuClass::Blackwell | GpuClass::BlackwellIntegrated) => Self::Blackwell,
            Some(GpuClass::Ampere | GpuClass::AmpereIntegrated) => Self::Ampere,
            Some(GpuClass::Ada) => Self::Ada,
            Some(GpuClass::Cdna) => Self::Cdna,
            Some(GpuClass::Cdna3) => Self::Cdna3,
            _ => Self::Other,
        }
    }
}

keys! {
    /// Engines whose schedulers and kernels take their own time.
    ServingKernels, "engine" {
        /// vLLM, and engines that came after it and work as it does.
        Vllm "vllm",
        /// SGLang.
        Sglang "sglang",
        /// TensorRT-LLM.
        TensorRtLlm "tensorrt_llm",
        /// llama.cpp and its kin.
        LlamaCpp "llama_cpp",
    }
}

keys! {
    /// The number formats that matrices are multiplied in.
    Multiplied, "arithmetic" {
        /// BF16, FP16.
        Sixteen "sixteen",
        /// FP8, INT8.
        Eight "eight",
        /// NVFP4, MXFP4.
        Four "four",
    }
}

constants! {
    /// A constant of the model of served engines. What it is multiplied with stands in `capacity/step_time.rs`. Priors
    /// named "kernels" are the medians of measured GEMM, attention, expert and all-reduce times in the package
    /// `aiconfigurator-core` 0.12.0 (NVIDIA, Apache-2.0), condensed to shares of the peak.
    ServingConstant {
    // Matrices.
    Bandwidth "bandwidth", "share of peak", 0.84 within 0.06, Both, "Memory bandwidth that reading weights reaches", from "kernels";
    BandwidthUnpacking "bandwidth_unpacking", "factor", 0.9 within 0.1, Both, "Bandwidth of weights that are unpacked before they are multiplied", from "kernels";
    Compute(number: Multiplied) "compute", "share of peak", 0.74 within 0.1, Both, "Compute that large matrices reach", from "kernels",
        except "eight" 0.56 within 0.1, except "four" 0.4 within 0.12;
    Norm "norm", "exponent", 1.4 within 0.12, Both, "The norm that joins reading and computing", from "kernels";
    BandwidthIn(number: Multiplied) "bandwidth", "factor", 1.0 within 0.02, Both, "Bandwidth by arithmetic: small matrices end before they reach it", from "kernels",
        except "eight" 0.98 within 0.05, except "four" 0.92 within 0.1;
    BandwidthOf(class: ServingClass) "bandwidth", "factor", 1.0 within 0.06, Both, "Bandwidth by class of GPU";
    ComputeOf(class: ServingClass) "compute", "factor", 1.0 within 0.12, Both, "Compute by class of GPU",
        except "cdna cdna3 other" 0.75 within 0.2;
    // Routed experts.
    BandwidthExperts "bandwidth_experts", "share of peak", 0.92 within 0.1, Both, "Memory bandwidth that reading routed experts reaches", from "kernels";
    ComputeExperts(number: Multiplied) "compute_experts", "share of peak", 0.2 within 0.3, Both, "Compute of routed experts", from "kernels",
        except "eight" 0.12 within 0.3, except "four" 0.12 within 0.35;
    Tile "expert_tile", "tokens", 10.0 within 0.5, Both, "Tokens that an expert computes beside its own, to fill its tiles";
    Coverage "expert_coverage", "exponent", 0.9 within 0.04, Both, "How many of a batch's tokens choose as if by chance";
    Imbalance "expert_imbalance", "factor", 1.1 within 0.06, Both, "The busiest GPU against the mean where whole experts are spread over GPUs";
    // Attention.
    BandwidthCache "bandwidth_cache", "share of peak", 0.75 within 0.1, Decode, "Memory bandwidth that reading the cache reaches", from "kernels";
    ComputeCache "compute_cache", "share of peak", 0.5 within 0.2, Decode, "Compute of attention over the cache", from "kernels";
    ComputeAttention "compute_attention", "share of peak", 0.48 within 0.12, Prefill, "Compute of a prompt's attention", from "kernels";
    ComputeLatent "compute_attention_latent", "share of peak", 0.42 within 0.15, Prefill, "Compute of a prompt's latent attention", from "kernels";
    // Between matrices.
    Small "small", "bytes for each token, layer and width", 35.0 within 0.4, Both, "What norms, rotations and activations read and write";
    // Exchanges.
    ExchangeLinked "exchange_linked_seconds", "seconds for each exchange of two", 3.8e-6 within 0.25, Both, "All-reduce over NVLink or its like", from "kernels";
    ExchangeMore "exchange_more", "share for each doubling", 0.2 within 0.4, Both, "What each doubling of the GPUs adds to it", from "kernels";
    ExchangeOf(class: ServingClass) "exchange", "factor", 1.0 within 0.25, Both, "The same by class of GPU",
        except "blackwell_hbm" 1.4 within 0.25, except "cdna cdna3 other" 2.5 within 0.3;
    ExchangePcie "exchange_pcie_seconds", "seconds for each exchange and GPU", 3.3e-6 within 0.25, Both, "All-reduce over PCIe", from "kernels";
    ExchangeNodes "exchange_nodes_seconds", "seconds for each exchange", 48e-6 within 0.3, Both, "All-reduce between nodes", from "kernels";
    ExchangeAll "exchange_all_seconds", "seconds for each exchange", 12e-6 within 0.3, Both, "All-to-all of routed experts behind data-parallel attention";
    Link "link", "share of peak", 0.55 within 0.15, Both, "What an exchange reaches of a link", from "kernels";
    Pcie "pcie_bytes_per_second", "bytes per second", 21e9 within 0.15, Both, "All-reduce of two GPUs over PCIe 5, by its message", from "kernels";
    PcieMore "pcie_more", "exponent", 0.35 within 0.2, Both, "How it falls with the GPUs", from "kernels";
    PcieHost "pcie_host", "exponent", 2.0 within 0.2, Both, "The same where each byte goes through the host", from "kernels";
    Network "network", "share of peak", 0.5 within 0.3, Both, "What an exchange between nodes reaches of 400 Gbit/s a GPU";
    // Launches.
    Layer(engine: ServingKernels) "layer_seconds", "seconds for each layer", 25e-6 within 0.25, Decode, "Launching a dense layer, and what its small kernels take at least",
        except "llama_cpp" 60e-6 within 0.3;
    LayerExperts(engine: ServingKernels) "layer_experts_seconds", "seconds for each layer", 65e-6 within 0.25, Decode, "The same of routed experts and latent attention",
        except "llama_cpp" 150e-6 within 0.3;
    LayerIn(number: Multiplied) "layer", "factor", 1.0 within 0.02, Decode, "Both by arithmetic: smaller numbers are quantized first",
        except "eight" 1.25 within 0.15, except "four" 1.35 within 0.15;
    LayerOf(class: ServingClass) "layer", "factor", 1.0 within 0.2, Decode, "Both by class of GPU";
    Progress "progress", "logarithm a year", 0.4 within 0.3, Decode, "How launches get faster between releases";
    ProgressExperts "progress_experts", "logarithm a year", 0.8 within 0.3, Decode, "The same of routed experts, which are younger",
        from "SGLang on 8 B200, R1 in FP8, 64 in flight: 40 ms in 2025-09, 29 ms in 2026-03, InferenceX";
    LaunchEarly "launch_early", "factor", 1.8 within 0.2, Decode, "Launches before engines were made fast for R1 (2025-05)";
    PromptLayer(engine: ServingKernels) "prompt_layer_seconds", "seconds for each layer", 150e-6 within 0.35, Prefill, "The least that a layer of a step with prompts takes, which no graph launches";
    // The host.
    Step(engine: ServingKernels) "step_seconds", "seconds for each step", 0.8e-3 within 0.5, Decode, "Scheduling, sampling, sending";
    Sequence(engine: ServingKernels) "sequence_seconds", "seconds for each sequence", 9e-6 within 0.6, Decode, "What a sequence of the batch adds to it";
    Mix(engine: ServingKernels) "mix_seconds", "seconds for each step", 3e-3 within 0.5, Prefill, "What a step with prompts takes beside";
    Front(engine: ServingKernels) "front_seconds", "seconds for each request", 15e-3 within 0.6, Prefill, "What the API server takes for a request, one after the other";
    FrontToken(engine: ServingKernels) "front_token_seconds", "seconds for each token of a prompt", 2e-6 within 0.6, Prefill, "The same for each token of its prompt";
    Reply(engine: ServingKernels) "reply_seconds", "seconds for each request", 40e-3 within 0.6, Prefill, "What lies between a first token and its reader, and between a request and its queue";
    Receive "receive", "steps", 24.0 within 0.4, Prefill, "Steps between two looks for new requests, where SGLang is tuned for routed experts",
        from "--scheduler-recv-interval of InferenceX's recipes: 10 for fewer than 16 in flight, 30 for more";
    Gather "gather_seconds", "seconds for each request", 0.7 within 0.4, Prefill, "Waiting until ranks that attend each for themselves have prompts at the same time",
        from "attention_dp_config of TensorRT-LLM: batching_wait_iters, timeout_iters";
    // Speculative decoding.
    Accepted(engine: ServingKernels) "accepted", "share", 0.64 within 0.1, Decode, "Drafted tokens that are accepted where the one before was";
    Draft "draft_seconds", "seconds for each drafted token", 0.25e-3 within 0.4, Decode, "Drafting a token";
    // Where it runs.
    Deployed "deployed", "factor", 1.3 within 0.15, Both, "Times of users' deployments against those of tuned benchmarks";
    BandwidthRam "bandwidth_ram", "share of peak", 0.5 within 0.3, Decode, "Bandwidth of RAM that reading experts there reaches";
    }
}

/// The constants of the model of served engines.
pub type ServingConstants = Values<ServingConstant>;

/// How far measurements of served engines lie from predictions made without their deployment: four of five lie
/// between, as factors.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServingSpread {
    /// The tenth percentile of measured over predicted.
    pub low: f64,
    /// The ninetieth.
    pub high: f64,
    /// Measurements that it rests on.
    pub measurements: u32,
}

/// How well the configuration of an engine is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tuning {
    /// Model, device, engine and precision were measured, and the engine is tuned.
    Measured,
    /// The engine is tuned for the load.
    Tuned,
    /// As it is usually deployed.
    Deployed,
}

/// How far measurements lie from predictions, by how well a configuration is known.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServingSpreads {
    /// Of measured configurations, predicted without the row itself.
    pub measured: ServingSpread,
    /// Of tuned ones that were not measured.
    pub tuned: ServingSpread,
    /// Of users' deployments.
    pub deployed: ServingSpread,
}

impl ServingSpreads {
    /// Of one.
    #[must_use]
    pub const fn of(&self, tuning: Tuning) -> ServingSpread {
        match tuning {
            Tuning::Measured => self.measured,
            Tuning::Tuned => self.tuned,
            Tuning::Deployed => self.deployed,
        }
    }

    /// Each, with its name.
    #[must_use]
    pub const fn named(&self) -> [(&'static str, ServingSpread); 3] {
        [("measured", self.measured), ("tuned", self.tuned), ("deployed", self.deployed)]
    }
}
