use super::{Load, RequestRate};

/// The search for the highest load within the SLO: doubled until it is missed, then bisected.
///
/// It takes for granted that a higher load keeps no promise that a lower one missed.
#[derive(Clone, Debug)]
pub struct Search {
    step: Step,
    most: f64,
    kept: Option<f64>,
    missed: Option<f64>,
}

/// What is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Users at once, from one on.
    Concurrency,
    /// Requests in a second.
    Rate,
}

/// How near the highest load within the SLO and the lowest beyond it come to each other, as a share.
const NEAR: f64 = 0.05;

/// The first rate that is tried; if that is too high already, it is halved as often as [`LEAST_RATE`] allows.
const FIRST_RATE: f64 = 1.0;

/// A request in a minute or so.
const LEAST_RATE: f64 = 1.0 / 64.0;

impl Search {
    /// A search up to `most`.
    #[must_use]
    pub const fn new(step: Step, most: f64) -> Self {
        Self { step, most, kept: None, missed: None }
    }

    /// The load to try now; none when the search is over.
    #[must_use]
    pub fn next(&self) -> Option<Load> {
        let next = match (self.kept, self.missed) {
            (None, None) => FIRST_RATE.min(self.most),
            (Some(kept), None) => (kept < self.most).then_some((2.0 * kept).min(self.most))?,
            (None, Some(missed)) => self.halved(missed)?,
            (Some(kept), Some(missed)) => self.between(kept, missed)?,
        };
        Some(self.load(next))
    }

    /// Learns whether the load to try was within the SLO.
    pub fn tell(&mut self, load: Load, is_kept: bool) {
        let value = match load {
            Load::Closed { concurrency } => f64::from(concurrency),
            Load::Open { offered_requests_per_second } => offered_requests_per_second.0,
        };
        if is_kept {
            self.kept = Some(value);
        } else {
            self.missed = Some(value);
        }
    }

    /// The highest load that was within the SLO.
    #[must_use]
    pub fn highest_kept(&self) -> Option<Load> {
        self.kept.map(|value| self.load(value))
    }

    /// The lowest load that was not.
    #[must_use]
    pub fn lowest_missed(&self) -> Option<Load> {
        self.missed.map(|value| self.load(value))
    }

    fn halved(&self, missed: f64) -> Option<f64> {
        let half = missed / 2.0;
        (self.step == Step::Rate && half >= LEAST_RATE).then_some(half)
    }

    fn between(&self, kept: f64, missed: f64) -> Option<f64> {
        let middle = f64::midpoint(kept, missed);
        let middle = if self.step == Step::Concurrency { middle.floor() } else { middle };
        (middle > kept && missed - kept > NEAR * missed).then_some(middle)
    }

    #[expect(clippy::cast_sign_loss, reason = "loads are positive")]
    fn load(&self, value: f64) -> Load {
        match self.step {
            Step::Concurrency => Load::Closed { concurrency: value as u32 },
            Step::Rate => Load::Open { offered_requests_per_second: RequestRate(value) },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Searches a server that bears loads up to `limit`, and tells what was found in how many tries.
    fn searched(step: Step, limit: f64, most: f64) -> (Option<f64>, usize) {
        let mut search = Search::new(step, most);
        let mut tries = 0;
        let value = |load| match load {
            Load::Closed { concurrency } => f64::from(concurrency),
            Load::Open { offered_requests_per_second } => offered_requests_per_second.0,
        };
        while let Some(load) = search.next() {
            tries += 1;
            search.tell(load, value(load) <= limit);
        }
        (search.highest_kept().map(value), tries)
    }

    #[test]
    fn it_doubles_and_then_bisects() {
        // 1, 2, 4, 8, 16 are borne and 32 is not; 24, 20 are not, 18 is, 19 is not needed: within 5 %.
        assert_eq!(searched(Step::Concurrency, 19.0, 1024.0), (Some(19.0), 10));
        assert_eq!(searched(Step::Concurrency, 0.5, 1024.0), (None, 1));
        assert_eq!(searched(Step::Concurrency, 1e9, 100.0), (Some(100.0), 8));
        assert_eq!(searched(Step::Rate, 0.0, 100.0).0, None);
    }

    proptest! {
        #[test]
        fn what_is_found_is_borne_and_near_the_limit(limit in 1.0..500.0_f64) {
            let (found, tries) = searched(Step::Concurrency, limit, 1024.0);
            let found = found.unwrap();
            prop_assert!(found <= limit && limit - found <= (0.06 * limit).max(1.0), "{found} of {limit}");
            prop_assert!(tries < 20);
            let (found, _) = searched(Step::Rate, limit / 20.0, 1024.0);
            prop_assert!(found.unwrap() * 20.0 <= limit && found.unwrap() * 20.0 > 0.94 * limit);
        }
    }
}
