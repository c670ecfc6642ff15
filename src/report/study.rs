use std::sync::{Mutex, PoisonError};

use super::costed::rentals;
use super::hybrid::hybrids;
use super::limits;
use super::needs::{MeasuredOf, ReportNeeds};
use super::offer::{Offer, usual_engine, usual_precision};
use super::option::{OptionKind, PlanOption};
use super::parallel::in_parallel;
use super::plan::{Planned, Site};
use super::sensitivity::Purchase;
use super::way::Way;
use crate::capacity::{Precision, ServingDevice, ServingEngine};
use crate::catalog::{Billing, CatalogError, Model};
use crate::units::Usd;

/// Purchases that are shown.
const PURCHASES: usize = 6;

/// Rents of a kind that are shown.
const RENTS: usize = 3;

/// Purchases for four bits a weight that are shown.
const LOWER: usize = 1;

/// Smaller models that are shown.
const SMALLER: usize = 2;

/// Every way that is worth a row, worked out at the same load and promise.
pub(super) struct Study<'a> {
    pub(super) site: Site<'a>,
    /// The model that is asked for.
    pub(super) model: &'a Model,
    /// The ways, the cheapest of its kind first.
    pub(super) candidates: Vec<Candidate<'a>>,
}

/// A way, what runs on its machines, and what comes of it.
#[derive(Clone, Debug)]
pub(super) struct Candidate<'a> {
    pub(super) way: Way<'a>,
    pub(super) planned: Option<Planned>,
    pub(super) option: PlanOption,
}

impl Candidate<'_> {
    /// Whether its machines were measured.
    fn is_measured(&self, needs: &ReportNeeds) -> bool {
        let known = |planned: &Planned| needs.measured_of(&planned.deployment, &self.option.model).is_some();
        self.planned.as_ref().is_some_and(known)
    }
}

impl<'a> Study<'a> {
    pub(super) fn new(site: Site<'a>, offers: &'a [Offer]) -> Result<Self, CatalogError> {
        let model = site.catalog.model(&site.needs.model.value)?;
        let planner = Planner { site };
        let of_kind = |kind, is_held: bool| {
            let offers = offers.iter().filter(move |offer| offer.held.is_some() == is_held);
            offers.map(move |offer| Way::Buy { offer, model, kind })
        };
        let mut candidates = planner.cheapest(of_kind(OptionKind::Own, true), usize::MAX);
        candidates.extend(planner.cheapest(of_kind(OptionKind::Buy, false), PURCHASES));
        for billing in [Billing::Reserved3Years, Billing::OnDemand] {
            candidates.extend(planner.rents(model, billing)?);
        }
        let calls = site
            .catalog
            .api_prices()?
            .iter()
            .filter(|price| price.served)
            .filter(|price| price.model.is_none() || price.model.as_deref() == Some(&model.id))
            .map(|price| Way::Call { price, model });
        candidates.extend(planner.cheapest(calls, usize::MAX));
        let mixes = hybrids(&site, &candidates);
        candidates.extend(mixes);
        let in_four = of_kind(OptionKind::LowerQuant, false).filter(|way| has_more_bits(*way));
        candidates.extend(planner.cheapest(in_four, LOWER));
        candidates.extend(planner.smaller(model, offers));
        candidates.extend(planner.candidate(Way::Wait, Usd(f64::INFINITY)));
        Ok(Self { site, model, candidates })
    }

    /// The cheapest open way that is wanted.
    pub(super) fn best(&self, wanted: impl Fn(&PlanOption) -> bool) -> Option<usize> {
        let cost = |at: &usize| self.candidates[*at].option.bill.net_present_cost.0;
        (0..self.candidates.len())
            .filter(|at| {
                let option = &self.candidates[*at].option;
                option.is_open() && option.kind() != OptionKind::Wait && wanted(option)
            })
            .min_by(|a, b| cost(a).total_cmp(&cost(b)))
    }

    pub(super) fn recommended(&self) -> Option<usize> {
        self.best(|_| true)
    }

    /// The best way of another kind.
    pub(super) fn runner_up(&self) -> Option<usize> {
        let chosen = self.recommended().map(|at| self.candidates[at].option.kind());
        self.best(|option| Some(option.kind()) != chosen)
    }

    /// The cheapest machines that keep the promise.
    pub(super) fn purchase(&self) -> Option<Purchase<'_>> {
        self.candidates.iter().find_map(|candidate| match (candidate.way, &candidate.planned) {
            (Way::Buy { offer, model, kind: OptionKind::Buy }, Some(planned))
                if candidate.option.meets_slo() == Some(true) =>
            {
                Some(Purchase { offer, planned, model })
            }
            _ => None,
        })
    }
}

/// Whether a way keeps weights in more than four bits where nobody says otherwise.
fn has_more_bits(way: Way<'_>) -> bool {
    way.machines().is_some_and(|machines| {
        let engine = usual_engine(machines.model, &machines.device);
        let usual = usual_precision(machines.model, engine, &machines.device);
        engine != ServingEngine::LlamaCpp && usual != Precision::INT4
    })
}

/// What keeps the promise but may not be taken says more than what does not keep it.
fn barred(option: &PlanOption) -> (bool, bool) {
    (option.meets_slo() == Some(false), option.excluded.is_some())
}

/// The cheaper comes first, and what may be taken before what may not.
fn cheaper(a: &Candidate<'_>, b: &Candidate<'_>) -> std::cmp::Ordering {
    let cost = |one: &Candidate<'_>| one.option.bill.net_present_cost.0;
    barred(&a.option).cmp(&barred(&b.option)).then(cost(a).total_cmp(&cost(b)))
}

/// What another way may cost at most to be among the `most` cheapest.
fn limit(costs: &mut [f64], most: usize) -> f64 {
    costs.sort_by(f64::total_cmp);
    most.checked_sub(1).and_then(|last| costs.get(last)).copied().unwrap_or(f64::INFINITY)
}

/// Works ways out, as far as they may be among the cheapest.
#[derive(Clone, Copy)]
struct Planner<'a> {
    site: Site<'a>,
}

impl<'a> Planner<'a> {
    /// What comes of a way; none where the model does not fit on its machines, or where it costs more than `most`.
    fn candidate(&self, way: Way<'a>, most: Usd) -> Option<Candidate<'a>> {
        let site = &self.site;
        let planned = match way.machines() {
            None => None,
            Some(machines) => {
                let wanted = |gpus, rate| site.least_cost(way, gpus, rate) <= most;
                Some(machines.planned_while(site, &wanted)?)
            }
        };
        let mut option = way.option(site, planned.as_ref())?;
        if option.excluded.is_none() {
            option.excluded = limits::barred(site, way);
        }
        Some(Candidate { way, planned, option })
    }

    /// The `most` cheapest, and whatever was measured.
    fn cheapest(&self, ways: impl Iterator<Item = Way<'a>>, most: usize) -> Vec<Candidate<'a>> {
        let ways: Vec<Way<'a>> = ways.collect();
        let mut order: Vec<(usize, f64)> =
            ways.iter().enumerate().map(|(at, way)| (at, Self::promising(*way))).collect();
        order.sort_by(|a, b| a.1.total_cmp(&b.1));
        // What the ways that are worked out cost so far, of those that may be taken.
        let open = Mutex::new(Vec::new());
        let mut found: Vec<(usize, Candidate<'a>)> = in_parallel(&order, |(at, _)| {
            let way = ways[*at];
            let open = || open.lock().unwrap_or_else(PoisonError::into_inner);
            let limit = if self.may_be_measured(way) { f64::INFINITY } else { limit(&mut open(), most) };
            let candidate = self.candidate(way, Usd(limit))?;
            if barred(&candidate.option) == (false, false) {
                open().push(candidate.option.bill.net_present_cost.0);
            }
            Some((*at, candidate))
        })
        .into_iter()
        .flatten()
        .collect();
        // Of equal ones the first of the catalog comes first.
        found.sort_by_key(|(at, _)| *at);
        found.sort_by(|a, b| cheaper(&a.1, &b.1));
        let mut place = 0;
        found.retain(|(_, candidate)| {
            place += 1;
            // Whoever measured something wants to see what came of it.
            place <= most || candidate.is_measured(self.site.needs)
        });
        found.into_iter().map(|(_, candidate)| candidate).collect()
    }

    /// In what order ways are worked out: by what a machine costs, for the cheapest soon rule out the others.
    fn promising(way: Way<'_>) -> f64 {
        match way {
            Way::Buy { offer, .. } => offer.usd.0 / f64::from(offer.gpus) / offer.device.bandwidth.0,
            Way::Rent { .. } | Way::Call { .. } | Way::Mix | Way::Wait => 0.0,
        }
    }

    /// Whether something was measured that may be this way.
    fn may_be_measured(&self, way: Way<'_>) -> bool {
        way.machines().is_some_and(|machines| {
            self.site.needs.measured.iter().any(|one| match &one.of {
                MeasuredOf::Machines(service, name) => {
                    service.model == machines.model.id && *name == machines.device.name
                }
                MeasuredOf::Api(_) => false,
            })
        })
    }

    fn rents(&self, model: &'a Model, billing: Billing) -> Result<Vec<Candidate<'a>>, CatalogError> {
        let catalog = self.site.catalog;
        let accelerators = catalog.accelerators()?;
        let ways =
            rentals(catalog.rentals()?, &[billing], |rental| limits::rented(&self.site, rental).is_some());
        let ways = ways.into_iter().filter_map(|rental| {
            let accelerator = accelerators.iter().find(|one| one.id == rental.accelerator)?;
            ServingDevice::of(accelerator)?;
            Some(Way::Rent { rental, accelerator, model })
        });
        Ok(self.cheapest(ways, RENTS))
    }

    /// The cheapest purchase for each of the next smaller models.
    fn smaller(&self, model: &Model, offers: &'a [Offer]) -> Vec<Candidate<'a>> {
        let mut smaller: Vec<&'a Model> =
            self.site.catalog.models().iter().filter(|other| other.parameters < model.parameters).collect();
        smaller.sort_by_key(|model| std::cmp::Reverse(model.parameters));
        smaller.dedup_by_key(|model| model.size.clone());
        let mut found = Vec::new();
        for model in smaller.into_iter().take(SMALLER) {
            let kind = OptionKind::SmallerModel;
            for is_held in [true, false] {
                let offers = offers.iter().filter(|offer| offer.held.is_some() == is_held);
                found.extend(self.cheapest(offers.map(|offer| Way::Buy { offer, model, kind }), 1));
            }
        }
        found
    }
}
