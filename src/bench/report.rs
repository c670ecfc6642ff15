use serde::Serialize;

use super::{
    Crowds, DepthFit, Extrapolation, Measurement, Need, NeedResult, Predicted, Settings, Timed, Tuning,
    Verdict, WorkloadResult,
};
use crate::units::Bytes;

/// What came of a bench: one measurement, or several by lists of settings, and what follows from them together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BenchReport {
    /// The first, or only, measurement.
    #[serde(flatten)]
    pub first: Measurement,
    /// All of them in their order, where there are several; the first among them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub runs: Vec<RunResult>,
    /// How decode slows down with depth, where several depths were measured in the same way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decode_over_depth: Option<DepthFit>,
    /// How the whole was predicted from slices of its layers, where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extrapolation: Option<Extrapolation>,
    /// What the fastest settings were found to be, where they were looked for; the measurement is of those.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tuning: Option<Tuning>,
    /// What several users at once get, where that was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<Crowds>,
    /// How long a task takes, where that was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workload: Option<WorkloadResult>,
    /// Whether what was needed is met.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<NeedResult>,
    #[serde(skip)]
    others: Vec<Measurement>,
}

/// One of several measurements: what differs from run to run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunResult {
    /// How it was run.
    pub settings: Settings,
    /// Prefill.
    pub prefill: Option<Timed>,
    /// Decode.
    pub decode: Option<Timed>,
    /// The most main memory that the engine's process held so far.
    pub peak_memory_bytes: Option<Bytes>,
    /// What was predicted.
    pub predicted: Option<Predicted>,
    /// What is to be made of it.
    pub verdict: Verdict,
}

impl BenchReport {
    /// A report of these measurements; none of no measurement.
    #[must_use]
    pub fn of(measurements: Vec<Measurement>, needs: &[Need]) -> Option<Self> {
        let needs = needs.iter().map(|need| need.held_against(&measurements)).collect();
        let several = measurements.len() > 1;
        let runs = if several { measurements.iter().map(RunResult::of).collect() } else { Vec::new() };
        let decode_over_depth = DepthFit::of_runs(&measurements);
        let mut measurements = measurements.into_iter();
        let first = measurements.next()?;
        let others = measurements.collect();
        Some(Self { runs, decode_over_depth, needs, others, ..Self::of_one(first) })
    }

    /// A report of one measurement.
    const fn of_one(first: Measurement) -> Self {
        Self {
            first,
            runs: Vec::new(),
            decode_over_depth: None,
            extrapolation: None,
            tuning: None,
            concurrency: None,
            workload: None,
            needs: Vec::new(),
            others: Vec::new(),
        }
    }

    /// The same with how it was predicted from slices.
    #[must_use]
    pub fn predicted_from(self, extrapolation: Extrapolation) -> Self {
        Self { extrapolation: Some(extrapolation), ..self }
    }

    /// The same with how its settings were found, if they were looked for.
    #[must_use]
    pub fn tuned(self, tuning: Option<Tuning>) -> Self {
        Self { tuning, ..self }
    }

    /// All measurements in their order.
    pub fn measurements(&self) -> impl Iterator<Item = &Measurement> + Clone {
        std::iter::once(&self.first).chain(&self.others)
    }
}

impl RunResult {
    fn of(measurement: &Measurement) -> Self {
        Self {
            settings: measurement.settings.clone(),
            prefill: measurement.prefill.clone(),
            decode: measurement.decode.clone(),
            peak_memory_bytes: measurement.peak_memory_bytes,
            predicted: measurement.predicted,
            verdict: measurement.verdict.clone(),
        }
    }
}
