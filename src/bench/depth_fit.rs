use serde::Serialize;

use super::Measurement;
use crate::least_squares::solve;
use crate::units::Seconds;

/// How the time of a token grows with the tokens before it: a line through the measured depths.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DepthFit {
    /// A token's time with nothing before it.
    pub seconds_per_token_at_zero: f64,
    /// What each thousand tokens before it add.
    pub seconds_per_token_per_thousand_depth: f64,
    /// By how much the measured times lie off the line at most, as a share of them.
    pub worst_error: f64,
}

impl DepthFit {
    /// The line through times of a token at depths; none where there are not two depths.
    #[must_use]
    pub fn of(points: &[(f64, Seconds)]) -> Option<Self> {
        let rows: Vec<Vec<f64>> = points.iter().map(|(depth, _)| vec![1.0, *depth]).collect();
        let times: Vec<f64> = points.iter().map(|(_, time)| time.0).collect();
        let [at_zero, slope] = solve(&rows, &times)?.try_into().ok()?;
        let error = |(depth, time): &(f64, Seconds)| ((at_zero + slope * depth) / time.0 - 1.0).abs();
        Some(Self {
            seconds_per_token_at_zero: at_zero,
            seconds_per_token_per_thousand_depth: slope * 1000.0,
            worst_error: points.iter().map(error).fold(0.0, f64::max),
        })
    }

    /// The same of the runs that differ from the first in their depth only.
    #[must_use]
    pub fn of_runs(runs: &[Measurement]) -> Option<Self> {
        let first = runs.first()?;
        let points: Vec<_> = runs
            .iter()
            .filter(|run| run.settings == first.settings)
            .filter_map(|run| run.decode.as_ref())
            .map(|timed| {
                // A test begins at its depth and goes on from there.
                let middle = f64::from(timed.depth) + f64::from(timed.tokens) / 2.0;
                (middle, Seconds(1.0 / timed.tokens_per_second.mean.0))
            })
            .collect();
        Self::of(&points)
    }

    /// A token's time at a depth.
    #[must_use]
    pub fn at(&self, depth: f64) -> Seconds {
        Seconds(self.seconds_per_token_at_zero + self.seconds_per_token_per_thousand_depth * depth / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_again_and_one_depth_makes_none() {
        let points = [0.0, 4096.0, 16384.0].map(|depth| (depth, Seconds(0.05 + depth * 2e-6)));
        let fit = DepthFit::of(&points).unwrap();
        assert!((fit.seconds_per_token_at_zero - 0.05).abs() < 1e-9);
        assert!((fit.seconds_per_token_per_thousand_depth - 0.002).abs() < 1e-9);
        assert!(fit.worst_error < 1e-9);
        assert!((fit.at(8192.0).0 - 0.066_384).abs() < 1e-9);
        assert_eq!(DepthFit::of(&points[..1]), None);
        assert_eq!(DepthFit::of(&[points[0], points[0]]), None);
    }
}
