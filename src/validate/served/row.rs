use serde::Deserialize;

use crate::validate::TableRow;

/// A published measurement of a served engine.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ServedMeasurement {
    /// The name of the row.
    pub id: String,
    /// As people write it, with the R1 of the same shape in parentheses.
    pub(super) model: String,
    /// Its parameters, in billions.
    pub(super) params_b: Option<f64>,
    /// The precision of its weights.
    pub(super) quant: String,
    /// The hardware as people write it, with its count.
    pub hardware: String,
    pub(super) n_accelerators: Option<u32>,
    /// With its version and how the model lies over the accelerators.
    pub(super) engine: String,
    /// Requests in flight, or `unbounded`.
    pub(super) concurrency: String,
    /// Tokens of a prompt.
    pub(super) isl: Option<f64>,
    /// Tokens of an answer.
    pub(super) osl: Option<f64>,
    /// Tokens of prompts and answers in a second.
    pub(super) total_tok_s: Option<f64>,
    /// Tokens of answers in a second.
    pub(super) output_tok_s: Option<f64>,
    pub(super) ttft_ms: Option<f64>,
    pub(in crate::validate) tpot_ms: Option<f64>,
    /// What else the source says.
    pub(super) note: String,
    /// Where it was published.
    pub(super) source_url: String,
}

impl ServedMeasurement {
    /// Requests in flight, where they are stated.
    #[must_use]
    pub fn in_flight(&self) -> Option<u32> {
        self.concurrency.parse().ok().filter(|count| *count > 0)
    }
}

impl TableRow for ServedMeasurement {
    const COLUMNS: &'static [&'static str] =
        &["model", "quant", "hardware", "engine", "concurrency", "tpot_ms"];

    fn id(&self) -> &str {
        &self.id
    }

    fn id_mut(&mut self) -> &mut String {
        &mut self.id
    }

    fn hardware(&self) -> &str {
        &self.hardware
    }

    fn figures(&self) -> Vec<Option<f64>> {
        vec![self.isl, self.osl, self.total_tok_s, self.output_tok_s, self.ttft_ms, self.tpot_ms]
    }
}
