use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::needs::{Origin, Privacy, ReportNeeds};
use super::offer::{Offer, offers};
use super::option::{OptionKind, PlanOption};
use super::plan::{Change, Planned, Site, planned, rentals};
use super::sensitivity::{Purchase, Sensitivity, flips, relaxations, swings};
use super::words;
use crate::capacity::ServingDevice;
use crate::catalog::{Billing, Catalog, CatalogError, Confidence, Model, STALE_AFTER_DAYS};
use crate::cost::{ApiRates, break_even_utilisation, break_even_volume, payback};
use crate::units::Usd;

/// Purchases that are shown.
const PURCHASES: usize = 6;

/// Rents of a kind that are shown.
const RENTS: usize = 3;

/// Smaller models that are shown.
const SMALLER: usize = 2;

/// The document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The day that it is of.
    pub date: Date,
    /// The program's version.
    pub version: &'static str,
    /// What was asked for, each value with where it comes from.
    pub needs: ReportNeeds,
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
    /// Where the answer would flip, in words.
    pub flip_points: Vec<String>,
    /// The changes of a promise that would need less.
    pub relaxations: Vec<String>,
    /// Risks, the gravest first.
    pub risks: Vec<String>,
    /// How to start what was chosen.
    pub launch: Vec<String>,
    /// How to check the delivery.
    pub acceptance: Vec<String>,
    /// Every figure that was not given, with its source.
    pub assumptions: Vec<Assumption>,
    /// What was left out.
    pub not_modelled: Vec<&'static str>,
    /// What the reader must see first.
    pub warnings: Vec<String>,
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
    pub name: String,
    /// Why.
    pub reason: String,
}

/// When owning is cheaper than another way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BreakEven {
    /// The other way.
    pub against: String,
    /// Its kind.
    pub kind: OptionKind,
    /// The share of the planned replicas' capacity above which owning is cheaper than that API; above 1, never.
    pub utilisation: Option<f64>,
    /// Tokens a month above which it is.
    pub tokens_per_month: Option<f64>,
    /// Months until the machines have paid for themselves at the planned load; none where never.
    pub payback_months: Option<f64>,
}

/// A figure that the document rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Assumption {
    /// What.
    pub what: String,
    /// How much.
    pub value: String,
    /// Where it comes from.
    pub source: String,
    /// How far it is to be believed; what the user gave is not judged.
    pub confidence: Option<Confidence>,
}

/// Writes the document of `needs` on the day `today`.
pub fn report(needs: ReportNeeds, catalog: &Catalog, today: Date) -> Result<Report, CatalogError> {
    let calibration = catalog.serving_calibration()?;
    let model = catalog.model(&needs.model.value)?;
    let site = Site { needs: &needs, catalog, constants: &calibration.constants, today };
    let offers = offers(catalog)?;
    let mut plans = Planner { site, known: BTreeMap::new() };

    let mut purchases: Vec<(&Offer, Planned, PlanOption)> = offers
        .iter()
        .filter_map(|offer| {
            let planned = plans.planned(model, offer.gpus, &offer.accelerator, &offer.device)?;
            let option = site.buy(offer, &planned, model, OptionKind::Buy);
            Some((offer, planned, option))
        })
        .collect();
    purchases.sort_by(|a, b| order(&a.2, &b.2));
    purchases.truncate(PURCHASES);
    let mut options: Vec<PlanOption> = purchases.iter().map(|(_, _, option)| option.clone()).collect();
    for billing in [Billing::Reserved3Years, Billing::OnDemand] {
        options.extend(plans.rents(model, billing)?);
    }
    let mut calls: Vec<PlanOption> = catalog
        .api_prices()?
        .iter()
        .filter(|price| price.served)
        .filter(|price| price.model.is_none() || price.model.as_deref() == Some(&model.id))
        .map(|price| site.call(price, model))
        .collect();
    calls.sort_by(order);
    options.extend(calls);
    options.extend(plans.smaller(model, &offers));
    options.push(site.wait());

    let recommended = best(&options, |_| true);
    let chosen_kind = recommended.map(|at| options[at].kind);
    let runner_up = best(&options, |option| Some(option.kind) != chosen_kind);
    let purchase = purchases
        .iter()
        .find(|(_, _, option)| option.meets_slo == Some(true))
        .map(|(offer, planned, _)| Purchase { offer, planned, model });
    let rival = best(&options, |option| option.kind != OptionKind::Buy);
    let named = |at: Option<usize>, other: Option<usize>| {
        at.map(|at| Recommended {
            option: at,
            kind: options[at].kind,
            name: options[at].name.clone(),
            reason: words::reason(&options[at], other.map(|other| &options[other]), &needs),
        })
    };
    let flip_points = match (purchase, rival) {
        (Some(purchase), Some(rival)) => flips(&site, purchase, &options[rival]),
        _ => Vec::new(),
    };
    let break_even = purchase.map_or_else(Vec::new, |purchase| break_evens(&site, purchase, &options));
    Ok(Report {
        date: today,
        version: env!("CARGO_PKG_VERSION"),
        load: load(&needs),
        recommended: named(recommended, runner_up),
        runner_up: named(runner_up, recommended),
        break_even,
        sensitivity: purchase.map_or_else(Vec::new, |purchase| swings(&site, purchase)),
        flip_points,
        relaxations: purchase.map_or_else(Vec::new, |purchase| relaxations(&site, purchase)),
        risks: words::risks(recommended.map(|at| &options[at])),
        launch: recommended.map_or_else(Vec::new, |at| words::launch(&options[at], model)),
        acceptance: recommended.map_or_else(Vec::new, |at| words::acceptance(&options[at], model, &needs)),
        assumptions: words::assumptions(&needs, &options, calibration),
        not_modelled: words::NOT_MODELLED.to_vec(),
        warnings: warnings(&options, recommended),
        options,
        needs,
    })
}

/// The cheaper comes first, and what may be taken before what may not.
fn order(a: &PlanOption, b: &PlanOption) -> std::cmp::Ordering {
    let barred = |option: &PlanOption| option.excluded.is_some() || option.meets_slo == Some(false);
    barred(a)
        .cmp(&barred(b))
        .then(a.net_present_cost.0.total_cmp(&b.net_present_cost.0))
        .then(a.name.cmp(&b.name))
}

fn best(options: &[PlanOption], wanted: impl Fn(&PlanOption) -> bool) -> Option<usize> {
    let open = |option: &PlanOption| option.is_open() && option.kind != OptionKind::Wait && wanted(option);
    (0..options.len())
        .filter(|at| open(&options[*at]))
        .min_by(|a, b| options[*a].net_present_cost.0.total_cmp(&options[*b].net_present_cost.0))
}

/// Plans each model once on each device.
struct Planner<'a> {
    site: Site<'a>,
    known: BTreeMap<(String, String, u32), Option<Planned>>,
}

impl Planner<'_> {
    fn planned(
        &mut self,
        model: &Model,
        gpus: u32,
        accelerator: &str,
        device: &ServingDevice,
    ) -> Option<Planned> {
        let key = (model.id.clone(), accelerator.to_owned(), gpus);
        let site = self.site;
        self.known.entry(key).or_insert_with(|| planned(&site, model, gpus, device)).clone()
    }

    fn rents(&mut self, model: &Model, billing: Billing) -> Result<Vec<PlanOption>, CatalogError> {
        let catalog = self.site.catalog;
        let accelerators = catalog.accelerators()?;
        let mut found = Vec::new();
        for rental in rentals(catalog.rentals()?, &[billing]) {
            let accelerator = accelerators.iter().find(|accelerator| accelerator.id == rental.accelerator);
            let Some(device) = accelerator.and_then(ServingDevice::of) else { continue };
            if let Some(planned) = self.planned(model, 8, &rental.accelerator, &device) {
                found.push(self.site.rent(rental, &planned, model));
            }
        }
        found.sort_by(order);
        found.truncate(RENTS);
        Ok(found)
    }

    /// The cheapest purchase for each of the next smaller models.
    fn smaller(&mut self, model: &Model, offers: &[Offer]) -> Vec<PlanOption> {
        let mut smaller: Vec<&Model> = self
            .site
            .catalog
            .models()
            .iter()
            .filter(|other| {
                other.active_parameters < model.active_parameters || other.parameters < model.parameters
            })
            .collect();
        smaller.sort_by_key(|model| std::cmp::Reverse(model.parameters));
        smaller.dedup_by_key(|model| model.size.clone());
        let mut found = Vec::new();
        for model in smaller.into_iter().take(SMALLER) {
            let mut purchases: Vec<PlanOption> = Vec::new();
            for offer in offers {
                if let Some(planned) = self.planned(model, offer.gpus, &offer.accelerator, &offer.device) {
                    purchases.push(self.site.buy(offer, &planned, model, OptionKind::SmallerModel));
                }
            }
            purchases.sort_by(order);
            found.extend(purchases.into_iter().next());
        }
        found
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
            matches!(option.kind, OptionKind::Api | OptionKind::RentReserved | OptionKind::RentOnDemand)
        })
        .map(|option| {
            let is_api = option.kind == OptionKind::Api;
            // The mean price of the tokens that there are stands for input and output alike.
            let blended = option.cost_per_million_tokens;
            let rates = ApiRates { input: blended, cached_input: None, output: blended };
            let at_capacity = volume.times(1.0 / utilisation);
            BreakEven {
                against: option.name.clone(),
                kind: option.kind,
                utilisation: is_api.then(|| break_even_utilisation(yearly.total(), &rates, &at_capacity)),
                tokens_per_month: is_api.then(|| break_even_volume(yearly.total(), blended)),
                payback_months: payback(ownership.capex.total(), option.yearly_cost, yearly.running()),
            }
        })
        .collect()
}

fn warnings(options: &[PlanOption], recommended: Option<usize>) -> Vec<String> {
    let mut warnings = Vec::new();
    let prices: Vec<_> = options.iter().flat_map(|option| &option.prices).collect();
    let stale = prices.iter().filter(|price| price.is_stale).count();
    if stale > 0 {
        warnings.push(format!(
            "{stale} of {} prices are older than {STALE_AFTER_DAYS} days, or their day is not known: ask for offers before signing.",
            prices.len()
        ));
    }
    match recommended.map(|at| &options[at]) {
        None => warnings.push(
            "Nothing keeps the promise within the limits: loosen the promise, the budget or where data may go."
                .to_owned(),
        ),
        Some(option) if option.meets_slo.is_none() => warnings.push(
            "The recommended API promises no latency: whether the promise is kept is not known.".to_owned(),
        ),
        Some(option) if option.prices.iter().any(|price| price.confidence == Confidence::Low) => warnings.push(
            "The recommended option rests on a price of low confidence, which nobody saw in a source.".to_owned(),
        ),
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
        self.recommended.as_ref().map_or(Usd::ZERO, |recommended| self.options[recommended.option].capex)
    }

    /// Whether data must stay.
    #[must_use]
    pub fn stays(&self) -> bool {
        self.needs.privacy.value == Privacy::Premises
    }

    /// Values that nobody gave.
    #[must_use]
    pub fn defaults(&self) -> usize {
        self.assumptions
            .iter()
            .filter(|assumption| assumption.source == words::origin(Origin::Default))
            .count()
    }
}
