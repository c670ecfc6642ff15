use std::collections::BTreeMap;

use serde::Serialize;

use super::case::{Case, Unresolved};
use super::row::Measurement;
use super::summary::{Accuracy, Prediction, Predictions};

/// Predictions held against a table of measurements.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Validation {
    /// Rows of the table that were asked about.
    pub rows: usize,
    /// Those that could be predicted.
    pub resolved: usize,
    /// Whether the constants were fitted without the device that they predict.
    pub leaving_out_the_device: bool,
    /// Decode.
    pub decode: Option<Accuracy>,
    /// Prefill.
    pub prefill: Option<Accuracy>,
    /// The same by kind of row.
    pub classes: Vec<ClassAccuracy>,
    /// Each row.
    pub per_row: Vec<PerRow>,
    /// Rows that could not be predicted, and why.
    pub unresolved: Vec<UnresolvedRow>,
}

/// How good predictions are for one kind of row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClassAccuracy {
    /// What rows are told apart by.
    pub by: &'static str,
    /// The kind.
    pub class: String,
    /// Decode.
    pub decode: Option<Accuracy>,
    /// Prefill.
    pub prefill: Option<Accuracy>,
}

/// A row's predictions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PerRow {
    /// The row.
    pub id: String,
    /// The hardware as the row names it.
    pub hardware: String,
    /// The model and the quant.
    pub target: String,
    /// What the hardware was understood as; none where it was not.
    pub resolved: Option<String>,
    /// Tokens per second.
    pub predicted_decode: Option<f64>,
    /// Tokens per second.
    pub measured_decode: Option<f64>,
    /// Tokens per second.
    pub predicted_prefill: Option<f64>,
    /// Tokens per second.
    pub measured_prefill: Option<f64>,
}

impl PerRow {
    /// The larger of the two errors.
    #[must_use]
    pub fn worst_error(&self) -> f64 {
        let error = |predicted: Option<f64>, measured: Option<f64>| match (predicted, measured) {
            (Some(predicted), Some(measured)) => (predicted / measured - 1.0).abs(),
            _ => 0.0,
        };
        error(self.predicted_decode, self.measured_decode)
            .max(error(self.predicted_prefill, self.measured_prefill))
    }
}

/// A row that could not be predicted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnresolvedRow {
    /// The row.
    pub id: String,
    /// The hardware as the row names it.
    pub hardware: String,
    /// Why.
    pub reason: String,
}

/// What came of `cases` with their predictions of decode and prefill, and of the rows that are none.
#[must_use]
pub fn validation(
    cases: &[Case<'_>],
    predictions: &[Predictions],
    unresolved: &[(&Measurement, Unresolved)],
    leaving_out_the_device: bool,
) -> Validation {
    let everything: Vec<&Predictions> = predictions.iter().collect();
    let mut by_class: BTreeMap<(usize, &'static str, String), Vec<&Predictions>> = BTreeMap::new();
    for (case, prediction) in cases.iter().zip(predictions) {
        for (at, (by, class)) in classes(case).into_iter().enumerate() {
            by_class.entry((at, by, class)).or_default().push(prediction);
        }
    }
    let mut per_row: Vec<PerRow> =
        cases.iter().zip(predictions).map(|(case, two)| per_row(case, *two)).collect();
    per_row.extend(unresolved.iter().map(|(row, _)| PerRow {
        id: row.id.clone(),
        hardware: row.hardware.clone(),
        target: format!("{}:{}", row.shape, row.quant),
        resolved: None,
        predicted_decode: None,
        measured_decode: row.decode_tokens_per_second,
        predicted_prefill: None,
        measured_prefill: row.prefill_tokens_per_second,
    }));
    Validation {
        rows: cases.len() + unresolved.len(),
        resolved: cases.len(),
        leaving_out_the_device,
        decode: accuracy(&everything, 0),
        prefill: accuracy(&everything, 1),
        classes: by_class
            .into_iter()
            .map(|((_, by, class), predictions)| ClassAccuracy {
                by,
                class,
                decode: accuracy(&predictions, 0),
                prefill: accuracy(&predictions, 1),
            })
            .collect(),
        per_row,
        unresolved: unresolved
            .iter()
            .map(|(row, reason)| UnresolvedRow {
                id: row.id.clone(),
                hardware: row.hardware.clone(),
                reason: reason.to_string(),
            })
            .collect(),
    }
}

fn accuracy(predictions: &[&Predictions], quantity: usize) -> Option<Accuracy> {
    let known: Vec<Prediction> = predictions.iter().filter_map(|two| two[quantity]).collect();
    Accuracy::of(&known)
}

/// The kinds that a row belongs to.
fn classes(case: &Case<'_>) -> Vec<(&'static str, String)> {
    let row = case.row;
    let place = if case.offload {
        "GPU and CPU"
    } else if case.machine.gpus.is_empty() {
        "CPU"
    } else if case.machine.gpus.len() > 1 {
        "several GPUs"
    } else {
        "one GPU"
    };
    let vendor = case.machine.gpus.first().map_or_else(|| "CPU".to_owned(), |gpu| gpu.vendor.to_string());
    let depth = match case.decode_depth() {
        depth if depth < 1024.0 => "up to 1k",
        depth if depth < 8192.0 => "1k to 8k",
        _ => "8k and deeper",
    };
    let kind = if case.is_r1() { "R1" } else { "reference" };
    let age = if row.is_before("2024-10") { "before 2024-10" } else { "since 2024-10" };
    vec![
        ("shape", kind.to_owned()),
        ("age", format!("{kind}, {age}")),
        ("place", place.to_owned()),
        ("backend", case.backend.to_string()),
        ("vendor", vendor),
        ("model", case.subject.model.id.to_owned()),
        ("quant", row.quant.clone()),
        ("depth", depth.to_owned()),
    ]
}

fn per_row(case: &Case<'_>, [decode, prefill]: Predictions) -> PerRow {
    PerRow {
        id: case.row.id.clone(),
        hardware: case.row.hardware.clone(),
        target: format!("{}:{}", case.subject.model.id, case.row.quant),
        resolved: Some(case.machine.name.clone()),
        predicted_decode: decode.map(|one| one.predicted),
        measured_decode: case.row.decode_tokens_per_second,
        predicted_prefill: prefill.map(|one| one.predicted),
        measured_prefill: case.row.prefill_tokens_per_second,
    }
}
