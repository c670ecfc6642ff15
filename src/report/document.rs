use jiff::civil::Date;
use serde::Serialize;

use super::acceptance::{AcceptanceLine, acceptance};
use super::inventory::held;
use super::launch::{LaunchFile, files};
use super::measured::{MeasurementUse, uses};
use super::models::{ModelFacts, models};
use super::needs::{Origin, Privacy, ReportNeeds};
use super::offer::offers;
use super::option::{OptionKind, PlanOption};
use super::phrase::percent;
use super::plan::{Change, Site};
use super::sensitivity::{Purchase, Sensitivity, flips, relaxations, swings};
use super::study::Study;
use super::words;
use crate::catalog::{Catalog, CatalogError, Confidence, STALE_AFTER_DAYS, ServingCalibration};
use crate::cost::{ApiRates, break_even_utilisation, break_even_volume, payback};
use crate::lang::Lang;
use crate::tr;
use crate::units::Usd;

/// The document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The day that it is of.
    pub date: Date,
    /// The language of every sentence.
    #[serde(skip)]
    pub lang: Lang,
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
    /// Where the answer would flip, in words.
    pub flip_points: Vec<String>,
    /// The changes of a promise that would need less.
    pub relaxations: Vec<String>,
    /// Risks, the gravest first.
    pub risks: Vec<String>,
    /// Files that start what was chosen; none where somebody else does.
    pub launch: Vec<LaunchFile>,
    /// How to check the delivery.
    pub acceptance: Vec<AcceptanceLine>,
    /// The measurements that were at hand, and which options rest on them.
    pub measurements: Vec<MeasurementUse>,
    /// Every figure that was not given, with its source.
    pub assumptions: Vec<Assumption>,
    /// What was left out.
    pub not_modelled: Vec<String>,
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
    /// The same of what is a need: whether somebody gave it.
    pub origin: Option<Origin>,
    /// How far it is to be believed; what the user gave is not judged.
    pub confidence: Option<Confidence>,
}

/// Writes the document of `needs` on the day `today`, in a language.
pub fn report(
    needs: &ReportNeeds,
    catalog: &Catalog,
    today: Date,
    lang: Lang,
) -> Result<Report, CatalogError> {
    let calibration = catalog.serving_calibration()?;
    let site = Site { needs, catalog, constants: &calibration.constants, today, lang };
    let offers = [held(&needs.inventory.value, catalog, lang)?, offers(catalog, lang)?].concat();
    Ok(document(&Study::new(site, &offers)?, calibration))
}

/// The document of what was studied.
pub(super) fn document(study: &Study<'_>, calibration: &ServingCalibration) -> Report {
    let (site, needs, lang) = (&study.site, study.site.needs, study.site.lang);
    let options: Vec<PlanOption> =
        study.candidates.iter().map(|candidate| candidate.option.clone()).collect();
    let (recommended, runner_up) = (study.recommended(), study.runner_up());
    let purchase = study.purchase();
    let rival = study.best(|option| option.kind != OptionKind::Buy);
    let named = |at: Option<usize>, other: Option<usize>| {
        at.map(|at| Recommended {
            option: at,
            kind: options[at].kind,
            name: options[at].name.clone(),
            reason: words::reason(&options[at], other.map(|other| &options[other]), needs, lang),
        })
    };
    let measurements = uses(needs, site.constants, &study.candidates, lang);
    let flip_points = match (purchase, rival) {
        (Some(purchase), Some(rival)) => flips(site, purchase, &options[rival]),
        _ => Vec::new(),
    };
    Report {
        date: site.today,
        lang,
        version: env!("CARGO_PKG_VERSION"),
        models: models(study),
        load: load(needs),
        recommended: named(recommended, runner_up),
        runner_up: named(runner_up, recommended),
        break_even: purchase.map_or_else(Vec::new, |purchase| break_evens(site, purchase, &options)),
        sensitivity: purchase.map_or_else(Vec::new, |purchase| swings(site, purchase)),
        flip_points,
        relaxations: purchase.map_or_else(Vec::new, |purchase| relaxations(site, purchase)),
        risks: words::risks(recommended.map(|at| &options[at]), lang),
        launch: recommended.map_or_else(Vec::new, |at| files(study, &study.candidates[at])),
        acceptance: recommended.map_or_else(Vec::new, |at| acceptance(&study.candidates[at], needs)),
        assumptions: words::assumptions(site, &options, &measurements, calibration),
        measurements,
        not_modelled: words::not_modelled(lang),
        warnings: warnings(&options, recommended, site.needs.budget.value, lang),
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
                payback_months: payback(ownership.capex.total(), &option.running(), yearly.running()),
            }
        })
        .collect()
}

/// As much of a price as taxes and duties often are.
const TAXES: f64 = 0.25;

fn warnings(
    options: &[PlanOption],
    recommended: Option<usize>,
    budget: Option<Usd>,
    lang: Lang,
) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut prices: Vec<_> = options.iter().flat_map(|option| &option.prices).collect();
    prices.sort_by(|a, b| (&a.of, &a.price).cmp(&(&b.of, &b.price)));
    prices.dedup_by(|a, b| (&a.of, &a.price) == (&b.of, &b.price));
    let stale = prices.iter().filter(|price| price.is_stale).count();
    if stale > 0 {
        warnings.push(tr!(
            lang,
            "{stale} of {} prices are older than {STALE_AFTER_DAYS} days, or their day is not known: ask for offers before \
             signing.",
            "{} 项报价中有 {stale} 项已超过 {STALE_AFTER_DAYS} 天或日期不详：签字前须重新询价。",
            prices.len()
        ));
    }
    let chosen = recommended.map(|at| &options[at]);
    if let Some((option, budget)) = chosen.zip(budget)
        && option.capex.0 > budget.0 * (1.0 - TAXES)
    {
        warnings.push(tr!(
            lang,
            "Prices are without taxes and duties, and {} of {budget} are planned: with {} of tax it is above the budget.",
            "报价不含税费与关税：已规划 {}，预算 {budget}；若税率为 {}，即超出预算。",
            option.capex,
            percent(budget.share_of(option.capex) - 1.0, lang)
        ));
    }
    match chosen {
        None => warnings.push(tr!(
            lang,
            "Nothing keeps the promise within the limits: loosen the promise, the budget or where data may go.",
            "在各项限制之内没有任何方案满足 SLO：可放宽 SLO、预算或数据去向。"
        )),
        Some(option) if option.meets_slo.is_none() => warnings.push(tr!(
            lang,
            "The recommended API promises no latency: whether the promise is kept is not known.",
            "所建议的 API 不承诺时延：能否满足 SLO 尚不可知。"
        )),
        Some(option) if option.prices.iter().any(|price| price.confidence == Confidence::Low) => {
            warnings.push(tr!(
                lang,
                "The recommended option rests on a price of low confidence: sources disagree, or none was seen.",
                "所建议的方案依据的报价可信度低：来源不一致，或未见于来源。"
            ));
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
        self.recommended.as_ref().map_or(Usd::ZERO, |recommended| self.options[recommended.option].capex)
    }

    /// Whether data must stay.
    #[must_use]
    pub fn stays(&self) -> bool {
        self.needs.privacy.value == Privacy::Premises
    }

    /// The option whose machines the sizing is told of: what is recommended, or if that has none, the first that has.
    #[must_use]
    pub fn sized(&self) -> Option<usize> {
        let has = |at: &usize| self.options[*at].deployment.is_some();
        let recommended = self.recommended.as_ref().map(|recommended| recommended.option);
        recommended.filter(has).or_else(|| (0..self.options.len()).find(has))
    }

    /// The cheapest machines that keep the promise, which the others are held against.
    #[must_use]
    pub fn purchase(&self) -> Option<usize> {
        let bought = |option: &PlanOption| option.kind == OptionKind::Buy && option.meets_slo == Some(true);
        self.options.iter().position(bought)
    }

    /// Values that nobody gave.
    #[must_use]
    pub fn defaults(&self) -> usize {
        self.assumptions.iter().filter(|assumption| assumption.origin == Some(Origin::Default)).count()
    }
}
