use std::collections::BTreeSet;

use super::gpus::Cards;
use super::{Assumptions, Counted, DescribeError, MemoryModules, Wish, counted_name};
use crate::catalog::{Accelerator, Catalog, CatalogError, CpuPlatform};
use crate::machine::{Assumption, BandwidthBasis, BandwidthReading, Cpu, InstructionSet, Vendor};
use crate::message;
use crate::message::fact;
use crate::units::Bandwidth;

/// What two channels of DDR4-3200 (51.2 GB/s) reach in practice, for a CPU that the catalog does not know.
const ASSUMED_GB_PER_SECOND: f64 = 40.0;

/// The cores of a CPU of which nothing is known.
const ASSUMED_CORES: u32 = 8;

type Processors = (Cpu, Option<BandwidthReading>);

/// The processors beside these cards, and what main memory gives them.
pub(super) fn processors(
    wish: &Wish<'_>,
    cards: &Cards<'_>,
    catalog: &Catalog,
    assumed: &mut Assumptions,
) -> Result<Processors, DescribeError> {
    let asked = Asked { cpu: wish.cpu.as_ref(), cores: wish.cores, threads: wish.threads };
    let (cpu, reading) = asked.processors(cards, catalog, assumed)?;
    // What a chip shares its memory with is soldered beside it.
    let is_soldered = cards.unified().is_some_and(|chip| !chip.memory_options_gib.is_empty());
    let platform = catalog.cpu_platform(&cpu.model)?;
    let reading = match reading {
        Some(reading) if !is_soldered => Some(wish.modules.reading(reading, platform, cpu.sockets)),
        reading => reading,
    };
    Ok((cpu, reading))
}

impl MemoryModules {
    /// The bandwidth of these modules, where `usual` is that of the platform's.
    fn reading(
        &self,
        usual: BandwidthReading,
        platform: Option<&CpuPlatform>,
        sockets: u32,
    ) -> BandwidthReading {
        let channels = platform.map_or(2, |platform| platform.memory_channels) * sockets;
        let usual_speed = platform.and_then(|platform| platform.memory_type.as_deref()).and_then(transfers);
        let is_usual = |kind: &String| {
            platform.and_then(|platform| platform.memory_type.as_deref()).is_some_and(|usual| {
                usual
                    .split('-')
                    .next()
                    .is_some_and(|usual| usual.trim_start_matches("LP") == kind.trim_start_matches("LP"))
            })
        };
        let of_kind =
            self.kind.as_ref().filter(|kind| !is_usual(kind)).and_then(|kind| usual_transfers(kind));
        let speed = self.speed.or(of_kind);
        let filled =
            self.channels.or(self.count).filter(|filled| *filled < channels || self.channels.is_some());
        if speed.is_none() && filled.is_none() {
            return usual;
        }
        let (Some(speed), filled) = (speed.or(usual_speed), filled.unwrap_or(channels)) else { return usual };
        // A channel is 8 bytes wide; DDR5's two halves are counted as one.
        let gigabytes = f64::from(speed) * 8.0 * f64::from(filled) / 1000.0;
        BandwidthReading { bytes_per_second: Bandwidth::gb_per_second(gigabytes), ..usual }
    }
}

/// The transfers of `DDR5-5600`, in millions a second.
fn transfers(memory: &str) -> Option<u32> {
    memory.rsplit_once('-')?.1.parse().ok()
}

/// What modules of a kind usually do, in millions of transfers a second: JEDEC's fastest grade that is common.
fn usual_transfers(kind: &str) -> Option<u32> {
    Some(match kind {
        "DDR3" | "DDR3L" => 1600,
        "DDR4" => 3200,
        "DDR5" => 5600,
        "LPDDR4" | "LPDDR4X" => 4266,
        "LPDDR5" => 6400,
        "LPDDR5X" => 7500,
        _ => return None,
    })
}

/// The processors of a wish.
struct Asked<'a> {
    cpu: Option<&'a Counted<'a>>,
    cores: Option<u32>,
    threads: Option<u32>,
}

impl Asked<'_> {
    fn processors(
        &self,
        cards: &Cards<'_>,
        catalog: &Catalog,
        assumed: &mut Assumptions,
    ) -> Result<Processors, DescribeError> {
        match (cards.unified(), self.cpu) {
            // Of a chip with its memory, the cores are the chip's; a processor that has a GPU besides is named itself.
            (Some(chip), Some(_)) if !chip.memory_options_gib.is_empty() => self.of_whole(chip, catalog),
            (_, Some(named)) => self.named(named, catalog, assumed),
            (Some(chip), None) => self.of_whole(chip, catalog),
            (None, None) => Ok(self.of_host(cards, catalog, assumed)?),
        }
    }

    fn own_cores(&self) -> Option<u32> {
        self.threads.or(self.cores)
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
            ..plain_cpu(chip.name.clone(), self.own_cores().unwrap_or(cores), 1)
        };
        Ok(with_platform(cpu, platform))
    }

    fn named(
        &self,
        named: &Counted<'_>,
        catalog: &Catalog,
        assumed: &mut Assumptions,
    ) -> Result<Processors, DescribeError> {
        let name = &*named.name;
        let platform = catalog.cpu_platform(name)?;
        let sockets = named.count;
        let cores = self.own_cores().unwrap_or_else(|| {
            let known = platform.and_then(|platform| platform.cores_of(name));
            let cores = cores_in(name).or(known).unwrap_or_else(|| {
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
            let rate = reading.bytes_per_second;
            assumed.notes.push(message!(CatalogAssumedBandwidth { name, rate }));
            reading
        };
        let known = platform.filter(|platform| platform.is_called(name));
        let model = known.map_or(name, |platform| &platform.name);
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
            let cpu = plain_cpu(format!("a {kind} CPU"), self.own_cores().unwrap_or(ASSUMED_CORES), 1);
            return Ok((cpu, Some(rate)));
        };
        let sockets = host.sockets(count);
        let cpu = counted_name(sockets, name);
        assumed.add(Assumption::Cpu, message!(CatalogAssumedCpuHost { cpu, host: fact(kind) }));
        let platform = catalog.cpu_platform(name)?;
        let cores = platform.and_then(|platform| platform.cores_of(name).or(platform.typical_cores));
        let cores = self.own_cores().unwrap_or(cores.unwrap_or(ASSUMED_CORES) * sockets);
        let bandwidth = platform.map(|platform| peak(platform, sockets, BandwidthBasis::Assumed));
        let cpu = with_platform(plain_cpu(name.to_owned(), cores, sockets), platform);
        Ok((cpu, Some(bandwidth.unwrap_or_else(|| unknown_bandwidth(sockets)))))
    }
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

/// The number that a name has before `-core`.
fn cores_in(name: &str) -> Option<u32> {
    let before = &name[..name.to_ascii_lowercase().find("-core")?];
    before.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cores_are_in_the_full_name() {
        assert_eq!(cores_in("AMD EPYC 9654 96-Core Processor"), Some(96));
        assert_eq!(cores_in("EPYC 9654"), None);
        assert_eq!(cores_in("Quad-Core"), None);
    }
}
