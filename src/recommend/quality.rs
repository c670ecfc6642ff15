use std::collections::BTreeMap;

use serde::Serialize;

use crate::catalog::{Benchmark, Catalog, Model, Quant, QuantLoss, Yardstick};

/// Points of accuracy lost for each percent that perplexity rises. Where both were measured, `Q3_K_M` costs an
/// 8B 8 to 10 % of perplexity and R1's 32B and 671B 0.7 and 1.8 % of accuracy (arXiv:2505.02390).
const ACCURACY_PER_PERPLEXITY: f64 = 0.2;

/// Beyond this rise of perplexity nobody measured what a small reasoning model keeps: it is counted in full, so
/// that two and three bits are advised only where they were tried.
const UNTRIED_PERPLEXITY_PERCENT: f64 = 15.0;

/// The most that a quant is counted to lose: below two bits perplexity has no meaning any more.
pub(super) const WORST_LOSS_PERCENT: f64 = 60.0;

/// How good a model's answers are, by published results.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Quality {
    /// The mean of the use-case's benchmarks (pass@1, percent) by their weights, less what the quant loses.
    pub score: f64,
    /// The mean as published, unquantized.
    pub published_score: f64,
    /// What that mean is of.
    pub benchmarks: Vec<PublishedScore>,
    /// What the quant is counted to lose, in percent of the score.
    pub counted_loss_percent: f64,
    /// The same, where a loss of this very quant was published.
    pub measured_loss_percent: Option<f64>,
    /// What the quant loses, as published; its yardstick says of what.
    pub quant_loss: QuantLoss,
}

/// A published result that the quality is made of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PublishedScore {
    /// The benchmark.
    pub benchmark: Benchmark,
    /// Its share of the mean.
    pub weight: f64,
    /// Percent solved.
    pub score: f64,
    /// Where it was published.
    pub source: String,
}

impl Quality {
    /// The quality of `model` in `quant`; `None` where a benchmark was not published for it.
    #[must_use]
    pub fn of(
        catalog: &Catalog,
        model: &Model,
        quant: &Quant,
        weights: &BTreeMap<Benchmark, f64>,
    ) -> Option<Self> {
        let published = |(benchmark, weight): (&Benchmark, &f64)| {
            let published = model.benchmarks.get(benchmark)?;
            Some(PublishedScore {
                benchmark: *benchmark,
                weight: *weight,
                score: published.score,
                source: published.source.clone(),
            })
        };
        let benchmarks: Vec<PublishedScore> = weights.iter().map(published).collect::<Option<_>>()?;
        let all: f64 = weights.values().sum();
        let published_score =
            benchmarks.iter().map(|published| published.weight * published.score).sum::<f64>() / all;
        let counted_loss_percent = accuracy_loss_percent(catalog, model, quant);
        let quant_loss = quant.loss_on(&model.id);
        Some(Self {
            score: published_score * (1.0 - counted_loss_percent / 100.0),
            published_score,
            benchmarks,
            counted_loss_percent,
            measured_loss_percent: in_accuracy(&quant_loss),
            quant_loss,
        })
    }
}

/// What a quant is counted to lose in accuracy: no more than any smaller quant of the same model is known to lose, by a
/// measurement on that model before a general one. So a smaller quant never counts as better than a larger one, and
/// an unpublished loss is not assumed to be none.
fn accuracy_loss_percent(catalog: &Catalog, model: &Model, quant: &Quant) -> f64 {
    let from = catalog.quants().iter().position(|other| other.id == quant.id).unwrap_or(0);
    let known =
        catalog.quants()[from..].iter().filter_map(|smaller| in_accuracy(&smaller.loss_on(&model.id)));
    known.fold(WORST_LOSS_PERCENT, f64::min)
}

fn in_accuracy(loss: &QuantLoss) -> Option<f64> {
    let percent = match loss.yardstick? {
        Yardstick::Accuracy => loss.percent?,
        Yardstick::Perplexity if loss.percent? > UNTRIED_PERPLEXITY_PERCENT => loss.percent?,
        Yardstick::Perplexity => loss.percent? * ACCURACY_PER_PERPLEXITY,
    };
    Some(percent.min(WORST_LOSS_PERCENT))
}
