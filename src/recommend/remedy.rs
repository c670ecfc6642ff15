//! What would make a rejected model fit: each change is tried by assessing anew, never guessed.
//!
//! A remedy is honest: what then runs meets the limits as they were set, a limit is lowered by no more than people would,
//! and hardware is what an owner of that machine would buy (see [`changes`](super::changes)).

use serde::Serialize;

use super::candidates::cheapest_api;
use super::upgrade::Step;
use super::{Assessment, Evaluation, HardwareChange, Needs, Verdict};
use crate::catalog::{ApiPrice, Artifact, FeedForward, Model};
use crate::machine::GpuMemory;
use crate::run_config::KvType;
use crate::units::{Bytes, Seconds, TokenRate, Usd, UsdPerMillionTokens};

/// A change after which a model meets the needs, and what it then does.
#[derive(Clone, Debug)]
pub struct Remedy<'a> {
    /// The change.
    pub change: Change,
    /// What the hardware costs; none where it is free or the price is unknown.
    pub price: Option<DatedPrice>,
    /// The best quant then; none of an API, which runs what it runs.
    pub outcome: Option<Assessment<'a>>,
}

/// Whether a change must be paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CostKind {
    /// A setting or a need.
    Free,
    /// Hardware.
    Hardware,
    /// By the token.
    Api,
}

impl Remedy<'_> {
    /// Whether it must be paid for.
    #[must_use]
    pub const fn cost_kind(&self) -> CostKind {
        match self.change {
            Change::Gpus { .. }
            | Change::Card { .. }
            | Change::Ram { .. }
            | Change::Machine { .. }
            | Change::Workstation { .. } => CostKind::Hardware,
            Change::Api { .. } => CostKind::Api,
            Change::KvType { .. }
            | Change::Context { .. }
            | Change::AlsoRam
            | Change::Limits { .. }
            | Change::Batch => CostKind::Free,
        }
    }

    const fn free(change: Change, outcome: Assessment<'_>) -> Remedy<'_> {
        Remedy { change, price: None, outcome: Some(outcome) }
    }
}

/// A price and when it was seen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DatedPrice {
    /// The price.
    pub usd: Usd,
    /// When it was seen.
    pub date: Option<String>,
    /// Whether it buys something used.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub used: bool,
}

/// A change of the needs or of the machine.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// A KV cache in fewer bits.
    KvType {
        /// Of keys and values.
        kv_type: KvType,
    },
    /// A shorter context for each sequence.
    Context {
        /// Of each sequence.
        context_tokens: u32,
    },
    /// Layers in RAM, too: without `--gpu-only`.
    AlsoRam,
    /// Limits that the nearest choice meets.
    Limits {
        /// The flags that set them, such as `--min-decode 4.5`.
        flags: Vec<String>,
    },
    /// As a batch job, with nobody waiting for the answers.
    Batch,
    /// More cards of a kind that is there.
    Gpus {
        /// The card.
        name: String,
        /// How many more.
        more: u32,
    },
    /// Cards of another kind.
    Card {
        /// The card.
        name: String,
        /// How many.
        count: u32,
        /// Whether those that are there go.
        replaces: bool,
    },
    /// More RAM.
    Ram {
        /// In all.
        total_bytes: Bytes,
    },
    /// Another machine.
    Machine {
        /// Its name on a bill, with its memory where it is sold with several sizes.
        name: String,
    },
    /// A computer with cards in it.
    Workstation {
        /// The card.
        name: String,
        /// How many.
        count: u32,
        /// Whether the price is of used cards.
        used: bool,
        /// The computer's main memory.
        ram_bytes: Bytes,
    },
    /// A provider that serves the model.
    Api {
        /// The provider.
        provider: String,
        /// The model's name there.
        offered_as: String,
        /// Tokens of the prompt.
        input_usd_per_million_tokens: UsdPerMillionTokens,
        /// Tokens of the answer, thinking included.
        output_usd_per_million_tokens: UsdPerMillionTokens,
        /// When the price was seen.
        date: String,
    },
}

/// By what factor a limit may be missed that is worth lowering: what is farther off is another machine's work.
const NEAR: f64 = 1.5;

/// A change of the machine that is there is taken before another machine up to so many times its price.
const BEFORE_ANOTHER: f64 = 2.0;

/// The fewest bits a weight of a quant that hardware is bought for. Under three and a half a dense model loses more than a
/// smaller one costs; of the 671B the dynamic quants of two and a half lose a tenth (R1-0528 in UD-Q2_K_XL raises
/// perplexity by 9.8 %).
const LEAST_BITS: f64 = 3.4;
const LEAST_BITS_OF_EXPERTS: f64 = 2.4;

/// The use-case of jobs that nobody waits for.
const BATCH: &str = "batch";

/// The changes after which the model of `nearest` would meet the needs: free ones, hardware by its price, an API. Empty
/// where no change helps, as with a licence.
#[must_use]
pub(super) fn remedies<'a>(evaluation: &Evaluation<'a, '_>, nearest: &Assessment<'a>) -> Vec<Remedy<'a>> {
    let (model, needs) = (nearest.model, evaluation.needs);
    if nearest.lacks.iter().any(is_inherent) {
        return relaxed_limits(evaluation, nearest).into_iter().collect();
    }
    let mut found = free(evaluation, nearest);
    found.extend(hardware(evaluation, model));
    if !needs.local_only {
        found.extend(cheapest_api(evaluation.catalog(), model).map(by_api));
    }
    found
}

fn by_api<'a>(offer: &ApiPrice) -> Remedy<'a> {
    let change = Change::Api {
        provider: offer.provider.clone(),
        offered_as: offer.offered_as.clone(),
        input_usd_per_million_tokens: offer.input,
        output_usd_per_million_tokens: offer.output,
        date: offer.date.clone(),
    };
    Remedy { change, price: None, outcome: None }
}

/// Whether it is the model that lacks something, so that neither hardware nor settings help.
const fn is_inherent(verdict: &Verdict) -> bool {
    matches!(
        verdict,
        Verdict::LicenceNotAllowed { .. } | Verdict::ScoreUnknown { .. } | Verdict::ScoresTooLow { .. }
    )
}

/// Changes of the needs.
fn free<'a>(evaluation: &Evaluation<'a, '_>, nearest: &Assessment<'a>) -> Vec<Remedy<'a>> {
    let (model, needs) = (nearest.model, evaluation.needs);
    let attempt = |change: Change, relaxed: &Needs| {
        let outcome = evaluation.with_needs(relaxed).best_of(model)?;
        keeps_limits(&outcome, relaxed).then(|| Remedy::free(change, outcome))
    };
    let mut found = Vec::new();
    if needs.run.kv_type == KvType::F16 {
        let mut relaxed = needs.clone();
        relaxed.run.kv_type = KvType::Q8_0;
        found.extend(attempt(Change::KvType { kv_type: KvType::Q8_0 }, &relaxed));
    }
    let task = needs.task.prompt_tokens + needs.task.output_tokens;
    let context = needs.run.context_per_sequence();
    let shorter = [context / 2, task.next_multiple_of(1024), model.architecture.context_trained];
    found.extend(shorter.into_iter().filter(|shorter| (task..context).contains(shorter)).find_map(
        |context_tokens| {
            let mut relaxed = needs.clone();
            relaxed.run.context = context_tokens * relaxed.run.sequences.max(1);
            attempt(Change::Context { context_tokens }, &relaxed)
        },
    ));
    if needs.gpu_only {
        found.extend(attempt(Change::AlsoRam, &Needs { gpu_only: false, ..needs.clone() }));
    }
    let relaxed = relaxed_limits(evaluation, nearest);
    if relaxed.is_none() {
        found.extend(batch(evaluation, nearest));
    }
    found.extend(relaxed);
    found
}

/// As a batch job, where time is all that is between it and the needs and the user set no limit to it.
fn batch<'a>(evaluation: &Evaluation<'a, '_>, nearest: &Assessment<'a>) -> Option<Remedy<'a>> {
    let needs = evaluation.needs;
    let is_time =
        |lack: &Verdict| matches!(lack, Verdict::TooSlow { .. } | Verdict::FirstTokenTooLate { .. });
    let is_given = ["min_decode", "max_ttft", "max_answer_time"].iter().any(|key| needs.given.contains(*key));
    if is_given || needs.use_case == BATCH || !nearest.lacks.iter().all(is_time) {
        return None;
    }
    let patient = evaluation.catalog().use_case(BATCH).ok()?;
    let relaxed = Needs {
        minimum_decode_tokens_per_second: TokenRate(patient.minimum_decode_tokens_per_second),
        maximum_ttft_seconds: None,
        ..needs.clone()
    };
    let outcome = evaluation.with_needs(&relaxed).best_of(nearest.model)?;
    keeps_limits(&outcome, &relaxed).then(|| Remedy::free(Change::Batch, outcome))
}

/// Whether it keeps the limits of time to the letter, even those that bend for what is there.
fn keeps_limits(outcome: &Assessment<'_>, needs: &Needs) -> bool {
    let in_time = |most: Option<Seconds>, taken: Option<Seconds>| match (most, taken) {
        (Some(most), Some(taken)) => taken <= most,
        _ => true,
    };
    outcome.decode.is_none_or(|rate| rate.tokens_per_second >= needs.minimum_decode_tokens_per_second.0)
        && in_time(needs.maximum_ttft_seconds, outcome.ttft())
        && in_time(needs.maximum_answer_seconds, outcome.time_to_answer())
}

/// The limits that the nearest choice meets, where limits are all that is between it and the needs, and it misses them by
/// little.
fn relaxed_limits<'a>(evaluation: &Evaluation<'a, '_>, nearest: &Assessment<'a>) -> Option<Remedy<'a>> {
    let mut relaxed = evaluation.needs.clone();
    let flags = nearest.lacks.iter().map(|lack| relax(&mut relaxed, lack, nearest)).collect::<Option<_>>()?;
    let outcome = evaluation.with_needs(&relaxed).best_of(nearest.model)?;
    Some(Remedy::free(Change::Limits { flags }, outcome))
}

/// Moves a limit to what is reached, and gives the flag that does so; none where that is too far.
fn relax(needs: &mut Needs, lack: &Verdict, reached: &Assessment<'_>) -> Option<String> {
    Some(match lack {
        Verdict::TooSlow { minimum_tokens_per_second: minimum, .. } => {
            let rate = floor_to_digit(reached.decode?.tokens_per_second);
            if rate * NEAR < minimum.0 {
                return None;
            }
            needs.minimum_decode_tokens_per_second = TokenRate(rate);
            format!("--min-decode {rate}")
        }
        Verdict::FirstTokenTooLate { maximum_seconds: maximum, .. } => {
            let seconds = reached.answer?.ttft.seconds.0.ceil();
            if seconds > maximum.0 * NEAR {
                return None;
            }
            needs.maximum_ttft_seconds = Some(Seconds(seconds));
            format!("--max-ttft {seconds}s")
        }
        Verdict::TooLate { maximum_seconds: maximum, .. } => {
            let seconds = reached.answer?.whole.seconds.0.ceil();
            if seconds > maximum.0 * NEAR {
                return None;
            }
            needs.maximum_answer_seconds = Some(Seconds(seconds));
            format!("--max-answer-time {seconds}s")
        }
        Verdict::ScoresTooLow { benchmark, score, minimum, .. } => {
            if score * NEAR < *minimum {
                return None;
            }
            needs.minimum_scores.insert(*benchmark, *score);
            format!("--min {}={score}", benchmark.key())
        }
        Verdict::LosesTooMuch { loss_percent, maximum_percent } => {
            if *loss_percent > maximum_percent * NEAR {
                return None;
            }
            needs.maximum_quant_loss_percent = loss_percent.ceil();
            format!("--max-quant-loss {}", loss_percent.ceil())
        }
        _ => return None,
    })
}

/// A rate rounded down to a digit that people type: 3.27 to 3.2, 0.0834 to 0.08.
fn floor_to_digit(rate: f64) -> f64 {
    let digits = if rate < 1.0 { 100.0 } else { 10.0 };
    ((rate * digits).floor() / digits).max(0.01)
}

/// The cheapest hardware on which it would do: what is put into the machine before another machine, and where no price of
/// that is known, the cheapest that has one besides.
fn hardware<'a>(evaluation: &Evaluation<'a, '_>, model: &Model) -> Vec<Remedy<'a>> {
    let steps = evaluation.steps();
    let in_budget = |step: &&Step| {
        evaluation
            .needs
            .budget
            .is_none_or(|budget| step.price.as_ref().is_some_and(|price| price.usd <= budget))
    };
    let does = |step: &Step| Some((step.rank_usd, remedy_of(evaluation, model, step)?));
    let there = || steps.iter().filter(|step| step.in_place()).filter(in_budget);
    let first = there().find_map(does);
    let priced = match &first {
        Some((_, Remedy { price: None, .. })) => there().filter(|step| step.price.is_some()).find_map(does),
        _ => None,
    };
    let mut found: Vec<(Usd, Remedy<'a>)> = first.into_iter().chain(priced).collect();
    let dearest = found.iter().map(|(usd, _)| usd.0).reduce(f64::max).unwrap_or(f64::INFINITY);
    // What is put in costs less than most machines; where it does not, another is named beside it.
    let others = steps.iter().filter(|step| !step.in_place()).filter(in_budget);
    let mut others = others.filter(|step| step.rank_usd.0 * BEFORE_ANOTHER < dearest);
    found.extend(others.find_map(does));
    found.sort_by(|a, b| a.0.0.total_cmp(&b.0.0));
    found.into_iter().map(|(_, remedy)| remedy).collect()
}

/// Whether people would pay for that: cards that hold the model, and a quant that leaves it what it is.
fn is_worth_buying(outcome: &Assessment<'_>, step: &Step) -> bool {
    let has_experts = matches!(outcome.model.architecture.feed_forward, FeedForward::Experts { .. });
    let bits = outcome.weights_bytes.as_f64() * 8.0 / outcome.model.parameters as f64;
    let least = if has_experts { LEAST_BITS_OF_EXPERTS } else { LEAST_BITS };
    let are_cards = step.machine.gpus.iter().any(|gpu| matches!(gpu.memory, GpuMemory::Dedicated { .. }))
        && !matches!(step.change, HardwareChange::MoreRam { .. });
    bits >= least && (has_experts || !are_cards || !outcome.placement.computes_in_ram())
}

/// What the model then does, if it meets the needs.
fn remedy_of<'a>(evaluation: &Evaluation<'a, '_>, model: &Model, step: &Step) -> Option<Remedy<'a>> {
    let smallest = model.artifacts.iter().filter_map(Artifact::bytes).min().unwrap_or_default();
    if step.holds() < smallest {
        return None;
    }
    let outcome = evaluation.on(&step.machine).best_of(model)?;
    if !is_worth_buying(&outcome, step) || !keeps_limits(&outcome, evaluation.needs) {
        return None;
    }
    let price = step.price.as_ref().map(|price| DatedPrice {
        usd: price.usd,
        date: price.date.clone(),
        used: price.used,
    });
    let change = match &step.change {
        HardwareChange::MoreCards { card, .. } => {
            let more = step.machine.gpus.len() - evaluation.machine.gpus.len();
            Change::Gpus { name: card.clone(), more: more as u32 }
        }
        HardwareChange::AddedCard { card, count } => {
            Change::Card { name: card.clone(), count: *count as u32, replaces: false }
        }
        HardwareChange::OtherCards { card, count } => {
            Change::Card { name: card.clone(), count: *count as u32, replaces: true }
        }
        HardwareChange::MoreRam { total_bytes } => Change::Ram { total_bytes: *total_bytes },
        HardwareChange::OtherMachine { name } => Change::Machine { name: name.clone() },
        HardwareChange::Workstation { card, count, used, ram_bytes } => Change::Workstation {
            name: card.clone(),
            count: *count as u32,
            used: *used,
            ram_bytes: *ram_bytes,
        },
    };
    Some(Remedy { change, price, outcome: Some(outcome) })
}
