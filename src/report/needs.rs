use serde::Serialize;

use super::inventory::Inventory;
use super::measured::Measured;
use crate::capacity::{People, Promise};
use crate::cost::{Finance, TokenVolume};
use crate::units::Usd;

/// A value, and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Tagged<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Somebody said so.
    Given,
    /// It follows from something that was said.
    Derived,
    /// Nobody did.
    Default,
}

impl<T> Tagged<T> {
    /// What was said, or what stands where nothing was.
    pub fn or(said: Option<T>, default: T) -> Self {
        match said {
            Some(value) => Self { value, origin: Origin::Given },
            None => Self { value: default, origin: Origin::Default },
        }
    }
}

/// What people read amounts in; what programs read is in US dollars.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReportCurrency {
    /// Such as `CNY`.
    pub code: String,
    /// What goes before an amount.
    pub symbol: String,
    /// What a US dollar is worth.
    pub per_usd: f64,
    /// Of which day.
    pub date: String,
    /// Where that was seen; nowhere of the user's own.
    pub source: Option<String>,
}

impl ReportCurrency {
    /// US dollars.
    #[must_use]
    pub fn usd() -> Self {
        Self {
            code: "USD".to_owned(),
            symbol: "$".to_owned(),
            per_usd: 1.0,
            date: String::new(),
            source: None,
        }
    }
}

/// Where data may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Privacy {
    /// Anywhere.
    Open,
    /// To machines that one rents, not to those who serve a model.
    Rented,
    /// Nowhere: it stays on one's own machines.
    Premises,
}

/// What an organisation needs, and how it reckons.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReportNeeds {
    /// What it is for, whose lengths stand where nobody says others.
    pub use_case: Tagged<String>,
    /// The id of the model.
    pub model: Tagged<String>,
    /// Named users.
    pub users: Tagged<f64>,
    /// Requests that each makes on a working day.
    pub requests_per_user_day: Tagged<f64>,
    /// Tokens of a prompt.
    pub prompt_tokens: Tagged<f64>,
    /// Tokens of an answer, thinking included.
    pub output_tokens: Tagged<f64>,
    /// The share of a day's requests in the busiest hour.
    pub peak_hour_share: Tagged<f64>,
    /// How much busier its busiest minutes are.
    pub burst: Tagged<f64>,
    /// The share of prompts that was seen before.
    pub cached_share: Tagged<f64>,
    /// By how much the load grows in a year.
    pub growth: Tagged<f64>,
    /// Days of a year on which people work.
    pub working_days: Tagged<f64>,
    /// The longest wait for the first token, at the 95th percentile.
    pub ttft_seconds: Tagged<f64>,
    /// The longest time between tokens, at the 95th percentile.
    pub tpot_seconds: Tagged<f64>,
    /// Whether one machine more must be there than is needed.
    pub spare: Tagged<bool>,
    /// The share of time in which the whole load is to be served, where that is asked for.
    pub availability: Tagged<Option<f64>>,
    /// What of a replica's capacity may be used when it is busiest.
    pub headroom: Tagged<f64>,
    /// Where data may go.
    pub privacy: Tagged<Privacy>,
    /// Makers and providers that may be taken; all where none is named.
    pub vendors: Tagged<Vec<String>>,
    /// Where machines and providers must stand; anywhere where nobody says.
    pub region: Tagged<Option<String>>,
    /// What amounts are shown in.
    pub currency: Tagged<ReportCurrency>,
    /// The machines that are there.
    pub inventory: Tagged<Inventory>,
    /// The file of one's own prices, where there is one.
    pub prices: Tagged<Option<String>>,
    /// What may be spent before the first token.
    pub budget: Tagged<Option<Usd>>,
    /// Years.
    pub years: Tagged<u32>,
    /// Interest.
    pub discount_rate: Tagged<f64>,
    /// What machines are worth at the end, as a share of their price.
    pub residual_share: Tagged<f64>,
    /// A kilowatt-hour.
    pub usd_per_kwh: Tagged<Usd>,
    /// What the place draws for each watt.
    pub pue: Tagged<f64>,
    /// People who run the machines.
    pub staff_fte: Tagged<f64>,
    /// What one of them costs a year.
    pub staff_cost: Tagged<Usd>,
    /// The files of measurements, where there are such.
    pub measured_in: Tagged<Vec<String>>,
    /// What was measured, the oldest first.
    #[serde(skip)]
    pub measured: Vec<Measured>,
}

impl ReportNeeds {
    /// Who asks in the last year, for which everything is sized.
    #[must_use]
    pub fn people(&self) -> People {
        let grown = (1.0 + self.growth.value).powf(f64::from(self.years.value.saturating_sub(1)));
        People {
            users: self.users.value * grown,
            requests_per_user_day: self.requests_per_user_day.value,
            peak_hour_share: self.peak_hour_share.value,
            burst: self.burst.value,
        }
    }

    /// What users are promised.
    #[must_use]
    pub fn promise(&self) -> Promise {
        Promise {
            ttft: crate::units::Seconds(self.ttft_seconds.value),
            tpot: crate::units::Seconds(self.tpot_seconds.value),
        }
    }

    /// Tokens of a prompt that must be prefilled.
    #[must_use]
    pub fn new_prompt_tokens(&self) -> f64 {
        self.prompt_tokens.value * (1.0 - self.cached_share.value)
    }

    /// Tokens of a year, of the mean load over the term.
    #[must_use]
    pub fn volume(&self) -> TokenVolume {
        let years = self.years.value.max(1);
        self.tokens_of((0..years).map(|year| self.requests_in(year)).sum::<f64>() / f64::from(years))
    }

    /// Tokens of each year of the term.
    #[must_use]
    pub fn volumes(&self) -> Vec<TokenVolume> {
        (0..self.years.value.max(1)).map(|year| self.tokens_of(self.requests_in(year))).collect()
    }

    /// Users of the mean year, who grow in number with the load.
    #[must_use]
    pub fn mean_users(&self) -> f64 {
        let of_a_user = self.requests_per_user_day.value * self.working_days.value;
        let years = self.years.value.max(1);
        (0..years).map(|year| self.requests_in(year)).sum::<f64>() / f64::from(years) / of_a_user.max(1e-9)
    }

    /// Requests of a year, the first one being 0.
    fn requests_in(&self, year: u32) -> f64 {
        let grown = (1.0 + self.growth.value).powf(f64::from(year));
        self.users.value * self.requests_per_user_day.value * self.working_days.value * grown
    }

    /// Tokens of so many requests.
    #[must_use]
    pub fn tokens_of(&self, requests: f64) -> TokenVolume {
        TokenVolume {
            input: requests * self.new_prompt_tokens(),
            cached_input: requests * self.prompt_tokens.value * self.cached_share.value,
            output: requests * self.output_tokens.value,
        }
    }

    /// How capital is reckoned with.
    #[must_use]
    pub fn finance(&self) -> Finance {
        Finance {
            years: self.years.value,
            discount_rate: self.discount_rate.value,
            residual_share: self.residual_share.value,
        }
    }
}
