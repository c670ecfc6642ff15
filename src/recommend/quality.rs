use serde::Serialize;

use crate::catalog::{Benchmark, Catalog, Model, Quant, QuantLoss, Yardstick};

/// The benchmarks that every size was published on, and that the quality of a recommendation is the mean of.
const YARDSTICKS: [Benchmark; 3] = [Benchmark::Aime24, Benchmark::GpqaDiamond, Benchmark::Livecodebench];

/// Points of accuracy lost for each percent that perplexity rises. Where both were measured, `Q3_K_M` costs an
/// 8B 8 to 10 % of perplexity and R1's 32B and 671B 0.7 and 1.8 % of accuracy (arXiv:2505.02390).
const ACCURACY_PER_PERPLEXITY: f64 = 0.2;

/// Beyond this rise of perplexity nobody measured what a small reasoning model keeps: it is counted in full, so
/// that two and three bits are advised only where they were tried.
const UNTRIED_PERPLEXITY_PERCENT: f64 = 15.0;

/// The most that a quant is counted to lose: below two bits perplexity has no meaning any more.
const WORST_LOSS_PERCENT: f64 = 60.0;

/// How good a model's answers are, by published results.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Quality {
    /// The mean of AIME 2024, GPQA Diamond and `LiveCodeBench` (pass@1, percent), less what the quant loses.
    pub score: f64,
    /// The mean as published, unquantized.
    pub published_score: f64,
    /// What the quant loses, as published; its yardstick says of what.
    pub quant_loss: QuantLoss,
}

impl Quality {
    /// The quality of `model` in `quant`; `None` where a yardstick was not published for it.
    #[must_use]
    pub fn of(catalog: &Catalog, model: &Model, quant: &Quant) -> Option<Self> {
        let scores: Option<Vec<f64>> =
            YARDSTICKS.iter().map(|yardstick| Some(model.benchmarks.get(yardstick)?.score)).collect();
        let published_score = scores?.iter().sum::<f64>() / YARDSTICKS.len() as f64;
        let loss = accuracy_loss_percent(catalog, model, quant);
        Some(Self {
            score: published_score * (1.0 - loss / 100.0),
            published_score,
            quant_loss: quant.loss_on(&model.id),
        })
    }
}

/// What a quant is counted to lose in accuracy. An unpublished loss is not assumed to be none: it counts as
/// that of the next smaller quant with a published one.
fn accuracy_loss_percent(catalog: &Catalog, model: &Model, quant: &Quant) -> f64 {
    let from = catalog.quants().iter().position(|other| other.id == quant.id).unwrap_or(0);
    let loss = |quant: &Quant| {
        let measured = quant.loss_on(&model.id);
        // Perplexities of different models do not compare: only the one yardstick of all quants ranks them.
        let comparable = measured.yardstick == Some(Yardstick::Accuracy);
        in_accuracy(if comparable { &measured } else { &quant.loss })
    };
    catalog.quants()[from..].iter().find_map(loss).unwrap_or(WORST_LOSS_PERCENT)
}

fn in_accuracy(loss: &QuantLoss) -> Option<f64> {
    let percent = match loss.yardstick? {
        Yardstick::Accuracy => loss.percent?,
        Yardstick::Perplexity if loss.percent? > UNTRIED_PERPLEXITY_PERCENT => loss.percent?,
        Yardstick::Perplexity => loss.percent? * ACCURACY_PER_PERPLEXITY,
    };
    Some(percent.min(WORST_LOSS_PERCENT))
}
