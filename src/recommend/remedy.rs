//! What would make a rejected model fit: each change is tried by assessing anew, never guessed.

use serde::Serialize;

use super::candidates::cheapest_api;
use super::quality::WORST_LOSS_PERCENT;
use super::{Assessment, Evaluation, Needs, Verdict};
use crate::catalog::{AcceleratorKind, ApiPrice, Catalog, MachineKind, Model};
use crate::machine::{GpuMemory, Machine};
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
            Change::Gpus { .. } | Change::Ram { .. } | Change::Machine { .. } => CostKind::Hardware,
            Change::Api { .. } => CostKind::Api,
            _ => CostKind::Free,
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
        /// The flags that set them, such as `--min-decode 3`.
        flags: Vec<String>,
    },
    /// More cards of a kind that is there.
    Gpus {
        /// The card.
        name: String,
        /// How many more.
        more: u32,
    },
    /// More RAM.
    Ram {
        /// In all.
        total_bytes: Bytes,
    },
    /// Another machine.
    Machine {
        /// Its name on a bill.
        name: String,
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

/// The most cards of one kind that are put into a machine.
const MOST_GPUS: usize = 8;

/// Sizes of RAM that machines are sold with, in GiB.
const RAM_SIZES: [u64; 14] = [8, 16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536];

/// The changes after which the model of `nearest` would meet the needs: free ones, hardware by its price, an API. Empty
/// where no change helps, as with a licence.
#[must_use]
pub(super) fn remedies<'a>(evaluation: &Evaluation<'a, '_>, nearest: &Assessment<'a>) -> Vec<Remedy<'a>> {
    let (model, needs) = (nearest.model, evaluation.needs);
    if nearest.lacks.iter().any(is_inherent) {
        return relaxed_limits(evaluation, nearest).into_iter().collect();
    }
    let mut found = free(evaluation, nearest);
    let changes =
        [more_gpus(evaluation, model), more_ram(evaluation, model), another_machine(evaluation, model)];
    let mut hardware: Vec<Remedy<'a>> = changes.into_iter().flatten().collect();
    let usd = |remedy: &Remedy<'_>| remedy.price.as_ref().map(|price| price.usd);
    if let Some(budget) = needs.budget {
        hardware.retain(|remedy| usd(remedy).is_some_and(|usd| usd <= budget));
    }
    let order = |remedy: &Remedy<'_>| usd(remedy).map_or(f64::MAX, |usd| usd.0);
    hardware.sort_by(|a, b| order(a).total_cmp(&order(b)));
    found.extend(hardware);
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
        Some(Remedy::free(change, evaluation.with_needs(relaxed).best_of(model)?))
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
    if needs.maximum_quant_loss_percent < WORST_LOSS_PERCENT {
        let percent = WORST_LOSS_PERCENT;
        let relaxed = Needs { maximum_quant_loss_percent: percent, ..needs.clone() };
        found
            .extend(attempt(Change::Limits { flags: vec![format!("--max-quant-loss {percent}")] }, &relaxed));
    }
    found.extend(relaxed_limits(evaluation, nearest));
    found
}

/// The limits that the nearest choice meets, where limits are all that is between it and the needs.
fn relaxed_limits<'a>(evaluation: &Evaluation<'a, '_>, nearest: &Assessment<'a>) -> Option<Remedy<'a>> {
    let mut relaxed = evaluation.needs.clone();
    let flags = nearest.lacks.iter().map(|lack| relax(&mut relaxed, lack, nearest)).collect::<Option<_>>()?;
    let outcome = evaluation.with_needs(&relaxed).best_of(nearest.model)?;
    Some(Remedy::free(Change::Limits { flags }, outcome))
}

/// Moves a limit to what is reached, and gives the flag that does so.
fn relax(needs: &mut Needs, lack: &Verdict, reached: &Assessment<'_>) -> Option<String> {
    Some(match lack {
        Verdict::TooSlow { .. } => {
            let rate = floor_to_digit(reached.decode?.tokens_per_second);
            needs.minimum_decode_tokens_per_second = TokenRate(rate);
            format!("--min-decode {rate}")
        }
        Verdict::FirstTokenTooLate { .. } => {
            let seconds = reached.answer?.ttft.seconds.0.ceil();
            needs.maximum_ttft_seconds = Some(Seconds(seconds));
            format!("--max-ttft {seconds}s")
        }
        Verdict::TooLate { .. } => {
            let seconds = reached.answer?.whole.seconds.0.ceil();
            needs.maximum_answer_seconds = Some(Seconds(seconds));
            format!("--max-answer-time {seconds}s")
        }
        Verdict::ScoresTooLow { benchmark, score, .. } => {
            needs.minimum_scores.insert(*benchmark, *score);
            format!("--min {}={score}", benchmark.key())
        }
        Verdict::LosesTooMuch { loss_percent: percent, .. }
        | Verdict::LossUnknown { counted_percent: percent, .. } => {
            needs.maximum_quant_loss_percent = percent.ceil();
            format!("--max-quant-loss {}", percent.ceil())
        }
        _ => return None,
    })
}

/// A rate rounded down to a digit that people type: 3.27 to 3.2, 0.0834 to 0.08.
fn floor_to_digit(rate: f64) -> f64 {
    let digits = if rate < 1.0 { 100.0 } else { 10.0 };
    ((rate * digits).floor() / digits).max(0.01)
}

/// The fewest more cards of the kind that is there.
fn more_gpus<'a>(evaluation: &Evaluation<'a, '_>, model: &Model) -> Option<Remedy<'a>> {
    let machine = evaluation.machine;
    let card = machine.gpus.first().filter(|gpu| matches!(gpu.memory, GpuMemory::Dedicated { .. }))?;
    let with = |more: usize| {
        let mut machine = machine.clone();
        machine.gpus.extend(std::iter::repeat_n(card.clone(), more));
        evaluation.on(&machine).best_of(model)
    };
    let most = MOST_GPUS.saturating_sub(machine.gpus.len());
    // Where the most are not enough, fewer are not.
    with(most).filter(|_| most > 0)?;
    (1..=most).find_map(|more| {
        let outcome = with(more)?;
        let price = card.accelerator.as_deref().and_then(|id| {
            let price = evaluation.catalog().hardware_price(id).ok()??;
            Some(DatedPrice { usd: Usd(price.usd.0 * more as f64), date: price.date })
        });
        let change = Change::Gpus { name: card.name.clone(), more: more as u32 };
        Some(Remedy { change, price, outcome: Some(outcome) })
    })
}

/// The least RAM that machines are sold with and that is enough.
fn more_ram<'a>(evaluation: &Evaluation<'a, '_>, model: &Model) -> Option<Remedy<'a>> {
    let machine = evaluation.machine;
    let now = machine.ram.total_bytes;
    let most = most_ram(evaluation.catalog(), machine);
    let sold = RAM_SIZES.into_iter().map(Bytes::gib);
    let sizes: Vec<Bytes> = sold.filter(|total| *total > now && *total <= most).collect();
    let with = |total_bytes| evaluation.on(&with_ram(machine, total_bytes)).best_of(model);
    // Where the most is not enough, less is not.
    with(*sizes.last()?)?;
    sizes.into_iter().find_map(|total_bytes| {
        let outcome = with(total_bytes)?;
        let price = ram_price(evaluation, total_bytes - now);
        Some(Remedy { change: Change::Ram { total_bytes }, price, outcome: Some(outcome) })
    })
}

/// The machine with `total_bytes` of RAM; a GPU that shares it gets its share.
#[must_use]
pub fn with_ram(machine: &Machine, total_bytes: Bytes) -> Machine {
    let mut machine = machine.clone();
    let more = total_bytes.saturating_sub(machine.ram.total_bytes);
    machine.ram.total_bytes = total_bytes;
    machine.ram.available_bytes += more;
    for gpu in &mut machine.gpus {
        if matches!(gpu.memory, GpuMemory::Unified { .. }) {
            gpu.memory = GpuMemory::default_share(gpu.vendor, total_bytes);
        }
    }
    machine
}

/// What a machine can be had with: of a chip whose memory is soldered on, its largest configuration.
fn most_ram(catalog: &Catalog, machine: &Machine) -> Bytes {
    let soc = machine.gpus.iter().filter_map(|gpu| gpu.accelerator.as_deref()).find_map(|id| {
        let known = catalog.accelerators().ok()?.iter().find(|known| known.id == id)?;
        (known.kind == AcceleratorKind::Unified).then_some(known.memory)
    });
    soc.unwrap_or(Bytes(u64::MAX))
}

/// What more RAM costs. A chip with its memory soldered on is bought whole, at a price of its own.
fn ram_price(evaluation: &Evaluation<'_, '_>, more: Bytes) -> Option<DatedPrice> {
    if evaluation.machine.gpus.iter().any(|gpu| matches!(gpu.memory, GpuMemory::Unified { .. })) {
        return None;
    }
    let prices = evaluation.catalog().machine_prices().ok()?;
    let of_one = prices.iter().filter(|price| price.kind == MachineKind::Memory);
    let cheapest = of_one.min_by(|a, b| a.usd.0.total_cmp(&b.usd.0))?;
    Some(DatedPrice { usd: Usd(cheapest.usd.0 * more.as_gib()), date: Some(cheapest.date.clone()) })
}

/// The cheapest machine that is sold and on which it would do.
fn another_machine<'a>(evaluation: &Evaluation<'a, '_>, model: &Model) -> Option<Remedy<'a>> {
    let offers = evaluation.candidates.offers();
    offers.iter().filter(|offer| offer.may_do(model, evaluation.needs)).find_map(|offer| {
        let machine = offer.machine(evaluation.catalog())?;
        let outcome = evaluation.on(machine).best_of(model)?;
        let change = Change::Machine { name: offer.name() };
        Some(Remedy { change, price: Some(offer.price.clone()), outcome: Some(outcome) })
    })
}
