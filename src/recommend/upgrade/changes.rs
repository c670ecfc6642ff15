use serde::Serialize;

use crate::catalog::{
    Accelerator, AcceleratorKind, Catalog, CatalogError, Counted, CpuPlatform, HardwarePrice, MachineKind,
    MachinePrice, PriceKind, PricedPart, Wish, describe,
};
use crate::machine::{Gpu, GpuMemory, Machine, Vendor};
use crate::units::{Bytes, Usd};

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
    /// Cards beside those of other kinds, or where there was none.
    AddedCard {
        /// The card.
        card: String,
        /// How many.
        count: usize,
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
        /// The machine, with its memory where it is sold with several sizes.
        name: String,
    },
    /// A computer that cards are put into.
    Workstation {
        /// The card.
        card: String,
        /// How many.
        count: usize,
        /// Whether the price is of used cards.
        used: bool,
        /// The computer's main memory.
        ram_bytes: Bytes,
    },
}

/// A change, the machine after it, and what it costs.
#[derive(Clone, Debug)]
pub struct Step {
    /// The change.
    pub change: HardwareChange,
    /// The machine after it.
    pub machine: Machine,
    /// What is bought; none where nobody's price of today is known.
    pub price: Option<PricedPart>,
    /// What orders it among others: the price, else what the maker once asked.
    pub rank_usd: Usd,
}

impl Step {
    /// Whether it changes the machine that is there, rather than putting another in its place.
    #[must_use]
    pub const fn in_place(&self) -> bool {
        !matches!(self.change, HardwareChange::OtherMachine { .. } | HardwareChange::Workstation { .. })
    }

    /// What the machine then has for models.
    #[must_use]
    pub fn holds(&self) -> Bytes {
        holds(&self.machine)
    }
}

/// A desktop takes two cards, a workstation with four channels of memory or more takes four, a server eight.
const CARDS_OF_DESKTOP: usize = 2;
const CARDS_OF_WORKSTATION: usize = 4;
const CARDS_OF_SERVER: usize = 8;

/// The least memory of a card that is worth buying for models: the 7B and 8B with a context, and the 14B nearly.
const LEAST_CARD: Bytes = Bytes::gib(12);

/// The least memory of a card that is there of which another is worth buying.
const LEAST_SECOND_CARD: Bytes = Bytes::gib(8);

/// What main memory comes to with modules that are sold, in GiB.
const RAM_STEPS_GIB: &[u64] = &[16, 32, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048];

/// The largest module, and how many stand on a channel.
const LARGEST_MODULE: Bytes = Bytes::gib(64);
const MODULES_A_CHANNEL: u64 = 2;

/// Cards of earlier years are no longer sold at their list price.
const LIST_PRICES_HOLD_FROM: &str = "2023";

/// Every single change of `machine` that an owner would think of, the cheapest first.
///
/// None is smaller than what is there: a card has at least the memory of the largest one, cards in the place of others have
/// no less together, and another machine holds no less. There are never more cards than such a machine takes.
pub fn changes(machine: &Machine, catalog: &Catalog) -> Result<Vec<Step>, CatalogError> {
    let mut changes = Vec::new();
    if !is_closed(machine, catalog)? {
        if !has_mobile_cpu(machine) {
            changes.extend(cards(machine, catalog)?);
        }
        changes.extend(more_ram(machine, catalog)?);
    }
    changes.extend(other_machines(machine, catalog)?);
    changes.sort_by(|a, b| a.rank_usd.0.total_cmp(&b.rank_usd.0));
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

/// Whether it is a laptop by the letters behind its CPU's number: `1135G7`, `8750H`, `7840HS`, `258V`, or by a name that
/// only laptops have. Such a machine takes memory, perhaps, but no card.
fn has_mobile_cpu(machine: &Machine) -> bool {
    let model = machine.cpu.model.to_lowercase();
    if ["xeon", "epyc"].iter().any(|server| model.contains(server)) {
        return false;
    }
    let words: Vec<_> = model.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let by_number = words.iter().any(|word| {
        let letters = word.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = word.len() - letters.len();
        let suffix = ["u", "y", "h", "hx", "hk", "hs", "hq", "p", "v", "g1", "g4", "g7"].contains(&letters);
        digits >= 3 && suffix
    });
    // `Ryzen AI 9 HX 370`.
    by_number || words.windows(2).any(|pair| pair == ["ryzen", "ai"])
}

fn is_built_in(card: &Accelerator, catalog: &Catalog) -> Result<bool, CatalogError> {
    Ok(catalog.host(card, 1)?.is_some_and(|host| host.built_in))
}

/// How many cards such a machine takes: no fewer than are in it.
fn slots(machine: &Machine, platform: Option<&CpuPlatform>) -> usize {
    let channels = platform.map_or(2, |platform| platform.memory_channels) * machine.cpu.sockets;
    let usual = match channels {
        0..=2 => CARDS_OF_DESKTOP,
        3..=5 => CARDS_OF_WORKSTATION,
        _ => CARDS_OF_SERVER,
    };
    usual.max(machine.gpus.len())
}

fn cards(machine: &Machine, catalog: &Catalog) -> Result<Vec<Step>, CatalogError> {
    let mut changes = Vec::new();
    let platform = catalog.cpu_platform(&machine.cpu.model)?;
    let is_card = |gpu: &&Gpu| matches!(gpu.memory, GpuMemory::Dedicated { .. });
    let there: Vec<&Gpu> = machine.gpus.iter().filter(is_card).collect();
    let slots = slots(machine, platform);
    let is_desktop = slots <= CARDS_OF_DESKTOP.max(there.len());
    let free = slots - there.len();
    let mut seen: Vec<&str> = Vec::new();
    for gpu in &there {
        let Some(card) = catalog.accelerator_of(gpu)?.filter(|card| card.kind == AcceleratorKind::Gpu) else {
            continue;
        };
        if seen.contains(&card.id.as_str()) || card.memory < LEAST_SECOND_CARD {
            continue;
        }
        seen.push(&card.id);
        for more in 1..=there.len().min(free) {
            let gpus =
                machine.gpus.iter().cloned().chain((0..more).map(|_| (*gpu).clone())).collect::<Vec<_>>();
            let count = gpus.iter().filter(|other| other.name == gpu.name).count();
            let change = HardwareChange::MoreCards { card: card.name.clone(), count };
            changes.extend(bought(card, more, change, with_gpus(machine, gpus)));
        }
    }
    let largest = there.iter().map(|gpu| gpu.memory.total()).max().unwrap_or_default();
    let all: Bytes = there.iter().map(|gpu| gpu.memory.total()).sum();
    for card in on_sale(is_desktop, catalog)? {
        if card.memory < LEAST_CARD || card.visible_memory() < largest {
            continue;
        }
        let Some(gpu) = as_sold(card, catalog) else { continue };
        let is_other = there.iter().all(|other| other.name != gpu.name);
        let same_maker = there.iter().all(|other| other.vendor == gpu.vendor);
        // Nobody fills a server at once: as many as there are, or two.
        let most = there.len().max(CARDS_OF_DESKTOP);
        let most_added = if there.is_empty() { most } else { there.len() };
        for count in 1..=most.min(slots) {
            let gpus = || (0..count).map(|_| gpu.clone());
            if is_other && same_maker && count <= free.min(most_added) {
                let gpus = there.iter().map(|gpu| (*gpu).clone()).chain(gpus()).collect();
                let change = HardwareChange::AddedCard { card: card.name.clone(), count };
                changes.extend(bought(card, count, change, with_gpus(machine, gpus)));
            }
            if is_other && !there.is_empty() && card.visible_memory() * count as u64 >= all {
                let change = HardwareChange::OtherCards { card: card.name.clone(), count };
                changes.extend(bought(card, count, change, with_gpus(machine, gpus().collect())));
            }
        }
    }
    Ok(changes)
}

/// A purchase of cards; none where neither a price of today nor one at launch is known.
fn bought(card: &Accelerator, count: usize, change: HardwareChange, machine: Machine) -> Option<Step> {
    let price = price_today(card).map(|price| PricedPart::at(card, count as u64, price));
    let once = card.list_price_usd.map(|usd| Usd(usd * count as f64));
    let rank_usd = price.as_ref().map(|price| price.usd).or(once)?;
    Some(Step { change, machine, price, rank_usd })
}

/// What a card goes for today, where that is least: used, or as dealers ask, or by a list price that still holds.
fn price_today(card: &Accelerator) -> Option<HardwarePrice> {
    let new = HardwarePrice::of(card).filter(is_of_today);
    [HardwarePrice::used(card), new].into_iter().flatten().min_by(|a, b| a.usd.0.total_cmp(&b.usd.0))
}

fn is_of_today(price: &HardwarePrice) -> bool {
    match price.kind {
        PriceKind::Street | PriceKind::Used => true,
        PriceKind::List => price.date.as_ref().is_some_and(|date| **date >= *LIST_PRICES_HOLD_FROM),
    }
}

/// The cards that can be bought for such a machine, without those that are no better in anything than a cheaper one
/// of the same maker.
fn on_sale(for_desktop: bool, catalog: &Catalog) -> Result<Vec<&Accelerator>, CatalogError> {
    let mut cards = Vec::new();
    for card in catalog.accelerators()?.iter().filter(|card| card.kind == AcceleratorKind::Gpu) {
        // Cards for servers have no fans of their own.
        let for_server = for_desktop && catalog.host(card, 1)?.is_some();
        let is_old = is_unsupported(card);
        if !for_server && !is_old && !is_built_in(card, catalog)? && price_today(card).is_some() {
            cards.push(card);
        }
    }
    let all = cards.clone();
    cards.retain(|card| !all.iter().any(|other| other.id != card.id && is_better(other, card)));
    Ok(cards)
}

/// Whether its maker has ended support: CUDA 13 (2025-08) drives no card before Turing (7.5).
fn is_unsupported(card: &Accelerator) -> bool {
    let version = card.compute_capability.as_ref().and_then(|version| version.parse::<f64>().ok());
    card.vendor == Vendor::Nvidia && version.is_some_and(|version| version < 7.5)
}

/// Whether `other` costs no more and has no less of anything.
fn is_better(other: &Accelerator, card: &Accelerator) -> bool {
    let no_less = |of: fn(&Accelerator) -> Option<f64>| match (of(other), of(card)) {
        (Some(other), Some(card)) => other >= card,
        (None, Some(_)) => false,
        (_, None) => true,
    };
    let usd = |card: &Accelerator| price_today(card).map(|price| price.usd.0);
    other.vendor == card.vendor
        && usd(other) <= usd(card)
        && other.memory >= card.memory
        && no_less(|card| card.bandwidth.map(|rate| rate.0))
        && no_less(|card| card.fp16.map(|rate| rate.0))
        && no_less(|card| card.int8.map(|rate| rate.0))
        && (usd(other) < usd(card) || other.memory > card.memory || other.bandwidth > card.bandwidth)
}

/// The card, unused.
fn as_sold(card: &Accelerator, catalog: &Catalog) -> Option<Gpu> {
    let wish = Wish { gpus: Some(vec![Counted::one(&card.name)]), ..Wish::default() };
    describe(&wish, catalog).ok()?.gpus.into_iter().next()
}

fn with_gpus(machine: &Machine, gpus: Vec<Gpu>) -> Machine {
    Machine { gpus, notes: Vec::new(), ..machine.clone() }
}

fn more_ram(machine: &Machine, catalog: &Catalog) -> Result<Vec<Step>, CatalogError> {
    let most = most_ram(machine, catalog.cpu_platform(&machine.cpu.model)?);
    let now = machine.ram.total_bytes;
    let steps = RAM_STEPS_GIB.iter().map(|gib| Bytes::gib(*gib));
    let changes = steps.filter(|total| *total > now && *total <= most).filter_map(|total_bytes| {
        let more = total_bytes - now;
        let machine = Machine { notes: Vec::new(), ..with_ram(machine, total_bytes) };
        let price = PricedPart::of_memory(catalog, more)?;
        let change = HardwareChange::MoreRam { total_bytes };
        Some(Step { change, machine, rank_usd: price.usd, price: Some(price) })
    });
    Ok(changes.collect())
}

/// The machine with `total_bytes` of RAM; a GPU that shares it gets its share.
#[must_use]
pub fn with_ram(machine: &Machine, total_bytes: Bytes) -> Machine {
    let mut machine = machine.clone();
    let more = total_bytes.saturating_sub(machine.ram.total_bytes);
    machine.ram.total_bytes = total_bytes;
    machine.ram.available_bytes += more;
    for gpu in &mut machine.gpus {
        if matches!(gpu.memory, GpuMemory::Unified { .. }) {
            gpu.memory = GpuMemory::default_share(gpu.vendor, total_bytes);
        }
    }
    machine
}

fn most_ram(machine: &Machine, platform: Option<&CpuPlatform>) -> Bytes {
    let channels = u64::from(platform.map_or(2, |platform| platform.memory_channels) * machine.cpu.sockets);
    LARGEST_MODULE * (channels * MODULES_A_CHANNEL)
}

/// What a machine has for models: its cards' memory and its main memory.
fn holds(machine: &Machine) -> Bytes {
    let of_cards = |gpu: &Gpu| match gpu.memory {
        GpuMemory::Dedicated { total_bytes, .. } => total_bytes,
        GpuMemory::Unified { .. } => Bytes::ZERO,
    };
    machine.gpus.iter().map(of_cards).sum::<Bytes>() + machine.ram.total_bytes
}

/// Machines that are sold whole: those of chips that share main memory, servers, and computers with cards in them. A price is
/// that of the memory that it was seen with.
fn other_machines(machine: &Machine, catalog: &Catalog) -> Result<Vec<Step>, CatalogError> {
    let mut changes = Vec::new();
    let mut sold = |wish: Wish<'_>, price: PricedPart, change: &dyn Fn(&Machine) -> HardwareChange| {
        if let Ok(other) = describe(&wish, catalog) {
            let (change, rank_usd) = (change(&other), price.usd);
            changes.push(Step { change, machine: other, price: Some(price), rank_usd });
        }
    };
    let named = |other: &Machine| HardwareChange::OtherMachine { name: other.name.clone() };
    for chip in catalog.accelerators()?.iter().filter(|entry| entry.kind == AcceleratorKind::Unified) {
        let Some(gib) = chip.price_memory_gib else { continue };
        let ram = Bytes::gib(u64::from(gib));
        let wish = Wish { gpus: Some(vec![Counted::one(&chip.name)]), ram: Some(ram), ..Wish::default() };
        if let Some(price) = PricedPart::of_chip(chip, ram) {
            sold(wish, price, &named);
        }
    }
    let prices = catalog.machine_prices()?;
    for server in prices.iter().filter(|price| price.kind == MachineKind::Server) {
        let Some(card) = &server.accelerator else { continue };
        let gpus = Some(vec![Counted { name: card, count: server.accelerators }]);
        let wish = Wish { gpus, ram: server.ram(), ..Wish::default() };
        let name = |_: &Machine| HardwareChange::OtherMachine { name: server.name.clone() };
        sold(wish, PricedPart::of_machine(server), &name);
    }
    let cards: Vec<&Accelerator> =
        on_sale(true, catalog)?.into_iter().filter(|card| card.memory >= LEAST_CARD).collect();
    for host in prices.iter().filter(|price| price.kind == MachineKind::Host) {
        for card in &cards {
            let Some((price, used)) = in_host(card, host) else { continue };
            let (name, count) = (card.name.as_str(), host.accelerators);
            let wish = Wish { gpus: Some(vec![Counted { name, count }]), ram: host.ram(), ..Wish::default() };
            sold(wish, price, &|other| HardwareChange::Workstation {
                card: name.to_owned(),
                count: count as usize,
                used,
                ram_bytes: other.ram.total_bytes,
            });
        }
    }
    changes.retain(|step| step.machine.gpus != machine.gpus && holds(&step.machine) >= holds(machine));
    Ok(changes)
}

/// What a computer with its cards costs, and whether those are used.
fn in_host(card: &Accelerator, host: &MachinePrice) -> Option<(PricedPart, bool)> {
    let cards = PricedPart::at(card, u64::from(host.accelerators), price_today(card)?);
    let around = PricedPart::of_machine(host);
    let are_used = cards.used;
    let usd = cards.usd + around.usd;
    Some((PricedPart { usd, confidence: around.confidence, used: false, ..cards }, are_used))
}
