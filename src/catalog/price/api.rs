use std::borrow::Cow;

use serde::Deserialize;

use crate::catalog::kind::Kind;
use crate::catalog::table::{Entry, Violation, must_know};
use crate::catalog::{Catalog, Named, Provenance, check};
use crate::units::UsdPerMillionTokens;

/// What calling a model costs at a provider: an entry of `catalog/prices/api.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiPrice {
    /// A short id, such as `openrouter-r1-0528-671b`.
    pub id: String,
    /// Who serves it.
    pub provider: String,
    /// What the model is called there.
    pub offered_as: String,
    /// The model of the catalog that it is; a successor of R1 is none.
    pub model: Option<String>,
    /// Tokens of the prompt.
    #[serde(rename = "input_usd_per_million_tokens")]
    pub input: UsdPerMillionTokens,
    /// Tokens of the answer, thinking included.
    #[serde(rename = "output_usd_per_million_tokens")]
    pub output: UsdPerMillionTokens,
    /// Tokens of the prompt that the provider has seen before, where it says so.
    #[serde(rename = "cached_input_usd_per_million_tokens")]
    pub cached_input: Option<UsdPerMillionTokens>,
    /// The longest context that it takes, where known.
    pub context_tokens: Option<u32>,
    /// Where the data stays, where the provider promises it.
    pub residency: Option<String>,
    /// Whether it can be called today.
    #[serde(default = "yes")]
    pub served: bool,
    /// The day, month or year that it was seen.
    pub date: String,
    /// Of the price.
    pub provenance: Provenance,
}

fn yes() -> bool {
    true
}

impl Entry for ApiPrice {
    const KIND: Kind = Kind::ApiPrice;
    const NAMED: Named = Named::Other;
    const PRICES: &'static [&'static str] = &[
        "input_usd_per_million_tokens",
        "output_usd_per_million_tokens",
        "cached_input_usd_per_million_tokens",
    ];
    // What has a price is served.
    const LAPSE: &'static [&'static str] = &["cached_input_usd_per_million_tokens", "served"];

    fn id(&self) -> &str {
        &self.id
    }

    fn names(&self) -> Vec<Cow<'_, str>> {
        vec![Cow::Borrowed(&self.id), Cow::Owned(format!("{} at {}", self.offered_as, self.provider))]
    }

    fn check(&self, catalog: &Catalog) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::positive("input_usd_per_million_tokens", Some(self.input.0))?;
        check::positive("output_usd_per_million_tokens", Some(self.output.0))?;
        check::positive("cached_input_usd_per_million_tokens", self.cached_input.map(|price| price.0))?;
        check::date("date", Some(&self.date))?;
        self.model.as_ref().map_or(Ok(()), |model| must_know("model", model, catalog.models()))
    }
}
