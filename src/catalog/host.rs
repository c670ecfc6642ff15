use serde::Deserialize;

use super::kind::Kind;
use super::table::{Entry, Violation};
use super::{Accelerator, Catalog, Named, Provenance, check};
use crate::units::Bytes;

/// The machine that cards usually stand in, assumed where processors and memory are not stated: an entry of
/// `catalog/hosts.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Host {
    /// Such as `hopper-node`.
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
    pub cpu: Option<String>,
    /// Cards beside one CPU.
    #[serde(default = "eight")]
    pub cards_a_socket: u32,
    /// Main memory for each card.
    #[serde(default)]
    pub memory_gib_a_card: u32,
    /// The least main memory.
    pub least_memory_gib: Option<u32>,
    /// Of the figures.
    pub provenance: Provenance,
}

const fn one() -> u32 {
    1
}

const fn eight() -> u32 {
    8
}

impl Host {
    /// Whether this number of the card stands in it.
    #[must_use]
    pub fn has(&self, accelerator: &Accelerator, count: u32) -> bool {
        count >= self.cards_from && self.cards.iter().any(|pattern| fits(pattern, &accelerator.id))
    }

    /// Sockets beside this number of cards.
    #[must_use]
    pub fn sockets(&self, count: u32) -> u32 {
        count.div_ceil(self.cards_a_socket).max(1)
    }

    /// Main memory beside this number of cards, where it is typical.
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

impl Entry for Host {
    const KIND: Kind = Kind::Host;
    const NAMED: Named = Named::Other;

    fn id(&self) -> &str {
        &self.id
    }

    fn check(&self, _: &Catalog) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::at_least_one("cards_from", self.cards_from)?;
        check::at_least_one("cards_a_socket", self.cards_a_socket)
    }
}
