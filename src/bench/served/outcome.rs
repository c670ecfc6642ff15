use std::time::Instant;

use super::Lengths;
use crate::endpoint::{Failure, Reply, TokenCount};
use crate::units::Seconds;

/// What became of a request.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// When it was due, in an open load, else when it was sent. A client that falls behind must not make the server
    /// look faster, so this is where its times begin.
    pub due: Instant,
    /// When it was over.
    pub over: Instant,
    /// The requested lengths.
    pub lengths: Lengths,
    /// What came.
    pub result: Result<Reply, Failure>,
}

/// What a user saw of a whole answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finished {
    /// Time to the first token, be it of the thinking.
    pub ttft: Seconds,
    /// Time per token after the first; none of an answer of one token, or that came in one burst.
    pub tpot: Option<Seconds>,
    /// Whether it came in one burst: something collects the stream, and no time of it is the server's.
    pub is_burst: bool,
    /// Time to the last token.
    pub end_to_end: Seconds,
    /// Time to the first token behind the thinking.
    pub answer_begins: Option<Seconds>,
    /// The longest time between two pieces.
    pub longest_gap: Seconds,
    /// Its tokens.
    pub tokens: TokenCount,
}

/// Tokens from which a burst can be told from a few that were read at once, and the time per token below which they are
/// one: the fastest engines take a hundred times as long.
const BURST_TOKENS: u64 = 16;
const AT_ONCE: Seconds = Seconds(5e-6);

impl Outcome {
    /// When the user had all of it: with the last token, whatever the server said after it.
    pub(super) fn end(&self) -> Instant {
        self.result.as_ref().map_or(self.over, |reply| reply.last_token)
    }

    /// What the user saw, where the answer was whole.
    #[must_use]
    pub fn finished(&self) -> Option<Finished> {
        let reply = self.result.as_ref().ok()?;
        let since = |at: Instant| Seconds::from(at.saturating_duration_since(self.due));
        let tokens = reply.tokens();
        let after_first = reply.last_token.saturating_duration_since(reply.first_token).as_secs_f64();
        let tpot = (tokens.output > 1).then(|| Seconds(after_first / (tokens.output - 1) as f64));
        let is_burst = tokens.output >= BURST_TOKENS && tpot.is_some_and(|tpot| tpot < AT_ONCE);
        Some(Finished {
            ttft: since(reply.first_token),
            tpot: tpot.filter(|_| !is_burst),
            is_burst,
            end_to_end: since(reply.last_token),
            answer_begins: reply.answer_began.map(since),
            longest_gap: reply.longest_gap.into(),
            tokens,
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::Duration;

    use super::*;
    use crate::endpoint::{Coherence, Usage};

    /// An answer of `tokens`, the first after `ttft` and the others `tpot` apart, to a request due at `due`.
    pub(in crate::bench::served) fn answered(due: Instant, ttft: f64, tpot: f64, tokens: u64) -> Outcome {
        let first_token = due + Duration::from_secs_f64(ttft);
        let last_token = first_token + Duration::from_secs_f64(tpot * (tokens - 1) as f64);
        let usage =
            Usage { prompt_tokens: 100, output_tokens: tokens, reasoning_tokens: None, cached_tokens: None };
        Outcome {
            due,
            over: last_token,
            lengths: Lengths { prompt_tokens: 100, output_tokens: 50 },
            result: Ok(Reply {
                first_token,
                last_token,
                answer_began: None,
                longest_gap: Duration::from_secs_f64(tpot),
                reasoning_pieces: 0,
                answer_pieces: tokens,
                usage: Some(usage),
                coherence: Coherence::Text,
                is_cut: false,
            }),
        }
    }

    #[test]
    fn the_first_token_is_in_no_time_per_token() {
        // 2 s to the first of 11 tokens, then 10 tokens in 5 s: 0.5 s each, not 7 s / 11.
        let finished = answered(Instant::now(), 2.0, 0.5, 11).finished().unwrap();
        let near = |seconds: Seconds, expected: f64| (seconds.0 - expected).abs() < 1e-6;
        assert!(near(finished.ttft, 2.0) && near(finished.end_to_end, 7.0));
        assert!(near(finished.tpot.unwrap(), 0.5));
        assert_eq!(answered(Instant::now(), 2.0, 0.5, 1).finished().unwrap().tpot, None);
    }

    #[test]
    fn an_answer_in_one_burst_has_no_time_per_token() {
        let burst = answered(Instant::now(), 2.0, 1e-6, 50).finished().unwrap();
        assert_eq!((burst.tpot, burst.is_burst), (None, true));
        assert!(!answered(Instant::now(), 2.0, 1e-6, 4).finished().unwrap().is_burst);
        assert!(!answered(Instant::now(), 2.0, 1e-4, 50).finished().unwrap().is_burst);
    }
}
