use std::collections::BTreeMap;

use serde::Deserialize;

use super::kind::Kind;
use super::table::{Entry, Violation};
use super::{Catalog, Named, Provenance, check};
use crate::message;

/// A scenario of the article, which presets a recommendation's needs: an entry of `catalog/use-cases.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UseCase {
    /// What to type, such as `coding`.
    pub id: String,
    /// What it is, in a line.
    pub description: String,
    /// Context to hold, in tokens.
    pub context_tokens: u32,
    /// A typical prompt, in tokens.
    pub prompt_tokens: u32,
    /// A typical answer with its thinking, in tokens.
    pub output_tokens: u32,
    /// The slowest decode that is still usable, in tokens per second.
    pub minimum_decode_tokens_per_second: f64,
    /// The speed past which more is of no use, in tokens per second.
    pub comfortable_tokens_per_second: f64,
    /// The longest that is waited for the first token, in seconds; none where nobody waits.
    pub maximum_ttft_seconds: Option<f64>,
    /// How much more waiting costs than with everyday questions.
    pub impatience: f64,
    /// Points of quality that half of the energy and half of the memory are worth: what runs on a battery.
    #[serde(default)]
    pub thrift: f64,
    /// How much each ability counts for it.
    pub ability_weights: BTreeMap<String, f64>,
    /// The sizes that the article names for it.
    pub article_sizes: Vec<String>,
    /// Of the figures.
    pub provenance: Provenance,
}

impl Entry for UseCase {
    const KIND: Kind = Kind::UseCase;
    const NAMED: Named = Named::UseCase;

    fn id(&self) -> &str {
        &self.id
    }

    fn check(&self, catalog: &Catalog) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::at_least_one("prompt_tokens", self.prompt_tokens)?;
        check::at_least_one("output_tokens", self.output_tokens)?;
        check::positive("minimum_decode_tokens_per_second", Some(self.minimum_decode_tokens_per_second))?;
        check::positive("maximum_ttft_seconds", self.maximum_ttft_seconds)?;
        check::positive("impatience", Some(self.impatience))?;
        check::must(
            self.comfortable_tokens_per_second >= self.minimum_decode_tokens_per_second,
            "comfortable_tokens_per_second",
            message!(CatalogRuleComfortable),
        )?;
        let known = catalog.abilities().unwrap_or_default();
        for (ability, weight) in &self.ability_weights {
            let path = format!("ability_weights.{ability}");
            check::positive(&path, Some(*weight))?;
            check::must(known.iter().any(|one| one.id == *ability), &path, message!(CatalogRuleAbility))?;
        }
        check::must(!self.ability_weights.is_empty(), "ability_weights", message!(CatalogRuleBenchmarks))?;
        check::must(
            u64::from(self.prompt_tokens) + u64::from(self.output_tokens) <= u64::from(self.context_tokens),
            "context_tokens",
            message!(CatalogRuleContext),
        )
    }
}

/// How long answers to a kind of question are, thinking included, in tokens: an entry of `catalog/tasks.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerLength {
    /// What to type, such as `mathematics`.
    pub id: String,
    /// What it is, in a line.
    pub description: String,
    /// A short answer.
    pub short_tokens: u32,
    /// A typical one.
    pub typical_tokens: u32,
    /// A long one.
    pub long_tokens: u32,
    /// Of the figures.
    pub provenance: Provenance,
}

impl Entry for AnswerLength {
    const KIND: Kind = Kind::Task;
    const NAMED: Named = Named::Task;

    fn id(&self) -> &str {
        &self.id
    }

    fn check(&self, _: &Catalog) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::at_least_one("short_tokens", self.short_tokens)?;
        check::must(
            self.short_tokens <= self.typical_tokens && self.typical_tokens <= self.long_tokens,
            "typical_tokens",
            message!(CatalogRuleTypical),
        )
    }
}
