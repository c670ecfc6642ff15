use super::{Catalog, Model, UseCase};
use crate::lang::{Lang, Text};
use crate::message::messages::LANGUAGES;

impl Catalog {
    /// A text of the catalog in every language; in English where its Chinese is not known.
    #[must_use]
    pub fn text(&self, english: &str) -> Text {
        Text { en: english.to_owned(), zh: chinese(english).unwrap_or(english).to_owned() }
    }
}

fn chinese(english: &str) -> Option<&'static str> {
    LANGUAGES.iter().find(|language| language.name == "zh-CN")?.fact(english)
}

impl UseCase {
    /// The description in a language.
    #[must_use]
    pub fn described(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.description,
            Lang::Zh => chinese(&self.description).unwrap_or(&self.description),
        }
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
