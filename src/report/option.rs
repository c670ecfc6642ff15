use serde::Serialize;

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
    /// What runs on it.
    pub deployment: Option<PlannedDeployment>,
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
    /// Whether it may be taken, as far as is known.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.excluded.is_none() && !matches!(self.meets_slo, Some(false)) && self.is_asked_model
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
    /// Calling an API.
    Api,
    /// Buying machines for a smaller model.
    SmallerModel,
    /// Doing nothing yet.
    Wait,
}

impl OptionKind {
    /// As a table has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Buy => "buy",
            Self::RentReserved => "rent, 3 years",
            Self::RentOnDemand => "rent, on demand",
            Self::Api => "API",
            Self::SmallerModel => "smaller model",
            Self::Wait => "wait",
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
    /// Height in racks.
    pub rack_units: Option<u32>,
}

/// A line of a year's cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CostLine {
    /// For what.
    pub what: &'static str,
    /// How much.
    pub usd: Usd,
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
