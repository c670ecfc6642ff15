use serde::Serialize;

use crate::units::{Seconds, TokenRate};

/// An answer of a model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The thinking.
    pub thinking: String,
    /// The answer itself.
    pub answer: String,
    /// The reason of its end.
    pub ended: Ended,
    /// How long it took.
    pub timings: Timings,
}

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// The model ended it.
    Whole,
    /// It reached the token limit.
    MostTokens,
    /// The context has no room for more.
    ContextFull,
    /// The person stopped it.
    Stopped,
}

/// Tokens and times of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Timings {
    /// Tokens of the conversation up to the answer.
    pub prompt_tokens: u32,
    /// Those of them that were in the KV cache already.
    pub reused_tokens: u32,
    /// Until the first token.
    pub ttft_seconds: Seconds,
    /// Tokens of the answer, thinking included.
    pub output_tokens: u32,
    /// Those of them that are thinking.
    pub thinking_tokens: u32,
    /// Time for all tokens of the answer but the first.
    pub decode_seconds: Seconds,
    /// Time of thinking, from the first token on.
    pub thinking_seconds: Seconds,
}

impl Timings {
    /// The speed of the answer, from two tokens on.
    #[must_use]
    pub fn decode_rate(&self) -> Option<TokenRate> {
        rate(self.output_tokens.saturating_sub(1), self.decode_seconds)
    }

    /// The speed at which the question was read.
    #[must_use]
    pub fn prefill_rate(&self) -> Option<TokenRate> {
        rate(self.prompt_tokens - self.reused_tokens, self.ttft_seconds)
    }

    /// From the question to the end of the answer.
    #[must_use]
    pub fn total(&self) -> Seconds {
        self.ttft_seconds + self.decode_seconds
    }

    /// Tokens of the context that are taken.
    #[must_use]
    pub const fn context_tokens(&self) -> u32 {
        self.prompt_tokens + self.output_tokens
    }
}

fn rate(tokens: u32, time: Seconds) -> Option<TokenRate> {
    (tokens > 0 && time.0 > 0.0).then(|| TokenRate(f64::from(tokens) / time.0))
}
