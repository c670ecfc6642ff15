use serde::{Deserialize, Serialize};

use super::QuotedRent;
use crate::catalog::document::Document;
use crate::catalog::load::{self, Entry, Kind, Violation};
use crate::catalog::{CatalogError, Confidence, check};
use crate::units::UsdPerHour;

/// What an hour of a rented GPU costs at a provider: an entry of `catalog/prices/rental.toml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    #[serde(default)]
    pub quoted: Option<QuotedRent>,
    /// The fewest GPUs that can be rented together.
    #[serde(default = "one")]
    pub smallest_gpus: u32,
    /// Where they stand, where the price is of one place.
    #[serde(default)]
    pub region: Option<String>,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RentalFile {
    #[serde(default)]
    rental: Vec<Rental>,
}

impl Entry for Rental {
    const KIND: Kind = Kind::Rental;

    fn read(document: &Document) -> Result<Vec<(String, Self)>, CatalogError> {
        Ok(load::many("rental", document.read::<RentalFile>()?.rental))
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn aliases(&self) -> &[String] {
        &[]
    }

    fn check(&self) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::positive("usd_per_gpu_hour", Some(self.usd_per_gpu_hour.0))?;
        check::positive("quoted.per_gpu_hour", self.quoted.as_ref().map(|quoted| quoted.per_gpu_hour))?;
        check::at_least_one("smallest_gpus", self.smallest_gpus)?;
        check::date("date", Some(&self.date))
    }
}
