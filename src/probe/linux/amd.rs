//! AMD's GPUs, from what the `amdgpu` driver shows in sysfs.

use std::path::Path;

use super::drm::{self, Device};
use super::files;
use crate::machine::{GpuMemory, Vendor};
use crate::message;
use crate::message::Message;
use crate::probe::card::Card;
use crate::units::Bytes;

const VENDOR: u16 = 0x1002;

/// AMD's GPUs, and notes on those that are there and do not work.
pub(super) fn cards(root: &Path, notes: &mut Vec<Message>) -> Vec<Card> {
    drm::devices(root, VENDOR).iter().map(|device| card(root, device, notes)).collect()
}

fn card(root: &Path, device: &Device, notes: &mut Vec<Message>) -> Card {
    let name = files::text(&device.folder.join("product_name")).or_else(|| libdrm_name(root, device));
    if let Some(obstacle) = device.obstacle(root) {
        let name = name.clone().unwrap_or_else(|| device.pci_id.to_string());
        notes.push(message!(ProbeGpuUnusable { vendor: "AMD", name }).because(obstacle));
    } else if !root.join("dev/kfd").exists() {
        notes.push(message!(ProbeNoKfd));
    }
    let shares_memory = shares_memory(device);
    Card {
        name,
        vendor: Vendor::Amd,
        pci_id: Some(device.pci_id),
        memory: if shares_memory { shared_memory(device) } else { own_memory(device) },
        // sysfs has clocks but no bus width, so the bandwidth is the catalog's.
        bandwidth: None,
        pcie: if shares_memory { None } else { device.link() },
        power_limit_watts: device.power_limit_watts("power1_cap"),
        driver: device.driver.clone(),
        slice: None,
    }
}

/// Whether the GPU sits in the processor.
///
/// The driver shows how busy the memory is for cards of their own, Vega 10 apart, and names the maker of the
/// memory chips for those only (`amdgpu_pm.c`, `default_attr_update`; `amdgpu_vram_mgr.c`).
fn shares_memory(device: &Device) -> bool {
    let maker = files::text(&device.folder.join("mem_info_vram_vendor"));
    !device.folder.join("mem_busy_percent").exists() && maker.is_none_or(|maker| maker == "unknown")
}

fn size(device: &Device, file: &str) -> Option<Bytes> {
    files::number(&device.folder.join(file)).map(Bytes)
}

fn own_memory(device: &Device) -> Option<GpuMemory> {
    let total_bytes = size(device, "mem_info_vram_total")?;
    let used = size(device, "mem_info_vram_used").unwrap_or(Bytes::ZERO);
    Some(GpuMemory::Dedicated { total_bytes, free_bytes: total_bytes - used })
}

/// The larger of two pools: main memory that the GPU may map (GTT), or what the firmware carved out for it,
/// which the rest of the machine cannot use and is thereby a memory of its own.
fn shared_memory(device: &Device) -> Option<GpuMemory> {
    let mapped = size(device, "mem_info_gtt_total")?;
    match own_memory(device) {
        Some(carved_out) if carved_out.total() > mapped => Some(carved_out),
        _ => Some(GpuMemory::Unified { limit_bytes: mapped }),
    }
}

/// The marketing name from libdrm's table, whose lines hold device, revision and name: `744C, C8, AMD Radeon RX 7900 XTX`.
fn libdrm_name(root: &Path, device: &Device) -> Option<String> {
    let table = files::text(&root.join("usr/share/libdrm/amdgpu.ids"))?;
    table.lines().find_map(|line| {
        let mut fields = line.splitn(3, ',').map(str::trim);
        let mut number = || u32::from_str_radix(fields.next()?, 16).ok();
        let here = number()? == u32::from(device.pci_id.device) && number()? == device.revision;
        here.then(|| fields.next().map(ToOwned::to_owned))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::PcieLink;
    use crate::probe::tests::fixture;

    #[test]
    fn a_card_tells_its_memory_and_the_narrowest_link_on_the_way_up() {
        let mut notes = Vec::new();
        assert_eq!(
            cards(&fixture("amd-card"), &mut notes),
            [Card {
                name: Some("AMD Radeon RX 7900 XTX".into()),
                vendor: Vendor::Amd,
                pci_id: Some("1002:744c".parse().unwrap()),
                memory: Some(GpuMemory::Dedicated {
                    total_bytes: Bytes(25_753_026_560),
                    free_bytes: Bytes(25_753_026_560 - 1_073_741_824),
                }),
                bandwidth: None,
                pcie: Some(PcieLink { generation: 4, width: 8 }),
                power_limit_watts: Some(339.0),
                driver: Some("amdgpu 6.12.12".into()),
                slice: None,
            }]
        );
        assert_eq!(notes, Vec::<Message>::new());
    }

    #[test]
    fn a_gpu_in_the_processor_shares_main_memory_and_tells_what_keeps_it_from_working() {
        let mut notes = Vec::new();
        let cards = cards(&fixture("amd-apu"), &mut notes);
        assert_eq!(cards.len(), 1);
        assert_eq!(cards[0].memory, Some(GpuMemory::Unified { limit_bytes: Bytes::gib(62) }));
        assert_eq!((cards[0].pcie, cards[0].name.as_deref()), (None, None));
        assert_eq!(
            notes,
            [message!(ProbeGpuUnusable { vendor: "AMD", name: "1002:1586" })
                .because(message!(ProbeNodeMissing { node: "renderD128" }))]
        );
    }
}
