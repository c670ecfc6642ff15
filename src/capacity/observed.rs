//! Measurements of a deployment, and how they replace predictions.

use serde::Serialize;

use super::{Deployment, StepTime};
use crate::units::Seconds;

/// A load that was put on one replica, and what its users got.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Observation {
    /// Requests in flight.
    pub in_flight: f64,
    /// Tokens of a prompt that had to be prefilled.
    pub prompt_tokens: f64,
    /// Tokens of an answer.
    pub output_tokens: f64,
    /// Whether a request that ended was followed by another, whose prompt then came in between.
    pub is_steady: bool,
    /// Mean time between tokens.
    pub tpot: Option<Seconds>,
    /// Median wait for the first token.
    pub ttft: Option<Seconds>,
}

/// Measured over predicted times of a step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed {
    /// Of decode, by the requests in flight, rising.
    decode: Vec<(f64, f64)>,
    /// Of prefill.
    prefill: Option<f64>,
}

/// Below this many in flight a prompt does not wait for others.
const ALONE: f64 = 1.5;

/// However long the prompts of others take by prediction, decode and prefill have at least this share of what was
/// measured of them.
const LEAST_SHARE: f64 = 0.25;

impl Observed {
    /// What observations say of what a deployment is predicted to do. Of the same load the last counts.
    #[must_use]
    pub fn of(deployment: &Deployment, predicted: &StepTime, observations: &[Observation]) -> Self {
        let prefill = observations.iter().rev().find_map(|one| one.prefill_over(deployment, predicted));
        let mut decode: Vec<(f64, f64)> = Vec::new();
        for observation in observations {
            let Some(ratio) = observation.decode_over(deployment, predicted, prefill.unwrap_or(1.0)) else {
                continue;
            };
            let in_flight = observation.in_flight.max(1.0);
            match decode.iter_mut().find(|(known, _)| (known.ln() - in_flight.ln()).abs() < 1e-6) {
                Some(known) => known.1 = ratio,
                None => decode.push((in_flight, ratio)),
            }
        }
        decode.sort_by(|a, b| a.0.total_cmp(&b.0));
        Self { decode, prefill }
    }

    /// Measured over predicted decode with `batch` in flight: between measurements by the logarithm of how many are, and
    /// beyond them as at the last.
    #[must_use]
    pub fn decode_at(&self, batch: f64) -> f64 {
        let above = self.decode.partition_point(|(known, _)| *known < batch);
        match (above.checked_sub(1).map(|at| self.decode[at]), self.decode.get(above).copied()) {
            (None, None) => 1.0,
            (None, Some((_, ratio))) | (Some((_, ratio)), None) => ratio,
            (Some((few, low)), Some((many, high))) => {
                low + (high - low) * (batch / few).ln() / (many / few).ln()
            }
        }
    }

    /// Measured over predicted prefill.
    #[must_use]
    pub fn prefill(&self) -> f64 {
        self.prefill.unwrap_or(1.0)
    }

    /// The least and the most of measured over predicted decode; none where it was not measured.
    #[must_use]
    pub fn decode_range(&self) -> Option<(f64, f64)> {
        let ratios = self.decode.iter().map(|(_, ratio)| *ratio);
        Some((ratios.clone().reduce(f64::min)?, ratios.reduce(f64::max)?))
    }

    /// Measured over predicted prefill; none where it was not measured.
    #[must_use]
    pub const fn prefill_ratio(&self) -> Option<f64> {
        self.prefill
    }
}

impl Observation {
    /// A prompt alone takes its way to the engine, its prefill and nothing else.
    fn prefill_over(&self, deployment: &Deployment, predicted: &StepTime) -> Option<f64> {
        let ttft = self.ttft.filter(|_| self.in_flight < ALONE)?.0;
        let prefill = predicted.prefill(self.prompt_tokens, deployment.chunk_of(self.prompt_tokens)).0;
        let beside = predicted.alone(self.prompt_tokens, deployment.chunk_of(self.prompt_tokens)).0 - prefill;
        Some((ttft - beside).max(ttft * LEAST_SHARE) / prefill).filter(|ratio| ratio.is_finite())
    }

    fn decode_over(&self, deployment: &Deployment, predicted: &StepTime, prefill: f64) -> Option<f64> {
        let tpot = self.tpot?.0;
        let batch = self.in_flight.max(1.0);
        let cached = batch * (self.prompt_tokens + self.output_tokens / 2.0);
        let others = if self.is_steady {
            prefill * predicted.others(deployment, batch, self.prompt_tokens, self.output_tokens).0
        } else {
            0.0
        };
        let step = predicted.decode(batch, cached).0 / predicted.accepted;
        Some((tpot - others).max(tpot * LEAST_SHARE) / step).filter(|ratio| ratio.is_finite())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_two_loads_it_is_between_and_beyond_them_as_at_the_last() {
        let observed = Observed { decode: vec![(1.0, 1.2), (16.0, 0.8)], prefill: None };
        for (batch, ratio) in [(0.5, 1.2), (1.0, 1.2), (4.0, 1.0), (16.0, 0.8), (100.0, 0.8)] {
            assert!((observed.decode_at(batch) - ratio).abs() < 1e-12, "{batch}");
        }
        assert_eq!(observed.decode_range(), Some((0.8, 1.2)));
        let nothing = Observed::default();
        assert!((nothing.decode_at(7.0) - 1.0).abs() < 1e-12 && (nothing.prefill() - 1.0).abs() < 1e-12);
        assert_eq!((nothing.decode_range(), nothing.prefill_ratio()), (None, None));
    }
}
