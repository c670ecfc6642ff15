use serde::Serialize;

use super::Timed;
use crate::estimate::{Interval, PredictedRate};
use crate::units::{Bytes, TokenRate};

/// What was predicted before anything ran.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Predictions {
    /// Prefill speed.
    pub prefill: Option<PredictedRate>,
    /// Decode speed.
    pub decode: Option<PredictedRate>,
    /// All memory.
    pub memory: Bytes,
    /// Whether there is as much free.
    pub fits: bool,
}

/// A prediction beside the measurement.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Predicted {
    /// Prefill speed, where both are known.
    pub prefill: Option<Compared>,
    /// Decode speed, where both are known.
    pub decode: Option<Compared>,
    /// All memory.
    pub memory_bytes: Bytes,
}

/// A predicted speed and how the measured one lies to it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// The predicted speed.
    pub tokens_per_second: f64,
    /// Where the truth was said to lie in four times of five.
    pub interval: Interval,
    /// The measured speed as a multiple of the predicted.
    pub measured_over_predicted: f64,
    /// Whether the measured speed lies in the interval.
    pub within_interval: bool,
}

impl Predicted {
    /// Holds predictions against what was measured.
    #[must_use]
    pub fn against(predictions: Predictions, prefill: Option<&Timed>, decode: Option<&Timed>) -> Self {
        Self {
            prefill: predictions.prefill.zip(prefill).map(Compared::of),
            decode: predictions.decode.zip(decode).map(Compared::of),
            memory_bytes: predictions.memory,
        }
    }

    /// The comparisons that there are.
    pub fn speeds(&self) -> impl Iterator<Item = Compared> {
        [self.prefill, self.decode].into_iter().flatten()
    }
}

impl Compared {
    fn of((predicted, timed): (PredictedRate, &Timed)) -> Self {
        Self::with(predicted, timed.tokens_per_second.mean)
    }

    /// Holds a prediction against a measured speed.
    pub(super) fn with(predicted: PredictedRate, measured: TokenRate) -> Self {
        let TokenRate(measured) = measured;
        let interval = predicted.interval;
        Self {
            tokens_per_second: predicted.tokens_per_second,
            interval,
            measured_over_predicted: measured / predicted.tokens_per_second,
            within_interval: (interval.low..=interval.high).contains(&measured),
        }
    }
}
