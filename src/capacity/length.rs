use fastrand::Rng;
use serde::{Deserialize, Serialize};

/// How lengths of prompts or answers spread around their mean.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lengths {
    /// All the same.
    Fixed,
    /// Anything from nothing to twice the mean, as `--dataset-name random` draws them.
    Uniform,
    /// Within a ninth of the mean, as benchmarks draw them from 0.8 to 1 of what they name.
    Near,
    /// Between three and seven fifths of the mean: answers to one kind of question.
    Alike,
    /// As people's questions and models' answers are: most short, some very long. Log-normal; the standard deviation of
    /// the logarithm.
    Natural {
        /// The standard deviation of the logarithm.
        sigma: f64,
    },
}

/// Answers are cut off at this multiple of their mean.
const LONGEST: f64 = 6.0;

impl Lengths {
    /// The standard deviation of the logarithm of answers of reasoning models: that of the answers themselves is then as
    /// large as their mean.
    pub const REASONING_SIGMA: f64 = 0.83;

    /// How answers of reasoning models spread.
    pub const REASONING: Self = Self::Natural { sigma: Self::REASONING_SIGMA };

    /// One length.
    pub(super) fn draw(self, mean: f64, random: &mut Rng) -> f64 {
        let length = match self {
            Self::Fixed => mean,
            Self::Uniform => mean * 2.0 * random.f64(),
            Self::Near => mean * (8.0 + 2.0 * random.f64()) / 9.0,
            Self::Alike => mean * (0.6 + 0.8 * random.f64()),
            Self::Natural { sigma } => {
                let exponent = sigma * normal(random) - sigma * sigma / 2.0;
                mean * exponent.exp().min(LONGEST)
            }
        };
        length.round().max(2.0)
    }
}

/// A standard normal number (Box and Muller, 1958).
fn normal(random: &mut Rng) -> f64 {
    let radius = (-2.0 * (1.0 - random.f64()).ln()).sqrt();
    radius * (std::f64::consts::TAU * random.f64()).cos()
}

/// The time to the next arrival of a Poisson process.
pub(super) fn pause(rate: f64, random: &mut Rng) -> f64 {
    -(1.0 - random.f64()).ln() / rate
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_the_mean_that_is_asked_for() {
        for lengths in [Lengths::Fixed, Lengths::Uniform, Lengths::Near, Lengths::Alike, Lengths::REASONING] {
            let mut random = Rng::with_seed(1);
            let sum: f64 = (0..20_000).map(|_| lengths.draw(1000.0, &mut random)).sum();
            let mean = sum / 20_000.0;
            assert!((mean - 1000.0).abs() < 25.0, "{lengths:?} {mean}");
        }
    }
}
