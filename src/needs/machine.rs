use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::table::{GivenNeeds, Need, Who, default};
use super::typed::{Money, Typed};
use super::{NeedsError, Privacy};
use crate::catalog::{Benchmark, Catalog, Model, UseCase};
use crate::estimate::Task;
use crate::message::as_fact;
use crate::run_config::RunConfig;
use crate::units::{Bytes, Seconds, TokenRate, Usd, UsdPerMillionTokens};

/// What the user needs of a model. Limits are kept; the priority only orders what is left.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Needs {
    /// The use-case that the defaults come from.
    pub use_case: String,
    /// What that is, in words.
    #[serde(serialize_with = "as_fact")]
    pub purpose: String,
    /// How the model will be run.
    pub run: RunConfig,
    /// A typical question and answer.
    pub task: Task,
    /// Such questions a day, for what they cost.
    pub answers_per_day: f64,
    /// The slowest decode that is still usable.
    pub minimum_decode_tokens_per_second: TokenRate,
    /// The longest until the first token of an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_ttft_seconds: Option<Seconds>,
    /// The longest a whole answer may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_answer_seconds: Option<Seconds>,
    /// Memory to leave alone in RAM, in place of the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserved_ram_bytes: Option<Bytes>,
    /// Memory to leave alone on each GPU, in place of the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserved_gpu_bytes: Option<Bytes>,
    /// Whether every layer must be on GPUs.
    pub gpu_only: bool,
    /// The most that the files may take on the disk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_disk_bytes: Option<Bytes>,
    /// The least that must have been published of it, unquantized.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub minimum_scores: BTreeMap<Benchmark, f64>,
    /// The most that the quant may lose, in percent of accuracy.
    pub maximum_quant_loss_percent: f64,
    /// The licences that are allowed, such as `MIT`; none named, any is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub licences: Vec<String>,
    /// What electricity costs.
    #[serde(rename = "power_price_usd_per_kwh")]
    pub power_price: Usd,
    /// What may be spent on hardware.
    #[serde(rename = "budget_usd", skip_serializing_if = "Option::is_none")]
    pub budget: Option<Usd>,
    /// What may be spent on electricity in a month.
    #[serde(rename = "monthly_budget_usd", skip_serializing_if = "Option::is_none")]
    pub monthly_budget: Option<Usd>,
    /// What a million output tokens may cost in electricity.
    #[serde(rename = "maximum_usd_per_million_tokens", skip_serializing_if = "Option::is_none")]
    pub maximum_token_price: Option<UsdPerMillionTokens>,
    /// Whether nothing may leave the machine, so that no API is named as a way out.
    pub local_only: bool,
    /// What counts most among what fits.
    pub priority: Priority,
    /// The speed past which more is of no use.
    pub comfortable_tokens_per_second: TokenRate,
    /// How much more waiting costs than with everyday questions.
    pub impatience: f64,
    /// Points of quality that half of the energy and half of the memory are worth, under any priority.
    pub thrift: f64,
    /// How much each ability counts for this use-case.
    pub ability_weights: BTreeMap<String, f64>,
    /// How much that makes each benchmark count.
    pub benchmark_weights: BTreeMap<String, f64>,
    /// The keys that the user gave; the others are the use-case's or the program's defaults.
    pub given: BTreeSet<String>,
}

impl Needs {
    /// A question and the answer of a model to it: with its own length of thinking, unless the user said how long answers
    /// are.
    #[must_use]
    pub fn task_of(&self, model: &Model) -> Task {
        if self.insists_on("output_tokens") {
            return self.task;
        }
        let tokens = f64::from(self.task.output_tokens) * model.thinking.factor;
        let room = self.run.context_per_sequence().saturating_sub(self.task.prompt_tokens);
        #[expect(clippy::cast_sign_loss, reason = "a count of tokens")]
        let output_tokens = (tokens.round() as u32).min(room).max(1);
        Task { output_tokens, ..self.task }
    }

    /// Whether the user gave that need; what is a default bends.
    #[must_use]
    pub fn insists_on(&self, key: &str) -> bool {
        self.given.contains(key)
    }

    /// How long an answer may take before waiting costs anything: read at leisure, or as quickly as was asked for.
    #[must_use]
    pub fn comfortable_seconds(&self) -> Seconds {
        let least = if self.insists_on("min_decode") { self.minimum_decode_tokens_per_second.0 } else { 0.0 };
        let rate = self.comfortable_tokens_per_second.0.max(least);
        Seconds(
            f64::from(self.task.output_tokens) / rate
                + f64::from(self.task.prompt_tokens) / COMFORTABLE_READING,
        )
    }
}

/// Tokens of a prompt that may be read in a second before anybody minds: 32,000 in a minute.
const COMFORTABLE_READING: f64 = 500.0;

/// How much each benchmark counts by the abilities that it is of.
fn benchmark_weights(
    abilities: &BTreeMap<String, f64>,
    catalog: &Catalog,
) -> Result<BTreeMap<String, f64>, NeedsError> {
    let mut weights = BTreeMap::new();
    for ability in catalog.abilities()? {
        let Some(weight) = abilities.get(&ability.id) else { continue };
        for benchmark in &ability.benchmarks {
            *weights.entry(benchmark.clone()).or_default() += weight / ability.benchmarks.len() as f64;
        }
    }
    Ok(weights)
}

/// Where the price of power is looked up.
pub(super) const POWER_REGION: &str = "default";

/// The use-case where none is given.
pub(super) fn use_case<'a>(given: &GivenNeeds, catalog: &'a Catalog) -> Result<&'a UseCase, NeedsError> {
    let name = given.use_case.clone().or_else(|| default("use_case")).unwrap_or_default();
    catalog.use_case(&name).map_err(|source| NeedsError::Name {
        source,
        known: catalog.use_cases().iter().map(|use_case| use_case.id.clone()).collect(),
    })
}

/// A number, or its default of the table.
fn figure<T: Typed + Into<f64>>(given: Option<T>, key: &str) -> f64 {
    given.or_else(|| default(key)).map(Into::into).unwrap_or_default()
}

impl GivenNeeds {
    /// The needs of who runs a model on one machine: what is given, else the use-case's, else the default.
    pub fn machine(&self, catalog: &Catalog) -> Result<Needs, NeedsError> {
        let use_case = use_case(self, catalog)?;
        let task = Task {
            prompt_tokens: self.prompt_tokens.map_or(use_case.prompt_tokens, |given| given.0),
            output_tokens: self.output_tokens.map_or(use_case.output_tokens, |given| given.0),
        };
        let defaults = RunConfig::default();
        let sequences = self.sequences.map_or(defaults.sequences, |given| given.0);
        let context = self.context_for(task, use_case.context_tokens)?;
        let context = context.checked_mul(sequences).ok_or(NeedsError::ContextTooLong)?;
        let power = || catalog.power_price(POWER_REGION).map(|price| price.usd_per_kwh);
        let money = |amount: Option<Money>| amount.map(|amount| Usd(amount.0));
        Ok(Needs {
            use_case: use_case.id.clone(),
            purpose: use_case.description.clone(),
            run: RunConfig { context, sequences, kv_type: self.kv_type.unwrap_or_default(), ..defaults },
            task,
            answers_per_day: figure(self.answers_per_day, "answers_per_day"),
            minimum_decode_tokens_per_second: TokenRate(
                self.min_decode.map_or(use_case.minimum_decode_tokens_per_second, |given| given.0),
            ),
            maximum_ttft_seconds: self
                .max_ttft
                .map(|given| given.0)
                .or(use_case.maximum_ttft_seconds.map(Seconds)),
            maximum_answer_seconds: self.max_answer_time.map(|given| given.0),
            reserved_ram_bytes: self.reserve_ram,
            reserved_gpu_bytes: self.reserve_gpu,
            gpu_only: self.gpu_only,
            maximum_disk_bytes: self.max_disk,
            minimum_scores: self.min.iter().map(|minimum| (minimum.benchmark, minimum.score)).collect(),
            maximum_quant_loss_percent: figure(self.max_quant_loss, "max_quant_loss"),
            licences: self.licence.iter().map(|licence| licence.0.clone()).collect(),
            power_price: money(self.power_price).map_or_else(power, Ok)?,
            budget: money(self.budget),
            monthly_budget: money(self.monthly_budget),
            maximum_token_price: self.max_token_price.map(|price| UsdPerMillionTokens(price.0)),
            local_only: self.is_local_only(),
            priority: self.priority.unwrap_or_default(),
            comfortable_tokens_per_second: TokenRate(use_case.comfortable_tokens_per_second),
            impatience: use_case.impatience,
            thrift: use_case.thrift,
            ability_weights: use_case.ability_weights.clone(),
            benchmark_weights: benchmark_weights(&use_case.ability_weights, catalog)?,
            given: self.keys_of_machine(),
        })
    }

    /// The keys of what is given, one name for one thing.
    fn keys_of_machine(&self) -> BTreeSet<String> {
        let concerns = |key: &&str| Need::named(key).is_some_and(|need| need.concerns(Who::Machine));
        let keys = self.keys().into_iter().filter(concerns);
        keys.chain(self.is_local_only().then_some("local_only")).map(str::to_owned).collect()
    }

    /// Whether no API may be called.
    const fn is_local_only(&self) -> bool {
        self.local_only || matches!(self.privacy, Some(Privacy::Rented | Privacy::Premises))
    }

    /// The context of each conversation: it must hold the question and the answer.
    fn context_for(&self, task: Task, usual: u32) -> Result<u32, NeedsError> {
        let Task { prompt_tokens, output_tokens } = task;
        let length = prompt_tokens.saturating_add(output_tokens);
        match self.context.map(|given| given.0) {
            Some(context) if context < length => {
                Err(NeedsError::ContextTooShort { context, prompt_tokens, output_tokens })
            }
            Some(context) => Ok(context),
            None => Ok(usual.max(length)),
        }
    }
}

/// What counts most among the models that meet every limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// The best answers that do not keep one waiting
    #[default]
    Balanced,
    /// The best answers, for which one waits
    Quality,
    /// Quick answers, as long as they are good for something
    Latency,
    /// Little energy and little hardware
    Cost,
}

/// What waiting, energy and memory are worth, in points of quality.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exchange {
    /// The first doubling of the time to answer past what is comfortable; two cost four times as much.
    pub time: f64,
    /// The share of the comfortable time from which on waiting counts.
    pub patience: f64,
    /// Each halving of the speed below what is usual for the use-case.
    pub slowness: f64,
    /// Half of the energy that an answer takes.
    pub energy: f64,
    /// Half of the memory.
    pub memory: f64,
}

impl Priority {
    /// What it trades for what.
    #[must_use]
    pub const fn exchange(self) -> Exchange {
        match self {
            Self::Balanced => Exchange { time: 2.0, patience: 1.0, slowness: 20.0, energy: 0.0, memory: 0.0 },
            Self::Quality => Exchange { time: 0.6, patience: 1.0, slowness: 6.0, energy: 0.0, memory: 0.0 },
            Self::Latency => Exchange { time: 7.0, patience: 0.25, slowness: 20.0, energy: 0.0, memory: 0.0 },
            Self::Cost => Exchange { time: 0.6, patience: 1.0, slowness: 6.0, energy: 6.0, memory: 6.0 },
        }
    }
}

/// The doublings of the comfortable time after which each more costs the same: then one has long gone for a coffee.
const STEEPEST: f64 = 2.0;

impl Exchange {
    /// The points that waiting so long costs, where so long is comfortable: more with every doubling, up to the second.
    #[must_use]
    pub fn waiting(&self, time: Seconds, comfortable: Seconds) -> f64 {
        let doublings = (time.0 / (comfortable.0 * self.patience)).log2().max(0.0);
        let steep = doublings.min(STEEPEST);
        self.time * (steep * steep + 2.0 * STEEPEST * (doublings - steep))
    }
}
