//! A GPU as its driver tells of it, completed with what only the catalog knows.

use crate::catalog::{Accelerator, AcceleratorKind};
use crate::machine::{Gpu, GpuMemory, PciId, PcieLink, Vendor};
use crate::units::{Bandwidth, Bytes};

/// What a driver tells of a GPU.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Card {
    /// The marketing name, where the driver has it.
    pub(super) name: Option<String>,
    pub(super) vendor: Vendor,
    pub(super) pci_id: Option<PciId>,
    /// `None` where the driver does not tell.
    pub(super) memory: Option<GpuMemory>,
    /// `None` where the driver does not tell.
    pub(super) bandwidth: Option<Bandwidth>,
    pub(super) pcie: Option<PcieLink>,
    pub(super) power_limit_watts: Option<f64>,
    pub(super) driver: Option<String>,
    /// The part of a card in MIG mode that this is.
    pub(super) slice: Option<Slice>,
}

/// A slice of a card in MIG mode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Slice {
    /// All memory of the card.
    pub(super) card_memory: Bytes,
    /// Share of the card's compute.
    pub(super) compute_share: f64,
}

impl Card {
    /// The card with its catalog entry's figures. What is missing or contradictory is noted; a card of which
    /// not even the size of the memory is known is noted and left out.
    pub(super) fn complete(
        self,
        accelerators: &[Accelerator],
        ram: Bytes,
        notes: &mut Vec<String>,
    ) -> Option<Gpu> {
        let entry = self.identify(accelerators);
        let name = self.called(entry);
        if entry.is_none() {
            notes.push(format!(
                "the catalog does not know `{name}`{}: its compute rate is unknown; add it with `--catalog`",
                self.pci_id.map(|id| format!(" ({id})")).unwrap_or_default()
            ));
        }
        let Some(memory) = self.memory.or_else(|| entry.map(|entry| self.catalog_memory(entry, ram))) else {
            notes.push(format!(
                "the driver does not tell how much memory `{name}` has: left out; describe the machine with `--gpu`"
            ));
            return None;
        };
        if self.memory.is_none() {
            notes.push(format!(
                "the driver does not tell how much memory `{name}` has or what is free of it: taken from the catalog"
            ));
        }
        let compute_share = self.slice.map_or(1.0, |slice| slice.compute_share);
        Some(Gpu {
            memory,
            bandwidth_bytes_per_second: self.agreed_bandwidth(entry, &name, notes),
            fp16_flops: entry.and_then(|entry| entry.fp16).map(|mut rate| {
                rate.0 *= compute_share;
                rate
            }),
            int8_ops: entry.and_then(|entry| entry.int8).map(|mut rate| {
                rate.0 *= compute_share;
                rate
            }),
            accelerator: entry.map(|entry| entry.id.clone()),
            name,
            vendor: self.vendor,
            pci_id: self.pci_id,
            pcie: self.pcie,
            power_limit_watts: self.power_limit_watts,
            driver: self.driver,
            mig: self.slice.is_some(),
        })
    }

    /// The entry with this card's PCI id or name. Cards of one id (and even one name: the two RTX 5060 Ti)
    /// differ by their memory, so the nearest in memory and then in name is taken.
    fn identify<'a>(&self, accelerators: &'a [Accelerator]) -> Option<&'a Accelerator> {
        let card_memory = self.slice.map(|slice| slice.card_memory);
        let memory = card_memory.or_else(|| self.memory.map(GpuMemory::total));
        let of_vendor = || accelerators.iter().filter(|entry| entry.vendor == self.vendor);
        let by_id: Vec<_> =
            of_vendor().filter(|entry| self.pci_id.is_some_and(|id| entry.pci_ids.contains(&id))).collect();
        let candidates = match by_id.len() {
            0 => of_vendor().filter(|entry| self.name_rank(entry).is_some()).collect(),
            _ => by_id,
        };
        candidates.into_iter().min_by_key(|entry| {
            // The catalog has the largest memory that a unified chip is sold with, so its size tells nothing; and
            // drivers keep a part of a card's memory back, so a sixteenth apart is the same size.
            let dedicated = memory.filter(|_| entry.kind != AcceleratorKind::Unified);
            let apart = dedicated.map_or(0, |memory| memory.0.abs_diff(entry.memory.0));
            let name = self.name_rank(entry).unwrap_or(usize::MAX);
            (apart / Bytes::gib(1).0.max(entry.memory.0 / 16), name)
        })
    }

    /// How well the entry's name fits: 0 is the card's full name, and so on to `None`, another card.
    fn name_rank(&self, entry: &Accelerator) -> Option<usize> {
        let name = self.name.as_deref()?;
        // `Apple M3 Max (40-core GPU)` is a kind of `Apple M3 Max`, where the catalog has but one.
        let base = name.split(" (").next().unwrap_or(name);
        let known = || std::iter::once(&entry.name).chain(&entry.aliases);
        [name, base].iter().position(|name| {
            let short = name.strip_prefix("Apple ").unwrap_or(name);
            known().any(|known| known.eq_ignore_ascii_case(name) || known.eq_ignore_ascii_case(short))
        })
    }

    fn called(&self, entry: Option<&Accelerator>) -> String {
        let known = self.name.clone().or_else(|| entry.map(|entry| entry.name.clone()));
        known.unwrap_or_else(|| match self.pci_id {
            Some(id) => format!("{} GPU {id}", self.vendor),
            None => format!("{} GPU", self.vendor),
        })
    }

    fn catalog_memory(&self, entry: &Accelerator, ram: Bytes) -> GpuMemory {
        match entry.kind {
            AcceleratorKind::Unified => GpuMemory::default_share(self.vendor, ram),
            AcceleratorKind::Gpu | AcceleratorKind::Other => GpuMemory::of_idle_card(entry.memory),
        }
    }

    /// The driver's figure, unless it is far from the catalog's: then one of the two misread, and the published
    /// one can be checked.
    fn agreed_bandwidth(
        &self,
        entry: Option<&Accelerator>,
        name: &str,
        notes: &mut Vec<String>,
    ) -> Option<Bandwidth> {
        let mut published = entry.and_then(|entry| entry.bandwidth);
        if let (Some(bandwidth), Some(slice), Some(memory)) = (&mut published, self.slice, self.memory) {
            bandwidth.0 *= memory.total().as_f64() / slice.card_memory.as_f64();
        }
        match (self.bandwidth, published) {
            (Some(told), Some(published)) if !(0.75..=1.33).contains(&(told.0 / published.0)) => {
                notes.push(format!(
                    "the driver of `{name}` tells {told} of memory bandwidth and the catalog {published}: \
                     the catalog's is taken"
                ));
                Some(published)
            }
            (told, published) => told.or(published),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::AcceleratorDetails;
    use crate::units::Flops;

    fn entry(id: &str, name: &str, gib: u64) -> Accelerator {
        Accelerator {
            id: id.into(),
            name: name.into(),
            aliases: vec![],
            vendor: Vendor::Nvidia,
            kind: AcceleratorKind::Gpu,
            memory: Bytes::gib(gib),
            bandwidth: Some(Bandwidth::gb_per_second(448.0)),
            fp16: Some(Flops::tera(94.0)),
            int8: None,
            tdp_watts: None,
            arch: None,
            pci_ids: vec!["10de:2d04".parse().unwrap()],
            price_usd: None,
            source: "test".into(),
            details: AcceleratorDetails::default(),
        }
    }

    fn catalog() -> Vec<Accelerator> {
        vec![
            entry("rtx-5060-ti-8gb", "NVIDIA GeForce RTX 5060 Ti 8 GB", 8),
            entry("rtx-5060-ti-16gb", "NVIDIA GeForce RTX 5060 Ti 16 GB", 16),
        ]
    }

    fn card() -> Card {
        Card {
            name: Some("NVIDIA GeForce RTX 5060 Ti".into()),
            vendor: Vendor::Nvidia,
            pci_id: Some("10de:2d04".parse().unwrap()),
            memory: Some(GpuMemory::Dedicated {
                total_bytes: Bytes::mib(16311),
                free_bytes: Bytes::mib(15900),
            }),
            bandwidth: Some(Bandwidth::gb_per_second(448.1)),
            pcie: None,
            power_limit_watts: Some(180.0),
            driver: Some("580.65.06".into()),
            slice: None,
        }
    }

    #[test]
    fn cards_that_share_an_id_are_told_apart_by_their_memory() {
        let mut notes = Vec::new();
        let gpu = card().complete(&catalog(), Bytes::gib(64), &mut notes).expect("a GPU");
        assert_eq!(
            gpu,
            Gpu {
                name: "NVIDIA GeForce RTX 5060 Ti".into(),
                vendor: Vendor::Nvidia,
                memory: GpuMemory::Dedicated {
                    total_bytes: Bytes::mib(16311),
                    free_bytes: Bytes::mib(15900)
                },
                bandwidth_bytes_per_second: Some(Bandwidth::gb_per_second(448.1)),
                fp16_flops: Some(Flops::tera(94.0)),
                int8_ops: None,
                accelerator: Some("rtx-5060-ti-16gb".into()),
                pci_id: Some("10de:2d04".parse().unwrap()),
                pcie: None,
                power_limit_watts: Some(180.0),
                driver: Some("580.65.06".into()),
                mig: false,
            }
        );
        assert_eq!(notes, Vec::<String>::new());
    }

    #[test]
    fn a_mac_is_found_by_its_chip_and_gpu_cores_or_by_its_chip_alone() {
        let apple = |id: &str, name: &str, aliases: &[&str]| Accelerator {
            vendor: Vendor::Apple,
            kind: AcceleratorKind::Unified,
            pci_ids: vec![],
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            ..entry(id, name, 128)
        };
        let catalog = [
            apple("m3-max-40core", "Apple M3 Max (40-core GPU)", &["M3 Max"]),
            apple("m3-max-30core", "Apple M3 Max (30-core GPU)", &[]),
            apple("m1-max", "Apple M1 Max", &["M1 Max"]),
        ];
        let found = |name: &str| {
            let limit_bytes = Bytes::gib(27);
            let memory = Some(GpuMemory::Unified { limit_bytes });
            let card =
                Card { name: Some(name.into()), vendor: Vendor::Apple, pci_id: None, memory, ..card() };
            card.identify(&catalog).map(|entry| entry.id.clone())
        };
        assert_eq!(found("Apple M3 Max (30-core GPU)").as_deref(), Some("m3-max-30core"));
        assert_eq!(found("Apple M3 Max (40-core GPU)").as_deref(), Some("m3-max-40core"));
        assert_eq!(found("Apple M3 Max").as_deref(), Some("m3-max-40core"));
        assert_eq!(found("Apple M1 Max (24-core GPU)").as_deref(), Some("m1-max"));
        assert_eq!(found("Apple M9"), None);
    }

    #[test]
    fn a_card_that_the_catalog_does_not_know_is_kept_and_noted() {
        let mut notes = Vec::new();
        let gpu = card().complete(&[], Bytes::gib(64), &mut notes).expect("a GPU");
        assert_eq!((gpu.fp16_flops, gpu.accelerator), (None, None));
        assert_eq!(
            notes,
            [
                "the catalog does not know `NVIDIA GeForce RTX 5060 Ti` (10de:2d04): its compute rate is unknown; \
              add it with `--catalog`"
            ]
        );
    }

    #[test]
    fn a_bandwidth_that_cannot_be_right_gives_way_to_the_published_one() {
        let mut notes = Vec::new();
        let misread = Card { bandwidth: Some(Bandwidth::gb_per_second(112.0)), ..card() };
        let gpu = misread.complete(&catalog(), Bytes::gib(64), &mut notes).expect("a GPU");
        assert_eq!(gpu.bandwidth_bytes_per_second, Some(Bandwidth::gb_per_second(448.0)));
        assert_eq!(notes.len(), 1);
    }

    #[test]
    fn unknown_memory_comes_from_the_catalog_with_a_note_or_the_card_is_left_out() {
        let mut notes = Vec::new();
        let silent = Card { memory: None, name: Some("NVIDIA GeForce RTX 5060 Ti 8 GB".into()), ..card() };
        let gpu = silent.clone().complete(&catalog(), Bytes::gib(64), &mut notes).expect("a GPU");
        assert_eq!(gpu.memory, GpuMemory::of_idle_card(Bytes::gib(8)));
        assert_eq!(notes.len(), 1);
        assert_eq!(silent.complete(&[], Bytes::gib(64), &mut notes), None);
    }
}
