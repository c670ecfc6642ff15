use serde::Serialize;

use super::{HardwarePrice, MachineKind, MachinePrice, PriceKind};
use crate::catalog::{Accelerator, AcceleratorKind, Catalog, CatalogError, Confidence};
use crate::machine::Machine;
use crate::message;
use crate::message::{Message, fact};
use crate::units::{Bytes, Usd};

/// What a machine costs to buy, part by part.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Bill {
    /// All parts whose price is known, in US dollars without tax.
    #[serde(rename = "total_usd")]
    pub total: Usd,
    /// With a known price.
    pub parts: Vec<PricedPart>,
    /// Parts without a published price.
    pub unknown: Vec<Message>,
}

/// A part and its price.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PricedPart {
    /// What it is.
    pub name: Message,
    /// How many.
    pub count: u64,
    /// All of them together.
    pub usd: Usd,
    /// The day, month or year that the price was seen.
    pub date: Option<String>,
    /// A link or a sentence.
    pub source: String,
    /// How far the price can be trusted.
    pub confidence: Confidence,
    /// Whether it buys something used.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub used: bool,
}

impl PricedPart {
    /// A number of accelerators.
    #[must_use]
    pub fn of_cards(card: &Accelerator, count: u64) -> Option<Self> {
        Some(Self::at(card, count, HardwarePrice::of(card)?))
    }

    /// A number of accelerators at that price of one.
    #[must_use]
    pub fn at(card: &Accelerator, count: u64, price: HardwarePrice) -> Self {
        Self {
            name: Message::verbatim(&card.name),
            count,
            usd: price.usd * count as f64,
            date: price.date,
            source: price.source,
            confidence: price.confidence,
            used: price.kind == PriceKind::Used,
        }
    }

    /// The machine around a chip that shares main memory, where the price is of one with so much.
    #[must_use]
    pub fn of_chip(chip: &Accelerator, ram: Bytes) -> Option<Self> {
        let priced = Bytes::gib(u64::from(chip.price_memory_gib?));
        let part = Self::of_cards(chip, 1)?;
        (priced == ram)
            .then(|| Self { name: message!(CatalogPartMachineMemory { chip: &chip.name, ram }), ..part })
    }

    /// Memory, at the price of a GiB.
    #[must_use]
    pub fn of_memory(catalog: &Catalog, memory: Bytes) -> Option<Self> {
        let prices = catalog.machine_prices().ok()?;
        let gib = prices.iter().find(|price| price.kind == MachineKind::Memory)?;
        Some(Self {
            name: message!(CatalogPartMemory { size: memory }),
            usd: gib.usd * memory.as_gib(),
            ..Self::of_machine(gib)
        })
    }

    /// A machine as it is sold.
    #[must_use]
    pub fn of_machine(machine: &MachinePrice) -> Self {
        Self {
            name: message!(CatalogFact { text: fact(&machine.name) }),
            count: 1,
            usd: machine.usd,
            date: Some(machine.date.clone()),
            source: machine.provenance.source.clone(),
            confidence: machine.provenance.confidence,
            used: false,
        }
    }
}

impl Bill {
    /// The bill of a machine; `None` where no part has a known price.
    pub fn of(machine: &Machine, catalog: &Catalog) -> Result<Option<Self>, CatalogError> {
        let mut bill = Self::default();
        let cards = cards(machine, catalog)?;
        if let [(Some(card), count)] = cards.as_slice()
            && let Some(server) = server(card, *count, catalog)?
        {
            let part = PricedPart::of_machine(server);
            return Ok(Some(Self { total: part.usd, parts: vec![part], unknown: Vec::new() }));
        }
        let mut slots = 0;
        for (card, count) in &cards {
            match card {
                None => bill.unknown.push(message!(CatalogPartUnknownGpu)),
                Some(chip) if chip.kind == AcceleratorKind::Unified => {
                    let name = message!(CatalogPartMachine { chip: &chip.name });
                    bill.add(name, PricedPart::of_chip(chip, machine.ram.total_bytes));
                }
                Some(card) => {
                    slots += count;
                    bill.add(Message::verbatim(&card.name), PricedPart::of_cards(card, *count));
                }
            }
        }
        let prices = catalog.machine_prices()?;
        let has_chip =
            cards.iter().any(|(card, _)| card.is_some_and(|card| card.kind == AcceleratorKind::Unified));
        if slots > 0 && !has_chip {
            let fits = |price: &&MachinePrice| {
                price.kind == MachineKind::Host && u64::from(price.accelerators) >= slots
            };
            let host = prices.iter().filter(fits).min_by_key(|price| price.accelerators);
            bill.add(message!(CatalogPartHost), host.map(PricedPart::of_machine));
            let with_it = host.and_then(MachinePrice::ram).unwrap_or_default();
            let more = machine.ram.total_bytes - with_it;
            if more > Bytes::ZERO {
                bill.add(message!(CatalogPartMoreMemory), PricedPart::of_memory(catalog, more));
            }
        } else if !has_chip {
            bill.unknown.push(Message::verbatim(&machine.cpu.model));
        }
        Ok((!bill.parts.is_empty()).then_some(bill))
    }

    fn add(&mut self, name: Message, part: Option<PricedPart>) {
        match part {
            Some(part) => {
                self.total += part.usd;
                self.parts.push(part);
            }
            None => self.unknown.push(name),
        }
    }
}

/// The GPUs of a machine by kind, as the catalog knows them.
fn cards<'a>(
    machine: &Machine,
    catalog: &'a Catalog,
) -> Result<Vec<(Option<&'a Accelerator>, u64)>, CatalogError> {
    let mut cards: Vec<(Option<&Accelerator>, u64)> = Vec::new();
    for gpu in &machine.gpus {
        let card = catalog.accelerator_of(gpu)?;
        let same = |(other, _): &&mut (Option<&Accelerator>, u64)| {
            other.map(|other| &other.id) == card.map(|card| &card.id)
        };
        match cards.iter_mut().find(same) {
            Some((_, count)) => *count += 1,
            None => cards.push((card, 1)),
        }
    }
    Ok(cards)
}

/// A server that is sold with just these cards.
fn server<'a>(
    card: &Accelerator,
    count: u64,
    catalog: &'a Catalog,
) -> Result<Option<&'a MachinePrice>, CatalogError> {
    let is_it = |price: &&MachinePrice| {
        price.kind == MachineKind::Server
            && price.accelerator.as_ref() == Some(&card.id)
            && u64::from(price.accelerators) == count
    };
    Ok(catalog.machine_prices()?.iter().find(is_it))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Wish, describe};

    fn bill(text: &str) -> Option<Bill> {
        let catalog = Catalog::embedded().unwrap();
        let machine = describe(&Wish::of(text, &catalog).unwrap(), &catalog).unwrap();
        Bill::of(&machine, &catalog).unwrap()
    }

    #[test]
    fn cards_are_billed_with_a_machine_around_them_and_the_memory_beyond_its_own() {
        let catalog = Catalog::embedded().unwrap();
        let card = catalog.hardware_price("rtx-3090").unwrap().unwrap().usd;
        let told = bill("2x RTX 3090, 256GiB").unwrap();
        assert_eq!(told.parts.len(), 3, "{told:?}");
        assert_eq!(told.parts[0].usd, card * 2.0);
        assert_eq!(told.parts[1].name, message!(CatalogFact { text: fact("Workstation for two cards") }));
        // 128 GiB more than the workstation has, at 12 dollars.
        assert_eq!(told.parts[2].usd, Usd(128.0 * 12.0));
        assert_eq!(told.total, told.parts.iter().map(|part| part.usd).sum());
        assert!(told.unknown.is_empty());
    }

    #[test]
    fn a_server_that_is_sold_whole_is_billed_whole() {
        let told = bill("dgx h200").unwrap();
        assert_eq!((told.parts.len(), told.total), (1, Usd(350_000.0)));
    }

    #[test]
    fn a_price_of_a_whole_machine_holds_for_its_memory_only() {
        assert_eq!(bill("dgx spark").unwrap().total, Usd(4699.0));
        assert_eq!(bill("mac studio m3 ultra 512").unwrap().total, Usd(9499.0));
        assert_eq!(bill("mac studio m3 ultra 256"), None);
        assert_eq!(bill("raspberry pi 5"), None);
    }
}
