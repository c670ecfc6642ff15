use jiff::civil::Date;
use serde::Serialize;

use super::machine::{POWER_REGION, use_case};
use super::region::region;
use super::table::{GivenNeeds, Need, default};
use super::typed::{AskedCurrency, Money, Share, Tokens, Typed};
use super::{NeedsError, vendors};
use crate::bench::ObservedWaits;
use crate::bench::served::Service;
use crate::capacity::{Observation, People, Promise};
use crate::catalog::Catalog;
use crate::cost::{Finance, TokenVolume};
use crate::message::Message;
use crate::units::{Seconds, Usd};

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
    /// Another value of the same origin.
    fn map<U>(self, of: impl FnOnce(T) -> U) -> Tagged<U> {
        Tagged { value: of(self.value), origin: self.origin }
    }

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

/// The machines of a folder.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Inventory {
    /// The folder.
    pub folder: String,
    /// What is in it, of every file that has an accelerator.
    pub machines: Vec<HeldMachine>,
}

/// A machine that is there, by what a plan asks of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HeldMachine {
    /// Its name.
    pub name: String,
    /// The id of its accelerators.
    pub accelerator: String,
    /// How many of them it has.
    pub gpus: u32,
    /// What a model may take of each one's memory.
    pub memory_bytes: u64,
}

/// A measurement of what an option would run.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Where it is kept.
    pub source: Message,
    /// The day.
    pub date: Date,
    /// Of what.
    pub of: MeasuredOf,
    /// The loads.
    pub observations: Vec<Observation>,
    /// What users waited under the heaviest of them, where that was measured.
    pub waits: Option<ObservedWaits>,
}

/// What was measured.
#[derive(Clone, Debug, PartialEq)]
pub enum MeasuredOf {
    /// A model on accelerators, with the name of those.
    Machines(Service, String),
    /// An API, by the id of its price.
    Api(String),
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
        Promise { ttft: Seconds(self.ttft_seconds.value), tpot: Seconds(self.tpot_seconds.value) }
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

/// The longest acceptable time to first token where none is given.
const TTFT_SECONDS: f64 = 3.0;

/// The slowest acceptable decode where none is given, in tokens a second: DeepSeek's own service gives its users as many.
const MINIMUM_DECODE: f64 = 20.0;

impl GivenNeeds {
    /// The needs of an organisation: what is given, else the use-case's, else the default. What it holds and what was
    /// measured is read by the caller.
    #[expect(clippy::cast_sign_loss, reason = "the table has years from 1 on")]
    pub fn organisation(&self, catalog: &Catalog) -> Result<ReportNeeds, NeedsError> {
        macro_rules! number {
            ($key:ident) => {
                number(self.$key, stringify!($key))?
            };
        }
        let use_case = use_case(self, catalog)?;
        let unknown = |source| NeedsError::Name { source, known: Vec::new() };
        let model = |name: &String| catalog.model(name).map(|found| found.id.clone()).map_err(unknown);
        // What follows from a use-case that is not given is a default like any other.
        let preset = if self.use_case.is_some() { Origin::Derived } else { Origin::Default };
        let length = |given: Option<Tokens>, usual: u32| match given {
            Some(Tokens(given)) => Tagged { value: f64::from(given), origin: Origin::Given },
            None => Tagged { value: f64::from(usual), origin: preset },
        };
        let least = use_case.minimum_decode_tokens_per_second;
        let decode = match self.min_decode {
            Some(rate) => Tagged { value: rate.0, origin: Origin::Given },
            None if least > MINIMUM_DECODE => Tagged { value: least, origin: preset },
            None => Tagged { value: MINIMUM_DECODE, origin: Origin::Default },
        };
        let region = self.region.as_ref().map(|name| region(name, catalog)).transpose()?;
        let dollars = |given: Option<Money>| given.map(|given| Usd(given.0));
        let named = |path: &std::path::PathBuf| path.display().to_string();
        let measured_in: Vec<String> = self.measured.iter().map(named).collect();
        Ok(ReportNeeds {
            use_case: Tagged::or(self.use_case.as_ref().map(|_| use_case.id.clone()), use_case.id.clone()),
            model: Tagged::or(
                self.model.as_ref().map(model).transpose()?,
                model(&default("model").unwrap_or_default())?,
            ),
            users: number!(users),
            requests_per_user_day: number!(requests_per_user_day),
            prompt_tokens: length(self.prompt_tokens, use_case.prompt_tokens),
            output_tokens: length(self.output_tokens, use_case.output_tokens),
            peak_hour_share: number!(peak_hour_share),
            burst: number!(burst),
            cached_share: number!(cached_share),
            growth: number!(growth),
            working_days: number!(working_days),
            ttft_seconds: Tagged::or(self.max_ttft.map(|span| span.0.0), TTFT_SECONDS),
            tpot_seconds: Tagged { value: 1.0 / decode.value, origin: decode.origin },
            spare: Tagged::or(self.spare.then_some(true), false),
            availability: availability(self.availability)?,
            headroom: number!(headroom),
            vendors: vendors::named(&self.vendors, catalog)?,
            currency: currency(self.currency.as_ref(), catalog)?,
            inventory: Tagged::or(None, Inventory::default()),
            prices: Tagged::or(self.prices.as_ref().map(|path| Some(named(path))), None),
            privacy: Tagged::or(self.privacy, Privacy::Open),
            budget: Tagged::or(dollars(self.budget).map(Some), None),
            years: number!(years).map(|years| years as u32),
            discount_rate: number!(discount_rate),
            residual_share: number!(residual_share),
            usd_per_kwh: Tagged::or(dollars(self.power_price), power_price(region.as_deref(), catalog)?),
            region: Tagged::or(region.map(Some), None),
            pue: number!(pue),
            staff_fte: number!(staff_fte),
            staff_cost: number!(staff_cost).map(Usd),
            measured_in: Tagged::or((!measured_in.is_empty()).then_some(measured_in), Vec::new()),
            measured: Vec::new(),
        })
    }
}

/// A number, or its default of the table, within the limits that the table has.
fn number<T: Typed + Into<f64>>(given: Option<T>, key: &'static str) -> Result<Tagged<f64>, NeedsError> {
    let origin = if given.is_some() { Origin::Given } else { Origin::Default };
    let value = given.or_else(|| default(key)).ok_or(NeedsError::Missing { key })?.into();
    let most = Need::named(key).and_then(|need| need.most).unwrap_or(f64::INFINITY);
    if (0.0..=most).contains(&value) {
        return Ok(Tagged { value, origin });
    }
    Err(NeedsError::OutOfRange { key, value, range: [0.0, most] })
}

fn availability(given: Option<Share>) -> Result<Tagged<Option<f64>>, NeedsError> {
    match given {
        Some(Share(share)) if !(0.5..=0.999_999).contains(&share) => Err(NeedsError::Availability { share }),
        given => Ok(Tagged::or(given.map(|Share(share)| Some(share)), None)),
    }
}

/// What amounts are shown in: at the rate that is given, else at the catalog's.
fn currency(given: Option<&AskedCurrency>, catalog: &Catalog) -> Result<Tagged<ReportCurrency>, NeedsError> {
    let Some(given) = given else { return Ok(Tagged::or(None, ReportCurrency::usd())) };
    let known = catalog.currencies()?;
    let found = known.iter().find(|one| one.id.eq_ignore_ascii_case(&given.code));
    let code = given.code.clone();
    let symbol = found.map_or_else(|| format!("{code} "), |found| found.symbol.clone());
    // Only what the currency is worth is told apart: a source of the catalog stands in for whoever gave its name.
    Ok(match (given.rate, found) {
        (Some((per_usd, date)), _) => Tagged {
            value: ReportCurrency { code, symbol, per_usd, date: date.to_string(), source: None },
            origin: Origin::Given,
        },
        (None, Some(found)) => Tagged {
            value: ReportCurrency {
                code,
                symbol,
                per_usd: found.per_usd,
                date: found.date.clone(),
                source: Some(found.provenance.source.clone()),
            },
            origin: Origin::Default,
        },
        (None, None) => {
            let known = known.iter().map(|one| one.id.to_ascii_uppercase()).collect();
            return Err(NeedsError::Currency { code, known });
        }
    })
}

/// What a kilowatt-hour costs where it is not given: that of the region, where the catalog has one.
fn power_price(region: Option<&str>, catalog: &Catalog) -> Result<Usd, NeedsError> {
    let of_region = region.and_then(|region| catalog.power_price(region).ok());
    Ok(of_region.map_or_else(|| catalog.power_price(POWER_REGION), Ok)?.usd_per_kwh)
}
