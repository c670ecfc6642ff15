use super::load::Load;
use super::{EngineAge, Speed};
use crate::calibration::{Constant, Constants};
use crate::estimate::work::FamilyWork;
use crate::machine::{Backend, Gpu, PcieLink, Vendor};
use crate::units::Bandwidth;

/// The peak that a host link is assumed to give where it is not known: PCIe 4.0 x16.
const ASSUMED_LINK_GB_PER_SECOND: f64 = 31.5;

/// What a link carries in practice: four fifths of its peak, by `bandwidthTest` of NVIDIA's samples.
const LINK_SHARE: f64 = 0.8;

/// What llama.cpp sends of a mapped file, which the driver first copies into memory that the card may read: of matrices one
/// after another, and of the experts of a layer at once. As an H200 was sent them over PCIe 5.0 x16 in a virtual machine
/// (2026-11-27, `measurements/h200.json`).
const SENT_MATRICES_GB_PER_SECOND: f64 = 7.0;
const SENT_EXPERTS_GB_PER_SECOND: f64 = 14.0;

/// FP16 with matrix units is four times FP32 on most cards of the last years; only for cards whose FP32 rate is not
/// published.
const ASSUMED_MATRIX_RATIO: f64 = 4.0;

/// A card of common appetite: watts for a TFLOPS of FP32.
const COMMON_WATTS_PER_TFLOPS: f64 = 6.0;

/// A step of decoding.
#[derive(Clone, Copy, Debug)]
pub(super) struct DecodeStep {
    /// Tokens in the cache of each sequence.
    pub(super) depth: f64,
    /// Sequences of which each decodes a token.
    pub(super) crowd: f64,
    /// Whether several GPUs work one after another.
    pub(super) several: bool,
}

/// The seconds that a step of decoding takes on a GPU; `None` where its bandwidth is unknown, and of several sequences
/// where its compute is.
pub(super) fn decode_time(
    speed: &Speed<'_>,
    load: &Load,
    index: usize,
    constants: &Constants,
    step: DecodeStep,
) -> Option<f64> {
    let DecodeStep { depth, crowd, several } = step;
    let backend = speed.backend_of(index);
    let gpu = &speed.machine.gpus[index];
    let get = |constant| constants.get(constant);
    let old = backend == Backend::Cuda && speed.engine == EngineAge::BeforeGraphs;
    let flash = speed.config.flash_attention && !old;
    let only = |condition: bool, constant| if condition { get(constant) } else { 1.0 };

    let share = get(Constant::Bandwidth)
        * get(Constant::BandwidthOf(backend))
        * constants.of_class(Constant::BandwidthOfClass, backend, gpu.class)
        * only(old, Constant::BandwidthBeforeGraphs);
    let bandwidth = gpu.bandwidth_bytes_per_second?.0 * share;
    let experts = get(Constant::ExpertsOnGpu);
    let read = |family, work: FamilyWork| work.bytes / get(Constant::BandwidthOfFamily(backend, family));
    let reading = load.work.sum(read, |family, work| read(family, work) / experts) / bandwidth;
    let unpacked = |family, work: FamilyWork| work.operations * get(Constant::UnpackOfFamily(family));
    let unpack = |operations: f64| match fp32(gpu) {
        Some(fp32) => {
            let of_class = constants.of_class(Constant::UnpackOfClass, backend, gpu.class);
            operations * get(Constant::Unpack) * get(Constant::UnpackOf(backend)) * of_class / fp32
        }
        None => 0.0,
    };
    let unpacking = unpack(load.work.sum(unpacked, unpacked));
    let cache = load.cache_per_token * depth
        / (bandwidth
            * get(Constant::CacheBandwidth)
            * get(Constant::CacheBandwidthOf(backend))
            * only(!flash, Constant::CacheWithoutFlash));
    let launching = load.launches()
        * get(Constant::Launch)
        * get(Constant::LaunchOf(backend))
        * constants.of_class(Constant::LaunchOfClass, backend, gpu.class)
        * only(old, Constant::LaunchBeforeGraphs);
    let splitting = if several { load.layers * get(Constant::Split) } else { 0.0 };
    let alone = reading + unpacking + cache + launching + splitting;
    if crowd <= 1.0 {
        return Some(alone);
    }
    // The weights are read and unpacked once for all, but for experts that only others of them take; what each multiplies
    // is that of prefilling. One more costs no more than a step of its own does beside what that step shares.
    let of_experts = load.work.sum(|_, _| 0.0, |family, work| read(family, work) / experts) / bandwidth
        + unpack(load.work.sum(|_, _| 0.0, unpacked));
    let further = |crowd| of_experts * (load.work.experts_touched(crowd) - 1.0);
    let computing = computing_time(speed, load, index, constants, 1.0, depth)?;
    let computing = computing.min(alone - cache - further(2.0));
    Some(alone + further(crowd) + (crowd - 1.0) * (cache + computing))
}

/// The seconds that a micro-batch of `batch` tokens takes on a GPU whose attention looks back over `middle` tokens on
/// average; `None` where its compute is unknown.
pub(super) fn prefill_time(
    speed: &Speed<'_>,
    load: &Load,
    gpu: usize,
    constants: &Constants,
    batch: f64,
    middle: f64,
) -> Option<f64> {
    let reading = load.work.batch_bytes() / speed.machine.gpus[gpu].bandwidth_bytes_per_second?.0;
    let computing = computing_time(speed, load, gpu, constants, batch, middle)?;
    Some(computing + reading * constants.get(Constant::ReadWhilePrefilling))
}

/// The same where the weights are in RAM and are sent over the link for every micro-batch.
pub(super) fn helped_prefill_time(
    speed: &Speed<'_>,
    load: &Load,
    gpu: usize,
    constants: &Constants,
    batch: f64,
    middle: f64,
) -> Option<f64> {
    let link = host_link(&speed.machine.gpus[gpu]);
    let rate = |sent| Bandwidth::gb_per_second(sent).0.min(link.0);
    let experts = load.work.all_experts_bytes;
    let sending = (load.work.batch_bytes() - experts) / rate(SENT_MATRICES_GB_PER_SECOND)
        + experts / rate(SENT_EXPERTS_GB_PER_SECOND);
    Some(computing_time(speed, load, gpu, constants, batch, middle)? + sending)
}

fn computing_time(
    speed: &Speed<'_>,
    load: &Load,
    gpu: usize,
    constants: &Constants,
    batch: f64,
    middle: f64,
) -> Option<f64> {
    let backend = speed.backend_of(gpu);
    let gpu = &speed.machine.gpus[gpu];
    let get = |constant| constants.get(constant);
    let only = |condition: bool, constant| if condition { get(constant) } else { 1.0 };
    let flash = speed.config.flash_attention && speed.engine > EngineAge::BeforeGraphs;
    let fp32 = fp32(gpu)?;
    // A card that may draw more watts for each unit keeps a higher clock.
    // (Apple states what the whole machine draws.)
    let watts = gpu.power_limit_watts.filter(|_| gpu.vendor != Vendor::Apple);
    let powered = watts
        .map_or(1.0, |watts| (watts / (fp32 / 1e12) / COMMON_WATTS_PER_TFLOPS).powf(get(Constant::Power)));
    let rate = fp32
        * get(Constant::Compute)
        * get(Constant::ComputeOf(backend))
        * constants.of_class(Constant::ComputeOfClass, backend, gpu.class)
        * powered
        * only(!speed.blas_lt && backend == Backend::Rocm, Constant::ComputeWithoutBlasLt)
        * only(!speed.config.flash_attention, Constant::ComputeWithoutFlash(backend))
        * only(speed.engine < EngineAge::BeforeRepack, Constant::ComputeBefore(backend));
    let experts = get(Constant::ExpertsWhilePrefilling)
        * only(speed.engine < EngineAge::Current, Constant::ExpertsWhilePrefillingBefore);
    let of_family = |family| get(Constant::ComputeOfFamily(backend, family));
    let matrices = load.work.sum(
        |family, work| work.operations / of_family(family),
        |family, work| work.operations / of_family(family) / experts,
    );
    let attention = load.attention_per_token * middle
        / (get(Constant::Attention)
            * get(Constant::AttentionOf(backend))
            * only(!flash, Constant::AttentionWithoutFlash));
    Some((matrices + attention) * batch / rate)
}

/// The FP32 rate of the shaders, in operations per second.
fn fp32(gpu: &Gpu) -> Option<f64> {
    gpu.fp32_flops.map(|rate| rate.0).or_else(|| Some(gpu.fp16_flops?.0 / ASSUMED_MATRIX_RATIO))
}

fn host_link(gpu: &Gpu) -> Bandwidth {
    let peak = gpu.pcie.map_or(Bandwidth::gb_per_second(ASSUMED_LINK_GB_PER_SECOND), PcieLink::bandwidth);
    Bandwidth(peak.0 * LINK_SHARE)
}
