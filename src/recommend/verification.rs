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
    /// Whether random weights in its shapes were measured, rather than its own files.
    pub synthetic: bool,
    /// What was predicted of this run.
    pub predicted: Option<MeasuredAgainst>,
    /// What it decoded; none where it did not run.
    pub measured_tokens_per_second: Option<TokenRate>,
    /// Whether something else used the machine meanwhile, so that nothing was learned.
    pub disturbed: bool,
    /// Whether it did at least what the interval promised, and still meets the needs by what was learned.
    pub holds: bool,
}

/// A prediction that was measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct MeasuredAgainst {
    /// The most likely speed.
    pub tokens_per_second: TokenRate,
    /// Where it was to lie in about four times of five.
    pub interval: Interval,
}

impl MeasuredAgainst {
    /// Whether a measured speed is at least what was promised.
    #[must_use]
    pub fn is_kept_by(self, measured: TokenRate) -> bool {
        measured.0 >= self.interval.low
    }
}

impl From<PredictedRate> for MeasuredAgainst {
    fn from(rate: PredictedRate) -> Self {
        Self { tokens_per_second: TokenRate(rate.tokens_per_second), interval: rate.interval }
    }
}
