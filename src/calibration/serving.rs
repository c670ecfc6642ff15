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

constants! {
    /// A constant of the model of served engines. What it is multiplied with stands in `capacity/step_time.rs`. The
    /// priors follow what the engines' authors, public rooflines and published sizing guides state.
    ServingConstant {
    Bandwidth "bandwidth", "share of peak", 0.85 within 0.1, Decode, "Memory bandwidth that a step reaches";
    BandwidthUnpacking "bandwidth_unpacking", "factor", 0.9 within 0.1, Decode, "Bandwidth of weights that are unpacked before they are multiplied";
    Launch "launch_seconds", "seconds for each layer", 35e-6 within 0.3, Decode, "Launching the kernels of a dense layer";
    LaunchExperts "launch_experts_seconds", "seconds for each layer", 90e-6 within 0.3, Decode, "Launching routed experts and latent attention, in addition";
    LaunchVllm "launch.vllm", "factor", 1.0 within 0.3, Decode, "Both launches on vLLM";
    LaunchSglang "launch.sglang", "factor", 1.0 within 0.3, Decode, "Both launches on SGLang";
    LaunchTensorRt "launch.tensorrt_llm", "factor", 0.9 within 0.3, Decode, "Both launches on TensorRT-LLM";
    LaunchLlamaCpp "launch.llama_cpp", "factor", 2.5 within 0.3, Decode, "Both launches on llama.cpp and its kin";
    LaunchExpertsVllm "launch_experts.vllm", "factor", 1.8 within 0.3, Decode, "Launching routed experts on vLLM";
    LaunchEarly "launch_early", "factor", 2.0 within 0.3, Decode, "Launches of engines from before they were made fast for R1 (2025-05)";
    ExchangeLinked "exchange_linked_seconds", "seconds for each exchange", 10e-6 within 0.4, Decode, "Exchange in a node over NVLink or its like";
    ExchangePcie "exchange_pcie_seconds", "seconds for each exchange", 40e-6 within 0.4, Decode, "Exchange in a node over PCIe";
    ExchangeNodes "exchange_nodes_seconds", "seconds for each exchange", 60e-6 within 0.5, Decode, "Exchange between nodes";
    Step "step_seconds", "seconds for each step", 1e-3 within 0.5, Decode, "Scheduling, sampling, sending";
    Sequence "sequence_seconds", "seconds for each sequence", 30e-6 within 0.5, Decode, "What a sequence of the batch adds";
    SequenceExperts "sequence_experts_seconds", "seconds for each sequence and layer", 1.5e-6 within 0.5, Decode, "The same in a layer of routed experts and latent attention";
    Compute "compute", "share of peak", 0.5 within 0.3, Decode, "Compute that decoding a large batch reaches";
    ComputePrefill "compute_prefill", "share of peak", 0.45 within 0.25, Prefill, "Compute that prefilling reaches";
    ComputeExperts "compute_experts", "factor", 0.3 within 0.3, Decode, "Compute of decoding through routed experts";
    ComputeAttention "compute_attention", "share of peak", 0.3 within 0.3, Decode, "Compute of attention over the cache";
    PrefillExperts "prefill_experts_seconds", "seconds for each token and layer", 0.35e-6 within 0.4, Prefill, "Prefilling through routed experts, beside computing";
    Accepted "accepted_tokens", "tokens for each step", 2.2 within 0.25, Decode, "What speculative decoding gains";
    BandwidthRam "bandwidth_ram", "share of peak", 0.5 within 0.3, Decode, "Bandwidth of RAM that reading experts there reaches";
    BandwidthOf(class: ServingClass) "bandwidth", "factor", 1.0 within 0.1, Decode, "Bandwidth by class of GPU";
    ComputeOf(class: ServingClass) "compute", "factor", 1.0 within 0.25, Both, "Compute by class of GPU";
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
