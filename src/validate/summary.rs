use serde::Serialize;

/// The most that is measured of a row.
pub const MEASURES: usize = 3;

/// A figure of each measure, in the order of their kind; none where there is none.
pub type Measures = [Option<f64>; MEASURES];

/// The measures of a row, where they were measured and could be predicted.
pub type Predictions = [Option<Prediction>; MEASURES];

/// What was predicted and measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prediction {
    /// What was predicted, in the unit of its measure.
    pub predicted: f64,
    /// The lower end of its interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// What was measured.
    pub measured: f64,
}

impl Prediction {
    /// `|predicted − measured| / measured`.
    #[must_use]
    pub fn absolute_error(self) -> f64 {
        (self.predicted / self.measured - 1.0).abs()
    }

    fn is_covered(self) -> bool {
        (self.low..=self.high).contains(&self.measured)
    }
}

/// How good predictions are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Accuracy {
    /// How many measurements.
    pub rows: usize,
    /// The median of the absolute errors, as a share of what was measured.
    pub median_abs_error: f64,
    /// Their 90th percentile.
    pub p90_abs_error: f64,
    /// The share of measurements inside the predicted interval; meant to be 0.8.
    pub interval_coverage: f64,
    /// The median of predicted over measured, less one: above zero, predictions are too fast.
    pub bias: f64,
}

impl Accuracy {
    /// Of these; `None` of none.
    #[must_use]
    pub fn of(predictions: &[Prediction]) -> Option<Self> {
        let mut errors: Vec<f64> = predictions.iter().map(|one| one.absolute_error()).collect();
        let mut ratios: Vec<f64> = predictions.iter().map(|one| one.predicted / one.measured).collect();
        errors.sort_by(f64::total_cmp);
        ratios.sort_by(f64::total_cmp);
        let covered = predictions.iter().filter(|one| one.is_covered()).count();
        Some(Self {
            rows: predictions.len(),
            median_abs_error: quantile(&errors, 0.5)?,
            p90_abs_error: quantile(&errors, 0.9)?,
            interval_coverage: covered as f64 / predictions.len() as f64,
            bias: quantile(&ratios, 0.5)? - 1.0,
        })
    }
}

/// The tenth and the ninetieth percentile; none of nothing.
pub(super) fn tenths(values: &[f64]) -> Option<(f64, f64)> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Some((quantile(&sorted, 0.1)?, quantile(&sorted, 0.9)?))
}

/// The value below which a share of `sorted` lies, between neighbours in proportion.
#[expect(clippy::cast_sign_loss, reason = "a share of a length is not negative")]
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let position = share * (sorted.len().checked_sub(1)? as f64);
    let below = position.floor();
    let (low, high) = (sorted[below as usize], sorted[position.ceil() as usize]);
    Some(low + (high - low) * (position - below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_shares_of_what_was_measured() {
        let one = |predicted, measured| Prediction { predicted, low: 8.0, high: 12.0, measured };
        let accuracy = Accuracy::of(&[one(10.0, 10.0), one(10.0, 8.0), one(10.0, 20.0)]).unwrap();
        assert!((accuracy.median_abs_error - 0.25).abs() < 1e-12);
        assert!((accuracy.p90_abs_error - 0.45).abs() < 1e-12);
        assert!((accuracy.interval_coverage - 2.0 / 3.0).abs() < 1e-12);
        assert!(accuracy.bias.abs() < 1e-12);
        assert_eq!(Accuracy::of(&[]), None);
    }
}
