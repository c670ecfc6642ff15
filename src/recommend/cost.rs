use serde::Serialize;

use super::Needs;
use super::remedy::cheapest_api;
use crate::catalog::{Catalog, Model};
use crate::estimate::{AnswerTime, Placement};
use crate::machine::Machine;
use crate::units::{Usd, UsdPerMillionTokens};

/// Days of a month, on average.
const DAYS_PER_MONTH: f64 = 365.25 / 12.0;

/// What running a model costs in electricity, at most.
///
/// The devices that compute are reckoned at their board power all the time that an answer takes. Decoding is bound
/// by memory and draws less, the rest of the computer draws something too; nobody published either per model, so the
/// figure is an order of magnitude and says what it rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cost {
    /// The board power of the devices that compute.
    pub watts: f64,
    /// Energy of a million output tokens, the reading of their questions included.
    pub kwh_per_million_tokens: f64,
    /// The same in money.
    pub usd_per_million_tokens: UsdPerMillionTokens,
    /// All answers of a month in money.
    pub usd_per_month: Usd,
    /// The same answers by API, where a provider serves the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<ApiCost>,
}

/// What the same work costs by API.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ApiCost {
    /// The provider that serves the model for least.
    pub provider: String,
    /// All answers of a month.
    pub usd_per_month: Usd,
    /// Tokens of the prompt.
    pub input_usd_per_million_tokens: UsdPerMillionTokens,
    /// Tokens of the answer, thinking included.
    pub output_usd_per_million_tokens: UsdPerMillionTokens,
    /// When the price was seen.
    pub date: String,
    /// Where.
    pub source: String,
}

impl ApiCost {
    /// What the cheapest provider of the model asks for the answers of a month; none where nobody serves it.
    #[must_use]
    pub fn of(catalog: &Catalog, model: &Model, needs: &Needs) -> Option<Self> {
        let offer = cheapest_api(catalog, model)?;
        let answers = needs.answers_per_day * DAYS_PER_MONTH;
        let of = |price: UsdPerMillionTokens, tokens: u32| price.of(answers * f64::from(tokens)).0;
        Some(Self {
            provider: offer.provider.clone(),
            usd_per_month: Usd(
                of(offer.input, needs.task.prompt_tokens) + of(offer.output, needs.task.output_tokens)
            ),
            input_usd_per_million_tokens: offer.input,
            output_usd_per_million_tokens: offer.output,
            date: offer.date.clone(),
            source: offer.provenance.source.clone(),
        })
    }
}

impl Cost {
    /// What the task costs at that speed; `None` where a device's power is unknown.
    #[must_use]
    pub fn of(
        catalog: &Catalog,
        model: &Model,
        machine: &Machine,
        placement: &Placement,
        answer: &AnswerTime,
        needs: &Needs,
    ) -> Option<Self> {
        let watts = watts(catalog, machine, placement)?;
        let kwh_per_answer = watts * answer.whole.seconds.0 / 3.6e6;
        let kwh_per_million_tokens = kwh_per_answer * 1e6 / f64::from(needs.task.output_tokens);
        Some(Self {
            watts,
            kwh_per_million_tokens,
            usd_per_million_tokens: UsdPerMillionTokens(kwh_per_million_tokens * needs.power_price.0),
            usd_per_month: Usd(kwh_per_answer * needs.answers_per_day * DAYS_PER_MONTH * needs.power_price.0),
            api: ApiCost::of(catalog, model, needs),
        })
    }

    /// Energy of one answer of the task, in watt-hours.
    #[must_use]
    pub fn watt_hours_per_answer(&self, needs: &Needs) -> f64 {
        self.kwh_per_million_tokens * f64::from(needs.task.output_tokens) / 1e3
    }
}

/// The board power of all devices that compute.
fn watts(catalog: &Catalog, machine: &Machine, placement: &Placement) -> Option<f64> {
    let gpu = |index: usize| {
        let gpu = &machine.gpus[index];
        let of_catalog = || {
            let id = gpu.accelerator.as_deref()?;
            catalog.accelerators().ok()?.iter().find(|known| known.id == id)?.tdp_watts
        };
        gpu.power_limit_watts.or_else(of_catalog)
    };
    let gpus = placement.devices.iter().filter_map(|device| device.gpu).map(gpu).sum::<Option<f64>>()?;
    let cpu = if placement.computes_in_ram() {
        let platform = catalog.cpu_platform(&machine.cpu.model).ok()??;
        platform.tdp_watts? * f64::from(machine.cpu.sockets.max(1))
    } else {
        0.0
    };
    Some(gpus + cpu)
}
