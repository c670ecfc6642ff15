//! What earlier measurements on this machine say of predictions: kept by `bench`, used by every command that predicts.

use crate::bench::{Measurement, Timed};
use crate::calibration::Lesson;
use crate::catalog::{Calibration, Catalog};
use crate::engine::MemoryPlan;
use crate::estimate::{Fit, Offload, Reserve, Site, Subject, Task, place_as_told};
use crate::history::{self, Database, Fingerprint, MeasuredRate, RECORD_SCHEMA_VERSION, Record};
use crate::machine::{Machine, Origin};
use crate::units::TokenRate;

/// The constants of the catalog with what was measured on `machine`; of a machine that is only described, the constants
/// alone, for nothing was measured on it, whatever it has in common with this one.
pub(super) fn calibration(catalog: &Catalog, machine: &Machine) -> Calibration {
    let base = catalog.calibration();
    if machine.origin == Origin::Described {
        return base.clone();
    }
    // A history that cannot be read teaches nothing; `bench` says so when it wants to write.
    let database = history::place().and_then(|path| Database::open_existing(&path).ok().flatten());
    let records =
        database.and_then(|history| history.lessons(&Fingerprint::of(machine)).ok()).unwrap_or_default();
    let lessons = records.iter().filter_map(|record| lesson(record, catalog, machine)).collect();
    Calibration { lessons, ..base.clone() }
}

/// What a measurement says: how it lies to what is predicted of the same run.
fn lesson(record: &Record, catalog: &Catalog, machine: &Machine) -> Option<Lesson> {
    let (model, quant) = (catalog.model(&record.model).ok()?, catalog.quant(&record.quant).ok()?);
    let subject = Subject::of(model, quant)?;
    let mut machine = machine.clone();
    machine.cpu.usable_threads = record.threads;
    if !record.on_gpus {
        machine.gpus.clear();
    }
    let site = Site {
        subject: &subject,
        machine: &machine,
        config: &record.run,
        task: Task::USUAL,
        reserve: Reserve::for_machine(&machine),
        backend: None,
        calibration: catalog.calibration(),
    };
    // Where nothing is told, llama.cpp puts all on GPUs.
    let offload = Offload {
        gpu_layers: record.gpu_layers.unwrap_or(u32::MAX),
        expert_layers_in_ram: record.expert_layers_in_ram,
    };
    let fit = place_as_told(&site, offload);
    let (Fit::Fits(placement) | Fit::TooLarge { nearest: placement, .. }) = fit;
    let speed = site.speed(&placement).prepared();
    let decode = record.decode.and_then(|measured| {
        let middle = f64::from(measured.depth) + f64::from(measured.tokens) / 2.0;
        Some(measured.tokens_per_second.0 / speed.decode(middle)?.tokens_per_second)
    });
    let prefill = record.prefill.and_then(|measured| {
        let predicted = speed.prefill(measured.tokens, measured.depth)?;
        Some(measured.tokens_per_second.0 / predicted.tokens_per_second)
    });
    Some(Lesson {
        model: record.model.clone(),
        quant: subject.quant.clone(),
        date: record.date,
        threads: record.threads,
        setting: speed.setting(),
        decode,
        prefill,
    })
}

/// A measurement as it is kept: what something else disturbed is left out. None where nothing is left, or where the
/// catalog does not know the model.
pub(super) fn record(measurement: &Measurement, machine: &Machine) -> Option<Record> {
    let on_cpu = measurement.planned_memory.as_ref().is_none_or(MemoryPlan::is_main_memory_only);
    let undisturbed = |timed: &&Timed| !timed.is_disturbed(on_cpu);
    let prefill = measurement.prefill.as_ref().filter(undisturbed).map(rate);
    let decode = measurement.decode.as_ref().filter(undisturbed).map(rate);
    if prefill.is_none() && decode.is_none() {
        return None;
    }
    Some(Record {
        schema_version: RECORD_SCHEMA_VERSION,
        date: measurement.date,
        machine: Fingerprint::of(machine),
        engine: format!("{} ({})", measurement.engine.name, measurement.engine.version),
        model: measurement.subject.model.clone()?,
        quant: measurement.subject.quant.clone()?,
        threads: measurement.settings.threads,
        on_gpus: !on_cpu,
        gpu_layers: measurement.settings.gpu_layers,
        expert_layers_in_ram: measurement.settings.expert_layers_in_ram,
        run: measurement.settings.run.clone(),
        prefill,
        decode,
    })
}

fn rate(timed: &Timed) -> MeasuredRate {
    MeasuredRate {
        tokens: timed.tokens,
        depth: timed.depth,
        tokens_per_second: timed.tokens_per_second.mean,
        stddev: timed.tokens_per_second.stddev.unwrap_or(TokenRate(0.0)),
    }
}
