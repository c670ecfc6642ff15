use std::time::Duration;

use super::FetchError;

/// Failures in a row without any data in between, after which a download gives up.
pub(super) const MOST_FAILURES: u32 = 8;

/// The first pause, as a part of the patience with a silent server: half a second of thirty.
const FIRST_PAUSE: u32 = 60;

/// A `Retry-After` of more than this many times the patience with silence is not waited for.
const LONGEST_WAIT: u32 = 10;

/// How long to wait before the next try after this many failures in a row; `None` where none is of use.
pub(super) fn pause(error: &FetchError, failures: u32, patience: Duration) -> Option<Duration> {
    if !error.is_passing() || failures >= MOST_FAILURES {
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

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(30);

    fn status(status: u16, retry_after: Option<u64>) -> FetchError {
        FetchError::Status { url: String::new(), status, retry_after: retry_after.map(Duration::from_secs) }
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
        assert_eq!(pause(&status(429, Some(3600)), 1, PATIENCE), None);
    }

    #[test]
    fn a_refusal_is_not_argued_with() {
        for refused in [401, 403, 404, 410] {
            assert_eq!(pause(&status(refused, None), 1, PATIENCE), None);
        }
    }
}
