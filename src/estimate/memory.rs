use serde::Serialize;

use super::process::Process;
use super::{CpuPlan, DeviceMemory, Placement, Subject};
use crate::machine::Machine;
use crate::run_config::RunConfig;
use crate::units::Bytes;

/// What a model takes in memory, in all and on each device.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Memory {
    /// Weights.
    pub weights_bytes: Bytes,
    /// Whether the weights' size is a published one rather than computed from the tensors.
    pub published_size: bool,
    /// KV cache.
    pub kv_cache_bytes: Bytes,
    /// Compute buffers.
    pub compute_bytes: Bytes,
    /// The CPU backend's second copy, beside the mapped file whose pages can then be dropped.
    pub repack_bytes: Bytes,
    /// What the engine's process takes for itself where the CPU computes.
    pub program_bytes: Bytes,
    /// What of the compute buffers is reserved in RAM and never written: logits that no answer needs.
    pub untouched_bytes: Bytes,
    /// Weights, KV cache and compute buffers: what must stay in memory.
    pub needed_bytes: Bytes,
    /// All that is in use while it runs, given room: the sum of these, less what is never written.
    pub total_bytes: Bytes,
    /// Where the parts are.
    #[serde(flatten)]
    pub placement: Placement,
}

impl Memory {
    /// Of `subject`, so placed and run.
    #[must_use]
    pub fn of(subject: &Subject<'_>, machine: &Machine, placement: Placement, run: &RunConfig) -> Self {
        let process = Process::of(subject, &placement, run);
        let mut memory = Self {
            weights_bytes: subject.weights_bytes(),
            published_size: subject.is_published_size(),
            kv_cache_bytes: placement.sum(|device| device.kv_cache_bytes),
            compute_bytes: placement.sum(|device| device.compute_bytes),
            repack_bytes: placement.repacked(subject, machine),
            program_bytes: process.program,
            untouched_bytes: process.untouched,
            needed_bytes: Bytes::ZERO,
            total_bytes: Bytes::ZERO,
            placement,
        };
        memory.add_up();
        memory
    }

    /// The same with what llama.cpp itself planned for the CPU, in place of what was computed.
    ///
    /// The weights stay as computed: it counts rearranged ones in place of those of the file, which stays mapped,
    /// and rearranges them for the CPU at hand, which need not be the machine's.
    pub(super) fn plan(&mut self, plan: &CpuPlan) {
        self.kv_cache_bytes = plan.reserved.sum(|device| device.kv_cache_bytes);
        self.compute_bytes = plan.reserved.sum(|device| device.compute_bytes);
        self.untouched_bytes =
            self.compute_bytes.saturating_sub(plan.needed.sum(|device| device.compute_bytes));
        self.add_up();
        if let [ram] = &mut self.placement.devices[..] {
            *ram = DeviceMemory {
                weights_bytes: self.weights_bytes,
                kv_cache_bytes: self.kv_cache_bytes,
                compute_bytes: self.compute_bytes,
                ..ram.clone()
            };
        }
    }

    fn add_up(&mut self) {
        self.needed_bytes = self.weights_bytes + self.kv_cache_bytes + self.compute_bytes;
        let reserved = self.needed_bytes + self.repack_bytes + self.program_bytes;
        self.total_bytes = reserved.saturating_sub(self.untouched_bytes);
    }
}
