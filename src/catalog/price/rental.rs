use serde::{Deserialize, Serialize};

use super::QuotedRent;
use crate::catalog::kind::Kind;
use crate::catalog::table::{Entry, Violation, must_know};
use crate::catalog::{Catalog, Named, Provenance, check};
use crate::units::UsdPerHour;

/// What an hour of a rented GPU costs at a provider: an entry of `catalog/prices/rental.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rental {
    /// A short id, such as `aws-ec2-h100-sxm5-80gb-on-demand`.
    pub id: String,
    /// Who rents it out.
    pub provider: String,
    /// What kind of provider that is.
    pub provider_kind: ProviderKind,
    /// The id of the accelerator.
    pub accelerator: String,
    /// For how long one must commit.
    pub billing: Billing,
    /// An hour of one GPU.
    pub usd_per_gpu_hour: UsdPerHour,
    /// The price as it was quoted, where that was in another currency.
    pub quoted: Option<QuotedRent>,
    /// The fewest GPUs that can be rented together.
    #[serde(default = "one")]
    pub smallest_gpus: u32,
    /// Where they stand, where the price is of one place.
    pub region: Option<String>,
    /// The day, month or year that it was seen.
    pub date: String,
    /// Of the price.
    pub provenance: Provenance,
}

/// What kind of provider rents GPUs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderKind {
    /// One of the large clouds.
    Hyperscaler,
    /// A cloud that has GPUs above all.
    Neocloud,
    /// Machines of many owners.
    Marketplace,
    /// No provider: what a survey of contracts came to.
    Survey,
}

/// For how long one must commit to a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Billing {
    /// Hour by hour.
    OnDemand,
    /// Half a year.
    #[serde(rename = "commit_6_months")]
    Commit6Months,
    /// A year.
    #[serde(rename = "reserved_1_year")]
    Reserved1Year,
    /// Three years.
    #[serde(rename = "reserved_3_years")]
    Reserved3Years,
}

fn one() -> u32 {
    1
}

impl Entry for Rental {
    const KIND: Kind = Kind::Rental;
    const NAMED: Named = Named::Other;
    const PRICES: &'static [&'static str] = &["usd_per_gpu_hour"];
    const LAPSE: &'static [&'static str] = &["quoted"];

    fn id(&self) -> &str {
        &self.id
    }

    fn check(&self, catalog: &Catalog) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::positive("usd_per_gpu_hour", Some(self.usd_per_gpu_hour.0))?;
        check::positive("quoted.per_gpu_hour", self.quoted.as_ref().map(|quoted| quoted.per_gpu_hour))?;
        check::at_least_one("smallest_gpus", self.smallest_gpus)?;
        check::date("date", Some(&self.date))?;
        must_know("accelerator", &self.accelerator, catalog.accelerators().unwrap_or_default())
    }
}
