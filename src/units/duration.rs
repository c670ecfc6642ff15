use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul};

use serde::{Deserialize, Serialize};

use crate::lang::Lang;
use crate::tr;

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

impl AddAssign for Seconds {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
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

impl Seconds {
    /// As a person would say it in that language: `1 min 40 s`, `1 分 40 秒`.
    #[must_use]
    pub fn display(self, lang: Lang) -> String {
        match self.0 {
            s if !s.is_finite() => tr!(lang, "never", "无法完成"),
            s if s < 0.9995 => tr!(lang, "{:.0} ms", "{:.0} 毫秒", s * 1e3),
            s if s < 9.95 => tr!(lang, "{:.1} s", "{:.1} 秒", s),
            s if s < 99.5 => tr!(lang, "{:.0} s", "{:.0} 秒", s),
            s if s < 599.5 => {
                let seconds = (s / 5.0).round() * 5.0;
                let minutes = (seconds / 60.0).floor();
                match seconds % 60.0 {
                    rest if rest > 0.0 => {
                        tr!(lang, "{minutes:.0} min {rest:.0} s", "{minutes:.0} 分 {rest:.0} 秒")
                    }
                    _ => tr!(lang, "{minutes:.0} min", "{minutes:.0} 分钟"),
                }
            }
            s if s < 99.5 * 60.0 => tr!(lang, "{:.0} min", "{:.0} 分钟", s / 60.0),
            s if s < 48.0 * 3600.0 => {
                let minutes = (s / 60.0).round();
                let (hours, minutes) = ((minutes / 60.0).floor(), minutes % 60.0);
                tr!(lang, "{hours:.0} h {minutes:02.0} min", "{hours:.0} 小时 {minutes:02.0} 分")
            }
            s => tr!(lang, "{:.0} days", "{:.0} 天", s / 86400.0),
        }
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.display(Lang::En))
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

    #[test]
    fn spans_read_in_chinese() {
        for (seconds, text) in [
            (0.35, "350 毫秒"),
            (4.21, "4.2 秒"),
            (250.0, "4 分 10 秒"),
            (179.0, "3 分钟"),
            (3175.0, "53 分钟"),
            (7500.0, "2 小时 05 分"),
            (864_000.0, "10 天"),
        ] {
            assert_eq!(Seconds(seconds).display(Lang::Zh), text);
        }
    }
}
