//! Keeps what was measured.

use serde_json::Value;

use super::run_args::RunArgs;
use crate::bench::served::ServedMeasurement;
use crate::bench::{BenchReport, Measurement};
use crate::both;
use crate::commands::{Context, lessons};
use crate::engine::EngineKind;
use crate::history::{self, Database, Entry, Fingerprint, HistoryError, Kind};
use crate::i18n::Locale;
use crate::lang::Text;
use crate::machine::Machine;
use crate::render;

/// The document that is kept: in English and US dollars, whoever measures.
fn document<T: serde::Serialize>(result: &T) -> Value {
    render::document(result, &Locale::default())
}

/// Keeps each measurement of a report, and says what later predictions make of it. What the report says beyond prefill and
/// decode goes with the first.
pub(super) fn local(context: &Context, report: &BenchReport, machine: &Machine, run: &RunArgs) {
    let is_real = run.engine == EngineKind::Llama;
    for (at, measurement) in report.measurements().enumerate() {
        let document = if at == 0 { alone(report) } else { document(measurement) };
        // What was foretold from slices was not measured, and what others' devices do says nothing of this machine's.
        let is_lesson = is_real && report.extrapolation.is_none() && run.rpc.is_empty();
        one(context, (measurement, document), machine, (is_real, is_lesson));
    }
}

/// All of a report but its other measurements.
fn alone(report: &BenchReport) -> Value {
    let mut document = document(report);
    if let Value::Object(keys) = &mut document {
        keys.remove("runs");
    }
    document
}

/// Keeps a measurement. What the fake engine says is kept only where a history is named, and is no lesson.
fn one(
    context: &Context,
    (measurement, document): (&Measurement, Value),
    machine: &Machine,
    (is_real, is_lesson): (bool, bool),
) {
    if !measurement.verdict.is_measured() || (!is_real && std::env::var_os("R1_ADVISOR_HISTORY").is_none()) {
        return;
    }
    let lesson = lessons::record(measurement, machine).filter(|_| is_lesson);
    let learned = lesson.as_ref().map(|lesson| match (&lesson.prefill, &lesson.decode) {
        (Some(_), Some(_)) => {
            both!("later predictions on this machine rest on it", "此后在本机的预测以它为依据")
        }
        (Some(_), None) => both!(
            "later predictions on this machine rest on its prefill",
            "此后在本机的预测以它的预填充为依据"
        ),
        _ => {
            both!("later predictions on this machine rest on its decode", "此后在本机的预测以它的解码为依据")
        }
    });
    let subject = &measurement.subject;
    let name = match (&subject.model, &subject.quant, &subject.file) {
        (Some(model), Some(quant), _) => format!("{model}:{quant}"),
        (_, _, Some(file)) => file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        _ => "a model".to_owned(),
    };
    let entry = Entry {
        started_at: measurement.started_at,
        kind: Kind::Local,
        subject: name,
        machine: Fingerprint::of(machine),
        document,
        lesson,
    };
    let unused = both!("later predictions do not rest on it", "此后的预测不以它为依据");
    say(context, keep(&entry), learned.unwrap_or(unused));
}

/// Keeps what users of a server got.
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
        document: document(measurement),
        lesson: None,
    };
    let all = both!("`r1-advisor bench history` lists all", "`r1-advisor bench history` 列出全部结果");
    say(context, keep(&entry), all);
}

fn keep(entry: &Entry) -> Result<Option<i64>, HistoryError> {
    let Some(path) = history::place() else { return Ok(None) };
    Database::open(&path)?.keep(entry).map(Some)
}

/// A history that cannot be written is no reason to withhold what was measured.
fn say(context: &Context, kept: Result<Option<i64>, HistoryError>, more: Text) {
    let Text { en, zh } = more;
    match kept {
        Ok(Some(id)) => context.printer.note(both!("kept as result {id}: {en}", "已存为结果 {id}：{zh}")),
        Ok(None) => {}
        Err(error) => {
            let cause =
                std::error::Error::source(&error).map_or_else(String::new, |cause| format!(": {cause}"));
            context.printer.note(format!("not kept: {error}{cause}; {}", error.hint()));
        }
    }
}
