//! A machine as `sysinfo` reports it.
//!
//! Linux is read from its files instead (`linux`): `sysinfo` reads them under `/` only, so that no test could show it
//! the machines of others, and it knows the memory limit of the root control group alone.

use std::collections::BTreeSet;

use sysinfo::{CpuRefreshKind, MemoryRefreshKind, RefreshKind, System};

use super::ProbeError;
use super::host::{Host, Memory, Processors};
use crate::machine::{Cpu, InstructionSet};
use crate::units::Bytes;

/// The machine at hand, without its GPUs, of which this process may run `usable_threads`.
pub(super) fn read(usable_threads: u32) -> Result<Host, ProbeError> {
    // Nothing else: its lists of processes, disks and sensors take far longer.
    let wanted = RefreshKind::nothing()
        .with_cpu(CpuRefreshKind::nothing())
        .with_memory(MemoryRefreshKind::everything());
    let system = System::new_with_specifics(wanted)
        .map_err(|_| ProbeError::UnknownSystem { system: std::env::consts::OS })?;
    let brand = system.cpus().iter().map(|cpu| cpu.brand().trim()).find(|brand| !brand.is_empty());
    let cores = System::physical_core_count().ok().and_then(|cores| u32::try_from(cores).ok());
    let physical = Bytes(system.total_memory());
    Ok(Host {
        name: System::host_name().ok(),
        processors: Processors {
            cpu: Cpu {
                model: brand.unwrap_or("unknown CPU").to_owned(),
                physical_cores: cores.unwrap_or(usable_threads),
                usable_threads,
                clock_ghz: None,
                sockets: 1,
                numa_nodes: 1,
                instruction_sets: instruction_sets(),
                last_level_cache_bytes: None,
            },
            virtual_machine: false,
        },
        memory: Memory {
            physical,
            // Zero where the system does not report it.
            available: Some(Bytes(system.available_memory()))
                .filter(|free| *free > Bytes::ZERO)
                .unwrap_or(physical),
            swap: Bytes(system.total_swap()),
            limit: None,
        },
        cards: Vec::new(),
    })
}

#[cfg(target_arch = "x86_64")]
fn instruction_sets() -> BTreeSet<InstructionSet> {
    use std::arch::is_x86_feature_detected as has;
    let avx512 = has!("avx512f") && has!("avx512bw") && has!("avx512dq") && has!("avx512vl");
    let sets = [
        (InstructionSet::Avx2, has!("avx2") && has!("fma")),
        (InstructionSet::Avx512, avx512),
        (InstructionSet::Avx512Vnni, has!("avx512vnni")),
        (InstructionSet::Avx512Bf16, has!("avx512bf16")),
        (InstructionSet::AvxVnni, has!("avxvnni")),
    ];
    sets.into_iter().filter_map(|(set, has)| has.then_some(set)).collect()
}

#[cfg(target_arch = "aarch64")]
fn instruction_sets() -> BTreeSet<InstructionSet> {
    use std::arch::is_aarch64_feature_detected as has;
    let sets = [
        (InstructionSet::Neon, has!("neon")),
        (InstructionSet::Dotprod, has!("dotprod")),
        (InstructionSet::I8mm, has!("i8mm")),
        (InstructionSet::Sve, has!("sve")),
    ];
    sets.into_iter().filter_map(|(set, has)| has.then_some(set)).collect()
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn instruction_sets() -> BTreeSet<InstructionSet> {
    BTreeSet::new()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::probe::linux;

    #[test]
    fn it_says_of_this_machine_what_the_files_of_linux_say() {
        let of_files = linux::read(Path::new("/"), 1, &mut Vec::new()).unwrap();
        let here = read(1).unwrap();
        assert_eq!(here.name, of_files.name);
        assert_eq!(here.memory.physical, of_files.memory.physical);
        assert_eq!(here.memory.swap, of_files.memory.swap);
        let (cpu, expected) = (here.processors.cpu, of_files.processors.cpu);
        assert_eq!(cpu.physical_cores, expected.physical_cores);
        assert!(cpu.instruction_sets.is_subset(&expected.instruction_sets), "{:?}", cpu.instruction_sets);
        // The names of Arm cores are a table of ours, and one of its own.
        if cfg!(target_arch = "x86_64") {
            assert_eq!(cpu.model, expected.model);
        }
    }
}
