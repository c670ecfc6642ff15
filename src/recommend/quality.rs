use serde::Serialize;

use crate::catalog::{Benchmark, Model, Quant};

/// The benchmarks that every size was published on, and that the quality of a recommendation is the mean of.
const YARDSTICKS: [Benchmark; 3] = [Benchmark::Aime24, Benchmark::GpqaDiamond, Benchmark::Livecodebench];

/// How good a model's answers are, by published results.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Quality {
    /// The mean of AIME 2024, GPQA Diamond and `LiveCodeBench` (pass@1, percent), less what the quant loses.
    pub score: f64,
    /// The mean as published, unquantized.
    pub published_score: f64,
    /// What the quant loses, in percent of the score; unknown for quants that nobody published a loss for.
    pub quant_loss_percent: Option<f64>,
}

impl Quality {
    /// The quality of `model` in `quant`; `None` where a yardstick was not published for it.
    #[must_use]
    pub fn of(model: &Model, quant: &Quant) -> Option<Self> {
        let scores: Option<Vec<f64>> =
            YARDSTICKS.iter().map(|yardstick| Some(model.benchmarks.get(yardstick)?.score)).collect();
        let published_score = scores?.iter().sum::<f64>() / YARDSTICKS.len() as f64;
        let quant_loss_percent = quant.loss.percent;
        // An unknown loss is not assumed to be none: it ranks as the worst that was published above 2 bits.
        let loss = quant_loss_percent.unwrap_or(UNKNOWN_LOSS_PERCENT);
        Some(Self { score: published_score * (1.0 - loss / 100.0), published_score, quant_loss_percent })
    }
}

/// What an unpublished loss ranks as: DeepSeek-V3 in `Q2_K_L` lost 8.91 % (arXiv:2505.02390).
const UNKNOWN_LOSS_PERCENT: f64 = 8.91;
