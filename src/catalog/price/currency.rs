use serde::{Deserialize, Serialize};

use crate::catalog::document::Document;
use crate::catalog::load::{self, Entry, Kind, Violation};
use crate::catalog::{CatalogError, Confidence, check};

/// What a US dollar is worth in another currency: an entry of `catalog/prices/currencies.toml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Currency {
    /// Its code in lower case, such as `cny`.
    pub id: String,
    /// How amounts are marked.
    pub symbol: String,
    /// What a US dollar is worth.
    pub per_usd: f64,
    /// When that was seen.
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

/// A price as it was quoted, in its own currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuotedPrice {
    /// The currency's code, such as `CNY`.
    pub currency: String,
    /// How much of it.
    pub amount: f64,
}

/// A rent as it was quoted, in its own currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuotedRent {
    /// The currency's code, such as `CNY`.
    pub currency: String,
    /// How much of it for an hour of one GPU.
    pub per_gpu_hour: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CurrencyFile {
    #[serde(default)]
    currency: Vec<Currency>,
}

impl Entry for Currency {
    const KIND: Kind = Kind::Currency;

    fn read(document: &Document) -> Result<Vec<(String, Self)>, CatalogError> {
        Ok(load::many("currency", document.read::<CurrencyFile>()?.currency))
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn aliases(&self) -> &[String] {
        &[]
    }

    fn check(&self) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::positive("per_usd", Some(self.per_usd))?;
        check::date("date", Some(&self.date))
    }
}
