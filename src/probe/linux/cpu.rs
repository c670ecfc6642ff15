//! The processors: `/proc/cpuinfo`, and the topology and caches under `/sys/devices/system`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::{arm, files};
use crate::machine::{Cpu, InstructionSet};
use crate::probe::ProbeError;
use crate::probe::host::Processors;
use crate::units::Bytes;

/// Reads the processors of the machine at hand, of which this process may use `usable_threads`.
pub(in crate::probe) fn read(root: &Path, usable_threads: u32) -> Result<Processors, ProbeError> {
    let path = root.join("proc/cpuinfo");
    let info = fs::read_to_string(&path).map_err(|source| ProbeError::Read { path, source })?;
    let topology = Topology::of(&info).or_else(|| Topology::of_folders(root));
    let logical = u32::try_from(values(&info, "processor").count()).unwrap_or(1).max(1);
    let flags: BTreeSet<&str> = values(&info, "flags")
        .next()
        .or_else(|| values(&info, "Features").next())
        .unwrap_or_default()
        .split(' ')
        .collect();
    let cpu = Cpu {
        model: model(root, &info),
        physical_cores: topology.map_or(logical, |topology| topology.cores),
        usable_threads: usable_threads.clamp(1, logical),
        clock_ghz: clock_ghz(root),
        sockets: topology.map_or(1, |topology| topology.sockets),
        numa_nodes: numa_nodes(root),
        instruction_sets: instruction_sets(&flags),
        last_level_cache_bytes: last_level_cache(root),
    };
    Ok(Processors { cpu, virtual_machine: flags.contains("hypervisor") })
}

/// The clock that all cores hold under vector load: about nine tenths of what one core may reach. Virtual
/// machines do not report it.
fn clock_ghz(root: &Path) -> Option<f64> {
    let kilohertz = files::text(&root.join("sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq"))?;
    Some(kilohertz.trim().parse::<f64>().ok()? * 0.9 / 1e6)
}

/// The values of a key of `/proc/cpuinfo`, one a processor.
fn values<'a>(info: &'a str, key: &str) -> impl Iterator<Item = &'a str> {
    info.lines().filter_map(move |line| {
        let (name, value) = line.split_once(':')?;
        (name.trim_end() == key).then_some(value.trim())
    })
}

fn model(root: &Path, info: &str) -> String {
    let named = values(info, "model name").find(|name| !name.is_empty()).map(ToOwned::to_owned);
    // A device tree ends its strings with a zero byte.
    let board = || files::text(&root.join("proc/device-tree/model")).map(|name| name.replace('\0', ""));
    let core = || arm::core_name(values(info, "CPU implementer").next()?, values(info, "CPU part").next()?);
    named.or_else(core).or_else(board).unwrap_or_else(|| "unknown CPU".to_owned())
}

/// How many sockets and cores there are.
#[derive(Clone, Copy)]
struct Topology {
    sockets: u32,
    cores: u32,
}

impl Topology {
    /// From `/proc/cpuinfo` of x86, which spares two reads a processor.
    fn of(info: &str) -> Option<Self> {
        Self::count(values(info, "physical id").zip(values(info, "core id")))
    }

    /// From `/sys/devices/system/cpu`, which every architecture has.
    fn of_folders(root: &Path) -> Option<Self> {
        let cpus = root.join("sys/devices/system/cpu");
        let online = files::text(&cpus.join("online"))?;
        let places: Vec<_> = files::list(&online)
            .filter_map(|cpu| {
                let topology = cpus.join(format!("cpu{cpu}/topology"));
                // Arm boards without ACPI number their packages -1.
                let package = files::text(&topology.join("physical_package_id"))?;
                let siblings = files::text(&topology.join("core_cpus_list"))
                    .or_else(|| files::text(&topology.join("thread_siblings_list")))?;
                Some((package, siblings))
            })
            .collect();
        Self::count(places.iter().map(|(package, core)| (package.as_str(), core.as_str())))
    }

    fn count<'a>(places: impl Iterator<Item = (&'a str, &'a str)>) -> Option<Self> {
        let places: BTreeSet<_> = places.collect();
        let sockets: BTreeSet<_> = places.iter().map(|(socket, _)| socket).collect();
        let count = |length: usize| u32::try_from(length).ok().filter(|count| *count > 0);
        Some(Self { sockets: count(sockets.len())?, cores: count(places.len())? })
    }
}

fn numa_nodes(root: &Path) -> u32 {
    let nodes = files::text(&root.join("sys/devices/system/node/has_memory"));
    let count = nodes.map_or(0, |nodes| files::list(&nodes).count());
    u32::try_from(count).unwrap_or(1).max(1)
}

/// The instruction sets by the names that Linux gives them, on x86 and on Arm.
fn instruction_sets(flags: &BTreeSet<&str>) -> BTreeSet<InstructionSet> {
    const NAMES: [(InstructionSet, &[&str]); 10] = [
        (InstructionSet::Avx2, &["avx2", "fma"]),
        (InstructionSet::Avx512, &["avx512f", "avx512bw", "avx512dq", "avx512vl"]),
        (InstructionSet::Avx512Vnni, &["avx512_vnni"]),
        (InstructionSet::Avx512Bf16, &["avx512_bf16"]),
        (InstructionSet::AvxVnni, &["avx_vnni"]),
        (InstructionSet::AmxInt8, &["amx_tile", "amx_int8"]),
        (InstructionSet::Neon, &["asimd"]),
        (InstructionSet::Dotprod, &["asimddp"]),
        (InstructionSet::I8mm, &["i8mm"]),
        (InstructionSet::Sve, &["sve"]),
    ];
    NAMES
        .into_iter()
        .filter(|(_, names)| names.iter().all(|name| flags.contains(name)))
        .map(|(set, _)| set)
        .collect()
}

/// The last-level caches of all processors together.
///
/// A cache is counted once, however many processors share it, and a processor that is known to share one is not
/// asked: that leaves a handful of reads on a machine with hundreds of processors.
fn last_level_cache(root: &Path) -> Option<Bytes> {
    let cpus = root.join("sys/devices/system/cpu");
    let online = files::text(&cpus.join("online"))?;
    let mut covered = BTreeSet::new();
    let mut total = Bytes::ZERO;
    for cpu in files::list(&online) {
        if covered.contains(&cpu) {
            continue;
        }
        let caches = cpus.join(format!("cpu{cpu}/cache"));
        let levels = files::names(&caches).into_iter().filter(|name| name.starts_with("index"));
        let (_, last) = levels
            .filter_map(|name| {
                let cache = caches.join(name);
                Some((files::number::<u32>(&cache.join("level"))?, cache))
            })
            .max_by_key(|(level, _)| *level)?;
        let shared = files::text(&last.join("shared_cpu_list")).unwrap_or_default();
        covered.extend(files::list(&shared));
        covered.insert(cpu);
        total += files::text(&last.join("size"))?.parse().ok()?;
    }
    (total > Bytes::ZERO).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::tests::fixture;

    #[test]
    fn two_sockets_with_smt_are_counted_once_a_core_and_once_a_cache() {
        let processors = read(&fixture("epyc-two-sockets"), 8).unwrap();
        assert_eq!(
            processors.cpu,
            Cpu {
                model: "AMD EPYC 9124 16-Core Processor".into(),
                physical_cores: 4,
                usable_threads: 8,
                clock_ghz: None,
                sockets: 2,
                numa_nodes: 2,
                instruction_sets: [
                    InstructionSet::Avx2,
                    InstructionSet::Avx512,
                    InstructionSet::Avx512Vnni,
                    InstructionSet::Avx512Bf16
                ]
                .into(),
                last_level_cache_bytes: Some(Bytes::mib(128)),
            }
        );
        assert!(!processors.virtual_machine);
    }

    #[test]
    fn arm_cores_are_named_by_their_part_numbers() {
        let processors = read(&fixture("arm64"), 4).unwrap();
        assert_eq!(
            processors.cpu,
            Cpu {
                model: "Arm Neoverse-V2".into(),
                physical_cores: 4,
                usable_threads: 4,
                clock_ghz: None,
                sockets: 1,
                numa_nodes: 1,
                instruction_sets: [
                    InstructionSet::Neon,
                    InstructionSet::Dotprod,
                    InstructionSet::I8mm,
                    InstructionSet::Sve
                ]
                .into(),
                last_level_cache_bytes: Some(Bytes::mib(36)),
            }
        );
    }

    #[test]
    fn without_sysfs_the_processors_are_still_counted() {
        let cpu = read(&fixture("cgroup-v1"), 2).unwrap().cpu;
        assert_eq!((cpu.physical_cores, cpu.usable_threads, cpu.numa_nodes), (4, 2, 1));
        assert_eq!(cpu.last_level_cache_bytes, None);
    }

    #[test]
    fn a_machine_without_proc_says_which_file_is_missing() {
        let error = read(Path::new("/nonexistent"), 1).err().expect("an error");
        assert!(
            matches!(error, ProbeError::Read { path, .. } if path == Path::new("/nonexistent/proc/cpuinfo"))
        );
    }
}
