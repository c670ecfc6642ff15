use std::collections::BTreeMap;

use super::ability::AbilityScore;
use super::candidates::Candidate;
use super::quant_loss::CountedLoss;
use crate::catalog::{LossPoint, LossSeries};
use crate::estimate::Interval;

/// From a standard error to what may be counted on: three times in four it is at least that good.
const COUNTED_ON: f64 = 0.67;

/// From a standard error to the bounds of an 80 % interval.
const EIGHTY_PERCENT: f64 = 1.28;

/// How much the errors of one model's abilities go together: half of their variance.
const TOGETHER: f64 = 0.5;

/// How good a model's answers are for a use-case, by published results.
#[derive(Clone, Debug, PartialEq)]
pub struct Quality<'a> {
    /// The mean of the abilities that the use-case needs, by their weights, less what the quant loses; in percent.
    pub score: f64,
    /// Its standard error, in points.
    pub error: f64,
    /// The same mean, unquantized.
    pub unquantized_score: f64,
    /// What that mean is of, what counts most first.
    pub abilities: Vec<WeightedAbility<'a>>,
    /// What the quant is counted to lose of it, in percent.
    pub counted_loss_percent: f64,
    /// The same on an average of benchmarks, with its interval.
    pub average_loss: CountedLoss,
    /// What was measured of this very quant on this very model.
    pub measured_loss: Option<(&'a LossSeries, &'a LossPoint)>,
}

/// An ability that the quality is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightedAbility<'a> {
    /// The ability.
    pub score: AbilityScore<'a>,
    /// Its share of the mean.
    pub weight: f64,
}

impl<'a> Quality<'a> {
    /// The quality of a candidate; `None` where the catalog has nothing of an ability.
    pub(super) fn of(candidate: &Candidate<'a>, weights: &BTreeMap<String, f64>) -> Option<Self> {
        let mut abilities = weighted(&candidate.abilities, weights)?;
        let all: f64 = weights.values().sum();
        let mean = |of: &dyn Fn(&WeightedAbility<'a>) -> f64| {
            abilities.iter().map(|one| one.weight * of(one)).sum::<f64>() / all
        };
        let left = |one: &WeightedAbility<'a>| {
            1.0 - (candidate.loss.percent * one.score.ability.quant_sensitivity / 100.0).min(1.0)
        };
        let unquantized_score = mean(&|one| one.score.score);
        let score = mean(&|one| one.score.score * left(one));
        let linear = mean(&|one| one.score.error);
        let apart = abilities.iter().map(|one| (one.weight * one.score.error / all).powi(2)).sum::<f64>();
        let error = (TOGETHER * linear * linear + (1.0 - TOGETHER) * apart).sqrt();
        abilities.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        Some(Self {
            score,
            error,
            unquantized_score,
            abilities,
            counted_loss_percent: 100.0 * (1.0 - score / unquantized_score),
            average_loss: candidate.loss,
            measured_loss: candidate.measured_loss,
        })
    }

    /// The quality that can be counted on: what is measured broadly is worth more than what is guessed from a few results.
    #[must_use]
    pub fn counted_on(&self) -> f64 {
        self.score - COUNTED_ON * self.error
    }

    /// The 80 % interval of the score.
    #[must_use]
    pub fn interval(&self) -> Interval {
        let half = self.half_width();
        Interval { low: (self.score - half).max(0.0), high: (self.score + half).min(100.0) }
    }

    /// Half of that interval.
    #[must_use]
    pub fn half_width(&self) -> f64 {
        EIGHTY_PERCENT * self.error
    }

    /// Whether nobody measured a difference: it is within what both are unsure of.
    #[must_use]
    pub fn is_as_good_as(&self, other: &Self) -> bool {
        (self.score - other.score).abs() <= self.half_width().hypot(other.half_width())
    }
}

/// The abilities that count, with their weights; none where one is unknown.
fn weighted<'a>(
    scores: &[AbilityScore<'a>],
    weights: &BTreeMap<String, f64>,
) -> Option<Vec<WeightedAbility<'a>>> {
    let of = |(id, weight): (&String, &f64)| {
        let score = scores.iter().find(|score| score.ability.id == *id)?;
        Some(WeightedAbility { score: score.clone(), weight: *weight })
    };
    weights.iter().map(of).collect()
}
