use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Mul};

use serde::{Deserialize, Serialize};

/// A span of time in seconds. Displays as a person would say it: `350 ms`, `4.2 s`, `53 min`, `2 h 05 min`.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seconds(pub f64);

impl Add for Seconds {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Mul<f64> for Seconds {
    type Output = Self;
    fn mul(self, times: f64) -> Self {
        Self(self.0 * times)
    }
}

impl Sum for Seconds {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self(0.0), Add::add)
    }
}

impl From<std::time::Duration> for Seconds {
    fn from(duration: std::time::Duration) -> Self {
        Self(duration.as_secs_f64())
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.0 {
            s if !s.is_finite() => "never".to_owned(),
            s if s < 0.9995 => format!("{:.0} ms", s * 1e3),
            s if s < 9.95 => format!("{s:.1} s"),
            s if s < 99.5 => format!("{s:.0} s"),
            s if s < 599.5 => {
                let seconds = (s / 5.0).round() * 5.0;
                match seconds % 60.0 {
                    rest if rest > 0.0 => format!("{:.0} min {rest:.0} s", (seconds / 60.0).floor()),
                    _ => format!("{:.0} min", seconds / 60.0),
                }
            }
            s if s < 99.5 * 60.0 => format!("{:.0} min", s / 60.0),
            s if s < 48.0 * 3600.0 => {
                let minutes = (s / 60.0).round();
                format!("{:.0} h {:02.0} min", (minutes / 60.0).floor(), minutes % 60.0)
            }
            s => format!("{:.0} days", s / 86400.0),
        };
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_as_a_person_would_say_them() {
        for (seconds, text) in [
            (0.35, "350 ms"),
            (4.21, "4.2 s"),
            (250.0, "4 min 10 s"),
            (179.0, "3 min"),
            (599.0, "10 min"),
            (3175.0, "53 min"),
            (7500.0, "2 h 05 min"),
            (10_799.0, "3 h 00 min"),
            (864_000.0, "10 days"),
            (f64::INFINITY, "never"),
        ] {
            assert_eq!(Seconds(seconds).to_string(), text);
        }
    }
}
