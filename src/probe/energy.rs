//! What the machine counts of the energy that it draws: the processors' packages by RAPL, NVIDIA's cards by NVML.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use nvml_wrapper::Nvml;

use crate::units::Joules;

/// Where Linux has RAPL: Documentation/power/powercap/powercap.rst of the kernel.
const POWERCAP: &str = "/sys/class/powercap";

/// Everything here that counts energy.
#[derive(Debug)]
pub struct EnergyCounters {
    packages: Vec<Package>,
    cards: Option<Nvml>,
}

/// A processor package, whose counter begins again at the end of its range.
#[derive(Debug)]
struct Package {
    counter: PathBuf,
    range: u64,
    last: Cell<u64>,
    passed: Cell<u64>,
}

impl EnergyCounters {
    /// Those that may be read; most systems let only the administrator read RAPL. Without `cards`, what idle ones draw is
    /// not counted.
    #[must_use]
    pub fn of_this_machine(cards: bool) -> Self {
        let cards = if cards { Nvml::init().ok() } else { None };
        Self { packages: packages(Path::new(POWERCAP)), cards }
    }

    /// What was drawn since some moment; none where nothing counts.
    #[must_use]
    pub fn read(&self) -> Option<Joules> {
        let packages: u64 = self.packages.iter().map(Package::read).sum();
        let cards = self.cards.as_ref().and_then(card_millijoules);
        if self.packages.is_empty() && cards.is_none() {
            return None;
        }
        Some(Joules(packages as f64 / 1e6 + cards.unwrap_or(0) as f64 / 1e3))
    }
}

/// The packages under `folder`, without their parts (cores, memory), which they contain.
fn packages(folder: &Path) -> Vec<Package> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut packages: Vec<_> = entries.filter_map(|entry| package(&entry.path())).collect();
    packages.sort_by(|a, b| a.counter.cmp(&b.counter));
    packages
}

fn package(folder: &Path) -> Option<Package> {
    let name = fs::read_to_string(folder.join("name")).ok()?;
    if !name.trim().starts_with("package") {
        return None;
    }
    let counter = folder.join("energy_uj");
    let last = number(&counter)?;
    let range = number(&folder.join("max_energy_range_uj")).unwrap_or(u64::from(u32::MAX));
    Some(Package { counter, range, last: Cell::new(last), passed: Cell::new(0) })
}

impl Package {
    /// Microjoules since this value was made. It must be read more often than the counter goes round: some minutes.
    fn read(&self) -> u64 {
        if let Some(now) = number(&self.counter) {
            let last = self.last.replace(now);
            let more = if now >= last { now - last } else { self.range.saturating_sub(last) + now };
            self.passed.set(self.passed.get() + more);
        }
        self.passed.get()
    }
}

fn number(path: &Path) -> Option<u64> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

/// What all cards drew since their driver was loaded; Volta and later count it.
fn card_millijoules(nvml: &Nvml) -> Option<u64> {
    let count = nvml.device_count().ok()?;
    let drawn =
        (0..count).filter_map(|index| nvml.device_by_index(index).ok()?.total_energy_consumption().ok());
    drawn.fold(None, |sum: Option<u64>, drawn| Some(sum.unwrap_or(0) + drawn))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_summed_and_go_round() {
        let folder = tempfile::tempdir().unwrap();
        let write = |domain: &str, file: &str, text: &str| {
            let domain = folder.path().join(domain);
            fs::create_dir_all(&domain).unwrap();
            fs::write(domain.join(file), text).unwrap();
        };
        for (domain, name) in
            [("intel-rapl:0", "package-0\n"), ("intel-rapl:1", "package-1\n"), ("intel-rapl:0:0", "core\n")]
        {
            write(domain, "name", name);
            write(domain, "energy_uj", "1000000\n");
            write(domain, "max_energy_range_uj", "5000000\n");
        }
        // One that may not be read.
        write("intel-rapl:2", "name", "package-2\n");
        let counters = EnergyCounters { packages: packages(folder.path()), cards: None };
        assert_eq!(counters.packages.len(), 2);
        assert_eq!(counters.read(), Some(Joules(0.0)));
        write("intel-rapl:0", "energy_uj", "3500000\n");
        assert_eq!(counters.read(), Some(Joules(2.5)));
        // Round the end of its range: 1.5 joules to the end, 0.5 after it.
        write("intel-rapl:0", "energy_uj", "500000\n");
        assert_eq!(counters.read(), Some(Joules(4.5)));
        let none = EnergyCounters { packages: packages(Path::new("/nonexistent")), cards: None };
        assert_eq!(none.read(), None);
    }
}
