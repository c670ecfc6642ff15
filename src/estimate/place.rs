use std::rc::Rc;

use super::compute_buffer::{self, Logits, Lookup};
use super::placement::{Device, DeviceMemory, Fit, Placement, PlacementKind};
use super::{EngineAge, Layer, PredictedTime, Speed, Subject, Task, answer_time, kv_cache};
use crate::catalog::{Calibration, FeedForward};
use crate::machine::{Backend, Gpu, GpuMemory, Machine};
use crate::run_config::RunConfig;
use crate::units::Bytes;

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
        // A program that fills the RAM to the brim makes it swap.
        let ram = Bytes::mib(512).max(machine.ram.total_bytes.share(0.03));
        Self { gpu: machine.gpus.iter().map(context).max().unwrap_or(SMALL_CONTEXT), ram }
    }
}

/// Tokens from which on llama.cpp's backends take work over whose weights are in RAM (`op_offload_min_batch_size`).
pub(super) const WORTH_SENDING: u32 = 32;

/// What a CUDA context takes of most cards at most: 300 to 500 MiB.
const SMALL_CONTEXT: Bytes = Bytes::mib(512);

/// The same of data-centre cards. Of an H200 a process of this program held 608 to 625 MiB beside what llama.cpp planned,
/// and 718 MiB with weights in F16 (NVML, driver 580.159.04, CUDA 13.0, 2026-11-27).
const LARGE_CONTEXT: Bytes = Bytes::mib(768);

/// What a process takes of a card for itself.
fn context(gpu: &Gpu) -> Bytes {
    match gpu.memory {
        GpuMemory::Dedicated { total_bytes, .. } if total_bytes >= Bytes::gib(64) => LARGE_CONTEXT,
        _ => SMALL_CONTEXT,
    }
}

/// Candidates to look at on either side of where the search ends: shares are rounded to layers, so that one may fit
/// where the next does not.
const NEIGHBOURS: usize = 2;

/// How much sooner a later way must be predicted to answer before it is taken over an earlier, simpler one.
const WORTH_IT: f64 = 1.02;

/// How many times the RAM's bandwidth a GPU must have to be faster than the CPU without a closer look.
const CLEARLY_FASTER: f64 = 3.0;

/// What is placed, and where.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// The model.
    pub subject: &'a Subject<'a>,
    /// The machine.
    pub machine: &'a Machine,
    /// How it runs.
    pub config: &'a RunConfig,
    /// The question and answer whose time decides where the parts go.
    pub task: Task,
    /// What is left alone on each device.
    pub reserve: Reserve,
    /// The backend of the GPUs, if not the usual one.
    pub backend: Option<Backend>,
    /// The constants that speeds are predicted with.
    pub calibration: &'a Calibration,
}

/// The placement of a model on a machine that answers the task soonest among those that fit.
///
/// The ways are tried in this order: all on one GPU, the fastest first; on as few as hold it, since a split by
/// layers decodes at one card's speed; then the routed experts in RAM, then whole layers in RAM, then all in RAM.
/// Of each way the first that fits is taken, the one that leaves most on GPUs. Where the order is not obviously
/// that of speed (a slow big card beside a fast small one, a GPU no faster than the RAM, anything that needs the
/// RAM), their predicted times to answer decide, and a tie goes to the GPU.
#[must_use]
pub fn place(site: &Site<'_>) -> Fit {
    let subject = site.subject;
    let layers = subject.model.architecture.layers;
    let fastest = site.fastest_gpus();
    let has_experts = subject.layers().any(|layer| layer.weights.experts > Bytes::ZERO);
    let expert_layers = if has_experts && !fastest.is_empty() { layers } else { 0 };
    let partial_layers = if fastest.is_empty() { 0 } else { layers };
    let whole = |experts_in_ram| (layers + 1, experts_in_ram);

    let all: Rc<[usize]> = sorted(&fastest).into();
    let plain_partial = expert_layers.min(1);
    let slower = |gpu: &usize| site.bandwidth(*gpu) < site.bandwidth(fastest[0]);
    let alone: Rc<[usize]> = if fastest.iter().any(slower) { fastest[..1].into() } else { [].into() };
    let ways: [Box<dyn Iterator<Item = Candidate> + '_>; 7] = [
        Box::new(fastest.iter().map(|gpu| (Rc::from([*gpu]), whole(0)))),
        Box::new((2..=fastest.len()).map(|count| (sorted(&fastest[..count]).into(), whole(0)))),
        Box::new((1..=expert_layers).map(|experts| (all.clone(), whole(experts)))),
        Box::new((1..=partial_layers).rev().map(|count| (all.clone(), (count, expert_layers)))),
        // Whole layers with their experts, as plain `-ngl` places them.
        Box::new((1..=partial_layers * plain_partial).rev().map(|count| (all.clone(), (count, 0)))),
        // The fastest card alone, where the others would be no faster than the RAM.
        Box::new(
            (1..=partial_layers * alone.len() as u32)
                .rev()
                .map(|count| (alone.clone(), (count, expert_layers))),
        ),
        Box::new(std::iter::once((Rc::from([]), (0, 0)))),
    ];
    let mut nearest: Option<(Bytes, Placement)> = None;
    let mut best: Option<Timed> = None;
    for way in ways {
        let Some(found) = site.first_that_fits(way, &mut nearest) else { continue };
        if best.is_none() && site.is_obvious(&found) {
            return Fit::Fits(found);
        }
        let found = site.timed(found);
        best = match best {
            Some(before) if !found.is_sooner(&before) => Some(before),
            _ => Some(found),
        };
    }
    match (best, nearest) {
        (Some(best), _) => Fit::Fits(best.placement),
        (None, Some((shortfall, nearest))) => Fit::TooLarge { nearest, shortfall },
        (None, None) => Fit::Fits(site.placement(&[], &[], 0)),
    }
}

/// The same for a plan: where the GPU shares main memory, what the driver lets it take by default is raised before the
/// processors take a part. [`Placement::raised_limit`] then says how far; whoever runs it must do so first.
#[must_use]
pub fn place_or_raise(site: &Site<'_>) -> Fit {
    let usual = place(site);
    let on_gpu = matches!(&usual, Fit::Fits(placement) if !placement.computes_in_ram());
    let Some((machine, limit)) = site.machine.with_raised_limit().filter(|_| !on_gpu) else { return usual };
    let raised = Site { machine: &machine, ..*site };
    let layers = site.subject.model.architecture.layers + 1;
    let whole = raised.fastest_gpus().into_iter().map(|gpu| (Rc::from([gpu]), (layers, 0)));
    let Some(found) = raised.first_that_fits(whole, &mut None) else { return usual };
    let found = raised.timed(Placement { raised_limit: Some(limit), ..found });
    match usual {
        Fit::Fits(usual) => {
            let usual = site.timed(usual);
            Fit::Fits(if usual.is_sooner(&found) { usual.placement } else { found.placement })
        }
        Fit::TooLarge { .. } => Fit::Fits(found.placement),
    }
}

/// A placement, and how long the task takes so placed: to the end of the answer, or of writing alone where a card's
/// compute is unknown.
struct Timed {
    placement: Placement,
    time: Option<PredictedTime>,
}

impl Timed {
    /// Whether the task is done sooner than `before`, which leaves more on GPUs. Where that one needs the processors
    /// less, its interval must be beaten: what cannot be told apart goes to the GPU, which takes no second copy of the
    /// weights and leaves the processors to their user. Where both read the same memory neither can be much the faster,
    /// so that their intervals must lie apart.
    fn is_sooner(&self, before: &Self) -> bool {
        let (Some(mine), Some(theirs)) = (self.time, before.time) else { return false };
        let leans_on_cpu = |placement: &Placement| (placement.gpu_layers == 0, placement.computes_in_ram());
        if leans_on_cpu(&self.placement) <= leans_on_cpu(&before.placement) {
            mine.seconds.0 * WORTH_IT < theirs.seconds.0
        } else if before.placement.unified {
            mine.interval.high < theirs.interval.low
        } else {
            mine.seconds.0 < theirs.interval.low
        }
    }
}

/// Which GPUs, how many layers on them, and how many leading layers' routed experts in RAM.
type Candidate = (Rc<[usize]>, (u32, u32));

/// What goes to GPUs by flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offload {
    /// Layers on GPUs, the output counted as one more (`-ngl`); more than there are means all.
    pub gpu_layers: u32,
    /// Of those, the leading layers of the model whose routed experts stay in RAM (`--n-cpu-moe`).
    pub expert_layers_in_ram: u32,
}

/// The placement with `gpu_layers` on GPUs (`-ngl`, the output counted as one more), whether or not a
/// better one fits.
#[must_use]
pub fn place_layers(site: &Site<'_>, gpu_layers: u32) -> Fit {
    place_as_told(site, Offload { gpu_layers, expert_layers_in_ram: 0 })
}

/// The placement by flags, whether or not a better one fits.
#[must_use]
pub fn place_as_told(site: &Site<'_>, offload: Offload) -> Fit {
    let architecture = &site.subject.model.architecture;
    let gpu_layers = offload.gpu_layers.min(architecture.layers + 1);
    let gpus = if gpu_layers == 0 { Vec::new() } else { sorted(&site.fastest_gpus()) };
    let gpu_layers = if gpus.is_empty() { 0 } else { gpu_layers };
    let experts_in_ram = match architecture.feed_forward {
        FeedForward::Experts { .. } => offload.expert_layers_in_ram.min(architecture.layers),
        FeedForward::Dense { .. } => 0,
    };
    let placement = site.placement(&gpus, &site.by_free_memory(&gpus, gpu_layers), experts_in_ram);
    match placement.shortfall() {
        Bytes::ZERO => Fit::Fits(placement),
        shortfall => Fit::TooLarge { nearest: placement, shortfall },
    }
}

fn sorted(gpus: &[usize]) -> Vec<usize> {
    let mut gpus = gpus.to_vec();
    gpus.sort_unstable();
    gpus
}

impl<'a> Site<'a> {
    /// The speed of the model as it is placed.
    #[must_use]
    pub fn speed<'s>(&self, placement: &'s Placement) -> Speed<'s>
    where
        'a: 's,
    {
        let Self { subject, machine, config, backend, calibration, .. } = *self;
        Speed {
            subject,
            machine,
            placement,
            config,
            backend,
            engine: EngineAge::Current,
            blas_lt: true,
            calibration,
        }
    }

    /// The first of one way's candidates that fits; what comes nearest is remembered.
    fn first_that_fits(
        &self,
        way: impl Iterator<Item = Candidate>,
        nearest: &mut Option<(Bytes, Placement)>,
    ) -> Option<Placement> {
        let way: Vec<Candidate> = way.collect();
        for (gpus, (gpu_layers, experts_in_ram)) in self.around_the_first_that_gpus_hold(&way) {
            for split in self.splits(gpus, *gpu_layers, *experts_in_ram) {
                let placement = self.placement(gpus, &split, *experts_in_ram);
                let shortfall = placement.shortfall();
                if shortfall == Bytes::ZERO {
                    return Some(placement);
                }
                if nearest.as_ref().is_none_or(|(least, _)| shortfall < *least) {
                    *nearest = Some((shortfall, placement));
                }
            }
        }
        None
    }

    /// The candidates among which the first that fits is. Each of a long way leaves less on GPUs and more in RAM than
    /// the one before: where GPUs hold one they hold all after it, and where the RAM lacks room for that one it lacks
    /// more for the others.
    fn around_the_first_that_gpus_hold<'w>(&self, way: &'w [Candidate]) -> &'w [Candidate] {
        if way.len() <= 2 * NEIGHBOURS + 1 {
            return way;
        }
        let overflows = |(gpus, (gpu_layers, experts_in_ram)): &Candidate| {
            self.splits(gpus, *gpu_layers, *experts_in_ram).iter().all(|split| {
                let placement = self.placement(gpus, split, *experts_in_ram);
                let over =
                    |device: &DeviceMemory| device.gpu().is_some() && device.used() > device.free_bytes;
                placement.devices.iter().any(over)
            })
        };
        let first = way.partition_point(overflows);
        &way[first.saturating_sub(NEIGHBOURS)..(first + NEIGHBOURS).min(way.len())]
    }

    /// Whether nothing that is tried later can be faster: all on the fastest card, or on cards alike, which are
    /// clearly faster than the RAM. Where a bandwidth is unknown, nothing can be compared.
    fn is_obvious(&self, placement: &Placement) -> bool {
        let bandwidth = |gpu: &Gpu| gpu.bandwidth_bytes_per_second.map(|bandwidth| bandwidth.0);
        let Some(all) = self.machine.gpus.iter().map(bandwidth).collect::<Option<Vec<f64>>>() else {
            return true;
        };
        if placement.gpu_layers <= self.subject.model.architecture.layers
            || placement.expert_layers_in_ram > 0
        {
            return placement.gpu_layers == 0;
        }
        let fastest = all.iter().copied().fold(0.0, f64::max);
        let slowest_used = placement
            .devices
            .iter()
            .filter_map(DeviceMemory::gpu)
            .map(|gpu| all[gpu])
            .fold(fastest, f64::min);
        let ram = self.machine.ram.bandwidth.as_ref().map_or(0.0, |reading| reading.bytes_per_second.0);
        slowest_used >= fastest && slowest_used >= CLEARLY_FASTER * ram
    }

    /// A placement with the time of the task.
    fn timed(&self, placement: Placement) -> Timed {
        let speed = self.speed(&placement).prepared();
        let writing = || {
            let rate = speed.decode(f64::from(self.task.middle()))?;
            Some(rate.time_of(self.task.output_tokens))
        };
        let time = answer_time(&speed, self.task).map(|answer| answer.whole).or_else(writing);
        Timed { placement, time }
    }

    /// The GPUs, those with the highest bandwidth first and then those with the most free memory.
    fn fastest_gpus(&self) -> Vec<usize> {
        let mut gpus: Vec<usize> = (0..self.machine.gpus.len()).collect();
        let gpu = |index: usize| &self.machine.gpus[index];
        gpus.sort_by(|a, b| {
            self.bandwidth(*b)
                .total_cmp(&self.bandwidth(*a))
                .then(gpu(*b).memory.free().cmp(&gpu(*a).memory.free()))
        });
        gpus
    }

    /// A GPU's bandwidth; nothing where it is unknown.
    fn bandwidth(&self, gpu: usize) -> f64 {
        self.machine.gpus[gpu].bandwidth_bytes_per_second.map_or(0.0, |bandwidth| bandwidth.0)
    }

    /// Ways to share `gpu_layers` among `gpus`, the better first: by free memory as llama.cpp does by
    /// default, and filling one after the other, which fits where rounding spoils the first.
    fn splits(&self, gpus: &[usize], gpu_layers: u32, experts_in_ram: u32) -> Vec<Vec<u32>> {
        let mut splits = vec![self.by_free_memory(gpus, gpu_layers)];
        if gpus.len() > 1 {
            splits.extend(self.one_after_the_other(gpus, gpu_layers, experts_in_ram));
        }
        splits
    }

    /// Shares by free memory, as `llama_model::load_tensors` does.
    fn by_free_memory(&self, gpus: &[usize], gpu_layers: u32) -> Vec<u32> {
        let free = |gpu: usize| self.room(gpu).as_f64();
        let total: f64 = gpus.iter().map(|gpu| free(*gpu)).sum();
        let mut end = 0.0;
        let ends: Vec<f64> = gpus
            .iter()
            .map(|gpu| {
                end += free(*gpu) / total;
                end
            })
            .collect();
        let mut split = vec![0; gpus.len()];
        for layer in 0..gpu_layers {
            let position = f64::from(layer) / f64::from(gpu_layers);
            let gpu = ends.iter().position(|end| position < *end).unwrap_or(gpus.len() - 1);
            split[gpu] += 1;
        }
        split
    }

    /// Fills each GPU before the next begins; `None` where the last would overflow.
    fn one_after_the_other(&self, gpus: &[usize], gpu_layers: u32, experts_in_ram: u32) -> Option<Vec<u32>> {
        let architecture = &self.subject.model.architecture;
        let first = architecture.layers + 1 - gpu_layers;
        let cache = kv_cache::layer_size(architecture, self.subject.latent, self.config);
        let mut split = vec![0; gpus.len()];
        let mut gpu = 0;
        let room = |gpu: usize| {
            let is_last = gpu + 1 == gpus.len();
            let logits = if is_last { Logits::Reserved } else { Logits::Elsewhere };
            let of = (logits, Lookup::InRam);
            let compute = compute_buffer::size(architecture, self.subject.latent, self.config, of);
            self.room(gpus[gpu]).saturating_sub(compute)
        };
        let mut left = room(0);
        let mut layers = self.subject.layers().skip(first as usize);
        for layer in first..=architecture.layers {
            let needed = match layers.next().map(|layer| layer.weights) {
                Some(weights) if layer < experts_in_ram => weights.resident + cache,
                Some(weights) => weights.resident + weights.experts + cache,
                None => self.subject.output_bytes,
            };
            while left < needed {
                gpu += 1;
                left = (gpu < gpus.len()).then(|| room(gpu))?;
            }
            left = left - needed;
            split[gpu] += 1;
        }
        Some(split)
    }

    /// What a GPU has for a model.
    fn room(&self, gpu: usize) -> Bytes {
        self.machine.gpus[gpu].memory.free().saturating_sub(self.reserve.gpu)
    }

    /// The placement with `split` of the last layers on `gpus` (the output counts as a layer more) and the
    /// routed experts of the leading layers in RAM.
    fn placement(&self, gpus: &[usize], split: &[u32], experts_in_ram: u32) -> Placement {
        let architecture = &self.subject.model.architecture;
        let layers = architecture.layers;
        let gpu_layers = split.iter().sum::<u32>();
        let empty = |device, reserve_bytes, free_bytes| DeviceMemory {
            device,
            weights_bytes: Bytes::ZERO,
            kv_cache_bytes: Bytes::ZERO,
            compute_bytes: Bytes::ZERO,
            reserve_bytes,
            free_bytes,
        };
        let mut devices: Vec<_> = gpus
            .iter()
            .map(|index| {
                let gpu = &self.machine.gpus[*index];
                let device = Device::Gpu { index: *index, name: gpu.name.clone() };
                empty(device, self.reserve.gpu, gpu.memory.free())
            })
            .collect();
        let ram = devices.len();
        devices.push(empty(Device::Ram, self.reserve.ram, self.machine.ram.available_bytes));
        let in_ram = std::iter::repeat_n(ram, (layers + 1 - gpu_layers) as usize);
        let on_gpus =
            split.iter().enumerate().flat_map(|(gpu, count)| std::iter::repeat_n(gpu, *count as usize));
        let mut placement = Placement {
            kind: self.kind(gpus.len(), gpu_layers, experts_in_ram),
            gpu_layers,
            expert_layers_in_ram: if gpu_layers == 0 { 0 } else { experts_in_ram },
            layer_devices: in_ram.chain(on_gpus).collect(),
            unified: gpu_layers > 0 && self.is_unified(),
            raised_limit: None,
            gpus: self.machine.gpus.len(),
            devices,
        };
        let cache = kv_cache::layer_size(architecture, self.subject.latent, self.config);
        for (layer, Layer { weights, .. }) in self.subject.layers().enumerate() {
            let device = placement.layer_devices[layer];
            let experts = if layer < placement.expert_layers_in_ram as usize { ram } else { device };
            placement.devices[device].weights_bytes += weights.resident;
            placement.devices[experts].weights_bytes += weights.experts;
            placement.devices[device].kv_cache_bytes += cache;
        }
        let output = placement.output_device();
        placement.devices[output].weights_bytes += self.subject.output_bytes;
        placement.devices[ram].weights_bytes += self.subject.embedding_bytes;
        let sent = self.sent(&placement);
        for (index, device) in placement.devices.iter_mut().enumerate() {
            let logits = if index == output { Logits::Reserved } else { Logits::Elsewhere };
            let size = |lookup| {
                compute_buffer::size(architecture, self.subject.latent, self.config, (logits, lookup))
            };
            device.compute_bytes = match device.gpu() {
                _ if device.weights_bytes == Bytes::ZERO => Bytes::ZERO,
                None if gpu_layers > layers => compute_buffer::size_of_lookup(architecture, self.config),
                None => size(Lookup::Here),
                // The first GPU helps with what is in RAM.
                Some(_) if index == 0 && sent > Bytes::ZERO => {
                    size(Lookup::InRam).max(compute_buffer::size_with_sent(architecture, self.config, sent))
                }
                Some(_) => size(Lookup::InRam),
            };
        }
        placement
    }

    /// The largest tensor in RAM that is sent to the first GPU for every micro-batch; none where all is on GPUs, where
    /// GPU and processors share the memory, or where batches are too small to be worth it.
    fn sent(&self, placement: &Placement) -> Bytes {
        if placement.gpu_layers == 0 || placement.unified || self.config.tokens_at_once() < WORTH_SENDING {
            return Bytes::ZERO;
        }
        let ram = placement.devices.len() - 1;
        let of_layer = |(layer, Layer { weights, .. }): (usize, &Layer)| {
            if placement.layer_devices[layer] == ram {
                weights.largest_resident.max(weights.largest_experts)
            } else if layer < placement.expert_layers_in_ram as usize {
                weights.largest_experts
            } else {
                Bytes::ZERO
            }
        };
        self.subject.layers().enumerate().map(of_layer).max().unwrap_or(Bytes::ZERO)
    }

    fn is_unified(&self) -> bool {
        self.machine.gpus.iter().any(|gpu| matches!(gpu.memory, GpuMemory::Unified { .. }))
    }

    fn kind(&self, gpus: usize, gpu_layers: u32, experts_in_ram: u32) -> PlacementKind {
        match gpu_layers {
            0 => PlacementKind::CpuOnly,
            some if some <= self.subject.model.architecture.layers => PlacementKind::PartialOffload,
            _ if experts_in_ram > 0 => PlacementKind::ExpertOffload,
            _ if self.is_unified() => PlacementKind::Unified,
            _ if gpus > 1 => PlacementKind::SplitGpus,
            _ => PlacementKind::SingleGpu,
        }
    }
}
