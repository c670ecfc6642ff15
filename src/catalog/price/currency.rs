use serde::Deserialize;

use crate::catalog::kind::Kind;
use crate::catalog::table::{Entry, Violation};
use crate::catalog::{Catalog, Named, Provenance, check};

/// What a US dollar is worth in another currency: an entry of `catalog/prices/currencies.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Currency {
    /// Its code in lower case, such as `cny`.
    pub id: String,
    /// How amounts are marked.
    pub symbol: String,
    /// What a US dollar is worth.
    pub per_usd: f64,
    /// The day, month or year that it was seen.
    pub date: String,
    /// Of the price.
    pub provenance: Provenance,
}

/// A price as it was quoted, in its own currency.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuotedPrice {
    /// The currency's code, such as `CNY`.
    pub currency: String,
    /// In that currency.
    pub amount: f64,
}

/// A rent as it was quoted, in its own currency.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuotedRent {
    /// The currency's code, such as `CNY`.
    pub currency: String,
    /// An hour of one GPU in that currency.
    pub per_gpu_hour: f64,
}

impl Entry for Currency {
    const KIND: Kind = Kind::Currency;
    const NAMED: Named = Named::Currency;
    const PRICES: &'static [&'static str] = &["per_usd"];

    fn id(&self) -> &str {
        &self.id
    }

    fn check(&self, _: &Catalog) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::positive("per_usd", Some(self.per_usd))?;
        check::date("date", Some(&self.date))
    }
}
