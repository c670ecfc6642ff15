use serde::Serialize;

use super::{Finished, RequestRate};
use crate::units::Seconds;

/// What users are promised.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Slo {
    /// The longest time to the first token.
    pub ttft_seconds: Option<Seconds>,
    /// The longest time per token after it.
    pub tpot_seconds: Option<Seconds>,
    /// The share of all requests, failed ones among them, that must keep both.
    pub share: f64,
}

/// The requests within the SLO.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Goodput {
    /// In a second.
    pub requests_per_second: RequestRate,
    /// Of all.
    pub share: f64,
}

impl Slo {
    /// Whether an answer is within it. One of a single token has no time per token to be late with; of one in one burst,
    /// no time can be held against a limit.
    #[must_use]
    pub fn is_kept_by(&self, finished: &Finished) -> bool {
        if finished.is_burst {
            return false;
        }
        let within = |limit: Option<Seconds>, time: Option<Seconds>| {
            limit.zip(time).is_none_or(|(limit, time)| time <= limit)
        };
        within(self.ttft_seconds, Some(finished.ttft)) && within(self.tpot_seconds, finished.tpot)
    }

    /// Whether enough requests are within it.
    #[must_use]
    pub fn is_met_by(&self, goodput: Goodput) -> bool {
        goodput.share >= self.share
    }
}
