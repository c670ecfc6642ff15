//! Macs: what `sysctl` and `ioreg` report beyond what every system does.

use std::collections::BTreeMap;
#[cfg(target_os = "macos")]
use std::process::Command;

use super::card::Card;
use super::host::Host;
#[cfg(target_os = "macos")]
use super::{ProbeError, system};
use crate::machine::{GpuMemory, Vendor};
use crate::units::Bytes;

/// The machine at hand, of which this process may run `usable_threads`.
#[cfg(target_os = "macos")]
pub(super) fn read(usable_threads: u32) -> Result<Host, ProbeError> {
    // Calls of two system programs instead of a dozen of `sysctlbyname`: no unsafe code, and 3 ms.
    let sysctl = run("/usr/sbin/sysctl", &["hw", "iogpu", "kern.hv_vmm_present"])?;
    let graphics = run("/usr/sbin/ioreg", &["-rc", "AGXAccelerator", "-d", "1"])?;
    Ok(complete(system::read(usable_threads)?, &sysctl, &graphics))
}

#[cfg(target_os = "macos")]
fn run(program: &'static str, arguments: &[&str]) -> Result<String, ProbeError> {
    // `sysctl` fails when one of the names is unknown (`iogpu` on an Intel Mac) and prints the others.
    let output = Command::new(program)
        .args(arguments)
        .output()
        .map_err(|source| ProbeError::Run { program, source })?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The machine with its caches, sockets and GPU, as the programs print them.
fn complete(mut host: Host, sysctl: &str, ioreg: &str) -> Host {
    let values: BTreeMap<&str, &str> = sysctl.lines().filter_map(|line| line.split_once(": ")).collect();
    let number = |name: &str| values.get(name).and_then(|value| value.trim().parse::<u64>().ok());
    let is_set = |name: &str| number(name) == Some(1);
    let cpu = &mut host.processors.cpu;
    cpu.sockets = number("hw.packages").and_then(|count| u32::try_from(count).ok()).unwrap_or(1);
    // Of Apple's own chips sysctl reports the second level only.
    cpu.last_level_cache_bytes =
        number("hw.l3cachesize").or_else(|| number("hw.perflevel0.l2cachesize")).map(Bytes);
    host.processors.virtual_machine = is_set("kern.hv_vmm_present");
    if is_set("hw.optional.arm64") {
        let model = &cpu.model;
        host.cards.push(Card {
            name: Some(match gpu_cores(ioreg) {
                // Chips of one name are sold with more or fewer GPU cores and memory channels.
                Some(cores) => format!("{model} ({cores}-core GPU)"),
                None => model.clone(),
            }),
            vendor: Vendor::Apple,
            pci_id: None,
            memory: Some(gpu_memory(number("iogpu.wired_limit_mb"), host.memory.physical)),
            bandwidth: None,
            pcie: None,
            power_limit_watts: None,
            driver: None,
            slice: None,
        });
    }
    host
}

/// `"gpu-core-count" = 40`
fn gpu_cores(ioreg: &str) -> Option<u32> {
    ioreg.lines().find_map(|line| line.split_once("\"gpu-core-count\" = ")?.1.trim().parse().ok())
}

/// What the GPU may wire down: set by the user, else the system's default share.
fn gpu_memory(wired_limit_mib: Option<u64>, physical: Bytes) -> GpuMemory {
    match wired_limit_mib {
        Some(limit) if limit > 0 => GpuMemory::Unified { limit_bytes: Bytes::mib(limit).min(physical) },
        _ => GpuMemory::default_share(Vendor::Apple, physical),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Cpu;
    use crate::probe::host::{Memory, Processors};

    const SYSCTL: &str = "\
hw.packages: 1
hw.optional.arm64: 1
hw.perflevel0.l2cachesize: 16777216
iogpu.wired_limit_mb: 0
";

    fn mac() -> Host {
        Host {
            name: Some("studio.local".into()),
            processors: Processors {
                cpu: Cpu {
                    model: "Apple M3 Max".into(),
                    physical_cores: 14,
                    usable_threads: 14,
                    clock_ghz: None,
                    sockets: 1,
                    numa_nodes: 1,
                    instruction_sets: [].into(),
                    last_level_cache_bytes: None,
                },
                virtual_machine: false,
            },
            memory: Memory {
                physical: Bytes::gib(36),
                available: Bytes::gib(2),
                swap: Bytes::ZERO,
                limit: None,
            },
            cards: Vec::new(),
        }
    }

    #[test]
    fn a_mac_is_completed_by_what_its_programs_print() {
        let ioreg = "+-o AGXAcceleratorG15X\n    {\n      \"gpu-core-count\" = 30\n    }\n";
        let host = complete(mac(), SYSCTL, ioreg);
        assert_eq!(host.processors.cpu.last_level_cache_bytes, Some(Bytes::mib(16)));
        assert_eq!(host.cards.len(), 1);
        assert_eq!(host.cards[0].name.as_deref(), Some("Apple M3 Max (30-core GPU)"));
        // llama.cpp logs recommendedMaxWorkingSetSize = 28991.03 MB on a 36 GiB M3 Max.
        assert_eq!(host.cards[0].memory, Some(GpuMemory::Unified { limit_bytes: Bytes::gib(27) }));
    }

    #[test]
    fn a_mac_of_intel_has_no_gpu_that_counts() {
        assert_eq!(complete(mac(), "hw.packages: 1\n", "").cards, []);
    }

    #[test]
    fn a_limit_that_the_user_set_counts() {
        assert_eq!(
            gpu_memory(Some(30_000), Bytes::gib(36)),
            GpuMemory::Unified { limit_bytes: Bytes::mib(30_000) }
        );
    }
}
