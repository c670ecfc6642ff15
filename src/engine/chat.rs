//! What a conversation asks of a session: words to tokens, tokens behind those in the KV cache, and the next one.

use serde::{Deserialize, Serialize};

use crate::units::Seconds;

/// A token, by its number in the model's vocabulary.
pub type Token = i32;

/// A description of a model's tokenizer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vocabulary {
    /// The program in Jinja that lays out a conversation, where the file has one.
    pub chat_template: Option<String>,
    /// The token that begins a text.
    pub bos: Option<String>,
    /// The token that ends an answer.
    pub eos: Option<String>,
    /// Whether a text is to begin with `bos`.
    pub adds_bos: bool,
    /// The marks that a template sets between those who speak, as they are written: control tokens, mostly.
    pub control: Vec<String>,
    /// Whether `<think>` is a token of its own, as in every R1.
    pub thinks: bool,
    /// Whether there is a tokenizer at all: files of random weights have none.
    pub is_there: bool,
}

/// How the next token is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sampling {
    /// Divides the logits; 0 always takes the likeliest token.
    pub temperature: f32,
    /// The smallest set of tokens with this much of the probability is drawn from; 1 is all.
    pub top_p: f32,
    /// Only this many of the likeliest tokens are drawn from; 0 is all.
    pub top_k: u32,
    /// Only what is at least this share as likely as the likeliest; 0 is all.
    pub min_p: f32,
    /// Seed of the draws.
    pub seed: u32,
}

/// Tokens that go into the KV cache.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// How many of the tokens in the cache stay; those behind them are forgotten.
    pub keep: u32,
    /// What goes behind them: one token at least, and no more than a batch.
    pub tokens: Vec<Token>,
    /// Whether to choose the token that follows.
    pub sample: bool,
}

/// The result of an [`Extension`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Extended {
    /// How long it took.
    pub seconds: Seconds,
    /// The next token, where requested.
    pub sampled: Option<Sampled>,
}

/// A token that was chosen; it is not yet in the KV cache.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sampled {
    /// The token.
    pub token: Token,
    /// Its bytes; a character may begin in one token and end in the next.
    pub piece: Vec<u8>,
    /// Whether it ends the answer.
    pub ends: bool,
}
