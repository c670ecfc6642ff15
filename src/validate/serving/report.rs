use std::collections::BTreeMap;

use serde::Serialize;

use super::case::{ServingCase, ServingPredictions, ServingUnresolved};
use super::row::ServedMeasurement;
use crate::calibration::ServingClass;
use crate::capacity::{Arrivals, EngineAge, ServingEngine};
use crate::validate::report::UnresolvedRow;
use crate::validate::summary::{Accuracy, Prediction};

/// Predictions of served engines held against a table of measurements.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ServingValidation {
    /// Rows of the table.
    pub rows: usize,
    /// Those that could be predicted.
    pub resolved: usize,
    /// Whether the constants were fitted without the deployment that they predict.
    pub leaving_out_the_deployment: bool,
    /// The time between tokens, over rows with a stated concurrency.
    pub tpot: Option<Accuracy>,
    /// The output throughput, over rows with a stated concurrency.
    pub output_throughput: Option<Accuracy>,
    /// The same by kind of row; the unbounded ones are among them.
    pub classes: Vec<ServingClassAccuracy>,
    /// Each row.
    pub per_row: Vec<ServingPerRow>,
    /// Rows that could not be predicted, and why.
    pub unresolved: Vec<UnresolvedRow>,
}

/// How good predictions are for one kind of row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ServingClassAccuracy {
    /// What rows are told apart by.
    pub by: &'static str,
    /// The kind.
    pub class: String,
    /// The time between tokens.
    pub tpot: Option<Accuracy>,
    /// The output throughput.
    pub output_throughput: Option<Accuracy>,
}

/// A row's predictions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ServingPerRow {
    /// The row.
    pub id: String,
    /// The hardware as the row names it.
    pub hardware: String,
    /// The model as the row names it.
    pub model: String,
    /// The engine as the row names it.
    pub engine: String,
    /// Requests in flight, where the row states them.
    pub concurrency: Option<u32>,
    /// What hardware and model were understood as; none where they were not.
    pub resolved: Option<String>,
    /// Milliseconds.
    pub predicted_tpot_ms: Option<f64>,
    /// Milliseconds.
    pub measured_tpot_ms: Option<f64>,
    /// Tokens per second.
    pub predicted_output_tokens_per_second: Option<f64>,
    /// Tokens per second, as stated or by the share of the total that answers have.
    pub measured_output_tokens_per_second: Option<f64>,
}

impl ServingPerRow {
    /// The larger of the two errors.
    #[must_use]
    pub fn worst_error(&self) -> f64 {
        let error = |predicted: Option<f64>, measured: Option<f64>| match (predicted, measured) {
            (Some(predicted), Some(measured)) => (predicted / measured - 1.0).abs(),
            _ => 0.0,
        };
        error(self.predicted_tpot_ms, self.measured_tpot_ms)
            .max(error(self.predicted_output_tokens_per_second, self.measured_output_tokens_per_second))
    }
}

/// What came of `cases` with their predictions, and of the rows that are none.
#[must_use]
pub fn serving_validation(
    cases: &[ServingCase<'_>],
    predictions: &[ServingPredictions],
    unresolved: &[(&ServedMeasurement, ServingUnresolved)],
    leaving_out_the_deployment: bool,
) -> ServingValidation {
    let stated: Vec<&ServingPredictions> = cases
        .iter()
        .zip(predictions)
        .filter(|(case, _)| case.states_concurrency())
        .map(|(_, predictions)| predictions)
        .collect();
    let mut by_class: BTreeMap<(usize, &'static str, String), Vec<&ServingPredictions>> = BTreeMap::new();
    for (case, prediction) in cases.iter().zip(predictions) {
        for (at, (by, class)) in classes(case).into_iter().enumerate() {
            // Runs without a limit are told of by themselves: they are another question.
            if by == "arrivals" || case.states_concurrency() {
                by_class.entry((at, by, class)).or_default().push(prediction);
            }
        }
    }
    let mut per_row: Vec<ServingPerRow> =
        cases.iter().zip(predictions).map(|(case, two)| per_row(case, *two)).collect();
    per_row.extend(unresolved.iter().map(|(row, _)| plain(row)));
    ServingValidation {
        rows: cases.len() + unresolved.len(),
        resolved: cases.len(),
        leaving_out_the_deployment,
        tpot: accuracy(&stated, 0),
        output_throughput: accuracy(&stated, 1),
        classes: by_class
            .into_iter()
            .map(|((_, by, class), predictions)| ServingClassAccuracy {
                by,
                class,
                tpot: accuracy(&predictions, 0),
                output_throughput: accuracy(&predictions, 1),
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

fn accuracy(predictions: &[&ServingPredictions], quantity: usize) -> Option<Accuracy> {
    let known: Vec<Prediction> = predictions.iter().filter_map(|two| two[quantity]).collect();
    Accuracy::of(&known)
}

/// The kinds that a row belongs to.
fn classes(case: &ServingCase<'_>) -> Vec<(&'static str, String)> {
    let deployment = &case.deployment;
    let arrivals = match (&case.workload.arrivals, case.states_concurrency()) {
        (_, false) => "unbounded",
        (Arrivals::AtOnce(_), _) => "at once",
        (Arrivals::Held { .. }, _) => "held in flight",
        (Arrivals::Poisson { .. }, _) => "by themselves",
    };
    let model = match (deployment.model.routed_share, deployment.experts_in_ram) {
        (None, _) => "dense",
        (Some(_), None) => "experts",
        (Some(_), Some(_)) => "experts in RAM",
    };
    let gpus = match deployment.gpus() {
        1 => "one GPU",
        count if count > deployment.device.linked => "several nodes",
        _ if deployment.device.interconnect.is_some() => "several, linked",
        _ => "several over PCIe",
    };
    let engine = match (deployment.engine, deployment.age) {
        (engine, EngineAge::Current) => engine.name().to_owned(),
        (ServingEngine::Vllm, EngineAge::Early) => "vLLM before 2025-05".to_owned(),
        (engine, EngineAge::Early) => format!("{} before 2025-05", engine.name()),
    };
    let concurrency = match case.row.in_flight() {
        None => "unbounded",
        Some(1) => "1",
        Some(2..=16) => "2 to 16",
        Some(17..=100) => "17 to 100",
        Some(_) => "above 100",
    };
    vec![
        ("arrivals", arrivals.to_owned()),
        ("experts", model.to_owned()),
        ("engine", engine),
        ("gpus", gpus.to_owned()),
        ("class", class_name(deployment.device.class).to_owned()),
        ("precision", deployment.precision.name().to_owned()),
        ("concurrency", concurrency.to_owned()),
        ("speculative", if deployment.drafted > 0 { "drafts" } else { "no drafts" }.to_owned()),
    ]
}

const fn class_name(class: ServingClass) -> &'static str {
    class.name()
}

fn per_row(case: &ServingCase<'_>, [tpot, throughput]: ServingPredictions) -> ServingPerRow {
    let replicas = if case.replicas > 1 { format!("{} × ", case.replicas) } else { String::new() };
    let deployment = &case.deployment;
    ServingPerRow {
        resolved: Some(format!(
            "{replicas}{} × {}, {} {}",
            deployment.gpus(),
            deployment.device.name,
            case.model,
            deployment.precision.name()
        )),
        predicted_tpot_ms: tpot.map(|one| one.predicted),
        predicted_output_tokens_per_second: throughput.map(|one| one.predicted),
        measured_output_tokens_per_second: case.output_throughput,
        ..plain(case.row)
    }
}

fn plain(row: &ServedMeasurement) -> ServingPerRow {
    ServingPerRow {
        id: row.id.clone(),
        hardware: row.hardware.clone(),
        model: row.model.clone(),
        engine: row.engine.clone(),
        concurrency: row.in_flight(),
        resolved: None,
        predicted_tpot_ms: None,
        measured_tpot_ms: row.tpot_ms,
        predicted_output_tokens_per_second: None,
        measured_output_tokens_per_second: row.output_tok_s,
    }
}
