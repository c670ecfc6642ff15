use serde::Serialize;

use crate::units::Seconds;

/// An 80 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// The interval of a product of two uncertain factors.
    #[must_use]
    pub fn wider(self, by: Self) -> Self {
        Self { low: self.low * by.low, high: self.high * by.high }
    }
}

/// A predicted speed with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PredictedRate {
    /// The most likely value.
    pub tokens_per_second: f64,
    /// The 80 % interval.
    pub interval: Interval,
    /// How it is known.
    pub basis: SpeedBasis,
}

/// How a speed is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SpeedBasis {
    /// Predicted from the peaks of the hardware and constants fitted to published measurements.
    Predicted,
    /// Predicted, and corrected by what another model measured on this machine.
    Scaled {
        /// The day of that measurement.
        date: jiff::civil::Date,
    },
    /// Measured on this machine.
    Measured {
        /// The day.
        date: jiff::civil::Date,
    },
}

impl PredictedRate {
    /// The rate of a step that takes `time`; `factors` are the interval around 1.
    #[must_use]
    pub fn of_time(tokens: f64, time: Seconds, factors: Interval, basis: SpeedBasis) -> Self {
        let rate = tokens / time.0;
        Self {
            tokens_per_second: rate,
            interval: Interval { low: rate * factors.low, high: rate * factors.high },
            basis,
        }
    }

    /// The time of so many tokens: the slowest rate gives the longest.
    #[must_use]
    pub fn time_of(self, tokens: u32) -> PredictedTime {
        let tokens = f64::from(tokens);
        PredictedTime {
            seconds: Seconds(tokens / self.tokens_per_second),
            interval: Interval { low: tokens / self.interval.high, high: tokens / self.interval.low },
        }
    }

    /// What `sequences` get together at this rate each.
    #[must_use]
    pub fn of_all(self, sequences: u32) -> Self {
        let times = f64::from(sequences);
        Self {
            tokens_per_second: self.tokens_per_second * times,
            interval: Interval { low: self.interval.low * times, high: self.interval.high * times },
            ..self
        }
    }
}

/// A predicted time with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PredictedTime {
    /// The most likely value.
    pub seconds: Seconds,
    /// The 80 % interval, in seconds.
    pub interval: Interval,
}
