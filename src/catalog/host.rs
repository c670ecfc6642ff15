use serde::{Deserialize, Serialize};

use super::document::Document;
use super::load::{self, Entry, Kind, Violation};
use super::{Accelerator, CatalogError, check};
use crate::units::Bytes;

/// The machine that cards usually stand in: an entry of `catalog/hosts.toml`. What is assumed where nobody tells the
/// processors and the memory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Host {
    /// A short id.
    pub id: String,
    /// What kind of machine it is, such as `laptop`.
    pub name: String,
    /// Ids of the accelerators that stand in it, with a `*` for any rest.
    pub cards: Vec<String>,
    /// The fewest cards that it is built for.
    #[serde(default = "one")]
    pub cards_from: u32,
    /// Whether the cards are built in, so that none can be added: modules on a board, a laptop's parts.
    #[serde(default)]
    pub built_in: bool,
    /// The CPU, by a name that the catalog knows; without one, what a desktop has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<String>,
    /// Cards beside one CPU.
    #[serde(default = "eight")]
    pub cards_a_socket: u32,
    /// Main memory for each card.
    #[serde(default)]
    pub memory_gib_a_card: u32,
    /// The least main memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least_memory_gib: Option<u32>,
    /// Where that was read.
    pub source: String,
}

const fn one() -> u32 {
    1
}

const fn eight() -> u32 {
    8
}

impl Host {
    /// Whether so many of that card stand in it.
    #[must_use]
    pub fn has(&self, accelerator: &Accelerator, count: u32) -> bool {
        count >= self.cards_from && self.cards.iter().any(|pattern| fits(pattern, &accelerator.id))
    }

    /// Sockets beside so many cards.
    #[must_use]
    pub fn sockets(&self, count: u32) -> u32 {
        count.div_ceil(self.cards_a_socket).max(1)
    }

    /// Main memory beside so many cards, where it is settled.
    #[must_use]
    pub fn memory(&self, count: u32) -> Option<Bytes> {
        let gib = (self.memory_gib_a_card * count).max(self.least_memory_gib.unwrap_or(0));
        (gib > 0).then(|| Bytes::gib(u64::from(gib)))
    }
}

/// Whether an id fits a pattern in which a `*` at either end stands for anything.
fn fits(pattern: &str, id: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(""), _) => true,
        (Some(inner), Some(_)) => id.contains(inner.trim_end_matches('*')),
        (Some(end), None) => id.ends_with(end),
        (None, Some(start)) => id.starts_with(start),
        (None, None) => id == pattern,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HostFile {
    #[serde(default)]
    host: Vec<Host>,
}

impl Entry for Host {
    const KIND: Kind = Kind::Host;

    fn read(document: &Document) -> Result<Vec<(String, Self)>, CatalogError> {
        Ok(load::many("host", document.read::<HostFile>()?.host))
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn aliases(&self) -> &[String] {
        &[]
    }

    fn check(&self) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::at_least_one("cards_from", self.cards_from)?;
        check::at_least_one("cards_a_socket", self.cards_a_socket)
    }
}
