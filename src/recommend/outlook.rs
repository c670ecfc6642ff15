use serde::Serialize;

use super::{Court, Judged, Needs, Verdict, explain};
use crate::estimate::{PlacementKind, PredictedRate};
use crate::lang::Lang;
use crate::units::{Bytes, Seconds};

/// What a machine does for the needs, in short: what machines are compared by.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Outlook {
    /// What it runs best; `None` where nothing meets the needs.
    pub pick: Option<Pick>,
    /// What comes nearest, where nothing meets the needs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest: Option<NearestMiss>,
}

/// A model in a quant that meets the needs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pick {
    /// The model's id.
    pub model: String,
    /// The quant.
    pub quant: String,
    /// What kind of placement it is.
    pub placement: PlacementKind,
    /// Weights, KV cache and intermediate values: what must stay.
    pub needed_bytes: Bytes,
    /// Decode speed in the middle of the task's answer.
    pub decode: Option<PredictedRate>,
    /// Until the first token of the task's answer.
    pub ttft_seconds: Option<Seconds>,
    /// Until the last token of the task's answer.
    pub time_to_answer_seconds: Option<Seconds>,
    /// How good its answers are, by published results, less what the quant loses.
    pub quality_score: Option<f64>,
    /// What it is worth under the priority, in points of quality: what picks are ordered by.
    pub worth_points: f64,
}

/// A model that does not meet the needs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NearestMiss {
    /// The model's id.
    pub model: String,
    /// The quant.
    pub quant: String,
    /// What is wrong, and by how much.
    pub reason: String,
}

impl Outlook {
    /// What the court's machine does for the needs: the pick is that of [`decide`](super::decide).
    #[must_use]
    pub fn of(court: &Court<'_, '_>, lang: Lang) -> Self {
        let (judged, needs) = (court.judge(), court.needs);
        let accepted: Vec<&Judged<'_>> = judged.iter().filter(|judged| judged.is_yes()).collect();
        let unbeaten = accepted.iter().filter(|judged| !accepted.iter().any(|other| other.beats(judged)));
        match unbeaten.max_by(|a, b| a.utility(needs).total_cmp(&b.utility(needs))) {
            Some(best) => Self { pick: Some(Pick::of(best, needs)), nearest: None },
            None => Self { pick: None, nearest: nearest(&judged, needs, lang) },
        }
    }

    /// What the pick is worth; without one, less than any.
    #[must_use]
    pub fn worth(&self) -> f64 {
        self.pick.as_ref().map_or(f64::NEG_INFINITY, |pick| pick.worth_points)
    }
}

impl Pick {
    fn of(judged: &Judged<'_>, needs: &Needs) -> Self {
        Self {
            model: judged.model.id.clone(),
            quant: judged.quant.id.clone(),
            placement: judged.placement.kind,
            needed_bytes: judged.needed_bytes(),
            decode: judged.decode,
            ttft_seconds: judged.answer.map(|answer| answer.ttft.seconds),
            time_to_answer_seconds: judged.answer.map(|answer| answer.whole.seconds),
            quality_score: judged.quality.as_ref().map(|quality| quality.score),
            worth_points: judged.utility(needs),
        }
    }
}

fn nearest(judged: &[Judged<'_>], needs: &Needs, lang: Lang) -> Option<NearestMiss> {
    let distance = |judged: &Judged<'_>| Verdict::distance_of(&judged.lacks);
    let nearest = judged.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
    Some(NearestMiss {
        model: nearest.model.id.clone(),
        quant: nearest.quant.id.clone(),
        reason: explain::lacks(nearest, needs, lang),
    })
}
