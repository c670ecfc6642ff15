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
    /// Time per token after the first; none of an answer of one token.
    pub tpot: Option<Seconds>,
    /// Time to the last token.
    pub end_to_end: Seconds,
    /// Time to the first token behind the thinking.
    pub answer_begins: Option<Seconds>,
    /// The longest time between two pieces.
    pub longest_gap: Seconds,
    /// Its tokens.
    pub tokens: TokenCount,
}

impl Outcome {
    /// What the user saw, where the answer was whole.
    #[must_use]
    pub fn finished(&self) -> Option<Finished> {
        let reply = self.result.as_ref().ok()?;
        let since = |at: Instant| Seconds::from(at.saturating_duration_since(self.due));
        let tokens = reply.tokens();
        let after_first = (reply.last_token - reply.first_token).as_secs_f64();
        Some(Finished {
            ttft: since(reply.first_token),
            tpot: (tokens.output > 1).then(|| Seconds(after_first / (tokens.output - 1) as f64)),
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
    use crate::endpoint::Usage;

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
}
