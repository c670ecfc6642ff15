//! Main memory: `/proc/meminfo`, and what the control groups leave of it.

use std::fs;
use std::path::Path;

use super::cgroup;
use crate::probe::ProbeError;
use crate::probe::host::Memory;
use crate::units::Bytes;

/// Reads the memory of the machine at hand.
pub(super) fn read(root: &Path) -> Result<Memory, ProbeError> {
    let path = root.join("proc/meminfo");
    let text = fs::read_to_string(&path).map_err(|source| ProbeError::Read { path: path.clone(), source })?;
    let physical = entry(&text, "MemTotal").ok_or(ProbeError::Missing { path, entry: "MemTotal" })?;
    Ok(Memory {
        physical,
        limit: cgroup::memory_limit(root),
        // Kernels before 3.14 do not have it; free memory is the cautious stand-in.
        available: entry(&text, "MemAvailable").or_else(|| entry(&text, "MemFree")).unwrap_or(physical),
        swap: entry(&text, "SwapTotal").unwrap_or(Bytes::ZERO),
    })
}

/// An entry of `/proc/meminfo`, which counts in KiB though it says kB.
fn entry(meminfo: &str, name: &str) -> Option<Bytes> {
    let rest = meminfo.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    rest.trim().trim_end_matches("kB").trim_end().parse().ok().map(Bytes::kib)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Ram;
    use crate::probe::tests::fixture;

    #[test]
    fn a_nested_cgroup_takes_its_smallest_ancestor() {
        let ram = read(&fixture("cgroup-v2-nested")).unwrap().with_bandwidth(None);
        assert_eq!(
            ram,
            Ram {
                total_bytes: Bytes::gib(8),
                // 8 GiB less the 3 GiB in use of which 1 GiB is inactive file pages.
                available_bytes: Bytes::gib(6),
                cgroup_limit_bytes: Some(Bytes::gib(8)),
                swap_bytes: Bytes::gib(2),
                bandwidth: None,
            }
        );
    }

    #[test]
    fn a_version_1_cgroup_inside_a_container_is_read_at_its_mount() {
        let ram = read(&fixture("cgroup-v1")).unwrap().with_bandwidth(None);
        assert_eq!(ram.total_bytes, Bytes::gib(16));
        assert_eq!(ram.available_bytes, Bytes::gib(12));
    }

    #[test]
    fn a_huge_number_means_no_limit() {
        let ram = read(&fixture("epyc-two-sockets")).unwrap().with_bandwidth(None);
        assert_eq!(ram.cgroup_limit_bytes, None);
        assert_eq!(ram.total_bytes, Bytes::kib(1_584_980_016));
        assert_eq!(ram.available_bytes, Bytes::kib(1_571_221_332));
    }
}
