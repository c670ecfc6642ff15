use std::time::{Duration, Instant};

/// Connections once the server is known to send parts.
const FIRST: usize = 4;

/// More are no use to anybody, and rude.
const MOST: usize = 16;

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
    settled: bool,
}

impl Crew {
    /// Of one, until the server is known to send parts.
    #[must_use]
    pub const fn growing() -> Self {
        Self { size: FIRST, best: 0.0, trial: None, settled: false }
    }

    /// Of a size that stays.
    #[must_use]
    pub const fn fixed(size: usize) -> Self {
        Self { size, best: 0.0, trial: None, settled: true }
    }

    /// How many connections are to be in use, when `received` bytes have come in all.
    pub(super) fn size(&mut self, now: Instant, received: u64) -> usize {
        if self.settled {
            return self.size;
        }
        let (began, before) = *self.trial.get_or_insert((now, received));
        let elapsed = now.duration_since(began);
        if elapsed >= TRIAL {
            let rate = received.saturating_sub(before) as f64 / elapsed.as_secs_f64();
            if rate > WORTH * self.best && self.size < MOST {
                (self.best, self.size) = (rate, (2 * self.size).min(MOST));
            } else {
                self.settled = true;
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

    /// The sizes of a crew whose connections bring `rate` bytes per second together.
    fn sizes(rate: impl Fn(usize) -> u64) -> Vec<usize> {
        let (mut crew, mut received) = (Crew::growing(), 0);
        let began = Instant::now();
        (0..6)
            .map(|second| {
                let size = crew.size(began + second * TRIAL, received);
                received += rate(size);
                size
            })
            .collect()
    }

    #[test]
    fn it_grows_as_long_as_that_helps() {
        assert_eq!(sizes(|size| 1000 * size as u64), [4, 8, 16, 16, 16, 16]);
        assert_eq!(sizes(|_| 1000), [4, 8, 8, 8, 8, 8]);
        assert_eq!(sizes(|size| 1000 * size.min(8) as u64), [4, 8, 16, 16, 16, 16]);
    }

    #[test]
    fn a_fixed_one_stays() {
        let mut crew = Crew::fixed(3);
        assert_eq!(crew.size(Instant::now() + 10 * TRIAL, 1 << 30), 3);
    }
}
