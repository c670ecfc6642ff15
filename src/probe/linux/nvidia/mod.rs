//! NVIDIA's GPUs: what NVML reports, translated.

mod nvml;

use std::fs;
use std::path::Path;

use super::files;
use crate::machine::{GpuMemory, PciId, PcieLink, Vendor};
use crate::message;
use crate::message::Message;
use crate::probe::card::{Card, Slice};
use crate::units::{Bandwidth, Bytes};

const VENDOR: u32 = 0x10de;

/// NVIDIA's GPUs, and notes on drivers and cards that are there and do not work. No library and no card is
/// nothing to speak of.
pub(super) fn cards(root: &Path, notes: &mut Vec<Message>) -> Vec<Card> {
    match nvml::read(notes) {
        nvml::Outcome::Read { driver, readings } => {
            readings.into_iter().flat_map(|reading| translate(reading, driver.as_deref(), notes)).collect()
        }
        nvml::Outcome::NoLibrary => {
            notes.extend(unused_hardware(root));
            Vec::new()
        }
        nvml::Outcome::Failed { message, advice } => {
            // A library left over on a machine without a card is as good as no library.
            if is_present(root) {
                notes.push(message!(ProbeNvidiaFailed { error: message, advice }));
            }
            Vec::new()
        }
    }
}

/// What NVML reports of one card; `None` is what it does not.
#[derive(Clone, Debug, Default, PartialEq)]
struct Reading {
    name: String,
    pci_id: Option<PciId>,
    memory: Option<MemoryReading>,
    bus_width_bits: Option<u32>,
    /// The highest memory clock.
    memory_clock_mhz: Option<u32>,
    pcie_generation: Option<u32>,
    pcie_width: Option<u32>,
    power_limit_milliwatts: Option<u32>,
    /// Whether MIG mode is on, and how many slices the card can be cut into.
    mig: Option<Mig>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct MemoryReading {
    total: Bytes,
    free: Bytes,
}

#[derive(Clone, Debug, PartialEq)]
struct Mig {
    most_slices: u32,
    slices: Vec<SliceReading>,
}

#[derive(Clone, Debug, PartialEq)]
struct SliceReading {
    name: String,
    memory: Option<MemoryReading>,
    compute_slices: u32,
}

/// The card, or its slices in MIG mode.
fn translate(reading: Reading, driver: Option<&str>, notes: &mut Vec<Message>) -> Vec<Card> {
    let card = Card {
        vendor: Vendor::Nvidia,
        pci_id: reading.pci_id,
        memory: reading.memory.map(dedicated),
        bandwidth: bandwidth(&reading),
        pcie: reading
            .pcie_generation
            .zip(reading.pcie_width)
            .map(|(generation, width)| PcieLink { generation, width }),
        power_limit_watts: reading.power_limit_milliwatts.map(|milliwatts| f64::from(milliwatts) / 1e3),
        driver: driver.map(ToOwned::to_owned),
        slice: None,
        name: Some(reading.name),
    };
    let (Some(mig), Some(memory)) = (reading.mig, reading.memory) else { return vec![card] };
    let name = card.name.as_deref().unwrap_or_default();
    match mig.slices.len() {
        0 => notes.push(message!(ProbeMigEmpty { name })),
        1 => (),
        _ => notes.push(message!(ProbeMigSlices { name })),
    }
    let slices = mig.slices.into_iter();
    slices.map(|slice| slice_of(&card, memory.total, mig.most_slices, slice)).collect()
}

fn dedicated(memory: MemoryReading) -> GpuMemory {
    GpuMemory::Dedicated { total_bytes: memory.total, free_bytes: memory.free }
}

/// A slice of a card. Memory slices come with their share of the memory's channels, so bandwidth goes with
/// memory; compute goes by compute slices (NVIDIA, Multi-Instance GPU User Guide, "GPU Instance").
fn slice_of(card: &Card, card_memory: Bytes, most_slices: u32, slice: SliceReading) -> Card {
    let share = slice.memory.map_or(0.0, |memory| memory.total.as_f64() / card_memory.as_f64());
    Card {
        name: Some(slice.name),
        memory: slice.memory.map(dedicated),
        bandwidth: card.bandwidth.map(|bandwidth| Bandwidth(bandwidth.0 * share)),
        slice: Some(Slice {
            card_memory,
            compute_share: f64::from(slice.compute_slices) / f64::from(most_slices.max(1)),
        }),
        ..card.clone()
    }
}

/// Bus width × memory clock × 2.
///
/// The clock that NVML reports is half the data rate of a pin for every kind of memory: 9751 MHz for the 19.5 Gb/s
/// GDDR6X of the RTX 3090 (384 bits: 936 GB/s), 14001 MHz for the 28 Gb/s GDDR7 of the RTX 5090 (512 bits:
/// 1792 GB/s), 2619 MHz for the HBM3 of the H100 SXM (5120 bits: 3352 GB/s). All three are the published figures.
fn bandwidth(reading: &Reading) -> Option<Bandwidth> {
    let (bits, megahertz) = reading.bus_width_bits.zip(reading.memory_clock_mhz)?;
    let bandwidth = f64::from(bits) / 8.0 * f64::from(megahertz) * 1e6 * 2.0;
    (bandwidth > 0.0).then_some(Bandwidth(bandwidth))
}

/// What to say of a card that is there without a library to talk to it.
fn unused_hardware(root: &Path) -> Option<Message> {
    if root.join("proc/driver/nvidia/version").exists() {
        return Some(message!(ProbeNvidiaNoLibrary));
    }
    is_present(root).then(|| message!(ProbeNvidiaNoDriver))
}

/// Whether a display or compute card of NVIDIA is on the bus, or its driver is loaded (as in WSL without one).
fn is_present(root: &Path) -> bool {
    let devices = root.join("sys/bus/pci/devices");
    let Ok(entries) = fs::read_dir(devices) else { return root.join("dev/nvidiactl").exists() };
    root.join("proc/driver/nvidia/version").exists()
        || root.join("dev/dxg").exists()
        || entries.flatten().any(|entry| {
            // Class 0x03 is a display controller, with or without sockets.
            files::hexadecimal(&entry.path().join("class")).is_some_and(|class| class >> 16 == 0x03)
                && files::hexadecimal(&entry.path().join("vendor")) == Some(VENDOR)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::tests::fixture;

    fn reading() -> Reading {
        Reading {
            name: "NVIDIA H100 80GB HBM3".into(),
            pci_id: Some("10de:2330".parse().unwrap()),
            memory: Some(MemoryReading { total: Bytes::mib(81_559), free: Bytes::mib(81_000) }),
            bus_width_bits: Some(5120),
            memory_clock_mhz: Some(2619),
            pcie_generation: Some(5),
            pcie_width: Some(16),
            power_limit_milliwatts: Some(700_000),
            mig: None,
        }
    }

    #[test]
    fn a_card_is_translated_whole() {
        let mut notes = Vec::new();
        assert_eq!(
            translate(reading(), Some("580.65.06"), &mut notes),
            [Card {
                name: Some("NVIDIA H100 80GB HBM3".into()),
                vendor: Vendor::Nvidia,
                pci_id: Some("10de:2330".parse().unwrap()),
                memory: Some(GpuMemory::Dedicated {
                    total_bytes: Bytes::mib(81_559),
                    free_bytes: Bytes::mib(81_000),
                }),
                bandwidth: Some(Bandwidth::gb_per_second(3352.32)),
                pcie: Some(PcieLink { generation: 5, width: 16 }),
                power_limit_watts: Some(700.0),
                driver: Some("580.65.06".into()),
                slice: None,
            }]
        );
        assert_eq!(notes, Vec::<Message>::new());
    }

    #[test]
    fn bus_width_and_clock_give_the_published_bandwidth_of_gddr_and_hbm_alike() {
        // Clocks as `nvidia-smi -q -d CLOCK` prints them, bandwidths as the data sheets do.
        for (name, bits, megahertz, published) in [
            ("RTX 3090, GDDR6X", 384, 9751, 936.2),
            ("RTX 4090, GDDR6X", 384, 10_501, 1008.0),
            ("RTX 5090, GDDR7", 512, 14_001, 1792.0),
            ("Tesla T4, GDDR6", 256, 5001, 320.0),
            ("GTX 1080 Ti, GDDR5X", 352, 5505, 484.4),
            ("A100 80GB, HBM2e", 5120, 1593, 2039.0),
            ("H200, HBM3e", 6144, 3201, 4800.0),
        ] {
            let told = bandwidth(&Reading {
                bus_width_bits: Some(bits),
                memory_clock_mhz: Some(megahertz),
                ..Reading::default()
            })
            .expect("a bandwidth")
            .as_gb_per_second();
            assert!((told / published - 1.0).abs() < 0.03, "{name}: {told}");
        }
    }

    #[test]
    fn a_card_in_mig_mode_is_its_slices_with_their_share() {
        let mut notes = Vec::new();
        let slice = SliceReading {
            name: "NVIDIA H100 80GB HBM3 MIG 3g.40gb".into(),
            memory: Some(MemoryReading { total: Bytes::mib(40_448), free: Bytes::mib(40_400) }),
            compute_slices: 3,
        };
        let mig = Mig { most_slices: 7, slices: vec![slice.clone(), slice] };
        let cards = translate(Reading { mig: Some(mig), ..reading() }, None, &mut notes);
        assert_eq!(cards.len(), 2);
        let bandwidth = cards[0].bandwidth.expect("a bandwidth").as_gb_per_second();
        assert!((bandwidth - 1662.5).abs() < 1.0, "{bandwidth}");
        assert_eq!(cards[0].slice, Some(Slice { card_memory: Bytes::mib(81_559), compute_share: 3.0 / 7.0 }));
        assert_eq!(notes, [message!(ProbeMigSlices { name: "NVIDIA H100 80GB HBM3" })]);
    }

    #[test]
    fn mig_mode_without_slices_has_no_gpu_and_says_what_to_do() {
        let mut notes = Vec::new();
        let mig = Mig { most_slices: 7, slices: vec![] };
        assert_eq!(translate(Reading { mig: Some(mig), ..reading() }, None, &mut notes), []);
        assert_eq!(notes, [message!(ProbeMigEmpty { name: "NVIDIA H100 80GB HBM3" })]);
    }

    #[test]
    fn a_card_without_its_driver_is_a_note_and_no_card_is_none() {
        assert!(unused_hardware(&fixture("nvidia-without-driver")).is_some());
        assert_eq!(unused_hardware(&fixture("amd-card")), None);
        assert_eq!(unused_hardware(&fixture("arm64")), None);
    }
}
