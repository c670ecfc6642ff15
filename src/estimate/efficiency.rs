//! What kernels reach of a device's peak, with how far single measurements stray from it.
//!
//! First-form constants, one per backend, read off published llama.cpp runs (`llama-bench` scoreboards of the
//! llama.cpp discussions 4167, 10879 and 15013, and the sources named at each constant). They are no fit:
//! the intervals are as wide as the spread of those runs.

use super::predicted::Interval;
use crate::gguf::GgmlType;
use crate::machine::{Backend, Cpu, InstructionSet};
use crate::units::{Flops, Seconds};

/// What a backend's kernels reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Efficiency {
    /// Share of the peak memory bandwidth while decoding.
    pub bandwidth: f64,
    /// Time that a layer's kernel launches take beside the reading.
    pub layer_overhead: Seconds,
    /// Share of the peak dense FP16 throughput while prefilling.
    pub compute: f64,
    /// Where measured decode speeds lie, as factors of the predicted.
    pub decode_spread: Interval,
    /// Where measured prefill speeds lie, as factors of the predicted.
    pub prefill_spread: Interval,
}

const fn spread(low: f64, high: f64) -> Interval {
    Interval { low, high }
}

/// What `backend` reaches on a GPU.
#[must_use]
pub const fn of_gpu(backend: Backend) -> Efficiency {
    let (bandwidth, layer_microseconds, compute) = match backend {
        // 8B Q4_K_M on an RTX 4090: 127.7 tok/s measured (github.com/XiongjieDai/GPU-Benchmarks-on-LLM-Inference).
        Backend::Cuda => (0.78, 45.0, 0.33),
        Backend::Metal => (0.75, 40.0, 0.60),
        Backend::Rocm => (0.55, 60.0, 0.25),
        Backend::Vulkan => (0.55, 60.0, 0.20),
        Backend::Sycl | Backend::Cpu => (0.50, 80.0, 0.20),
    };
    Efficiency {
        bandwidth,
        layer_overhead: Seconds(layer_microseconds * 1e-6),
        compute,
        decode_spread: spread(0.65, 1.3),
        prefill_spread: spread(0.5, 1.7),
    }
}

/// What reading routed experts reaches of what reading whole matrices does: their rows lie scattered. On CPUs,
/// the V3 in `Q4_K_S` decoded 9.57 tok/s on a Genoa of 461 GB/s (`github.com/ikawrakow/ik_llama.cpp/pull/180`);
/// on GPUs, in `Q5_K_M`, 23.6 tok/s over eight H100 (`github.com/AUGMXNT/llm-tracker.info-vault`, build 4418).
pub const EXPERTS_ON_CPU: f64 = 0.68;
/// The same on GPUs.
pub const EXPERTS_ON_GPU: f64 = 0.5;
/// What routing and gathering add to a layer with experts on a GPU.
pub const EXPERT_LAYER_OVERHEAD: Seconds = Seconds(200e-6);
/// What prefilling through experts reaches on CPUs of what it does through whole matrices: 26 tok/s on that Genoa.
pub const EXPERTS_PREFILL_ON_CPU: f64 = 0.55;

/// What a layer's dozen operations cost in waiting for the slowest thread.
pub const CPU_LAYER_OVERHEAD: Seconds = Seconds(100e-6);

/// What several sockets together give to a program that knows nothing of them: about as much as one.
#[must_use]
pub fn of_sockets(sockets: u32) -> f64 {
    1.0 / f64::from(sockets.max(1))
}

/// Share of the peak INT8 throughput that CUDA's prefill reaches with quantized weights, which it multiplies as
/// 8-bit integers: 8B `Q4_K_M`, `pp512` on an RTX 4090, 3090 and 4080 (scoreboard of `XiongjieDai`).
pub const CUDA_INTEGER_COMPUTE: f64 = 0.14;

/// Share of a measured read bandwidth that decoding reaches on CPUs, and of a platform's peak.
pub const CPU_BANDWIDTH_OF_MEASURED: f64 = 0.9;
/// Share of the platform's peak bandwidth that decoding reaches.
pub const CPU_BANDWIDTH_OF_PEAK: f64 = 0.65;
/// Where measured CPU speeds lie, as factors of the predicted: few sources state threads and memory.
pub const CPU_DECODE_SPREAD: Interval = spread(0.55, 1.7);
/// The same for prefill.
pub const CPU_PREFILL_SPREAD: Interval = spread(0.45, 2.0);

/// The bytes of weights that one thread unpacks and multiplies per second while decoding, where memory is no
/// limit. Read off 2-thread runs of an 8B on a Ryzen 9 7950X, in GB/s, and halved for server clocks.
#[must_use]
pub const fn cpu_decode_bytes_per_thread(ggml_type: GgmlType) -> f64 {
    let gigabytes = match ggml_type {
        GgmlType::F32 | GgmlType::F16 | GgmlType::BF16 => 20.0,
        GgmlType::Q8_0 | GgmlType::Q4_K | GgmlType::Q5_K | GgmlType::Q6_K => 11.0,
        GgmlType::Q4_0 | GgmlType::Q4_1 => 12.0,
        GgmlType::Q2_K | GgmlType::Q3_K | GgmlType::IQ4_XS | GgmlType::IQ4_NL => 8.0,
        GgmlType::Q5_0 | GgmlType::Q5_1 => 7.5,
        GgmlType::IQ1_S
        | GgmlType::IQ1_M
        | GgmlType::IQ2_XXS
        | GgmlType::IQ2_XS
        | GgmlType::IQ2_S
        | GgmlType::IQ3_XXS
        | GgmlType::IQ3_S => 3.7,
    };
    gigabytes * 1e9
}

/// The operations that one thread reaches while prefilling, by type of the weights, with 8-bit dot products of
/// 512 bits. Read off 16-thread runs of an 8B on a Ryzen 9 7950X (AVX-512) and 8-thread runs on an Apple M2 Max.
#[must_use]
#[expect(
    clippy::match_same_arms,
    reason = "plain and K-quants are different kernels that happen to be as fast"
)]
pub const fn cpu_prefill_per_thread(ggml_type: GgmlType) -> Flops {
    let gigaflops = match ggml_type {
        GgmlType::Q4_0 | GgmlType::Q8_0 | GgmlType::Q4_K | GgmlType::IQ4_NL => 110.0,
        GgmlType::F32 | GgmlType::F16 | GgmlType::BF16 | GgmlType::Q4_1 | GgmlType::Q5_0 | GgmlType::Q5_1 => {
            75.0
        }
        GgmlType::Q2_K | GgmlType::Q3_K | GgmlType::Q5_K | GgmlType::Q6_K | GgmlType::IQ4_XS => 75.0,
        _ => 40.0,
    };
    Flops(gigaflops * 1e9)
}

/// What a CPU's instruction sets make of [`cpu_prefill_per_thread`].
#[must_use]
pub fn cpu_prefill_scale(cpu: &Cpu) -> f64 {
    let has = |set| cpu.instruction_sets.contains(&set);
    if has(InstructionSet::AmxInt8) {
        3.0
    } else if has(InstructionSet::Avx512Vnni) || has(InstructionSet::I8mm) {
        1.0
    } else if has(InstructionSet::Avx2) || has(InstructionSet::AvxVnni) || has(InstructionSet::Dotprod) {
        0.6
    } else {
        0.2
    }
}
