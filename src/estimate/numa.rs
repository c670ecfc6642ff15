use serde::Serialize;

use super::Placement;
use crate::machine::Machine;
use crate::units::Bytes;

/// What several NUMA nodes mean for a model that the CPU computes with: each node reads its own memory fast and
/// the others' slowly, and llama.cpp places by it only with `--numa` (discussion 1437 of llama.cpp).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Numa {
    /// Nodes with memory.
    pub nodes: u32,
    /// What one of them has, where all have as much.
    pub node_bytes: Bytes,
    /// What the model takes of RAM.
    pub ram_bytes: Bytes,
    /// Whether one node's memory holds that.
    pub fits_one_node: bool,
}

impl Numa {
    /// Of a placement on `machine` with `repacked` weights beside; none on a machine of one node, or where the
    /// CPU computes nothing.
    #[must_use]
    pub fn of(placement: &Placement, machine: &Machine, repacked: Bytes) -> Option<Self> {
        let nodes = machine.cpu.numa_nodes;
        let ram = placement.devices.last().filter(|_| nodes > 1 && placement.computes_in_ram())?;
        let node_bytes = Bytes(machine.ram.total_bytes.0 / u64::from(nodes));
        let ram_bytes = ram.weights_bytes + ram.kv_cache_bytes + ram.compute_bytes + repacked;
        Some(Self { nodes, node_bytes, ram_bytes, fits_one_node: ram_bytes <= node_bytes })
    }
}
