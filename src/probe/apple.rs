//! Macs: what `sysctl`, `vm_stat` and `ioreg` tell.

use std::collections::BTreeMap;
#[cfg(target_os = "macos")]
use std::process::Command;

use super::ProbeError;
use super::card::Card;
use super::host::{Host, Memory, Processors};
use crate::machine::{Cpu, GpuMemory, InstructionSet, Vendor};
use crate::units::Bytes;

/// The machine at hand.
#[cfg(target_os = "macos")]
pub(super) fn read(usable_threads: u32) -> Result<Host, ProbeError> {
    // One call of a system program instead of a dozen of `sysctlbyname`: no unsafe code, and 3 ms.
    let sysctl = run("/usr/sbin/sysctl", &["hw", "machdep.cpu", "iogpu", "vm.swapusage", "kern.hostname"])?;
    let pages = run("/usr/bin/vm_stat", &[])?;
    let graphics = run("/usr/sbin/ioreg", &["-rc", "AGXAccelerator", "-d", "1"])?;
    host(&Output { sysctl: &sysctl, vm_stat: &pages, ioreg: &graphics }, usable_threads)
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

/// What the system's programs print.
struct Output<'a> {
    sysctl: &'a str,
    vm_stat: &'a str,
    ioreg: &'a str,
}

/// The machine that the programs' output describes.
fn host(output: &Output<'_>, usable_threads: u32) -> Result<Host, ProbeError> {
    let values: BTreeMap<&str, &str> =
        output.sysctl.lines().filter_map(|line| line.split_once(": ")).collect();
    let number = |name: &str| values.get(name).and_then(|value| value.trim().parse::<u64>().ok());
    let count = |name: &str| number(name).and_then(|count| u32::try_from(count).ok());
    let flag = |name: &str| number(name) == Some(1);
    let missing = |entry| ProbeError::Missing { path: "sysctl".into(), entry };
    let physical = number("hw.memsize").map(Bytes).ok_or_else(|| missing("hw.memsize"))?;
    let model = values.get("machdep.cpu.brand_string").ok_or_else(|| missing("machdep.cpu.brand_string"))?;
    let apple_silicon = flag("hw.optional.arm64");
    let instruction_sets = [
        (InstructionSet::Neon, apple_silicon),
        (InstructionSet::Dotprod, flag("hw.optional.arm.FEAT_DotProd")),
        (InstructionSet::I8mm, flag("hw.optional.arm.FEAT_I8MM")),
        (InstructionSet::Avx2, flag("hw.optional.avx2_0")),
        (InstructionSet::Avx512, flag("hw.optional.avx512f") && flag("hw.optional.avx512bw")),
    ];
    let card = apple_silicon.then(|| Card {
        name: Some(match gpu_cores(output.ioreg) {
            // Chips of one name are sold with more or fewer GPU cores and memory channels.
            Some(cores) => format!("{model} ({cores}-core GPU)"),
            None => (*model).to_owned(),
        }),
        vendor: Vendor::Apple,
        pci_id: None,
        memory: Some(gpu_memory(number("iogpu.wired_limit_mb"), physical)),
        bandwidth: None,
        pcie: None,
        power_limit_watts: None,
        driver: None,
        slice: None,
    });
    Ok(Host {
        name: values.get("kern.hostname").map(|name| (*name).to_owned()),
        processors: Processors {
            cpu: Cpu {
                model: (*model).to_owned(),
                physical_cores: count("hw.physicalcpu").unwrap_or(usable_threads),
                usable_threads,
                clock_ghz: None,
                sockets: count("hw.packages").unwrap_or(1),
                numa_nodes: 1,
                instruction_sets: instruction_sets
                    .into_iter()
                    .filter(|(_, has)| *has)
                    .map(|(set, _)| set)
                    .collect(),
                // Of Apple's own chips sysctl tells no more than the second level.
                last_level_cache_bytes: number("hw.l3cachesize")
                    .or_else(|| number("hw.perflevel0.l2cachesize"))
                    .map(Bytes),
            },
            virtual_machine: flag("kern.hv_vmm_present"),
        },
        memory: Memory {
            physical,
            available: available(output.vm_stat).unwrap_or(physical),
            swap: swap(&values),
            limit: None,
        },
        cards: card.into_iter().collect(),
    })
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

/// Pages that nobody uses or that can be had back at once: free, inactive, speculative and purgeable ones.
fn available(vm_stat: &str) -> Option<Bytes> {
    let page: u64 = vm_stat.split_once("page size of ")?.1.split(' ').next()?.parse().ok()?;
    let pages: u64 = ["Pages free", "Pages inactive", "Pages speculative", "Pages purgeable"]
        .iter()
        .filter_map(|name| {
            let rest = vm_stat.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
            rest.trim().trim_end_matches('.').parse::<u64>().ok()
        })
        .sum();
    Some(Bytes(page) * pages)
}

/// `vm.swapusage: total = 2048.00M  used = 1003.25M  free = 1044.75M  (encrypted)`
fn swap(values: &BTreeMap<&str, &str>) -> Bytes {
    let total =
        values.get("vm.swapusage").and_then(|usage| usage.split("total = ").nth(1)?.split(' ').next());
    total.and_then(|total| total.parse().ok()).unwrap_or(Bytes::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SYSCTL: &str = "\
hw.memsize: 38654705664
hw.packages: 1
hw.physicalcpu: 14
hw.optional.arm64: 1
hw.optional.arm.FEAT_DotProd: 1
hw.optional.arm.FEAT_I8MM: 1
hw.perflevel0.l2cachesize: 16777216
machdep.cpu.brand_string: Apple M3 Max
iogpu.wired_limit_mb: 0
vm.swapusage: total = 2048.00M  used = 1003.25M  free = 1044.75M  (encrypted)
kern.hostname: studio.local
";

    const VM_STAT: &str = "\
Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                               65536.
Pages active:                            500000.
Pages inactive:                           65536.
Pages speculative:                            0.
Pages purgeable:                              0.
";

    #[test]
    fn a_mac_is_read_from_what_its_programs_print() {
        let ioreg = "+-o AGXAcceleratorG15X\n    {\n      \"gpu-core-count\" = 30\n    }\n";
        let host = host(&Output { sysctl: SYSCTL, vm_stat: VM_STAT, ioreg }, 14).unwrap();
        assert_eq!(host.name.as_deref(), Some("studio.local"));
        assert_eq!(
            host.processors.cpu,
            Cpu {
                model: "Apple M3 Max".into(),
                physical_cores: 14,
                usable_threads: 14,
                clock_ghz: None,
                sockets: 1,
                numa_nodes: 1,
                instruction_sets: [InstructionSet::Neon, InstructionSet::Dotprod, InstructionSet::I8mm]
                    .into(),
                last_level_cache_bytes: Some(Bytes::mib(16)),
            }
        );
        let ram = host.memory.with_bandwidth(None);
        assert_eq!(ram.total_bytes, Bytes::gib(36));
        assert_eq!(ram.available_bytes, Bytes::gib(2));
        assert_eq!(ram.swap_bytes, Bytes::gib(2));
        assert_eq!(host.cards.len(), 1);
        assert_eq!(host.cards[0].name.as_deref(), Some("Apple M3 Max (30-core GPU)"));
        // llama.cpp logs recommendedMaxWorkingSetSize = 28991.03 MB on a 36 GiB M3 Max.
        assert_eq!(host.cards[0].memory, Some(GpuMemory::Unified { limit_bytes: Bytes::gib(27) }));
    }

    #[test]
    fn a_limit_that_the_user_set_counts() {
        assert_eq!(
            gpu_memory(Some(30_000), Bytes::gib(36)),
            GpuMemory::Unified { limit_bytes: Bytes::mib(30_000) }
        );
    }
}
