//! Which of the accelerators of one name is meant: by memory, by cores, and whether it is a laptop's.

use crate::catalog::accelerator_name::{Name, Names, portable};
use crate::catalog::{Accelerator, AcceleratorKind, Catalog, CatalogError, DescribeError};
use crate::message;
use crate::message::{Message, list};
use crate::units::Bytes;

/// Whether the machine is one that people carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Portable {
    /// It is said to be none.
    No,
    Unsaid,
    /// Its CPU is a laptop's.
    Implied,
    Said,
}

/// The accelerators that are called alike.
#[derive(Debug)]
pub(super) struct Family<'a> {
    plain: Vec<&'a Accelerator>,
    portable: Vec<&'a Accelerator>,
    /// Whose names have these words and others.
    longer: Vec<&'a Accelerator>,
    names: &'a Names,
    accelerators: &'a [Accelerator],
}

impl<'a> Family<'a> {
    pub(super) fn of(name: &Name, catalog: &'a Catalog) -> Result<Self, CatalogError> {
        let (accelerators, names) = (catalog.accelerators()?, catalog.accelerator_names()?);
        let of = |places: &[usize]| -> Vec<&'a Accelerator> {
            let entries = places.iter().map(|at| &accelerators[*at]);
            entries.filter(|entry| name.vendor.is_none_or(|vendor| vendor == entry.vendor)).collect()
        };
        let plain = of(names.called(&name.words));
        let portable = of(names.called(&portable(&name.words)));
        let is_exact = !plain.is_empty() || !portable.is_empty();
        let longer = if is_exact { Vec::new() } else { of(&names.containing(&name.words)) };
        Ok(Self { plain, portable, longer, names, accelerators })
    }

    /// Whether it shares main memory.
    pub(super) fn is_unified(&self) -> bool {
        self.all().any(|entry| entry.kind == AcceleratorKind::Unified)
    }

    /// Whether one of them has so much memory, those of laptops only where `portable` says so.
    pub(super) fn has(&self, memory: Bytes, portable: Portable) -> bool {
        let pool = match portable {
            Portable::Said | Portable::Implied if !self.portable.is_empty() => &self.portable,
            _ if self.plain.is_empty() && self.portable.is_empty() => &self.longer,
            _ if self.plain.is_empty() => &self.portable,
            _ => &self.plain,
        };
        pool.iter().any(|entry| is_about(entry, memory))
    }

    /// Whether only a laptop's has so much.
    pub(super) fn has_portable(&self, memory: Bytes) -> bool {
        self.portable.iter().any(|entry| is_about(entry, memory))
    }

    /// Whether they are told apart by their memory.
    pub(super) fn varies(&self) -> bool {
        self.plain.iter().any(|entry| entry.memory != self.plain[0].memory)
    }

    /// Whether only a card that somebody modified has so much.
    pub(super) fn is_modified(&self, memory: Bytes) -> bool {
        let mut fitting = self.plain.iter().filter(|entry| is_about(entry, memory)).peekable();
        fitting.peek().is_some() && fitting.all(|entry| is_modified(entry))
    }

    pub(super) fn cores_fit(&self, cores: u32) -> bool {
        self.all().any(|entry| entry.gpu_cores.is_some_and(|most| cores <= most && cores > 4))
    }

    /// What chips that share main memory are sold with, in GiB.
    pub(super) fn options(&self) -> Vec<u32> {
        let mut options: Vec<u32> = self.all().flat_map(|entry| &entry.memory_options_gib).copied().collect();
        options.sort_unstable();
        options.dedup();
        options
    }

    fn all(&self) -> impl Iterator<Item = &&'a Accelerator> {
        self.plain.iter().chain(&self.portable).chain(&self.longer)
    }

    fn names_of(&self, entry: &Accelerator) -> &'a [Name] {
        let at = self.accelerators.iter().position(|other| std::ptr::eq(other, entry));
        at.map_or(&[], |at| self.names.at(at))
    }
}

/// What a text says of the accelerator besides its name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said<'t> {
    /// As it is written there.
    pub(super) text: &'t str,
    pub(super) memory: Option<Bytes>,
    pub(super) cores: Option<u32>,
    pub(super) portable: Portable,
    /// The CPU that says so, where it is implied.
    pub(super) cpu: Option<&'t str>,
}

/// The accelerator that is meant.
pub(super) fn choose<'a>(
    name: &Name,
    family: &Family<'a>,
    said: Said<'_>,
    notes: &mut Vec<Message>,
) -> Result<&'a Accelerator, DescribeError> {
    let is_carried = matches!(said.portable, Portable::Said | Portable::Implied);
    let mut pool = match (is_carried, family.plain.is_empty(), family.portable.is_empty()) {
        (true, _, false) | (_, true, false) => &family.portable,
        (_, false, _) => &family.plain,
        _ => &family.longer,
    };
    if let Some(memory) = said.memory
        && !family.is_unified()
    {
        let fits = |pool: &Vec<&Accelerator>| pool.iter().any(|entry| is_about(entry, memory));
        if !fits(pool) {
            let Some(other) = [&family.plain, &family.portable].into_iter().find(|pool| fits(pool)) else {
                return Err(DescribeError::CardMemory {
                    name: said.text.to_owned(),
                    memory,
                    candidates: pool.iter().map(|entry| entry.name.clone()).collect(),
                });
            };
            pool = other;
        }
    }
    let is_chosen_portable = std::ptr::eq(pool, &raw const family.portable);
    let found = one_of(name, family, pool, said, notes)?;
    if is_chosen_portable && said.portable != Portable::Said {
        notes.push(match said.cpu.filter(|_| said.portable == Portable::Implied) {
            Some(cpu) => message!(CatalogNoteLaptopByCpu { name: &found.name, cpu }),
            None => message!(CatalogNoteLaptop { name: said.text, taken: &found.name }),
        });
    }
    Ok(found)
}

fn one_of<'a>(
    name: &Name,
    family: &Family<'a>,
    pool: &[&'a Accelerator],
    said: Said<'_>,
    notes: &mut Vec<Message>,
) -> Result<&'a Accelerator, DescribeError> {
    let mut left = pool.to_vec();
    if let Some(memory) = said.memory {
        let fits = |entry: &&Accelerator| match entry.kind {
            AcceleratorKind::Unified => entry.is_sold_with(memory),
            _ => is_about(entry, memory),
        };
        if left.iter().any(fits) {
            left.retain(fits);
        }
    }
    if let Some(cores) = said.cores {
        let has = |entry: &&Accelerator| family.names_of(entry).iter().any(|name| name.cores == Some(cores));
        if left.iter().any(has) {
            left.retain(has);
        }
    }
    // The usual one has the plain name.
    let is_usual = |entry: &&Accelerator| {
        let is_plain =
            |known: &Name| known.memory_gib.is_none() && known.cores.is_none() && known.words == name.words;
        family.names_of(entry).iter().any(is_plain)
    };
    let usual: Vec<&Accelerator> = left.iter().copied().filter(is_usual).collect();
    let found = match (left.as_slice(), usual.as_slice()) {
        ([only], _) | (_, [only]) => only,
        ([], _) => return Err(DescribeError::Unrecognised { text: said.text.to_owned(), nearest: None }),
        // Versions that differ in nothing that matters here.
        (several @ [first, ..], _) if several.iter().all(|entry| is_alike(entry, first)) => first,
        (several, _) => {
            return Err(CatalogError::Ambiguous {
                name: said.text.to_owned(),
                candidates: several.iter().map(|entry| entry.name.clone()).collect(),
            }
            .into());
        }
    };
    let others: Vec<&Accelerator> = pool
        .iter()
        .copied()
        .filter(|other| {
            !is_modified(other) && other.memory != found.memory && found.kind != AcceleratorKind::Unified
        })
        .collect();
    if said.memory.is_none() && !others.is_empty() {
        notes.push(several_memories(said.text, found, &others));
    }
    Ok(found)
}

fn is_about(entry: &Accelerator, memory: Bytes) -> bool {
    (memory.as_gib() - entry.memory.as_gib()).abs() <= entry.memory.as_gib() * 0.07
}

fn is_alike(a: &Accelerator, b: &Accelerator) -> bool {
    a.memory == b.memory && a.bandwidth == b.bandwidth && a.fp32 == b.fp32
}

fn is_modified(entry: &Accelerator) -> bool {
    entry.id.ends_with("-modded")
}

/// That a name is short for the usual one of several.
fn several_memories(name: &str, found: &Accelerator, others: &[&Accelerator]) -> Message {
    let gib = |entry: &Accelerator| entry.memory.as_gib().round();
    let mut others: Vec<f64> = others.iter().map(|other| gib(other)).collect();
    others.sort_by(f64::total_cmp);
    others.dedup();
    let first = others[0].to_string();
    let others = list(others.iter().map(f64::to_string));
    message!(CatalogNoteSeveralMemories { name, taken: gib(found).to_string(), others, first })
}
