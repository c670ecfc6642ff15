use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::Measurement;
use crate::message;
use crate::message::Message;
use crate::units::number;

/// A limit on a measured figure: `decode>=8`, `ttft<=3`.
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    figure: Figure,
    bound: Bound,
    limit: f64,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Tokens of the answer in a second.
    Decode,
    /// Tokens of the prompt in a second.
    Prefill,
    /// The time that the measured prompt takes, in seconds.
    Ttft,
    /// The time of a token of the answer, in seconds.
    Tpot,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    AtLeast,
    AtMost,
}

/// Whether a need is met.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NeedResult {
    /// The need, as `decode>=8`.
    pub need: String,
    /// What was measured, of several runs the worst: tokens in a second, or seconds.
    pub measured: Option<f64>,
    /// Whether that is enough; what was not measured is not.
    pub met: bool,
}

impl Need {
    /// Holds measurements against it.
    #[must_use]
    pub fn held_against<'a>(&self, measurements: impl IntoIterator<Item = &'a Measurement>) -> NeedResult {
        let measured = measurements.into_iter().filter_map(|measurement| self.figure.of(measurement));
        let worst = measured.reduce(if self.bound == Bound::AtLeast { f64::min } else { f64::max });
        NeedResult {
            need: self.to_string(),
            measured: worst,
            met: worst.is_some_and(|worst| self.is_met_by(worst)),
        }
    }

    fn is_met_by(&self, measured: f64) -> bool {
        match self.bound {
            Bound::AtLeast => measured >= self.limit,
            Bound::AtMost => measured <= self.limit,
        }
    }
}

impl Figure {
    const ALL: [(&'static str, Self); 4] =
        [("decode", Self::Decode), ("prefill", Self::Prefill), ("ttft", Self::Ttft), ("tpot", Self::Tpot)];

    fn of(self, measurement: &Measurement) -> Option<f64> {
        let Measurement { prefill, decode, .. } = measurement;
        let rate = |timed: &Option<super::Timed>| timed.as_ref().map(|timed| timed.tokens_per_second.mean.0);
        match self {
            Self::Decode => rate(decode),
            Self::Prefill => rate(prefill),
            Self::Tpot => rate(decode).map(|rate| 1.0 / rate),
            Self::Ttft => {
                prefill.as_ref().map(|timed| f64::from(timed.tokens) / timed.tokens_per_second.mean.0)
            }
        }
    }

    const fn is_rate(self) -> bool {
        matches!(self, Self::Decode | Self::Prefill)
    }
}

/// What is wrong with a need as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub enum NeedError {
    /// Not a figure, a bound and a limit.
    Form,
    /// A speed with an upper bound.
    SpeedAtMost,
    /// A time with a lower bound.
    TimeAtLeast,
    /// Not above 0.
    NotPositive,
}

impl NeedError {
    /// In words.
    #[must_use]
    pub fn message(self) -> Message {
        match self {
            Self::Form => message!(BenchNeedForm),
            Self::SpeedAtMost => message!(BenchNeedSpeed),
            Self::TimeAtLeast => message!(BenchNeedTime),
            Self::NotPositive => message!(BenchNeedPositive),
        }
    }
}

impl FromStr for Need {
    type Err = NeedError;

    fn from_str(text: &str) -> Result<Self, NeedError> {
        let (name, bound, limit) = match (text.split_once(">="), text.split_once("<=")) {
            (Some((name, limit)), None) => (name, Bound::AtLeast, limit),
            (None, Some((name, limit))) => (name, Bound::AtMost, limit),
            _ => return Err(NeedError::Form),
        };
        let name = name.trim().to_ascii_lowercase();
        let (_, figure) = *Figure::ALL.iter().find(|(known, _)| *known == name).ok_or(NeedError::Form)?;
        match (figure.is_rate(), bound) {
            (true, Bound::AtMost) => return Err(NeedError::SpeedAtMost),
            (false, Bound::AtLeast) => return Err(NeedError::TimeAtLeast),
            (true, Bound::AtLeast) | (false, Bound::AtMost) => {}
        }
        let limit = limit.trim();
        let (limit, factor) = match limit.strip_suffix("ms") {
            _ if figure.is_rate() => (limit.strip_suffix("tok/s").unwrap_or(limit), 1.0),
            Some(limit) => (limit, 1e-3),
            None => (limit.strip_suffix('s').unwrap_or(limit), 1.0),
        };
        let limit = number(limit).ok_or(NeedError::Form)?;
        if limit <= 0.0 {
            return Err(NeedError::NotPositive);
        }
        Ok(Self { figure, bound, limit: limit * factor })
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Figure::ALL.iter().find(|(_, figure)| *figure == self.figure).map_or("", |(name, _)| name);
        let sign = if self.bound == Bound::AtLeast { ">=" } else { "<=" };
        write!(f, "{name}{sign}{}", self.limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_need_is_read_as_people_write_it() {
        for (text, read) in [
            ("decode>=8", "decode>=8"),
            ("prefill >= 200 tok/s", "prefill>=200"),
            ("TTFT<=3s", "ttft<=3"),
            ("tpot<=100ms", "tpot<=0.1"),
        ] {
            assert_eq!(text.parse::<Need>().unwrap().to_string(), read);
        }
        for text in
            ["decode", "decode=8", "decode<=8", "ttft>=1", "speed>=8", "decode>=", "decode>=-1", "ttft<=nan"]
        {
            assert!(text.parse::<Need>().is_err(), "{text}");
        }
        let (decode, ttft): (Need, Need) = ("decode>=8".parse().unwrap(), "ttft<=3".parse().unwrap());
        assert!(decode.is_met_by(8.0) && !decode.is_met_by(7.9));
        assert!(ttft.is_met_by(3.0) && !ttft.is_met_by(3.1));
        assert!(!decode.held_against([]).met, "what was not measured is not met");
    }
}
