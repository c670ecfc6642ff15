use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Sub};

use serde::{Deserialize, Serialize};

use super::Seconds;

/// An amount of US dollars.
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

/// US dollars for a million tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UsdPerMillionTokens(pub f64);

impl UsdPerMillionTokens {
    /// The amount itself, for a million.
    #[must_use]
    pub const fn amount(self) -> Usd {
        Usd(self.0)
    }

    /// What so many tokens cost.
    #[must_use]
    pub fn of(self, tokens: f64) -> Usd {
        Usd(self.0 * tokens / 1e6)
    }
}

/// US dollars for an hour of something.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_for_a_million_tokens_and_a_bill_are_each_other_turned_around() {
        assert_eq!(UsdPerMillionTokens(2.15).of(2e6), Usd(4.3));
        assert_eq!(Usd(4.3).per_million(2e6), UsdPerMillionTokens(2.15));
        assert_eq!(UsdPerHour(2.0).for_time(Seconds(86_400.0)), Usd(48.0));
    }
}
