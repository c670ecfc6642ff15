use serde::{Deserialize, Serialize};

use crate::catalog::document::Document;
use crate::catalog::load::{self, Entry, Kind, Violation};
use crate::catalog::{CatalogError, Confidence, check};
use crate::units::UsdPerMillionTokens;

/// What calling a model costs at a provider: an entry of `catalog/prices/api.toml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiPrice {
    /// A short id, such as `openrouter-r1-0528-671b`.
    pub id: String,
    /// Who serves it.
    pub provider: String,
    /// What the model is called there.
    pub offered_as: String,
    /// The model of the catalog that it is; a successor of R1 is none.
    #[serde(default)]
    pub model: Option<String>,
    /// Tokens of the prompt.
    #[serde(rename = "input_usd_per_million_tokens")]
    pub input: UsdPerMillionTokens,
    /// Tokens of the answer, thinking included.
    #[serde(rename = "output_usd_per_million_tokens")]
    pub output: UsdPerMillionTokens,
    /// Tokens of the prompt that the provider has seen before, where it says so.
    #[serde(default, rename = "cached_input_usd_per_million_tokens")]
    pub cached_input: Option<UsdPerMillionTokens>,
    /// The longest context that it takes, where known.
    #[serde(default)]
    pub context_tokens: Option<u32>,
    /// Where the data stays, where the provider promises it.
    #[serde(default)]
    pub residency: Option<String>,
    /// Whether it can be called today.
    #[serde(default = "yes")]
    pub served: bool,
    /// When the price was seen.
    pub date: String,
    /// Where.
    pub source: String,
    /// What nobody saw in a source.
    #[serde(default)]
    pub recalled: Option<String>,
    /// How far it is to be believed.
    #[serde(default)]
    pub confidence: Confidence,
    /// What else must be known.
    #[serde(default)]
    pub note: Option<String>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApiPriceFile {
    #[serde(default)]
    api_price: Vec<ApiPrice>,
}

impl Entry for ApiPrice {
    const KIND: Kind = Kind::ApiPrice;

    fn read(document: &Document) -> Result<Vec<(String, Self)>, CatalogError> {
        Ok(load::many("api_price", document.read::<ApiPriceFile>()?.api_price))
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn aliases(&self) -> &[String] {
        &[]
    }

    fn check(&self) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::positive("input_usd_per_million_tokens", Some(self.input.0))?;
        check::positive("output_usd_per_million_tokens", Some(self.output.0))?;
        check::positive("cached_input_usd_per_million_tokens", self.cached_input.map(|price| price.0))?;
        check::date("date", Some(&self.date))
    }
}
