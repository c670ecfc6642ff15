use super::load::Load;
use super::{EngineAge, Speed};
use crate::calibration::{Constant, Constants, Family, Vectors};
use crate::estimate::work::FamilyWork;
use crate::machine::{BandwidthBasis, Cpu, Machine};

/// What DDR memory of an unknown machine gives: two channels of DDR4-3200.
const ASSUMED_RAM_BANDWIDTH: f64 = 51.2e9;

/// The clock of a CPU of which nothing is known.
const ASSUMED_CLOCK_GHZ: f64 = 3.0;

/// The seconds that a step takes on the processors in which each of `crowd` sequences decodes a token.
pub(super) fn decode_time(
    speed: &Speed<'_>,
    load: &Load,
    constants: &Constants,
    depth: f64,
    crowd: f64,
) -> f64 {
    if load.work.is_nothing() && load.layers == 0.0 {
        return 0.0;
    }
    let cpu = &speed.machine.cpu;
    let get = |constant| constants.get(constant);
    let threads = f64::from(working_threads(cpu));
    let vectors = Vectors::of(&cpu.instruction_sets);
    let bandwidth = ram_bandwidth(speed.machine, constants);
    let drawn = slower(1.0 / bandwidth, 1.0 / (threads * get(Constant::CpuThreadBandwidth)));
    let cycles = cycles(cpu, constants) * get(Constant::CpuUnpackOf(vectors));
    let experts = get(Constant::ExpertsInRam);
    let unpacked = |family| {
        let repacked = is_repacked(family, vectors, speed.engine);
        let factor = if repacked { get(Constant::CpuUnpackOfRepacked) } else { 1.0 };
        1.0 / (cycles * get(Constant::CpuUnpackOfFamily(family)) * factor)
    };
    // Weights are read and unpacked for the first of the sequences that use them; the others add their multiplications,
    // at the rate of prefilling and no slower than alone.
    let multiplied = |family, work: FamilyWork, touched: f64| {
        let alone = unpacked(family);
        let each = (work.operations / work.bytes / compute(speed, constants, family)).min(alone);
        touched * alone + (crowd - touched) * each
    };
    let touched = load.work.experts_touched(crowd);
    let weights = load.work.sum(
        |family, work| work.bytes * slower(drawn, multiplied(family, work, 1.0)),
        |family, work| work.bytes * slower(touched * (drawn / experts), multiplied(family, work, touched)),
    );
    weights + load.cache_per_token * depth * crowd * drawn + load.launches() * get(Constant::CpuLaunch)
}

/// The seconds that a micro-batch of `batch` tokens takes on the processors, whose attention looks back over `middle`
/// tokens on average.
pub(super) fn prefill_time(
    speed: &Speed<'_>,
    load: &Load,
    constants: &Constants,
    batch: f64,
    middle: f64,
) -> f64 {
    let get = |constant| constants.get(constant);
    let cycles = cycles(&speed.machine.cpu, constants);
    let rate = |family| compute(speed, constants, family);
    let experts = get(Constant::ExpertsInRamWhilePrefilling);
    let computing = load.work.sum(
        |family, work| work.operations / rate(family),
        |family, work| work.operations / rate(family) / experts,
    ) * batch;
    let reading = load.work.batch_bytes() / ram_bandwidth(speed.machine, constants);
    let attention = load.attention_per_token * middle * batch / (cycles * get(Constant::CpuAttention));
    slower(computing, reading) + attention
}

/// The operations per second of prefilling with weights of a type.
fn compute(speed: &Speed<'_>, constants: &Constants, family: Family) -> f64 {
    let get = |constant| constants.get(constant);
    let vectors = Vectors::of(&speed.machine.cpu.instruction_sets);
    let repacked = is_repacked(family, vectors, speed.engine);
    let factor = if repacked { get(Constant::CpuComputeOfRepacked(vectors)) } else { 1.0 };
    cycles(&speed.machine.cpu, constants)
        * get(Constant::CpuComputeOfFamily(family))
        * get(Constant::CpuComputeOf(vectors))
        * factor
}

/// Of two times that overlap but for a little, about the longer: their mean of power three.
fn slower(a: f64, b: f64) -> f64 {
    (a * a * a + b * b * b).cbrt()
}

/// Threads that bring something: a core's second thread shares its vector units.
fn working_threads(cpu: &Cpu) -> u32 {
    cpu.usable_threads.min(cpu.physical_cores.max(1)).max(1)
}

/// Cycles per second of all threads together.
fn cycles(cpu: &Cpu, constants: &Constants) -> f64 {
    let threads = f64::from(working_threads(cpu)).powf(constants.get(Constant::CpuThreads));
    threads * cpu.clock_ghz.unwrap_or(ASSUMED_CLOCK_GHZ) * 1e9
}

/// The bandwidth that decoding reaches in RAM, in bytes per second.
///
/// Several sockets give a program that does not place its memory by them about as much as one.
fn ram_bandwidth(machine: &Machine, constants: &Constants) -> f64 {
    let of_peak = constants.get(Constant::CpuBandwidthOfPeak);
    let (peak, share) = match &machine.ram.bandwidth {
        None => (ASSUMED_RAM_BANDWIDTH, of_peak),
        Some(reading) => match reading.basis {
            BandwidthBasis::Measured { .. } => {
                (reading.bytes_per_second.0, constants.get(Constant::CpuBandwidthOfMeasured))
            }
            BandwidthBasis::Specified { .. } | BandwidthBasis::Assumed => {
                (reading.bytes_per_second.0, of_peak)
            }
        },
    };
    peak * share / f64::from(machine.cpu.sockets.max(1))
}

/// Whether the engine keeps weights of a type rearranged for these vectors (`ggml-cpu/repack.cpp`): at first only
/// those of four bits in plain blocks.
fn is_repacked(family: Family, vectors: Vectors, engine: EngineAge) -> bool {
    let current = engine == EngineAge::Current;
    match vectors {
        Vectors::I8mm | Vectors::Dotprod => match family {
            Family::Q4 | Family::Iq4Nl => true,
            Family::Q8 | Family::K4 | Family::K5 | Family::K6 => current,
            _ => false,
        },
        Vectors::Avx512Vnni | Vectors::Avx2 | Vectors::Amx => match family {
            Family::Q4 => true,
            Family::K4 | Family::K2 | Family::Iq4Nl => current,
            _ => false,
        },
        Vectors::Plain => false,
    }
}
