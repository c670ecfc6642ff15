use serde::Serialize;

/// How far drawn lengths may lie from the typical one, in standard deviations of their logarithm.
const MOST_DEVIATIONS: f64 = 2.0;

/// How long prompts and answers are.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Workload {
    /// The use-case of the catalog, where it is one.
    pub use_case: Option<String>,
    /// A typical prompt, in tokens: as many are longer as are shorter.
    pub prompt_tokens: u32,
    /// A typical answer with its thinking, in tokens.
    pub output_tokens: u32,
    /// The standard deviation of the logarithm of both; 0 makes all of one length.
    pub spread: f64,
    /// The most that both may be together.
    pub context_tokens: Option<u32>,
    /// Tokens at the beginning of each prompt that are the same in all.
    pub shared_prefix_tokens: u32,
    /// Whether the model may end its answer earlier.
    pub may_stop: bool,
    /// What lengths and arrivals are drawn from.
    pub seed: u64,
}

/// The lengths of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lengths {
    /// Of the prompt, in tokens.
    pub prompt_tokens: u32,
    /// The longest answer, in tokens.
    pub output_tokens: u32,
}

impl Workload {
    /// The typical length of lengths whose mean is `mean` and that spread so.
    #[must_use]
    #[expect(clippy::cast_sign_loss, reason = "a length is positive")]
    pub fn typical(mean: f64, spread: f64) -> u32 {
        // The mean of `exp(spread × z)` over the normal density, by Simpson's rule; what lies beyond is drawn as its ends.
        const PIECES: u32 = 64;
        const BEYOND: f64 = 0.022_750_131_948;
        let width = 2.0 * MOST_DEVIATIONS / f64::from(PIECES);
        let density = |z: f64| (spread * z - z * z / 2.0).exp() / std::f64::consts::TAU.sqrt();
        let within: f64 = (0..=PIECES)
            .map(|piece| {
                let weight = match piece {
                    0 | PIECES => 1.0,
                    odd if odd % 2 == 1 => 4.0,
                    _ => 2.0,
                };
                weight * density(f64::from(piece) * width - MOST_DEVIATIONS)
            })
            .sum();
        let ends = 2.0 * BEYOND * (spread * MOST_DEVIATIONS).cosh();
        (mean / (within * width / 3.0 + ends)).round().max(1.0) as u32
    }

    /// The lengths of a request: log-normal around the typical ones, as lengths of texts are, and independent of each
    /// other. The same for the same seed and number, whatever the load.
    #[must_use]
    pub fn lengths(&self, number: u64) -> Lengths {
        let mut rng = rng(self.seed, number);
        let mut draw = |typical: u32| {
            let deviations = normal(&mut rng).clamp(-MOST_DEVIATIONS, MOST_DEVIATIONS);
            at_least_one(f64::from(typical) * (self.spread * deviations).exp())
        };
        let (prompt_tokens, output_tokens) = (draw(self.prompt_tokens), draw(self.output_tokens));
        match self.context_tokens {
            // What does not fit would be an error of the request, not of the server.
            Some(context) if prompt_tokens + output_tokens > context => {
                let share = f64::from(context) / f64::from(prompt_tokens + output_tokens);
                let prompt_tokens = at_least_one((f64::from(prompt_tokens) * share).floor());
                Lengths { prompt_tokens, output_tokens: context.saturating_sub(prompt_tokens).max(1) }
            }
            _ => Lengths { prompt_tokens, output_tokens },
        }
    }
}

#[expect(clippy::cast_sign_loss, reason = "a length is positive")]
fn at_least_one(tokens: f64) -> u32 {
    (tokens.round() as u32).max(1)
}

/// A generator of its own for each request, so that a length does not depend on which one was sent first.
pub(super) fn rng(seed: u64, number: u64) -> fastrand::Rng {
    // A first draw of the one seed spreads the neighbouring numbers apart.
    let spread = fastrand::Rng::with_seed(number).u64(..);
    fastrand::Rng::with_seed(seed ^ spread)
}

/// Box and Muller's method (1958).
fn normal(rng: &mut fastrand::Rng) -> f64 {
    let radius = (-2.0 * (1.0 - rng.f64()).ln()).sqrt();
    radius * (std::f64::consts::TAU * rng.f64()).cos()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lengths_around_the_typical_one_have_the_mean_that_it_was_made_from() {
        assert_eq!(Workload::typical(1200.0, 0.0), 1200);
        for spread in [0.3, 0.83, 1.5] {
            let typical = Workload::typical(3000.0, spread);
            let drawn = Workload { output_tokens: typical, ..workload(spread, None, 1) };
            let mean = (0..20_000).map(|number| f64::from(drawn.lengths(number).output_tokens)).sum::<f64>()
                / 20_000.0;
            assert!((mean / 3000.0 - 1.0).abs() < 0.03, "{spread}: {mean}");
        }
    }

    fn workload(spread: f64, context_tokens: Option<u32>, seed: u64) -> Workload {
        Workload {
            use_case: None,
            prompt_tokens: 1000,
            output_tokens: 2000,
            spread,
            context_tokens,
            shared_prefix_tokens: 0,
            may_stop: false,
            seed,
        }
    }

    #[test]
    fn lengths_spread_around_the_typical_one() {
        let mut outputs: Vec<_> =
            (0..10_001).map(|number| workload(0.5, None, 1).lengths(number).output_tokens).collect();
        outputs.sort_unstable();
        // The median, and the 84th percentile of a log-normal: e^σ times the median.
        assert!((1950..2050).contains(&outputs[5_000]), "{}", outputs[5_000]);
        let high = 2000.0 * 0.5_f64.exp();
        assert!((f64::from(outputs[8_413]) / high - 1.0).abs() < 0.03, "{}", outputs[8_413]);
        assert!(f64::from(outputs[10_000]) <= 2000.0 * 1_f64.exp() + 1.0);
    }

    proptest! {
        #[test]
        fn a_request_has_the_same_lengths_each_time_and_fits(number: u64, seed: u64, spread in 0.0..1.5) {
            let workload = workload(spread, Some(4096), seed);
            let lengths = workload.lengths(number);
            prop_assert_eq!(lengths, workload.lengths(number));
            prop_assert!(lengths.prompt_tokens >= 1 && lengths.output_tokens >= 1);
            prop_assert!(lengths.prompt_tokens + lengths.output_tokens <= 4096);
        }

        #[test]
        fn without_spread_all_are_of_one_length(number: u64, seed: u64) {
            let lengths = Lengths { prompt_tokens: 1000, output_tokens: 2000 };
            prop_assert_eq!(workload(0.0, None, seed).lengths(number), lengths);
        }
    }
}
