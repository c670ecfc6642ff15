use std::collections::BTreeMap;

use super::candidates::Candidate;
use crate::catalog::{Benchmark, BenchmarkScore, Catalog, Loss, Model, Quant, Yardstick};

/// Points of accuracy lost for each percent that perplexity rises. Where both were measured, `Q3_K_M` costs an
/// 8B 8 to 10 % of perplexity and R1's 32B and 671B 0.7 and 1.8 % of accuracy (arXiv:2505.02390).
const ACCURACY_PER_PERPLEXITY: f64 = 0.2;

/// Beyond this rise of perplexity it was never measured what a small reasoning model retains: it is counted in full,
/// so that two and three bits are advised only where they were tried.
const UNTRIED_PERPLEXITY_PERCENT: f64 = 15.0;

/// The most that a quant is counted to lose: below two bits perplexity has no meaning any more.
pub const WORST_LOSS_PERCENT: f64 = 60.0;

/// How good a model's answers are, by published results.
#[derive(Clone, Debug, PartialEq)]
pub struct Quality<'a> {
    /// The mean of the use-case's benchmarks (pass@1, percent) by their weights, less what the quant loses.
    pub score: f64,
    /// The mean as published, unquantized.
    pub published_score: f64,
    /// What that mean is of.
    pub benchmarks: Vec<WeightedScore<'a>>,
    /// What the quant is counted to lose, in percent of the score.
    pub counted_loss_percent: f64,
    /// The same, where a loss of this very quant was published.
    pub measured_loss_percent: Option<f64>,
    /// What the quant loses, as published; its yardstick says of what.
    pub quant_loss: Loss<'a>,
}

/// A published result that the quality is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightedScore<'a> {
    /// The benchmark.
    pub benchmark: Benchmark,
    /// Its share of the mean.
    pub weight: f64,
    /// The result.
    pub published: &'a BenchmarkScore,
}

impl<'a> Quality<'a> {
    /// The quality of a candidate; `None` where one of the benchmarks was not published for it.
    pub(super) fn of(candidate: &Candidate<'a>, weights: &BTreeMap<Benchmark, f64>) -> Option<Self> {
        let Candidate { model, quant, loss_percent, .. } = *candidate;
        let weighted = |(benchmark, weight): (&Benchmark, &f64)| {
            let published = model.benchmarks.get(benchmark)?;
            Some(WeightedScore { benchmark: *benchmark, weight: *weight, published })
        };
        let benchmarks: Vec<_> = weights.iter().map(weighted).collect::<Option<_>>()?;
        let sum: f64 = benchmarks.iter().map(|one| one.weight * one.published.score).sum();
        let published_score = sum / weights.values().sum::<f64>();
        let quant_loss = quant.loss_on(&model.id);
        Some(Self {
            score: published_score * (1.0 - loss_percent / 100.0),
            published_score,
            benchmarks,
            counted_loss_percent: loss_percent,
            measured_loss_percent: in_accuracy(quant_loss),
            quant_loss,
        })
    }
}

/// What a quant is counted to lose in accuracy: no more than any smaller quant of the same model is known to lose, by a
/// measurement on that model before a general one. So a smaller quant never counts as better than a larger one, and
/// an unpublished loss is not assumed to be none.
pub(super) fn counted_loss_percent(catalog: &Catalog, model: &Model, quant: &Quant) -> f64 {
    let from = catalog.quants().iter().position(|other| other.id == quant.id).unwrap_or(0);
    let known = catalog.quants()[from..].iter().filter_map(|smaller| in_accuracy(smaller.loss_on(&model.id)));
    known.fold(WORST_LOSS_PERCENT, f64::min)
}

fn in_accuracy(loss: Loss<'_>) -> Option<f64> {
    let percent = match loss.yardstick? {
        Yardstick::Accuracy => loss.percent?,
        Yardstick::Perplexity if loss.percent? > UNTRIED_PERPLEXITY_PERCENT => loss.percent?,
        Yardstick::Perplexity => loss.percent? * ACCURACY_PER_PERPLEXITY,
    };
    Some(percent.min(WORST_LOSS_PERCENT))
}
