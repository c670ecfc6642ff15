//! Saves results in the history.

use serde_json::Value;

use super::run_args::RunArgs;
use crate::bench::served::ServedMeasurement;
use crate::bench::{BenchReport, Measurement};
use crate::commands::{Context, lessons};
use crate::engine::EngineKind;
use crate::error::Failure as _;
use crate::history::{self, Database, Entry, Fingerprint, HistoryError, Kind, Record};
use crate::i18n::Locale;
use crate::machine::Machine;
use crate::message;
use crate::message::Message;
use crate::render::document;

/// Saves each measurement of a report, and says what later predictions make of it. What the report says beyond prefill
/// and decode goes with the first.
pub(super) fn local(context: &Context, report: &BenchReport, machine: &Machine, run: &RunArgs) {
    let is_real = run.engine == EngineKind::Llama;
    // What the fake engine says is saved only where a history is named.
    if !is_real && std::env::var_os("R1_ADVISOR_HISTORY").is_none() {
        return;
    }
    // What slices predict was not measured, and what others' devices do says nothing of this machine's.
    let teaches = is_real && report.extrapolation.is_none() && run.rpc.is_empty();
    let measured = report.measurements().enumerate().filter(|(_, run)| run.verdict.is_measured());
    for (at, measurement) in measured {
        let lesson = lessons::record(measurement, machine).filter(|_| teaches);
        let entry_use = use_of(lesson.as_ref());
        let entry = Entry {
            started_at: measurement.started_at,
            kind: Kind::Local,
            subject: name(measurement),
            machine: Fingerprint::of(machine),
            document: if at == 0 { alone(report) } else { document(measurement, &Locale::default()) },
            lesson,
        };
        say(context, save(&entry), entry_use);
    }
}

/// All of a report but its other measurements.
fn alone(report: &BenchReport) -> Value {
    let mut document = document(report, &Locale::default());
    if let Value::Object(keys) = &mut document {
        keys.remove("runs");
    }
    document
}

fn name(measurement: &Measurement) -> String {
    let subject = &measurement.subject;
    match (&subject.model, &subject.quant, &subject.file) {
        (Some(model), Some(quant), _) => format!("{model}:{quant}"),
        (_, _, Some(file)) => file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        _ => "a model".to_owned(),
    }
}

/// What later predictions make of a result.
fn use_of(lesson: Option<&Record>) -> Message {
    match lesson.map(|lesson| (&lesson.prefill, &lesson.decode)) {
        None => message!(BenchUseNone),
        Some((Some(_), Some(_))) => message!(BenchUseBoth),
        Some((Some(_), None)) => message!(BenchUsePrefill),
        Some(_) => message!(BenchUseDecode),
    }
}

/// Saves what users of a server got.
pub(super) fn served(
    context: &Context,
    measurement: &ServedMeasurement,
    started_at: jiff::Timestamp,
    machine: &Machine,
) {
    let entry = Entry {
        started_at,
        kind: Kind::Served,
        subject: measurement.model.clone(),
        machine: Fingerprint::of(machine),
        document: document(measurement, &Locale::default()),
        lesson: None,
    };
    say(context, save(&entry), message!(BenchUseList));
}

fn save(entry: &Entry) -> Result<Option<i64>, HistoryError> {
    let Some(path) = history::place() else { return Ok(None) };
    Database::open(&path)?.keep(entry).map(Some)
}

/// A history that cannot be written is no reason to withhold what was measured.
fn say(context: &Context, saved: Result<Option<i64>, HistoryError>, entry_use: Message) {
    match saved {
        Ok(Some(id)) => context.printer.note(message!(BenchSaved { id, then: entry_use })),
        Ok(None) => {}
        Err(error) => {
            let hint = error.hint().unwrap_or_else(|| Message::verbatim(""));
            context.printer.note(message!(BenchUnsaved { why: error.message(), hint }));
        }
    }
}
