use serde::Deserialize;

use crate::validate::TableRow;

/// A published measurement of a served engine.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ServedMeasurement {
    /// The name of the row.
    pub id: String,
    /// The model as people write it, with the R1 of the same shape in parentheses.
    pub model: String,
    /// Its parameters, in billions.
    pub params_b: Option<f64>,
    /// The precision of its weights.
    pub quant: String,
    /// The hardware as people write it, with its count.
    pub hardware: String,
    /// How many accelerators.
    pub n_accelerators: Option<u32>,
    /// The engine, with its version and how the model lies over the accelerators.
    pub engine: String,
    /// Requests in flight, or `unbounded`.
    pub concurrency: String,
    /// Tokens of a prompt.
    pub isl: Option<f64>,
    /// Tokens of an answer.
    pub osl: Option<f64>,
    /// Tokens of prompts and answers in a second.
    pub total_tok_s: Option<f64>,
    /// Tokens of answers in a second.
    pub output_tok_s: Option<f64>,
    /// TTFT, in milliseconds.
    pub ttft_ms: Option<f64>,
    /// TPOT, in milliseconds.
    pub tpot_ms: Option<f64>,
    /// What else the source says.
    pub note: String,
    /// Where it was published.
    pub source_url: String,
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
