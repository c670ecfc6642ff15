use std::fmt;

use serde::Serialize;

use crate::lang::Lang;
use crate::tr;
use crate::units::Seconds;

/// A range that the truth lies in about four times of five.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// Factors of something unsure that is a factor of this.
    #[must_use]
    pub fn wider(self, by: Self) -> Self {
        Self { low: self.low * by.low, high: self.high * by.high }
    }
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

    /// What `sequences` get together of which each gets this.
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

/// A time that nobody measured here, with how sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PredictedTime {
    /// The most likely value.
    pub seconds: Seconds,
    /// Where the truth lies in about four times of five, in seconds.
    pub interval: Interval,
}

impl PredictedTime {
    /// As a person would say it in that language, with the range in one unit: `4 min 10 s (2.2–7.2 min)`.
    #[must_use]
    pub fn display(self, lang: Lang) -> String {
        let (size, unit) = match self.seconds.0 {
            seconds if seconds < 0.9995 => (1e-3, tr!(lang, "ms", "毫秒")),
            seconds if seconds < 99.5 => (1.0, tr!(lang, "s", "秒")),
            seconds if seconds < 99.5 * 60.0 => (60.0, tr!(lang, "min", "分钟")),
            _ => (3600.0, tr!(lang, "h", "小时")),
        };
        let number = |seconds: f64| match seconds / size {
            number if number < 9.95 => format!("{number:.1}"),
            number => format!("{number:.0}"),
        };
        let Interval { low, high } = self.interval;
        let (likely, low, high) = (self.seconds.display(lang), number(low), number(high));
        tr!(lang, "{likely} ({low}–{high} {unit})", "{likely}（{low}–{high} {unit}）")
    }
}

impl fmt::Display for PredictedTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.display(Lang::En))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_with_their_range_in_one_unit() {
        let time = |seconds, low, high| {
            PredictedTime { seconds: Seconds(seconds), interval: Interval { low, high } }.to_string()
        };
        assert_eq!(time(23.0, 18.0, 35.0), "23 s (18–35 s)");
        assert_eq!(time(86.0, 66.0, 115.0), "86 s (66–115 s)");
        assert_eq!(time(250.0, 130.0, 430.0), "4 min 10 s (2.2–7.2 min)");
        assert_eq!(time(1500.0, 900.0, 2400.0), "25 min (15–40 min)");
        assert_eq!(time(0.8, 0.571, 1.4), "800 ms (571–1400 ms)");
        let chinese =
            PredictedTime { seconds: Seconds(100.0), interval: Interval { low: 90.0, high: 114.0 } };
        assert_eq!(chinese.display(Lang::Zh), "1 分 40 秒（1.5–1.9 分钟）");
        assert_eq!(time(6300.0, 5460.0, 7740.0), "1 h 45 min (1.5–2.1 h)");
    }
}
