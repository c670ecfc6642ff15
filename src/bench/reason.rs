use serde::Serialize;

use super::{Compared, Predicted};
use crate::machine::Conditions;

/// Why a speed is likely to lie below what was predicted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    /// Memory ran short.
    Swapping {
        /// Pages that were swapped meanwhile.
        pages: u64,
    },
    /// The processor was too hot, or drew too much power.
    Throttled {
        /// How often a core was slowed down.
        events: u64,
    },
    /// The host of the virtual machine had other work.
    Stolen {
        /// The share of time that it took.
        share: f64,
    },
    /// Other processes ran.
    OtherWork {
        /// The share of all processors that they took.
        share: f64,
    },
    /// Decode alone is slow, which reads all weights for each token.
    MemoryBandwidth,
    /// Prefill alone is slow, which computes and hardly reads.
    Clock,
    /// Both are slow alike, and nothing else shows.
    ClockOrPower,
}

/// Swapped pages that are no accident: 4 MiB.
const MANY_PAGES: u64 = 1024;

/// The share of the processors from which on others are felt.
const FELT: f64 = 0.05;

impl Reason {
    /// What speaks for a speed below its interval, the surest first; none where no speed is below.
    #[must_use]
    pub fn likely(
        predicted: Option<&Predicted>,
        conditions: Option<&Conditions>,
        was_disturbed: bool,
    ) -> Vec<Self> {
        let is_slow = |compared: Option<Compared>| {
            compared.is_some_and(|it| !it.within_interval && it.measured_over_predicted < 1.0)
        };
        let slow_prefill = is_slow(predicted.and_then(|all| all.prefill));
        let slow_decode = is_slow(predicted.and_then(|all| all.decode));
        if !slow_prefill && !slow_decode && !was_disturbed {
            return Vec::new();
        }
        let Conditions { others_processor_share, steal_share, throttle_events, swapped_pages, .. } =
            conditions.copied().unwrap_or_default();
        let seen: Vec<_> = [
            swapped_pages.filter(|pages| *pages >= MANY_PAGES).map(|pages| Self::Swapping { pages }),
            throttle_events.filter(|events| *events > 0).map(|events| Self::Throttled { events }),
            steal_share.filter(|share| *share > FELT).map(|share| Self::Stolen { share }),
            others_processor_share.filter(|share| *share > FELT).map(|share| Self::OtherWork { share }),
        ]
        .into_iter()
        .flatten()
        .collect();
        match (slow_prefill, slow_decode) {
            _ if !seen.is_empty() => seen,
            (false, true) => vec![Self::MemoryBandwidth],
            (true, false) => vec![Self::Clock],
            (true, true) => vec![Self::ClockOrPower],
            (false, false) => seen,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::Interval;
    use crate::units::Bytes;

    fn predicted(prefill: f64, decode: f64) -> Predicted {
        let compared = |measured: f64| Compared {
            tokens_per_second: 10.0,
            interval: Interval { low: 8.0, high: 12.0 },
            measured_over_predicted: measured / 10.0,
            within_interval: (8.0..=12.0).contains(&measured),
        };
        Predicted {
            prefill: Some(compared(prefill)),
            decode: Some(compared(decode)),
            memory_bytes: Bytes::gib(1),
        }
    }

    #[test]
    fn what_was_seen_goes_before_what_the_speeds_suggest() {
        let quiet = Conditions { steal_share: Some(0.0), swapped_pages: Some(3), ..Conditions::default() };
        let likely = |prefill, decode, conditions: &Conditions| {
            Reason::likely(Some(&predicted(prefill, decode)), Some(conditions), false)
        };
        assert_eq!(likely(10.0, 5.0, &quiet), [Reason::MemoryBandwidth]);
        assert_eq!(likely(5.0, 10.0, &quiet), [Reason::Clock]);
        assert_eq!(likely(5.0, 5.0, &quiet), [Reason::ClockOrPower]);
        let busy =
            Conditions { steal_share: Some(0.3), others_processor_share: Some(0.1), ..Conditions::default() };
        let seen = [Reason::Stolen { share: 0.3 }, Reason::OtherWork { share: 0.1 }];
        assert_eq!(likely(10.0, 5.0, &busy), seen);
        // What is as predicted, or faster, needs no excuse.
        assert_eq!(likely(10.0, 10.0, &busy), []);
        assert_eq!(likely(10.0, 20.0, &busy), []);
        assert_eq!(Reason::likely(None, Some(&busy), true), seen);
    }
}
