use serde::Serialize;

use crate::units::Seconds;

/// Percentiles by nearest rank: the p-th is the smallest measured value that at least p percent are at or below. So each
/// is a time that a user had, and no mean of two.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Percentiles {
    /// How many values.
    pub count: usize,
    /// The mean.
    pub mean: Seconds,
    /// The median.
    pub p50: Seconds,
    /// What nine of ten are at or below.
    pub p90: Seconds,
    /// What 19 of 20 are at or below.
    pub p95: Seconds,
    /// What 99 of 100 are at or below.
    pub p99: Seconds,
    /// The largest.
    pub max: Seconds,
}

impl Percentiles {
    /// Of these values; none of none.
    #[must_use]
    pub fn of(values: impl IntoIterator<Item = Seconds>) -> Option<Self> {
        let mut sorted: Vec<f64> = values.into_iter().map(|value| value.0).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let max = *sorted.last()?;
        let rank = |percent: f64| Seconds(sorted[nearest_rank(sorted.len(), percent) - 1]);
        Some(Self {
            count: sorted.len(),
            mean: Seconds(sorted.iter().sum::<f64>() / sorted.len() as f64),
            p50: rank(50.0),
            p90: rank(90.0),
            p95: rank(95.0),
            p99: rank(99.0),
            max: Seconds(max),
        })
    }
}

/// ⌈p / 100 · n⌉, from one.
#[expect(clippy::cast_sign_loss, reason = "a rank is positive")]
fn nearest_rank(count: usize, percent: f64) -> usize {
    // Whole percents of counts are exact before the division, and 95 % of 20 is 19, not 19.000000000000004.
    ((percent * count as f64 / 100.0).ceil() as usize).clamp(1, count)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_textbook_example_of_nearest_rank_comes_out() {
        // The list 15, 20, 35, 40, 50 has the 30th percentile 20, the 40th 20, the 50th 35 and the 100th 50:
        // https://en.wikipedia.org/wiki/Percentile#Worked_examples_of_the_nearest-rank_method
        let list = [15, 20, 35, 40, 50];
        let at = |percent| list[nearest_rank(list.len(), percent) - 1];
        assert_eq!([30.0, 40.0, 50.0, 100.0].map(at), [20, 20, 35, 50]);
        assert_eq!((nearest_rank(20, 95.0), nearest_rank(100, 99.0), nearest_rank(1, 50.0)), (19, 99, 1));
    }

    proptest! {
        #[test]
        fn a_percentile_is_a_value_that_so_many_are_at_or_below(
            values in prop::collection::vec(0.0..1e3_f64, 1..60),
        ) {
            let percentiles = Percentiles::of(values.iter().copied().map(Seconds)).unwrap();
            for (percent, value) in [(50.0, percentiles.p50.0), (90.0, percentiles.p90.0),
                (95.0, percentiles.p95.0), (99.0, percentiles.p99.0), (100.0, percentiles.max.0)] {
                prop_assert!(values.contains(&value));
                let share = |below: usize| below as f64 * 100.0 >= percent * values.len() as f64;
                prop_assert!(share(values.iter().filter(|other| **other <= value).count()));
                prop_assert!(!share(values.iter().filter(|other| **other < value).count()));
            }
        }
    }
}
