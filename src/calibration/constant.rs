use super::{Family, Vectors};
use crate::machine::{Backend, GpuClass};

/// A constant of the speed model. What it is multiplied with stands in `estimate/speed`.
///
/// One that ends in a backend, class, family or kind of vectors is a factor on the one before it and near 1: so a
/// card that nobody measured is predicted from the others, and a backend with few rows from all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constant {
    /// Share of a GPU's peak bandwidth that decoding reaches.
    Bandwidth,
    /// The same by backend.
    BandwidthOf(Backend),
    /// The same by class of GPU.
    BandwidthOfClass(Backend, GpuClass),
    /// The same by type of weights.
    BandwidthOfFamily(Backend, Family),
    /// The same before CUDA graphs (2024-06).
    BandwidthBeforeGraphs,
    /// FP32 operations that it takes to unpack and multiply one weight, in operations a multiply-add.
    Unpack,
    /// The same by backend.
    UnpackOf(Backend),
    /// The same by class of GPU.
    UnpackOfClass(Backend, GpuClass),
    /// The same by type of weights.
    UnpackOfFamily(Family),
    /// Bandwidth of reading the cache, as a share of that of reading weights.
    CacheBandwidth,
    /// The same by backend.
    CacheBandwidthOf(Backend),
    /// The same without flash attention.
    CacheWithoutFlash,
    /// Seconds that launching the kernels of seven matrices (a dense layer) takes.
    Launch,
    /// The same by backend.
    LaunchOf(Backend),
    /// The same by class of GPU.
    LaunchOfClass(Backend, GpuClass),
    /// The same before CUDA graphs (2024-06).
    LaunchBeforeGraphs,
    /// Seconds a layer that a split over several GPUs adds.
    Split,
    /// Bandwidth of reading routed experts on a GPU, as a share of that of whole matrices.
    ExpertsOnGpu,
    /// Operations of prefill as a multiple of a GPU's FP32 peak.
    Compute,
    /// The same by backend.
    ComputeOf(Backend),
    /// The same by class of GPU.
    ComputeOfClass(Backend, GpuClass),
    /// The same by type of weights.
    ComputeOfFamily(Backend, Family),
    /// The same without flash attention.
    ComputeWithoutFlash(Backend),
    /// The same before 2024-10.
    ComputeBefore(Backend),
    /// The same of ROCm where its library for small matrices (hipBLASLt) is switched off.
    ComputeWithoutBlasLt,
    /// The power to which compute goes with the watts that a card has for each operation.
    Power,
    /// Operations of attention as a share of those of the matrices.
    Attention,
    /// The same by backend.
    AttentionOf(Backend),
    /// The same without flash attention.
    AttentionWithoutFlash,
    /// Times that prefill reads the weights from memory, beside computing.
    ReadWhilePrefilling,
    /// How much of the ideal speed-up several GPUs in a pipeline reach, as a power.
    Pipeline,
    /// Operations of prefilling through routed experts as a share of those of whole matrices.
    ExpertsWhilePrefilling,
    /// The same before 2025-03, as a share of what it is now.
    ExpertsWhilePrefillingBefore,
    /// Share of a platform's peak memory bandwidth that CPU decoding reaches.
    CpuBandwidthOfPeak,
    /// Share of a measured memory bandwidth that CPU decoding reaches.
    CpuBandwidthOfMeasured,
    /// Bytes a second that one thread draws from memory at most.
    CpuThreadBandwidth,
    /// Bandwidth of reading routed experts in RAM, as a share of that of whole matrices.
    ExpertsInRam,
    /// Seconds that seven matrices' worth of waiting for the slowest thread takes.
    CpuLaunch,
    /// Bytes of weights that a thread unpacks and multiplies in a clock cycle while decoding.
    CpuUnpackOfFamily(Family),
    /// The same by vector instructions.
    CpuUnpackOf(Vectors),
    /// Operations of a thread in a clock cycle while prefilling.
    CpuComputeOfFamily(Family),
    /// The same by vector instructions.
    CpuComputeOf(Vectors),
    /// The same of rearranged weights.
    CpuComputeOfRepacked(Vectors),
    /// The power to which work goes with the number of threads: more of them clock lower and wait longer.
    CpuThreads,
    /// Bytes in a cycle of rearranged weights, as a multiple of those of others.
    CpuUnpackOfRepacked,
    /// Operations of attention of a thread in a clock cycle.
    CpuAttention,
    /// Operations of prefilling through routed experts in RAM as a share of those of whole matrices.
    ExpertsInRamWhilePrefilling,
}

/// Where a constant is looked for before any measurement, and how far from there it may be (a factor's logarithm).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prior {
    /// The value.
    pub value: f64,
    /// The standard deviation of its logarithm.
    pub tolerance: f64,
}

const BACKENDS: [Backend; 5] = [Backend::Cuda, Backend::Vulkan, Backend::Rocm, Backend::Metal, Backend::Sycl];

impl Constant {
    /// Every constant, in the order of their indices.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut all = vec![Self::Bandwidth, Self::Unpack, Self::CacheBandwidth, Self::Launch, Self::Compute];
        all.extend([Self::BandwidthBeforeGraphs, Self::LaunchBeforeGraphs, Self::CacheWithoutFlash]);
        all.extend([Self::Split, Self::ExpertsOnGpu, Self::Power, Self::Attention]);
        all.extend([Self::AttentionWithoutFlash, Self::ReadWhilePrefilling, Self::Pipeline]);
        all.extend([Self::ExpertsWhilePrefilling, Self::CpuBandwidthOfPeak, Self::CpuBandwidthOfMeasured]);
        all.extend([Self::CpuThreadBandwidth, Self::ExpertsInRam, Self::CpuLaunch, Self::CpuAttention]);
        all.extend([Self::ExpertsInRamWhilePrefilling, Self::CpuThreads, Self::CpuUnpackOfRepacked]);
        all.extend([Self::ComputeWithoutBlasLt, Self::ExpertsWhilePrefillingBefore]);
        for family in Family::ALL {
            all.extend([
                Self::UnpackOfFamily(family),
                Self::CpuUnpackOfFamily(family),
                Self::CpuComputeOfFamily(family),
            ]);
        }
        for vectors in Vectors::ALL {
            all.extend([
                Self::CpuUnpackOf(vectors),
                Self::CpuComputeOf(vectors),
                Self::CpuComputeOfRepacked(vectors),
            ]);
        }
        for backend in BACKENDS {
            all.extend([
                Self::BandwidthOf(backend),
                Self::UnpackOf(backend),
                Self::CacheBandwidthOf(backend),
                Self::LaunchOf(backend),
                Self::ComputeOf(backend),
                Self::ComputeWithoutFlash(backend),
                Self::ComputeBefore(backend),
                Self::AttentionOf(backend),
            ]);
            for family in Family::ALL {
                all.extend([
                    Self::BandwidthOfFamily(backend, family),
                    Self::ComputeOfFamily(backend, family),
                ]);
            }
            for class in GpuClass::ALL {
                all.extend([
                    Self::BandwidthOfClass(backend, *class),
                    Self::LaunchOfClass(backend, *class),
                    Self::ComputeOfClass(backend, *class),
                    Self::UnpackOfClass(backend, *class),
                ]);
            }
        }
        all
    }

    /// The place in [`Self::all`].
    #[must_use]
    pub fn index(self) -> usize {
        const PLAIN: usize = 27;
        const FAMILIES: usize = Family::ALL.len();
        const CLASSES: usize = GpuClass::ALL.len();
        const BY_FAMILY: usize = PLAIN + 3 * FAMILIES;
        const BY_BACKEND: usize = BY_FAMILY + 3 * Vectors::ALL.len();
        const A_BACKEND: usize = 8 + 2 * FAMILIES + 4 * CLASSES;
        let of_family = |at: usize, family: Family| PLAIN + 3 * family as usize + at;
        let of_vectors = |at: usize, vectors: Vectors| BY_FAMILY + 3 * vectors as usize + at;
        let of_backend = |at: usize, backend: Backend| BY_BACKEND + A_BACKEND * number(backend) + at;
        let of_class = |at: usize, backend: Backend, class: GpuClass| {
            of_backend(8 + 2 * FAMILIES + 4 * class as usize + at, backend)
        };
        match self {
            Self::Bandwidth => 0,
            Self::Unpack => 1,
            Self::CacheBandwidth => 2,
            Self::Launch => 3,
            Self::Compute => 4,
            Self::BandwidthBeforeGraphs => 5,
            Self::LaunchBeforeGraphs => 6,
            Self::CacheWithoutFlash => 7,
            Self::Split => 8,
            Self::ExpertsOnGpu => 9,
            Self::Power => 10,
            Self::Attention => 11,
            Self::AttentionWithoutFlash => 12,
            Self::ReadWhilePrefilling => 13,
            Self::Pipeline => 14,
            Self::ExpertsWhilePrefilling => 15,
            Self::CpuBandwidthOfPeak => 16,
            Self::CpuBandwidthOfMeasured => 17,
            Self::CpuThreadBandwidth => 18,
            Self::ExpertsInRam => 19,
            Self::CpuLaunch => 20,
            Self::CpuAttention => 21,
            Self::ExpertsInRamWhilePrefilling => 22,
            Self::CpuThreads => 23,
            Self::CpuUnpackOfRepacked => 24,
            Self::ComputeWithoutBlasLt => 25,
            Self::ExpertsWhilePrefillingBefore => 26,
            Self::UnpackOfFamily(family) => of_family(0, family),
            Self::CpuUnpackOfFamily(family) => of_family(1, family),
            Self::CpuComputeOfFamily(family) => of_family(2, family),
            Self::CpuUnpackOf(vectors) => of_vectors(0, vectors),
            Self::CpuComputeOf(vectors) => of_vectors(1, vectors),
            Self::CpuComputeOfRepacked(vectors) => of_vectors(2, vectors),
            Self::BandwidthOf(backend) => of_backend(0, backend),
            Self::UnpackOf(backend) => of_backend(1, backend),
            Self::CacheBandwidthOf(backend) => of_backend(2, backend),
            Self::LaunchOf(backend) => of_backend(3, backend),
            Self::ComputeOf(backend) => of_backend(4, backend),
            Self::ComputeWithoutFlash(backend) => of_backend(5, backend),
            Self::ComputeBefore(backend) => of_backend(6, backend),
            Self::AttentionOf(backend) => of_backend(7, backend),
            Self::BandwidthOfFamily(backend, family) => of_backend(8 + 2 * family as usize, backend),
            Self::ComputeOfFamily(backend, family) => of_backend(9 + 2 * family as usize, backend),
            Self::BandwidthOfClass(backend, class) => of_class(0, backend, class),
            Self::LaunchOfClass(backend, class) => of_class(1, backend, class),
            Self::ComputeOfClass(backend, class) => of_class(2, backend, class),
            Self::UnpackOfClass(backend, class) => of_class(3, backend, class),
        }
    }

    /// The name in the file of constants, such as `bandwidth.cuda.ada`.
    #[must_use]
    pub fn name(self) -> String {
        let backend = |backend: Backend| backend.to_string().to_lowercase();
        match self {
            Self::Bandwidth => "bandwidth".to_owned(),
            Self::BandwidthOf(of) => format!("bandwidth.{}", backend(of)),
            Self::BandwidthOfClass(of, class) => format!("bandwidth.{}.{}", backend(of), class.name()),
            Self::BandwidthOfFamily(of, family) => format!("bandwidth.{}.{}", backend(of), family.name()),
            Self::BandwidthBeforeGraphs => "bandwidth_before_graphs".to_owned(),
            Self::Unpack => "unpack".to_owned(),
            Self::UnpackOf(of) => format!("unpack.{}", backend(of)),
            Self::UnpackOfClass(of, class) => format!("unpack.{}.{}", backend(of), class.name()),
            Self::UnpackOfFamily(family) => format!("unpack.{}", family.name()),
            Self::CacheBandwidth => "cache_bandwidth".to_owned(),
            Self::CacheBandwidthOf(of) => format!("cache_bandwidth.{}", backend(of)),
            Self::CacheWithoutFlash => "cache_without_flash".to_owned(),
            Self::Launch => "launch".to_owned(),
            Self::LaunchOf(of) => format!("launch.{}", backend(of)),
            Self::LaunchOfClass(of, class) => format!("launch.{}.{}", backend(of), class.name()),
            Self::LaunchBeforeGraphs => "launch_before_graphs".to_owned(),
            Self::Split => "split".to_owned(),
            Self::ExpertsOnGpu => "experts_on_gpu".to_owned(),
            Self::Compute => "compute".to_owned(),
            Self::ComputeOf(of) => format!("compute.{}", backend(of)),
            Self::ComputeOfClass(of, class) => format!("compute.{}.{}", backend(of), class.name()),
            Self::ComputeOfFamily(of, family) => format!("compute.{}.{}", backend(of), family.name()),
            Self::ComputeWithoutFlash(of) => format!("compute_without_flash.{}", backend(of)),
            Self::ComputeBefore(of) => format!("compute_before_2024_10.{}", backend(of)),
            Self::Power => "power".to_owned(),
            Self::Attention => "attention".to_owned(),
            Self::AttentionOf(of) => format!("attention.{}", backend(of)),
            Self::AttentionWithoutFlash => "attention_without_flash".to_owned(),
            Self::ReadWhilePrefilling => "read_while_prefilling".to_owned(),
            Self::Pipeline => "pipeline".to_owned(),
            Self::ExpertsWhilePrefilling => "experts_while_prefilling".to_owned(),
            Self::ExpertsWhilePrefillingBefore => "experts_while_prefilling_before_2025_03".to_owned(),
            Self::CpuBandwidthOfPeak => "cpu_bandwidth_of_peak".to_owned(),
            Self::CpuBandwidthOfMeasured => "cpu_bandwidth_of_measured".to_owned(),
            Self::CpuThreadBandwidth => "cpu_thread_bandwidth".to_owned(),
            Self::ExpertsInRam => "experts_in_ram".to_owned(),
            Self::CpuLaunch => "cpu_launch".to_owned(),
            Self::CpuUnpackOfFamily(family) => format!("cpu_unpack.{}", family.name()),
            Self::CpuUnpackOf(vectors) => format!("cpu_unpack.{}", vectors.name()),
            Self::CpuComputeOfFamily(family) => format!("cpu_compute.{}", family.name()),
            Self::CpuComputeOf(vectors) => format!("cpu_compute.{}", vectors.name()),
            Self::CpuComputeOfRepacked(vectors) => format!("cpu_compute_repacked.{}", vectors.name()),
            Self::CpuAttention => "cpu_attention".to_owned(),
            Self::CpuThreads => "cpu_threads".to_owned(),
            Self::CpuUnpackOfRepacked => "cpu_unpack_repacked".to_owned(),
            Self::ComputeWithoutBlasLt => "compute_without_hipblaslt".to_owned(),
            Self::ExpertsInRamWhilePrefilling => "experts_in_ram_while_prefilling".to_owned(),
        }
    }

    /// What is believed of it before any measurement.
    #[must_use]
    #[expect(clippy::match_same_arms, reason = "beliefs that happen to be alike have their own reasons")]
    pub fn prior(self) -> Prior {
        let (value, tolerance) = match self {
            Self::Bandwidth => (0.75, 0.3),
            Self::Unpack => (0.7, 0.5),
            Self::CacheBandwidth => (0.8, 0.3),
            Self::Launch => (80e-6, 0.5),
            Self::Compute => (0.8, 0.2),
            Self::BandwidthOf(_) | Self::BandwidthBeforeGraphs => (1.0, 0.1),
            Self::BandwidthOfFamily(..) => (1.0, 0.05),
            Self::BandwidthOfClass(..) => (1.0, 0.15),
            // SYCL multiplies quantized weights without the matrix units (docs/backend/SYCL.md of llama.cpp).
            Self::ComputeOf(Backend::Sycl) => (0.75, 0.3),
            Self::ComputeOf(_) | Self::LaunchOfClass(..) => (1.0, 0.3),
            // Few GPUs were measured with less than four bits.
            Self::UnpackOfFamily(Family::K3 | Family::K2 | Family::Iq3 | Family::Iq2 | Family::Iq1) => {
                (1.0, 0.25)
            }
            Self::UnpackOf(_) | Self::LaunchOf(_) | Self::UnpackOfFamily(_) => (1.0, 0.5),
            Self::ComputeOfClass(..) => (1.0, 0.5),
            Self::UnpackOfClass(..) => (1.0, 0.3),
            Self::ComputeOfFamily(..) => (1.0, 0.3),
            Self::CacheBandwidthOf(_) | Self::AttentionOf(_) => (1.0, 0.3),
            Self::CacheWithoutFlash => (0.7, 0.4),
            Self::LaunchBeforeGraphs => (1.5, 0.3),
            Self::Split => (20e-6, 0.5),
            // The V3 in `Q5_K_M` over eight H100 (github.com/AUGMXNT/llm-tracker.info-vault, build 4418).
            Self::ExpertsOnGpu => (0.5, 0.2),
            Self::ComputeWithoutFlash(_) => (0.93, 0.1),
            Self::ComputeBefore(_) => (0.9, 0.1),
            Self::Power => (0.3, 0.3),
            Self::Attention => (0.5, 0.4),
            Self::AttentionWithoutFlash => (0.4, 0.4),
            Self::ReadWhilePrefilling => (0.5, 0.3),
            Self::Pipeline => (0.9, 0.1),
            // 716 tok/s on an H200 (2026-11-27, `measurements/h200.csv`).
            Self::ExpertsWhilePrefilling => (0.17, 0.3),
            // 290 tok/s on eight H100, by the same source.
            Self::ExpertsWhilePrefillingBefore => (0.4, 0.3),
            Self::CpuBandwidthOfPeak => (0.7, 0.15),
            Self::CpuBandwidthOfMeasured => (0.9, 0.1),
            Self::CpuThreadBandwidth => (32e9, 0.3),
            // The V3 in `Q4_K_S` on a Genoa of 461 GB/s (github.com/ikawrakow/ik_llama.cpp/pull/180).
            Self::ExpertsInRam => (0.6, 0.2),
            Self::CpuLaunch => (100e-6, 0.5),
            Self::CpuUnpackOfFamily(family) => (cpu_unpack(family), 0.1),
            // Apple's cores, and Arm's larger ones, start four vector operations in a cycle.
            Self::CpuUnpackOf(Vectors::I8mm) => (1.5, 0.3),
            Self::CpuUnpackOf(_) => (1.0, 0.2),
            Self::CpuComputeOfFamily(family) => (cpu_compute(family), 0.3),
            Self::CpuComputeOf(vectors) => (cpu_compute_of(vectors), 0.1),
            Self::CpuComputeOfRepacked(vectors) => {
                (if matches!(vectors, Vectors::I8mm | Vectors::Dotprod) { 2.0 } else { 1.3 }, 0.3)
            }
            Self::CpuAttention => (5.0, 0.3),
            Self::CpuThreads => (0.95, 0.03),
            Self::CpuUnpackOfRepacked => (1.3, 0.2),
            Self::ComputeWithoutBlasLt => (0.35, 0.3),
            Self::ExpertsInRamWhilePrefilling => (0.5, 0.2),
        };
        Prior { value, tolerance }
    }
}

/// The place of a backend among those of GPUs; the CPU has constants of its own.
const fn number(backend: Backend) -> usize {
    match backend {
        Backend::Cuda => 0,
        Backend::Vulkan | Backend::Cpu => 1,
        Backend::Rocm => 2,
        Backend::Metal => 3,
        Backend::Sycl => 4,
    }
}

/// Bytes in a cycle: floats go straight into a multiply-add, codebooks of two and three bits are looked up.
const fn cpu_unpack(family: Family) -> f64 {
    match family {
        Family::Float => 8.0,
        Family::Q8 | Family::Q4 | Family::Iq4Nl => 5.0,
        Family::K6 | Family::K5 | Family::K4 => 4.0,
        Family::Q5 | Family::K3 | Family::K2 | Family::Iq4Xs => 3.0,
        Family::Iq3 | Family::Iq2 | Family::Iq1 => 1.3,
    }
}

/// Operations in a cycle.
const fn cpu_compute(family: Family) -> f64 {
    match family {
        Family::Q8 | Family::Q4 | Family::K4 | Family::Iq4Nl => 22.0,
        Family::Float | Family::Q5 | Family::K6 | Family::K5 | Family::K2 | Family::Iq4Xs => 15.0,
        Family::K3 => 14.0,
        Family::Iq3 | Family::Iq2 | Family::Iq1 => 8.0,
    }
}

const fn cpu_compute_of(vectors: Vectors) -> f64 {
    match vectors {
        // 1.5B `Q4_K_M` on two threads of a Xeon with AMX, `bench` of 2026-11-25: 160 tok/s.
        Vectors::Amx => 3.5,
        Vectors::Avx512Vnni | Vectors::I8mm => 1.0,
        Vectors::Avx2 => 0.7,
        Vectors::Dotprod => 0.6,
        Vectors::Plain => 0.25,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_constant_has_its_own_place_and_name() {
        let all = Constant::all();
        for (at, constant) in all.iter().enumerate() {
            assert_eq!(constant.index(), at, "{constant:?}");
        }
        let names: std::collections::BTreeSet<_> = all.iter().map(|constant| constant.name()).collect();
        assert_eq!(names.len(), all.len());
    }
}
