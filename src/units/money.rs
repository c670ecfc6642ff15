use std::cell::RefCell;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Sub};

use serde::{Deserialize, Serialize};

use super::Seconds;

/// How amounts are shown: the mark before them, and how many of it a US dollar is.
#[derive(Clone, Debug, PartialEq)]
struct Shown {
    symbol: String,
    per_usd: f64,
}

thread_local! {
    static SHOWN: RefCell<Shown> = RefCell::new(Shown { symbol: "$".to_owned(), per_usd: 1.0 });
}

/// Does `work`, in which amounts are displayed in another currency: `symbol` goes before them, and a US dollar is
/// `per_usd` of it. What is serialized stays in US dollars.
pub fn shown_in<T>(symbol: &str, per_usd: f64, work: impl FnOnce() -> T) -> T {
    let before = SHOWN.replace(Shown { symbol: symbol.to_owned(), per_usd });
    let done = work();
    SHOWN.set(before);
    done
}

/// What amounts are displayed in: the mark before them, and how many of it a US dollar is.
#[must_use]
pub fn shown() -> (String, f64) {
    SHOWN.with_borrow(|shown| (shown.symbol.clone(), shown.per_usd))
}

/// An amount with its mark: `$181,200`, `¥1,290,144`.
fn marked(usd: f64) -> String {
    let (symbol, per_usd) = shown();
    format!("{symbol}{}", grouped(usd * per_usd))
}

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
        f.pad(&format!("{}{}", if self.0 < 0.0 { "-" } else { "" }, marked(self.0.abs())))
    }
}

/// US dollars for a million tokens. Displays as `$2.15/M`.
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

impl UsdPerMillionTokens {
    /// As it is quoted, with as many decimals as that takes: `$0.075/M`.
    #[must_use]
    pub fn quoted(self) -> String {
        let (symbol, per_usd) = shown();
        let cents = self.0 * 100.0;
        // In another currency no price is a round one.
        if symbol != "$" || (cents.round() - cents).abs() < 1e-6 {
            return self.to_string();
        }
        format!("{symbol}{}/M", (self.0 * per_usd * 1e4).round() / 1e4)
    }
}

impl fmt::Display for UsdPerMillionTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}/M", marked(self.0)))
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
        f.pad(&format!("{}/h", marked(self.0)))
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
    fn a_price_is_quoted_with_the_decimals_that_it_has() {
        let quoted = |price| UsdPerMillionTokens(price).quoted();
        assert_eq!([0.075, 0.3, 0.2288, 15.0].map(quoted), ["$0.075/M", "$0.30/M", "$0.2288/M", "$15.00/M"]);
    }

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
    fn amounts_are_shown_in_another_currency_while_they_are_asked_for_in_it() {
        let shown = shown_in("¥", 7.12, || [Usd(-1_000.0).to_string(), UsdPerHour(2.0).to_string()]);
        assert_eq!(shown, ["-¥7,120", "¥14.24/h"]);
        assert_eq!(Usd(1_000.0).to_string(), "$1,000");
    }

    #[test]
    fn a_price_for_a_million_tokens_and_a_bill_are_each_other_turned_around() {
        assert_eq!(UsdPerMillionTokens(2.15).of(2e6), Usd(4.3));
        assert_eq!(Usd(4.3).per_million(2e6), UsdPerMillionTokens(2.15));
        assert_eq!(UsdPerHour(2.0).for_time(Seconds(86_400.0)), Usd(48.0));
    }
}
