use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Sub};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use super::{number, with_unit};

/// A count of bytes.
///
/// Displays in binary units (`4.36 GiB`); [`Bytes::decimal`] displays as hubs print file sizes (`4.68 GB`).
/// Parses what people type: `64GiB`, `64 GB`, `64g` (binary, as memory is sold), `1.5TiB`, `512MiB`. A bare number is not a size: 64 is never meant as bytes.
/// Files may hold either form; the program writes the number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Bytes(pub u64);

impl Bytes {
    /// Nothing at all.
    pub const ZERO: Self = Self(0);

    /// From KiB.
    #[must_use]
    pub const fn kib(count: u64) -> Self {
        Self(count << 10)
    }

    /// From MiB.
    #[must_use]
    pub const fn mib(count: u64) -> Self {
        Self(count << 20)
    }

    /// From GiB.
    #[must_use]
    pub const fn gib(count: u64) -> Self {
        Self(count << 30)
    }

    /// The count as a float, for ratios.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        self.0 as f64
    }

    /// The count in GiB.
    #[must_use]
    pub fn as_gib(self) -> f64 {
        self.as_f64() / f64::from(1u32 << 30)
    }

    /// A share of this size, rounded down; `share` is clamped to not go below zero.
    #[must_use]
    #[expect(clippy::cast_sign_loss, reason = "clamped to zero from below; sizes are far under 2^53")]
    pub fn share(self, share: f64) -> Self {
        Self((self.as_f64() * share.max(0.0)) as u64)
    }

    /// What is left after taking `other`, or nothing.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// What is left after taking `other`, or `None` when there is not so much.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// Displays in decimal units, as hubs print file sizes (`4.68 GB`).
    #[must_use]
    pub fn decimal(self) -> impl fmt::Display {
        Scaled { value: self.as_f64(), step: 1000.0, names: ["B", "kB", "MB", "GB", "TB"] }
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Scaled { value: self.as_f64(), step: 1024.0, names: ["B", "KiB", "MiB", "GiB", "TiB"] }.fmt(f)
    }
}

struct Scaled {
    value: f64,
    step: f64,
    names: [&'static str; 5],
}

impl fmt::Display for Scaled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut value = self.value;
        let mut unit = 0;
        while value >= self.step && unit + 1 < self.names.len() {
            value /= self.step;
            unit += 1;
        }
        let decimals = match (unit, value) {
            (0, _) => 0,
            (_, v) if v >= 99.95 => 0,
            (_, v) if v >= 9.995 => 1,
            _ => 2,
        };
        f.pad(&format!("{value:.decimals$} {}", self.names[unit]))
    }
}

impl Add for Bytes {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Bytes {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Bytes {
    type Output = Self;
    /// Stops at zero: a size is never negative.
    fn sub(self, other: Self) -> Self {
        self.saturating_sub(other)
    }
}

impl Mul<u64> for Bytes {
    type Output = Self;
    fn mul(self, count: u64) -> Self {
        Self(self.0.saturating_mul(count))
    }
}

impl Sum for Bytes {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::ZERO, Add::add)
    }
}

/// A text that is not a size.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a size; write it with its unit, like `64GiB`, `24G` or `512MiB`")]
pub struct ParseBytesError {
    text: String,
}

impl FromStr for Bytes {
    type Err = ParseBytesError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseBytesError { text: text.to_owned() };
        let (written, unit) = with_unit(text);
        let value = number(written).filter(|value| *value >= 0.0).ok_or_else(error)?;
        // RAM and VRAM are sold in powers of two whatever the label says, so `64GB` means 64 GiB here.
        let scale = match unit.to_ascii_lowercase().as_str() {
            "b" => 1.0,
            "k" | "kb" | "kib" => f64::from(1u32 << 10),
            "m" | "mb" | "mib" => f64::from(1u32 << 20),
            "g" | "gb" | "gib" => f64::from(1u32 << 30),
            "t" | "tb" | "tib" => f64::from(1u32 << 20) * f64::from(1u32 << 20),
            _ => return Err(error()),
        };
        let bytes = value * scale;
        if !bytes.is_finite() || bytes > 1e18 {
            return Err(error());
        }
        Ok(Self(1).share(bytes))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberOrText)
    }
}

/// Reads a count of bytes, or a size as people type it.
struct NumberOrText;

impl serde::de::Visitor<'_> for NumberOrText {
    type Value = Bytes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of bytes or a size such as \"64GiB\"")
    }

    fn visit_u64<E: serde::de::Error>(self, bytes: u64) -> Result<Bytes, E> {
        Ok(Bytes(bytes))
    }

    fn visit_i64<E: serde::de::Error>(self, bytes: i64) -> Result<Bytes, E> {
        let invalid = || E::invalid_value(serde::de::Unexpected::Signed(bytes), &self);
        u64::try_from(bytes).map(Bytes).map_err(|_| invalid())
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Bytes, E> {
        text.parse().map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_hold_numbers_or_sizes_as_people_type_them() {
        assert_eq!(serde_json::from_str::<Bytes>("\"64GiB\"").unwrap(), Bytes::gib(64));
        assert_eq!(serde_json::from_str::<Bytes>("4096").unwrap(), Bytes(4096));
        assert!(serde_json::from_str::<Bytes>("-1").is_err());
        assert_eq!(serde_json::to_string(&Bytes(4096)).unwrap(), "4096");
    }

    #[test]
    fn sizes_parse_as_people_type_them() {
        for (text, bytes) in [
            ("64GiB", Bytes::gib(64)),
            ("64 GB", Bytes::gib(64)),
            ("24g", Bytes::gib(24)),
            ("1.5TiB", Bytes::gib(1536)),
            ("512 MiB", Bytes::mib(512)),
            ("4096 B", Bytes(4096)),
            ("16,384 MiB", Bytes::gib(16)),
            ("1e3GB", Bytes::gib(1000)),
        ] {
            assert_eq!(text.parse::<Bytes>(), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_size_says_how_to_write_one() {
        for text in ["", "64", "GiB", "12 apples", "-3GiB", "1e300", "1.2.3G", "99999999999T"] {
            let error = text.parse::<Bytes>().expect_err(text);
            assert!(error.to_string().contains("64GiB"), "{error}");
        }
    }

    #[test]
    fn memory_is_binary_and_files_are_decimal() {
        let file = Bytes(4_683_075_271);
        assert_eq!(file.to_string(), "4.36 GiB");
        assert_eq!(file.decimal().to_string(), "4.68 GB");
        assert_eq!(Bytes(0).to_string(), "0 B");
        assert_eq!(Bytes(404_680_736_768).to_string(), "377 GiB");
    }
}
