use super::Predictions;
use crate::run_config::{Loading, RunConfig};
use crate::units::Seconds;

/// Repetitions of a test where time allows: llama-bench's default.
pub const FULL_REPETITIONS: u32 = 5;

/// The least for a standard deviation.
const FEWEST_REPETITIONS: usize = 2;

/// What to measure.
#[derive(Clone, Debug, PartialEq)]
pub struct BenchPlan {
    /// Tokens of the prompt; none is no such test.
    pub prefill_tokens: u32,
    /// Tokens decoded one by one; none is no such test.
    pub decode_tokens: u32,
    /// Tokens in the KV cache before either begins.
    pub depth: u32,
    /// How often each is repeated.
    pub repetitions: Repetitions,
    /// How the model is run.
    pub config: RunConfig,
    /// Threads to compute with.
    pub threads: u32,
    /// Where the model's parts go.
    pub loading: Loading,
}

impl BenchPlan {
    /// Whether there is nothing to time.
    #[must_use]
    pub const fn has_no_tests(&self) -> bool {
        self.prefill_tokens == 0 && self.decode_tokens == 0
    }

    /// How long the tests and their warm-ups would take by what is predicted.
    #[must_use]
    pub fn expected_time(&self, predictions: Option<&Predictions>) -> Option<Seconds> {
        let predictions = predictions?;
        let (prefill, decode) = (predictions.prefill?, predictions.decode?);
        // The warm-up of prefill is as long as a repetition; each is repeated twice at least.
        let prompts = 3.0 * f64::from(self.prefill_tokens) / prefill.tokens_per_second;
        Some(Seconds(prompts + 2.0 * f64::from(self.decode_tokens) / decode.tokens_per_second))
    }

    /// Whether `other` runs in the same session.
    #[must_use]
    pub fn shares_session(&self, other: &Self) -> bool {
        (&self.loading, &self.config, self.threads) == (&other.loading, &other.config, other.threads)
    }
}

/// How often a test is repeated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Repetitions {
    /// So often.
    Exactly(u32),
    /// As often as this time allows, at least twice and at most [`FULL_REPETITIONS`] times.
    Within(Seconds),
}

impl Repetitions {
    /// The most that there will be.
    #[must_use]
    pub const fn most(self) -> u32 {
        match self {
            Self::Exactly(count) => count,
            Self::Within(_) => FULL_REPETITIONS,
        }
    }

    /// Whether to go on after repetitions that took `times`: where time is short, the next one must be
    /// expected to end within it.
    #[must_use]
    pub fn goes_on_after(self, times: &[Seconds]) -> bool {
        match self {
            Self::Within(time) if times.len() >= FEWEST_REPETITIONS => {
                let spent: Seconds = times.iter().copied().sum();
                times.len() < FULL_REPETITIONS as usize && spent + spent * (1.0 / times.len() as f64) <= time
            }
            Self::Exactly(_) | Self::Within(_) => times.len() < self.most() as usize,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(repetitions: Repetitions, each: f64) -> usize {
        let mut times = Vec::new();
        while repetitions.goes_on_after(&times) {
            times.push(Seconds(each));
        }
        times.len()
    }

    #[test]
    fn slow_tests_are_repeated_less_often_but_never_just_once() {
        let within = Repetitions::Within(Seconds(30.0));
        for (each, expected) in [(0.001, 5), (6.0, 5), (8.4, 3), (10.1, 2), (1e6, 2)] {
            assert_eq!(count(within, each), expected, "{each}");
        }
        assert_eq!(count(Repetitions::Exactly(1), 1e6), 1);
        assert_eq!(count(Repetitions::Exactly(7), 1e6), 7);
    }
}
