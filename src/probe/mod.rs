//! Finds out what the machine at hand has. Only commands call it.
//!
//! Absent is not broken: a machine without a GPU has none, and a driver that is there and fails is a note of the
//! [`Machine`]. All files are read under a root folder, so that tests run on trees of their own.

mod activity;
#[cfg(any(target_os = "macos", test))]
mod apple;
mod card;
mod disk;
mod energy;
mod error;
mod host;
mod known_bandwidth;
#[cfg(any(target_os = "linux", test))]
mod linux;
mod memory_bandwidth;
mod scattered;
#[cfg(any(not(target_os = "linux"), test))]
mod system;

use std::path::PathBuf;
use std::thread;

use etcetera::BaseStrategy as _;

pub use activity::Activity;
pub use disk::read as disk;
pub use energy::EnergyCounters;
pub use error::ProbeError;
pub use scattered::read as scattered_memory;

use crate::catalog::Catalog;
use crate::error::Failure as _;
use crate::machine::{MACHINE_SCHEMA_VERSION, Machine, Origin, Ram};
use crate::message;
use crate::message::Message;
use host::{Host, Memory, Processors};

/// Paths, date and threads that probing works with.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The root of the file system: `/`.
    pub root: PathBuf,
    /// Threads that this process may run at once: affinity and the cgroup's CPU quota considered.
    pub usable_threads: u32,
    /// The folder that models are kept in.
    pub models: PathBuf,
    /// The file that keeps measured bandwidths.
    pub measurements: PathBuf,
    /// Today, in UTC.
    pub today: jiff::civil::Date,
}

impl Surroundings {
    /// The machine at hand, today.
    #[must_use]
    pub fn here() -> Self {
        let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        // Without a home directory, what would be kept there goes with the temporary files.
        let (home, cache) = etcetera::choose_base_strategy().map_or_else(
            |_| (std::env::temp_dir(), std::env::temp_dir()),
            |places| (places.home_dir().to_owned(), places.cache_dir()),
        );
        Self {
            root: PathBuf::from("/"),
            usable_threads: u32::try_from(threads).unwrap_or(u32::MAX),
            models: disk::models_folder(|name| std::env::var_os(name), &home),
            measurements: cache.join("r1-advisor/machine-bandwidth.json"),
            today: jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date(),
        }
    }
}

/// Whether memory bandwidth is measured now or taken as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bandwidths {
    /// An earlier measurement, the platform's specification or a guess.
    AsKnown,
    /// Measured now and kept: takes a second or two and up to a quarter of the available memory.
    Measure,
}

/// The machine at hand. What fails in part is in its notes.
pub fn machine(
    around: &Surroundings,
    bandwidths: Bandwidths,
    catalog: &Catalog,
) -> Result<Machine, ProbeError> {
    let mut notes = Vec::new();
    let Host { name, mut processors, memory, cards } = host(around, &mut notes)?;
    if processors.cpu.clock_ghz.is_none()
        && let Ok(Some(platform)) = catalog.cpu_platform(&processors.cpu.model)
    {
        processors.cpu.clock_ghz = platform.clock_ghz;
    }
    let ram = match bandwidths {
        Bandwidths::AsKnown => known(around, &processors, &memory, catalog, &mut notes),
        Bandwidths::Measure => measure(around, &processors, &memory, &mut notes),
    };
    let cards = cards.into_iter();
    let gpus = cards.filter_map(|card| card.complete(catalog, memory.physical, &mut notes)).collect();
    Ok(Machine {
        schema_version: MACHINE_SCHEMA_VERSION,
        name: name.unwrap_or_else(|| "this machine".to_owned()),
        origin: Origin::Probed { date: around.today },
        cpu: processors.cpu,
        ram,
        gpus,
        disk: disk::read(&around.models),
        assumed: std::collections::BTreeSet::new(),
        notes,
    })
}

#[cfg(target_os = "macos")]
fn host(around: &Surroundings, _notes: &mut Vec<Message>) -> Result<Host, ProbeError> {
    apple::read(around.usable_threads)
}

#[cfg(target_os = "linux")]
fn host(around: &Surroundings, notes: &mut Vec<Message>) -> Result<Host, ProbeError> {
    linux::read(&around.root, around.usable_threads, notes)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn host(around: &Surroundings, _notes: &mut Vec<Message>) -> Result<Host, ProbeError> {
    system::read(around.usable_threads)
}

fn key(processors: &Processors, memory: &Memory) -> known_bandwidth::Key {
    known_bandwidth::Key {
        cpu: processors.cpu.model.clone(),
        physical_cores: processors.cpu.physical_cores,
        usable_threads: processors.cpu.usable_threads,
        ram_bytes: memory.physical,
    }
}

fn known(
    around: &Surroundings,
    processors: &Processors,
    memory: &Memory,
    catalog: &Catalog,
    notes: &mut Vec<Message>,
) -> Ram {
    let kept = known_bandwidth::kept(&around.measurements, &key(processors, memory));
    let reading = kept.unwrap_or_else(|| {
        let platform = catalog.cpu_platform(&processors.cpu.model).unwrap_or_else(|error| {
            notes.push(message!(ProbeCpuLookup).because(error.message()));
            None
        });
        known_bandwidth::unmeasured(processors, platform, notes)
    });
    memory.with_bandwidth(Some(reading))
}

fn measure(around: &Surroundings, processors: &Processors, memory: &Memory, notes: &mut Vec<Message>) -> Ram {
    let cpu = &processors.cpu;
    let available = memory.with_bandwidth(None).available_bytes;
    let plan = memory_bandwidth::Plan::new(cpu.last_level_cache_bytes, available, cpu.usable_threads);
    if plan.cache_may_help {
        notes.push(message!(ProbeSmallBuffer { available }));
    }
    let reading = known_bandwidth::measured(memory_bandwidth::measure(&plan), around.today);
    let kept = known_bandwidth::keep(&around.measurements, key(processors, memory), reading.clone());
    if let Err(error) = kept {
        notes.push(message!(ProbeNotKept { path: &around.measurements }).because(error));
    }
    memory.with_bandwidth(Some(reading))
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    /// A tree of system files under `tests/fixtures/sysfs`.
    pub(super) fn fixture(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sysfs").join(name)
    }
}
