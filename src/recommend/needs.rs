use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::catalog::{Benchmark, Catalog, CatalogError, UseCase};
use crate::estimate::Task;
use crate::lang::Lang;
use crate::run_config::RunConfig;
use crate::units::{Bytes, Seconds, TokenRate, Usd, UsdPerMillionTokens};

/// What the user needs of a model. Limits are kept; the priority only orders what is left.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Needs {
    /// The use-case that the defaults come from.
    pub use_case: String,
    /// What that is, in words.
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
    /// How much each published benchmark counts for this use-case.
    pub benchmark_weights: BTreeMap<Benchmark, f64>,
    /// The keys that the user gave; the others are the use-case's or the program's defaults.
    pub given: BTreeSet<String>,
}

/// Answers a day where nobody says how many: a person's working day.
const ANSWERS_PER_DAY: f64 = 100.0;

/// What a quant may lose where nobody says: about as much as the next smaller size does.
const QUANT_LOSS_PERCENT: f64 = 20.0;

impl Needs {
    /// What is needed for a use-case where nobody says more. The price of power is the catalog's.
    pub fn of(use_case: &UseCase, catalog: &Catalog, lang: Lang) -> Result<Self, CatalogError> {
        Ok(Self {
            use_case: use_case.id.clone(),
            purpose: use_case.described(lang).to_owned(),
            run: RunConfig { context: use_case.context_tokens, ..RunConfig::default() },
            task: Task { prompt_tokens: use_case.prompt_tokens, output_tokens: use_case.output_tokens },
            answers_per_day: ANSWERS_PER_DAY,
            minimum_decode_tokens_per_second: TokenRate(use_case.minimum_decode_tokens_per_second),
            maximum_ttft_seconds: None,
            maximum_answer_seconds: None,
            reserved_ram_bytes: None,
            reserved_gpu_bytes: None,
            gpu_only: false,
            maximum_disk_bytes: None,
            minimum_scores: BTreeMap::new(),
            maximum_quant_loss_percent: QUANT_LOSS_PERCENT,
            licences: Vec::new(),
            power_price: catalog.power_price(POWER_REGION)?.usd_per_kwh,
            budget: None,
            monthly_budget: None,
            maximum_token_price: None,
            local_only: false,
            priority: Priority::default(),
            benchmark_weights: use_case.benchmark_weights.clone(),
            given: BTreeSet::new(),
        })
    }
}

/// Where the price of power is looked up.
const POWER_REGION: &str = "default";

/// What counts most among the models that meet every limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Quality; an answer in half the time is worth 2 points of it.
    #[default]
    Balanced,
    /// The best answers; half the time is worth a quarter of a point.
    Quality,
    /// Quick answers; half the time is worth 12 points of quality.
    Latency,
    /// Little energy and little hardware; half of either is worth 6 points of quality.
    Cost,
}

/// What halvings are worth, in points of quality.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exchange {
    /// Of the time to answer.
    pub time: f64,
    /// Of the energy that an answer takes.
    pub energy: f64,
    /// Of the memory.
    pub memory: f64,
}

impl Priority {
    /// The points of quality that halving time, energy and memory are worth.
    #[must_use]
    pub const fn exchange(self) -> Exchange {
        match self {
            Self::Balanced => Exchange { time: 2.0, energy: 0.0, memory: 0.0 },
            Self::Quality => Exchange { time: 0.25, energy: 0.0, memory: 0.0 },
            Self::Latency => Exchange { time: 12.0, energy: 0.0, memory: 0.0 },
            Self::Cost => Exchange { time: 0.0, energy: 6.0, memory: 6.0 },
        }
    }
}
