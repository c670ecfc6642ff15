use std::time::{Duration, Instant};

use super::FetchError;

/// Failures in a row without any data in between, after which a download gives up.
pub(super) const MOST_FAILURES: u32 = 8;

/// Doubtful answers in a row: enough for a portal to be logged in at, or a node to be left behind.
pub(super) const MOST_DOUBTS: u32 = 6;

/// The first pause, as a part of the patience with a silent server: half a second of thirty.
const FIRST_PAUSE: u32 = 60;

/// A `Retry-After` of more than this many times the patience with silence is not waited for.
const LONGEST_WAIT: u32 = 10;

/// How long to wait before the next try after this many failures in a row; `None` where none is of use.
pub(super) fn pause(error: &FetchError, failures: u32, patience: Duration) -> Option<Duration> {
    let most = match error {
        error if error.is_passing() => MOST_FAILURES,
        error if error.is_doubtful() => MOST_DOUBTS,
        _ => return None,
    };
    if failures >= most {
        return None;
    }
    let doubled = (patience / FIRST_PAUSE).saturating_mul(1 << failures.saturating_sub(1).min(16));
    let own = doubled.min(patience);
    match error {
        FetchError::Status { retry_after: Some(asked), .. } => {
            (*asked <= patience * LONGEST_WAIT).then(|| own.max(*asked))
        }
        _ => Some(own),
    }
}

/// A server that sends less than this while it could have been silent for as long as is borne, is as good as silent.
const SLOWEST: u64 = 4 << 10;

/// How fast a body comes.
#[derive(Debug)]
pub(super) struct Pace {
    patience: Duration,
    since: Instant,
    bytes: u64,
}

impl Pace {
    /// Of a body that begins to come now.
    pub(super) fn new(patience: Duration) -> Self {
        Self { patience, since: Instant::now(), bytes: 0 }
    }

    /// Notes that so much came; whether it is worth waiting for the rest.
    pub(super) fn came(&mut self, bytes: usize) -> bool {
        self.bytes += bytes as u64;
        if self.since.elapsed() < self.patience {
            return true;
        }
        let is_worth = self.bytes >= SLOWEST;
        *self = Self::new(self.patience);
        is_worth
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(30);

    fn status(status: u16, retry_after: Option<u64>) -> FetchError {
        let retry_after = retry_after.map(Duration::from_secs);
        FetchError::Status { url: String::new(), status, retry_after, by_store: false }
    }

    #[test]
    fn pauses_double_and_end() {
        let error = status(503, None);
        let pauses: Vec<_> = (1..=9).map(|failures| pause(&error, failures, PATIENCE)).collect();
        let seconds = |seconds: f64| Some(Duration::from_secs_f64(seconds));
        assert_eq!(pauses[..3], [seconds(0.5), seconds(1.0), seconds(2.0)]);
        assert_eq!(pauses[6], seconds(30.0));
        assert_eq!(pauses[7..], [None, None]);
    }

    #[test]
    fn a_server_is_waited_for_as_long_as_it_asks_but_not_for_ever() {
        assert_eq!(pause(&status(429, Some(17)), 1, PATIENCE), Some(Duration::from_secs(17)));
        for asked in [301, 3600, 86_400, u64::MAX] {
            assert_eq!(pause(&status(429, Some(asked)), 1, PATIENCE), None, "{asked}");
        }
    }

    #[test]
    fn an_answer_of_another_file_is_doubted_a_few_times() {
        let doubtful = FetchError::WebPage { url: String::new() };
        assert!(pause(&doubtful, MOST_DOUBTS - 1, PATIENCE).is_some());
        assert_eq!(pause(&doubtful, MOST_DOUBTS, PATIENCE), None);
    }

    #[test]
    fn a_refusal_is_not_argued_with() {
        for refused in [401, 403, 404, 410] {
            assert_eq!(pause(&status(refused, None), 1, PATIENCE), None);
        }
    }
}
