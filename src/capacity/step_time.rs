use super::{Deployment, EngineAge, Observed, Parallelism, ServingEngine};
use crate::calibration::{ServingConstant as Constant, ServingConstants};
use crate::units::Seconds;

/// What an exchange reaches of half of a link's two directions.
const LINK_SHARE: f64 = 0.6;

/// Bytes a second between cards over PCIe, through the host.
const PCIE: f64 = 12e9;

/// Bytes a second between nodes for each GPU: a 400 Gbit/s adapter.
const NETWORK: f64 = 40e9;

/// What of the shorter of reading and computing does not hide behind the longer.
const UNHIDDEN: f64 = 0.25;

/// What several GPUs in a row reach of their sum while prefilling: the first waits for nothing, the last for all.
const PIPELINE_SHARE: f64 = 0.8;

/// The exchanges of a layer of a tensor-parallel model: behind attention, and behind the feed-forward block.
const EXCHANGES: f64 = 2.0;

/// How long a step of a continuous batch takes, as a function of the batch, the tokens in the cache and the prompts
/// that are prefilled in the same step.
///
/// `step = launches + exchanges + max(weights read, batch computed) + cache read + sequences`: the roofline of
/// Williams et al. (2009) with what a roofline leaves out. Of routed experts a batch of B tokens reads the share
/// `1 - (1 - k/E)^B`.
#[derive(Clone, Debug, PartialEq)]
pub struct StepTime {
    /// Seconds of a step without sequences: launches, exchanges, scheduling.
    pub fixed: f64,
    /// Seconds of reading the weights that every step reads.
    pub read_resident: f64,
    /// Seconds of reading all routed experts.
    pub read_experts: f64,
    /// The share of the routed experts that a token goes through.
    pub routed_share: f64,
    /// Seconds of computing one decoded token.
    pub compute: f64,
    /// Seconds for each token in the cache: reading it, and attending to it.
    pub cached_token: f64,
    /// Seconds for each sequence.
    pub sequence: f64,
    /// Seconds for each prefilled token.
    pub prefill: f64,
    /// Seconds for each prefilled token and token of its prompt: its attention.
    pub prefill_attention: f64,
    /// Tokens that a sequence gains in a step.
    pub accepted: f64,
    /// Tokens that a step computes for a sequence: one, and those that were drafted.
    pub verified: f64,
    /// Measured over predicted times.
    pub observed: Observed,
}

/// What of a step depends on the batch alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct StepParts {
    work: f64,
    sequences: f64,
    observed: f64,
}

impl StepParts {
    /// The step with `cached` tokens in the cache.
    pub(super) fn with(self, step: &StepTime, cached: f64) -> Seconds {
        let predicted = self.work + cached * step.cached_token + self.sequences;
        Seconds(predicted * self.observed)
    }
}

impl StepTime {
    pub(super) fn of(deployment: &Deployment, constants: &ServingConstants) -> Self {
        let Deployment { model, precision, device, .. } = deployment;
        let get = |constant| constants.get(constant);
        let gpus = f64::from(deployment.gpus());
        let pipeline = matches!(deployment.parallelism, Parallelism::Pipeline(_));
        // In a pipeline a token goes through one GPU after the other.
        let together = if pipeline { 1.0 } else { gpus };
        let split = !pipeline && deployment.gpus() > 1;
        let bandwidth =
            device.bandwidth.0 * get(Constant::Bandwidth) * get(Constant::BandwidthOf(device.class));
        let unpacking = if precision.unpacks { get(Constant::BandwidthUnpacking) } else { 1.0 };
        let experts_bytes = model.experts * precision.weight_bytes;
        let read_experts = match deployment.experts_in_ram {
            Some(ram) => experts_bytes / (ram.0 * get(Constant::BandwidthRam)),
            None => experts_bytes / (bandwidth * unpacking * together),
        };
        let read_resident = (model.resident * model.resident_bytes(precision) / unpacking
            + model.output * 2.0)
            / bandwidth
            / together;
        let is_routed = model.routed_share.is_some();
        let exchanged =
            if split { exchange_bytes(model.layers, model.hidden_size) / link(deployment) } else { 0.0 };
        let class = get(Constant::ComputeOf(device.class));
        let peak = device.peak(precision.arithmetic).0 * together;
        let routed_compute = if is_routed { get(Constant::ComputeExperts) } else { 1.0 };
        let compute = 2.0 * model.active() / (peak * get(Constant::Compute) * class * routed_compute);
        let prefilled = if pipeline { (gpus * PIPELINE_SHARE).max(1.0) } else { 1.0 };
        let attention = device.fp16.0 * together;
        let cache_copies = match deployment.parallelism {
            Parallelism::Tensor(_) if model.shares_latent => 1.0,
            _ => together,
        };
        Self {
            fixed: fixed(deployment, constants, split),
            read_resident,
            read_experts,
            routed_share: model.routed_share.unwrap_or(0.0),
            compute,
            cached_token: model.cache_per_token() / bandwidth / cache_copies
                + model.attention_operations / (attention * get(Constant::ComputeAttention)),
            // Ranks that attend each for themselves share the sequences.
            sequence: (get(Constant::Sequence)
                + if is_routed { get(Constant::SequenceExperts) * model.layers } else { 0.0 })
                / match deployment.parallelism {
                    Parallelism::DataAttention(ranks) => f64::from(ranks),
                    Parallelism::Tensor(_) | Parallelism::Pipeline(_) => 1.0,
                }
                + exchanged,
            prefill: 2.0 * model.active() / (peak * get(Constant::ComputePrefill) * class * prefilled)
                + if is_routed { get(Constant::PrefillExperts) * model.layers } else { 0.0 }
                + exchanged,
            // A prompt's token attends to half of the prompt on average; the share is that of large matrices.
            prefill_attention: model.prefill_attention_operations / 2.0 / (attention * 0.4),
            accepted: if deployment.drafted > 0 { get(Constant::Accepted) } else { 1.0 },
            verified: 1.0 + f64::from(deployment.drafted),
            observed: deployment.observed.clone(),
        }
    }

    /// A step that decodes one token, or what it accepts of a draft, for each of `batch` sequences with `cached` tokens
    /// in the cache of all together.
    #[must_use]
    pub fn decode(&self, batch: f64, cached: f64) -> Seconds {
        self.parts(batch).with(self, cached)
    }

    /// What of a step depends on the batch alone.
    pub(super) fn parts(&self, batch: f64) -> StepParts {
        let tokens = batch * self.verified;
        let touched =
            if self.routed_share > 0.0 { 1.0 - (1.0 - self.routed_share).powf(tokens) } else { 0.0 };
        let read = self.read_resident + touched * self.read_experts;
        let compute = tokens * self.compute;
        let work = read.max(compute) + UNHIDDEN * read.min(compute);
        StepParts {
            work: self.fixed + work,
            sequences: batch * self.sequence,
            observed: self.observed.decode_at(batch),
        }
    }

    /// What `tokens` of a prompt of `prompt` tokens add to a step.
    #[must_use]
    pub fn prefill(&self, tokens: f64, prompt: f64) -> Seconds {
        Seconds(tokens * (self.prefill + self.prefill_attention * prompt) * self.observed.prefill())
    }

    /// What the prompts of the others add to the time between two tokens of a sequence when `batch` of them are held at
    /// all times.
    pub(super) fn others(&self, batch: f64, prompt: f64, output: f64) -> Seconds {
        let others = (batch - 1.0).max(0.0) / output.max(1.0);
        Seconds(others * self.prefill(prompt, prompt).0)
    }

    /// The time between two tokens of a sequence when `batch` of them are held at all times, each with `prompt` tokens
    /// and answers of `output`: the decoding steps and the prompts of the others that come in between.
    #[must_use]
    pub fn steady_tpot(&self, batch: f64, prompt: f64, output: f64) -> Seconds {
        let cached = batch * (prompt + output / 2.0);
        let step = self.decode(batch, cached).0 / self.accepted;
        Seconds(step + self.others(batch, prompt, output).0)
    }
}

fn fixed(deployment: &Deployment, constants: &ServingConstants, split: bool) -> f64 {
    let get = |constant| constants.get(constant);
    let model = &deployment.model;
    let (engine, experts) = match deployment.engine {
        ServingEngine::Vllm => (get(Constant::LaunchVllm), get(Constant::LaunchExpertsVllm)),
        ServingEngine::Sglang => (get(Constant::LaunchSglang), 1.0),
        ServingEngine::TensorRtLlm => (get(Constant::LaunchTensorRt), 1.0),
        ServingEngine::LlamaCpp => (get(Constant::LaunchLlamaCpp), 1.0),
    };
    let mut layer = get(Constant::Launch) * engine;
    if model.routed_share.is_some() {
        layer += get(Constant::LaunchExperts) * experts;
    }
    if deployment.age == EngineAge::Early {
        layer *= get(Constant::LaunchEarly);
    }
    let exchange = match deployment {
        _ if !split => 0.0,
        Deployment { device, .. } if deployment.gpus() > device.linked => get(Constant::ExchangeNodes),
        Deployment { device, .. } if device.interconnect.is_some() => get(Constant::ExchangeLinked),
        _ => get(Constant::ExchangePcie),
    };
    model.layers * (layer + EXCHANGES * exchange) + get(Constant::Step)
}

/// What a token's exchanges carry: the residual stream in 16 bits, there and back.
fn exchange_bytes(layers: f64, hidden: f64) -> f64 {
    EXCHANGES * layers * hidden * 2.0 * 2.0
}

fn link(deployment: &Deployment) -> f64 {
    match deployment.device.interconnect {
        _ if deployment.gpus() > deployment.device.linked => NETWORK,
        Some(rate) => rate.0 / 2.0 * LINK_SHARE,
        None => PCIE,
    }
}
