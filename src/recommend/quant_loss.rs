//! What a quant loses: one curve over the bits of a weight and the size of the model, drawn through everything that was
//! published of R1 models and of models of their shapes. It only falls with bits and with size.

use crate::catalog::{Catalog, LossPoint, LossSeries, Model, Quant, Yardstick};
use crate::estimate::Interval;
use crate::least_squares;

/// The most that a quant is counted to lose: below two bits perplexity has no meaning any more.
pub const WORST_LOSS_PERCENT: f64 = 60.0;

/// A loss that is less is noise of its measurement.
const LEAST_PERCENT: f64 = 0.05;

/// From a standard deviation to the bounds of an 80 % interval.
const EIGHTY_PERCENT: f64 = 1.28;

/// The rise of perplexity, in percent: `exp(level - bits * by_bit - by_size * ln(parameters / 1e9))`. What a model loses of
/// the results of benchmarks is a share of that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LossCurve {
    level: f64,
    by_bit: f64,
    by_size: f64,
    /// Percent of accuracy for each percent of perplexity.
    accuracy: f64,
    /// What it leaves of the logarithms of the published losses, as a standard deviation.
    spread: f64,
}

/// What a quant of a model is counted to lose, in percent of the results of benchmarks on average.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CountedLoss {
    /// In percent.
    pub percent: f64,
    /// The 80 % interval of that.
    pub interval: Interval,
}

impl CountedLoss {
    /// Where no curve is known: as bad as any.
    pub(super) const UNKNOWN: Self =
        Self { percent: WORST_LOSS_PERCENT, interval: Interval { low: 0.0, high: WORST_LOSS_PERCENT } };
}

impl LossCurve {
    /// Through the losses of the catalog; none where they do not determine it.
    #[must_use]
    pub fn of(catalog: &Catalog) -> Option<Self> {
        let series = catalog.loss_series().ok()?;
        let points = |yardstick: Yardstick| {
            let of_it = series.iter().filter(move |one| one.yardstick == yardstick);
            of_it.flat_map(|one| {
                one.points
                    .iter()
                    .filter_map(move |point| Some((one, point.bits?, point.percent - point.gain_percent)))
            })
        };
        let rises: Vec<_> =
            points(Yardstick::Perplexity).filter(|(.., percent)| *percent > LEAST_PERCENT).collect();
        let rows: Vec<Vec<f64>> =
            rises.iter().map(|(one, bits, _)| vec![1.0, -bits, -size(one.parameters)]).collect();
        let right: Vec<f64> = rises.iter().map(|(.., percent)| percent.ln()).collect();
        let [level, by_bit, by_size] = *least_squares::solve(&rows, &right)?.as_slice() else { return None };
        let curve = Self { level, by_bit, by_size, accuracy: 1.0, spread: 0.0 };
        let left: f64 = rises
            .iter()
            .map(|(one, bits, percent)| (percent / curve.rise(*bits, one.parameters)).ln().powi(2))
            .sum();
        let (mut both, mut squares) = (0.0, 0.0);
        for (one, bits, percent) in points(Yardstick::Accuracy).filter(|(one, ..)| one.overall) {
            let rise = curve.rise(bits, one.parameters);
            both += rise * percent;
            squares += rise * rise;
        }
        let spread = (left / (rises.len() as f64 - 3.0).max(1.0)).sqrt();
        Some(Self { accuracy: both / squares, spread, ..curve })
    }

    /// The rise of perplexity, in percent.
    #[must_use]
    pub fn rise(&self, bits: f64, parameters: u64) -> f64 {
        (self.level - self.by_bit * bits - self.by_size * size(parameters)).exp()
    }

    /// What a model of so many parameters in so many bits a weight is counted to lose on average.
    #[must_use]
    pub fn loss(&self, bits: f64, parameters: u64) -> CountedLoss {
        let rise = self.rise(bits, parameters);
        let percent =
            |rise: f64| (100.0 * (1.0 - (-self.accuracy * rise / 100.0).exp())).min(WORST_LOSS_PERCENT);
        let factor = (EIGHTY_PERCENT * self.spread).exp();
        CountedLoss {
            percent: percent(rise),
            interval: Interval { low: percent(rise / factor), high: percent(rise * factor) },
        }
    }
}

fn size(parameters: u64) -> f64 {
    (parameters as f64 / 1e9).ln()
}

/// What was measured of this very quant on this very model: an average of benchmarks before perplexity.
#[must_use]
pub fn measured<'a>(
    catalog: &'a Catalog,
    model: &Model,
    quant: &Quant,
) -> Option<(&'a LossSeries, &'a LossPoint)> {
    let series = catalog.loss_series().ok()?.iter().filter(|one| one.model == model.id);
    let mut found: Vec<_> = series
        .filter(|one| one.overall || one.yardstick == Yardstick::Perplexity)
        .filter_map(|one| Some((one, one.points.iter().find(|point| point.quant == quant.id)?)))
        .collect();
    found.sort_by_key(|(one, _)| !one.overall);
    found.into_iter().next()
}
