use std::time::{Duration, Instant};

use super::arrival::Arrival;
use super::chunk::{Delta, error_message};
use super::coherence::Sample;
use super::thinking::{Part, Thinking};
use super::{Coherence, Event, Failure, Usage};
use crate::message;

/// A whole answer, and when its tokens came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// When the first token came, be it of the thinking.
    pub first_token: Instant,
    /// When the last one came.
    pub last_token: Instant,
    /// When the first one behind the thinking came; none where nothing was thought, or nothing came after.
    pub answer_began: Option<Instant>,
    /// The longest time between two pieces; where several were read at once, as if they had come evenly.
    pub longest_gap: Duration,
    /// Pieces of thinking that came.
    pub reasoning_pieces: u64,
    /// Pieces of the answer that came.
    pub answer_pieces: u64,
    /// The server's own count, where given.
    pub usage: Option<Usage>,
    /// Whether it reads like an answer.
    pub coherence: Coherence,
    /// Whether it went on beyond the requested length, and was cut there.
    pub is_cut: bool,
}

/// How many tokens an answer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenCount {
    /// All, thinking included.
    pub output: u64,
    /// Those of the thinking.
    pub reasoning: u64,
}

impl Reply {
    /// Its tokens: by the server's count, else by pieces, of which most servers send one a token.
    #[must_use]
    pub fn tokens(&self) -> TokenCount {
        let pieces = self.reasoning_pieces + self.answer_pieces;
        match self.usage.filter(|usage| usage.output_tokens > 0) {
            None => TokenCount { output: pieces, reasoning: self.reasoning_pieces },
            Some(usage) => {
                let output = usage.output_tokens;
                // The pieces say which share of the count was thinking, where the server does not.
                let share = || (output as f64 * self.reasoning_pieces as f64 / pieces as f64).round();
                #[expect(clippy::cast_sign_loss, reason = "a share of a count")]
                let reasoning =
                    usage.reasoning_tokens.filter(|told| *told > 0).unwrap_or_else(|| share() as u64);
                TokenCount { output, reasoning }
            }
        }
    }

    /// Whether the server counted.
    #[must_use]
    pub fn is_counted_by_server(&self) -> bool {
        self.usage.is_some_and(|usage| usage.output_tokens > 0)
    }
}

/// An answer while it comes.
#[derive(Debug, Default)]
pub(super) struct Incoming {
    first: Option<Instant>,
    /// When the pieces came that were read last, and those before them.
    last: Option<Arrival>,
    before: Option<Instant>,
    /// How many were read last, and which of them the answer began with.
    read: u32,
    answer_began_with: Option<u32>,
    answer_began: Option<Instant>,
    longest_gap: Duration,
    reasoning_pieces: u64,
    answer_pieces: u64,
    thinking: Thinking,
    sample: Sample,
    usage: Option<Usage>,
    finished: bool,
    done: bool,
    is_cut: bool,
}

impl Incoming {
    /// Takes an event that came at that time.
    pub(super) fn event(&mut self, event: Event<'_>, arrival: Arrival) -> Result<(), Failure> {
        let data = event.data.trim();
        if self.done || data.is_empty() {
            return Ok(());
        }
        if event.name == "error" {
            return Err(Failure::InStream { message: error_message(data).into() });
        }
        if data == "[DONE]" {
            self.done = true;
            return Ok(());
        }
        let delta = Delta::read(data)?;
        self.sample.push(&delta.reasoning);
        self.sample.push(&delta.text);
        self.usage = delta.usage.or(self.usage);
        self.finished |= delta.finished;
        if !delta.reasoning.is_empty() {
            self.reasoning_pieces += 1;
            self.token(arrival);
        }
        if !delta.text.is_empty() {
            self.token(arrival);
            match self.thinking.part(&delta.text) {
                Part::Thinking => self.reasoning_pieces += 1,
                Part::Unmarked => {
                    if self.reasoning_pieces > 0 && self.answer_began.is_none() {
                        self.answer_began_with.get_or_insert(self.read);
                    }
                    self.answer_pieces += 1;
                }
                Part::End => {
                    self.reasoning_pieces += 1 + std::mem::take(&mut self.answer_pieces);
                    (self.answer_began, self.answer_began_with) = (None, None);
                }
            }
        }
        Ok(())
    }

    fn token(&mut self, arrival: Arrival) {
        self.first.get_or_insert(arrival.at);
        if self.last.is_none_or(|last| last.at != arrival.at) {
            self.settle();
            self.before = self.last.map(|last| last.at);
            self.last = Some(arrival);
        }
        self.read += 1;
    }

    /// Says of the pieces that were read last when each came: together, where they were read as they came, else evenly
    /// since those before them.
    fn settle(&mut self) {
        let Some(last) = self.last else { return };
        let since = self.before.map_or(Duration::ZERO, |before| last.at.saturating_duration_since(before));
        let apart = if last.is_gathered { since / self.read.max(1) } else { Duration::ZERO };
        self.longest_gap = self.longest_gap.max(if last.is_gathered { apart } else { since });
        if let Some(number) = self.answer_began_with.take() {
            self.answer_began = last.at.checked_sub(apart * (self.read - number));
        }
        self.read = 0;
    }

    /// The time between two pieces on average.
    pub(super) fn pace(&self) -> Duration {
        let time = self.first.zip(self.last).map(|(first, last)| last.at.saturating_duration_since(first));
        let gaps = u32::try_from(self.pieces().saturating_sub(1)).unwrap_or(u32::MAX);
        time.unwrap_or_default() / gaps.max(1)
    }

    /// Ends an answer that went on beyond what was requested.
    pub(super) const fn cut(&mut self) {
        self.is_cut = true;
        self.done = true;
    }

    /// Whether the server has said its last word.
    pub(super) const fn is_done(&self) -> bool {
        self.done
    }

    /// Whether it was cut.
    pub(super) const fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// When a token came last.
    pub(super) fn last_token(&self) -> Option<Instant> {
        self.last.map(|last| last.at)
    }

    /// Pieces that have come.
    pub(super) const fn pieces(&self) -> u64 {
        self.reasoning_pieces + self.answer_pieces
    }

    /// The answer, where it is whole. A server that forgets `[DONE]` has still said why it finished.
    pub(super) fn whole(mut self) -> Result<Reply, Failure> {
        self.settle();
        let Some((first_token, last_token)) = self.first.zip(self.last_token()) else {
            return Err(if self.done || self.finished {
                Failure::Empty
            } else {
                Failure::Dropped { tokens: 0, reason: message!(EndpointClosed) }
            });
        };
        if !self.done && !self.finished {
            return Err(Failure::Dropped { tokens: self.pieces(), reason: message!(EndpointClosed) });
        }
        Ok(Reply {
            first_token,
            last_token,
            answer_began: self.answer_began,
            longest_gap: self.longest_gap,
            reasoning_pieces: self.reasoning_pieces,
            answer_pieces: self.answer_pieces,
            // A count in the middle of an answer is not that of its tokens.
            usage: self.usage.filter(|_| !self.is_cut),
            coherence: self.sample.judged(),
            is_cut: self.is_cut,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incoming(events: &[&str]) -> (Instant, Incoming) {
        let (start, mut incoming) = (Instant::now(), Incoming::default());
        for (at, data) in (1..).zip(events) {
            incoming.event(plain(data), Arrival::prompt(start + Duration::from_secs(at))).unwrap();
        }
        (start, incoming)
    }

    fn plain(data: &str) -> Event<'_> {
        Event { name: "", data }
    }

    fn text(text: &str) -> String {
        format!(r#"{{"choices":[{{"delta":{{"content":"{text}"}}}}]}}"#)
    }

    #[test]
    fn a_thought_whose_beginning_was_in_the_prompt_is_known_by_its_end() {
        let (hm, end, answer) = (text("hm"), text("</think>"), text("42"));
        let role = r#"{"choices":[{"delta":{"role":"assistant","content":""}}]}"#;
        let (start, incoming) = incoming(&[role, &hm, &hm, &end, &answer, &answer, "[DONE]"]);
        let reply = incoming.whole().unwrap();
        let at = |second| start + Duration::from_secs(second);
        // The role is no token: the first came at the second second.
        assert_eq!((reply.first_token, reply.last_token, reply.answer_began), (at(2), at(6), Some(at(5))));
        assert_eq!(reply.tokens(), TokenCount { output: 5, reasoning: 3 });
        assert!(!reply.is_counted_by_server());
        assert_eq!(reply.longest_gap, Duration::from_secs(1));
    }

    #[test]
    fn the_servers_count_goes_before_pieces_that_hold_several_tokens() {
        let usage = r#"{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":40}}"#;
        let thought = r#"{"choices":[{"delta":{"reasoning_content":"hm hm"}}]}"#;
        let (answer, finish) = (text("42 of them"), r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#);
        let (_, incoming) = incoming(&[thought, thought, thought, &answer, finish, usage]);
        let reply = incoming.whole().unwrap();
        assert_eq!(reply.tokens(), TokenCount { output: 40, reasoning: 30 });
    }

    #[test]
    fn an_answer_that_nobody_finished_was_dropped() {
        let (_, cut) = incoming(&[&text("a"), &text("b")]);
        assert_eq!(cut.whole().unwrap_err().kind(), "dropped");
        assert_eq!(incoming(&["[DONE]"]).1.whole().unwrap_err(), Failure::Empty);
        assert_eq!(incoming(&[]).1.whole().unwrap_err().kind(), "dropped");
    }

    #[test]
    fn pieces_that_were_gathered_count_as_having_come_evenly() {
        let start = Instant::now();
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        let gathered = |milliseconds| Arrival { at: at(milliseconds), is_gathered: true };
        let mut incoming = Incoming::default();
        let thought = r#"{"choices":[{"delta":{"reasoning_content":"hm"}}]}"#;
        incoming.event(plain(thought), Arrival::prompt(at(100))).unwrap();
        for event in [thought, thought, &text("4"), &text("2")] {
            incoming.event(plain(event), gathered(180)).unwrap();
        }
        assert_eq!(incoming.pace(), Duration::from_millis(20));
        // A silence counts though no one slept through it.
        incoming.event(plain(&text("!")), Arrival::prompt(at(480))).unwrap();
        incoming.event(plain("[DONE]   "), Arrival::prompt(at(480))).unwrap();
        let reply = incoming.whole().unwrap();
        assert_eq!(
            (reply.first_token, reply.answer_began, reply.last_token),
            (at(100), Some(at(160)), at(480))
        );
        assert_eq!(reply.longest_gap, Duration::from_millis(300));
    }
}
