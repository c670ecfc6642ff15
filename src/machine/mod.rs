//! The machine as data: what probing found, what a file describes, or what flags name.
//!
//! Everything downstream takes a [`Machine`] and cannot tell which of the three it was. Nothing here probes.

mod assumption;
mod conditions;
mod cpu;
mod gpu;
mod gpu_class;
mod memory;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::message::Message;
use crate::units::Bytes;

pub use assumption::Assumption;
pub use conditions::Conditions;
pub use cpu::{Cpu, InstructionSet};
pub use gpu::{Backend, Gpu, GpuMemory, PciId, PcieLink, Vendor};
pub use gpu_class::GpuClass;
pub use memory::{BandwidthBasis, BandwidthReading, Disk, Ram, ThreadBandwidth};

/// The version of the machine file that `probe --save` writes.
pub const MACHINE_SCHEMA_VERSION: u32 = 1;

/// A computer that might run a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// Version of this layout, for files.
    pub schema_version: u32,
    /// What to call it: the host name, or a description such as `2 × RTX 4090`.
    pub name: String,
    /// How it is known.
    #[serde(default)]
    pub origin: Origin,
    /// The processors.
    pub cpu: Cpu,
    /// Main memory.
    pub ram: Ram,
    /// The GPUs, in the order in which the driver lists them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gpus: Vec<Gpu>,
    /// Where models are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk: Option<Disk>,
    /// The parts of a described machine that were neither stated nor measured.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub assumed: BTreeSet<Assumption>,
    /// What went wrong while probing, or was assumed: always shown to the user.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Message>,
}

impl Machine {
    /// The machine with the limit of the GPU that shares its main memory raised as far as it goes, and that limit; none
    /// where there is no such GPU, or its limit cannot be raised.
    #[must_use]
    pub fn with_raised_limit(&self) -> Option<(Self, Bytes)> {
        let raised = |gpu: &Gpu| gpu.memory.raised(gpu.vendor, self.ram.total_bytes);
        let (index, limit_bytes) =
            self.gpus.iter().enumerate().find_map(|(index, gpu)| Some((index, raised(gpu)?)))?;
        let mut machine = self.clone();
        machine.gpus[index].memory = GpuMemory::Unified { limit_bytes };
        Some((machine, limit_bytes))
    }
}

/// How a machine is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Origin {
    /// Probed on that day.
    Probed {
        /// The date.
        date: jiff::civil::Date,
    },
    /// Described by flags or by hand.
    #[default]
    Described,
}
