use serde::Serialize;

use crate::estimate::{Interval, PredictedRate};
use crate::units::TokenRate;

/// The recommendation held against a measurement on the machine itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verification {
    /// The model that was recommended and measured.
    pub model: String,
    /// Its quant.
    pub quant: String,
    /// Whether it was measured on random weights in its shapes rather than on its own files.
    pub synthetic: bool,
    /// The prediction for this run.
    pub predicted: Option<MeasuredAgainst>,
    /// None where it did not run.
    pub measured_tokens_per_second: Option<TokenRate>,
    /// Whether another program used the machine, so that nothing was learned.
    pub disturbed: bool,
    /// Whether it reached the interval, and still meets the needs by what was learned.
    pub holds: bool,
}

/// A prediction that was measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MeasuredAgainst {
    /// The most likely speed.
    pub tokens_per_second: TokenRate,
    /// The 80 % interval.
    pub interval: Interval,
}

impl MeasuredAgainst {
    /// Whether a measured speed reaches the interval.
    #[must_use]
    pub fn is_reached_by(self, measured: TokenRate) -> bool {
        measured.0 >= self.interval.low
    }
}

impl From<PredictedRate> for MeasuredAgainst {
    fn from(rate: PredictedRate) -> Self {
        Self { tokens_per_second: TokenRate(rate.tokens_per_second), interval: rate.interval }
    }
}
