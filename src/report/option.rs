use serde::Serialize;

use super::hybrid::OwnedBase;
use crate::lang::Lang;
use crate::tr;
use crate::units::{Seconds, Usd, UsdPerMillionTokens};

/// One way of getting the tokens, at the same load and promise as the others.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlanOption {
    /// What kind of way it is.
    pub kind: OptionKind,
    /// What to buy, rent or call.
    pub name: String,
    /// The id of the model.
    pub model: String,
    /// Whether that is the model that was asked for.
    pub is_asked_model: bool,
    /// How its weights are kept; unknown of an API.
    pub precision: Option<&'static str>,
    /// How many of it, one to spare included; none of an API.
    pub quantity: Option<u32>,
    /// GPUs times the hours of a mean year that they are rented for; none of what is bought or called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gpu_hours: Option<f64>,
    /// What runs on it.
    pub deployment: Option<PlannedDeployment>,
    /// What of a hybrid is owned; none of a way of one kind.
    pub base: Option<OwnedBase>,
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
    /// A million of all tokens, at the load that there is.
    pub cost_per_million_tokens: UsdPerMillionTokens,
    /// A user's month.
    pub cost_per_user_month: Usd,
    /// The mean load as a share of what the working replicas carry within the promise.
    pub utilisation: Option<f64>,
    /// The 95th percentile of the wait for the first token at the limit of a replica.
    pub ttft_p95_seconds: Option<Seconds>,
    /// The 95th percentile of the time between tokens there.
    pub tpot_seconds: Option<Seconds>,
    /// Whether the promise is kept; unknown of an API, which promises nothing.
    pub meets_slo: Option<bool>,
    /// Why it may not be taken, where it may not: it stays in the table, struck out.
    pub excluded: Option<String>,
    /// The prices that it rests on.
    pub prices: Vec<PlannedPrice>,
    /// What must be known of it.
    pub notes: Vec<String>,
}

impl PlanOption {
    /// Whether it may be taken, as far as is known: fewer bits than the weights are usually served in are not, before
    /// somebody has looked at the answers; nor is a hybrid, which takes two contracts, before somebody weighs that.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.excluded.is_none()
            && !matches!(self.meets_slo, Some(false))
            && self.is_asked_model
            && !matches!(self.kind, OptionKind::LowerQuant | OptionKind::Hybrid)
    }

    /// Its name and its kind, as a sentence has them.
    pub(super) fn in_a_sentence(&self, lang: Lang) -> String {
        tr!(lang, "{name} ({kind})", "{kind}（{name}）", name = self.name, kind = self.kind.name(lang))
    }

    /// What a year of it costs for `part`.
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
    /// Using machines that are there.
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
    pub const fn name(self, lang: Lang) -> &'static str {
        let (en, zh) = match self {
            Self::Buy => ("buy", "购买"),
            Self::RentReserved => ("rent, 3 years", "租用三年"),
            Self::RentOnDemand => ("rent, on demand", "按需租用"),
            Self::Hybrid => ("hybrid", "自有加租用"),
            Self::Api => ("API", "调用 API"),
            Self::Own => ("what is there", "利用现有设备"),
            Self::LowerQuant => ("lower quant", "更低量化"),
            Self::SmallerModel => ("smaller model", "较小模型"),
            Self::Wait => ("wait", "暂缓"),
        };
        match lang {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }
}

/// What runs on an option's machines.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlannedDeployment {
    /// The id of the accelerator.
    pub accelerator: String,
    /// GPUs of one replica.
    pub gpus_per_replica: u32,
    /// Replicas that work.
    pub replicas: u32,
    /// GPUs in all, spare ones included.
    pub gpus: u32,
    /// The engine.
    pub engine: &'static str,
    /// Requests a second that one replica carries within the promise.
    pub requests_per_second: f64,
    /// Output tokens a second of one replica at that rate.
    pub output_tokens_per_second: f64,
    /// Requests in flight of one replica at that rate.
    pub in_flight: f64,
    /// Requests in flight that the cache of one replica has room for.
    pub cache_wall: f64,
    /// What would break first.
    pub binding: String,
    /// Bytes of weights of one replica.
    pub weights_bytes: u64,
    /// Bytes of its cache.
    pub cache_bytes: u64,
    /// The power that all machines must be wired for.
    pub nameplate_kw: f64,
    /// The power that they draw on average, without cooling.
    pub average_kw: f64,
    /// The share of time in which as many are up as the load takes.
    pub availability: f64,
    /// Height in racks.
    pub rack_units: Option<u32>,
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
    pub const fn name(self, lang: Lang) -> &'static str {
        let (en, zh) = match self {
            Self::Capital => ("capital", "资本成本"),
            Self::Energy => ("energy", "电费"),
            Self::Support => ("support", "维保"),
            Self::Staff => ("staff", "运维人力"),
            Self::Gpus => ("GPUs", "GPU 租金"),
            Self::Services => ("storage, traffic, services", "存储、流量与服务"),
            Self::Tokens => ("tokens", "token 费用"),
        };
        match lang {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }
}

/// A price that an option rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlannedPrice {
    /// Of what.
    pub of: String,
    /// How much, with its unit.
    pub price: String,
    /// When it was seen.
    pub date: String,
    /// Where.
    pub source: String,
    /// How far it is to be believed.
    pub confidence: crate::catalog::Confidence,
    /// Whether it is older than 90 days.
    pub is_stale: bool,
}
