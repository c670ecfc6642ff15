use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::load::arrivals;
use super::{Lengths, Load, Outcome};
use crate::endpoint::{Failure, Reply};
use crate::units::Seconds;

/// Sends the request of a number and waits for its answer; from the moment on, where there is one, no longer than for the
/// tokens that were asked.
pub type Ask = dyn Fn(u64, Lengths, Option<Instant>) -> Result<Reply, Failure> + Send + Sync;

/// How often the user hears how far it is, and is heard.
const TICK: Duration = Duration::from_millis(100);

/// How long a user waits who was turned away without a word of when to come again.
const PAUSE: Duration = Duration::from_secs(1);

/// The longest `Retry-After` that is waited for; a longer one fails the request, and the failure names it.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// A user gives up on a server that could not be reached this many times in a row.
const MOST_UNREACHED: u32 = 10;

/// The most requests in flight; those of an open load beyond it wait here, which counts into their times.
const MOST_IN_FLIGHT: u64 = 4096;

/// A thread that waits for a server needs little.
const STACK: usize = 512 << 10;

/// When no more requests are sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// After this time; each user has asked once at least.
    Time(Seconds),
    /// After this many.
    Requests(u64),
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progressed {
    /// Requests that were sent.
    pub sent: u64,
    /// Those that were answered.
    pub completed: u64,
    /// Those that failed.
    pub failed: u64,
    /// The time since the start.
    pub elapsed: Seconds,
}

/// What came of a load.
#[derive(Debug)]
pub struct Round {
    /// The load.
    pub load: Load,
    /// The requests that are over, in the order in which they ended.
    pub outcomes: Vec<Outcome>,
    /// Those that the user did not wait for.
    pub unfinished: u64,
    /// From the first request to the end of the last.
    pub duration: Seconds,
}

/// Puts `load` on a server until `limit`, numbering requests from `first` on, and waits for all of them. Once
/// `cancelled` is set it waits no longer, and tells what came until then.
pub fn run(
    load: Load,
    limit: Limit,
    first: u64,
    source: &Source,
    cancelled: &AtomicBool,
    progress: &dyn Fn(Progressed),
) -> Round {
    let (sender, receiver) = mpsc::channel();
    let start = Instant::now();
    let shared = Arc::new(Shared {
        source: source.clone(),
        first,
        claimed: AtomicU64::new(0),
        over: AtomicU64::new(0),
        limit,
        start,
        stop: Stop::default(),
    });
    let mut collected = Collected { receiver, outcomes: Vec::new(), shared: Arc::clone(&shared), progress };
    match load {
        Load::Closed { concurrency } => {
            for _ in 0..concurrency {
                let (shared, sender) = (Arc::clone(&shared), sender.clone());
                spawn(move || shared.ask_again_and_again(&sender));
            }
        }
        Load::Open { offered_requests_per_second } => {
            for due in arrivals(offered_requests_per_second, source.seed) {
                let sent = shared.claimed.load(Ordering::Relaxed);
                let is_over = match limit {
                    Limit::Time(time) => due > time,
                    Limit::Requests(most) => sent >= most,
                };
                let due = start + Duration::from_secs_f64(due.0);
                if is_over || !collected.wait_until(due, cancelled) {
                    break;
                }
                let (shared, sender) = (Arc::clone(&shared), sender.clone());
                let number = shared.claimed.fetch_add(1, Ordering::Relaxed);
                // Users of an open load do not return.
                spawn(move || {
                    let _ = shared.ask(number, due, &sender);
                });
            }
        }
    }
    drop(sender);
    collected.wait_for_all(cancelled);
    shared.stop.set();
    let outcomes = collected.outcomes;
    let end = outcomes.iter().map(Outcome::end).max();
    let end = if cancelled.load(Ordering::Relaxed) { Some(Instant::now()) } else { end };
    Round {
        load,
        unfinished: shared.claimed.load(Ordering::Relaxed) - outcomes.len() as u64,
        duration: end.map_or(Seconds(0.0), |end| (end - start).into()),
        outcomes,
    }
}

/// Where requests come from.
#[derive(Clone)]
pub struct Source {
    /// Their lengths.
    pub lengths: Arc<dyn Fn(u64) -> Lengths + Send + Sync>,
    /// Sends one.
    pub ask: Arc<Ask>,
    /// What arrivals are drawn from.
    pub seed: u64,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("seed", &self.seed).finish_non_exhaustive()
    }
}

/// What the threads of a round share. They outlive it where the user did not wait for the last answers.
struct Shared {
    source: Source,
    first: u64,
    claimed: AtomicU64,
    over: AtomicU64,
    limit: Limit,
    start: Instant,
    stop: Stop,
}

/// What a user who got no answer makes of it.
struct TurnedAway {
    /// How long to wait before another request.
    pause: Duration,
    /// Whether there was a server.
    was_reached: bool,
}

impl Shared {
    /// A user of a closed load.
    fn ask_again_and_again(&self, sender: &Sender<Outcome>) {
        let (mut rounds, mut unreached) = (0, 0);
        while let Some(number) = self.next_of_user(rounds) {
            rounds += 1;
            let Some(TurnedAway { pause, was_reached }) = self.ask(number, Instant::now(), sender) else {
                unreached = 0;
                continue;
            };
            unreached = if was_reached { 0 } else { unreached + 1 };
            let gives_up = pause > LONGEST_PAUSE || unreached == MOST_UNREACHED;
            if gives_up || self.stop.is_set_within(self.shortened(pause)) {
                return;
            }
        }
    }

    fn next_of_user(&self, rounds: u64) -> Option<u64> {
        if self.stop.is_set_within(Duration::ZERO) {
            return None;
        }
        match self.limit {
            Limit::Time(time) if rounds > 0 && self.start.elapsed().as_secs_f64() >= time.0 => None,
            Limit::Time(_) => Some(self.claimed.fetch_add(1, Ordering::Relaxed)),
            Limit::Requests(most) => self
                .claimed
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |sent| (sent < most).then_some(sent + 1))
                .ok(),
        }
    }

    /// Sends a request; none where it was answered.
    fn ask(&self, number: u64, due: Instant, sender: &Sender<Outcome>) -> Option<TurnedAway> {
        let number = self.first + number;
        let lengths = (self.source.lengths)(number);
        let over = match self.limit {
            Limit::Time(time) => self.start.checked_add(Duration::from_secs_f64(time.0)),
            Limit::Requests(_) => None,
        };
        let result = (self.source.ask)(number, lengths, over);
        let turned_away = result.as_ref().err().map(|failure| TurnedAway {
            pause: match failure {
                Failure::RateLimited { retry_after: Some(time), .. } => *time,
                _ => PAUSE,
            },
            was_reached: !matches!(failure, Failure::Unreachable { .. }),
        });
        self.over.fetch_add(1, Ordering::Relaxed);
        // The receiver is gone once the user has cancelled.
        let _ = sender.send(Outcome { due, over: Instant::now(), lengths, result });
        turned_away
    }

    /// A pause, no longer than the round.
    fn shortened(&self, pause: Duration) -> Duration {
        match self.limit {
            Limit::Time(time) => {
                pause.min(Duration::from_secs_f64(time.0).saturating_sub(self.start.elapsed()))
            }
            Limit::Requests(_) => pause,
        }
    }
}

fn spawn(work: impl FnOnce() + Send + 'static) {
    // Where the system gives no more threads, the request is not sent, and shows as unfinished.
    let _ = thread::Builder::new().name("user".into()).stack_size(STACK).spawn(work);
}

/// Wakes who pauses.
#[derive(Default)]
struct Stop {
    is_set: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    fn set(&self) {
        *self.is_set.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    /// Waits so long, unless it is set before; tells whether it is.
    fn is_set_within(&self, time: Duration) -> bool {
        let guard = self.is_set.lock().unwrap_or_else(PoisonError::into_inner);
        if *guard || time.is_zero() {
            return *guard;
        }
        let waited = self.changed.wait_timeout_while(guard, time, |is_set| !*is_set);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

struct Collected<'a> {
    receiver: Receiver<Outcome>,
    outcomes: Vec<Outcome>,
    shared: Arc<Shared>,
    progress: &'a dyn Fn(Progressed),
}

impl Collected<'_> {
    /// Collects until a time, and on while too many are in flight; false where the user had enough.
    fn wait_until(&mut self, until: Instant, cancelled: &AtomicBool) -> bool {
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if cancelled.load(Ordering::Relaxed) {
                return false;
            }
            let in_flight =
                self.shared.claimed.load(Ordering::Relaxed) - self.shared.over.load(Ordering::Relaxed);
            if left.is_zero() && in_flight < MOST_IN_FLIGHT {
                return true;
            }
            self.collect(if left.is_zero() { TICK } else { left.min(TICK) });
        }
    }

    fn wait_for_all(&mut self, cancelled: &AtomicBool) {
        while !cancelled.load(Ordering::Relaxed) && self.collect(TICK) {}
        while let Ok(outcome) = self.receiver.try_recv() {
            self.outcomes.push(outcome);
        }
    }

    /// Collects for a while; false once all senders are gone.
    fn collect(&mut self, time: Duration) -> bool {
        let until = Instant::now() + time;
        let goes_on = loop {
            match self.receiver.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(outcome) => self.outcomes.push(outcome),
                Err(RecvTimeoutError::Timeout) => break true,
                Err(RecvTimeoutError::Disconnected) => break false,
            }
        };
        let failed = self.outcomes.iter().filter(|outcome| outcome.result.is_err()).count() as u64;
        (self.progress)(Progressed {
            sent: self.shared.claimed.load(Ordering::Relaxed),
            completed: self.outcomes.len() as u64 - failed,
            failed,
            elapsed: self.shared.start.elapsed().into(),
        });
        goes_on
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use super::super::RequestRate;
    use super::*;
    use crate::endpoint::Coherence;

    /// A server that answers after a time, and counts how many it serves at once.
    fn server(time: Duration, fails: bool) -> (Source, Arc<AtomicU32>) {
        let (now, most) = (AtomicU32::new(0), Arc::new(AtomicU32::new(0)));
        let peak = Arc::clone(&most);
        let ask = move |_: u64, _: Lengths, _: Option<Instant>| {
            let served = now.fetch_add(1, Ordering::SeqCst) + 1;
            peak.fetch_max(served, Ordering::SeqCst);
            thread::sleep(time);
            now.fetch_sub(1, Ordering::SeqCst);
            let at = Instant::now();
            let reply = Reply {
                first_token: at,
                last_token: at,
                answer_began: None,
                longest_gap: Duration::ZERO,
                reasoning_pieces: 0,
                answer_pieces: 1,
                usage: None,
                coherence: Coherence::Text,
                is_cut: false,
            };
            if fails { Err(Failure::Empty) } else { Ok(reply) }
        };
        let lengths = |_| Lengths { prompt_tokens: 1, output_tokens: 1 };
        (Source { lengths: Arc::new(lengths), ask: Arc::new(ask), seed: 1 }, most)
    }

    fn never() -> AtomicBool {
        AtomicBool::new(false)
    }

    #[test]
    fn a_closed_load_keeps_so_many_in_flight_and_sends_so_many() {
        let (source, most) = server(Duration::from_millis(5), false);
        let round = run(Load::Closed { concurrency: 3 }, Limit::Requests(20), 0, &source, &never(), &|_| {});
        assert_eq!((round.outcomes.len(), round.unfinished), (20, 0));
        assert_eq!(most.load(Ordering::SeqCst), 3);
        // Seven turns of three.
        assert!(round.duration >= Seconds(0.033), "{:?}", round.duration);
    }

    #[test]
    fn an_open_load_does_not_wait_for_answers() {
        let (source, most) = server(Duration::from_millis(200), false);
        let load = Load::Open { offered_requests_per_second: RequestRate(100.0) };
        let round = run(load, Limit::Requests(20), 0, &source, &never(), &|_| {});
        assert_eq!(round.outcomes.len(), 20);
        assert!(most.load(Ordering::SeqCst) > 10, "{most:?}");
    }

    #[test]
    fn each_user_asks_once_however_short_the_time_is() {
        let (source, _) = server(Duration::from_millis(30), false);
        let round =
            run(Load::Closed { concurrency: 4 }, Limit::Time(Seconds(0.0)), 0, &source, &never(), &|_| {});
        assert_eq!(round.outcomes.len(), 4);
    }

    #[test]
    fn a_user_who_was_turned_away_does_not_hammer_on_the_door() {
        let (source, _) = server(Duration::from_millis(1), true);
        let limit = Limit::Time(Seconds(0.3));
        let round = run(Load::Closed { concurrency: 2 }, limit, 0, &source, &never(), &|_| {});
        assert_eq!(round.outcomes.len(), 2);
        assert!(round.outcomes.iter().all(|outcome| outcome.result.is_err()));
    }

    #[test]
    fn a_user_who_is_sent_away_for_a_day_does_not_wait_for_it() {
        let ask = |_: u64, _: Lengths, _: Option<Instant>| {
            let retry_after = Some(Duration::from_hours(24));
            Err(Failure::RateLimited { retry_after, message: "tomorrow".into() })
        };
        let lengths = |_| Lengths { prompt_tokens: 1, output_tokens: 1 };
        let source = Source { lengths: Arc::new(lengths), ask: Arc::new(ask), seed: 1 };
        let start = Instant::now();
        let round = run(Load::Closed { concurrency: 2 }, Limit::Requests(9), 0, &source, &never(), &|_| {});
        assert!(start.elapsed() < Duration::from_secs(5));
        assert_eq!((round.outcomes.len(), round.unfinished), (2, 0));
    }

    #[test]
    fn a_user_gives_up_on_a_server_that_is_gone() {
        let ask =
            |_: u64, _: Lengths, _: Option<Instant>| Err(Failure::Unreachable { reason: "refused".into() });
        let lengths = |_| Lengths { prompt_tokens: 1, output_tokens: 1 };
        let source = Source { lengths: Arc::new(lengths), ask: Arc::new(ask), seed: 1 };
        let limit = Limit::Requests(100_000);
        let round = run(Load::Closed { concurrency: 2 }, limit, 0, &source, &never(), &|_| {});
        assert_eq!((round.outcomes.len(), round.unfinished), (20, 0));
    }

    #[test]
    fn who_has_had_enough_hears_what_came_until_then() {
        let (source, _) = server(Duration::from_millis(300), false);
        let cancelled = never();
        let start = Instant::now();
        let stop_late = |progressed: Progressed| {
            if progressed.completed >= 2 {
                cancelled.store(true, Ordering::Relaxed);
            }
        };
        let limit = Limit::Requests(1000);
        let round = run(Load::Closed { concurrency: 2 }, limit, 0, &source, &cancelled, &stop_late);
        assert!(start.elapsed() < Duration::from_secs(5));
        assert!(round.outcomes.len() >= 2 && round.unfinished >= 1, "{round:?}");
    }
}
