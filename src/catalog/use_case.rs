use std::collections::BTreeMap;

use serde::Deserialize;

use super::kind::Kind;
use super::table::{Entry, Violation};
use super::{Benchmark, Catalog, Named, Provenance, check};
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
    /// The longest that is waited for the first token, in seconds; none where nobody waits.
    pub maximum_ttft_seconds: Option<f64>,
    /// How much each published benchmark counts for it.
    #[serde(default = "evenly")]
    pub benchmark_weights: BTreeMap<Benchmark, f64>,
    /// The sizes that the article names for it.
    pub article_sizes: Vec<String>,
    /// Of the figures.
    pub provenance: Provenance,
}

/// The three benchmarks that every size was published on, alike.
fn evenly() -> BTreeMap<Benchmark, f64> {
    [Benchmark::Aime24, Benchmark::GpqaDiamond, Benchmark::Livecodebench].map(|of| (of, 1.0)).into()
}

impl Entry for UseCase {
    const KIND: Kind = Kind::UseCase;
    const NAMED: Named = Named::UseCase;

    fn id(&self) -> &str {
        &self.id
    }

    fn check(&self, _: &Catalog) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::at_least_one("prompt_tokens", self.prompt_tokens)?;
        check::at_least_one("output_tokens", self.output_tokens)?;
        check::positive("minimum_decode_tokens_per_second", Some(self.minimum_decode_tokens_per_second))?;
        check::positive("maximum_ttft_seconds", self.maximum_ttft_seconds)?;
        for (benchmark, weight) in &self.benchmark_weights {
            check::positive("benchmark_weights", Some(*weight))?;
            check::must(benchmark.is_percentage(), "benchmark_weights", message!(CatalogRuleAveraged))?;
        }
        check::must(
            !self.benchmark_weights.is_empty(),
            "benchmark_weights",
            message!(CatalogRuleBenchmarks),
        )?;
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
