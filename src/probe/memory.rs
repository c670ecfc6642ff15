//! Main memory: `/proc/meminfo`, and what the control groups leave of it.

use std::fs;
use std::path::Path;

use super::{ProbeError, cgroup};
use crate::machine::{BandwidthReading, Ram};
use crate::units::Bytes;

/// Memory as this process may use it, before its bandwidth is known.
pub(super) struct Memory {
    /// What the kernel manages.
    pub(super) physical: Bytes,
    limit: Option<cgroup::MemoryLimit>,
    available: Bytes,
    swap: Bytes,
}

impl Memory {
    /// Memory of a system without control groups.
    #[cfg(any(target_os = "macos", test))]
    pub(super) fn of(physical: Bytes, available: Bytes, swap: Bytes) -> Self {
        Self { physical, limit: None, available, swap }
    }

    pub(super) fn with_bandwidth(&self, bandwidth: Option<BandwidthReading>) -> Ram {
        let limit = self.limit.map(|limit| limit.limit);
        let total_bytes = resolve_limit(limit, self.physical);
        let left = self.limit.map_or(self.available, |limit| limit.limit - limit.used);
        Ram {
            total_bytes,
            available_bytes: self.available.min(left).min(total_bytes),
            cgroup_limit_bytes: limit.filter(|limit| *limit < self.physical),
            swap_bytes: self.swap,
            bandwidth,
        }
    }
}

/// What a process may use: the cgroup's limit, or physical memory where that is less.
pub(super) fn resolve_limit(cgroup: Option<Bytes>, physical: Bytes) -> Bytes {
    cgroup.map_or(physical, |limit| limit.min(physical))
}

/// Reads the memory of the machine at hand.
pub(super) fn read(root: &Path) -> Result<Memory, ProbeError> {
    let path = root.join("proc/meminfo");
    let text =
        fs::read_to_string(&path).map_err(|source| ProbeError::Read { path: path.clone(), source })?;
    let physical = entry(&text, "MemTotal").ok_or(ProbeError::Missing { path, entry: "MemTotal" })?;
    Ok(Memory {
        physical,
        limit: cgroup::memory_limit(root),
        // Kernels before 3.14 do not tell; free memory is the cautious stand-in.
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
    use proptest::prelude::*;

    use super::*;
    use crate::probe::tests::fixture;

    proptest! {
        #[test]
        fn a_limit_is_never_more_than_either(cgroup in proptest::option::of(any::<u64>()), physical: u64) {
            let resolved = resolve_limit(cgroup.map(Bytes), Bytes(physical));
            prop_assert!(resolved <= Bytes(physical));
            prop_assert!(cgroup.is_none_or(|limit| resolved <= Bytes(limit)));
            prop_assert!(resolved == Bytes(physical) || cgroup == Some(resolved.0));
        }
    }

    #[test]
    fn a_nested_cgroup_takes_its_smallest_ancestor() {
        let ram = read(&fixture("cgroup-v2-nested")).unwrap().with_bandwidth(None);
        assert_eq!(
            ram,
            Ram {
                total_bytes: Bytes::gib(8),
                // 8 GiB less the 3 GiB in use of which 1 GiB is file pages that nobody has touched lately.
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
