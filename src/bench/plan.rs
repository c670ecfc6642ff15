use crate::run_config::RunConfig;
use crate::units::Seconds;

/// Repetitions of a test where time allows: llama-bench's default.
pub const FULL_REPETITIONS: u32 = 5;

/// The least for a standard deviation.
const FEWEST_REPETITIONS: u32 = 2;

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
    /// Layers to put on GPUs; as many as fit when not told.
    pub gpu_layers: Option<u32>,
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
    /// How often a test is repeated that is expected to take `each`.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float converts to the nearest count that there is, and is clamped"
    )]
    pub fn of_tests_that_take(self, each: Seconds) -> u32 {
        match self {
            Self::Exactly(count) => count,
            Self::Within(time) => ((time.0 / each.0) as u32).clamp(FEWEST_REPETITIONS, FULL_REPETITIONS),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_tests_are_repeated_less_often_but_never_just_once() {
        let within = Repetitions::Within(Seconds(30.0));
        for (each, count) in [(0.0, 5), (1.0, 5), (8.4, 3), (14.9, 2), (1e6, 2)] {
            assert_eq!(within.of_tests_that_take(Seconds(each)), count, "{each}");
        }
        assert_eq!(Repetitions::Exactly(1).of_tests_that_take(Seconds(1e6)), 1);
    }
}
