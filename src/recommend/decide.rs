use serde::Serialize;

use super::explain;
use super::{Judged, Needs, Quality, Verdict};
use crate::estimate::{DeviceMemory, PlacementKind, PredictedRate};
use crate::machine::Machine;
use crate::units::{Bytes, Seconds};

/// The decision: what to run, in order, and what was left out and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decision {
    /// The machine that it is for.
    pub machine: Machine,
    /// What was asked.
    pub needs: Needs,
    /// Each model that meets the needs, in its best quant; the best first.
    pub recommendations: Vec<Recommendation>,
    /// Each model that does not, in the quant that comes nearest; the nearest first.
    pub rejected: Vec<Rejection>,
    /// Every model in every quant.
    pub verdicts: Vec<QuantVerdict>,
}

/// A model that meets the needs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recommendation {
    /// 1 is the best.
    pub rank: usize,
    /// The model's id.
    pub model: String,
    /// Its size, as people call it.
    pub size: String,
    /// The quant.
    pub quant: String,
    /// That it fits, and what is left.
    pub verdict: Verdict,
    /// What it takes.
    pub memory: Memory,
    /// Decode speed in the middle of the task's answer.
    pub decode: Option<PredictedRate>,
    /// Prefill speed over the task's prompt.
    pub prefill: Option<PredictedRate>,
    /// Until the first token of the task's answer.
    pub ttft_seconds: Option<Seconds>,
    /// Until the last token of the task's answer.
    pub time_to_answer_seconds: Option<Seconds>,
    /// How good its answers are, by published results.
    pub quality: Option<Quality>,
    /// What it costs: only known where somebody priced it.
    pub cost: Option<f64>,
    /// Why, in sentences.
    pub reasons: Vec<String>,
}

/// What a model takes, and where.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Memory {
    /// What kind of placement it is.
    pub placement: PlacementKind,
    /// Layers on GPUs, the output counted as one more.
    pub gpu_layers: u32,
    /// Weights.
    pub weights_bytes: Bytes,
    /// Whether the weights' size is a published one rather than computed from the tensors.
    pub published_size: bool,
    /// KV cache.
    pub kv_cache_bytes: Bytes,
    /// Intermediate values.
    pub compute_bytes: Bytes,
    /// The CPU backend's second copy, beside the mapped file whose pages can then be dropped.
    pub repack_bytes: Bytes,
    /// Weights, KV cache and intermediate values: what must stay.
    pub needed_bytes: Bytes,
    /// What is held while it runs, where there is room: `estimate`'s total.
    pub total_bytes: Bytes,
    /// What each device holds.
    pub devices: Vec<DeviceMemory>,
}

/// A model that does not meet the needs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rejection {
    /// The model's id.
    pub model: String,
    /// Its size, as people call it.
    pub size: String,
    /// The quant that comes nearest.
    pub quant: String,
    /// What is wrong, and by how much.
    pub verdict: Verdict,
    /// The same in a sentence.
    pub reason: String,
    /// Missing memory, where that is what is wrong.
    pub shortfall_bytes: Option<Bytes>,
    /// Decode speed, where it fits or would fit.
    pub decode: Option<PredictedRate>,
}

/// A model in a quant, and its verdict.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuantVerdict {
    /// The model's id.
    pub model: String,
    /// The quant.
    pub quant: String,
    /// The verdict.
    pub verdict: Verdict,
    /// All weights.
    pub weights_bytes: Bytes,
    /// Decode speed, where it fits or would fit.
    pub decode: Option<PredictedRate>,
}

/// Picks each model's best quant, orders the models, and says why.
#[must_use]
pub fn decide(judged: &[Judged<'_>], machine: &Machine, needs: &Needs) -> Decision {
    let mut accepted: Vec<&Judged<'_>> = Vec::new();
    let mut rejected: Vec<&Judged<'_>> = Vec::new();
    for same_model in judged.chunk_by(|a, b| a.model.id == b.model.id) {
        let yes = same_model.iter().filter(|judged| judged.verdict.is_yes());
        match yes.max_by(|a, b| utility(a, needs).total_cmp(&utility(b, needs))) {
            Some(best) => accepted.push(best),
            None => rejected.extend(same_model.iter().min_by(|a, b| miss(a).total_cmp(&miss(b)))),
        }
    }
    accepted.sort_by(|a, b| utility(b, needs).total_cmp(&utility(a, needs)));
    rejected.sort_by(|a, b| miss(a).total_cmp(&miss(b)));
    let best = accepted.first().copied();
    Decision {
        machine: machine.clone(),
        needs: needs.clone(),
        recommendations: accepted
            .iter()
            .enumerate()
            .map(|(index, judged)| recommendation(index + 1, judged, best, machine, needs))
            .collect(),
        rejected: rejected.iter().map(|judged| rejection(judged, needs)).collect(),
        verdicts: judged.iter().map(quant_verdict).collect(),
    }
}

/// What a choice is worth: its quality in points, more for every time the answer takes half as long.
fn utility(judged: &Judged<'_>, needs: &Needs) -> f64 {
    let quality = judged.quality.as_ref().map_or(0.0, |quality| quality.score);
    // Where a card's compute is unknown, the time of writing stands for the whole: it is nearly all of it.
    let writing =
        || judged.decode.map(|decode| f64::from(needs.task.output_tokens) / decode.tokens_per_second);
    let seconds = judged.answer.map(|answer| answer.whole.seconds.0).or_else(writing);
    let minutes = seconds.map_or(1e9, |seconds| seconds / 60.0);
    // Nobody waits less for an answer that is there at once: under ten seconds, quicker is worth nothing more.
    quality - needs.priority.points_per_halving() * minutes.max(1.0 / 6.0).log2()
}

/// How far a choice is from being one: what fits and is slow is nearer than what does not fit.
fn miss(judged: &Judged<'_>) -> f64 {
    match judged.verdict {
        Verdict::Fits { .. } => 0.0,
        Verdict::SpeedUnknown => 1.0,
        Verdict::TooLate { by_seconds } => 1e3 + by_seconds.0.min(1e9),
        Verdict::TooSlow { by_tokens_per_second } => 1e10 + by_tokens_per_second.0,
        Verdict::TooLarge { shortfall_bytes } => 1e12 + shortfall_bytes.as_f64(),
        Verdict::ContextTooLong { .. } => f64::MAX,
    }
}

fn recommendation(
    rank: usize,
    judged: &Judged<'_>,
    best: Option<&Judged<'_>>,
    machine: &Machine,
    needs: &Needs,
) -> Recommendation {
    Recommendation {
        rank,
        model: judged.model.id.clone(),
        size: judged.model.size.clone(),
        quant: judged.quant.id.clone(),
        verdict: judged.verdict,
        memory: memory(judged),
        decode: judged.decode,
        prefill: judged.prefill,
        ttft_seconds: judged.answer.map(|answer| answer.ttft.seconds),
        time_to_answer_seconds: judged.answer.map(|answer| answer.whole.seconds),
        quality: judged.quality.clone(),
        cost: None,
        reasons: explain::reasons(judged, best, machine, needs),
    }
}

fn memory(judged: &Judged<'_>) -> Memory {
    let sum = |part: fn(&DeviceMemory) -> Bytes| judged.placement.devices.iter().map(part).sum::<Bytes>();
    let (kv_cache_bytes, compute_bytes) =
        (sum(|device| device.kv_cache_bytes), sum(|device| device.compute_bytes));
    Memory {
        placement: judged.placement.kind,
        gpu_layers: judged.placement.gpu_layers,
        weights_bytes: judged.weights_bytes,
        published_size: judged.published_size,
        kv_cache_bytes,
        compute_bytes,
        repack_bytes: judged.repack_bytes,
        needed_bytes: judged.weights_bytes + kv_cache_bytes + compute_bytes,
        total_bytes: judged.held_bytes,
        devices: judged.placement.devices.clone(),
    }
}

fn rejection(judged: &Judged<'_>, needs: &Needs) -> Rejection {
    Rejection {
        model: judged.model.id.clone(),
        size: judged.model.size.clone(),
        quant: judged.quant.id.clone(),
        verdict: judged.verdict,
        reason: explain::rejection(judged, needs),
        shortfall_bytes: match judged.verdict {
            Verdict::TooLarge { shortfall_bytes } => Some(shortfall_bytes),
            _ => None,
        },
        decode: judged.decode,
    }
}

fn quant_verdict(judged: &Judged<'_>) -> QuantVerdict {
    QuantVerdict {
        model: judged.model.id.clone(),
        quant: judged.quant.id.clone(),
        verdict: judged.verdict,
        weights_bytes: judged.weights_bytes,
        decode: judged.decode,
    }
}
