use serde::Deserialize;

use super::kind::Kind;
use super::table::{Entry, Violation};
use super::{Catalog, Named, Provenance, check};

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
    /// Of that.
    pub provenance: Provenance,
}

impl NamedMachine {
    /// Whether `text` is one of its names, however it is spaced and spelt in capitals.
    pub(super) fn is_called(&self, text: &str) -> bool {
        let text = words(text);
        !text.is_empty() && self.known_as().any(|name| words(name) == text)
    }

    pub(super) fn known_as(&self) -> impl Iterator<Item = &str> {
        [self.id.as_str(), self.name.as_str()].into_iter().chain(self.aliases.iter().map(String::as_str))
    }
}

fn words(name: &str) -> Vec<String> {
    let name = name.to_lowercase();
    let words = name.split(|c: char| !c.is_alphanumeric() && c != '+').filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
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
