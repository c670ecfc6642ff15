use serde::Deserialize;

use crate::validate::TableRow;

/// A published measurement of llama.cpp on one machine.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Measurement {
    /// The name of the row.
    pub id: String,
    /// A day, a month, a year or a range of them.
    pub(super) date: String,
    /// The hardware as people write it.
    pub hardware: String,
    /// 0 for the CPU alone. Unless stated, one, but on the backend `CPU`.
    pub(super) gpu_count: Option<u32>,
    /// `CUDA`, `Vulkan`, `CUDA+CPU` …
    pub(super) backend: String,
    /// The model, or one of the same shape.
    pub shape: String,
    /// The quant.
    pub quant: String,
    pub(super) prompt_tokens: Option<u32>,
    pub(in crate::validate) prefill_tokens_per_second: Option<f64>,
    pub(super) output_tokens: Option<u32>,
    pub(in crate::validate) decode_tokens_per_second: Option<f64>,
    /// Whether attention ran as one fused kernel: 1, 0, or empty where that is unknown.
    pub(super) flash_attention: Option<u32>,
    /// Threads on the CPU.
    pub(super) threads: Option<u32>,
    /// Tokens in the cache at the start.
    pub context_depth: Option<u32>,
    /// What else the source says.
    pub(super) note: String,
}

impl Measurement {
    /// How many GPUs took part.
    #[must_use]
    pub fn gpus(&self) -> u32 {
        let on_processors = self.backend.eq_ignore_ascii_case("cpu") || self.hardware.contains("CPU only");
        self.gpu_count.unwrap_or(u32::from(!on_processors))
    }

    /// Whether it is known to be from before that day, month or year.
    #[must_use]
    pub fn is_before(&self, date: &str) -> bool {
        !self.date.is_empty() && self.date.as_str() < date
    }
}

impl TableRow for Measurement {
    const COLUMNS: &'static [&'static str] =
        &["hardware", "shape", "quant", "prefill_tokens_per_second", "decode_tokens_per_second"];

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
        vec![self.prefill_tokens_per_second, self.decode_tokens_per_second]
    }
}
