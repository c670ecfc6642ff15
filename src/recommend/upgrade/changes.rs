use serde::Serialize;

use crate::catalog::{
    Accelerator, AcceleratorKind, Catalog, CatalogError, Counted, CpuPlatform, HardwarePrice, MachineKind,
    PriceKind, PricedPart, Wish, describe,
};
use crate::machine::{Gpu, Machine};
use crate::units::Bytes;

/// A single change of hardware.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum HardwareChange {
    /// More cards of a kind that is there.
    MoreCards {
        /// The card.
        card: String,
        /// How many there are then.
        count: usize,
    },
    /// A card beside those of other kinds.
    AddedCard {
        /// The card.
        card: String,
    },
    /// Other cards in the place of those that are there.
    OtherCards {
        /// The card.
        card: String,
        /// How many.
        count: usize,
    },
    /// More main memory.
    MoreRam {
        /// In all, after the change.
        total_bytes: Bytes,
    },
    /// Another machine.
    OtherMachine {
        /// The machine.
        name: String,
    },
}

/// More cards than this need a machine that is built for them.
const SLOTS: usize = 2;

/// The most cards in one machine.
const MOST_CARDS: usize = 8;

/// What main memory comes to with modules that are sold, in GiB.
const RAM_STEPS_GIB: &[u64] = &[16, 32, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048];

/// The largest module, and how many stand on a channel.
const LARGEST_MODULE: Bytes = Bytes::gib(64);
const MODULES_A_CHANNEL: u64 = 2;

/// Cards of earlier years are no longer sold at their list price.
const LIST_PRICES_HOLD_FROM: &str = "2023";

type Change = (HardwareChange, Machine, PricedPart);

/// Every single change of `machine` that has a price, with the machine after it.
pub fn changes(machine: &Machine, catalog: &Catalog) -> Result<Vec<Change>, CatalogError> {
    let mut changes = Vec::new();
    if !is_closed(machine, catalog)? {
        if !has_mobile_cpu(machine) {
            changes.extend(cards(machine, catalog)?);
        }
        changes.extend(more_ram(machine, catalog)?);
    }
    changes.extend(other_machines(machine, catalog)?);
    Ok(changes)
}

/// Whether nothing can be put into it: chips with their memory, boards, phones, laptops, and nodes of modules.
fn is_closed(machine: &Machine, catalog: &Catalog) -> Result<bool, CatalogError> {
    let platform = catalog.cpu_platform(&machine.cpu.model)?;
    if platform.is_some_and(|platform| !platform.memory_options_gib.is_empty()) {
        return Ok(true);
    }
    for gpu in &machine.gpus {
        let Some(card) = catalog.accelerator_of(gpu)? else { continue };
        let soldered = card.kind == AcceleratorKind::Unified && !card.memory_options_gib.is_empty();
        if soldered || is_built_in(card, catalog)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether it is a laptop by the letters behind its CPU's number: `1135G7`, `8750H`, `7840HS`. Such a machine takes
/// memory, perhaps, but no card.
fn has_mobile_cpu(machine: &Machine) -> bool {
    let model = machine.cpu.model.to_lowercase();
    if ["xeon", "epyc"].iter().any(|server| model.contains(server)) {
        return false;
    }
    model.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| {
        let letters = word.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = word.len() - letters.len();
        let suffix = ["u", "y", "h", "hx", "hk", "hs", "hq", "p", "v", "g1", "g4", "g7"].contains(&letters);
        digits >= 3 && suffix
    })
}

fn is_built_in(card: &Accelerator, catalog: &Catalog) -> Result<bool, CatalogError> {
    Ok(catalog.host(card, 1)?.is_some_and(|host| host.built_in))
}

fn cards(machine: &Machine, catalog: &Catalog) -> Result<Vec<Change>, CatalogError> {
    let mut changes = Vec::new();
    let there = machine.gpus.len();
    let channels = catalog.cpu_platform(&machine.cpu.model)?.map_or(2, |platform| platform.memory_channels);
    let is_desktop = channels <= 2 && machine.cpu.sockets == 1;
    let mut seen: Vec<&str> = Vec::new();
    for gpu in &machine.gpus {
        let Some(card) = catalog.accelerator_of(gpu)?.filter(|card| card.kind == AcceleratorKind::Gpu) else {
            continue;
        };
        if seen.contains(&card.id.as_str()) {
            continue;
        }
        seen.push(&card.id);
        for more in 1..=there.min(MOST_CARDS - there.min(MOST_CARDS)) {
            let Some(price) = PricedPart::of_cards(card, more as u64) else { break };
            let mut gpus = machine.gpus.clone();
            gpus.extend((0..more).map(|_| gpu.clone()));
            let count = gpus.iter().filter(|other| other.name == gpu.name).count();
            let change = HardwareChange::MoreCards { card: card.name.clone(), count };
            changes.push((change, with_gpus(machine, gpus), price));
        }
    }
    for card in on_sale(is_desktop, catalog)? {
        let Some(gpu) = as_sold(card, catalog) else { continue };
        let is_other = machine.gpus.iter().all(|other| other.name != gpu.name);
        let same_maker = machine.gpus.iter().all(|other| other.vendor == gpu.vendor);
        if is_other
            && same_maker
            && there < SLOTS
            && let Some(price) = PricedPart::of_cards(card, 1)
        {
            let gpus = machine.gpus.iter().cloned().chain([gpu.clone()]).collect();
            let change = HardwareChange::AddedCard { card: card.name.clone() };
            changes.push((change, with_gpus(machine, gpus), price));
        }
        for count in 1..=there {
            let Some(price) = PricedPart::of_cards(card, count as u64).filter(|_| is_other) else { break };
            let gpus = (0..count).map(|_| gpu.clone()).collect();
            let change = HardwareChange::OtherCards { card: card.name.clone(), count };
            changes.push((change, with_gpus(machine, gpus), price));
        }
    }
    Ok(changes)
}

/// The cards that can be bought for such a machine, without those that are no better in anything than a cheaper one
/// of the same maker.
fn on_sale(for_desktop: bool, catalog: &Catalog) -> Result<Vec<&Accelerator>, CatalogError> {
    let mut cards = Vec::new();
    for card in catalog.accelerators()?.iter().filter(|card| card.kind == AcceleratorKind::Gpu) {
        // Cards for servers have no fans of their own.
        let for_server = for_desktop && catalog.host(card, 1)?.is_some();
        if !for_server && !is_built_in(card, catalog)? && is_on_sale(card) {
            cards.push(card);
        }
    }
    let all = cards.clone();
    cards.retain(|card| !all.iter().any(|other| other.id != card.id && is_better(other, card)));
    Ok(cards)
}

/// Whether it is sold at its price in the catalog: a list price holds for the newest generations only.
fn is_on_sale(card: &Accelerator) -> bool {
    HardwarePrice::of(card).is_some_and(|price| match price.kind {
        PriceKind::Street => true,
        PriceKind::List => price.date.is_some_and(|date| *date >= *LIST_PRICES_HOLD_FROM),
    })
}

/// Whether `other` costs no more and has no less of anything.
fn is_better(other: &Accelerator, card: &Accelerator) -> bool {
    let no_less = |of: fn(&Accelerator) -> Option<f64>| match (of(other), of(card)) {
        (Some(other), Some(card)) => other >= card,
        (None, Some(_)) => false,
        (_, None) => true,
    };
    other.vendor == card.vendor
        && other.price_usd() <= card.price_usd()
        && other.memory >= card.memory
        && no_less(|card| card.bandwidth.map(|rate| rate.0))
        && no_less(|card| card.fp16.map(|rate| rate.0))
        && no_less(|card| card.int8.map(|rate| rate.0))
        && (other.price_usd() < card.price_usd()
            || other.memory > card.memory
            || other.bandwidth > card.bandwidth)
}

/// The card, unused.
fn as_sold(card: &Accelerator, catalog: &Catalog) -> Option<Gpu> {
    let wish = Wish { gpus: Some(vec![Counted::one(&card.name)]), ..Wish::default() };
    describe(&wish, catalog).ok()?.gpus.into_iter().next()
}

fn with_gpus(machine: &Machine, gpus: Vec<Gpu>) -> Machine {
    Machine { gpus, notes: Vec::new(), ..machine.clone() }
}

fn more_ram(machine: &Machine, catalog: &Catalog) -> Result<Vec<Change>, CatalogError> {
    let most = most_ram(machine, catalog.cpu_platform(&machine.cpu.model)?);
    let now = machine.ram.total_bytes;
    let steps = RAM_STEPS_GIB.iter().map(|gib| Bytes::gib(*gib));
    let changes = steps.filter(|total| *total > now && *total <= most).filter_map(|total_bytes| {
        let more = total_bytes - now;
        let mut changed = Machine { notes: Vec::new(), ..machine.clone() };
        changed.ram.total_bytes = total_bytes;
        changed.ram.available_bytes += more;
        let price = PricedPart::of_memory(catalog, more)?;
        Some((HardwareChange::MoreRam { total_bytes }, changed, price))
    });
    Ok(changes.collect())
}

fn most_ram(machine: &Machine, platform: Option<&CpuPlatform>) -> Bytes {
    let channels = u64::from(platform.map_or(2, |platform| platform.memory_channels) * machine.cpu.sockets);
    LARGEST_MODULE * (channels * MODULES_A_CHANNEL)
}

/// Machines that are sold whole: those of chips that share main memory, and servers.
fn other_machines(machine: &Machine, catalog: &Catalog) -> Result<Vec<Change>, CatalogError> {
    let mut changes = Vec::new();
    for chip in catalog.accelerators()?.iter().filter(|entry| entry.kind == AcceleratorKind::Unified) {
        let Some(gib) = chip.price_memory_gib else { continue };
        let ram = Bytes::gib(u64::from(gib));
        let wish = Wish { gpus: Some(vec![Counted::one(&chip.name)]), ram: Some(ram), ..Wish::default() };
        if let (Ok(other), Some(price)) = (describe(&wish, catalog), PricedPart::of_chip(chip, ram)) {
            changes.push((HardwareChange::OtherMachine { name: other.name.clone() }, other, price));
        }
    }
    for server in catalog.machine_prices()?.iter().filter(|price| price.kind == MachineKind::Server) {
        let Some(card) = &server.accelerator else { continue };
        let gpus = Some(vec![Counted { name: card, count: server.accelerators }]);
        let wish = Wish { gpus, ram: server.ram(), ..Wish::default() };
        if let Ok(other) = describe(&wish, catalog) {
            let price = PricedPart::of_machine(server);
            changes.push((HardwareChange::OtherMachine { name: server.name.clone() }, other, price));
        }
    }
    changes.retain(|(_, other, _)| other.gpus != machine.gpus);
    Ok(changes)
}
