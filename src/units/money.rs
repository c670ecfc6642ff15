use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Sub};

use serde::{Deserialize, Serialize};

use super::Seconds;

/// An amount of US dollars. Displays rounded to whole dollars, or to cents where it is small: `$181,200`, `$2.59`.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Usd(pub f64);

impl Usd {
    /// Nothing at all.
    pub const ZERO: Self = Self(0.0);

    /// What this is a share of `whole`.
    #[must_use]
    pub fn share_of(self, whole: Self) -> f64 {
        self.0 / whole.0
    }

    /// This for every million of `tokens`.
    #[must_use]
    pub fn per_million(self, tokens: f64) -> UsdPerMillionTokens {
        UsdPerMillionTokens(self.0 / tokens * 1e6)
    }
}

impl Add for Usd {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Usd {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for Usd {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Mul<f64> for Usd {
    type Output = Self;
    fn mul(self, times: f64) -> Self {
        Self(self.0 * times)
    }
}

impl Sum for Usd {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}${}", if self.0 < 0.0 { "-" } else { "" }, grouped(self.0.abs())))
    }
}

/// US dollars for a million tokens. Displays as `$2.15/M`.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UsdPerMillionTokens(pub f64);

impl UsdPerMillionTokens {
    /// What so many tokens cost.
    #[must_use]
    pub fn of(self, tokens: f64) -> Usd {
        Usd(self.0 * tokens / 1e6)
    }
}

impl fmt::Display for UsdPerMillionTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("${}/M", grouped(self.0)))
    }
}

/// US dollars for an hour of something. Displays as `$3.75/h`.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UsdPerHour(pub f64);

impl UsdPerHour {
    /// What so long costs.
    #[must_use]
    pub fn for_time(self, time: Seconds) -> Usd {
        Usd(self.0 * time.0 / 3600.0)
    }
}

impl fmt::Display for UsdPerHour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("${}/h", grouped(self.0)))
    }
}

/// An amount with commas between its thousands, and cents where it is below a hundred.
fn grouped(amount: f64) -> String {
    if amount < 99.995 {
        return format!("{amount:.2}");
    }
    let digits = format!("{amount:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_reads_as_on_an_invoice() {
        assert_eq!(Usd(350_000.4).to_string(), "$350,000");
        assert_eq!(Usd(-1_234_567.0).to_string(), "-$1,234,567");
        assert_eq!(Usd(2.587).to_string(), "$2.59");
        assert_eq!(Usd(999.0).to_string(), "$999");
        assert_eq!(UsdPerMillionTokens(2.15).to_string(), "$2.15/M");
        assert_eq!(UsdPerHour(3.745).to_string(), "$3.75/h");
    }

    #[test]
    fn a_price_for_a_million_tokens_and_a_bill_are_each_other_turned_around() {
        assert_eq!(UsdPerMillionTokens(2.15).of(2e6), Usd(4.3));
        assert_eq!(Usd(4.3).per_million(2e6), UsdPerMillionTokens(2.15));
        assert_eq!(UsdPerHour(2.0).for_time(Seconds(86_400.0)), Usd(48.0));
    }
}
