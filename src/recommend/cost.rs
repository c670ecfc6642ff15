use super::Needs;
use crate::catalog::{ApiPrice, Catalog};
use crate::estimate::{AnswerTime, Placement, Task};
use crate::machine::{Gpu, Machine};
use crate::units::{Usd, UsdPerMillionTokens};

/// Seconds of a day.
const SECONDS_PER_DAY: f64 = 86_400.0;

/// Days of a month, on average.
const DAYS_PER_MONTH: f64 = 365.25 / 12.0;

/// What running a model costs in electricity, at most.
///
/// The devices that compute are counted at their board power for the whole time of an answer. Decoding is bound by
/// memory and draws less, the rest of the computer draws something too; neither is published per model, so this is an
/// order of magnitude.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost<'a> {
    /// The board power of the devices that compute.
    pub watts: f64,
    /// Energy of a million output tokens, prefill included.
    pub kwh_per_million_tokens: f64,
    /// The same in money.
    pub usd_per_million_tokens: UsdPerMillionTokens,
    /// The answers a day that this is of: no more than the machine writes.
    pub answers_per_day: f64,
    /// All answers of a month in money.
    pub usd_per_month: Usd,
    /// The same answers by API, where a provider serves the model.
    pub api: Option<ApiCost<'a>>,
}

/// What the same answers cost by API.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ApiCost<'a> {
    /// The provider that serves the model for least, and its prices.
    pub offer: &'a ApiPrice,
    /// All answers of a month.
    pub usd_per_month: Usd,
}

impl<'a> Cost<'a> {
    /// What answers of that length cost at that power.
    pub(super) fn of(
        watts: f64,
        api: Option<&'a ApiPrice>,
        answer: &AnswerTime,
        task: Task,
        needs: &Needs,
    ) -> Self {
        let answers_per_day = needs.answers_per_day.min(answers_that_fit(answer, needs));
        let answers = answers_per_day * DAYS_PER_MONTH;
        let kwh_per_answer = watts * answer.whole.seconds.0 / 3.6e6;
        let kwh_per_million_tokens = kwh_per_answer * 1e6 / f64::from(task.output_tokens);
        let by_api = |offer: &'a ApiPrice| {
            let of = |price: UsdPerMillionTokens, tokens: u32| price.of(answers * f64::from(tokens)).0;
            let month = of(offer.input, task.prompt_tokens) + of(offer.output, task.output_tokens);
            ApiCost { offer, usd_per_month: Usd(month) }
        };
        Self {
            watts,
            kwh_per_million_tokens,
            usd_per_million_tokens: UsdPerMillionTokens(kwh_per_million_tokens * needs.power_price.0),
            answers_per_day,
            usd_per_month: Usd(kwh_per_answer * answers * needs.power_price.0),
            api: api.map(by_api),
        }
    }

    /// Energy of one answer of the task, in watt-hours.
    #[must_use]
    pub fn watt_hours_per_answer(&self, task: Task) -> f64 {
        self.kwh_per_million_tokens * f64::from(task.output_tokens) / 1e3
    }
}

/// How many whole answers a machine writes in a day that has nothing else to do, one after another in each sequence.
#[must_use]
pub fn answers_that_fit(answer: &AnswerTime, needs: &Needs) -> f64 {
    (f64::from(needs.run.sequences.max(1)) * SECONDS_PER_DAY / answer.whole.seconds.0).floor()
}

/// The board power of each device of a machine, where it is known.
#[derive(Clone, Debug)]
pub(super) struct Power {
    gpus: Vec<Option<f64>>,
    /// Of all sockets.
    cpu: Option<f64>,
}

impl Power {
    pub(super) fn of(catalog: &Catalog, machine: &Machine) -> Self {
        let of_catalog = |gpu: &Gpu| {
            let id = gpu.accelerator.as_deref()?;
            catalog.accelerators().ok()?.iter().find(|known| known.id == id)?.tdp_watts
        };
        let gpus = machine.gpus.iter().map(|gpu| gpu.power_limit_watts.or_else(|| of_catalog(gpu)));
        let platform = catalog.cpu_platform(&machine.cpu.model).ok().flatten();
        let socket = platform.and_then(|platform| platform.tdp_watts);
        let cpu = socket.map(|watts| watts * f64::from(machine.cpu.sockets.max(1)));
        Self { gpus: gpus.collect(), cpu }
    }

    /// Of the devices that compute.
    pub(super) fn of_placement(&self, placement: &Placement) -> Option<f64> {
        let gpus = placement.devices.iter().filter_map(|device| self.gpus.get(device.gpu()?));
        let gpus = gpus.copied().sum::<Option<f64>>()?;
        let cpu = if placement.computes_in_ram() { self.cpu? } else { 0.0 };
        Some(gpus + cpu)
    }
}
