use std::fmt;

use serde::Serialize;

use super::{Needs, Quality};
use crate::catalog::{Calibration, Catalog, Model, Quant};
use crate::estimate::{
    AnswerTime, EstimatedMemory, Fit, Placement, PredictedRate, Reserve, Site, Subject, answer_time, place,
};
use crate::machine::Machine;
use crate::units::{Bytes, Seconds, TokenRate};

/// Whether a model in a quant does what is needed, and by how much.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Verdict {
    /// It meets every need, with so much memory left on the tightest device.
    Fits {
        /// What is left.
        headroom_bytes: Bytes,
    },
    /// It fits, and decodes too slowly.
    TooSlow {
        /// What is missing to the asked speed.
        by_tokens_per_second: TokenRate,
    },
    /// It fits, and takes too long for an answer.
    TooLate {
        /// By how much an answer is late.
        by_seconds: Seconds,
    },
    /// It fits, and nobody can tell how fast it would be: a GPU's bandwidth or compute is unknown.
    SpeedUnknown,
    /// It was not trained for so long a context.
    ContextTooLong {
        /// What it was trained for, in tokens.
        trained_tokens: u32,
    },
    /// It does not fit.
    TooLarge {
        /// What is missing.
        shortfall_bytes: Bytes,
    },
}

impl Verdict {
    /// Whether every need is met.
    #[must_use]
    pub const fn is_yes(self) -> bool {
        matches!(self, Self::Fits { .. })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fits { headroom_bytes } => write!(f, "fits, {headroom_bytes} left"),
            Self::TooSlow { by_tokens_per_second } => write!(f, "too slow by {by_tokens_per_second}"),
            Self::TooLate { by_seconds } => write!(f, "too late by {by_seconds}"),
            Self::SpeedUnknown => write!(f, "fits, speed unknown"),
            Self::ContextTooLong { trained_tokens } => write!(f, "trained for {trained_tokens} tokens"),
            Self::TooLarge { shortfall_bytes } => write!(f, "too large by {shortfall_bytes}"),
        }
    }
}

/// A model in a quant, judged.
#[derive(Clone, Debug)]
pub struct Judged<'a> {
    /// The model.
    pub model: &'a Model,
    /// The quant.
    pub quant: &'a Quant,
    /// Whether it does what is needed.
    pub verdict: Verdict,
    /// What it takes as llama.cpp would be told to run it, or would take if it fit.
    pub placement: Placement,
    /// All weights.
    pub weights_bytes: Bytes,
    /// Whether the size is a published one rather than computed from the tensors.
    pub published_size: bool,
    /// The CPU backend's second copy, beside the mapped file.
    pub repack_bytes: Bytes,
    /// What is held while it runs, where there is room.
    pub held_bytes: Bytes,
    /// Decode speed in the middle of the task's answer.
    pub decode: Option<PredictedRate>,
    /// Prefill speed over the task's prompt.
    pub prefill: Option<PredictedRate>,
    /// Time of the task.
    pub answer: Option<AnswerTime>,
    /// How good its answers are.
    pub quality: Option<Quality>,
}

/// Judges every model of the catalog in every quant that it is published in.
#[must_use]
pub fn judge<'a>(
    catalog: &'a Catalog,
    machine: &Machine,
    needs: &Needs,
    calibration: &Calibration,
) -> Vec<Judged<'a>> {
    let mut reserve = Reserve::for_machine(machine);
    reserve.ram = needs.reserved_ram_bytes.unwrap_or(reserve.ram);
    let court = Court { catalog, machine, needs, reserve, calibration };
    let mut judged = Vec::new();
    for model in catalog.models() {
        let published = |quant: &&Quant| model.artifacts.iter().any(|artifact| artifact.quant == quant.id);
        for quant in catalog.quants().iter().filter(published) {
            if let Some(subject) = Subject::of(model, quant) {
                judged.push(court.judge(model, &subject, quant));
            }
        }
    }
    judged
}

/// What every model is judged by.
struct Court<'a, 'm> {
    catalog: &'a Catalog,
    machine: &'m Machine,
    needs: &'m Needs,
    reserve: Reserve,
    calibration: &'m Calibration,
}

impl<'a> Court<'a, '_> {
    fn judge(&self, model: &'a Model, subject: &Subject<'a>, quant: &'a Quant) -> Judged<'a> {
        let (machine, needs) = (self.machine, self.needs);
        let site = Site {
            subject,
            machine,
            config: &needs.run,
            reserve: self.reserve,
            backend: None,
            calibration: self.calibration,
        };
        let (placement, shortfall) = match place(&site) {
            Fit::Fits(placement) => (placement, None),
            Fit::TooLarge { nearest, shortfall } => (nearest, Some(shortfall)),
        };
        let speed = site.speed(&placement).prepared();
        let answer = answer_time(&speed, needs.task);
        // A card's compute may be unknown where its bandwidth is not.
        let decode =
            answer.map_or_else(|| speed.decode(f64::from(needs.task.middle())), |answer| Some(answer.decode));
        let verdict = verdict(model, &placement, shortfall, decode, answer, needs);
        let memory = EstimatedMemory::of(subject, machine, &placement, &needs.run);
        Judged {
            model,
            quant,
            verdict,
            weights_bytes: subject.weights_bytes(),
            published_size: subject.is_published_size(),
            repack_bytes: memory.repack_bytes,
            held_bytes: memory.total_bytes,
            decode,
            prefill: answer.map(|answer| answer.prefill),
            answer,
            quality: Quality::of(self.catalog, model, quant),
            placement,
        }
    }
}

fn verdict(
    model: &Model,
    placement: &Placement,
    shortfall: Option<Bytes>,
    decode: Option<PredictedRate>,
    answer: Option<AnswerTime>,
    needs: &Needs,
) -> Verdict {
    let trained_tokens = model.architecture.context_trained;
    if needs.run.context / needs.run.sequences.max(1) > trained_tokens {
        return Verdict::ContextTooLong { trained_tokens };
    }
    if let Some(shortfall_bytes) = shortfall {
        return Verdict::TooLarge { shortfall_bytes };
    }
    let Some(decode) = decode else { return Verdict::SpeedUnknown };
    let missing = needs.minimum_decode_tokens_per_second.0 - decode.tokens_per_second;
    if missing > 0.0 {
        return Verdict::TooSlow { by_tokens_per_second: TokenRate(missing) };
    }
    match (needs.maximum_answer_seconds, answer) {
        (Some(_), None) => Verdict::SpeedUnknown,
        (Some(most), Some(answer)) if answer.whole.seconds > most => {
            Verdict::TooLate { by_seconds: Seconds(answer.whole.seconds.0 - most.0) }
        }
        _ => Verdict::Fits { headroom_bytes: placement.headroom() },
    }
}
