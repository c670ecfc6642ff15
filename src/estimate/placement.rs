use serde::Serialize;

use super::repack::Repack;
use super::{Subject, compute_buffer, kv_cache};
use crate::gguf::Tensor;
use crate::machine::{GpuMemory, Machine};
use crate::run_config::RunConfig;
use crate::units::Bytes;

/// Where the parts of a model are put, and what each device then holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Placement {
    /// What kind of placement it is.
    pub kind: PlacementKind,
    /// Layers on GPUs; llama.cpp counts the output as one more (`-ngl`).
    pub gpu_layers: u32,
    /// Leading layers whose routed experts stay in RAM (`--n-cpu-moe`).
    pub expert_layers_in_ram: u32,
    /// What each device holds; GPUs first, the RAM last.
    pub devices: Vec<DeviceMemory>,
    /// The device of each layer and, last, of the output, as indices into `devices`.
    #[serde(skip)]
    layer_devices: Vec<usize>,
    /// Whether the GPUs' memory is the RAM.
    #[serde(skip)]
    unified: bool,
}

/// A kind of placement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlacementKind {
    /// Everything on one GPU.
    SingleGpu,
    /// Everything on several GPUs, split by layers.
    SplitGpus,
    /// Everything in memory that GPU and CPU share.
    Unified,
    /// Routed experts in RAM, everything else on GPUs.
    ExpertOffload,
    /// Some layers on GPUs, the others in RAM.
    PartialOffload,
    /// Everything in RAM.
    CpuOnly,
}

impl PlacementKind {
    /// What to call it in a table.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::SingleGpu => "GPU",
            Self::SplitGpus => "GPUs, split",
            Self::Unified => "GPU, unified",
            Self::ExpertOffload => "GPU + experts in RAM",
            Self::PartialOffload => "GPU + RAM",
            Self::CpuOnly => "CPU",
        }
    }
}

/// What a device holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeviceMemory {
    /// The GPU's name, or `RAM`.
    pub name: String,
    /// Which GPU it is, in the machine's order; none for the RAM.
    pub gpu: Option<usize>,
    /// Weights.
    pub weights_bytes: Bytes,
    /// KV cache.
    pub kv_cache_bytes: Bytes,
    /// Intermediate values.
    pub compute_bytes: Bytes,
    /// What the driver and the runtime take for themselves.
    pub reserve_bytes: Bytes,
    /// What was free beforehand.
    pub free_bytes: Bytes,
}

impl DeviceMemory {
    /// All that must stay in this memory.
    #[must_use]
    pub fn used(&self) -> Bytes {
        self.weights_bytes + self.kv_cache_bytes + self.compute_bytes + self.reserve_bytes
    }
}

/// Whether a model fits, and by how much.
#[derive(Clone, Debug, PartialEq)]
pub enum Fit {
    /// It fits, so placed.
    Fits(Placement),
    /// It fits nowhere: the placement that comes nearest, and what is missing.
    TooLarge {
        /// What comes nearest.
        nearest: Placement,
        /// What is missing.
        shortfall: Bytes,
    },
}

/// What is left alone on each device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reserve {
    /// For the driver's context and the screen, on each GPU.
    pub gpu: Bytes,
    /// For the system and other programs, in RAM.
    pub ram: Bytes,
}

impl Reserve {
    /// What is sensible for `machine`.
    #[must_use]
    pub fn for_machine(machine: &Machine) -> Self {
        // A CUDA context takes 300 to 600 MiB; a program that fills the RAM to the brim makes it swap.
        Self { gpu: Bytes::mib(512), ram: Bytes::mib(512).max(machine.ram.total_bytes.share(0.03)) }
    }
}

/// The placement of `subject` on `machine` that decodes fastest among those that fit: all on GPUs, then the
/// routed experts in RAM, then whole layers in RAM, then all in RAM.
#[must_use]
pub fn place(subject: &Subject<'_>, machine: &Machine, config: &RunConfig, reserve: Reserve) -> Fit {
    let site = Site { subject, machine, config, reserve };
    let layers = subject.model.architecture.layers;
    let mut nearest: Option<(Bytes, Placement)> = None;
    let mut consider = |placement: Placement| {
        let shortfall = placement.shortfall();
        if shortfall == Bytes::ZERO {
            return Some(placement);
        }
        if nearest.as_ref().is_none_or(|(least, _)| shortfall < *least) {
            nearest = Some((shortfall, placement));
        }
        None
    };
    let has_experts = subject.layers.iter().any(|layer| layer.experts > Bytes::ZERO);
    let expert_layers = if has_experts { layers } else { 0 };
    let has_gpus = !machine.gpus.is_empty();
    let candidates = (0..=expert_layers)
        .filter(|_| has_gpus)
        .map(|experts_in_ram| (layers + 1, experts_in_ram))
        .chain((0..=layers).rev().filter(|_| has_gpus).map(|gpu_layers| (gpu_layers, expert_layers)))
        .chain([(0, 0)]);
    for (gpu_layers, experts_in_ram) in candidates {
        if let Some(placement) = consider(site.placement(gpu_layers, experts_in_ram)) {
            return Fit::Fits(placement);
        }
    }
    match nearest {
        Some((shortfall, nearest)) => Fit::TooLarge { nearest, shortfall },
        None => Fit::Fits(site.placement(0, 0)),
    }
}

/// The placement with as many layers on GPUs as told (`-ngl`, the output counted as one more), whether or not a
/// better one fits.
#[must_use]
pub fn place_layers(
    subject: &Subject<'_>,
    machine: &Machine,
    config: &RunConfig,
    reserve: Reserve,
    gpu_layers: u32,
) -> Fit {
    let most = if machine.gpus.is_empty() { 0 } else { subject.model.architecture.layers + 1 };
    let placement = Site { subject, machine, config, reserve }.placement(gpu_layers.min(most), 0);
    match placement.shortfall() {
        Bytes::ZERO => Fit::Fits(placement),
        shortfall => Fit::TooLarge { nearest: placement, shortfall },
    }
}

struct Site<'a> {
    subject: &'a Subject<'a>,
    machine: &'a Machine,
    config: &'a RunConfig,
    reserve: Reserve,
}

impl Site<'_> {
    /// The placement with so many layers on GPUs (the output counts as one more) and so many leading layers'
    /// routed experts in RAM.
    fn placement(&self, gpu_layers: u32, expert_layers_in_ram: u32) -> Placement {
        let machine = self.machine;
        let architecture = &self.subject.model.architecture;
        let layers = architecture.layers;
        let gpus = if gpu_layers == 0 { 0 } else { machine.gpus.len() };
        let mut devices: Vec<_> = machine.gpus[..gpus]
            .iter()
            .enumerate()
            .map(|(index, gpu)| DeviceMemory {
                name: gpu.name.clone(),
                gpu: Some(index),
                weights_bytes: Bytes::ZERO,
                kv_cache_bytes: Bytes::ZERO,
                compute_bytes: Bytes::ZERO,
                reserve_bytes: self.reserve.gpu,
                free_bytes: gpu.memory.free(),
            })
            .collect();
        let ram = devices.len();
        devices.push(DeviceMemory {
            name: "RAM".to_owned(),
            gpu: None,
            weights_bytes: Bytes::ZERO,
            kv_cache_bytes: Bytes::ZERO,
            compute_bytes: Bytes::ZERO,
            reserve_bytes: self.reserve.ram,
            free_bytes: machine.ram.available_bytes,
        });
        let mut placement = Placement {
            kind: self.kind(gpu_layers, expert_layers_in_ram),
            gpu_layers,
            expert_layers_in_ram: if gpu_layers == 0 { 0 } else { expert_layers_in_ram },
            layer_devices: self.layer_devices(gpu_layers, ram),
            unified: gpus > 0 && self.is_unified(),
            devices,
        };
        let cache = kv_cache::layer_size(architecture, self.subject.latent, self.config);
        for (layer, weights) in self.subject.layers.iter().enumerate() {
            let device = placement.layer_devices[layer];
            let in_ram = layer < placement.expert_layers_in_ram as usize;
            placement.devices[device].weights_bytes += weights.resident;
            placement.devices[if in_ram { ram } else { device }].weights_bytes += weights.experts;
            placement.devices[device].kv_cache_bytes += cache;
        }
        let output = placement.output_device();
        placement.devices[output].weights_bytes += self.subject.output_bytes;
        placement.devices[ram].weights_bytes += self.subject.embedding_bytes;
        for (index, device) in placement.devices.iter_mut().enumerate() {
            if device.weights_bytes > Bytes::ZERO && (device.gpu.is_some() || gpu_layers <= layers) {
                device.compute_bytes =
                    compute_buffer::size(architecture, self.subject.latent, self.config, index == output);
            }
        }
        placement
    }

    fn is_unified(&self) -> bool {
        self.machine.gpus.iter().any(|gpu| matches!(gpu.memory, GpuMemory::Unified { .. }))
    }

    fn kind(&self, gpu_layers: u32, expert_layers_in_ram: u32) -> PlacementKind {
        match gpu_layers {
            0 => PlacementKind::CpuOnly,
            some if some <= self.subject.model.architecture.layers => PlacementKind::PartialOffload,
            _ if expert_layers_in_ram > 0 => PlacementKind::ExpertOffload,
            _ if self.is_unified() => PlacementKind::Unified,
            _ if self.machine.gpus.len() > 1 => PlacementKind::SplitGpus,
            _ => PlacementKind::SingleGpu,
        }
    }

    /// The device of each layer: the last `gpu_layers` of them on GPUs, split by free memory in the order of
    /// the GPUs, as `llama_model::load_tensors` does.
    fn layer_devices(&self, gpu_layers: u32, ram: usize) -> Vec<usize> {
        let layers = self.subject.model.architecture.layers;
        let first = (layers + 1).saturating_sub(gpu_layers);
        let free: Vec<f64> = self
            .machine
            .gpus
            .iter()
            .map(|gpu| gpu.memory.free().saturating_sub(self.reserve.gpu).as_f64())
            .collect();
        let total: f64 = free.iter().sum();
        let mut ends = Vec::with_capacity(free.len());
        let mut end = 0.0;
        for share in &free {
            end += share / total;
            ends.push(end);
        }
        (0..=layers)
            .map(|layer| {
                if layer < first {
                    return ram;
                }
                let position = f64::from(layer - first) / f64::from(gpu_layers);
                ends.iter().position(|end| position < *end).unwrap_or(free.len().saturating_sub(1))
            })
            .collect()
    }
}

impl Placement {
    /// The device that holds a tensor, as an index into `devices`.
    #[must_use]
    pub fn device_of(&self, tensor: &Tensor) -> usize {
        let ram = self.devices.len() - 1;
        match tensor.layer {
            // Rows of the embedding are looked up by the CPU whatever the GPU holds.
            None if tensor.kind == crate::gguf::TensorKind::TokenEmbedding => ram,
            None => self.output_device(),
            Some(layer) if tensor.kind.is_routed_experts() && layer < self.expert_layers_in_ram => ram,
            Some(layer) => self.layer_devices[layer as usize],
        }
    }

    /// The device of a layer, as an index into `devices`.
    #[must_use]
    pub fn layer_device(&self, layer: u32) -> usize {
        self.layer_devices[layer as usize]
    }

    /// How many layers each GPU holds, the output counted as one more (`-ts`).
    #[must_use]
    pub fn tensor_split(&self) -> Vec<u32> {
        let gpus = self.devices.iter().enumerate().filter(|(_, device)| device.gpu.is_some());
        gpus.map(|(index, _)| {
            let held = self.layer_devices.iter().filter(|device| **device == index);
            u32::try_from(held.count()).unwrap_or(u32::MAX)
        })
        .collect()
    }

    /// The device of the output matrix.
    #[must_use]
    pub fn output_device(&self) -> usize {
        self.layer_devices.last().copied().unwrap_or(0)
    }

    /// What is missing over all devices.
    #[must_use]
    pub fn shortfall(&self) -> Bytes {
        let missing = self.devices.iter().map(|device| device.used().saturating_sub(device.free_bytes)).sum();
        if self.unified { self.used().saturating_sub(self.pool()).max(missing) } else { missing }
    }

    /// What all devices together hold.
    #[must_use]
    pub fn used(&self) -> Bytes {
        self.devices.iter().map(DeviceMemory::used).sum()
    }

    /// The RAM that is free.
    fn pool(&self) -> Bytes {
        self.devices.last().map_or(Bytes::ZERO, |ram| ram.free_bytes)
    }

    /// What the tightest device has left.
    #[must_use]
    pub fn headroom(&self) -> Bytes {
        let used = self.devices.iter().filter(|device| device.weights_bytes > Bytes::ZERO);
        let least =
            used.map(|device| device.free_bytes.saturating_sub(device.used())).min().unwrap_or(Bytes::ZERO);
        if self.unified { least.min(self.pool().saturating_sub(self.used())) } else { least }
    }

    /// What the CPU backend keeps twice: beside the mapped file, whose pages can be dropped.
    #[must_use]
    pub fn repacked(&self, subject: &Subject<'_>, machine: &Machine) -> Bytes {
        let ram = self.devices.len() - 1;
        let repack = Repack::on(&machine.cpu.instruction_sets);
        subject.layout.bytes_of(|tensor| repack.copies(tensor) && self.device_of(tensor) == ram)
    }
}
