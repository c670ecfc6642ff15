use serde::Serialize;

use crate::units::{Seconds, TokenRate};

/// The deviation, as a share of the mean, above which repetitions are noisy.
const NOISY: f64 = 0.1;

/// Speeds of a test's repetitions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RateStatistics {
    /// Their mean.
    pub mean: TokenRate,
    /// Their sample standard deviation; none for a single one.
    pub stddev: Option<TokenRate>,
    /// Each, in the order of measuring.
    pub samples: Vec<TokenRate>,
}

impl RateStatistics {
    /// How many there are.
    #[must_use]
    pub fn repetitions(&self) -> usize {
        self.samples.len()
    }

    /// Whether the repetitions differ so much that something else must have used the machine: on a quiet one
    /// llama-bench's deviation is within a few percent of the mean.
    #[must_use]
    pub fn is_noisy(&self) -> bool {
        self.stddev.is_some_and(|stddev| stddev.0 > NOISY * self.mean.0)
    }

    /// The speeds of runs of `tokens` that took `times`; `None` for no run at all.
    ///
    /// As llama-bench has it: the mean of the rates, not the rate of the mean.
    #[must_use]
    pub fn of(tokens: u32, times: &[Seconds]) -> Option<Self> {
        let samples: Vec<_> = times.iter().map(|time| TokenRate::of(f64::from(tokens), *time)).collect();
        let count = samples.len() as f64;
        let mean = samples.iter().map(|rate| rate.0).sum::<f64>() / count;
        let squares: f64 = samples.iter().map(|rate| (rate.0 - mean).powi(2)).sum();
        let stddev = (samples.len() > 1).then(|| TokenRate((squares / (count - 1.0)).sqrt()));
        (!samples.is_empty()).then_some(Self { mean: TokenRate(mean), stddev, samples })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn three_runs_have_the_mean_and_deviation_of_a_pocket_calculator() {
        // 100 tokens in 10, 5 and 4 seconds: 10, 20 and 25 a second.
        let rates = RateStatistics::of(100, &[Seconds(10.0), Seconds(5.0), Seconds(4.0)]).unwrap();
        assert_eq!(rates.samples, [TokenRate(10.0), TokenRate(20.0), TokenRate(25.0)]);
        assert!((rates.mean.0 - 55.0 / 3.0).abs() < 1e-12);
        // √((8.333² + 1.667² + 6.667²) / 2)
        assert!((rates.stddev.unwrap().0 - 7.637_626_158_259_733).abs() < 1e-12);
    }

    #[test]
    fn a_single_run_has_no_deviation_and_none_has_nothing() {
        assert_eq!(RateStatistics::of(8, &[Seconds(2.0)]).unwrap().stddev, None);
        assert_eq!(RateStatistics::of(8, &[]), None);
    }

    #[test]
    fn runs_that_differ_by_a_tenth_and_more_are_noisy() {
        let noisy = |times: &[f64]| {
            let times: Vec<_> = times.iter().copied().map(Seconds).collect();
            RateStatistics::of(128, &times).unwrap().is_noisy()
        };
        assert!(!noisy(&[10.0, 10.2, 9.9]));
        assert!(noisy(&[10.0, 13.0]));
        assert!(!noisy(&[10.0]));
    }

    proptest! {
        #[test]
        fn the_mean_lies_between_the_slowest_and_the_fastest(times in prop::collection::vec(1e-3..1e3f64, 1..20)) {
            let times: Vec<_> = times.into_iter().map(Seconds).collect();
            let rates = RateStatistics::of(128, &times).unwrap();
            let slowest = rates.samples.iter().map(|rate| rate.0).fold(f64::INFINITY, f64::min);
            let fastest = rates.samples.iter().map(|rate| rate.0).fold(0.0, f64::max);
            prop_assert!(slowest * (1.0 - 1e-9) <= rates.mean.0 && rates.mean.0 <= fastest * (1.0 + 1e-9));
        }
    }
}
