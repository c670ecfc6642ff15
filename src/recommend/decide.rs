use jiff::civil::Date;
use serde::Serialize;

use super::remedy::remedies;
use super::{Cost, Court, Judged, Needs, Quality, Remedy, Verdict, Verification, explain};
use crate::estimate::{DeviceMemory, PlacementKind, PredictedRate, of_all};
use crate::history::Tuned;
use crate::lang::Lang;
use crate::machine::Machine;
use crate::units::{Bytes, Seconds};

/// The decision: what to run, in order, and what was left out and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Decision {
    /// The machine that it is for.
    pub machine: Machine,
    /// What was asked.
    pub needs: Needs,
    /// Each model that meets the needs and that no other beats in quality, time and memory, in its best quant; the
    /// best first.
    pub recommendations: Vec<Recommendation>,
    /// Every other model, in the quant that comes nearest; the nearest first.
    pub rejected: Vec<Rejection>,
    /// Every model in every quant.
    pub verdicts: Vec<QuantVerdict>,
    /// The first pick held against a measurement, where that was asked; the ranking then knows of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification: Option<Verification>,
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
    /// Decode speed in the middle of the task's answer; of each sequence, where there are several.
    pub decode: Option<PredictedRate>,
    /// Decode speed of all sequences together, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decode_of_all: Option<PredictedRate>,
    /// Prefill speed over the task's prompt.
    pub prefill: Option<PredictedRate>,
    /// Until the first token of the task's answer.
    pub ttft_seconds: Option<Seconds>,
    /// Until the last token of the task's answer.
    pub time_to_answer_seconds: Option<Seconds>,
    /// How good its answers are, by published results.
    pub quality: Option<Quality>,
    /// What it costs in electricity at most, and by API; none where the power of what computes is unknown.
    pub cost: Option<Cost>,
    /// The settings that `bench --tune` found fastest here, which the speeds are of and `run` uses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tuned: Option<TunedSettings>,
    /// Why, in sentences.
    pub reasons: Vec<String>,
}

/// Settings that were found fastest on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TunedSettings {
    /// The day.
    pub date: Date,
    /// How many times as fast as with llama.cpp's defaults.
    pub gain: f64,
    /// Threads (`-t`).
    pub threads: u32,
    /// Tokens that a call may hand over (`-b`).
    pub batch: u32,
    /// Tokens that go through the graph at once (`-ub`).
    pub micro_batch: u32,
    /// Whether attention runs as one fused kernel (`-fa`).
    pub flash_attention: bool,
}

impl From<&Tuned> for TunedSettings {
    fn from(tuned: &Tuned) -> Self {
        let Tuned { date, gain, threads, batch, micro_batch, flash_attention, .. } = *tuned;
        Self { date, gain, threads, batch, micro_batch, flash_attention }
    }
}

impl Decision {
    /// The decision that was made again with what `verification` taught: its promise holds only where the model still
    /// meets the needs.
    #[must_use]
    pub fn verified(self, verification: Verification) -> Self {
        let is_it =
            |quant: &&QuantVerdict| quant.model == verification.model && quant.quant == verification.quant;
        let meets = self.verdicts.iter().find(is_it).is_some_and(|quant| quant.verdict.is_yes());
        let holds = verification.holds && meets;
        Self { verification: Some(Verification { holds, ..verification }), ..self }
    }
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
    /// What is wrong most, and by how much.
    pub verdict: Verdict,
    /// All that is wrong, beginning with that.
    pub lacks: Vec<Verdict>,
    /// The same in a sentence.
    pub reason: String,
    /// What would make it fit, the cheapest first.
    pub remedies: Vec<Remedy>,
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
    /// The same in a sentence, with all that it lacks.
    pub reason: String,
    /// All weights.
    pub weights_bytes: Bytes,
    /// Weights, KV cache and intermediate values.
    pub needed_bytes: Bytes,
    /// Decode speed, where it fits or would fit.
    pub decode: Option<PredictedRate>,
    /// Until the last token of the task's answer.
    pub time_to_answer_seconds: Option<Seconds>,
    /// How good its answers are, less what the quant loses.
    pub quality_score: Option<f64>,
}

/// Picks each model's best quant, orders the models, and says why.
///
/// `judged` holds all quants of a model one after another, as [`Court::judge`] gives them.
#[must_use]
pub fn decide<'a>(court: &Court<'a, '_>, judged: &[Judged<'a>], lang: Lang) -> Decision {
    let needs = court.needs;
    let mut chosen: Vec<&Judged<'a>> = Vec::new();
    let mut rejected: Vec<Rejection> = Vec::new();
    for quants in judged.chunk_by(|a, b| a.model.id == b.model.id) {
        match choose(quants, judged, needs) {
            Choice::Unbeaten(best) => chosen.push(best),
            Choice::Beaten { best, by } => rejected.push(Rejection::of_beaten(best, by, lang)),
            Choice::Lacking(Some(nearest)) => rejected.push(Rejection::of_lacking(court, nearest, lang)),
            Choice::Lacking(None) => {}
        }
    }
    chosen.sort_by(|a, b| b.utility(needs).total_cmp(&a.utility(needs)));
    rejected.sort_by(|a, b| a.verdict.distance().total_cmp(&b.verdict.distance()));
    let described = |(index, choice): (usize, &&Judged<'a>)| {
        let reasons = explain::reasons(court, judged, choice, chosen[0], lang);
        let mut recommendation = Recommendation::of(index + 1, choice, needs, reasons);
        if let Some(quality) = &mut recommendation.quality {
            let basis = &mut quality.quant_loss.basis;
            court.catalog().text(basis).told(lang).clone_into(basis);
        }
        recommendation
    };
    Decision {
        machine: court.machine.clone(),
        needs: needs.clone(),
        recommendations: chosen.iter().enumerate().map(described).collect(),
        rejected,
        verdicts: judged.iter().map(|judged| quant_verdict(judged, needs, lang)).collect(),
        verification: None,
    }
}

/// What becomes of a model.
enum Choice<'j, 'a> {
    /// Its best quant is not beaten by another model.
    Unbeaten(&'j Judged<'a>),
    /// Every quant that meets the needs is.
    Beaten { best: &'j Judged<'a>, by: &'j Judged<'a> },
    /// No quant meets the needs: the nearest.
    Lacking(Option<&'j Judged<'a>>),
}

/// The best quant of one model among `quants`, where `all` are those of every model.
fn choose<'j, 'a>(quants: &'j [Judged<'a>], all: &'j [Judged<'a>], needs: &Needs) -> Choice<'j, 'a> {
    let better = |a: &&Judged<'_>, b: &&Judged<'_>| a.utility(needs).total_cmp(&b.utility(needs));
    let beaten_by =
        |quant: &Judged<'_>| all.iter().filter(|other| other.is_yes() && other.beats(quant)).max_by(better);
    let accepted = || quants.iter().filter(|judged| judged.is_yes());
    if let Some(best) = accepted().filter(|judged| beaten_by(judged).is_none()).max_by(better) {
        return Choice::Unbeaten(best);
    }
    match accepted().max_by(better).and_then(|best| Some((best, beaten_by(best)?))) {
        Some((best, by)) => Choice::Beaten { best, by },
        None => Choice::Lacking(quants.iter().min_by(|a, b| {
            Verdict::distance_of(&a.lacks).total_cmp(&Verdict::distance_of(&b.lacks)).then(better(b, a))
        })),
    }
}

impl Recommendation {
    fn of(rank: usize, judged: &Judged<'_>, needs: &Needs, reasons: Vec<String>) -> Self {
        Self {
            rank,
            model: judged.model.id.clone(),
            size: judged.model.size.clone(),
            quant: judged.quant.id.clone(),
            verdict: judged.verdict(),
            memory: memory(judged),
            decode: judged.decode,
            decode_of_all: of_all(judged.decode, &needs.run),
            prefill: judged.prefill,
            ttft_seconds: judged.answer.map(|answer| answer.ttft.seconds),
            time_to_answer_seconds: judged.answer.map(|answer| answer.whole.seconds),
            quality: judged.quality.clone(),
            cost: judged.cost.clone(),
            tuned: judged.tuned.as_ref().map(TunedSettings::from),
            reasons,
        }
    }
}

impl Rejection {
    fn of_beaten(best: &Judged<'_>, by: &Judged<'_>, lang: Lang) -> Self {
        let verdict = Verdict::Beaten { by_model: by.model.id.clone(), by_quant: by.quant.id.clone() };
        Self {
            model: best.model.id.clone(),
            size: best.model.size.clone(),
            quant: best.quant.id.clone(),
            lacks: vec![verdict.clone()],
            verdict,
            reason: explain::beaten(best, by, lang),
            remedies: Vec::new(),
            shortfall_bytes: None,
            decode: best.decode,
        }
    }

    fn of_lacking<'a>(court: &Court<'a, '_>, nearest: &Judged<'a>, lang: Lang) -> Self {
        Self {
            model: nearest.model.id.clone(),
            size: nearest.model.size.clone(),
            quant: nearest.quant.id.clone(),
            verdict: nearest.verdict(),
            lacks: nearest.lacks.clone(),
            reason: explain::lacks(nearest, court.needs, lang),
            remedies: remedies(court, nearest, lang),
            shortfall_bytes: nearest.lacks.iter().find_map(Verdict::shortfall),
            decode: nearest.decode,
        }
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
        needed_bytes: judged.needed_bytes(),
        total_bytes: judged.held_bytes,
        devices: judged.placement.devices.clone(),
    }
}

fn quant_verdict(judged: &Judged<'_>, needs: &Needs, lang: Lang) -> QuantVerdict {
    QuantVerdict {
        model: judged.model.id.clone(),
        quant: judged.quant.id.clone(),
        verdict: judged.verdict(),
        reason: explain::lacks(judged, needs, lang),
        weights_bytes: judged.weights_bytes,
        needed_bytes: judged.needed_bytes(),
        decode: judged.decode,
        time_to_answer_seconds: judged.answer.map(|answer| answer.whole.seconds),
        quality_score: judged.quality.as_ref().map(|quality| quality.score),
    }
}
