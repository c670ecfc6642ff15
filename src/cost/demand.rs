use serde::Serialize;

use crate::units::{Usd, UsdPerHour, UsdPerMillionTokens};

/// Tokens of a year.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TokenVolume {
    /// Of prompts that were not seen before.
    pub input: f64,
    /// Of prompts that were.
    pub cached_input: f64,
    /// Of answers, thinking included.
    pub output: f64,
}

impl TokenVolume {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.input + self.cached_input + self.output
    }

    /// So many times as much.
    #[must_use]
    pub fn times(&self, factor: f64) -> Self {
        Self {
            input: self.input * factor,
            cached_input: self.cached_input * factor,
            output: self.output * factor,
        }
    }
}

/// What an API asks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ApiRates {
    /// Prompts.
    pub input: UsdPerMillionTokens,
    /// Prompts that were seen before; without a rate of their own they cost as much as others.
    pub cached_input: Option<UsdPerMillionTokens>,
    /// Answers.
    pub output: UsdPerMillionTokens,
}

impl ApiRates {
    /// The bill.
    #[must_use]
    pub fn bill(&self, volume: &TokenVolume) -> Usd {
        self.input.of(volume.input)
            + self.cached_input.unwrap_or(self.input).of(volume.cached_input)
            + self.output.of(volume.output)
    }
}

/// A year of renting: `gpus` for `hours` of it, with storage, traffic and services as a share on top.
#[must_use]
pub fn rent_per_year(gpus: u32, hours: f64, price: UsdPerHour, services_share: f64) -> Usd {
    Usd(price.0 * f64::from(gpus) * hours * (1.0 + services_share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_counts_prompts_seen_before_at_their_own_rate() {
        let rates = ApiRates {
            input: UsdPerMillionTokens(0.55),
            cached_input: Some(UsdPerMillionTokens(0.14)),
            output: UsdPerMillionTokens(2.19),
        };
        let volume = TokenVolume { input: 1e6, cached_input: 1e6, output: 1e6 };
        assert!((rates.bill(&volume).0 - 2.88).abs() < 1e-12);
        let plain = ApiRates { cached_input: None, ..rates };
        assert!((plain.bill(&volume).0 - 3.29).abs() < 1e-12);
    }
}
