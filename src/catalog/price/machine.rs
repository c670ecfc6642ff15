use serde::{Deserialize, Serialize};

use super::QuotedPrice;
use crate::catalog::document::Document;
use crate::catalog::load::{self, Entry, Kind, Violation};
use crate::catalog::{CatalogError, Confidence, check};
use crate::units::{Bytes, Usd};

/// A machine that can be bought, or what belongs into one: an entry of `catalog/prices/machines.toml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MachinePrice {
    /// A short id, such as `server-8x-h200`.
    pub id: String,
    /// What it is called on a bill.
    pub name: String,
    /// What it is.
    pub kind: MachineKind,
    /// The id of the accelerators that are in it; a host has none yet.
    #[serde(default)]
    pub accelerator: Option<String>,
    /// How many accelerators are in it, or of a host, how many it takes.
    #[serde(default)]
    pub accelerators: u32,
    /// The price of one.
    pub usd: Usd,
    /// The price as it was quoted, where that was in another currency.
    #[serde(default)]
    pub quoted: Option<QuotedPrice>,
    /// The power that it must be wired for; of a host, without its cards.
    #[serde(default)]
    pub nameplate_kw: Option<f64>,
    /// The power that it takes when it has nothing to do.
    #[serde(default)]
    pub idle_kw: Option<f64>,
    /// Height in a rack.
    #[serde(default)]
    pub rack_units: Option<u32>,
    /// The RAM that the price has in it.
    #[serde(default)]
    pub ram_gib: Option<u64>,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MachineFile {
    #[serde(default)]
    machine: Vec<MachinePrice>,
}

impl Entry for MachinePrice {
    const KIND: Kind = Kind::MachinePrice;

    fn read(document: &Document) -> Result<Vec<(String, Self)>, CatalogError> {
        Ok(load::many("machine", document.read::<MachineFile>()?.machine))
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn aliases(&self) -> &[String] {
        &[]
    }

    fn check(&self) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::date("date", Some(&self.date))?;
        check::positive("usd", Some(self.usd.0))?;
        check::positive("quoted.amount", self.quoted.as_ref().map(|quoted| quoted.amount))?;
        check::positive("nameplate_kw", self.nameplate_kw)?;
        check::positive("idle_kw", self.idle_kw)?;
        match (self.kind, &self.accelerator) {
            (MachineKind::Server, None) => {
                return Err(check::broken("accelerator", "a server has accelerators: say which"));
            }
            (MachineKind::Host | MachineKind::Memory, Some(_)) => {
                return Err(check::broken("accelerator", "only a server comes with its accelerators"));
            }
            _ => {}
        }
        if self.kind == MachineKind::Memory {
            return match self.ram_gib {
                Some(1) => Ok(()),
                _ => Err(check::broken("ram_gib", "the price of memory is of one GiB")),
            };
        }
        check::at_least_one("accelerators", self.accelerators)
    }
}
