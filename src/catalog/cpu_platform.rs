use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::kind::Kind;
use super::table::{Entry, Violation};
use super::{Catalog, Named, Provenance, check};
use crate::machine::InstructionSet;
use crate::message;

/// A CPU platform: an entry of `catalog/cpus.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CpuPlatform {
    /// Such as `epyc-9004`.
    pub id: String,
    /// Such as `EPYC 9004 (Genoa)`.
    pub name: String,
    /// Words that a CPU's own name contains when it is of this platform, such as `EPYC 9##4*`: `#` is one digit,
    /// and `*` at the end of a word matches its rest.
    pub patterns: Vec<String>,
    /// Memory channels a socket.
    pub memory_channels: u32,
    /// Peak memory bandwidth of one socket.
    pub bandwidth_gb_per_second: f64,
    /// Cores a socket of a common member.
    pub typical_cores: Option<u32>,
    /// The clock that all cores hold under vector load.
    pub clock_ghz: Option<f64>,
    /// Power of one socket.
    pub tdp_watts: Option<f64>,
    /// Cores a socket by the number in a member's name, such as `9654`.
    #[serde(default)]
    pub cores_by_model: BTreeMap<String, u32>,
    /// Main memory that machines with it are sold with, in GiB, where the maker fixes it. The first is assumed where none
    /// is stated.
    #[serde(default)]
    pub memory_options_gib: Vec<u32>,
    /// The share of main memory that an idle system leaves to a program, where it is less than usual, as on phones.
    pub usable_memory_share: Option<f64>,
    /// The instruction sets that matter to ggml.
    #[serde(default = "avx2")]
    pub instruction_sets: BTreeSet<InstructionSet>,
    /// Such as `DDR5-4800`.
    pub memory_type: Option<String>,
    /// The day, month or year of its launch.
    pub launched: Option<String>,
    /// Of the figures.
    pub provenance: Provenance,
}

fn avx2() -> BTreeSet<InstructionSet> {
    BTreeSet::from([InstructionSet::Avx2])
}

impl CpuPlatform {
    /// The cores that the member named `cpu` has, where it is known.
    #[must_use]
    pub fn cores_of(&self, cpu: &str) -> Option<u32> {
        let same = |word: &String, model: &str| {
            // `E5-2690` is the model 2690, and `7543P` the single-socket version of the 7543.
            let (word, model) = (word.as_str(), model.to_lowercase());
            word == model || word.strip_suffix('p') == Some(&model)
        };
        let words = words(cpu);
        self.cores_by_model
            .iter()
            .find(|(model, _)| words.iter().any(|word| same(word, model)))
            .map(|(_, cores)| *cores)
    }

    /// Whether the whole platform is meant, as with boards and phones.
    #[must_use]
    pub fn is_called(&self, cpu: &str) -> bool {
        words(cpu) == words(&self.name)
    }
}

/// The names of a platform taken apart once, for every lookup.
#[derive(Debug)]
pub(super) struct CpuNames {
    /// The platform's own.
    name: Vec<String>,
    id: Vec<String>,
    patterns: Vec<Vec<String>>,
    /// The numbers of its members.
    members: Vec<String>,
}

impl CpuNames {
    pub(super) fn of(platform: &CpuPlatform) -> Self {
        Self {
            name: words(&platform.name),
            id: words(&platform.id),
            patterns: platform.patterns.iter().map(|pattern| words(pattern)).collect(),
            members: platform.cores_by_model.keys().map(|model| model.to_lowercase()).collect(),
        }
    }

    /// How closely the words of a CPU's name fit: the letters and digits that the best pattern spells out. `None` when
    /// none does.
    pub(super) fn fit(&self, name: &[String]) -> Option<usize> {
        if name.is_empty() {
            return None;
        }
        if name == self.name || name == self.id {
            return Some(usize::MAX);
        }
        let by_pattern = self.patterns.iter().filter_map(|pattern| pattern_fit(pattern, name)).max();
        by_pattern.or_else(|| self.member_fit(name))
    }

    /// How closely the number of a member fits that stands alone or with a word of the make: `7950x`, `Ryzen 7950X`.
    fn member_fit(&self, name: &[String]) -> Option<usize> {
        let is_make = |word: &String| self.patterns.iter().any(|pattern| pattern.contains(word));
        let (members, others): (Vec<_>, Vec<_>) = name.iter().partition(|word| self.members.contains(word));
        let [member] = members.as_slice() else { return None };
        // Three digits are a number of anything.
        (member.len() > 3 && others.into_iter().all(is_make)).then_some(member.len())
    }
}

fn pattern_fit(pattern: &[String], name: &[String]) -> Option<usize> {
    let fits = !pattern.is_empty()
        && name
            .windows(pattern.len())
            .any(|part| pattern.iter().zip(part).all(|(p, word)| word_fits(p, word)));
    let spelt_out = |word: &String| word.chars().filter(|c| c.is_alphanumeric()).count();
    fits.then(|| pattern.iter().map(spelt_out).sum())
}

fn word_fits(pattern: &str, word: &str) -> bool {
    let mut word = word.chars();
    for expected in pattern.chars() {
        let fits = match expected {
            '*' => return true,
            '#' => word.next().is_some_and(|c| c.is_ascii_digit()),
            letter => word.next() == Some(letter),
        };
        if !fits {
            return false;
        }
    }
    word.next().is_none()
}

/// The words of a CPU's name without what all names have: `Intel(R) Xeon(R) CPU E5-2690 v3` has `xeon e5 2690 v3`.
pub(super) fn words(name: &str) -> Vec<String> {
    let name = name.to_lowercase().replace("(r)", " ").replace("(tm)", " ");
    name.split(|c: char| !(c.is_alphanumeric() || c == '#' || c == '*' || c == '+'))
        .filter(|word| !word.is_empty() && !["intel", "amd", "cpu", "core", "processor"].contains(word))
        .map(|word| word.replace('+', ""))
        .collect()
}

impl Entry for CpuPlatform {
    const KIND: Kind = Kind::CpuPlatform;
    const NAMED: Named = Named::Cpu;

    fn id(&self) -> &str {
        &self.id
    }

    fn aliases(&self) -> &[String] {
        &self.patterns
    }

    fn check(&self, _: &Catalog) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::at_least_one("memory_channels", self.memory_channels)?;
        check::at_least_one("typical_cores", self.typical_cores.unwrap_or(1))?;
        check::positive("clock_ghz", self.clock_ghz)?;
        check::positive("usable_memory_share", self.usable_memory_share)?;
        check::positive("bandwidth_gb_per_second", Some(self.bandwidth_gb_per_second))?;
        check::date("launched", self.launched.as_deref())?;
        match self.patterns.iter().position(|pattern| words(pattern).is_empty()) {
            Some(at) => Err(check::broken(format!("patterns.{at}"), message!(CatalogRulePattern))),
            None => Ok(()),
        }
    }
}
