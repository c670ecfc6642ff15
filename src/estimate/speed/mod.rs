//! How fast a placed model runs: the roofline of each device, with constants that were fitted to measurements.
//!
//! Decoding a token reads the active weights and the cache once, device after device; unpacking and launching come
//! on top. Prefilling a micro-batch multiplies with every weight. The constants are [`crate::calibration`]'s.

mod cpu;
mod gpu;
mod load;

use super::place::WORTH_SENDING;
use super::predicted::{Interval, PredictedRate, SpeedBasis};
use super::{Placement, Subject};
use crate::calibration::{Learned, Quantity, Setting, learned};
use crate::catalog::Calibration;
use crate::machine::{Backend, BandwidthBasis, Machine};
use crate::run_config::RunConfig;
use crate::units::{Bytes, Seconds};

use gpu::DecodeStep;
use load::Load;

/// How fast a placed model runs on a machine.
#[derive(Clone, Copy, Debug)]
pub struct Speed<'a> {
    /// The model.
    pub subject: &'a Subject<'a>,
    /// The machine.
    pub machine: &'a Machine,
    /// Where its parts are.
    pub placement: &'a Placement,
    /// How it runs.
    pub config: &'a RunConfig,
    /// The backend of the GPUs, where it is not the usual one.
    pub backend: Option<Backend>,
    /// The age of the engine.
    pub engine: EngineAge,
    /// Whether ROCm may use hipBLASLt, as it does by default.
    pub blas_lt: bool,
    /// The constants.
    pub calibration: &'a Calibration,
}

/// How far runs of the same on the same machine lie apart: ten percent is what `bench` calls disturbed.
const REPEATED: Interval = Interval { low: 0.92, high: 1.08 };

/// What decoding several sequences at once adds to the spread of one. No published table of llama.cpp has it. Measured on
/// one CPU (AMX, one thread by its processor time, 1.5B in `Q4_K_M` and `Q8_0`, 2 to 16 sequences, 2026-11-25), speeds as
/// multiples of that of one were 0.65 to 1.35 of those predicted: low for few, which share tiles made for many.
const CROWDED: Interval = Interval { low: 0.6, high: 1.4 };

/// The power of the spread that is left where memory bandwidth was measured. An estimate: no published table has
/// both.
const KNOWN_BANDWIDTH: f64 = 0.75;

/// How old the engine is: llama.cpp became faster in steps that measurements show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum EngineAge {
    /// Before CUDA graphs (llama.cpp 6766, 2024-05).
    BeforeGraphs,
    /// Before 2024-10.
    Before202410,
    /// Before the CPU backend rearranged more than `Q4_0` (2025-03).
    BeforeRepack,
    /// As bundled.
    #[default]
    Current,
}

impl<'a> Speed<'a> {
    /// Tokens that each sequence decodes per second with `depth` tokens in its cache; `None` where a GPU's bandwidth is
    /// unknown, and of several sequences where its compute is.
    #[must_use]
    pub fn decode(&self, depth: u32) -> Option<PredictedRate> {
        self.prepared().decode(f64::from(depth))
    }

    /// Tokens prefilled per second over a prompt of `tokens` that begins at `depth`; `None` where a GPU's compute is
    /// unknown.
    #[must_use]
    pub fn prefill_at(&self, tokens: u32, depth: u32) -> Option<PredictedRate> {
        self.prepared().prefill(tokens, depth)
    }

    /// The same of a prompt into an empty cache.
    #[must_use]
    pub fn prefill(&self, tokens: u32) -> Option<PredictedRate> {
        self.prefill_at(tokens, 0)
    }

    /// What each device has to do, added up once for several predictions.
    #[must_use]
    pub fn prepared(&self) -> PreparedSpeed<'a> {
        let loads = (0..self.placement.devices.len()).map(|device| Load::of(self, device)).collect();
        PreparedSpeed { speed: *self, loads, sequences: self.config.sequences.max(1) }
    }

    fn backend_of(&self, gpu: usize) -> Backend {
        self.backend.unwrap_or_else(|| self.machine.gpus[gpu].default_backend())
    }
}

/// A [`Speed`] with its sums done.
#[derive(Clone, Debug)]
pub struct PreparedSpeed<'a> {
    speed: Speed<'a>,
    loads: Vec<Load>,
    sequences: u32,
}

impl<'a> PreparedSpeed<'a> {
    /// The same with other constants, to fit them.
    #[must_use]
    pub fn with(&self, calibration: &'a Calibration) -> Self {
        Self { speed: Speed { calibration, ..self.speed }, ..self.clone() }
    }

    /// The same with one sequence busy, whatever there is room for.
    #[must_use]
    pub fn alone(&self) -> Self {
        Self { sequences: 1, ..self.clone() }
    }

    /// Sequences that decode at once.
    #[must_use]
    pub const fn sequences(&self) -> u32 {
        self.sequences
    }

    /// Where the parts are.
    #[must_use]
    pub const fn placement(&self) -> &'a Placement {
        self.speed.placement
    }

    /// The machine.
    #[must_use]
    pub const fn machine(&self) -> &'a Machine {
        self.speed.machine
    }

    /// What a step, in which each sequence decodes a token, reads on a device of the placement with `depth` tokens in
    /// the cache of each.
    #[must_use]
    pub fn read_per_step(&self, device: usize, depth: u32) -> Bytes {
        let load = &self.loads[device];
        let crowd = f64::from(self.sequences);
        let touched = load.work.experts_touched(crowd);
        let weights = load.work.sum(|_, work| work.bytes, |_, work| work.bytes * touched);
        Bytes(1).share(weights + load.cache_per_token * f64::from(depth) * crowd)
    }

    /// Tokens that each sequence decodes per second with `depth` tokens in its cache.
    #[must_use]
    pub fn decode(&self, depth: f64) -> Option<PredictedRate> {
        let time = self.decode_time(&self.speed.calibration.constants, depth)?;
        Some(self.known(1.0, time, Quantity::Decode))
    }

    /// Tokens prefilled per second over a prompt of `tokens` that begins at `depth`.
    #[must_use]
    pub fn prefill(&self, tokens: u32, depth: u32) -> Option<PredictedRate> {
        let batch = f64::from(self.speed.config.micro_batch.min(tokens).max(1));
        let time = self.prefill_time(&self.speed.calibration.constants, tokens, depth)?;
        Some(self.known(batch, time, Quantity::Prefill))
    }

    /// The time of one step of decoding by these constants, in which each sequence gets a token.
    #[must_use]
    pub fn decode_time(&self, constants: &crate::calibration::Constants, depth: f64) -> Option<Seconds> {
        let crowd = f64::from(self.sequences);
        let step = DecodeStep { depth, crowd, several: self.gpus_used() > 1 };
        let mut time = 0.0;
        for load in &self.loads {
            time += match load.gpu {
                Some(gpu) => gpu::decode_time(&self.speed, load, gpu, constants, step)?,
                None => cpu::decode_time(&self.speed, load, constants, depth, crowd),
            };
        }
        Some(Seconds(time))
    }

    /// The time of one micro-batch of a prompt by these constants.
    #[must_use]
    pub fn prefill_time(
        &self,
        constants: &crate::calibration::Constants,
        tokens: u32,
        depth: u32,
    ) -> Option<Seconds> {
        let batch = f64::from(self.speed.config.micro_batch.min(tokens).max(1));
        let middle = f64::from(depth) + f64::from(tokens) / 2.0;
        let helper = self.loads.iter().find_map(|load| load.gpu);
        let mut time = 0.0;
        for load in &self.loads {
            time += match (load.gpu, helper) {
                (Some(gpu), _) => gpu::prefill_time(&self.speed, load, gpu, constants, batch, middle)?,
                // Weights in RAM are sent to the GPU for every batch of some size (`op_offload` in llama.cpp), whether or
                // not the processors would be faster.
                (None, Some(gpu)) if batch >= f64::from(WORTH_SENDING) => {
                    gpu::helped_prefill_time(&self.speed, load, gpu, constants, batch, middle)?
                }
                (None, _) => cpu::prefill_time(&self.speed, load, constants, batch, middle),
            };
        }
        Some(Seconds(time / self.pipeline(constants, tokens)))
    }

    /// What several GPUs gain by working on several micro-batches at once: `m` of them through `g` GPUs take
    /// `m + g - 1` steps instead of `m × g`. A call hands over `batch` tokens.
    fn pipeline(&self, constants: &crate::calibration::Constants, tokens: u32) -> f64 {
        let config = self.speed.config;
        let micro_batches = f64::from(config.batch.min(tokens).div_ceil(config.micro_batch.max(1)).max(1));
        let gpus = f64::from(u32::try_from(self.gpus_used()).unwrap_or(1));
        let ideal = micro_batches * gpus / (micro_batches + gpus - 1.0);
        if gpus > 1.0 { ideal.powf(constants.get(crate::calibration::Constant::Pipeline)) } else { 1.0 }
    }

    fn gpus_used(&self) -> usize {
        self.loads.iter().filter(|load| load.gpu.is_some()).count()
    }

    /// What kind of prediction this is.
    #[must_use]
    pub fn setting(&self) -> Setting {
        let gpu = self.loads.iter().find_map(|load| load.gpu);
        // The RAM is always there, and often has nothing to do.
        let works_in_ram = |load: &Load| load.gpu.is_none() && !load.work.is_nothing();
        match (gpu, self.loads.iter().any(works_in_ram)) {
            (None, _) => Setting::Cpu,
            (Some(_), true) => Setting::Mixed,
            (Some(gpu), false) => Setting::of(self.speed.backend_of(gpu)),
        }
    }

    /// A time by the constants, corrected by what was measured on this machine.
    fn known(&self, tokens: f64, time: Seconds, quantity: Quantity) -> PredictedRate {
        let Speed { subject, machine, calibration, .. } = self.speed;
        let spread = |setting| {
            let (low, high) = calibration.spreads.factors(quantity, setting);
            Interval { low, high }
        };
        let target = (subject.model.id, subject.quant.as_str());
        let setting = self.setting();
        let crowded = quantity == Quantity::Decode && self.sequences > 1;
        let spread = |setting| if crowded { spread(setting).wider(CROWDED) } else { spread(setting) };
        match learned(&calibration.lessons, quantity, setting, target, machine.cpu.usable_threads) {
            Some(Learned::Measured { ratio, lesson }) if !crowded => {
                let basis = SpeedBasis::Measured { date: lesson.date };
                PredictedRate::of_time(tokens, time * ratio.recip(), REPEATED, basis)
            }
            // What one alone was measured at says something of several, and not all.
            Some(Learned::Measured { ratio, lesson } | Learned::Scaled { ratio, lesson }) => {
                let basis = SpeedBasis::Scaled { date: lesson.date };
                PredictedRate::of_time(tokens, time * ratio.recip(), spread(Setting::Scaled), basis)
            }
            None => {
                PredictedRate::of_time(tokens, time, self.sharper(spread(setting)), SpeedBasis::Predicted)
            }
        }
    }

    /// A measured memory bandwidth takes away a part of what decoding on processors is unsure of.
    fn sharper(&self, spread: Interval) -> Interval {
        let ram = self.speed.machine.ram.bandwidth.as_ref();
        let measured = ram.is_some_and(|ram| matches!(ram.basis, BandwidthBasis::Measured { .. }));
        if measured && self.setting() == Setting::Cpu {
            Interval { low: spread.low.powf(KNOWN_BANDWIDTH), high: spread.high.powf(KNOWN_BANDWIDTH) }
        } else {
            spread
        }
    }
}
