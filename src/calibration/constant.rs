use super::table::constants;
use super::{Family, Vectors};
use crate::machine::{Backend, GpuClass};

constants! {
    /// A constant of the speed model of one machine. What it is multiplied with stands in `estimate/speed`.
    Constant {
    // GPUs: decoding.
    Bandwidth "bandwidth", "share of peak", 0.75 within 0.3, Decode, "Memory bandwidth that decoding reaches";
    Unpack "unpack", "FP32 operations for each multiply-add", 0.7 within 0.5, Decode, "Unpacking and multiplying one weight";
    CacheBandwidth "cache_bandwidth", "factor on bandwidth", 0.8 within 0.3, Decode, "Reading the KV cache";
    Launch "launch", "seconds for seven matrices", 80e-6 within 0.5, Decode, "Launching the kernels of a dense layer";
    Compute "compute", "multiple of FP32 peak", 0.8 within 0.2, Prefill, "Operations of prefill";
    BandwidthBeforeGraphs "bandwidth_before_graphs", "factor", 1.0 within 0.1, Decode, "Bandwidth before CUDA graphs (2024-06)";
    LaunchBeforeGraphs "launch_before_graphs", "factor", 1.5 within 0.3, Decode, "Launches before CUDA graphs (2024-06)";
    CacheWithoutFlash "cache_without_flash", "factor", 0.7 within 0.4, Decode, "Reading the KV cache without flash attention";
    Split "split", "seconds for each layer", 20e-6 within 0.5, Decode, "Passing on between several GPUs";
    ExpertsOnGpu "experts_on_gpu", "factor on bandwidth", 0.5 within 0.2, Decode, "Reading routed experts",
        from "V3 Q5_K_M over eight H100, build 4418, github.com/AUGMXNT/llm-tracker.info-vault";
    // GPUs: prefilling.
    Power "power", "exponent", 0.3 within 0.3, Prefill, "Compute by the watts that a card has for each operation";
    Attention "attention", "factor on compute", 0.5 within 0.4, Prefill, "Operations of attention";
    AttentionWithoutFlash "attention_without_flash", "factor", 0.4 within 0.4, Prefill, "Attention without flash attention";
    ReadWhilePrefilling "read_while_prefilling", "passes", 0.5 within 0.3, Prefill, "Reading the weights, beside computing";
    Pipeline "pipeline", "exponent", 0.9 within 0.1, Prefill, "Share of the ideal speed-up of several GPUs in a pipeline";
    ExpertsWhilePrefilling "experts_while_prefilling", "factor on compute", 0.17 within 0.3, Prefill, "Routed experts",
        from "716 tok/s on an H200, 2026-11-27, measurements/h200.csv";
    // CPUs.
    CpuBandwidthOfPeak "cpu_bandwidth_of_peak", "share of peak", 0.7 within 0.15, Both, "Memory bandwidth, where only the peak is known";
    CpuBandwidthOfMeasured "cpu_bandwidth_of_measured", "share of measured", 0.9 within 0.1, Both, "Memory bandwidth, where it was measured";
    CpuThreadBandwidth "cpu_thread_bandwidth", "bytes per second", 32e9 within 0.3, Decode, "What one thread draws from memory at most";
    ExpertsInRam "experts_in_ram", "factor on bandwidth", 0.6 within 0.2, Decode, "Reading routed experts in RAM",
        from "V3 Q4_K_S on a Genoa of 461 GB/s, github.com/ikawrakow/ik_llama.cpp/pull/180";
    CpuLaunch "cpu_launch", "seconds for seven matrices", 100e-6 within 0.5, Decode, "Waiting for the slowest thread";
    CpuAttention "cpu_attention", "operations for each cycle of a thread", 5.0 within 0.3, Prefill, "Operations of attention";
    ExpertsInRamWhilePrefilling "experts_in_ram_while_prefilling", "factor on compute", 0.5 within 0.2, Prefill, "Routed experts in RAM";
    CpuThreads "cpu_threads", "exponent", 0.95 within 0.03, Both, "Work by the number of threads: more of them clock lower and wait longer";
    CpuUnpackOfRepacked "cpu_unpack_repacked", "factor", 1.3 within 0.2, Decode, "Unpacking rearranged weights";
    // Ages and libraries of GPU engines.
    ComputeWithoutBlasLt "compute_without_hipblaslt", "factor", 0.35 within 0.3, Prefill, "ROCm with hipBLASLt switched off";
    ExpertsWhilePrefillingBefore "experts_while_prefilling_before_2025_03", "factor", 0.4 within 0.3, Prefill, "Routed experts before 2025-03",
        from "290 tok/s on eight H100, github.com/AUGMXNT/llm-tracker.info-vault";
    // By type of weights. Few GPUs were measured with less than four bits. On CPUs floats go straight into a
    // multiply-add, and codebooks of two and three bits are looked up.
    UnpackOfFamily(family: Family) "unpack", "factor", 1.0 within 0.5, Decode, "Unpacking on GPUs by type of weights",
        except "q3_k q2_k iq3 iq2 iq1" 1.0 within 0.25;
    CpuUnpackOfFamily(family: Family) "cpu_unpack", "bytes for each cycle of a thread", 5.0 within 0.1, Decode, "Unpacking and multiplying by type of weights",
        except "float" 8.0 within 0.1, except "q6_k q5_k q4_k" 4.0 within 0.1,
        except "q5 q3_k q2_k iq4_xs" 3.0 within 0.1, except "iq3 iq2 iq1" 1.3 within 0.1;
    CpuComputeOfFamily(family: Family) "cpu_compute", "operations for each cycle of a thread", 15.0 within 0.3, Prefill, "Prefill by type of weights",
        except "q8 q4 q4_k iq4_nl" 22.0 within 0.3, except "q3_k" 14.0 within 0.3, except "iq3 iq2 iq1" 8.0 within 0.3;
    // By vector instructions. Apple's cores, and Arm's larger ones, start four vector operations in a cycle.
    CpuUnpackOf(vectors: Vectors) "cpu_unpack", "factor", 1.0 within 0.2, Decode, "Unpacking by vector instructions",
        except "i8mm" 1.5 within 0.3;
    CpuComputeOf(vectors: Vectors) "cpu_compute", "factor", 1.0 within 0.1, Prefill, "Prefill by vector instructions",
        from "AMX: 160 tok/s of 1.5B Q4_K_M on two threads of a Xeon, bench, 2026-11-25",
        except "amx" 3.5 within 0.1, except "avx2" 0.7 within 0.1, except "dotprod" 0.6 within 0.1,
        except "plain" 0.25 within 0.1;
    CpuComputeOfRepacked(vectors: Vectors) "cpu_compute_repacked", "factor", 1.3 within 0.3, Prefill, "Prefill with rearranged weights",
        except "i8mm dotprod" 2.0 within 0.3;
    // By backend. SYCL multiplies quantized weights without the matrix units.
    BandwidthOf(backend: Backend) "bandwidth", "factor", 1.0 within 0.1, Decode, "Bandwidth by backend";
    UnpackOf(backend: Backend) "unpack", "factor", 1.0 within 0.5, Decode, "Unpacking by backend";
    CacheBandwidthOf(backend: Backend) "cache_bandwidth", "factor", 1.0 within 0.3, Decode, "Reading the KV cache by backend";
    LaunchOf(backend: Backend) "launch", "factor", 1.0 within 0.5, Decode, "Launches by backend";
    ComputeOf(backend: Backend) "compute", "factor", 1.0 within 0.3, Prefill, "Compute by backend",
        from "docs/backend/SYCL.md of llama.cpp",
        except "sycl" 0.75 within 0.3;
    ComputeWithoutFlash(backend: Backend) "compute_without_flash", "factor", 0.93 within 0.1, Prefill, "Compute without flash attention";
    ComputeBefore(backend: Backend) "compute_before_2024_10", "factor", 0.9 within 0.1, Prefill, "Compute before 2024-10";
    AttentionOf(backend: Backend) "attention", "factor", 1.0 within 0.3, Prefill, "Attention by backend";
    BandwidthOfFamily(backend: Backend, family: Family) "bandwidth", "factor", 1.0 within 0.05, Decode, "Bandwidth by type of weights";
    ComputeOfFamily(backend: Backend, family: Family) "compute", "factor", 1.0 within 0.3, Prefill, "Compute by type of weights";
    BandwidthOfClass(backend: Backend, class: GpuClass) "bandwidth", "factor", 1.0 within 0.15, Decode, "Bandwidth by class of GPU";
    LaunchOfClass(backend: Backend, class: GpuClass) "launch", "factor", 1.0 within 0.3, Decode, "Launches by class of GPU";
    ComputeOfClass(backend: Backend, class: GpuClass) "compute", "factor", 1.0 within 0.5, Prefill, "Compute by class of GPU";
    UnpackOfClass(backend: Backend, class: GpuClass) "unpack", "factor", 1.0 within 0.3, Decode, "Unpacking by class of GPU";
    }
}
