//! A machine that flags name, put together from the catalog. What the flags leave out is assumed and noted.

use std::collections::BTreeSet;

use super::{Accelerator, AcceleratorKind, Catalog, CatalogError};
use crate::machine::{
    BandwidthBasis, BandwidthReading, Cpu, Gpu, GpuMemory, InstructionSet, MACHINE_SCHEMA_VERSION, Machine,
    Origin, Ram, Vendor,
};
use crate::units::{Bandwidth, Bytes, Flops};

/// The least memory of a machine that somebody puts a card into.
const LEAST_RAM: Bytes = Bytes::gib(32);

/// What two channels of DDR4-3200 (51.2 GB/s) reach in practice, for a CPU that the catalog does not know.
const ASSUMED_GB_PER_SECOND: f64 = 40.0;

/// What flags say of a machine.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// GPUs by name.
    pub gpu: Option<Counted<'a>>,
    /// Main memory.
    pub ram: Option<Bytes>,
    /// Processors by name.
    pub cpu: Option<Counted<'a>>,
    /// Threads to compute with.
    pub threads: Option<u32>,
}

/// A name and how many of it: `2x RTX 3090` is two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted<'a> {
    /// The name.
    pub name: &'a str,
    /// How many.
    pub count: u32,
}

/// More of a thing than this are not in one machine.
const MOST: u32 = 64;

impl<'a> Counted<'a> {
    /// The count before an `x`. In `7900 XTX` and `7900XTX` the number is a part of the name.
    #[must_use]
    pub fn in_front(text: &'a str) -> Option<Self> {
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let count = text[..digits].parse().ok().filter(|count: &u32| *count <= MOST)?;
        let name = text[digits..].trim_start().strip_prefix(['x', 'X', '×'])?.trim();
        (!name.is_empty()).then_some(Self { name, count })
    }
}

/// Why no such machine can be described.
#[derive(Debug, thiserror::Error)]
pub enum DescribeError {
    /// The catalog does not know the name, or cannot be read.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// A GPU that lives in main memory is there once.
    #[error("a machine has one `{name}`: it shares main memory with the CPU")]
    OneUnified {
        /// The GPU.
        name: String,
    },
}

/// The machine that the flags name.
pub fn describe(wish: &Wish<'_>, catalog: &Catalog) -> Result<Machine, DescribeError> {
    let mut notes = Vec::new();
    let accelerator = wish.gpu.map(|gpu| catalog.accelerator(gpu.name)).transpose()?;
    let count = wish.gpu.map_or(0, |gpu| gpu.count);
    let unified = accelerator.filter(|accelerator| accelerator.kind == AcceleratorKind::Unified);
    if let Some(accelerator) = unified.filter(|_| count > 1) {
        return Err(DescribeError::OneUnified { name: accelerator.name.clone() });
    }
    let total_bytes = wish.ram.unwrap_or_else(|| assumed_ram(accelerator, count, &mut notes));
    let (cpu, bandwidth) = match unified {
        Some(soc) => (soc_cpu(soc, wish.threads), soc.bandwidth.map(|rate| specified(rate, &soc.source))),
        None => cpu(wish, catalog, &mut notes)?,
    };
    let gpus = match (accelerator, wish.gpu) {
        (Some(accelerator), Some(Counted { name, count })) => {
            let gpu = gpu(accelerator, name, total_bytes, &mut notes);
            (0..count).map(|_| gpu.clone()).collect()
        }
        _ => Vec::new(),
    };
    Ok(Machine {
        schema_version: MACHINE_SCHEMA_VERSION,
        name: match accelerator {
            Some(accelerator) if count > 1 => format!("{count} × {}", accelerator.name),
            Some(accelerator) => accelerator.name.clone(),
            None => cpu.model.clone(),
        },
        origin: Origin::Described,
        cpu,
        ram: Ram {
            total_bytes,
            // What an idle system leaves: all but a tenth, or but 4 GiB of a large one.
            available_bytes: total_bytes - total_bytes.share(0.1).min(Bytes::gib(4)),
            cgroup_limit_bytes: None,
            swap_bytes: Bytes::ZERO,
            bandwidth,
        },
        gpus,
        disk: None,
        notes,
    })
}

fn assumed_ram(accelerator: Option<&Accelerator>, count: u32, notes: &mut Vec<String>) -> Bytes {
    let ram = match accelerator {
        Some(soc) if soc.kind == AcceleratorKind::Unified => soc.memory,
        Some(card) => Bytes((card.memory * u64::from(count)).0.next_power_of_two()).max(LEAST_RAM),
        None => LEAST_RAM,
    };
    notes.push(format!("main memory is assumed ({ram}): say what there is with `--ram`"));
    ram
}

fn gpu(accelerator: &Accelerator, name: &str, ram: Bytes, notes: &mut Vec<String>) -> Gpu {
    // Apple sells chips of one name with several counts of GPU cores.
    let share = match (accelerator.gpu_cores, cores_in(name)) {
        (Some(known), Some(said)) => f64::from(said) / f64::from(known),
        _ => 1.0,
    };
    let of_cores = |rate: Flops| Flops(rate.0 * share);
    if accelerator.kind == AcceleratorKind::Other {
        notes.push(format!(
            "llama.cpp has no backend for `{}`: speeds are of other software",
            accelerator.name
        ));
    }
    Gpu {
        name: accelerator.name.clone(),
        vendor: accelerator.vendor,
        memory: match accelerator.kind {
            AcceleratorKind::Unified => GpuMemory::default_share(accelerator.vendor, ram),
            AcceleratorKind::Gpu | AcceleratorKind::Other => {
                GpuMemory::of_idle_card(accelerator.visible_memory())
            }
        },
        bandwidth_bytes_per_second: accelerator.bandwidth,
        fp32_flops: accelerator.fp32.map(of_cores),
        fp16_flops: accelerator.fp16.map(of_cores),
        int8_ops: accelerator.int8.map(of_cores),
        class: accelerator.class,
        accelerator: Some(accelerator.id.clone()),
        pci_id: accelerator.pci_ids.first().copied(),
        pcie: accelerator.details.pcie,
        power_limit_watts: accelerator.tdp_watts,
        driver: None,
        mig: false,
    }
}

fn specified(rate: Bandwidth, source: &str) -> BandwidthReading {
    BandwidthReading {
        bytes_per_second: rate,
        basis: BandwidthBasis::Specified { source: source.to_owned() },
        by_threads: Vec::new(),
    }
}

/// The cores beside a unified GPU. They seldom matter, for the GPU reads the same memory; eight is what the
/// smallest of these chips have.
fn soc_cpu(soc: &Accelerator, threads: Option<u32>) -> Cpu {
    let cores = threads.unwrap_or(8);
    let x86 = matches!(soc.vendor, Vendor::Amd | Vendor::Intel);
    Cpu {
        instruction_sets: if x86 { [InstructionSet::Avx2].into() } else { [InstructionSet::Neon].into() },
        ..plain_cpu(soc.name.clone(), cores, 1)
    }
}

fn cpu(
    wish: &Wish<'_>,
    catalog: &Catalog,
    notes: &mut Vec<String>,
) -> Result<(Cpu, Option<BandwidthReading>), CatalogError> {
    let Some(named) = wish.cpu else {
        let rate = Bandwidth::gb_per_second(ASSUMED_GB_PER_SECOND);
        notes.push(format!("the CPU is assumed (8 cores, {rate} of memory bandwidth): name it with `--cpu`"));
        let cpu = plain_cpu("a desktop CPU".to_owned(), wish.threads.unwrap_or(8), 1);
        return Ok((cpu, Some(assumed(1))));
    };
    let platform = catalog.cpu_platform(named.name)?;
    let sockets = named.count;
    let cores = wish.threads.unwrap_or_else(|| {
        let known = platform.and_then(|platform| platform.cores_of(named.name));
        let cores = cores_in(named.name).or(known).unwrap_or_else(|| {
            let cores = platform.and_then(|platform| platform.typical_cores).unwrap_or(8);
            notes
                .push(format!("{cores} cores a socket are assumed: say how many there are with `--threads`"));
            cores
        });
        cores * sockets
    });
    let bandwidth = if let Some(platform) = platform {
        let rate = Bandwidth::gb_per_second(platform.bandwidth_gb_per_second * f64::from(sockets));
        specified(rate, &platform.source)
    } else {
        let reading = assumed(sockets);
        let meant = catalog.nearest_cpu(named.name)?.map(|name| format!("; did you mean `{name}`?"));
        notes.push(format!(
            "the catalog does not know the CPU `{}`: {} of memory bandwidth is assumed{}",
            named.name,
            reading.bytes_per_second,
            meant.unwrap_or_default()
        ));
        reading
    };
    let mut cpu = plain_cpu(named.name.to_owned(), cores, sockets);
    if let Some(platform) = platform {
        cpu.instruction_sets.clone_from(&platform.instruction_sets);
        cpu.clock_ghz = platform.clock_ghz;
    }
    Ok((cpu, Some(bandwidth)))
}

fn assumed(sockets: u32) -> BandwidthReading {
    BandwidthReading {
        bytes_per_second: Bandwidth::gb_per_second(ASSUMED_GB_PER_SECOND * f64::from(sockets)),
        basis: BandwidthBasis::Assumed,
        by_threads: Vec::new(),
    }
}

/// The number that a name has before `-core`.
fn cores_in(name: &str) -> Option<u32> {
    let before = &name[..name.to_ascii_lowercase().find("-core")?];
    before.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn plain_cpu(model: String, cores: u32, sockets: u32) -> Cpu {
    Cpu {
        model,
        physical_cores: cores,
        usable_threads: cores,
        clock_ghz: None,
        sockets,
        numa_nodes: sockets,
        instruction_sets: BTreeSet::from([InstructionSet::Avx2]),
        last_level_cache_bytes: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Wish<'_> = Wish { gpu: None, ram: None, cpu: None, threads: None };

    fn described(wish: &Wish<'_>) -> Machine {
        describe(wish, &Catalog::embedded().unwrap()).unwrap()
    }

    fn counted(count: u32, name: &str) -> Counted<'_> {
        Counted { name, count }
    }

    #[test]
    fn two_cards_in_a_server_are_put_together_from_the_catalog() {
        let ram = Some(Bytes::gib(256));
        let machine = described(&Wish {
            gpu: Some(counted(2, "rtx3090")),
            ram,
            cpu: Some(counted(2, "EPYC 9654 96-Core")),
            ..NOTHING
        });
        assert_eq!(machine.name, "2 × NVIDIA GeForce RTX 3090");
        assert_eq!(machine.gpus.len(), 2);
        assert_eq!(machine.gpus[0].memory.total(), Bytes::gib(24));
        assert!(machine.gpus[0].memory.free() < Bytes::gib(24));
        let bandwidth = machine.gpus[1].bandwidth_bytes_per_second.unwrap().as_gb_per_second();
        assert!((bandwidth - 936.0).abs() < 1.0, "{bandwidth}");
        assert_eq!((machine.cpu.sockets, machine.cpu.physical_cores), (2, 192));
        let reading = machine.ram.bandwidth.unwrap();
        assert_eq!(reading.bytes_per_second, Bandwidth::gb_per_second(921.6));
        assert!(matches!(reading.basis, BandwidthBasis::Specified { .. }));
        assert_eq!(machine.notes, Vec::<String>::new());
    }

    #[test]
    fn what_is_not_said_is_assumed_and_noted() {
        let machine = described(&Wish { gpu: Some(counted(1, "RTX 4090")), ..NOTHING });
        assert_eq!(machine.ram.total_bytes, Bytes::gib(32));
        assert_eq!(
            machine.notes,
            [
                "main memory is assumed (32.0 GiB): say what there is with `--ram`",
                "the CPU is assumed (8 cores, 40.0 GB/s of memory bandwidth): name it with `--cpu`"
            ]
        );
        let machine = described(&Wish { gpu: Some(counted(8, "H20")), ..NOTHING });
        assert_eq!(machine.ram.total_bytes, Bytes::gib(1024));
        let machine =
            described(&Wish { cpu: Some(counted(1, "Cyrix 6x86")), ram: Some(Bytes::gib(32)), ..NOTHING });
        assert_eq!(machine.ram.bandwidth.unwrap().basis, BandwidthBasis::Assumed);
        assert_eq!(machine.notes.len(), 2);
    }

    #[test]
    fn a_unified_chip_takes_its_default_share_of_main_memory() {
        let machine =
            described(&Wish { gpu: Some(counted(1, "M3 Max")), ram: Some(Bytes::gib(64)), ..NOTHING });
        assert_eq!(machine.gpus[0].memory, GpuMemory::Unified { limit_bytes: Bytes::gib(48) });
        assert_eq!(machine.ram.bandwidth.unwrap().bytes_per_second, Bandwidth::gb_per_second(400.0));
        assert_eq!(machine.cpu.instruction_sets, [InstructionSet::Neon].into());
        let two = Wish { gpu: Some(counted(2, "M3 Max")), ..NOTHING };
        let error = describe(&two, &Catalog::embedded().unwrap()).unwrap_err();
        assert!(matches!(error, DescribeError::OneUnified { .. }), "{error}");
    }

    #[test]
    fn a_misspelt_card_names_the_nearest() {
        let wish = Wish { gpu: Some(counted(1, "RTX 4O90")), ..NOTHING };
        let error = describe(&wish, &Catalog::embedded().unwrap()).unwrap_err();
        let DescribeError::Catalog(error) = error else { panic!("{error}") };
        assert!(error.hint().unwrap().en.contains("4090"), "{error}: {:?}", error.hint());
    }

    #[test]
    fn the_cores_are_in_the_full_name() {
        assert_eq!(cores_in("AMD EPYC 9654 96-Core Processor"), Some(96));
        assert_eq!(cores_in("EPYC 9654"), None);
        assert_eq!(cores_in("Quad-Core"), None);
    }
}
