use std::sync::OnceLock;

use super::{DatedPrice, Needs};
use crate::catalog::{
    Accelerator, AcceleratorKind, Artifact, Catalog, Counted, HardwarePrice, MachineKind, MachinePrice,
    Model, PriceKind, Wish, describe,
};
use crate::machine::Machine;
use crate::units::{Bytes, Usd};

/// A machine that is sold: cards in a host or a server, or a chip with its memory.
#[derive(Debug)]
pub(super) struct Offer<'a> {
    card: &'a Accelerator,
    count: u32,
    ram: Option<Bytes>,
    pub(super) price: DatedPrice,
    /// Described when a model first may do on it.
    machine: OnceLock<Option<Machine>>,
}

impl<'a> Offer<'a> {
    /// All that are sold at a street price, the cheapest first.
    pub(super) fn all(catalog: &'a Catalog) -> Option<Vec<Self>> {
        let cards = catalog.accelerators().ok()?;
        let machines = catalog.machine_prices().ok()?;
        let of_kind = |kind: MachineKind| machines.iter().filter(move |machine| machine.kind == kind);
        let mut offers = Vec::new();
        for card in cards {
            let Some(price) = HardwarePrice::of(card).filter(|price| price.kind == PriceKind::Street) else {
                continue;
            };
            if price.whole_machine {
                offers.push(Self::new(card, 1, Some(card.memory), price.usd, price.date));
            } else if card.kind == AcceleratorKind::Gpu {
                offers.extend(of_kind(MachineKind::Host).map(|host| {
                    let usd = Usd(price.usd.0 * f64::from(host.accelerators) + host.usd.0);
                    Self::new(card, host.accelerators, host.ram(), usd, price.date.clone())
                }));
            }
        }
        let in_server =
            |server: &&MachinePrice, card: &&Accelerator| Some(&card.id) == server.accelerator.as_ref();
        for server in of_kind(MachineKind::Server) {
            let card = cards.iter().find(|card| in_server(&server, card));
            let offer = |card| {
                Self::new(card, server.accelerators, server.ram(), server.usd, Some(server.date.clone()))
            };
            offers.extend(card.map(offer));
        }
        offers.sort_by(|a, b| a.price.usd.0.total_cmp(&b.price.usd.0));
        Some(offers)
    }

    fn new(card: &'a Accelerator, count: u32, ram: Option<Bytes>, usd: Usd, date: Option<String>) -> Self {
        Self { card, count, ram, price: DatedPrice { usd, date }, machine: OnceLock::new() }
    }

    pub(super) fn machine(&self, catalog: &Catalog) -> Option<&Machine> {
        let described = || {
            let gpus = Some(vec![Counted { name: &self.card.name, count: self.count }]);
            describe(&Wish { gpus, ram: self.ram, ..Wish::default() }, catalog).ok()
        };
        self.machine.get_or_init(described).as_ref()
    }

    /// Whether it is worth a closer look: its memory holds the smallest file of the model, and one of its cards reads
    /// what a token takes of that as often as the minimum speed needs.
    pub(super) fn may_do(&self, model: &Model, needs: &Needs) -> bool {
        let smallest = model.artifacts.iter().filter_map(Artifact::bytes).min().unwrap_or_default();
        let on_gpus = self.card.memory * u64::from(self.count);
        let in_ram = if needs.gpu_only { Bytes::ZERO } else { self.ram.unwrap_or_default() };
        let active = model.active_parameters as f64 / model.parameters as f64;
        let rate = self.card.bandwidth.map(|bandwidth| bandwidth.0 / (smallest.as_f64() * active));
        on_gpus + in_ram > smallest
            && rate.is_some_and(|most| most > needs.minimum_decode_tokens_per_second.0)
    }

    pub(super) fn name(&self) -> String {
        let name = &self.card.name;
        match (self.card.kind, self.count) {
            (AcceleratorKind::Unified, _) => format!("{name} ({})", self.card.memory),
            (_, 1) => name.clone(),
            (_, count) => format!("{count}x {name}"),
        }
    }
}
