use serde::Serialize;

use crate::units::Joules;

/// Something that counts the energy which the machine draws.
pub trait EnergyMeter {
    /// What was drawn since some moment that stays the same; none where nothing counts it.
    fn read(&self) -> Option<Joules>;
}

/// No meter: most machines let only the administrator read theirs, and virtual ones have none.
#[derive(Clone, Copy, Debug)]
pub struct NoMeter;

impl EnergyMeter for NoMeter {
    fn read(&self) -> Option<Joules> {
        None
    }
}

/// Energy and what it was spent on, summed up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Energy {
    joules: f64,
    tokens: u64,
}

/// What tokens cost in energy.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct EnergyPerToken {
    /// Joules for one.
    pub joules_per_token: f64,
    /// Kilowatt-hours for a million.
    pub kilowatt_hours_per_million_tokens: f64,
}

impl Energy {
    /// Adds the energy drawn between two readings, for `tokens`.
    pub fn add(&mut self, before: Option<Joules>, after: Option<Joules>, tokens: u64) {
        if let Some((before, after)) = before.zip(after) {
            self.joules += after.0 - before.0;
            self.tokens += tokens;
        }
    }

    /// The energy of a token, where any was counted.
    #[must_use]
    pub fn per_token(&self) -> Option<EnergyPerToken> {
        let joules_per_token = self.joules / self.tokens as f64;
        (self.tokens > 0 && self.joules > 0.0).then_some(EnergyPerToken {
            joules_per_token,
            // A million tokens, and 3.6 million joules to the kilowatt-hour.
            kilowatt_hours_per_million_tokens: joules_per_token / 3.6,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_ten_joules_is_under_three_kilowatt_hours_a_million() {
        let mut energy = Energy::default();
        energy.add(Some(Joules(100.0)), Some(Joules(1380.0)), 128);
        energy.add(None, Some(Joules(9e9)), 128);
        let per_token = energy.per_token().unwrap();
        assert!((per_token.joules_per_token - 10.0).abs() < 1e-12);
        assert!((per_token.kilowatt_hours_per_million_tokens - 2.777_777_777_777_778).abs() < 1e-12);
        assert_eq!(Energy::default().per_token(), None);
    }
}
