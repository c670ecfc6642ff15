use serde::{Serialize, Serializer};

use super::hybrid::OwnedBase;
use super::name::Name;
use crate::catalog::Confidence;
use crate::message;
use crate::message::{Message, Shown, Value, quoted};
use crate::units::{Seconds, Usd, UsdPerHour, UsdPerMillionTokens};

/// One way of getting the tokens, at the same load and promise as the others.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanOption {
    /// What to buy, rent or call.
    pub name: Name,
    /// The id of the model, or the name that an API has for it.
    pub model: String,
    /// Whether that is the model of the needs.
    pub is_asked_model: bool,
    /// How it gets them.
    pub means: Means,
    /// What it costs.
    pub bill: Bill,
    /// Why it may not be taken, where it may not: it stays in the table, struck out.
    pub excluded: Option<Message>,
    /// The prices that it rests on.
    pub prices: Vec<PlannedPrice>,
    /// What must be known of it.
    pub notes: Vec<Message>,
}

/// How a way gets the tokens.
#[derive(Clone, Debug, PartialEq)]
pub enum Means {
    /// On machines that are bought, or there already: of a kind that owns.
    Owned(OptionKind, Installation),
    /// On rented ones.
    Rented {
        /// Whether the rent is for three years; else it is by the hour.
        is_reserved: bool,
        /// GPUs times the hours of a mean year that they are rented for.
        gpu_hours: f64,
        /// The GPUs, whose number is the quantity.
        runs: Installation,
    },
    /// From an API: what users waited where that was measured, and whether that keeps the promise.
    Called(Option<(Waits, bool)>),
    /// From a base that is owned, and from another way for the peak.
    Mixed {
        /// How weights are kept, where both keep them alike.
        precision: Option<&'static str>,
        /// Machines, spare ones included.
        quantity: u32,
        /// What of it is owned.
        base: OwnedBase,
        /// The mean load of the owned machines as a share of what they carry.
        utilisation: f64,
        /// Those on the owned machines.
        waits: Waits,
        /// Whether the whole keeps the promise; unknown where an API is a part of it.
        meets_slo: Option<bool>,
    },
    /// Not at all.
    Nothing,
}

/// The machines of a way.
#[derive(Clone, Debug, PartialEq)]
pub struct Installation {
    /// How weights are kept.
    pub precision: &'static str,
    /// Machines, or rented GPUs, spare ones included.
    pub quantity: u32,
    /// What runs on them.
    pub deployment: PlannedDeployment,
    /// The mean load as a share of what the working replicas carry within the promise.
    pub utilisation: f64,
    /// What users wait at the limit of a replica.
    pub waits: Waits,
    /// Whether the promise is kept.
    pub meets_slo: bool,
    /// What a year costs where replicas carry the most and the least that four of five deployments do.
    pub yearly_cost: [Usd; 2],
}

/// What 95 of 100 users wait at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Waits {
    /// For the first token.
    pub ttft_p95: Seconds,
    /// Between tokens.
    pub tpot_p95: Seconds,
}

/// What a way costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Bill {
    /// What is paid before the first token.
    pub capex: Usd,
    /// What a year costs, capital with its interest included.
    pub yearly_cost: Usd,
    /// What the whole term is worth today.
    pub net_present_cost: Usd,
    /// What a year costs, by what it is paid for.
    pub lines: Vec<CostLine>,
    /// What was paid by the end of each year, the start first.
    pub cumulative: Vec<Usd>,
    /// A million tokens, prompts and answers, at the load of the needs.
    pub cost_per_million_tokens: UsdPerMillionTokens,
    /// A user's month.
    pub cost_per_user_month: Usd,
}

impl Bill {
    /// What a year costs for `part`.
    #[must_use]
    pub fn paid_for(&self, part: CostPart) -> Usd {
        self.lines.iter().filter(|line| line.what == part).map(|line| line.usd).sum()
    }

    /// What is paid in each year, without the machines and what they are worth at the end.
    #[must_use]
    pub fn running(&self) -> Vec<Usd> {
        let years = self.cumulative.windows(2).map(|paid| paid[1] - paid[0]);
        if self.capex.0 > 0.0 {
            return years.map(|_| self.yearly_cost - self.paid_for(CostPart::Capital)).collect();
        }
        years.collect()
    }
}

impl PlanOption {
    /// What kind of way it is.
    #[must_use]
    pub const fn kind(&self) -> OptionKind {
        match &self.means {
            Means::Owned(kind, _) => *kind,
            Means::Rented { is_reserved: true, .. } => OptionKind::RentReserved,
            Means::Rented { .. } => OptionKind::RentOnDemand,
            Means::Called(_) => OptionKind::Api,
            Means::Mixed { .. } => OptionKind::Hybrid,
            Means::Nothing => OptionKind::Wait,
        }
    }

    /// The machines of a way of one kind that has some.
    #[must_use]
    pub const fn installation(&self) -> Option<&Installation> {
        match &self.means {
            Means::Owned(_, runs) | Means::Rented { runs, .. } => Some(runs),
            _ => None,
        }
    }

    /// What runs on those.
    #[must_use]
    pub fn deployment(&self) -> Option<&PlannedDeployment> {
        self.installation().map(|runs| &runs.deployment)
    }

    /// How weights are kept; unknown of an API.
    #[must_use]
    pub fn precision(&self) -> Option<&'static str> {
        match &self.means {
            Means::Mixed { precision, .. } => *precision,
            _ => self.installation().map(|runs| runs.precision),
        }
    }

    /// Machines, or rented GPUs, spare ones included.
    #[must_use]
    pub fn quantity(&self) -> Option<u32> {
        match &self.means {
            Means::Mixed { quantity, .. } => Some(*quantity),
            _ => self.installation().map(|runs| runs.quantity),
        }
    }

    /// The mean load as a share of what its machines carry within the promise.
    #[must_use]
    pub fn utilisation(&self) -> Option<f64> {
        match &self.means {
            Means::Mixed { utilisation, .. } => Some(*utilisation),
            _ => self.installation().map(|runs| runs.utilisation),
        }
    }

    /// What users wait at the limit.
    #[must_use]
    pub fn waits(&self) -> Option<Waits> {
        match &self.means {
            Means::Called(waits) => waits.map(|(waits, _)| waits),
            Means::Mixed { waits, .. } => Some(*waits),
            _ => self.installation().map(|runs| runs.waits),
        }
    }

    /// Whether the promise is kept; unknown of an API, which promises nothing.
    #[must_use]
    pub fn meets_slo(&self) -> Option<bool> {
        match &self.means {
            Means::Owned(_, runs) | Means::Rented { runs, .. } => Some(runs.meets_slo),
            Means::Called(waits) => waits.map(|(_, kept)| kept),
            Means::Mixed { meets_slo, .. } => *meets_slo,
            Means::Nothing => Some(false),
        }
    }

    /// Whether it may be taken without weighing more than its cost: fewer bits than usual may change the answers, and a
    /// hybrid takes two contracts.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.excluded.is_none()
            && !matches!(self.meets_slo(), Some(false))
            && self.is_asked_model
            && !self.is_in_four_bits()
            && !matches!(self.kind(), OptionKind::LowerQuant | OptionKind::Hybrid)
    }

    /// Whether an engine on GPUs alone keeps its weights in four bits, which may change the answers.
    #[must_use]
    pub fn is_in_four_bits(&self) -> bool {
        self.precision().is_some_and(|precision| ["INT4", "NVFP4", "MXFP4", "W4AFP8"].contains(&precision))
    }

    /// Its name and its kind, as a sentence has them.
    pub(super) fn in_a_sentence(&self) -> Message {
        message!(ReportNamed { name: &self.name, kind: self.kind().message() })
    }
}

/// The keys of every kind, with null where a kind has nothing for one.
#[derive(Serialize)]
struct Keys<'a> {
    kind: OptionKind,
    name: &'a Name,
    model: &'a str,
    is_asked_model: bool,
    precision: Option<&'static str>,
    quantity: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gpu_hours: Option<f64>,
    deployment: Option<&'a PlannedDeployment>,
    base: Option<OwnedBase>,
    capex: Usd,
    yearly_cost: Usd,
    yearly_cost_interval: Option<[Usd; 2]>,
    net_present_cost: Usd,
    lines: &'a [CostLine],
    cumulative: &'a [Usd],
    cost_per_million_tokens: UsdPerMillionTokens,
    cost_per_user_month: Usd,
    utilisation: Option<f64>,
    ttft_p95_seconds: Option<Seconds>,
    tpot_seconds: Option<Seconds>,
    meets_slo: Option<bool>,
    excluded: Option<&'a Message>,
    prices: &'a [PlannedPrice],
    notes: &'a [Message],
}

impl Serialize for PlanOption {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Bill {
            capex,
            yearly_cost,
            net_present_cost,
            lines,
            cumulative,
            cost_per_million_tokens,
            cost_per_user_month,
        } = &self.bill;
        let keys = Keys {
            kind: self.kind(),
            name: &self.name,
            model: &self.model,
            is_asked_model: self.is_asked_model,
            precision: self.precision(),
            quantity: self.quantity(),
            gpu_hours: match &self.means {
                Means::Rented { gpu_hours, .. } => Some(*gpu_hours),
                _ => None,
            },
            deployment: self.deployment(),
            base: match &self.means {
                Means::Mixed { base, .. } => Some(*base),
                _ => None,
            },
            capex: *capex,
            yearly_cost: *yearly_cost,
            yearly_cost_interval: self.installation().map(|runs| runs.yearly_cost),
            net_present_cost: *net_present_cost,
            lines,
            cumulative,
            cost_per_million_tokens: *cost_per_million_tokens,
            cost_per_user_month: *cost_per_user_month,
            utilisation: self.utilisation(),
            ttft_p95_seconds: self.waits().map(|waits| waits.ttft_p95),
            tpot_seconds: self.waits().map(|waits| waits.tpot_p95),
            meets_slo: self.meets_slo(),
            excluded: self.excluded.as_ref(),
            prices: &self.prices,
            notes: &self.notes,
        };
        keys.serialize(serializer)
    }
}

/// What kind of way an option is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OptionKind {
    /// Buying machines.
    Buy,
    /// Renting for three years.
    RentReserved,
    /// Renting by the hour.
    RentOnDemand,
    /// Owning what is always busy, and renting or calling for the peak.
    Hybrid,
    /// Calling an API.
    Api,
    /// Using machines of the inventory.
    Own,
    /// Buying machines for the model in four bits a weight.
    LowerQuant,
    /// Buying machines for a smaller model.
    SmallerModel,
    /// Doing nothing yet.
    Wait,
}

impl OptionKind {
    /// As a table has it.
    #[must_use]
    pub fn message(self) -> Message {
        match self {
            Self::Buy => message!(ReportKindBuy),
            Self::RentReserved => message!(ReportKindRentReserved),
            Self::RentOnDemand => message!(ReportKindRentOnDemand),
            Self::Hybrid => message!(ReportKindHybrid),
            Self::Api => message!(ReportKindApi),
            Self::Own => message!(ReportKindOwn),
            Self::LowerQuant => message!(ReportKindLowerQuant),
            Self::SmallerModel => message!(ReportKindSmallerModel),
            Self::Wait => message!(ReportKindWait),
        }
    }
}

/// What runs on an option's machines.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlannedDeployment {
    /// The id of the accelerator.
    pub accelerator: String,
    /// Whether that is a card for consumers.
    #[serde(skip)]
    pub is_consumer: bool,
    /// GPUs of one replica.
    pub gpus_per_replica: u32,
    /// Replicas that work.
    pub replicas: u32,
    /// GPUs in all, spare ones included.
    pub gpus: u32,
    /// The engine.
    pub engine: &'static str,
    /// How the model lies over the GPUs of a replica: `TP8`, `DEP8`, `TP4 PP2`.
    pub layout: String,
    /// Tokens that are drafted for each step by the model's own head.
    pub drafted_tokens: u32,
    /// Bits of a value in the cache.
    pub cache_bits: u32,
    /// What this layout's steps mostly take their time for, and what the next best takes.
    pub why: Message,
    /// The next best layout.
    pub runner_up: Option<RunnerUp>,
    /// Replicas where each carries the most and the least that four of five deployments do.
    pub replicas_interval: [u32; 2],
    /// Requests a second that one replica carries within the promise.
    pub requests_per_second: f64,
    /// Output tokens a second of one replica at that rate.
    pub output_tokens_per_second: f64,
    /// Requests in flight of one replica at that rate.
    pub in_flight: f64,
    /// Requests in flight that the cache of one replica has room for.
    pub cache_wall: f64,
    /// What would break first.
    pub binding: Message,
    /// Bytes of weights of one replica.
    pub weights_bytes: u64,
    /// Bytes of its cache.
    pub cache_bytes: u64,
    /// The power that all machines must be wired for, in kilowatts.
    pub nameplate_kw: f64,
    /// The power that they draw on average, without cooling.
    pub average_kw: f64,
    /// The share of time in which as many are up as the load takes.
    pub availability: f64,
    /// Height in racks.
    pub rack_units: Option<u32>,
}

/// A layout that carries the load as well, with more GPUs or larger replicas.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunnerUp {
    /// Engine and layout.
    pub layout: String,
    /// GPUs of one replica.
    pub gpus_per_replica: u32,
    /// Replicas that work.
    pub replicas: u32,
}

/// A line of a year's cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CostLine {
    /// For what.
    pub what: CostPart,
    /// How much.
    pub usd: Usd,
}

/// What a year is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CostPart {
    /// Machines, with interest, less what they are worth at the end.
    Capital,
    /// What machines and cooling draw.
    Energy,
    /// The makers' support.
    Support,
    /// Those who run it.
    Staff,
    /// Rented GPUs.
    Gpus,
    /// Storage, traffic and services beside rented GPUs.
    Services,
    /// What an API bills.
    Tokens,
}

impl CostPart {
    /// As a table has it.
    #[must_use]
    pub fn message(self) -> Message {
        match self {
            Self::Capital => message!(ReportPaidCapital),
            Self::Energy => message!(ReportPaidEnergy),
            Self::Support => message!(ReportPaidSupport),
            Self::Staff => message!(ReportPaidStaff),
            Self::Gpus => message!(ReportPaidGpus),
            Self::Services => message!(ReportPaidServices),
            Self::Tokens => message!(ReportPaidTokens),
        }
    }
}

/// A price that an option rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlannedPrice {
    /// Of what.
    pub of: Name,
    /// How much.
    #[serde(flatten)]
    pub price: Quote,
    /// When it was seen; `unknown` where nobody said.
    #[serde(serialize_with = "date_or_unknown")]
    pub date: Option<String>,
    /// Where, in the catalog's English.
    pub source: String,
    /// How far it is to be believed.
    pub confidence: Confidence,
    /// Whether it is older than 90 days.
    pub is_stale: bool,
}

impl PlannedPrice {
    /// The day as a reader has it.
    #[must_use]
    pub fn day(&self) -> Value {
        self.date.as_ref().map_or_else(|| message!(ReportDateUnknown).into(), Value::from)
    }
}

#[expect(clippy::ref_option, reason = "as serde hands it on")]
fn date_or_unknown<S: Serializer>(date: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(date.as_deref().unwrap_or("unknown"))
}

/// How much is asked for what.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Quote {
    /// One of it.
    Each(Usd),
    /// An hour of one GPU.
    GpuHour(UsdPerHour),
    /// Tokens of prompts and of answers.
    Tokens {
        /// Of prompts.
        input: UsdPerMillionTokens,
        /// Of answers.
        output: UsdPerMillionTokens,
    },
}

impl From<Quote> for Value {
    fn from(quote: Quote) -> Self {
        match quote {
            Quote::Each(price) => price.into(),
            Quote::GpuHour(price) => price.into(),
            Quote::Tokens { input, output } => {
                message!(ReportPriceTokens { input: quoted(input), output: quoted(output) }).into()
            }
        }
    }
}

/// In US dollars, whatever people read amounts in: as a text with its unit, and as numbers.
impl Serialize for Quote {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Keys {
            price: Shown,
            price_usd: Option<f64>,
            #[serde(skip_serializing_if = "Option::is_none")]
            input_usd_per_million_tokens: Option<f64>,
            #[serde(skip_serializing_if = "Option::is_none")]
            output_usd_per_million_tokens: Option<f64>,
        }
        let price = Shown((*self).into());
        let one = |amount| Keys {
            price: price.clone(),
            price_usd: Some(amount),
            input_usd_per_million_tokens: None,
            output_usd_per_million_tokens: None,
        };
        let keys = match self {
            Self::Each(price) => one(price.0),
            Self::GpuHour(price) => one(price.0),
            Self::Tokens { input, output } => Keys {
                price: price.clone(),
                price_usd: None,
                input_usd_per_million_tokens: Some(input.0),
                output_usd_per_million_tokens: Some(output.0),
            },
        };
        keys.serialize(serializer)
    }
}
