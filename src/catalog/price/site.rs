use serde::Deserialize;

use crate::catalog::kind::Kind;
use crate::catalog::table::{Entry, Violation};
use crate::catalog::{Catalog, Named, Provenance, check};
use crate::message;
use crate::units::Usd;

/// A kind of place for machines: an entry of `catalog/prices/sites.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// What to type, such as `colocation`.
    pub id: String,
    /// What it is.
    pub name: String,
    /// Power usage effectiveness: what the place draws for each watt of the machines.
    pub pue: f64,
    /// What a kilowatt of nameplate power costs a month there, power and cooling included.
    pub usd_per_kw_month: Option<Usd>,
    /// The day, month or year that it was seen.
    pub date: String,
    /// Of the price.
    pub provenance: Provenance,
}

impl Entry for Site {
    const KIND: Kind = Kind::Site;
    const NAMED: Named = Named::Site;
    const PRICES: &'static [&'static str] = &["usd_per_kw_month"];

    fn id(&self) -> &str {
        &self.id
    }

    fn check(&self, _: &Catalog) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::positive("usd_per_kw_month", self.usd_per_kw_month.map(|price| price.0))?;
        check::must((1.0..10.0).contains(&self.pue), "pue", message!(CatalogRulePue))?;
        check::date("date", Some(&self.date))
    }
}

/// What a kilowatt-hour costs somewhere: an entry of `catalog/prices/power.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PowerPrice {
    /// What to type, such as `eu`.
    pub id: String,
    /// Where that is.
    pub name: String,
    /// A kilowatt-hour.
    pub usd_per_kwh: Usd,
    /// The day, month or year that it was seen.
    pub date: String,
    /// Of the price.
    pub provenance: Provenance,
}

impl Entry for PowerPrice {
    const KIND: Kind = Kind::PowerPrice;
    const NAMED: Named = Named::Region;
    const PRICES: &'static [&'static str] = &["usd_per_kwh"];

    fn id(&self) -> &str {
        &self.id
    }

    fn check(&self, _: &Catalog) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::positive("usd_per_kwh", Some(self.usd_per_kwh.0))?;
        check::date("date", Some(&self.date))
    }
}
