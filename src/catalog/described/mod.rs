//! A machine described in words, put together from the catalog. What the description leaves out is assumed, with a note
//! that says so.

mod error;
mod gpus;
mod memory;
mod processors;
mod sentence;

pub use error::DescribeError;

use std::collections::BTreeSet;

use self::gpus::Cards;
use super::{Catalog, Counted};
use crate::machine::{Assumption, MACHINE_SCHEMA_VERSION, Machine, Origin, Ram};
use crate::message::{Message, Value, alternatives};
use crate::units::Bytes;

/// A machine in words.
#[derive(Clone, Debug, Default)]
pub struct Wish<'a> {
    /// What the whole machine is sold as.
    pub name: Option<&'a str>,
    /// GPUs by name: an empty list is none, `None` is not stated.
    pub gpus: Option<Vec<Counted<'a>>>,
    /// Main memory.
    pub ram: Option<Bytes>,
    /// Processors by name.
    pub cpu: Option<Counted<'a>>,
    /// Threads to compute with.
    pub threads: Option<u32>,
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
    let mut assumed = Assumptions::default();
    let whole = gpus::chip_named_as_cpu(wish, catalog);
    let wish = whole.as_ref().unwrap_or(wish);
    let cards = Cards::of(wish, catalog, &mut assumed.notes)?;
    let (cpu_name, stated) = processors::name_and_memory(wish.cpu, catalog)?;
    let platform = cpu_name.map(|cpu| catalog.cpu_platform(cpu.name)).transpose()?.flatten();
    let beside = memory::Beside { cards: &cards, platform, sockets: cpu_name.map_or(1, |cpu| cpu.count) };
    let total_bytes = beside.ram(wish.ram, cards.stated_memory.or(stated), catalog, &mut assumed)?;
    let asked = processors::Asked { name: cpu_name, threads: wish.threads };
    let (cpu, bandwidth) = asked.processors(&cards, catalog, &mut assumed)?;
    let gpus = cards.gpus(total_bytes, &mut assumed.notes);
    Ok(Machine {
        schema_version: MACHINE_SCHEMA_VERSION,
        name: match wish.name {
            Some(name) => name.to_owned(),
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
