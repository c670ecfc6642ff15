use serde::{Deserialize, Serialize};

use super::document::Document;
use super::load::{self, Entry, Kind, Violation};
use super::{CatalogError, check};
use crate::lang::Text;

/// A sentence of the catalog in Chinese: an entry of `catalog/zh.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentence {
    /// As it stands elsewhere in the catalog.
    pub en: String,
    /// In Simplified Chinese.
    pub zh: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SentenceFile {
    #[serde(default)]
    sentence: Vec<Sentence>,
}

impl Entry for Sentence {
    const KIND: Kind = Kind::Sentence;

    fn read(document: &Document) -> Result<Vec<(String, Self)>, CatalogError> {
        Ok(load::many("sentence", document.read::<SentenceFile>()?.sentence))
    }

    fn id(&self) -> &str {
        &self.en
    }

    fn aliases(&self) -> &[String] {
        &[]
    }

    fn check(&self) -> Result<(), Violation> {
        if self.zh.is_empty() { Err(check::broken("zh", "a sentence is not empty")) } else { Ok(()) }
    }
}

/// A text of the catalog, by the sentences that are known in Chinese.
pub(super) fn told(english: &str, known: &[Sentence]) -> Text {
    match known.iter().find(|sentence| sentence.en == english) {
        Some(Sentence { en, zh }) => Text { en: en.clone(), zh: zh.clone() },
        None => english.into(),
    }
}
