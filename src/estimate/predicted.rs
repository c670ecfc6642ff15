use serde::Serialize;

use crate::units::Seconds;

/// A range that the truth lies in about four times of five.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// A speed that nobody measured here, with how sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PredictedRate {
    /// The most likely value.
    pub tokens_per_second: f64,
    /// Where the truth lies in about four times of five.
    pub interval: Interval,
}

impl PredictedRate {
    /// The rate of a step that takes `time`, where the truth is `factors` of it.
    #[must_use]
    pub fn of_time(tokens: f64, time: Seconds, factors: Interval) -> Self {
        let rate = tokens / time.0;
        Self {
            tokens_per_second: rate,
            interval: Interval { low: rate * factors.low, high: rate * factors.high },
        }
    }
}

/// A time that nobody measured here, with how sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PredictedTime {
    /// The most likely value.
    pub seconds: Seconds,
    /// Where the truth lies in about four times of five, in seconds.
    pub interval: Interval,
}
