use serde::{Deserialize, Serialize};

use crate::machine::Machine;
use crate::run_config::RunConfig;
use crate::units::{Bytes, TokenRate};

/// The version of the files.
pub const RECORD_SCHEMA_VERSION: u32 = 1;

/// A measurement as it is saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Version of this layout.
    pub schema_version: u32,
    /// The day.
    pub date: jiff::civil::Date,
    /// The machine.
    pub machine: Fingerprint,
    /// The engine's version.
    pub engine: String,
    /// The model's id.
    pub model: String,
    /// The quant.
    pub quant: String,
    /// Threads.
    pub threads: u32,
    /// Whether GPUs took part.
    pub on_gpus: bool,
    /// Layers on GPUs; none for the engine's default.
    pub gpu_layers: Option<u32>,
    /// Layers whose routed experts were in RAM.
    #[serde(default)]
    pub expert_layers_in_ram: u32,
    /// How it ran.
    pub run: RunConfig,
    /// Prefill.
    pub prefill: Option<MeasuredRate>,
    /// Decode.
    pub decode: Option<MeasuredRate>,
}

impl Record {
    /// A text that is the same for the same thing run in the same way on the same kind of machine.
    #[must_use]
    pub fn way(&self) -> String {
        let Self { machine, model, quant, threads, gpu_layers, on_gpus, run, prefill, decode, .. } = self;
        let shape = |rate: &Option<MeasuredRate>| rate.map(|rate| (rate.tokens, rate.depth));
        let machine = (&machine.cpu, machine.physical_cores, &machine.gpus);
        let way = (model, quant, machine, threads, gpu_layers, on_gpus, run, shape(prefill), shape(decode));
        match self.expert_layers_in_ram {
            // As it was written before experts could be kept in RAM.
            0 => format!("{way:?}"),
            layers => format!("{way:?}, {layers} layers of experts in RAM"),
        }
    }
}

/// A measured speed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasuredRate {
    /// Tokens of each run.
    pub tokens: u32,
    /// Tokens in the KV cache before.
    pub depth: u32,
    /// The mean.
    pub tokens_per_second: TokenRate,
    /// The standard deviation.
    pub stddev: TokenRate,
}

/// What tells machines apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fingerprint {
    /// The processor.
    pub cpu: String,
    /// Its cores over all sockets.
    pub physical_cores: u32,
    /// Main memory.
    pub ram_bytes: Bytes,
    /// The GPUs.
    pub gpus: Vec<String>,
}

impl Fingerprint {
    /// Of a machine.
    #[must_use]
    pub fn of(machine: &Machine) -> Self {
        Self {
            cpu: machine.cpu.model.clone(),
            physical_cores: machine.cpu.physical_cores,
            ram_bytes: machine.ram.total_bytes,
            gpus: machine.gpus.iter().map(|gpu| gpu.name.clone()).collect(),
        }
    }

    /// Whether it is the same machine: kernels keep a little more or less memory to themselves after an update.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let apart = self.ram_bytes.0.abs_diff(other.ram_bytes.0);
        (&self.cpu, self.physical_cores, &self.gpus) == (&other.cpu, other.physical_cores, &other.gpus)
            && apart <= self.ram_bytes.0 / 50
    }
}
