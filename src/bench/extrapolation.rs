//! From the times of slices to the time of the whole: a part that every run has (embedding, output, the engine's own
//! work) and one for each layer of a kind.

use serde::Serialize;

use super::slices::{Cut, LayerKind};
use super::{BenchPlan, RateStatistics, Shortage};
use crate::estimate::Interval;
use crate::least_squares::solve;
use crate::units::{Bytes, Seconds, TokenRate};

/// What was timed of one slice, round by round.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SliceTimes {
    /// A prompt.
    pub prefill: Vec<Seconds>,
    /// An answer.
    pub decode: Vec<Seconds>,
    /// The most memory that its process held.
    pub peak_bytes: Bytes,
}

/// How a whole model was predicted from slices.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Extrapolation {
    /// Layers of the whole.
    pub layers: u32,
    /// What was measured.
    pub slices: Vec<SliceResult>,
    /// What prefill is made of.
    pub prefill: Option<Parts>,
    /// What decode is made of.
    pub decode: Option<Parts>,
    /// What the whole lacks to run here: the speeds are then those of a machine like this with more memory.
    pub shortage: Option<Shortage>,
}

/// A slice and its times.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SliceResult {
    /// Its layers.
    pub layers: u32,
    /// What its weights take.
    pub weights_bytes: Bytes,
    /// The time of the prompt: the mean of the middle half of the rounds.
    pub prefill_seconds: Option<f64>,
    /// The same of a decoded token.
    pub decode_seconds_per_token: Option<f64>,
}

/// What a test's time is made of, in seconds: for the whole prompt in prefill, for a token in decode.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parts {
    /// What every run has: embedding, output, and the engine's own work.
    pub fixed_seconds: f64,
    /// What a layer of each kind adds.
    pub layers: Vec<LayerPart>,
    /// Where the whole's speed lies, by the spread of the rounds and what slices err by.
    pub interval: Interval,
}

/// What a layer adds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LayerPart {
    /// Its kind.
    pub kind: LayerKind,
    /// How many the whole has.
    pub count: u32,
    /// The time of one.
    pub seconds: f64,
}

/// What a predicted time is off by beside the noise: the root of the mean square over prefill and decode of the 1.5B and
/// the 7B in `Q4_K_M`, predicted from 7 of 28 layers (2, 10, 11 and 2 %, on 2 cores of a Xeon with AMX, 2026-11-25).
const SLICE_ERROR: f64 = 0.075;

/// Standard deviations on each side of an interval that is to hold four of five.
const FOUR_OF_FIVE: f64 = 1.28;

/// A test of the whole: its speed, and what it is made of.
pub type Extrapolated = (RateStatistics, Parts);

/// Foretells prefill and decode by `plan`, where they were timed and the rounds do not contradict each other.
#[must_use]
pub fn extrapolate_tests(
    cut: &Cut,
    times: &[SliceTimes],
    plan: &BenchPlan,
) -> (Option<Extrapolated>, Option<Extrapolated>) {
    let of = |test: fn(&SliceTimes) -> &Vec<Seconds>| -> Vec<_> {
        times.iter().map(|all| test(all).clone()).collect()
    };
    let by_count: Vec<Vec<f64>> =
        cut.counts.iter().map(|counts| counts.iter().map(|count| f64::from(*count)).collect()).collect();
    // A prompt multiplies with each weight, whatever its bits; a decoded token reads its bytes.
    let prefill = extrapolate(cut, &by_count, &of(|times| &times.prefill), plan.prefill_tokens, 1.0);
    let decode = of(|times| &times.decode);
    let decode = extrapolate(cut, &cut.weights, &decode, plan.decode_tokens, f64::from(plan.decode_tokens));
    (prefill, decode)
}

/// Foretells a test of `tokens` from the times of `cut`'s slices, whose layers count as `weights` says. None where the
/// rounds contradict each other, so that a layer would take no time: something else used the machine.
fn extrapolate(
    cut: &Cut,
    weights: &[Vec<f64>],
    times: &[Vec<Seconds>],
    tokens: u32,
    per: f64,
) -> Option<Extrapolated> {
    let whole: Vec<f64> = cut.kinds.iter().map(|(_, count)| f64::from(*count)).collect();
    // Each slice is the fixed part and its layers.
    let rows: Vec<Vec<f64>> = weights.iter().map(|layers| [&[1.0][..], layers].concat()).collect();
    let typical: Vec<f64> = times.iter().map(|times| midmean(times)).collect::<Option<_>>()?;
    let parts = solve(&rows, &typical)?;
    let time = |parts: &[f64]| {
        parts[0] + parts[1..].iter().zip(&whole).map(|(part, count)| part * count).sum::<f64>()
    };
    let expected = time(&parts);
    if parts[1..].iter().any(|part| *part <= 0.0) || expected <= 0.0 {
        return None;
    }
    let rounds = times.iter().map(Vec::len).min()?;
    let samples: Vec<Seconds> = (0..rounds)
        .filter_map(|round| solve(&rows, &times.iter().map(|times| times[round].0).collect::<Vec<_>>()))
        .map(|parts| Seconds(time(&parts)))
        .filter(|time| time.0 > 0.0)
        .collect();
    // What the whole owes to each slice: the same equations, turned around.
    let shares = solve(&transposed(&rows), &[&[1.0][..], &whole].concat())?;
    let variance: f64 =
        shares.iter().zip(times).map(|(share, times)| (share * error_of_midmean(times)).powi(2)).sum();
    let error = FOUR_OF_FIVE * (variance + (SLICE_ERROR * expected).powi(2)).sqrt();
    let rate = |time: f64| f64::from(tokens) / time;
    let statistics = RateStatistics {
        mean: TokenRate(rate(expected)),
        stddev: Some(TokenRate(rate(expected) * variance.sqrt() / expected)),
        samples: samples.iter().map(|time| TokenRate(rate(time.0))).collect(),
    };
    let layers = cut.kinds.iter().zip(&parts[1..]);
    let parts = Parts {
        fixed_seconds: parts[0] / per,
        layers: layers
            .map(|((kind, count), seconds)| LayerPart { kind: *kind, count: *count, seconds: seconds / per })
            .collect(),
        interval: Interval {
            low: rate(expected + error),
            high: rate((expected - error).max(expected / 4.0)),
        },
    };
    Some((statistics, parts))
}

/// What the whole holds, by what the slices held.
#[must_use]
pub fn extrapolate_bytes(cut: &Cut, held: &[Bytes]) -> Option<Bytes> {
    let rows: Vec<Vec<f64>> = cut.weights.iter().map(|layers| [&[1.0][..], layers].concat()).collect();
    let held: Vec<f64> = held.iter().map(|bytes| bytes.0 as f64).collect();
    let parts = solve(&rows, &held)?;
    let layers = cut.kinds.iter().zip(&parts[1..]).map(|((_, count), part)| f64::from(*count) * part);
    let bytes = parts[0] + layers.sum::<f64>();
    (bytes > 0.0).then(|| Bytes::gib(1).share(bytes.round() / Bytes::gib(1).as_f64()))
}

/// The mean of the middle half of some times; none of none. What disturbs a few rounds does not move it, and yet it adds
/// up as means do and medians do not: the whole is the sum of its layers. In 36 and 40 rounds of the 7B and the 1.5B
/// its forecasts were within 1 % of the whole's, where medians' were within 2.3 % (2 virtual cores of an EPYC,
/// 2026-11-30).
#[must_use]
pub fn midmean(times: &[Seconds]) -> Option<f64> {
    let sorted = sorted(times);
    let left_out = (sorted.len() + 1) / 4;
    let middle = &sorted[left_out..sorted.len() - left_out];
    (!middle.is_empty()).then(|| middle.iter().sum::<f64>() / middle.len() as f64)
}

/// Its standard error: 1.09 times that of a mean where times are normally distributed, with a spread by the median of
/// their deviations, which a disturbed round does not move much.
fn error_of_midmean(times: &[Seconds]) -> f64 {
    let Some(middle) = midmean(times) else { return 0.0 };
    let deviations: Vec<_> = times.iter().map(|time| Seconds((time.0 - middle).abs())).collect();
    let spread = 1.4826 * sorted(&deviations)[deviations.len() / 2];
    1.09 * spread / (times.len() as f64).sqrt()
}

fn sorted(times: &[Seconds]) -> Vec<f64> {
    let mut times: Vec<f64> = times.iter().map(|time| time.0).collect();
    times.sort_by(f64::total_cmp);
    times
}

fn transposed(rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
    (0..rows.len()).map(|column| rows.iter().map(|row| row[column]).collect()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(kinds: &[(LayerKind, u32)], counts: &[&[u32]]) -> Cut {
        Cut {
            slices: Vec::new(),
            kinds: kinds.to_vec(),
            counts: counts.iter().map(|counts| counts.to_vec()).collect(),
            weights: counts
                .iter()
                .map(|counts| counts.iter().map(|count| f64::from(*count)).collect())
                .collect(),
            bytes: Vec::new(),
            ends: Bytes::ZERO,
            rounds_each: 1,
        }
    }

    #[test]
    fn a_model_of_28_layers_follows_from_2_and_7() {
        // A fixed part of 20 ms and 5 ms a layer: 160 ms a token, 6.25 tokens a second.
        let cut = cut(&[(LayerKind::Dense, 28)], &[&[2], &[7]]);
        let times = vec![vec![Seconds(0.030); 3], vec![Seconds(0.055); 3]];
        let (rates, parts) = extrapolate(&cut, &cut.weights, &times, 1, 1.0).unwrap();
        assert!((rates.mean.0 - 6.25).abs() < 1e-9);
        assert_eq!(rates.samples.len(), 3);
        assert!((parts.fixed_seconds - 0.020).abs() < 1e-9);
        assert!((parts.layers[0].seconds - 0.005).abs() < 1e-9);
        assert!(parts.interval.low < 6.25 && 6.25 < parts.interval.high);
        assert_eq!(extrapolate_bytes(&cut, &[Bytes(300), Bytes(800)]), Some(Bytes(2900)));
    }

    #[test]
    fn layers_that_take_no_time_are_no_measurement() {
        let cut = cut(&[(LayerKind::Dense, 28)], &[&[2], &[7]]);
        let times = vec![vec![Seconds(0.055)], vec![Seconds(0.030)]];
        assert_eq!(extrapolate(&cut, &cut.weights, &times, 1, 1.0), None);
    }

    #[test]
    fn a_few_disturbed_rounds_do_not_move_the_midmean_which_is_a_mean_of_the_others() {
        let of = |times: &[f64]| midmean(&times.iter().copied().map(Seconds).collect::<Vec<_>>());
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[3.0]), Some(3.0));
        assert_eq!(of(&[1.0, 2.0]), Some(1.5));
        assert_eq!(of(&[9.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(of(&[1.0, 90.0, 5.0, 3.0, 4.0, 7.0, 6.0, 0.0]), Some(4.5));
    }

    proptest! {
        #[test]
        fn what_is_linear_is_foretold_exactly(fixed in 0.001..1.0f64, dense in 0.001..0.1f64, experts in 0.001..0.1f64) {
            let cut = cut(
                &[(LayerKind::Dense, 3), (LayerKind::Experts, 58)],
                &[&[1, 0], &[3, 0], &[3, 1]],
            );
            let times: Vec<_> = cut.weights.iter()
                .map(|layers| vec![Seconds(fixed + layers[0] * dense + layers[1] * experts); 2])
                .collect();
            let (rates, _) = extrapolate(&cut, &cut.weights, &times, 16, 16.0).unwrap();
            let expected = 16.0 / (fixed + 3.0 * dense + 58.0 * experts);
            prop_assert!((rates.mean.0 / expected - 1.0).abs() < 1e-9);
        }
    }
}
