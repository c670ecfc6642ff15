use serde::{Deserialize, Serialize};

use crate::catalog::document::Document;
use crate::catalog::load::{self, Entry, Kind, Violation};
use crate::catalog::{CatalogError, Confidence, check};
use crate::units::Usd;

/// What a kilowatt-hour costs somewhere: an entry of `catalog/prices/power.toml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PowerPrice {
    /// What to type, such as `eu`.
    pub id: String,
    /// Where that is.
    pub name: String,
    /// A kilowatt-hour.
    pub usd_per_kwh: Usd,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PowerPriceFile {
    #[serde(default)]
    power: Vec<PowerPrice>,
}

impl Entry for PowerPrice {
    const KIND: Kind = Kind::PowerPrice;

    fn read(document: &Document) -> Result<Vec<(String, Self)>, CatalogError> {
        Ok(load::many("power", document.read::<PowerPriceFile>()?.power))
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn aliases(&self) -> &[String] {
        &[]
    }

    fn check(&self) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::positive("usd_per_kwh", Some(self.usd_per_kwh.0))?;
        check::date("date", Some(&self.date))
    }
}
