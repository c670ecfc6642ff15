use super::predicted::{Interval, PredictedRate};
use super::{Placement, Subject, efficiency, kv_cache};
use crate::gguf::Tensor;
use crate::machine::{Backend, BandwidthBasis, Cpu, Gpu, Machine, PcieLink};
use crate::run_config::RunConfig;
use crate::units::{Bandwidth, Bytes, Seconds};

/// What DDR memory of an unknown machine gives: two channels of DDR4-3200, of which programs reach a part.
const ASSUMED_RAM_BANDWIDTH: f64 = 51.2;

/// The peak that a host link is assumed to give where it is not known: PCIe 4.0 x16.
const ASSUMED_LINK_GB_PER_SECOND: f64 = 31.5;

/// How fast a placed model runs on a machine.
#[derive(Clone, Copy, Debug)]
pub struct Speed<'a> {
    /// The model.
    pub subject: &'a Subject<'a>,
    /// The machine.
    pub machine: &'a Machine,
    /// Where its parts are.
    pub placement: &'a Placement,
    /// How it runs.
    pub config: &'a RunConfig,
    /// The backend of the GPUs, where it is not the usual one.
    pub backend: Option<Backend>,
}

impl Speed<'_> {
    /// Tokens decoded per second with `depth` tokens in the cache; `None` where a GPU's bandwidth is unknown.
    ///
    /// The roofline of decoding: each token reads the active weights and the cache once, device after device.
    #[must_use]
    pub fn decode(&self, depth: u32) -> Option<PredictedRate> {
        let mut time = Seconds(0.0);
        let mut spread = NARROWEST;
        for (index, device) in self.placement.devices.iter().enumerate() {
            let on_device = |tensor: &&Tensor| self.placement.device_of(tensor) == index;
            let tensors = self.subject.layout.tensors.iter().filter(on_device);
            let layers = self.layers_on(index);
            let cache = self.cache_read(layers, depth);
            let share = if let Some(gpu) = device.gpu.map(|gpu| &self.machine.gpus[gpu]) {
                let efficiency = efficiency::of_gpu(self.backend_of(gpu));
                spread = wider(spread, efficiency.decode_spread);
                let peak = gpu.bandwidth_bytes_per_second?.0 * efficiency.bandwidth;
                let (mut read, mut experts) = (cache, Bytes::ZERO);
                let mut expert_tensors = 0_u32;
                for tensor in tensors {
                    if tensor.kind.is_routed_experts() {
                        experts += self.subject.read_per_token(tensor);
                        expert_tensors += 1;
                    } else {
                        read += self.subject.read_per_token(tensor);
                    }
                }
                Bandwidth(peak).time_for(read)
                    + Bandwidth(peak * efficiency::EXPERTS_ON_GPU).time_for(experts)
                    + efficiency.layer_overhead * f64::from(layers)
                    // Each such layer has three stacks of experts.
                    + efficiency::EXPERT_LAYER_OVERHEAD * f64::from(expert_tensors / 3)
            } else {
                let threads = f64::from(working_threads(&self.machine.cpu));
                let bandwidth = ram_bandwidth(self.machine);
                let mut share =
                    bandwidth.time_for(cache) + efficiency::CPU_LAYER_OVERHEAD * f64::from(layers);
                for tensor in tensors {
                    let scattered =
                        if tensor.kind.is_routed_experts() { efficiency::EXPERTS_ON_CPU } else { 1.0 };
                    let unpacked = efficiency::cpu_decode_bytes_per_thread(tensor.ggml_type) * threads;
                    let reached = Bandwidth(unpacked.min(bandwidth.0) * scattered);
                    share = share + reached.time_for(self.subject.read_per_token(tensor));
                }
                if share > Seconds(0.0) {
                    spread = wider(spread, efficiency::CPU_DECODE_SPREAD);
                }
                share
            };
            time = time + share;
        }
        Some(PredictedRate::of_time(1.0, time, spread))
    }

    /// Tokens prefilled per second over a prompt of `tokens`; `None` where a GPU's compute is unknown.
    #[must_use]
    pub fn prefill(&self, tokens: u32) -> Option<PredictedRate> {
        let batch = f64::from(self.config.micro_batch.min(tokens).max(1));
        let mut time = Seconds(0.0);
        let mut spread = NARROWEST;
        let helper =
            self.placement.devices.iter().find_map(|device| device.gpu).map(|gpu| &self.machine.gpus[gpu]);
        for (index, device) in self.placement.devices.iter().enumerate() {
            let on_device = |tensor: &&Tensor| self.placement.device_of(tensor) == index;
            let tensors = self.subject.layout.tensors.iter().filter(on_device);
            let attention = self.attention_operations(self.layers_on(index), tokens) * batch;
            let share = if let Some(gpu) = device.gpu.map(|gpu| &self.machine.gpus[gpu]).or(helper) {
                // Layers in RAM are sent to the GPU for every micro-batch (`op_offload` in llama.cpp).
                let sent: Bytes =
                    if device.gpu.is_none() { self.multiplied(tensors.clone()) } else { Bytes::ZERO };
                let efficiency = efficiency::of_gpu(self.backend_of(gpu));
                let floats = gpu.fp16_flops?.0 * efficiency.compute;
                let integers = match (self.backend_of(gpu), gpu.int8_ops) {
                    (Backend::Cuda, Some(peak)) => peak.0 * efficiency::CUDA_INTEGER_COMPUTE,
                    _ => floats,
                };
                let matrices: f64 = tensors
                    .map(|tensor| {
                        let rate = if tensor.ggml_type.is_quantized() { integers } else { floats };
                        self.operations(tensor) * batch / rate
                    })
                    .sum();
                spread = wider(spread, efficiency.prefill_spread);
                let compute = Seconds(matrices + attention / floats);
                let floor = Bandwidth(gpu.bandwidth_bytes_per_second?.0).time_for(device.weights_bytes);
                let computing = if compute < floor && device.gpu.is_some() { floor } else { compute };
                computing + host_link(gpu).time_for(sent)
            } else {
                let cpu = &self.machine.cpu;
                let scale = efficiency::cpu_prefill_scale(cpu) * f64::from(working_threads(cpu));
                let rate = |tensor: &Tensor| {
                    let scattered = if tensor.kind.is_routed_experts() {
                        efficiency::EXPERTS_PREFILL_ON_CPU
                    } else {
                        1.0
                    };
                    efficiency::cpu_prefill_per_thread(tensor.ggml_type).0 * scale * scattered
                };
                spread = wider(spread, efficiency::CPU_PREFILL_SPREAD);
                let reading = ram_bandwidth(self.machine).time_for(self.multiplied(tensors.clone()));
                let matrices: Seconds =
                    tensors.map(|tensor| Seconds(self.operations(tensor) * batch / rate(tensor))).sum();
                let slower = if matrices < reading { reading } else { matrices };
                slower + Seconds(attention / attention_rate(cpu))
            };
            time = time + share;
        }
        Some(PredictedRate::of_time(batch, time, spread))
    }

    fn backend_of(&self, gpu: &Gpu) -> Backend {
        self.backend.unwrap_or_else(|| gpu.default_backend())
    }

    fn layers_on(&self, device: usize) -> u32 {
        let layers = 0..self.subject.model.architecture.layers;
        u32::try_from(layers.filter(|layer| self.placement.layer_device(*layer) == device).count())
            .unwrap_or(0)
    }

    fn cache_read(&self, layers: u32, depth: u32) -> Bytes {
        let architecture = &self.subject.model.architecture;
        let whole = kv_cache::read_per_token(architecture, self.subject.latent, self.config.kv_type, depth);
        whole.share(f64::from(layers) / f64::from(architecture.layers))
    }

    /// Operations a token: two for each weight that it is multiplied with.
    fn operations(&self, tensor: &Tensor) -> f64 {
        if !tensor.kind.is_matrix() || tensor.dimensions() < 2 {
            return 0.0;
        }
        let share = if tensor.kind.is_routed_experts() { self.subject.used_experts_share() } else { 1.0 };
        2.0 * tensor.values() as f64 * share
    }

    /// The weights of the CPU's share that prefill multiplies with: a micro-batch touches every expert.
    fn multiplied<'t>(&self, tensors: impl Iterator<Item = &'t Tensor>) -> Bytes {
        tensors.filter(|tensor| self.operations(tensor) > 0.0).map(Tensor::bytes).sum()
    }

    /// Operations of the attention scores and their sum, a token, at the middle of the prompt.
    fn attention_operations(&self, layers: u32, tokens: u32) -> f64 {
        let architecture = &self.subject.model.architecture;
        let width = match architecture.attention {
            crate::catalog::Attention::Grouped { heads, head_size, .. } => 2 * heads * head_size,
            crate::catalog::Attention::Latent { heads, kv_rank, rope_head_size, .. } => {
                heads * (2 * kv_rank + rope_head_size)
            }
        };
        2.0 * f64::from(width) * f64::from(tokens) / 2.0 * f64::from(layers)
    }
}

/// Threads that bring something: a core's second thread shares its vector units.
fn working_threads(cpu: &Cpu) -> u32 {
    cpu.usable_threads.min(cpu.physical_cores.max(1))
}

/// The bandwidth that decoding reaches in RAM.
fn ram_bandwidth(machine: &Machine) -> Bandwidth {
    let (peak, share) = match &machine.ram.bandwidth {
        None => (Bandwidth::gb_per_second(ASSUMED_RAM_BANDWIDTH), efficiency::CPU_BANDWIDTH_OF_PEAK),
        Some(reading) => match reading.basis {
            BandwidthBasis::Measured { .. } => {
                (reading.bytes_per_second, efficiency::CPU_BANDWIDTH_OF_MEASURED)
            }
            BandwidthBasis::Specified { .. } | BandwidthBasis::Assumed => {
                (reading.bytes_per_second, efficiency::CPU_BANDWIDTH_OF_PEAK)
            }
        },
    };
    Bandwidth(peak.0 * share * efficiency::of_sockets(machine.cpu.sockets))
}

/// Operations per second of attention on all threads: 32-bit floats, no packed weights.
fn attention_rate(cpu: &Cpu) -> f64 {
    40e9 * f64::from(working_threads(cpu))
}

/// What the link to a GPU carries in practice, about four fifths of its peak.
fn host_link(gpu: &Gpu) -> Bandwidth {
    let peak = gpu.pcie.map_or(Bandwidth::gb_per_second(ASSUMED_LINK_GB_PER_SECOND), PcieLink::bandwidth);
    Bandwidth(peak.0 * 0.8)
}

const NARROWEST: Interval = Interval { low: 1.0, high: 1.0 };

fn wider(a: Interval, b: Interval) -> Interval {
    Interval { low: a.low.min(b.low), high: a.high.max(b.high) }
}
