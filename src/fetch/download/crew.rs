use std::time::{Duration, Instant};

/// Connections where one is not fast by itself.
const FIRST: usize = 4;

/// More are no use to anybody, and rude.
const MOST: usize = 16;

/// How long one connection is looked at before there are more.
const LOOK: Duration = Duration::from_millis(100);

/// One that brings so much in a second may leave nothing to others: what is slow is then this machine, whose cores and
/// file they only fight for.
const FAST: f64 = 250e6;

/// How long a size is tried before the next one.
const TRIAL: Duration = Duration::from_secs(1);

/// More connections must bring this much, or they are enough.
const WORTH: f64 = 1.15;

/// How many connections a download uses: more as long as more bring more.
#[derive(Clone, Debug)]
pub struct Crew {
    size: usize,
    /// The best rate so far in bytes per second, and since when the current size is tried.
    best: f64,
    trial: Option<(Instant, u64)>,
    looked: bool,
    settled: bool,
}

impl Crew {
    /// Of one, until the server is known to send parts and how fast it is.
    #[must_use]
    pub const fn growing() -> Self {
        Self { size: 1, best: 0.0, trial: None, looked: false, settled: false }
    }

    /// Of a size that stays.
    #[must_use]
    pub const fn fixed(size: usize) -> Self {
        Self { size, best: 0.0, trial: None, looked: true, settled: true }
    }

    /// How many connections are to be in use, when `received` bytes have come in all.
    pub(super) fn size(&mut self, now: Instant, received: u64) -> usize {
        if self.settled {
            return self.size;
        }
        let (began, before) = *self.trial.get_or_insert((now, received));
        let elapsed = now.duration_since(began);
        let rate = received.saturating_sub(before) as f64 / elapsed.as_secs_f64();
        if !self.looked && elapsed >= LOOK {
            self.looked = true;
            if rate < FAST {
                self.size = FIRST;
                self.trial = Some((now, received));
            }
        } else if elapsed >= TRIAL {
            if rate > WORTH * self.best && self.size < MOST {
                (self.best, self.size) = (rate, (2 * self.size).min(MOST));
            } else {
                self.settled = true;
                if rate < WORTH * self.best && self.best >= FAST {
                    self.size /= 2;
                }
            }
            self.trial = Some((now, received));
        }
        self.size
    }

    /// Another file begins, which counts its bytes anew.
    pub(super) fn start(&mut self) {
        self.trial = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sizes of a crew whose connections bring `rate` bytes per second together, at its first look and after each
    /// second.
    fn sizes(rate: impl Fn(usize) -> u64) -> Vec<usize> {
        let (mut crew, mut received) = (Crew::growing(), 0);
        let mut now = Instant::now();
        assert_eq!(crew.size(now, 0), 1);
        let mut pass = |tenths: u32| {
            received += rate(crew.size) * u64::from(tenths) / 10;
            now += tenths * LOOK;
            crew.size(now, received)
        };
        [1, 10, 10, 10, 10, 10].map(&mut pass).to_vec()
    }

    #[test]
    fn it_grows_as_long_as_that_helps() {
        assert_eq!(sizes(|size| 1000 * size as u64), [4, 8, 16, 16, 16, 16]);
        assert_eq!(sizes(|_| 1000), [4, 8, 8, 8, 8, 8]);
        assert_eq!(sizes(|size| 1000 * size.min(8) as u64), [4, 8, 16, 16, 16, 16]);
    }

    #[test]
    fn where_one_is_fast_more_are_tried_one_by_one_and_let_go_again() {
        assert_eq!(sizes(|_| 1 << 30), [1, 2, 1, 1, 1, 1]);
        assert_eq!(sizes(|size| (1 << 29) * size.min(2) as u64), [1, 2, 4, 2, 2, 2]);
        assert_eq!(sizes(|size| (1 << 29) * size as u64), [1, 2, 4, 8, 16, 16]);
    }

    #[test]
    fn a_fixed_one_stays() {
        let mut crew = Crew::fixed(3);
        assert_eq!(crew.size(Instant::now() + 10 * TRIAL, 1 << 30), 3);
    }
}
