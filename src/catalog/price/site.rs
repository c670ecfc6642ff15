use serde::{Deserialize, Serialize};

use crate::catalog::document::Document;
use crate::catalog::load::{self, Entry, Kind, Violation};
use crate::catalog::{CatalogError, Confidence, check};
use crate::units::Usd;

/// A kind of place for machines: an entry of `catalog/prices/sites.toml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// What to type, such as `colocation`.
    pub id: String,
    /// What it is.
    pub name: String,
    /// Power usage effectiveness: what the place draws for each watt of the machines.
    pub pue: f64,
    /// What a kilowatt of nameplate power costs a month there, power and cooling included.
    #[serde(default)]
    pub usd_per_kw_month: Option<Usd>,
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
struct SiteFile {
    #[serde(default)]
    site: Vec<Site>,
}

impl Entry for Site {
    const KIND: Kind = Kind::Site;

    fn read(document: &Document) -> Result<Vec<(String, Self)>, CatalogError> {
        Ok(load::many("site", document.read::<SiteFile>()?.site))
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn aliases(&self) -> &[String] {
        &[]
    }

    fn check(&self) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::positive("usd_per_kw_month", self.usd_per_kw_month.map(|price| price.0))?;
        if !(1.0..10.0).contains(&self.pue) {
            return Err(check::broken("pue", "a place draws at least what its machines do"));
        }
        check::date("date", Some(&self.date))
    }
}
