use std::collections::BTreeSet;

use super::gpus::{Cards, cores_in};
use super::{Assumptions, DescribeError, counted_name};
use crate::catalog::typed_name::with_unit;
use crate::catalog::{Accelerator, AcceleratorKind, Catalog, CatalogError, Counted, CpuPlatform, Named};
use crate::machine::{Assumption, BandwidthBasis, BandwidthReading, Cpu, InstructionSet, Vendor};
use crate::message;
use crate::message::fact;
use crate::units::{Bandwidth, Bytes};

/// What two channels of DDR4-3200 (51.2 GB/s) reach in practice, for a CPU that the catalog does not know.
const ASSUMED_GB_PER_SECOND: f64 = 40.0;

/// The cores of a CPU of which nothing is known.
const ASSUMED_CORES: u32 = 8;

/// The processors of a wish.
pub(super) struct Asked<'a> {
    pub(super) name: Option<Counted<'a>>,
    pub(super) threads: Option<u32>,
}

type Processors = (Cpu, Option<BandwidthReading>);

/// The CPU's name without the size of memory behind it: `Raspberry Pi 5 8GB`.
pub(super) fn name_and_memory<'a>(
    cpu: Option<Counted<'a>>,
    catalog: &Catalog,
) -> Result<(Option<Counted<'a>>, Option<Bytes>), CatalogError> {
    let Some(Counted { name, count }) = cpu else { return Ok((None, None)) };
    let lower = name.to_ascii_lowercase();
    let trimmed = if lower.ends_with(" ram") { name[..name.len() - 4].trim_end() } else { name };
    let unit = trimmed.len() - trimmed.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len();
    let number = trimmed[..trimmed.len() - unit].trim_end();
    let board = number.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
    let size = trimmed.get(board.len()..).unwrap_or_default().trim();
    let memory = match with_unit(trimmed) {
        Some(_) if unit == 0 => format!("{size}GB").parse::<Bytes>(),
        _ => size.parse(),
    };
    let (Ok(memory), Some(platform)) = (memory, catalog.cpu_platform(board)?) else { return Ok((cpu, None)) };
    if platform.memory_options_gib.is_empty() {
        return Ok((cpu, None));
    }
    Ok((Some(Counted { name: board, count }), Some(memory)))
}

impl Asked<'_> {
    /// The processors beside these cards, and what main memory gives them.
    pub(super) fn processors(
        &self,
        cards: &Cards<'_>,
        catalog: &Catalog,
        assumed: &mut Assumptions,
    ) -> Result<Processors, DescribeError> {
        match (cards.unified(), self.name) {
            // Of a chip with its memory, the cores are the chip's; a processor that has a GPU besides is named itself.
            (Some(chip), Some(_)) if !chip.memory_options_gib.is_empty() => self.of_whole(chip, catalog),
            (_, Some(named)) => self.named(named, catalog, assumed),
            (Some(chip), None) => self.of_whole(chip, catalog),
            (None, None) => Ok(self.of_host(cards, catalog, assumed)?),
        }
    }

    fn of_whole(&self, chip: &Accelerator, catalog: &Catalog) -> Result<Processors, DescribeError> {
        Ok((self.of_chip(chip, catalog)?, chip_bandwidth(chip)))
    }

    /// The cores beside a unified GPU. They seldom matter, for the GPU reads the same memory.
    fn of_chip(&self, chip: &Accelerator, catalog: &Catalog) -> Result<Cpu, CatalogError> {
        let platform = catalog.cpu_platform(&chip.name)?;
        let cores = platform.and_then(|platform| platform.typical_cores).unwrap_or(ASSUMED_CORES);
        let x86 = matches!(chip.vendor, Vendor::Amd | Vendor::Intel);
        let sets = if x86 { [InstructionSet::Avx2] } else { [InstructionSet::Neon] };
        let cpu = Cpu {
            instruction_sets: sets.into(),
            ..plain_cpu(chip.name.clone(), self.threads.unwrap_or(cores), 1)
        };
        Ok(with_platform(cpu, platform))
    }

    fn named(
        &self,
        named: Counted<'_>,
        catalog: &Catalog,
        assumed: &mut Assumptions,
    ) -> Result<Processors, DescribeError> {
        let platform = catalog.cpu_platform(named.name)?;
        if platform.is_none() && is_card(named.name, catalog) {
            return Err(DescribeError::GpuAsCpu { name: named.name.to_owned() });
        }
        if platform.is_none()
            && let Some(meant) = catalog.nearest_cpu(named.name)?
        {
            return Err(misspelt(named.name, meant));
        }
        let sockets = named.count;
        let cores = self.threads.unwrap_or_else(|| {
            let known = platform.and_then(|platform| platform.cores_of(named.name));
            let cores = cores_in(named.name).or(known).unwrap_or_else(|| {
                let typical = platform.and_then(|platform| platform.typical_cores);
                // A board or a phone has one kind of CPU.
                if platform.is_none_or(|platform| platform.memory_options_gib.is_empty()) {
                    let cores = typical.unwrap_or(ASSUMED_CORES);
                    assumed.notes.push(if sockets > 1 {
                        message!(CatalogAssumedCoresSocket { cores })
                    } else {
                        message!(CatalogAssumedCores { cores })
                    });
                }
                typical.unwrap_or(ASSUMED_CORES)
            });
            cores * sockets
        });
        let bandwidth = if let Some(platform) = platform {
            peak(platform, sockets, specified_by(&platform.provenance.source))
        } else {
            let reading = unknown_bandwidth(sockets);
            let (name, rate) = (named.name, reading.bytes_per_second);
            assumed.notes.push(message!(CatalogAssumedBandwidth { name, rate }));
            reading
        };
        let known = platform.filter(|platform| platform.is_called(named.name));
        let model = known.map_or(named.name, |platform| &platform.name);
        let cpu = plain_cpu(model.to_owned(), cores, sockets);
        Ok((with_platform(cpu, platform), Some(bandwidth)))
    }

    /// What such cards usually stand beside.
    fn of_host(
        &self,
        cards: &Cards<'_>,
        catalog: &Catalog,
        assumed: &mut Assumptions,
    ) -> Result<Processors, CatalogError> {
        let (host, count) = match cards.first_card() {
            Some((card, count)) => (catalog.host(card, count)?, count),
            None => (None, 0),
        };
        let kind = host.map_or("desktop", |host| host.name.as_str());
        let Some((host, name)) = host.and_then(|host| Some((host, host.cpu.as_deref()?))) else {
            let rate = unknown_bandwidth(1);
            let bandwidth = rate.bytes_per_second;
            assumed.add(Assumption::Cpu, message!(CatalogAssumedCpu { cores: ASSUMED_CORES, bandwidth }));
            let cpu = plain_cpu(format!("a {kind} CPU"), self.threads.unwrap_or(ASSUMED_CORES), 1);
            return Ok((cpu, Some(rate)));
        };
        let sockets = host.sockets(count);
        let cpu = counted_name(sockets, name);
        assumed.add(Assumption::Cpu, message!(CatalogAssumedCpuHost { cpu, host: fact(kind) }));
        let platform = catalog.cpu_platform(name)?;
        let cores = platform.and_then(|platform| platform.cores_of(name).or(platform.typical_cores));
        let cores = self.threads.unwrap_or(cores.unwrap_or(ASSUMED_CORES) * sockets);
        let bandwidth = platform.map(|platform| peak(platform, sockets, BandwidthBasis::Assumed));
        let cpu = with_platform(plain_cpu(name.to_owned(), cores, sockets), platform);
        Ok((cpu, Some(bandwidth.unwrap_or_else(|| unknown_bandwidth(sockets)))))
    }
}

fn misspelt(name: &str, nearest: String) -> DescribeError {
    CatalogError::Unknown { kind: Named::Cpu, name: name.to_owned(), nearest: Some(nearest) }.into()
}

fn is_card(name: &str, catalog: &Catalog) -> bool {
    catalog.typed_accelerator(name).is_ok_and(|typed| typed.entry.kind != AcceleratorKind::Unified)
}

fn chip_bandwidth(chip: &Accelerator) -> Option<BandwidthReading> {
    let bytes_per_second = chip.bandwidth?;
    Some(BandwidthReading {
        bytes_per_second,
        basis: specified_by(&chip.provenance.source),
        by_threads: Vec::new(),
    })
}

fn peak(platform: &CpuPlatform, sockets: u32, basis: BandwidthBasis) -> BandwidthReading {
    let gigabytes = platform.bandwidth_gb_per_second * f64::from(sockets);
    BandwidthReading { bytes_per_second: Bandwidth::gb_per_second(gigabytes), basis, by_threads: Vec::new() }
}

fn specified_by(source: &str) -> BandwidthBasis {
    BandwidthBasis::Specified { source: source.to_owned() }
}

fn unknown_bandwidth(sockets: u32) -> BandwidthReading {
    BandwidthReading {
        bytes_per_second: Bandwidth::gb_per_second(ASSUMED_GB_PER_SECOND * f64::from(sockets)),
        basis: BandwidthBasis::Assumed,
        by_threads: Vec::new(),
    }
}

fn with_platform(cpu: Cpu, platform: Option<&CpuPlatform>) -> Cpu {
    match platform {
        Some(platform) => {
            Cpu { instruction_sets: platform.instruction_sets.clone(), clock_ghz: platform.clock_ghz, ..cpu }
        }
        None => cpu,
    }
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
