use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Bytes, Seconds};

/// Tokens per second, of prefill or of decode.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenRate(pub f64);

impl TokenRate {
    /// The rate of `tokens` in `time`.
    #[must_use]
    pub fn of(tokens: f64, time: Seconds) -> Self {
        Self(tokens / time.0)
    }

    /// The time that `tokens` take at this rate.
    #[must_use]
    pub fn time_for(self, tokens: f64) -> Seconds {
        Seconds(tokens / self.0)
    }
}

impl fmt::Display for TokenRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} tok/s", three_digits(self.0)))
    }
}

/// Memory bandwidth in bytes per second.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bandwidth(pub f64);

impl Bandwidth {
    /// From decimal gigabytes per second, the unit of data sheets.
    #[must_use]
    pub fn gb_per_second(gigabytes: f64) -> Self {
        Self(gigabytes * 1e9)
    }

    /// The rate in decimal gigabytes per second.
    #[must_use]
    pub fn as_gb_per_second(self) -> f64 {
        self.0 / 1e9
    }

    /// The time that reading `bytes` takes.
    #[must_use]
    pub fn time_for(self, bytes: Bytes) -> Seconds {
        Seconds(bytes.as_f64() / self.0)
    }
}

impl fmt::Display for Bandwidth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} GB/s", three_digits(self.as_gb_per_second())))
    }
}

/// Arithmetic throughput in operations per second (a multiply-add counts as two).
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Flops(pub f64);

impl Flops {
    /// From tera-operations per second, the unit of data sheets.
    #[must_use]
    pub fn tera(tera: f64) -> Self {
        Self(tera * 1e12)
    }

    /// The rate in tera-operations per second.
    #[must_use]
    pub fn as_tera(self) -> f64 {
        self.0 / 1e12
    }
}

impl fmt::Display for Flops {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} TFLOPS", three_digits(self.as_tera())))
    }
}

/// A positive number to about three significant digits, without an exponent.
fn three_digits(value: f64) -> String {
    match value.abs() {
        v if v >= 99.95 => format!("{value:.0}"),
        v if v >= 9.995 => format!("{value:.1}"),
        v if v >= 0.0995 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_print_three_digits() {
        assert_eq!(TokenRate(3.154).to_string(), "3.15 tok/s");
        assert_eq!(TokenRate(127.7).to_string(), "128 tok/s");
        assert_eq!(Bandwidth::gb_per_second(1008.0).to_string(), "1008 GB/s");
        assert_eq!(Flops::tera(82.6).to_string(), "82.6 TFLOPS");
    }

    #[test]
    fn a_token_at_three_per_second_takes_a_third_of_a_second() {
        assert!((TokenRate(3.0).time_for(1.0).0 - 1.0 / 3.0).abs() < 1e-12);
    }
}
