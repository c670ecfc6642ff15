use std::sync::Arc;

use serde::Serialize;

use super::{Deployment, Observed, ServingEngine};
use crate::calibration::{ServingClass, ServingConstant as Constant, ServingConstants};
use crate::units::Seconds;

/// Bytes a second between nodes for each GPU: a 400 Gbit/s adapter.
const NETWORK: f64 = 50e9;

/// What several GPUs in a row reach of their sum while prefilling: the first waits for nothing, the last for all.
const PIPELINE_SHARE: f64 = 0.8;

/// The exchanges of a layer of a tensor-parallel model: behind attention, and behind the feed-forward block.
const EXCHANGES: f64 = 2.0;

/// Bytes of a value of the residual stream.
const STREAM: f64 = 2.0;

/// How often a step with prompts waits for launches against one of a dense layer where the layer has routed experts.
const EXPERT_LAUNCHES: f64 = 2.0;

/// Grouped attention hides this share of its operations behind reading the cache.
const GROUPED_UNHIDDEN: f64 = 0.2;

/// How long a step of a continuous batch takes, as a function of the batch, the tokens in the cache and the prompts
/// that are prefilled in the same step: a sum of operators on each GPU, of exchanges, launches and what the host does.
///
/// An operator that reads weights and multiplies takes `(read^p + compute^p)^(1/p)`: a roofline (Williams et al., 2009)
/// whose corner is round. Of routed experts M tokens read the share `1 - (1 - k/E)^(M^c)`.
#[derive(Clone, Debug, PartialEq)]
pub struct StepTime {
    /// Seconds of a step without sequences: launches, exchanges, scheduling.
    pub fixed: f64,
    /// Tokens that a sequence gains in a step.
    pub accepted: f64,
    /// What lies between a request and its queue, and a first token and its reader.
    pub reply: f64,
    /// Steps between two looks for new requests.
    pub receive: f64,
    /// What the API server takes for a request, and for each token of its prompt, one after the other.
    pub front: [f64; 2],
    /// Measured over predicted times.
    pub observed: Observed,
    /// Tokens that a step computes for a sequence: one, and those that were drafted.
    verified: f64,
    norm: Norm,
    /// Attention's matrices, of which data-parallel ranks each hold all; the rest but the output; the output.
    attention: Linear,
    feed: Linear,
    head: Linear,
    experts: Option<Experts>,
    cache: Linear,
    /// Seconds for each pair of a prompt's token and one before it.
    prompt_attention: f64,
    small: f64,
    exchanged: f64,
    exchanges: f64,
    launch: f64,
    host: f64,
    sequence: f64,
    /// The least that a step with prompts takes on the GPUs, and what it takes beside.
    prompt_launch: f64,
    mix: f64,
    ranks: f64,
    /// Groups of GPUs that each work at a part of the batch, one after the other.
    stages: f64,
    /// Those that prefill together.
    prefilled: f64,
}

/// Weights that are read once a step, and what each token multiplies with them: both in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Linear {
    read: f64,
    token: f64,
}

/// Routed experts: seconds of reading all, of a token, and of filling the tiles of all.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Experts {
    share: f64,
    coverage: f64,
    imbalance: f64,
    read: f64,
    token: f64,
    tiles: f64,
}

/// What a step's time goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Reading weights.
    Weights,
    /// Multiplying.
    Compute,
    /// Reading the cache.
    Cache,
    /// Exchanges between GPUs.
    Exchange,
    /// Launches, and what the host does.
    Launch,
}

/// Prompts that a step takes in.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Prefilled {
    /// Their tokens in this step.
    pub tokens: f64,
    /// Pairs of such a token and one before it.
    pub pairs: f64,
    /// How many prompts these are of.
    pub prompts: f64,
}

/// What of a step depends on the batch alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct StepParts {
    work: f64,
    cache: Linear,
    sequences: f64,
    observed: f64,
}

impl StepParts {
    /// The step with `cached` tokens in the cache.
    pub(super) fn with(self, cached: f64) -> Seconds {
        let cache = (cached * self.cache.read).hypot(cached * self.cache.token);
        Seconds((self.work + cache + self.sequences) * self.observed)
    }
}

/// The norm of two times that partly hide each other: of any exponent.
#[derive(Clone, Debug, PartialEq)]
struct Norm {
    exponent: f64,
    /// Its values where the larger is 1 and the smaller a part of it; empty where they are not worth to be kept.
    known: Arc<[f64]>,
}

/// Parts of which a norm is kept.
const PARTS: u16 = 512;

impl Norm {
    const fn new(exponent: f64, known: Arc<[f64]>) -> Self {
        Self { exponent, known }
    }

    fn kept(&self) -> Self {
        let known = (0..=PARTS).map(|part| self.of_part(f64::from(part) / f64::from(PARTS)));
        Self::new(self.exponent, known.collect())
    }

    fn of_part(&self, part: f64) -> f64 {
        (1.0 + part.powf(self.exponent)).powf(self.exponent.recip())
    }

    #[expect(clippy::cast_sign_loss, reason = "a part is not negative")]
    fn joined(&self, read: f64, compute: f64) -> f64 {
        let (less, more) = if read < compute { (read, compute) } else { (compute, read) };
        if less <= more * 1e-3 {
            return more;
        }
        let part = less / more;
        let place = part * f64::from(PARTS);
        let at = place as usize;
        match (self.known.get(at), self.known.get(at + 1)) {
            (Some(below), Some(above)) => more * (below + (above - below) * (place - at as f64)),
            _ => more * self.of_part(part),
        }
    }
}

impl Linear {
    fn at(self, tokens: f64, norm: &Norm) -> f64 {
        norm.joined(self.read, tokens * self.token)
    }
}

impl Experts {
    /// The share of them that so many tokens go through.
    fn touched(self, tokens: f64) -> f64 {
        1.0 - (1.0 - self.share).powf(tokens.powf(self.coverage))
    }

    fn at(self, tokens: f64, norm: &Norm) -> f64 {
        let touched = self.touched(tokens);
        self.imbalance * norm.joined(touched * self.read, tokens * self.token + touched * self.tiles)
    }
}

impl StepTime {
    #[expect(clippy::too_many_lines, reason = "one line an operator")]
    pub(super) fn of(deployment: &Deployment, constants: &ServingConstants) -> Self {
        let Deployment { model, precision, device, parallelism, engine, .. } = deployment;
        let slow =
            deployment.known * if deployment.is_tuned { 1.0 } else { constants.get(Constant::Deployed) };
        let get = |constant| constants.get(constant);
        let kernels = engine.kernels();
        let tensor = f64::from(parallelism.tensor);
        let ranks = f64::from(parallelism.ranks());
        let layers = model.layers;
        let bandwidth = device.bandwidth.0 * get(Constant::BandwidthOf(device.class));
        let unpacking = if precision.unpacks { get(Constant::BandwidthUnpacking) } else { 1.0 };
        let reads = |arithmetic| get(Constant::BandwidthIn(device.peak(arithmetic).0.multiplied()));
        let weights = bandwidth * get(Constant::Bandwidth) * unpacking;
        let compute = |arithmetic, share: fn(_) -> Constant| {
            let (arithmetic, peak) = device.peak(arithmetic);
            peak.0 * get(share(arithmetic.multiplied())) * get(Constant::ComputeOf(device.class))
        };
        let is_routed = model.routed_share.is_some();
        let other = if is_routed { precision.other_arithmetic } else { precision.arithmetic };
        let dense = compute(other, Constant::Compute);
        let sixteen = device.fp16.0 * get(Constant::ComputeOf(device.class));
        let linear = |parameters: f64, copies: f64| Linear {
            read: parameters * model.resident_bytes(precision) / (weights * reads(other)) / (tensor / copies),
            token: 2.0 * parameters / dense / tensor * copies,
        };
        // Each rank reads all of attention's weights, for its share of the tokens.
        let attention = linear(model.attention, ranks);
        let head = Linear {
            read: model.output * 2.0 / (bandwidth * get(Constant::Bandwidth)) / tensor,
            token: 2.0 * model.output / compute(super::Arithmetic::Sixteen, Constant::Compute) / tensor,
        };
        let experts = model.routed_share.map(|share| {
            let bytes = model.experts * precision.weight_bytes;
            let peak = compute(precision.arithmetic, Constant::ComputeExperts) * tensor;
            let spread = f64::from(parallelism.expert);
            Experts {
                share,
                coverage: get(Constant::Coverage),
                imbalance: 1.0 + (get(Constant::Imbalance) - 1.0) * spread.log2(),
                read: if let Some(ram) = deployment.experts_in_ram {
                    bytes / (ram.0 * get(Constant::BandwidthRam))
                } else {
                    let reads = reads(precision.arithmetic) * unpacking;
                    bytes / (bandwidth * get(Constant::BandwidthExperts) * reads * tensor)
                },
                token: 2.0 * model.experts * share / peak,
                tiles: 2.0 * model.experts * get(Constant::Tile) / peak,
            }
        });
        let holders = if parallelism.data_attention { ranks } else { tensor.min(model.cache_heads) };
        let unhidden = if model.shares_latent { 1.0 } else { GROUPED_UNHIDDEN };
        let verified = 1.0 + f64::from(deployment.drafted);
        let cache = Linear {
            read: model.cache_per_token(deployment.cache)
                / holders
                / (bandwidth * get(Constant::BandwidthCache)),
            token: unhidden * verified * model.attention_operations
                / tensor
                / (sixteen * get(Constant::ComputeCache)),
        };
        let attending =
            if model.shares_latent { Constant::ComputeLatent } else { Constant::ComputeAttention };
        let gather =
            if ranks > 1.0 && *engine == ServingEngine::TensorRtLlm { get(Constant::Gather) } else { 0.0 };
        let exchange = Exchange::of(deployment, constants);
        let launch = layers * launch(deployment, constants);
        let drafting = f64::from(deployment.drafted) * get(Constant::Draft);
        let host = get(Constant::Step(kernels)) + drafting;
        let is_llama = *engine == ServingEngine::LlamaCpp;
        let stages = f64::from(parallelism.pipeline);
        let kind = if is_routed { EXPERT_LAUNCHES } else { 1.0 };
        let acceptance = get(Constant::Accepted(kernels));
        Self {
            fixed: (launch + exchange.fixed + host) * slow,
            accepted: (1.0 - acceptance.powf(verified)) / (1.0 - acceptance),
            reply: (get(Constant::Reply(kernels)) + gather) * slow,
            receive: if deployment.is_tuned && is_routed && *engine == ServingEngine::Sglang {
                get(Constant::Receive)
            } else {
                0.0
            },
            front: [get(Constant::Front(kernels)) * slow, get(Constant::FrontToken(kernels)) * slow],
            observed: deployment.observed.clone(),
            verified,
            norm: Norm::new(get(Constant::Norm), Arc::default()),
            attention,
            feed: linear(model.resident - model.attention, 1.0),
            head,
            experts,
            cache,
            prompt_attention: model.prefill_attention_operations / tensor / (sixteen * get(attending)),
            small: layers * model.hidden_size * get(Constant::Small) / device.bandwidth.0,
            exchanged: exchange.token,
            exchanges: exchange.fixed,
            launch: launch + exchange.fixed,
            host,
            sequence: get(Constant::Sequence(kernels)) / ranks,
            prompt_launch: layers * get(Constant::PromptLayer(kernels)) * kind,
            mix: get(Constant::Mix(kernels)),
            ranks,
            // llama.cpp takes the whole batch from one to the next.
            stages: if is_llama { 1.0 } else { stages },
            prefilled: if stages > 1.0 { stages * PIPELINE_SHARE } else { 1.0 },
        }
        .slowed(slow)
    }

    /// Every time of the operators, as so many times longer.
    fn slowed(mut self, slow: f64) -> Self {
        let linear = |one: Linear| Linear { read: one.read * slow, token: one.token * slow };
        self.attention = linear(self.attention);
        self.feed = linear(self.feed);
        self.head = linear(self.head);
        self.cache = linear(self.cache);
        self.experts = self.experts.map(|one| Experts {
            read: one.read * slow,
            token: one.token * slow,
            tiles: one.tiles * slow,
            ..one
        });
        for time in [
            &mut self.prompt_attention,
            &mut self.small,
            &mut self.exchanged,
            &mut self.exchanges,
            &mut self.launch,
            &mut self.host,
            &mut self.sequence,
            &mut self.prompt_launch,
            &mut self.mix,
        ] {
            *time *= slow;
        }
        self
    }

    /// The same for a simulation, which takes many steps: what takes a power is kept.
    pub(super) fn kept(self) -> Self {
        Self { norm: self.norm.kept(), ..self }
    }

    /// A step that decodes one token, or what it accepts of a draft, for each of `batch` sequences with `cached` tokens
    /// in the cache of all together.
    #[must_use]
    pub fn decode(&self, batch: f64, cached: f64) -> Seconds {
        self.parts(batch).with(cached)
    }

    /// What of a step depends on the batch alone.
    pub(super) fn parts(&self, batch: f64) -> StepParts {
        let sequences = batch / self.stages;
        let cache = Linear { read: self.cache.read / self.stages, token: self.cache.token / self.stages };
        StepParts {
            work: self.matrices(sequences, Prefilled::default()) + self.launch + self.host,
            cache,
            sequences: sequences * self.sequence,
            observed: self.observed.decode_at(batch),
        }
    }

    /// The matrices and what lies between them, for so many sequences and these prompts.
    fn matrices(&self, sequences: f64, prompts: Prefilled) -> f64 {
        let decoded = sequences * self.verified;
        let tokens = decoded + prompts.tokens;
        let on_a_rank = tokens / self.ranks;
        let heads = decoded + prompts.prompts;
        self.attention.at(on_a_rank, &self.norm)
            + self.feed.at(tokens, &self.norm)
            + self.head.at(heads, &self.norm)
            + self.experts.map_or(0.0, |experts| experts.at(tokens, &self.norm))
            + on_a_rank * self.small
            + tokens * self.exchanged
            + prompts.pairs * self.prompt_attention
    }

    /// A step that takes in prompts beside decoding, which alone would take `decode`; without any where the batch is empty.
    pub(super) fn with_prompts(&self, batch: f64, cached: f64, decode: f64, prompts: Prefilled) -> Seconds {
        let sequences = batch / self.stages;
        let cache = cached / self.stages;
        let gpu = self.matrices(sequences, prompts)
            + (cache * self.cache.read).hypot(cache * self.cache.token)
            + self.launch / 2.0;
        let gpu = ((gpu.powi(2)).hypot(self.prompt_launch.powi(2))).sqrt();
        let whole = gpu + self.mix + self.host + sequences * self.sequence;
        let unobserved = decode / self.observed.decode_at(batch);
        let added = (whole - unobserved).max(0.0) / self.prefilled;
        Seconds(decode + added * self.observed.prefill())
    }

    /// What most of a decoding step's time goes to, and its share of it.
    #[must_use]
    pub fn bottleneck(&self, batch: f64, cached: f64) -> (Part, f64) {
        let sequences = batch / self.stages;
        let decoded = sequences * self.verified;
        let mut parts = [
            (Part::Weights, 0.0),
            (Part::Compute, 0.0),
            (Part::Cache, 0.0),
            (Part::Exchange, 0.0),
            (Part::Launch, 0.0),
        ];
        let mut add = |part: Part, seconds: f64| parts[part as usize].1 += seconds;
        let larger = |read: f64, compute: f64| if read >= compute { Part::Weights } else { Part::Compute };
        for (linear, tokens) in
            [(self.attention, decoded / self.ranks), (self.feed, decoded), (self.head, decoded)]
        {
            add(larger(linear.read, tokens * linear.token), linear.at(tokens, &self.norm));
        }
        if let Some(experts) = self.experts {
            let touched = experts.touched(decoded);
            let compute = decoded * experts.token + touched * experts.tiles;
            add(larger(touched * experts.read, compute), experts.at(decoded, &self.norm));
        }
        add(Part::Compute, decoded / self.ranks * self.small);
        let cached = cached / self.stages;
        add(Part::Cache, (cached * self.cache.read).hypot(cached * self.cache.token));
        add(Part::Exchange, decoded * self.exchanged + self.exchanges);
        add(Part::Launch, self.launch - self.exchanges + self.host + sequences * self.sequence);
        let all: f64 = parts.iter().map(|(_, seconds)| seconds).sum();
        let (part, seconds) =
            parts.into_iter().fold(parts[0], |best, one| if one.1 > best.1 { one } else { best });
        (part, seconds / all)
    }

    /// A prompt that is prefilled alone, in chunks.
    #[must_use]
    pub fn prefill(&self, prompt: f64, chunk: f64) -> Seconds {
        let chunks = (prompt / chunk).ceil().max(1.0);
        let whole =
            Prefilled { tokens: prompt / chunks, pairs: prompt * prompt / 2.0 / chunks, prompts: 1.0 };
        Seconds(self.with_prompts(0.0, 0.0, 0.0, whole).0 * chunks)
    }

    /// What the prompts of the others add to the time between two tokens of a sequence when `batch` of them are held at
    /// all times.
    pub(super) fn others(&self, deployment: &Deployment, batch: f64, prompt: f64, output: f64) -> Seconds {
        let others = (batch - 1.0).max(0.0) / output.max(1.0);
        Seconds(others * self.prefill(prompt, deployment.chunk_of(prompt)).0)
    }

    /// The time between two tokens of a sequence when `batch` of them are held at all times, each with `prompt` tokens
    /// and answers of `output`: the decoding steps and the prompts of the others that come in between.
    #[must_use]
    pub fn steady_tpot(&self, deployment: &Deployment, batch: f64, prompt: f64, output: f64) -> Seconds {
        let cached = batch * (prompt + output / 2.0);
        let step = self.decode(batch, cached).0 / self.accepted;
        Seconds(step + self.others(deployment, batch, prompt, output).0)
    }

    /// How long the first token of a prompt takes that nobody else waits for.
    #[must_use]
    pub fn alone(&self, prompt: f64, chunk: f64) -> Seconds {
        Seconds(self.reply + self.front[0] + self.front[1] * prompt + self.prefill(prompt, chunk).0)
    }
}

/// What GPUs exchange in a step: seconds of all exchanges, and of each token.
struct Exchange {
    fixed: f64,
    token: f64,
}

impl Exchange {
    fn of(deployment: &Deployment, constants: &ServingConstants) -> Self {
        let Deployment { model, device, parallelism, .. } = deployment;
        let get = |constant| constants.get(constant);
        if parallelism.tensor == 1 {
            return Self { fixed: 0.0, token: 0.0 };
        }
        let gpus = f64::from(parallelism.tensor);
        let is_local = parallelism.tensor <= device.linked;
        let link = device.interconnect.filter(|_| parallelism.tensor <= device.bridged);
        let stream = model.hidden_size * STREAM;
        // An all-reduce sends each byte (n-1)/n times, twice.
        let reduced = gpus / (2.0 * (gpus - 1.0));
        let (seconds, rate) = match link {
            _ if !is_local => {
                (get(Constant::ExchangeNodes), NETWORK * gpus * get(Constant::Network) * reduced)
            }
            Some(link) => {
                let more = 1.0 + get(Constant::ExchangeMore) * (gpus / 2.0).log2();
                let seconds = get(Constant::ExchangeLinked) * more * get(Constant::ExchangeOf(device.class));
                (seconds, link.0 / 2.0 * get(Constant::Link) * reduced)
            }
            None => {
                // Since PCIe 5 cards of a server reach each other without the host.
                let fall = if device.pcie < 5 { Constant::PcieHost } else { Constant::PcieMore };
                let rate = get(Constant::Pcie) * (gpus / 2.0).powf(-get(fall));
                (get(Constant::ExchangePcie) * gpus, rate * if device.pcie < 4 { 0.5 } else { 1.0 })
            }
        };
        if parallelism.data_attention && model.routed_share.is_some() {
            let chosen = 8.0_f64.min(gpus);
            let one_way = match link {
                Some(link) => link.0 / 2.0 * get(Constant::Link),
                None if is_local => rate,
                None => NETWORK * get(Constant::Network),
            };
            let all = get(Constant::ExchangeAll).max(if is_local { 0.0 } else { seconds });
            let times = EXCHANGES * model.expert_layers;
            return Self { fixed: times * all, token: times * stream * chosen / gpus / one_way };
        }
        let times = EXCHANGES * model.layers;
        Self { fixed: times * seconds, token: times * stream / rate }
    }
}

/// Seconds that launching a layer takes.
fn launch(deployment: &Deployment, constants: &ServingConstants) -> f64 {
    let get = |constant| constants.get(constant);
    let kernels = deployment.engine.kernels();
    let layer = if deployment.model.routed_share.is_some() {
        get(Constant::LayerExperts(kernels))
    } else {
        get(Constant::Layer(kernels))
    };
    let (arithmetic, _) = deployment.device.peak(deployment.precision.arithmetic);
    let class: ServingClass = deployment.device.class;
    let kind = get(Constant::LayerIn(arithmetic.multiplied())) * get(Constant::LayerOf(class));
    let progress = if deployment.model.routed_share.is_some() {
        get(Constant::ProgressExperts)
    } else {
        get(Constant::Progress)
    };
    let progress = (-progress * deployment.release.years()).exp();
    let early = if deployment.release.is_early() { get(Constant::LaunchEarly) } else { 1.0 };
    layer * kind * progress * early
}
