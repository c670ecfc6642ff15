use super::{Cost, Needs, Quality, Verdict};
use crate::catalog::{Commonness, Model, Quant};
use crate::estimate::{AnswerTime, Placement, PredictedRate, Task};
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
    /// The question and the answer that the times are of: with its own length of thinking.
    pub task: Task,
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

    /// The quality that can be counted on.
    #[must_use]
    pub fn counted_on(&self) -> Option<f64> {
        self.quality.as_ref().map(Quality::counted_on)
    }

    /// Whether it is at least as good as `other` in quality, time and memory, and as common, and better in one.
    #[must_use]
    pub fn beats(&self, other: &Self) -> bool {
        let of = |assessed: &Self| {
            Some((assessed.counted_on()?, assessed.time_to_answer()?.0, assessed.needed_bytes()))
        };
        let (Some(mine), Some(theirs)) = (of(self), of(other)) else { return false };
        let as_common = self.quant.commonness <= other.quant.commonness;
        as_common && mine != theirs && mine.0 >= theirs.0 && mine.1 <= theirs.1 && mine.2 <= theirs.2
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
    /// That can be counted on.
    pub(super) quality: Option<f64>,
    pub(super) commonness: Commonness,
    pub(super) task: Task,
    pub(super) decode: Option<PredictedRate>,
    pub(super) answer: Option<AnswerTime>,
    pub(super) cost: Option<&'w Cost<'w>>,
    pub(super) needed: Bytes,
    /// What the quant is counted to lose, in percent, where nobody measured it on that model.
    pub(super) untried_loss_percent: f64,
    /// What it costs the rest of the system that it leaves little memory.
    pub(super) crowding: f64,
    /// Whether layers are computed from RAM because the cards are too small.
    pub(super) spills: bool,
}

/// Points that a dense model must be better by to be computed in part from RAM: it is quick only as long as nothing else
/// uses that, and its speed is the least certain.
const SPILLING: f64 = 2.5;

/// The loss that needs no second thought, and the points that each percent above it costs besides what it takes of the
/// score, where nobody measured that quant of that model: below four bits "significant accuracy risks" (arXiv:2504.04823).
const FAMILIAR_LOSS_PERCENT: f64 = 3.0;
const POINTS_PER_PERCENT: f64 = 2.0;

/// Points that doubling the memory costs under any priority: of two that are as good, the smaller one.
const ROOM: f64 = 0.05;

impl Worth<'_> {
    /// Its quality in points, less what waiting for it costs, and what the priority counts besides.
    pub(super) fn utility(&self, needs: &Needs) -> f64 {
        let exchange = needs.priority.exchange();
        let seconds = self.seconds();
        // Where the power is unknown, the time stands for it, as if every device drew 100 W.
        let energy =
            self.cost.map_or(seconds.0 / 36.0, |cost| cost.watt_hours_per_answer(self.task)).max(1e-3);
        self.quality.unwrap_or(0.0)
            - needs.impatience * exchange.waiting(seconds, needs.comfortable_seconds())
            - exchange.slowness * self.halvings_too_slow(needs)
            - self.crowding
            - if self.spills { SPILLING } else { 0.0 }
            - self.excess_loss(needs)
            - (exchange.energy + needs.thrift) * energy.log2()
            - (exchange.memory + needs.thrift + ROOM) * self.needed.as_gib().max(1e-3).log2()
            - unfamiliarity(self.commonness)
    }

    /// How often the usual minimum must be halved to be kept; the user's own is a limit.
    fn halvings_too_slow(&self, needs: &Needs) -> f64 {
        let usual = needs.minimum_decode_tokens_per_second.0;
        self.decode.map_or(0.0, |decode| (usual / decode.tokens_per_second).log2().max(0.0))
    }

    /// What a loss costs besides the score, where the user set no limit.
    fn excess_loss(&self, needs: &Needs) -> f64 {
        let excess = (self.untried_loss_percent - FAMILIAR_LOSS_PERCENT).max(0.0);
        if needs.insists_on("max_quant_loss") { 0.0 } else { POINTS_PER_PERCENT * excess }
    }

    /// Time to the whole answer. Where a card's compute is unknown, the time of writing stands for the whole: it is
    /// nearly all of it.
    fn seconds(&self) -> Seconds {
        let writing =
            || self.decode.map(|decode| f64::from(self.task.output_tokens) / decode.tokens_per_second);
        Seconds(self.answer.map(|answer| answer.whole.seconds.0).or_else(writing).unwrap_or(6e10))
    }
}

/// Memory that whatever else runs on a machine wants of what the model shares with it, and the points that having none of
/// it costs.
const ELBOW_ROOM: Bytes = Bytes::gib(8);
const POINTS_WITHOUT_ROOM: f64 = 25.0;

/// The points that it costs to leave `left` of `ram`: the system, a browser and an editor live in the same memory.
pub(super) fn crowding(left: Bytes, ram: Bytes) -> f64 {
    let wanted = ELBOW_ROOM.min(Bytes(ram.0 / 2)).as_f64();
    POINTS_WITHOUT_ROOM * (1.0 - left.as_f64() / wanted.max(1.0)).max(0.0)
}

/// What a card should have left, and the points that having none of it costs: a longer conversation, a browser's windows.
const SPARE_ON_CARD: Bytes = Bytes::gib(1);
const POINTS_WITHOUT_SPARE: f64 = 2.0;

/// The points that it costs to leave `left` on the tightest card.
pub(super) fn tightness(left: Bytes) -> f64 {
    POINTS_WITHOUT_SPARE * (1.0 - left.as_f64() / SPARE_ON_CARD.as_f64()).max(0.0)
}

/// The points that a quant must be better by than the usual one: less is not known of any.
const fn unfamiliarity(commonness: Commonness) -> f64 {
    match commonness {
        Commonness::Usual => 0.0,
        Commonness::Common => 0.1,
        Commonness::Known => 0.25,
        Commonness::Rare => 1.0,
    }
}
