use serde::{Deserialize, Serialize};

use super::document::Document;
use super::load::{self, Entry, Kind, Violation};
use super::{CatalogError, check};

/// How long answers to a kind of question are: an entry of `catalog/tasks.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerLength {
    /// What to type, such as `mathematics`.
    pub id: String,
    /// One line of what it is.
    pub description: String,
    /// A short answer with its thinking, in tokens.
    pub short_tokens: u32,
    /// A typical one.
    pub typical_tokens: u32,
    /// A long one.
    pub long_tokens: u32,
    /// Where the figures were read.
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerLengthFile {
    #[serde(default)]
    task: Vec<AnswerLength>,
}

impl Entry for AnswerLength {
    const KIND: Kind = Kind::AnswerLength;

    fn read(document: &Document) -> Result<Vec<(String, Self)>, CatalogError> {
        Ok(load::many("task", document.read::<AnswerLengthFile>()?.task))
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn aliases(&self) -> &[String] {
        &[]
    }

    fn check(&self) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::at_least_one("short_tokens", self.short_tokens)?;
        if self.short_tokens <= self.typical_tokens && self.typical_tokens <= self.long_tokens {
            Ok(())
        } else {
            Err(check::broken("typical_tokens", "a typical answer lies between a short and a long one"))
        }
    }
}
