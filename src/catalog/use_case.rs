use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::document::Document;
use super::load::{self, Entry, Kind, Violation};
use super::{Benchmark, CatalogError, check};
use crate::lang::Lang;

/// A scenario of the article: an entry of `catalog/use-cases.toml`. It presets a recommendation's needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UseCase {
    /// What to type, such as `coding`.
    pub id: String,
    /// One line of what it is.
    pub description: String,
    /// Context to hold, in tokens.
    pub context_tokens: u32,
    /// A typical prompt, in tokens.
    pub prompt_tokens: u32,
    /// A typical answer with its thinking, in tokens.
    pub output_tokens: u32,
    /// The slowest decode that is still usable, in tokens per second.
    pub minimum_decode_tokens_per_second: f64,
    /// How much each published benchmark counts for it.
    #[serde(default = "evenly")]
    pub benchmark_weights: BTreeMap<Benchmark, f64>,
    /// The description in Chinese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description_zh: Option<String>,
    /// The sizes that the article names for it.
    pub article_sizes: Vec<String>,
    /// Where the figures come from.
    pub source: String,
}

impl UseCase {
    /// The description in a language; in English where nobody translated it.
    #[must_use]
    pub fn described(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.description,
            Lang::Zh => self.description_zh.as_deref().unwrap_or(&self.description),
        }
    }
}

/// The three benchmarks that every size was published on, alike.
fn evenly() -> BTreeMap<Benchmark, f64> {
    [Benchmark::Aime24, Benchmark::GpqaDiamond, Benchmark::Livecodebench].map(|of| (of, 1.0)).into()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UseCaseFile {
    #[serde(default)]
    use_case: Vec<UseCase>,
}

impl Entry for UseCase {
    const KIND: Kind = Kind::UseCase;

    fn read(document: &Document) -> Result<Vec<(String, Self)>, CatalogError> {
        Ok(load::many("use_case", document.read::<UseCaseFile>()?.use_case))
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn aliases(&self) -> &[String] {
        &[]
    }

    fn check(&self) -> Result<(), Violation> {
        check::use_case(self)
    }
}
