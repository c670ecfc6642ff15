use serde::Deserialize;

use crate::validate::TableRow;

/// A published measurement of a served engine. A table has the plain columns, in which hardware, engine and precision
/// are words, or those of exported benchmarks, in which each thing is a column of its own; of the latter the plain ones
/// are made.
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
    /// `tuned` for the load, as benchmarks are, or as it was `deployed`; by the source where it is not stated.
    pub(super) tuning: String,

    pub(super) date: String,
    pub(super) precision: String,
    pub(super) kv_precision: String,
    pub(super) system: String,
    pub(super) engine_version: String,
    /// `agg`, or `disagg` where prompts are prefilled on other machines.
    pub(super) mode: String,
    pub(super) gpus: Option<f64>,
    pub(super) tp: Option<f64>,
    pub(super) pp: Option<f64>,
    pub(super) dp_attention: Option<f64>,
    pub(super) ep: Option<f64>,
    pub(super) isl_mean: Option<f64>,
    pub(super) osl_mean: Option<f64>,
    /// By Little's law.
    pub(super) output_tok_s_derived: Option<f64>,
    /// `mtp`, `none` or `unknown`.
    pub(super) speculative: String,
    /// What is doubtful of the row, and of its wait for the first token; empty where nothing is.
    pub(super) quality: String,
    pub(super) ttft_quality: String,
    pub(super) source: String,
    #[serde(skip)]
    pub(super) isl_nominal: Option<f64>,
}

impl ServedMeasurement {
    /// Requests in flight, where they are stated.
    #[must_use]
    #[expect(clippy::cast_sign_loss, reason = "a count of requests is not negative")]
    pub fn in_flight(&self) -> Option<u32> {
        self.concurrency.parse().ok().filter(|count: &f64| *count >= 1.0).map(|count| count.round() as u32)
    }

    /// Whether its lengths were drawn around their mean, and not all the same.
    pub(super) fn is_drawn(&self) -> bool {
        self.is_exported() && self.isl_mean.is_some() && self.isl_nominal != self.isl_mean
    }

    /// Whether its columns are those of exported benchmarks.
    pub(super) fn is_exported(&self) -> bool {
        !self.system.is_empty()
    }
}

impl TableRow for ServedMeasurement {
    const COLUMNS: &'static [&'static str] =
        &["model", "quant", "hardware", "engine", "concurrency", "tpot_ms"];
    const OTHER_COLUMNS: &'static [&'static str] =
        &["system", "model", "precision", "engine", "concurrency", "tpot_ms"];

    #[expect(clippy::cast_sign_loss, reason = "a count of GPUs is not negative")]
    fn completed(mut self) -> Self {
        if !self.is_exported() {
            return self;
        }
        let speculative = if self.speculative == "mtp" { " + MTP3" } else { "" };
        self.quant = format!("{}{speculative}", self.precision.to_uppercase());
        self.n_accelerators = self.gpus.or(self.tp).map(|count| count.round().max(1.0) as u32);
        let count = self.n_accelerators.map_or_else(String::new, |count| format!("{count}x "));
        self.hardware = format!("{count}{}", self.system.replace('_', " ").to_uppercase());
        let name = match self.engine.as_str() {
            "trtllm" => "TensorRT-LLM",
            "sglang" => "SGLang",
            "vllm" => "vLLM",
            other => other,
        };
        format!("{name} {}", self.engine_version).trim_end().clone_into(&mut self.engine);
        self.isl_nominal = self.isl;
        self.isl = self.isl_mean.or(self.isl);
        self.osl = self.osl_mean.or(self.osl);
        self.output_tok_s = self.output_tok_s_derived.or(self.output_tok_s);
        self.source_url.clone_from(&self.source);
        self
    }

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
