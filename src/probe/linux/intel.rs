//! Intel's discrete GPUs, from what the `xe` and `i915` drivers show in sysfs.

use std::path::Path;

use super::drm::{self, Device};
use super::files;
use crate::machine::{GpuMemory, Vendor};
use crate::message;
use crate::message::Message;
use crate::probe::card::Card;
use crate::units::Bytes;

const VENDOR: u16 = 0x8086;

/// Where Intel's processors have their own GPU on the PCI bus, always.
const INTEGRATED: &str = "0000:00:02.0";

/// Intel's discrete GPUs. Integrated ones are passed over: they share main memory and are no faster than the
/// cores beside them.
pub(super) fn cards(root: &Path, notes: &mut Vec<Message>) -> Vec<Card> {
    drm::devices(root, VENDOR)
        .into_iter()
        .filter(|device| !device.folder.canonicalize().is_ok_and(|folder| is_integrated(&folder)))
        .map(|device| {
            if let Some(obstacle) = device.obstacle(root) {
                let name = device.pci_id.to_string();
                notes.push(message!(ProbeGpuUnusable { vendor: "Intel", name }).because(obstacle));
            }
            Card {
                name: None,
                vendor: Vendor::Intel,
                pci_id: Some(device.pci_id),
                memory: memory(&device),
                bandwidth: None,
                pcie: device.link(),
                // xe caps the card in `power1_max`, i915 too.
                power_limit_watts: device.power_limit_watts("power1_max"),
                driver: device.driver.clone(),
                slice: None,
            }
        })
        .collect()
}

fn is_integrated(folder: &Path) -> bool {
    folder.file_name().is_some_and(|address| address == INTEGRATED)
}

/// Local memory. Mainline drivers report it by ioctl only, which leaves it to the catalog; Intel's own builds of
/// `i915` have `lmem_total_bytes`, and early `xe` has `physical_vram_size_bytes` for every tile.
fn memory(device: &Device) -> Option<GpuMemory> {
    if let Some(total) = files::number(&device.card.join("lmem_total_bytes")).map(Bytes) {
        let free = files::number(&device.card.join("lmem_avail_bytes")).map(Bytes);
        return Some(free.map_or_else(
            || GpuMemory::of_idle_card(total),
            |free_bytes| GpuMemory::Dedicated { total_bytes: total, free_bytes },
        ));
    }
    let tiles = files::names(&device.folder).into_iter().filter(|name| name.starts_with("tile"));
    let sizes = tiles.filter_map(|tile| {
        files::number(&device.folder.join(tile).join("physical_vram_size_bytes")).map(Bytes)
    });
    let total: Bytes = sizes.sum();
    (total > Bytes::ZERO).then(|| GpuMemory::of_idle_card(total))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::PcieLink;
    use crate::probe::tests::fixture;

    #[test]
    fn the_gpu_of_the_processor_has_a_fixed_place() {
        assert!(is_integrated(Path::new("/sys/devices/pci0000:00/0000:00:02.0")));
        assert!(!is_integrated(Path::new("/sys/devices/pci0000:00/0000:00:06.0/0000:03:00.0")));
    }

    #[test]
    fn a_discrete_card_is_found_and_its_memory_is_left_to_the_catalog() {
        let mut notes = Vec::new();
        assert_eq!(
            cards(&fixture("intel-arc"), &mut notes),
            [Card {
                name: None,
                vendor: Vendor::Intel,
                pci_id: Some("8086:e20b".parse().unwrap()),
                memory: None,
                bandwidth: None,
                pcie: Some(PcieLink { generation: 4, width: 8 }),
                power_limit_watts: Some(190.0),
                driver: Some("xe".into()),
                slice: None,
            }]
        );
        assert_eq!(notes, Vec::<Message>::new());
    }
}
