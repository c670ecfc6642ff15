use std::fmt;

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
    /// The rate of a step that takes `time`, where the truth is `factors` of it.
    #[must_use]
    pub fn of_time(tokens: f64, time: Seconds, factors: Interval, basis: SpeedBasis) -> Self {
        let rate = tokens / time.0;
        Self {
            tokens_per_second: rate,
            interval: Interval { low: rate * factors.low, high: rate * factors.high },
            basis,
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

impl fmt::Display for PredictedTime {
    /// As a person would say it, with the range in the same unit where that reads well: `4 min 10 s (2–7 min)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = (Seconds(self.interval.low).to_string(), Seconds(self.interval.high).to_string());
        let text = match (low.split_once(' '), high.split_once(' ')) {
            (Some((number, unit)), Some((_, other))) if unit == other && !unit.contains(' ') => {
                format!("{} ({number}–{high})", self.seconds)
            }
            _ => format!("{} ({low} to {high})", self.seconds),
        };
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_with_their_range_and_one_unit_where_it_is_the_same() {
        let time = |seconds, low, high| {
            PredictedTime { seconds: Seconds(seconds), interval: Interval { low, high } }.to_string()
        };
        assert_eq!(time(23.0, 18.0, 35.0), "23 s (18–35 s)");
        assert_eq!(time(250.0, 130.0, 430.0), "4 min 10 s (2 min 10 s to 7 min 10 s)");
        assert_eq!(time(1500.0, 900.0, 2400.0), "25 min (15–40 min)");
        assert_eq!(time(50.0, 40.0, 130.0), "50 s (40 s to 2 min 10 s)");
    }
}
