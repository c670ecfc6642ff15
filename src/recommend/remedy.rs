//! What would make a rejected model fit: each change is tried by judging anew, never guessed.

use std::sync::OnceLock;

use serde::Serialize;

use super::quality::WORST_LOSS_PERCENT;
use super::{Court, Judged, Needs, Verdict, explain};
use crate::catalog::{
    Accelerator, AcceleratorKind, ApiPrice, Artifact, Catalog, Counted, HardwarePrice, MachineKind, Model,
    PriceKind, Wish, describe,
};
use crate::estimate::{PlacementKind, PredictedRate};
use crate::lang::Lang;
use crate::machine::{GpuMemory, Machine};
use crate::run_config::KvType;
use crate::units::{Bytes, Seconds, TokenRate, Usd, UsdPerMillionTokens};

/// A change after which a model meets the needs, and what it then does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Remedy {
    /// All of it in a sentence.
    pub text: String,
    /// The change.
    #[serde(flatten)]
    pub change: Change,
    /// What the hardware costs; none where it is free, or nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<DatedPrice>,
    /// What then runs; an API runs what it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// Whether a change must be paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CostKind {
    /// A setting or a need.
    Free,
    /// Hardware.
    Hardware,
    /// Somebody else's.
    Api,
}

impl Remedy {
    /// Whether it must be paid for.
    #[must_use]
    pub const fn cost_kind(&self) -> CostKind {
        match self.change {
            Change::Gpus { .. } | Change::Ram { .. } | Change::Machine { .. } => CostKind::Hardware,
            Change::Api { .. } => CostKind::Api,
            _ => CostKind::Free,
        }
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

/// What runs after a change.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// The quant.
    pub quant: String,
    /// Where it then runs.
    pub placement: PlacementKind,
    /// How fast it then decodes.
    pub decode: Option<PredictedRate>,
    /// How long an answer then takes.
    pub time_to_answer_seconds: Option<Seconds>,
}

/// A change of what is asked, or of the machine.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// Cached keys and values in fewer bits.
    KvType {
        /// The type.
        kv_type: KvType,
    },
    /// A shorter context for each conversation.
    Context {
        /// Its length, in tokens.
        context_tokens: u32,
    },
    /// Layers in RAM, too.
    AlsoRam,
    /// Limits that what comes nearest keeps.
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
    /// So much RAM in all.
    Ram {
        /// All of it.
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

/// The ways in which `model` would meet the needs, the cheapest first: those that cost nothing, hardware by its
/// price, an API. Empty where no change helps, as with a licence.
#[must_use]
pub fn remedies<'a>(court: &Court<'a, '_>, nearest: &Judged<'a>, lang: Lang) -> Vec<Remedy> {
    let model = nearest.model;
    if nearest.lacks.iter().any(is_inherent) {
        return relaxed_limits(court, nearest).map(|tried| tried.told(lang)).into_iter().collect();
    }
    let mut found = free(court, nearest);
    let changes = [more_gpus(court, model), more_ram(court, model), another_machine(court, model)];
    let mut hardware: Vec<Tried> = changes.into_iter().flatten().collect();
    if let Some(budget) = court.needs.budget {
        hardware.retain(|tried| tried.price.as_ref().is_some_and(|price| price.usd <= budget));
    }
    hardware.sort_by(|a, b| a.dollars().total_cmp(&b.dollars()));
    found.extend(hardware);
    if !court.needs.local_only {
        found.extend(cheapest_api(court.catalog(), model).map(|offer| Tried {
            change: Change::Api {
                provider: offer.provider.clone(),
                offered_as: offer.offered_as.clone(),
                input_usd_per_million_tokens: offer.input,
                output_usd_per_million_tokens: offer.output,
                date: offer.date.clone(),
            },
            price: None,
            outcome: None,
        }));
    }
    found.into_iter().map(|tried| tried.told(lang)).collect()
}

/// A change that helps, before it is put into words.
struct Tried {
    change: Change,
    price: Option<DatedPrice>,
    outcome: Option<Outcome>,
}

impl Tried {
    fn dollars(&self) -> f64 {
        self.price.as_ref().map_or(f64::MAX, |price| price.usd.0)
    }

    fn told(self, lang: Lang) -> Remedy {
        let Self { change, price, outcome } = self;
        let text = explain::remedy(&change, price.as_ref(), outcome.as_ref(), lang);
        Remedy { text, change, price, outcome }
    }
}

/// Whether it is the model that lacks something, so that neither hardware nor settings help.
fn is_inherent(verdict: &Verdict) -> bool {
    matches!(
        verdict,
        Verdict::LicenceNotAllowed { .. } | Verdict::ScoreUnknown { .. } | Verdict::ScoresTooLow { .. }
    )
}

/// Changes of what is asked.
fn free<'a>(court: &Court<'a, '_>, nearest: &Judged<'a>) -> Vec<Tried> {
    let model = nearest.model;
    let needs = court.needs;
    let mut found = Vec::new();
    let mut attempt = |change: Change, relaxed: Needs| {
        let court = Court { needs: &relaxed, ..*court };
        if let Some(outcome) = outcome(&court, model) {
            found.push(Tried { change, price: None, outcome: Some(outcome) });
        }
    };
    if needs.run.kv_type == KvType::F16 {
        let mut relaxed = needs.clone();
        relaxed.run.kv_type = KvType::Q8_0;
        attempt(Change::KvType { kv_type: KvType::Q8_0 }, relaxed);
    }
    let task = needs.task.prompt_tokens + needs.task.output_tokens;
    let shortest = task.next_multiple_of(1024);
    let trained = model.architecture.context_trained;
    let shorter = [needs.run.context_per_sequence() / 2, shortest, trained];
    if let Some(context_tokens) = shorter
        .into_iter()
        .filter(|context| (task..needs.run.context_per_sequence()).contains(context))
        .find(|context| outcome(&Court { needs: &with_context(needs, *context), ..*court }, model).is_some())
    {
        attempt(Change::Context { context_tokens }, with_context(needs, context_tokens));
    }
    if needs.gpu_only {
        attempt(Change::AlsoRam, Needs { gpu_only: false, ..needs.clone() });
    }
    if needs.maximum_quant_loss_percent < WORST_LOSS_PERCENT {
        let percent = WORST_LOSS_PERCENT;
        let relaxed = Needs { maximum_quant_loss_percent: percent, ..needs.clone() };
        attempt(Change::Limits { flags: vec![format!("--max-quant-loss {percent}")] }, relaxed);
    }
    found.extend(relaxed_limits(court, nearest));
    found
}

fn with_context(needs: &Needs, each: u32) -> Needs {
    let mut relaxed = needs.clone();
    relaxed.run.context = each * relaxed.run.sequences.max(1);
    relaxed
}

/// The limits that the nearest choice keeps, where limits are all that is between it and the needs.
fn relaxed_limits<'a>(court: &Court<'a, '_>, nearest: &Judged<'a>) -> Option<Tried> {
    let mut relaxed = court.needs.clone();
    let flags = nearest.lacks.iter().map(|lack| relax(&mut relaxed, lack, nearest)).collect::<Option<_>>()?;
    let outcome = outcome(&Court { needs: &relaxed, ..*court }, nearest.model)?;
    Some(Tried { change: Change::Limits { flags }, price: None, outcome: Some(outcome) })
}

/// Moves the limit that is not kept to what is reached, and tells the flag that does so.
fn relax(needs: &mut Needs, lack: &Verdict, reached: &Judged<'_>) -> Option<String> {
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
        Verdict::LosesTooMuch { loss_percent: percent }
        | Verdict::LossUnknown { counted_percent: percent } => {
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

/// The best that runs under changed needs or on a changed machine.
fn outcome(court: &Court<'_, '_>, model: &Model) -> Option<Outcome> {
    let best = court.best_of(model)?;
    Some(Outcome {
        quant: best.quant.id.clone(),
        placement: best.placement.kind,
        decode: best.decode,
        time_to_answer_seconds: best.answer.map(|answer| answer.whole.seconds),
    })
}

/// The fewest more cards of the kind that is there.
fn more_gpus(court: &Court<'_, '_>, model: &Model) -> Option<Tried> {
    let card = court.machine.gpus.first().filter(|gpu| matches!(gpu.memory, GpuMemory::Dedicated { .. }))?;
    let with = |more: usize| {
        let mut machine = court.machine.clone();
        machine.gpus.extend(std::iter::repeat_n(card.clone(), more));
        outcome(&Court { machine: &machine, tuned: &[], ..*court }, model)
    };
    let most = MOST_GPUS.saturating_sub(court.machine.gpus.len());
    // Where the most are not enough, fewer are not.
    with(most).filter(|_| most > 0)?;
    (1..=most).find_map(|more| {
        let outcome = with(more)?;
        let price = card.accelerator.as_deref().and_then(|id| hardware_price(court.catalog(), id, more));
        Some(Tried {
            change: Change::Gpus { name: card.name.clone(), more: more as u32 },
            price,
            outcome: Some(outcome),
        })
    })
}

fn hardware_price(catalog: &Catalog, id: &str, count: usize) -> Option<DatedPrice> {
    let price = catalog.hardware_price(id).ok()??;
    Some(DatedPrice { usd: Usd(price.usd.0 * count as f64), date: price.date })
}

/// The least RAM that machines are sold with and that is enough.
fn more_ram(court: &Court<'_, '_>, model: &Model) -> Option<Tried> {
    let ram = &court.machine.ram;
    let most = most_ram(court.catalog(), court.machine);
    let sold = RAM_SIZES.into_iter().map(Bytes::gib);
    let sizes: Vec<Bytes> = sold.filter(|total| *total > ram.total_bytes && *total <= most).collect();
    let with = |total_bytes: Bytes| {
        let machine = with_ram(court.machine, total_bytes);
        outcome(&Court { machine: &machine, tuned: &[], ..*court }, model)
    };
    // Where the most is not enough, less is not.
    with(*sizes.last()?)?;
    sizes.into_iter().find_map(|total_bytes| {
        let outcome = with(total_bytes)?;
        let price = ram_price(court, total_bytes - ram.total_bytes);
        Some(Tried { change: Change::Ram { total_bytes }, price, outcome: Some(outcome) })
    })
}

/// The machine with so much RAM in place of its own; a GPU that shares it gets its share.
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

/// What so much more RAM costs. A chip with its memory soldered on is bought whole, at a price of its own.
fn ram_price(court: &Court<'_, '_>, more: Bytes) -> Option<DatedPrice> {
    if court.machine.gpus.iter().any(|gpu| matches!(gpu.memory, GpuMemory::Unified { .. })) {
        return None;
    }
    let prices = court.catalog().machine_prices().ok()?;
    let of_one = prices.iter().filter(|price| price.kind == MachineKind::Memory);
    let cheapest = of_one.min_by(|a, b| a.usd.0.total_cmp(&b.usd.0))?;
    Some(DatedPrice { usd: Usd(cheapest.usd.0 * more.as_gib()), date: Some(cheapest.date.clone()) })
}

/// The cheapest machine that can be bought and on which it would do.
fn another_machine(court: &Court<'_, '_>, model: &Model) -> Option<Tried> {
    let offers = court.docket.offers.get_or_init(|| offers(court.catalog()).unwrap_or_default());
    offers.iter().filter(|offer| offer.may_do(model, court.needs)).find_map(|offer| {
        let machine = offer.machine(court.catalog())?;
        let outcome = outcome(&Court { machine, tuned: &[], ..*court }, model)?;
        Some(Tried {
            change: Change::Machine { name: offer.name() },
            price: Some(DatedPrice { usd: offer.usd, date: offer.date.clone() }),
            outcome: Some(outcome),
        })
    })
}

/// A machine that can be bought: so many of a card in a host or a server, or a chip with its memory.
#[derive(Debug)]
pub(super) struct Offer<'a> {
    card: &'a Accelerator,
    count: u32,
    ram: Option<Bytes>,
    usd: Usd,
    date: Option<String>,
    /// Described when it is first looked at closely.
    machine: OnceLock<Option<Machine>>,
}

impl Offer<'_> {
    fn machine(&self, catalog: &Catalog) -> Option<&Machine> {
        let described = || {
            let gpus = Some(vec![Counted { name: &self.card.name, count: self.count }]);
            describe(&Wish { gpus, ram: self.ram, ..Wish::default() }, catalog).ok()
        };
        self.machine.get_or_init(described).as_ref()
    }

    /// Whether it is worth a closer look: its memory holds the smallest file of the model, and one of its cards reads
    /// what a token takes of that as often as is asked.
    fn may_do(&self, model: &Model, needs: &Needs) -> bool {
        let smallest = model.artifacts.iter().filter_map(Artifact::bytes).min().unwrap_or_default();
        let on_gpus = self.card.memory * u64::from(self.count);
        let in_ram = if needs.gpu_only { Bytes::ZERO } else { self.ram.unwrap_or_default() };
        let active = model.active_parameters as f64 / model.parameters as f64;
        let rate = self.card.bandwidth.map(|bandwidth| bandwidth.0 / (smallest.as_f64() * active));
        on_gpus + in_ram > smallest
            && rate.is_some_and(|most| most > needs.minimum_decode_tokens_per_second.0)
    }

    fn name(&self) -> String {
        let name = &self.card.name;
        match (self.card.kind, self.count) {
            (AcceleratorKind::Unified, _) => format!("{name} ({})", self.card.memory),
            (_, 1) => name.clone(),
            (_, count) => format!("{count}x {name}"),
        }
    }
}

/// All that can be bought at a price that somebody asked, the cheapest first.
fn offers(catalog: &Catalog) -> Option<Vec<Offer<'_>>> {
    let cards = catalog.accelerators().ok()?;
    let machines = catalog.machine_prices().ok()?;
    let hosts = || machines.iter().filter(|machine| machine.kind == MachineKind::Host);
    let mut offers = Vec::new();
    for card in cards {
        let Some(price) = HardwarePrice::of(card).filter(|price| price.kind == PriceKind::Street) else {
            continue;
        };
        if price.whole_machine {
            let (ram, machine) = (Some(card.memory), OnceLock::new());
            offers.push(Offer { card, count: 1, ram, usd: price.usd, date: price.date, machine });
            continue;
        }
        offers.extend(hosts().filter(|_| card.kind == AcceleratorKind::Gpu).map(|host| Offer {
            card,
            count: host.accelerators,
            ram: host.ram(),
            usd: Usd(price.usd.0 * f64::from(host.accelerators) + host.usd.0),
            date: price.date.clone(),
            machine: OnceLock::new(),
        }));
    }
    for server in machines.iter().filter(|machine| machine.kind == MachineKind::Server) {
        offers.extend(cards.iter().filter(|card| Some(&card.id) == server.accelerator.as_ref()).map(
            |card| {
                let date = Some(server.date.clone());
                let (count, ram, machine) = (server.accelerators, server.ram(), OnceLock::new());
                Offer { card, count, ram, usd: server.usd, date, machine }
            },
        ));
    }
    offers.sort_by(|a, b| a.usd.0.total_cmp(&b.usd.0));
    Some(offers)
}

/// The provider that serves the model for least, by the output.
pub(super) fn cheapest_api<'a>(catalog: &'a Catalog, model: &Model) -> Option<&'a ApiPrice> {
    let prices = catalog.api_prices().ok()?;
    let served = prices.iter().filter(|price| price.served && price.model.as_ref() == Some(&model.id));
    served.min_by(|a, b| a.output.0.total_cmp(&b.output.0))
}
