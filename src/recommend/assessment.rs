use super::{Cost, Needs, Quality, Verdict};
use crate::catalog::{Model, Quant};
use crate::estimate::{AnswerTime, Placement, PredictedRate};
use crate::history::Tuned;
use crate::units::{Bytes, Seconds};

/// A model in a quant, held against a machine and the needs.
#[derive(Clone, Debug)]
pub struct Assessment<'a> {
    /// The model.
    pub model: &'a Model,
    /// The quant.
    pub quant: &'a Quant,
    /// Every need that it does not meet, the farthest from being met first.
    pub lacks: Vec<Verdict>,
    /// Where it runs fastest, or what comes nearest where it does not fit.
    pub placement: Placement,
    /// All weights.
    pub weights_bytes: Bytes,
    /// Whether that is a published size rather than computed from the tensors.
    pub published_size: bool,
    /// Decode speed in the middle of the task's answer; with several sequences, of each.
    pub decode: Option<PredictedRate>,
    /// Time of the task; none where a GPU's compute is unknown.
    pub answer: Option<AnswerTime>,
    /// How good its answers are, where that was published.
    pub quality: Option<Quality<'a>>,
    /// What it costs; none where the power of what computes is unknown.
    pub cost: Option<Cost<'a>>,
    /// The settings that `bench --tune` found fastest here and that the speeds are of.
    pub tuned: Option<Tuned>,
    /// Its worth under the priority of the needs, in points of quality.
    pub utility: f64,
}

impl Assessment<'_> {
    /// The name of model and quant, as commands take it.
    #[must_use]
    pub fn target(&self) -> String {
        format!("{}:{}", self.model.id, self.quant.id)
    }

    /// Whether it is of the same model in the same quant.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.model.id == other.model.id && self.quant.id == other.quant.id
    }

    /// Whether it meets every need.
    #[must_use]
    pub fn meets_needs(&self) -> bool {
        self.lacks.is_empty()
    }

    /// That it fits, or the need that it is farthest from.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let fits = || Verdict::Fits { headroom_bytes: self.placement.headroom() };
        self.lacks.first().cloned().unwrap_or_else(fits)
    }

    /// How far it is from meeting the needs; see [`Verdict::distance`].
    pub(super) fn distance(&self) -> f64 {
        self.lacks.iter().map(Verdict::distance).sum()
    }

    /// Weights, KV cache and compute buffers: what must stay in memory.
    #[must_use]
    pub fn needed_bytes(&self) -> Bytes {
        self.weights_bytes + self.placement.sum(|device| device.kv_cache_bytes + device.compute_bytes)
    }

    /// Until the first token of the task's answer.
    #[must_use]
    pub fn ttft(&self) -> Option<Seconds> {
        self.answer.map(|answer| answer.ttft.seconds)
    }

    /// Until the last token of the task's answer.
    #[must_use]
    pub fn time_to_answer(&self) -> Option<Seconds> {
        self.answer.map(|answer| answer.whole.seconds)
    }

    /// Points of quality, less what the quant loses.
    #[must_use]
    pub fn score(&self) -> Option<f64> {
        self.quality.as_ref().map(|quality| quality.score)
    }

    /// How it differs from `other`; none where a score or a time is unknown.
    #[must_use]
    pub fn against(&self, other: &Self) -> Option<Difference> {
        let bytes = |assessed: &Self| i64::try_from(assessed.needed_bytes().0).unwrap_or(i64::MAX);
        Some(Difference {
            points: self.score()? - other.score()?,
            times_as_fast: other.time_to_answer()?.0 / self.time_to_answer()?.0,
            more_bytes: bytes(self) - bytes(other),
        })
    }

    /// Whether it is at least as good as `other` in quality, time and memory, and better in one.
    #[must_use]
    pub fn beats(&self, other: &Self) -> bool {
        let of = |assessed: &Self| {
            Some((assessed.score()?, assessed.time_to_answer()?.0, assessed.needed_bytes()))
        };
        let (Some(mine), Some(theirs)) = (of(self), of(other)) else { return false };
        mine != theirs && mine.0 >= theirs.0 && mine.1 <= theirs.1 && mine.2 <= theirs.2
    }
}

/// How one assessment differs from another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Points of quality that it has more.
    pub points: f64,
    /// How many times as fast it answers.
    pub times_as_fast: f64,
    /// Memory that it needs more; less where negative.
    pub more_bytes: i64,
}

/// What a choice is worth.
#[derive(Clone, Copy, Debug)]
pub(super) struct Worth<'w> {
    pub(super) score: Option<f64>,
    pub(super) decode: Option<PredictedRate>,
    pub(super) answer: Option<AnswerTime>,
    pub(super) cost: Option<&'w Cost<'w>>,
    pub(super) needed: Bytes,
}

impl Worth<'_> {
    /// Its quality in points, more for every halving of what the priority counts.
    pub(super) fn utility(&self, needs: &Needs) -> f64 {
        let exchange = needs.priority.exchange();
        let seconds = self.seconds(needs);
        // An answer within ten seconds is there at once: quicker is worth nothing more.
        let minutes = (seconds / 60.0).max(1.0 / 6.0);
        // Where the power is unknown, the time stands for it, as if every device drew 100 W.
        let energy = self.cost.map_or(seconds / 36.0, |cost| cost.watt_hours_per_answer(needs)).max(1e-3);
        self.score.unwrap_or(0.0)
            - exchange.time * minutes.log2()
            - exchange.energy * energy.log2()
            - exchange.memory * self.needed.as_gib().max(1e-3).log2()
    }

    /// Time to the whole answer. Where a card's compute is unknown, the time of writing stands for the whole: it is
    /// nearly all of it.
    fn seconds(&self, needs: &Needs) -> f64 {
        let writing =
            || self.decode.map(|decode| f64::from(needs.task.output_tokens) / decode.tokens_per_second);
        self.answer.map(|answer| answer.whole.seconds.0).or_else(writing).unwrap_or(6e10)
    }
}
