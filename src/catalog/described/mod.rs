//! A machine described in words, put together from the catalog. What the description leaves out is assumed, with a note
//! that says so.

mod error;
mod gpus;
mod memory;
mod processors;

pub use error::DescribeError;

use std::borrow::Cow;
use std::collections::BTreeSet;

use self::gpus::Cards;
use super::Catalog;
use crate::machine::{Assumption, MACHINE_SCHEMA_VERSION, Machine, Origin, Ram};
use crate::message::{Message, Value, alternatives};
use crate::units::Bytes;

/// A number of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted<'a> {
    /// An id or a name of the catalog's.
    pub name: Cow<'a, str>,
    /// At least one.
    pub count: u32,
}

impl<'a> Counted<'a> {
    /// Of one thing.
    pub fn one(name: impl Into<Cow<'a, str>>) -> Self {
        Self::of(1, name)
    }

    /// Of `count` things.
    pub fn of(count: u32, name: impl Into<Cow<'a, str>>) -> Self {
        Self { name: name.into(), count }
    }
}

/// A machine in the catalog's names.
#[derive(Clone, Debug, Default)]
pub struct Wish<'a> {
    /// What the whole machine is sold as.
    pub name: Option<Cow<'a, str>>,
    /// GPUs by name: an empty list is none, `None` is not stated.
    pub gpus: Option<Vec<Counted<'a>>>,
    /// Main memory.
    pub ram: Option<Bytes>,
    /// What the whole machine is sold with, in GiB, where `ram` is only the usual one of them.
    pub ram_options_gib: &'a [u32],
    /// What its modules are.
    pub modules: MemoryModules,
    /// Processors by name.
    pub cpu: Option<Counted<'a>>,
    /// Cores of all processors together, where they are others than the name says.
    pub cores: Option<u32>,
    /// Threads to compute with.
    pub threads: Option<u32>,
    /// Cores of the GPU, where chips of one name are sold with several counts.
    pub gpu_cores: Option<u32>,
    /// What was made of the words that it was described in.
    pub notes: Vec<Message>,
}

/// What is known of modules of main memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryModules {
    /// Such as `DDR5`.
    pub kind: Option<String>,
    /// Millions of transfers a second.
    pub speed: Option<u32>,
    /// Channels of all processors together.
    pub channels: Option<u32>,
    /// How many modules there are.
    pub count: Option<u32>,
}

/// What was assumed, and the notes that say so.
#[derive(Debug, Default)]
struct Assumptions {
    parts: BTreeSet<Assumption>,
    notes: Vec<Message>,
}

impl Assumptions {
    fn add(&mut self, part: Assumption, note: Message) {
        self.parts.insert(part);
        self.notes.push(note);
    }
}

/// The machine that the wish names.
pub fn describe(wish: &Wish<'_>, catalog: &Catalog) -> Result<Machine, DescribeError> {
    let mut assumed = Assumptions { notes: wish.notes.clone(), ..Assumptions::default() };
    let cards = Cards::of(wish, catalog)?;
    let platform = wish.cpu.as_ref().map(|cpu| catalog.cpu_platform(&cpu.name)).transpose()?.flatten();
    let sockets = wish.cpu.as_ref().map_or(1, |cpu| cpu.count);
    let beside = memory::Beside { cards: &cards, platform, sockets };
    let total_bytes = beside.ram(wish, catalog, &mut assumed)?;
    let (cpu, bandwidth) = processors::processors(wish, &cards, catalog, &mut assumed)?;
    let gpus = cards.gpus(total_bytes, wish.gpu_cores, &mut assumed.notes);
    Ok(Machine {
        schema_version: MACHINE_SCHEMA_VERSION,
        name: match &wish.name {
            Some(name) => name.clone().into_owned(),
            None => cards.name(total_bytes).unwrap_or_else(|| counted_name(cpu.sockets, &cpu.model)),
        },
        origin: Origin::Described,
        ram: Ram {
            total_bytes,
            available_bytes: memory::left_by_an_idle_system(total_bytes, platform),
            cgroup_limit_bytes: None,
            swap_bytes: Bytes::ZERO,
            bandwidth,
        },
        cpu,
        gpus,
        disk: None,
        assumed: assumed.parts,
        notes: assumed.notes,
    })
}

/// `2 × RTX 3090`, or the name alone of one.
fn counted_name(count: u32, name: &str) -> String {
    if count > 1 { format!("{count} × {name}") } else { name.to_owned() }
}

/// `64, 128 or 192`.
fn sizes(gib: &[u32]) -> Value {
    let mut gib = gib.to_vec();
    gib.sort_unstable();
    alternatives(gib)
}
