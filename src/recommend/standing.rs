use serde::Serialize;

use crate::catalog::{Catalog, FormFactor};
use crate::machine::{GpuMemory, Machine};

/// What kind of machine it is, by what people run models with on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// A phone or a tablet: no command line, but apps that run GGUF files.
    Phone,
    /// A computer: llama.cpp.
    Computer,
    /// A node of data-centre cards: an engine that serves many at once.
    Server,
}

/// A node of so many cards made for data centres is bought to serve.
const CARDS_OF_SERVER: usize = 4;

impl Standing {
    /// Of a machine.
    #[must_use]
    pub fn of(machine: &Machine, catalog: &Catalog) -> Self {
        // Phones are the platforms that let a program take a share of the memory only.
        let platform = catalog.cpu_platform(&machine.cpu.model).ok().flatten();
        if platform.is_some_and(|platform| platform.usable_memory_share.is_some()) {
            return Self::Phone;
        }
        let is_served = machine.gpus.iter().filter(|gpu| {
            let card = catalog.accelerator_of(gpu).ok().flatten();
            matches!(gpu.memory, GpuMemory::Dedicated { .. })
                && card.is_some_and(|card| card.form == FormFactor::Module)
        });
        if is_served.count() >= CARDS_OF_SERVER { Self::Server } else { Self::Computer }
    }
}
