//! What an operating system reports of its machine, before the catalog completes it.

use super::card::Card;
use crate::machine::{BandwidthReading, Cpu, Ram};
use crate::units::Bytes;

/// What an operating system reports of its machine.
pub(super) struct Host {
    pub(super) name: Option<String>,
    pub(super) processors: Processors,
    pub(super) memory: Memory,
    pub(super) cards: Vec<Card>,
}

/// The processors.
pub(super) struct Processors {
    pub(super) cpu: Cpu,
    /// A virtual machine sees a part of the machine's cores, and seldom the true size of its caches.
    pub(super) virtual_machine: bool,
}

/// Main memory, before its bandwidth is known.
pub(super) struct Memory {
    /// Memory that the kernel manages.
    pub(super) physical: Bytes,
    /// Memory that is available now.
    pub(super) available: Bytes,
    pub(super) swap: Bytes,
    /// Limit of a control group; it may be more than there is.
    pub(super) limit: Option<MemoryLimit>,
}

/// The smallest memory limit among a process's control group and its ancestors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MemoryLimit {
    pub(super) limit: Bytes,
    /// What that group holds and the kernel would not give back at once.
    pub(super) used: Bytes,
}

impl Memory {
    /// Memory as this process may use it.
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
fn resolve_limit(cgroup: Option<Bytes>, physical: Bytes) -> Bytes {
    cgroup.map_or(physical, |limit| limit.min(physical))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_limit_is_never_more_than_either(cgroup in proptest::option::of(any::<u64>()), physical: u64) {
            let resolved = resolve_limit(cgroup.map(Bytes), Bytes(physical));
            prop_assert!(resolved <= Bytes(physical));
            prop_assert!(cgroup.is_none_or(|limit| resolved <= Bytes(limit)));
            prop_assert!(resolved == Bytes(physical) || cgroup == Some(resolved.0));
        }
    }
}
