use serde::{Deserialize, Serialize};

use super::workload::rng;
use crate::message;
use crate::message::{Message, fixed};
use crate::units::Seconds;

/// Requests in a second.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestRate(pub f64);

/// How requests come.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Load {
    /// A number of users, each of whom asks again once answered.
    Closed {
        /// The users.
        concurrency: u32,
    },
    /// Requests that arrive at random and independently.
    Open {
        /// The mean.
        offered_requests_per_second: RequestRate,
    },
}

impl Load {
    /// In a word or two.
    #[must_use]
    pub fn to_message(self) -> Message {
        match self {
            Self::Closed { concurrency } => message!(ServedAtOnce { users: concurrency }),
            Self::Open { offered_requests_per_second: RequestRate(rate) } => {
                message!(ServedRate { rate: fixed(rate, 3) })
            }
        }
    }
}

/// The times from the start at which requests arrive: a Poisson process, whose gaps are exponential. The same seed gives
/// the same arrivals, and twice the rate the same ones in half the time.
pub(super) fn arrivals(rate: RequestRate, seed: u64) -> impl Iterator<Item = Seconds> {
    let mut rng = rng(seed, u64::MAX);
    let mut at = 0.0;
    std::iter::from_fn(move || {
        at -= (1.0 - rng.f64()).ln() / rate.0;
        Some(Seconds(at))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_between_arrivals_have_the_mean_and_the_deviation_of_a_poisson_process() {
        let times: Vec<_> = arrivals(RequestRate(4.0), 7).take(20_000).map(|time| time.0).collect();
        let gaps: Vec<_> =
            std::iter::once(times[0]).chain(times.windows(2).map(|pair| pair[1] - pair[0])).collect();
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        let variance = gaps.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / gaps.len() as f64;
        // Of an exponential distribution both are 1 / rate.
        assert!((mean - 0.25).abs() < 0.01 && (variance.sqrt() - 0.25).abs() < 0.01, "{mean} {variance}");
        let again: Vec<_> = arrivals(RequestRate(8.0), 7).take(3).map(|time| time.0 * 2.0).collect();
        assert_eq!(again, times[..3]);
        assert_ne!(arrivals(RequestRate(4.0), 8).next(), Some(Seconds(times[0])));
    }
}
