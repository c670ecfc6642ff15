use serde::Serialize;

use super::simulate::Replica;
use super::{Arrivals, Deployment, Lengths, Served, StepTime, Workload};
use crate::calibration::ServingConstants;
use crate::units::{Seconds, TokenRate};

/// What users are promised, at the 95th percentile.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Promise {
    /// The longest wait for the first token.
    pub ttft: Seconds,
    /// The longest time between tokens.
    pub tpot: Seconds,
}

/// What a request is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Request {
    /// Tokens of the prompt that must be prefilled: those that were not seen before.
    pub prompt_tokens: f64,
    /// Tokens of the answer, thinking included.
    pub output_tokens: f64,
    /// How answers spread.
    pub answers: Lengths,
}

/// What one replica carries within a promise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Capacity {
    /// The most requests a second.
    pub rate: f64,
    /// Output tokens a second at that rate.
    pub output: TokenRate,
    /// Requests in flight at that rate, on average.
    pub in_flight: f64,
    /// Requests in flight that the cache has room for, at their full length.
    pub cache_wall: f64,
    /// The 95th percentile of the wait for the first token at that rate.
    pub ttft_p95: Seconds,
    /// The 95th percentile of the time between tokens.
    pub tpot_p95: Seconds,
    /// What would break first at a higher rate.
    pub binding: Constraint,
}

/// What limits a replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Constraint {
    /// The promised time between tokens.
    Tpot,
    /// The promised wait for the first token.
    Ttft,
    /// The room for the cache.
    Cache,
    /// Even a single request breaks the promise.
    Alone,
}

/// How many replicas a load takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Replicas {
    /// For the load.
    pub working: u32,
    /// Beside them, for when one fails.
    pub spare: u32,
}

impl Replicas {
    /// All of them.
    #[must_use]
    pub const fn all(self) -> u32 {
        self.working + self.spare
    }
}

/// Requests that a rate is judged by: enough for a 95th percentile.
const JUDGED: f64 = 400.0;

/// The share of requests that the promise is for.
const PROMISED_SHARE: f64 = 0.95;

/// Rates are tried in steps of this share, from one request in three hours on: 512 steps go up to 470 a second.
const STEP: f64 = 0.03;
const LEAST_RATE: f64 = 1e-4;
const HALVINGS: u32 = 9;

/// Beyond this many times what a closed form says, no rate is tried.
const BEYOND: f64 = 1.3;

/// What one replica carries within a promise; `None` where the weights do not fit, or where what it may carry at most is
/// not `worth` knowing better. By bisection over the rate of a Poisson process, each judged by a simulation with the same
/// seed: so a tighter promise never allows more.
#[must_use]
pub fn capacity(
    deployment: &Deployment,
    constants: &ServingConstants,
    request: &Request,
    promise: Promise,
    worth: impl Fn(f64) -> bool,
) -> Option<Capacity> {
    let cache_wall = deployment.cache_tokens()? / (request.prompt_tokens + request.output_tokens);
    let step = deployment.step_time(constants);
    let promised = (promise.ttft, promise.tpot);
    let most = deployment.most_rate(&step, request, promise) * BEYOND;
    let mut replica = request.at_a_replica(deployment, step);
    let rate_of = |place: u32| if place == 0 { 0.0 } else { LEAST_RATE * (f64::from(place) * STEP).exp() };
    let (mut low, mut high) = (0_u32, 1 << HALVINGS);
    while high - low > 1 {
        if !worth(rate_of(high)) {
            return None;
        }
        let middle = low.midpoint(high);
        let rate = rate_of(middle);
        if rate <= most && replica.keeps(rate, promised, PROMISED_SHARE)? {
            low = middle;
        } else {
            high = middle;
        }
    }
    let (low, high) = (rate_of(low), rate_of(high));
    let beyond = replica.at(high)?;
    let is_full = || beyond.preempted > 0 || beyond.in_flight(high) >= cache_wall * 0.9;
    let binding = if low <= 0.0 {
        Constraint::Alone
    } else if is_full() {
        Constraint::Cache
    } else if beyond.tpot_at(PROMISED_SHARE) > promise.tpot {
        Constraint::Tpot
    } else {
        Constraint::Ttft
    };
    let served = if low > 0.0 { replica.at(low)? } else { beyond };
    Some(Capacity {
        rate: low,
        output: TokenRate(low * request.output_tokens),
        in_flight: served.in_flight(low),
        cache_wall,
        ttft_p95: served.ttft_at(PROMISED_SHARE),
        tpot_p95: served.tpot_at(PROMISED_SHARE),
        binding,
    })
}

/// What a replica does when requests come at `rate`.
#[must_use]
pub fn run(
    deployment: &Deployment,
    constants: &ServingConstants,
    request: &Request,
    rate: f64,
) -> Option<Served> {
    request.at_a_replica(deployment, deployment.step_time(constants)).at(rate)
}

impl Request {
    /// As many of it at a replica as a rate is judged by.
    fn at_a_replica<'a>(&self, deployment: &'a Deployment, step: StepTime) -> Replica<'a> {
        let workload = Workload {
            prompt_tokens: self.prompt_tokens,
            output_tokens: self.output_tokens,
            prompts: Lengths::Alike,
            answers: self.answers,
            arrivals: Arrivals::Poisson { rates: vec![1.0], stretch: Seconds(JUDGED) },
            seed: 1,
        };
        Replica::new(deployment, step, workload)
    }
}

/// The share of time in which at least `working` of `all` machines are up, each of which is for the share `each` and
/// fails by itself: the upper tail of a binomial distribution.
#[must_use]
pub fn availability(all: u32, working: u32, each: f64) -> f64 {
    let mut term = each.powi(all.cast_signed());
    let mut sum = term;
    for down in 1..=all.saturating_sub(working) {
        term *= f64::from(all - down + 1) / f64::from(down) * (1.0 - each) / each;
        sum += term;
    }
    sum.min(1.0)
}

/// The fewest machines beside `working` with which those are up for the share `target` of the time.
#[must_use]
pub fn spares(working: u32, each: f64, target: f64) -> u32 {
    // No target below one takes more than as many again; the bound is for one that rounds to it.
    (0..working + 64)
        .find(|spare| availability(working + spare, working, each) >= target)
        .unwrap_or(working + 64)
}

/// The replicas for `rate` requests a second, each used up to `headroom` of what it carries, and one to spare where
/// that is wanted; `None` where one carries nothing.
#[must_use]
#[expect(clippy::cast_sign_loss, reason = "a count of replicas is not negative")]
pub fn replicas(capacity: &Capacity, rate: f64, headroom: f64, spare: bool) -> Option<Replicas> {
    (capacity.rate > 0.0).then(|| Replicas {
        working: (rate / (capacity.rate * headroom)).ceil().max(1.0) as u32,
        spare: u32::from(spare),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{availability, spares};

    #[test]
    fn two_machines_that_are_up_nine_tenths_are_both_up_for_81_percent_and_one_for_99() {
        assert!((availability(2, 2, 0.9) - 0.81).abs() < 1e-12);
        assert!((availability(2, 1, 0.9) - 0.99).abs() < 1e-12);
        assert_eq!([0.9, 0.98, 0.998].map(|target| spares(1, 0.9, target)), [0, 1, 2]);
    }

    proptest! {
        #[test]
        fn a_higher_target_never_takes_fewer_and_what_is_found_keeps_it(
            working in 1_u32..60, each in 0.9_f64..0.999, target in 0.5_f64..0.999_999, more in 0.0_f64..1.0
        ) {
            let spare = spares(working, each, target);
            prop_assert!(availability(working + spare, working, each) >= target);
            prop_assert!(spares(working, each, target + (0.999_999 - target) * more) >= spare);
        }
    }
}
