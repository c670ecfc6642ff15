use jiff::civil::Date;
use serde::Serialize;

use super::acceptance::{AcceptanceLine, acceptance};
use super::assumptions::{Assumption, assumptions};
use super::inventory::held;
use super::launch::{LaunchFile, files};
use super::measured::{MeasurementUse, uses};
use super::models::{ModelFacts, models};
use super::name::Name;
use super::needs::{Origin, Privacy, ReportNeeds};
use super::offer::offers;
use super::option::{OptionKind, PlanOption, PlannedPrice};
use super::phrase::near_percent;
use super::plan::{Change, Plans, Site};
use super::risks::{not_modelled, risks};
use super::sensitivity::{Purchase, Sensitivity, flips, relaxations, size_ahead, swings};
use super::study::Study;
use crate::catalog::{Catalog, CatalogError, Confidence, STALE_AFTER_DAYS, ServingCalibration};
use crate::cost::{ApiRates, break_even_utilisation, break_even_volume, payback};
use crate::message;
use crate::message::{Message, percent};
use crate::units::Usd;

/// The document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The day that it is of.
    pub date: Date,
    /// The program's version.
    pub version: &'static str,
    /// What was asked for, each value with where it comes from.
    pub needs: ReportNeeds,
    /// The model that was asked for, then the smaller ones that are options.
    pub models: Vec<ModelFacts>,
    /// The load that follows.
    pub load: LoadSummary,
    /// Every way, the cheapest of its kind first.
    pub options: Vec<PlanOption>,
    /// What to do; none where nothing keeps the promise within the limits.
    pub recommended: Option<Recommended>,
    /// The next best way of another kind.
    pub runner_up: Option<Recommended>,
    /// When owning is cheaper than each way of paying as one goes.
    pub break_even: Vec<BreakEven>,
    /// What moves the cost of owning most.
    pub sensitivity: Vec<Sensitivity>,
    /// Where the answer would flip.
    pub flip_points: Vec<Message>,
    /// The changes of a promise that would need less.
    pub relaxations: Vec<Message>,
    /// Risks, the gravest first.
    pub risks: Vec<Message>,
    /// Files that start what was chosen; none where a provider does. The drawing writes them out.
    #[serde(skip)]
    pub launch: Vec<LaunchFile>,
    /// How to check the delivery.
    pub acceptance: Vec<AcceptanceLine>,
    /// The measurements that were at hand, and which options rest on them.
    pub measurements: Vec<MeasurementUse>,
    /// Every figure that was not given, with its source.
    pub assumptions: Vec<Assumption>,
    /// What was left out.
    pub not_modelled: Vec<Message>,
    /// What the reader must see first.
    pub warnings: Vec<Message>,
}

/// The load that follows from the needs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LoadSummary {
    /// Requests of a working day, in the last year.
    pub requests_per_day: f64,
    /// Requests a second when it is busiest.
    pub peak_requests_per_second: f64,
    /// Output tokens a second when it is busiest.
    pub peak_output_tokens_per_second: f64,
    /// Tokens of a year, prompts and answers.
    pub tokens_per_year: f64,
}

/// An option that is named.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recommended {
    /// Its place among the options, from 0.
    pub option: usize,
    /// Its kind.
    pub kind: OptionKind,
    /// Its name.
    pub name: Name,
    /// Why.
    pub reason: Message,
}

/// When owning is cheaper than another way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BreakEven {
    /// The other way.
    pub against: Name,
    /// Its kind.
    pub kind: OptionKind,
    /// The share of the planned replicas' capacity above which owning is cheaper than that API; above 1, never.
    pub utilisation: Option<f64>,
    /// Tokens a month above which it is.
    pub tokens_per_month: Option<f64>,
    /// Months until the machines have paid for themselves at the planned load; none where never.
    pub payback_months: Option<f64>,
}

/// The document of `needs` on the day `today`.
pub fn report(needs: &ReportNeeds, catalog: &Catalog, today: Date) -> Result<Report, CatalogError> {
    let calibration = catalog.serving_calibration()?;
    let plans = Plans::default();
    let site = Site {
        needs,
        catalog,
        constants: &calibration.constants,
        calibration,
        output: calibration.spreads[1].deployed,
        today,
        plans: &plans,
    };
    let offers = [held(&needs.inventory.value, catalog)?, offers(catalog, today)?].concat();
    Ok(document(&Study::new(site, &offers)?, calibration))
}

/// The document of what was studied.
pub(super) fn document(study: &Study<'_>, calibration: &ServingCalibration) -> Report {
    let (site, needs) = (&study.site, study.site.needs);
    let options: Vec<PlanOption> =
        study.candidates.iter().map(|candidate| candidate.option.clone()).collect();
    let (recommended, runner_up) = (study.recommended(), study.runner_up());
    let purchase = study.purchase();
    if let Some(purchase) = purchase {
        size_ahead(site, purchase);
    }
    let rival = study.best(|option| option.kind() != OptionKind::Buy);
    let named = |at: Option<usize>, other: Option<usize>| {
        at.map(|at| Recommended {
            option: at,
            kind: options[at].kind(),
            name: options[at].name.clone(),
            reason: reason(&options[at], other.map(|other| &options[other]), needs),
        })
    };
    let measurements = uses(needs, site.constants, &study.candidates);
    let flip_points = match (purchase, rival) {
        (Some(purchase), Some(rival)) => flips(site, purchase, &options[rival]),
        _ => Vec::new(),
    };
    Report {
        date: site.today,
        version: env!("CARGO_PKG_VERSION"),
        models: models(study),
        load: load(needs),
        recommended: named(recommended, runner_up),
        runner_up: named(runner_up, recommended),
        break_even: purchase.map_or_else(Vec::new, |purchase| break_evens(site, purchase, &options)),
        sensitivity: purchase.map_or_else(Vec::new, |purchase| swings(site, purchase)),
        flip_points,
        relaxations: purchase.map_or_else(Vec::new, |purchase| relaxations(site, purchase)),
        risks: risks(recommended.map(|at| &options[at])),
        launch: recommended.map_or_else(Vec::new, |at| files(study, &study.candidates[at])),
        acceptance: recommended.map_or_else(Vec::new, |at| acceptance(&study.candidates[at], needs)),
        assumptions: assumptions(site, &options, &measurements, calibration),
        measurements,
        not_modelled: not_modelled(),
        warnings: warnings(&options, recommended, site.needs.budget.value),
        options,
        needs: needs.clone(),
    }
}

fn load(needs: &ReportNeeds) -> LoadSummary {
    let people = needs.people();
    LoadSummary {
        requests_per_day: people.requests_per_day(),
        peak_requests_per_second: people.peak_rate(),
        peak_output_tokens_per_second: people.peak_rate() * needs.output_tokens.value,
        tokens_per_year: needs.volume().total(),
    }
}

fn break_evens(site: &Site<'_>, purchase: Purchase<'_>, options: &[PlanOption]) -> Vec<BreakEven> {
    let ownership = site.owned(purchase.offer, purchase.planned, Change::NONE);
    let yearly = ownership.yearly();
    let utilisation = site.utilisation(purchase.planned).max(1e-9);
    let volume = site.needs.volume();
    options
        .iter()
        .filter(|option| {
            matches!(option.kind(), OptionKind::Api | OptionKind::RentReserved | OptionKind::RentOnDemand)
        })
        .map(|option| {
            let is_api = option.kind() == OptionKind::Api;
            // The mean price of the tokens that there are stands for input and output alike.
            let blended = option.bill.cost_per_million_tokens;
            let rates = ApiRates { input: blended, cached_input: None, output: blended };
            let at_capacity = volume.times(1.0 / utilisation);
            BreakEven {
                against: option.name.clone(),
                kind: option.kind(),
                utilisation: is_api.then(|| break_even_utilisation(yearly.total(), &rates, &at_capacity)),
                tokens_per_month: is_api.then(|| break_even_volume(yearly.total(), blended)),
                payback_months: payback(ownership.capex.total(), &option.bill.running(), yearly.running()),
            }
        })
        .collect()
}

/// As much of a price as taxes and duties often are.
const TAXES: f64 = 0.25;

/// Why an option is named, and what the other would cost.
fn reason(option: &PlanOption, other: Option<&PlanOption>, needs: &ReportNeeds) -> Message {
    let (cost, years) = (option.bill.net_present_cost, needs.years.value);
    match other {
        Some(other) => message!(ReportReasonBeside {
            cost,
            years,
            share: near_percent(cost.share_of(other.bill.net_present_cost)),
            other: other.in_a_sentence(),
        }),
        None => message!(ReportReason { cost, years }),
    }
}

fn warnings(options: &[PlanOption], recommended: Option<usize>, budget: Option<Usd>) -> Vec<Message> {
    let mut warnings = Vec::new();
    let mut prices: Vec<&PlannedPrice> = Vec::new();
    for price in options.iter().flat_map(|option| &option.prices) {
        if !prices.iter().any(|known| (&known.of, known.price) == (&price.of, price.price)) {
            prices.push(price);
        }
    }
    let stale = prices.iter().filter(|price| price.is_stale).count();
    if stale > 0 {
        warnings.push(message!(ReportWarningOldPrices { stale, all: prices.len(), days: STALE_AFTER_DAYS }));
    }
    let chosen = recommended.map(|at| &options[at]);
    if let Some((option, budget)) = chosen.zip(budget)
        && option.bill.capex.0 > budget.0 * (1.0 - TAXES)
    {
        let planned = option.bill.capex;
        let tax = percent(budget.share_of(planned) - 1.0, 0);
        warnings.push(message!(ReportWarningTaxes { planned, budget, tax }));
    }
    match chosen {
        None => warnings.push(message!(ReportWarningNothing)),
        Some(option) if option.meets_slo().is_none() => warnings.push(message!(ReportWarningNoPromise)),
        Some(option) if option.prices.iter().any(|price| price.confidence == Confidence::Low) => {
            warnings.push(message!(ReportWarningLowConfidence));
        }
        Some(_) => {}
    }
    warnings
}

impl Report {
    /// Whether a way was found.
    #[must_use]
    pub const fn has_answer(&self) -> bool {
        self.recommended.is_some()
    }

    /// What is spent before the first token of what is recommended.
    #[must_use]
    pub fn capex(&self) -> Usd {
        self.recommended.as_ref().map_or(Usd::ZERO, |recommended| self.options[recommended.option].bill.capex)
    }

    /// Whether data must stay.
    #[must_use]
    pub fn stays(&self) -> bool {
        self.needs.privacy.value == Privacy::Premises
    }

    /// The option whose machines the sizing describes: what is recommended, or if that has none, the first that has.
    #[must_use]
    pub fn sized(&self) -> Option<usize> {
        let has = |at: &usize| self.options[*at].deployment().is_some();
        let recommended = self.recommended.as_ref().map(|recommended| recommended.option);
        recommended.filter(has).or_else(|| (0..self.options.len()).find(has))
    }

    /// The cheapest machines that keep the promise, which the others are held against.
    #[must_use]
    pub fn purchase(&self) -> Option<usize> {
        let bought =
            |option: &PlanOption| option.kind() == OptionKind::Buy && option.meets_slo() == Some(true);
        self.options.iter().position(bought)
    }

    /// Values that nobody gave.
    #[must_use]
    pub fn defaults(&self) -> usize {
        self.assumptions.iter().filter(|assumption| assumption.origin == Some(Origin::Default)).count()
    }
}
