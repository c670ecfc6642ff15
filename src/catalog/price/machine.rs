use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::QuotedPrice;
use crate::catalog::kind::Kind;
use crate::catalog::table::{Entry, Violation, must_know};
use crate::catalog::{Catalog, Named, Provenance, check};
use crate::message;
use crate::units::{Bytes, Usd};

/// A machine that can be bought, or what belongs into one: an entry of `catalog/prices/machines.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MachinePrice {
    /// A short id, such as `server-8x-h200`.
    pub id: String,
    /// What it is called on a bill.
    pub name: String,
    /// What it is.
    pub kind: MachineKind,
    /// The id of the accelerators that are in it; a host has none yet.
    pub accelerator: Option<String>,
    /// How many accelerators are in it, or of a host, how many it takes.
    #[serde(default)]
    pub accelerators: u32,
    /// The price of one.
    pub usd: Usd,
    /// The price as it was quoted, where that was in another currency.
    pub quoted: Option<QuotedPrice>,
    /// The power that it must be wired for; of a host, without its cards.
    pub nameplate_kw: Option<f64>,
    /// The power that it takes when it has nothing to do.
    pub idle_kw: Option<f64>,
    /// Height in a rack.
    pub rack_units: Option<u32>,
    /// The RAM that the price has in it.
    pub ram_gib: Option<u64>,
    /// The day, month or year that it was seen.
    pub date: String,
    /// Of the price.
    pub provenance: Provenance,
}

impl MachinePrice {
    /// The RAM that the price has in it.
    #[must_use]
    pub fn ram(&self) -> Option<Bytes> {
        self.ram_gib.map(Bytes::gib)
    }
}

/// What a machine that can be bought is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MachineKind {
    /// Whole, with its accelerators.
    Server,
    /// A computer that cards are put into.
    Host,
    /// Memory, by the GiB.
    Memory,
}

impl Entry for MachinePrice {
    const KIND: Kind = Kind::MachinePrice;
    const NAMED: Named = Named::Other;
    const PRICES: &'static [&'static str] = &["usd"];
    const LAPSE: &'static [&'static str] = &["quoted"];

    fn id(&self) -> &str {
        &self.id
    }

    fn names(&self) -> Vec<Cow<'_, str>> {
        vec![Cow::Borrowed(&self.id), Cow::Borrowed(&self.name)]
    }

    fn check(&self, catalog: &Catalog) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::date("date", Some(&self.date))?;
        check::positive("usd", Some(self.usd.0))?;
        check::positive("quoted.amount", self.quoted.as_ref().map(|quoted| quoted.amount))?;
        check::positive("nameplate_kw", self.nameplate_kw)?;
        check::positive("idle_kw", self.idle_kw)?;
        match (self.kind, &self.accelerator) {
            (MachineKind::Server, None) => {
                return Err(check::broken("accelerator", message!(CatalogRuleServer)));
            }
            (MachineKind::Host | MachineKind::Memory, Some(_)) => {
                return Err(check::broken("accelerator", message!(CatalogRuleNotServer)));
            }
            (_, Some(id)) => must_know("accelerator", id, catalog.accelerators().unwrap_or_default())?,
            (_, None) => {}
        }
        if self.kind == MachineKind::Memory {
            return check::must(self.ram_gib == Some(1), "ram_gib", message!(CatalogRuleMemory));
        }
        check::at_least_one("accelerators", self.accelerators)
    }
}
