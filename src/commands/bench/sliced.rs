//! A model that is measured by slices of its layers: because the user says so, or because the whole has no room here or
//! would take too long.

use std::fs::File;
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;

use super::model_args::{Layers, ModelArgs};
use super::target::{Target, default_folder};
use crate::bench::synthetic::{Afterwards, Placed, SyntheticFile, Writing, set_aside};
use crate::bench::{
    Attempt, Available, BenchError, BenchPlan, Cut, End, Extrapolated, Extrapolation, Run, Shortage,
    SliceResult, SliceTimes, Timed, Watch, extrapolate_bytes, extrapolate_tests, midmean, plan_whole,
    shortage, time_slices,
};
use crate::catalog::{Attention, Model, Quant};
use crate::commands::Context;
use crate::engine::worker::WorkerEngine;
use crate::engine::{EngineError, MemoryPlan, ModelFacts};
use crate::message;
use crate::message::{enumeration, file_size};
use crate::probe;
use crate::ui::Progress;
use crate::units::{Bytes, Seconds};

/// How large the slices together may be of themselves, so that a bench stays within two minutes; those with experts
/// may be larger, for they have no smaller ones.
const SLICES_OF_THEMSELVES: Bytes = Bytes::gib(5);

/// Longer than a user should wait unasked.
const TOO_LONG: Seconds = Seconds(600.0);

/// What slices need.
pub(super) struct Slicing<'a> {
    pub(super) context: &'a Context,
    pub(super) args: &'a ModelArgs,
    /// What the user says of it.
    pub(super) layers: Option<Layers>,
    pub(super) plan: &'a BenchPlan,
    pub(super) available: &'a Available,
    pub(super) cancelled: &'a Arc<AtomicBool>,
    /// What the whole would take by the prediction.
    pub(super) expected: Option<Seconds>,
}

/// What came of them.
pub(super) struct Sliced {
    pub(super) attempt: Attempt,
    pub(super) extrapolation: Extrapolation,
    pub(super) peak_memory: Option<Bytes>,
}

impl Slicing<'_> {
    /// Measures slices, on request or where that is the only way; none where the whole is to be measured.
    pub(super) fn measure(
        &self,
        target: &Target<'_>,
        engine: &mut WorkerEngine,
        start: impl Fn() -> Result<WorkerEngine, BenchError>,
        watch: Watch<'_>,
    ) -> Result<Option<Sliced>, BenchError> {
        let Target::Synthetic { model, quant, file } = target else { return Ok(None) };
        if file.kept().is_some() && self.layers.is_none() {
            return Ok(None);
        }
        let layers = match self.layers {
            Some(Layers::All) => return Ok(None),
            Some(Layers::Count(count)) => Some(count),
            None => None,
        };
        let (facts, planned) = match plan_whole(engine, &file.place_header()?, self.plan) {
            // The whole's own run tells it in its own way.
            Err(EngineError::Crashed(_)) => return Ok(None),
            planned => planned?,
        };
        let lacking = shortage(&planned, self.available);
        if layers.is_none() && lacking.is_none() && self.has_room(file, &planned) && !self.takes_too_long() {
            return Ok(None);
        }
        // Weights that the CPU's units want in another order are there twice.
        let (weights, copied) =
            (planned.sum(|device| device.weights_bytes), planned.sum(|device| device.repack_bytes));
        let copied = copied.as_f64() / weights.as_f64().max(1.0);
        let Some(cut) = self.cut(model, quant, layers, copied)? else { return Ok(None) };
        let _aside = self.set_aside(cut.held(copied));
        let whole = Whole { facts, planned, lacking, layers: model.architecture.layers };
        self.run(model, quant, &cut, whole, start, watch).map(Some)
    }

    fn takes_too_long(&self) -> bool {
        self.expected.is_some_and(|expected| expected > TOO_LONG)
    }

    /// Whether there is room for the whole file, in memory beside what runs or on the disk.
    fn has_room(&self, file: &SyntheticFile, planned: &MemoryPlan) -> bool {
        let disk = probe::disk(file.folder()).map(|disk| disk.free_bytes);
        goes_into_memory(self.args, file.bytes(), planned, self.available.ram)
            || disk.is_none_or(|free| free >= file.bytes())
    }

    fn cut(
        &self,
        model: &Model,
        quant: &Quant,
        layers: Option<u32>,
        copied: f64,
    ) -> Result<Option<Cut>, BenchError> {
        let of_itself = layers.is_none() && matches!(model.architecture.attention, Attention::Grouped { .. });
        Cut::of(model, quant, layers, |cut| {
            cut.held(copied) <= self.free() && (!of_itself || cut.held(0.0) <= SLICES_OF_THEMSELVES)
        })
    }

    /// What slices may take: a tenth stays free.
    fn free(&self) -> Bytes {
        self.available.ram.share(0.9)
    }

    /// Holds free memory that lies in small pieces, as far as there is room beside slices that take `needed`. They would
    /// get it, the smallest slice the worst of it, and a large model hardly any: the fixed part of its time would be
    /// predicted too long and its layers' too short.
    fn set_aside(&self, needed: Bytes) -> Option<File> {
        let scattered = probe::scattered_memory(Path::new("/"));
        set_aside(scattered.min(self.free().saturating_sub(needed)))
    }

    fn run(
        &self,
        model: &Model,
        quant: &Quant,
        cut: &Cut,
        whole: Whole,
        start: impl Fn() -> Result<WorkerEngine, BenchError>,
        watch: Watch<'_>,
    ) -> Result<Sliced, BenchError> {
        let counts = enumeration(cut.slices.iter().map(|slice| slice.layers().len()));
        self.context.printer.tell(message!(BenchMeasuringLayers { counts, layers: whole.layers }));
        let files = self.files(model, quant, cut)?;
        let mut engines = cut.slices.iter().map(|_| start()).collect::<Result<Vec<_>, _>>()?;
        let times = match time_slices(&mut engines, &files, self.plan, cut.rounds_each, watch) {
            Ok(times) => times,
            Err(error) => {
                let end = match error {
                    EngineError::Crashed(crash) => End::Crashed(crash),
                    EngineError::Stalled { limit } => End::Stalled(limit),
                    error => return Err(error.into()),
                };
                let attempt = Attempt { planned_memory: Some(whole.planned.clone()), run: None, end };
                let none = vec![SliceTimes::default(); cut.slices.len()];
                let extrapolation = extrapolation(cut, &whole, &none, self.plan);
                return Ok(Sliced { attempt, extrapolation, peak_memory: None });
            }
        };
        Ok(self.extrapolated(cut, whole, &times))
    }

    fn extrapolated(&self, cut: &Cut, whole: Whole, times: &[SliceTimes]) -> Sliced {
        let plan = self.plan;
        let (prefill, decode) = extrapolate_tests(cut, times, plan);
        let result = |whole: &Option<Extrapolated>, tokens| {
            whole.as_ref().map(|(rates, _)| Timed {
                tokens,
                depth: plan.depth,
                tokens_per_second: rates.clone(),
                energy: None,
                processor_share: None,
            })
        };
        let run = Run {
            facts: whole.facts.clone(),
            prefill: result(&prefill, plan.prefill_tokens),
            decode: result(&decode, plan.decode_tokens),
            process: None,
        };
        let held: Vec<_> = times.iter().map(|times| times.peak_bytes).collect();
        Sliced {
            extrapolation: Extrapolation {
                prefill: prefill.map(|(_, parts)| parts),
                decode: decode.map(|(_, parts)| parts),
                ..extrapolation(cut, &whole, times, plan)
            },
            attempt: Attempt { planned_memory: Some(whole.planned), run: Some(run), end: End::Done },
            peak_memory: extrapolate_bytes(cut, &held),
        }
    }

    /// The slices' files: in memory, where the system has such files, else in the folder.
    fn files(&self, model: &Model, quant: &Quant, cut: &Cut) -> Result<Vec<Placed>, BenchError> {
        let folder = self.args.cache_dir.clone().unwrap_or_else(default_folder);
        let slices = cut.slices.iter().map(|slice| SyntheticFile::slice(model, quant, &folder, slice));
        let slices = slices.collect::<Result<Vec<_>, _>>()?;
        let total: Bytes = slices.iter().map(SyntheticFile::bytes).sum();
        let what = message!(BenchMaking { size: file_size(total) });
        let progress = Progress::bytes(&self.context.printer, total.0, what);
        let mut before = Bytes::ZERO;
        let mut files = Vec::new();
        for slice in &slices {
            let writing = Writing {
                threads: thread::available_parallelism().map_or(1, NonZero::get),
                progress: &|written| progress.advance_to(before.0 + written.0),
                cancelled: self.cancelled,
            };
            let in_memory =
                if self.args.cache_dir.is_none() { slice.place_in_memory(&writing)? } else { None };
            files.push(if let Some(placed) = in_memory {
                placed
            } else {
                let free = probe::disk(slice.folder()).map(|disk| disk.free_bytes);
                slice.place(free, Afterwards::Remove, &writing)?
            });
            before += slice.bytes();
        }
        Ok(files)
    }
}

/// What is known of the whole model.
struct Whole {
    facts: ModelFacts,
    planned: MemoryPlan,
    lacking: Option<Shortage>,
    layers: u32,
}

/// What the slices came to, without what follows from it.
fn extrapolation(cut: &Cut, whole: &Whole, times: &[SliceTimes], plan: &BenchPlan) -> Extrapolation {
    let slices = cut.slices.iter().zip(&cut.bytes).zip(times).map(|((slice, bytes), times)| SliceResult {
        layers: slice.layers().len() as u32,
        weights_bytes: *bytes,
        prefill_seconds: midmean(&times.prefill),
        decode_seconds_per_token: midmean(&times.decode).map(|time| time / f64::from(plan.decode_tokens)),
    });
    Extrapolation {
        layers: whole.layers,
        slices: slices.collect(),
        prefill: None,
        decode: None,
        shortage: whole.lacking.clone(),
    }
}

/// Whether a file may be made in main memory beside what running it takes: no folder is given, and a tenth stays free.
pub(super) fn goes_into_memory(args: &ModelArgs, file: Bytes, planned: &MemoryPlan, free: Bytes) -> bool {
    let needed = file + planned.sum(crate::engine::DeviceMemory::total);
    cfg!(target_os = "linux") && !args.keep && args.cache_dir.is_none() && needed <= free.share(0.9)
}
