use serde_json::Value;

use super::{Fingerprint, Record};

/// A result to save.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The moment that it began.
    pub started_at: jiff::Timestamp,
    /// How it was measured.
    pub kind: Kind,
    /// What was measured, in a word: `ID:QUANT`, a file, a model's name on a server.
    pub subject: String,
    /// The machine it was measured on, or from.
    pub machine: Fingerprint,
    /// All of it, as `--format json` tells it.
    pub document: Value,
    /// What later predictions learn from it; none of what was disturbed.
    pub lesson: Option<Record>,
}

/// A saved result.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Its number.
    pub id: i64,
    /// The moment that it began.
    pub started_at: jiff::Timestamp,
    /// How it was measured.
    pub kind: Kind,
    /// What was measured.
    pub subject: String,
    /// All of it.
    pub document: Value,
}

/// How something was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// In the bundled engine.
    Local,
    /// At a server.
    Served,
    /// By an earlier version, of which only the speeds are left.
    Imported,
}

impl Kind {
    /// Its word in the database, which never changes.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Served => "served",
            Self::Imported => "imported",
        }
    }

    pub(super) fn of_word(word: &str) -> Option<Self> {
        [Self::Local, Self::Served, Self::Imported].into_iter().find(|kind| kind.word() == word)
    }
}
