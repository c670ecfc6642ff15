//! What is known of main memory's bandwidth without measuring: an earlier measurement that was kept, the
//! platform's specification, or nothing but a cautious guess.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::host::Processors;
use crate::catalog::CpuPlatform;
use crate::machine::{BandwidthBasis, BandwidthReading, ThreadBandwidth};
use crate::message;
use crate::message::Message;
use crate::units::{Bandwidth, Bytes};

/// What one thread draws from memory at most, in GB/s: Xeon cores 12–15, EPYC cores 20–35 (line-fill buffers ×
/// 64 bytes ÷ latency). A few threads of a large machine get no more than so much each of its peak.
const ASSUMED_GB_PER_SECOND_A_THREAD: f64 = 15.0;

/// Of a machine of which nothing is known: what two channels of DDR4-2666 (42.7 GB/s) reach, the slowest memory
/// that is still common.
const ASSUMED_GB_PER_SECOND_AT_MOST: f64 = 35.0;

/// The machine that a measurement holds for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Key {
    pub(super) cpu: String,
    pub(super) physical_cores: u32,
    pub(super) usable_threads: u32,
    pub(super) ram_bytes: Bytes,
}

impl Key {
    /// Whether it is the same machine: kernels keep a little more or less memory to themselves after an update.
    fn is_same(&self, other: &Self) -> bool {
        let apart = self.ram_bytes.0.abs_diff(other.ram_bytes.0);
        (&self.cpu, self.physical_cores, self.usable_threads)
            == (&other.cpu, other.physical_cores, other.usable_threads)
            && apart <= self.ram_bytes.0 / 50
    }
}

/// A measurement as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Kept {
    machine: Key,
    reading: BandwidthReading,
}

/// The measurement that was kept for this machine. A file that cannot be read is as good as none: it is a cache.
pub(super) fn kept(path: &Path, key: &Key) -> Option<BandwidthReading> {
    read(path).into_iter().find(|kept| kept.machine.is_same(key)).map(|kept| kept.reading)
}

/// Keeps a measurement, in place of an earlier one of the same machine: whole or not at all.
pub(super) fn keep(path: &Path, key: Key, reading: BandwidthReading) -> io::Result<()> {
    let mut all = read(path);
    all.retain(|kept| !kept.machine.is_same(&key));
    all.push(Kept { machine: key, reading });
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer_pretty(&mut file, &all)?;
    file.flush()?;
    file.persist(path)?;
    Ok(())
}

fn read(path: &Path) -> Vec<Kept> {
    fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

/// The measurements as one reading.
pub(super) fn measured(by_threads: Vec<ThreadBandwidth>, date: jiff::civil::Date) -> BandwidthReading {
    let best = by_threads.iter().map(|reading| reading.bytes_per_second.0).fold(0.0, f64::max);
    BandwidthReading {
        bytes_per_second: Bandwidth(best),
        basis: BandwidthBasis::Measured { date },
        by_threads,
    }
}

/// The platform's peak, where the usable threads can draw it; else what they can, cautiously.
pub(super) fn unmeasured(
    processors: &Processors,
    platform: Option<&CpuPlatform>,
    notes: &mut Vec<Message>,
) -> BandwidthReading {
    let cpu = &processors.cpu;
    let drawn = ASSUMED_GB_PER_SECOND_A_THREAD * f64::from(cpu.usable_threads);
    let assumed = |gigabytes| BandwidthReading {
        bytes_per_second: Bandwidth::gb_per_second(gigabytes),
        basis: BandwidthBasis::Assumed,
        by_threads: Vec::new(),
    };
    let Some(platform) = platform else {
        let reading = assumed(drawn.min(ASSUMED_GB_PER_SECOND_AT_MOST));
        notes.push(message!(ProbeBandwidthAssumed { rate: reading.bytes_per_second }));
        return reading;
    };
    let peak = platform.bandwidth_gb_per_second * f64::from(cpu.sockets);
    if drawn < peak && (processors.virtual_machine || cpu.usable_threads < cpu.physical_cores) {
        let reading = assumed(drawn);
        notes.push(message!(ProbeBandwidthThreads {
            rate: reading.bytes_per_second,
            threads: cpu.usable_threads,
            peak: Bandwidth::gb_per_second(peak),
            name: &platform.name,
        }));
        return reading;
    }
    BandwidthReading {
        bytes_per_second: Bandwidth::gb_per_second(peak),
        basis: BandwidthBasis::Specified { source: platform.provenance.source.clone() },
        by_threads: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::linux::cpu;
    use crate::probe::tests::fixture;

    fn key() -> Key {
        Key {
            cpu: "AMD EPYC 9124 16-Core Processor".into(),
            physical_cores: 4,
            usable_threads: 8,
            ram_bytes: Bytes::gib(64),
        }
    }

    fn reading(gigabytes: f64) -> BandwidthReading {
        let bytes_per_second = Bandwidth::gb_per_second(gigabytes);
        measured(vec![ThreadBandwidth { threads: 8, bytes_per_second }], jiff::civil::date(2026, 11, 23))
    }

    #[test]
    fn a_measurement_is_found_again_on_its_machine_and_on_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r1-advisor/machine-bandwidth.json");
        assert_eq!(kept(&path, &key()), None);
        keep(&path, key(), reading(30.0)).unwrap();
        keep(&path, Key { usable_threads: 2, ..key() }, reading(20.0)).unwrap();
        keep(&path, key(), reading(31.0)).unwrap();
        assert_eq!(kept(&path, &key()), Some(reading(31.0)));
        assert_eq!(kept(&path, &Key { ram_bytes: Bytes::mib(65_000), ..key() }), Some(reading(31.0)));
        assert_eq!(kept(&path, &Key { usable_threads: 2, ..key() }), Some(reading(20.0)));
        assert_eq!(kept(&path, &Key { ram_bytes: Bytes::gib(32), ..key() }), None);
    }

    #[test]
    fn a_damaged_file_is_as_good_as_none_and_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("machine-bandwidth.json");
        fs::write(&path, "{ half").unwrap();
        assert_eq!(kept(&path, &key()), None);
        keep(&path, key(), reading(30.0)).unwrap();
        assert_eq!(kept(&path, &key()), Some(reading(30.0)));
    }

    fn genoa() -> CpuPlatform {
        toml::from_str(
            "id = 'epyc-9004'\nname = 'EPYC 9004'\npatterns = ['EPYC 9124']\nmemory_channels = 12\n\
             bandwidth_gb_per_second = 460.8\nprovenance = { source = 'data sheet' }",
        )
        .unwrap()
    }

    #[test]
    fn the_platform_specifies_the_peak_of_all_sockets() {
        let processors = cpu::read(&fixture("epyc-two-sockets"), 8).unwrap();
        let mut notes = Vec::new();
        let reading = unmeasured(&processors, Some(&genoa()), &mut notes);
        assert_eq!(reading.bytes_per_second, Bandwidth::gb_per_second(921.6));
        assert_eq!(reading.basis, BandwidthBasis::Specified { source: "data sheet".into() });
        assert_eq!(notes, Vec::<Message>::new());
    }

    #[test]
    fn a_few_threads_of_a_large_machine_are_not_promised_its_peak() {
        let processors = cpu::read(&fixture("epyc-two-sockets"), 2).unwrap();
        let mut notes = Vec::new();
        let reading = unmeasured(&processors, Some(&genoa()), &mut notes);
        assert_eq!(reading.bytes_per_second, Bandwidth::gb_per_second(30.0));
        assert_eq!(reading.basis, BandwidthBasis::Assumed);
        assert_eq!(notes.len(), 1);
    }
}
