//! A GPU as its driver reports it, completed with what only the catalog knows.

use crate::catalog::{Accelerator, AcceleratorKind, Catalog, CatalogError};
use crate::error::Failure as _;
use crate::machine::{Gpu, GpuMemory, PciId, PcieLink, Vendor};
use crate::message;
use crate::message::Message;
use crate::units::{Bandwidth, Bytes, Flops};

/// What a driver reports of a GPU.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Card {
    /// The marketing name, where the driver has it.
    pub(super) name: Option<String>,
    pub(super) vendor: Vendor,
    pub(super) pci_id: Option<PciId>,
    /// `None` where the driver does not report it.
    pub(super) memory: Option<GpuMemory>,
    /// `None` where the driver does not report it.
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
    pub(super) fn complete(self, catalog: &Catalog, ram: Bytes, notes: &mut Vec<Message>) -> Option<Gpu> {
        let found = self.identify(catalog);
        let entry = *found.as_ref().unwrap_or(&None);
        let name = self.called(entry);
        match found {
            Err(error) => notes.push(message!(ProbeGpuLookup { name: &name }).because(error.message())),
            Ok(None) => {
                // As `lspci -nn` writes it.
                let id = self.pci_id.filter(|id| !name.contains(&id.to_string()));
                let name = id.map_or_else(|| name.clone(), |id| format!("{name} [{id}]"));
                notes.push(message!(ProbeGpuUnknown { name }));
            }
            Ok(Some(_)) => (),
        }
        let Some(memory) = self.memory.or_else(|| entry.map(|entry| self.catalog_memory(entry, ram))) else {
            notes.push(message!(ProbeGpuWithoutMemory { name }));
            return None;
        };
        if self.memory.is_none() {
            notes.push(message!(ProbeGpuCatalogMemory { name: &name }));
        }
        let compute_share = self.slice.map_or(1.0, |slice| slice.compute_share);
        let of_slice = |rate: Flops| Flops(rate.0 * compute_share);
        Some(Gpu {
            memory,
            bandwidth_bytes_per_second: self.agreed_bandwidth(entry, &name, notes),
            fp32_flops: entry.and_then(|entry| entry.fp32).map(of_slice),
            fp16_flops: entry.and_then(|entry| entry.fp16).map(of_slice),
            int8_ops: entry.and_then(|entry| entry.int8).map(of_slice),
            class: entry.and_then(|entry| entry.class),
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

    /// The entry with this card's PCI id, or else with its name.
    fn identify<'a>(&self, catalog: &'a Catalog) -> Result<Option<&'a Accelerator>, CatalogError> {
        let card_memory = self.slice.map(|slice| slice.card_memory);
        let memory = card_memory.or_else(|| self.memory.map(GpuMemory::total));
        let name = self.name.as_deref().unwrap_or_default();
        if let Some(id) = self.pci_id
            && let Some(entry) = catalog.accelerator_by_pci(id, name, memory)?
        {
            return Ok(Some(entry));
        }
        match catalog.accelerator(name) {
            // A name may be short for another card; its memory would show it.
            Ok(entry) if entry.vendor == self.vendor && has_memory(entry, memory) => Ok(Some(entry)),
            Ok(_) | Err(CatalogError::Unknown { .. } | CatalogError::Ambiguous { .. }) => Ok(None),
            Err(error) => Err(error),
        }
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
            AcceleratorKind::Gpu | AcceleratorKind::Other => GpuMemory::of_idle_card(entry.visible_memory()),
        }
    }

    /// The driver's figure, unless it is far from the catalog's: then one of the two misread, and the published
    /// one can be checked.
    fn agreed_bandwidth(
        &self,
        entry: Option<&Accelerator>,
        name: &str,
        notes: &mut Vec<Message>,
    ) -> Option<Bandwidth> {
        let mut published = entry.and_then(|entry| entry.bandwidth);
        if let (Some(bandwidth), Some(slice), Some(memory)) = (&mut published, self.slice, self.memory) {
            bandwidth.0 *= memory.total().as_f64() / slice.card_memory.as_f64();
        }
        match (self.bandwidth, published) {
            (Some(told), Some(published)) if !(0.75..=1.33).contains(&(told.0 / published.0)) => {
                notes.push(message!(ProbeGpuBandwidth { name, told, published }));
                Some(published)
            }
            (told, published) => told.or(published),
        }
    }
}

/// Whether a card of this entry may have this much: drivers keep a little back, and the catalog has the largest
/// memory that a unified chip is sold with.
fn has_memory(entry: &Accelerator, memory: Option<Bytes>) -> bool {
    match (entry.kind, memory) {
        (AcceleratorKind::Unified, _) | (_, None) => true,
        (_, Some(memory)) => memory.0.abs_diff(entry.visible_memory().0) <= entry.memory.0 / 12,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> Catalog {
        Catalog::embedded().unwrap()
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
        let catalog = catalog();
        let known = catalog.accelerator("RTX 5060 Ti 16GB").unwrap();
        let gpu = card().complete(&catalog, Bytes::gib(64), &mut notes).expect("a GPU");
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
                fp32_flops: known.fp32,
                class: known.class,
                fp16_flops: known.fp16,
                int8_ops: known.int8,
                accelerator: Some(known.id.clone()),
                pci_id: Some("10de:2d04".parse().unwrap()),
                pcie: None,
                power_limit_watts: Some(180.0),
                driver: Some("580.65.06".into()),
                mig: false,
            }
        );
        assert_eq!(notes, Vec::<Message>::new());
    }

    #[test]
    fn a_mac_is_found_by_its_chip_and_gpu_cores_or_by_its_chip_alone() {
        let catalog = catalog();
        let bandwidth = |name: &str| {
            let memory = Some(GpuMemory::Unified { limit_bytes: Bytes::gib(27) });
            let name = Some(name.to_owned());
            let mac = Card { name, vendor: Vendor::Apple, pci_id: None, memory, bandwidth: None, ..card() };
            let found = mac.identify(&catalog).unwrap();
            found.and_then(|entry| entry.bandwidth).map(Bandwidth::as_gb_per_second)
        };
        assert_eq!(bandwidth("Apple M3 Max (30-core GPU)"), Some(300.0));
        assert_eq!(bandwidth("Apple M3 Max (40-core GPU)"), Some(400.0));
        assert_eq!(bandwidth("Apple M3 Max"), Some(400.0));
        assert_eq!(bandwidth("Apple M1 Max (24-core GPU)"), Some(400.0));
        assert_eq!(bandwidth("Apple M99"), None);
    }

    fn unheard_of() -> Card {
        Card { name: Some("NVIDIA Voodoo 9".into()), pci_id: Some("10de:ffff".parse().unwrap()), ..card() }
    }

    #[test]
    fn a_card_that_the_catalog_does_not_know_is_kept_and_noted() {
        let mut notes = Vec::new();
        let gpu = unheard_of().complete(&catalog(), Bytes::gib(64), &mut notes).expect("a GPU");
        assert_eq!((gpu.fp16_flops, gpu.accelerator), (None, None));
        assert_eq!(notes, [message!(ProbeGpuUnknown { name: "NVIDIA Voodoo 9 [10de:ffff]" })]);
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
        let gpu = silent.complete(&catalog(), Bytes::gib(64), &mut notes).expect("a GPU");
        assert_eq!(gpu.memory, GpuMemory::of_idle_card(Bytes::gib(8)));
        assert_eq!(notes.len(), 1);
        let silent = Card { memory: None, ..unheard_of() };
        assert_eq!(silent.complete(&catalog(), Bytes::gib(64), &mut notes), None);
    }
}
