use serde::{Deserialize, Serialize};

use super::document::Document;
use super::load::{self, Entry, Kind, Violation};
use super::{Catalog, CatalogError, Model, check};
use crate::lang::{Lang, Text};

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

impl Model {
    /// The model with its sentences in a language.
    #[must_use]
    pub fn told(&self, catalog: &Catalog, lang: Lang) -> Self {
        let mut model = self.clone();
        let sentences = (model.licence.obligations.iter_mut())
            .chain(&mut model.sampling.advice)
            .chain([&mut model.licence.id, &mut model.base_model])
            .chain(&mut model.context_note)
            .chain(model.benchmarks.values_mut().filter_map(|score| score.note.as_mut()))
            .chain(model.tokens_per_answer.iter_mut().map(|answer| &mut answer.task))
            .chain(model.corrections.iter_mut().flat_map(|wrong| [&mut wrong.claim, &mut wrong.correction]));
        for sentence in sentences {
            let text = catalog.text(sentence);
            text.told(lang).clone_into(sentence);
        }
        model
    }
}
