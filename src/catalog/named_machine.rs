use serde::Deserialize;

use super::kind::Kind;
use super::table::{Entry, Violation};
use super::{Catalog, Named, Provenance, check, phrase};

/// A whole machine by the name that it is sold under: an entry of `catalog/machines.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedMachine {
    /// A short id, such as `dgx-h100`.
    pub id: String,
    /// What to call it.
    pub name: String,
    /// What people type.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What it is, as one would describe it: `8x H100 SXM, 2x Xeon Platinum 8480C, 2TiB`.
    pub is: String,
    /// Main memory that it is sold with, in GiB, where there is a choice. What `is` says is assumed where none is stated.
    #[serde(default)]
    pub memory_options_gib: Vec<u32>,
    /// Of that.
    pub provenance: Provenance,
}

impl NamedMachine {
    /// Whether these words are one of its names.
    pub(super) fn is_called(&self, words: &[&str]) -> bool {
        self.known_as().any(|name| {
            let name = phrase::words(name);
            name.iter().map(|word| word.text.as_str()).eq(words.iter().copied())
        })
    }

    pub(super) fn known_as(&self) -> impl Iterator<Item = &str> {
        [self.id.as_str(), self.name.as_str()].into_iter().chain(self.aliases.iter().map(String::as_str))
    }
}

impl Entry for NamedMachine {
    const KIND: Kind = Kind::Machine;
    const NAMED: Named = Named::Other;

    fn id(&self) -> &str {
        &self.id
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }

    fn check(&self, _: &Catalog) -> Result<(), Violation> {
        check::id(&self.id)
    }
}
