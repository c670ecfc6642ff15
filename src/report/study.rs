use std::collections::BTreeMap;

use super::costed::rentals;
use super::hybrid::hybrids;
use super::limits;
use super::needs::ReportNeeds;
use super::offer::{Offer, usual_engine, usual_precision};
use super::option::{OptionKind, PlanOption};
use super::plan::{Planned, Site};
use super::sensitivity::Purchase;
use super::way::{MachineKey, Way};
use crate::capacity::{Precision, ServingDevice, ServingEngine};
use crate::catalog::{Billing, CatalogError, Model};

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
        let mut planner = Planner { site, known: BTreeMap::new() };
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
        candidates.extend(planner.candidate(Way::Wait));
        Ok(Self { site, model, candidates })
    }

    /// The cheapest open way that is wanted.
    pub(super) fn best(&self, wanted: impl Fn(&PlanOption) -> bool) -> Option<usize> {
        let cost = |at: &usize| self.candidates[*at].option.net_present_cost.0;
        (0..self.candidates.len())
            .filter(|at| {
                let option = &self.candidates[*at].option;
                option.is_open() && option.kind != OptionKind::Wait && wanted(option)
            })
            .min_by(|a, b| cost(a).total_cmp(&cost(b)))
    }

    pub(super) fn recommended(&self) -> Option<usize> {
        self.best(|_| true)
    }

    /// The best way of another kind.
    pub(super) fn runner_up(&self) -> Option<usize> {
        let chosen = self.recommended().map(|at| self.candidates[at].option.kind);
        self.best(|option| Some(option.kind) != chosen)
    }

    /// The cheapest machines that keep the promise.
    pub(super) fn purchase(&self) -> Option<Purchase<'_>> {
        self.candidates.iter().find_map(|candidate| match (candidate.way, &candidate.planned) {
            (Way::Buy { offer, model, kind: OptionKind::Buy }, Some(planned))
                if candidate.option.meets_slo == Some(true) =>
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

/// The cheaper comes first, and what may be taken before what may not.
fn order(a: &Candidate<'_>, b: &Candidate<'_>) -> std::cmp::Ordering {
    let (a, b) = (&a.option, &b.option);
    // What keeps the promise but may not be taken says more than what does not keep it.
    let barred = |option: &PlanOption| (option.meets_slo == Some(false), option.excluded.is_some());
    barred(a).cmp(&barred(b)).then(a.net_present_cost.0.total_cmp(&b.net_present_cost.0))
}

/// Plans each model once on each device.
struct Planner<'a> {
    site: Site<'a>,
    known: BTreeMap<MachineKey, Option<Planned>>,
}

impl<'a> Planner<'a> {
    /// What comes of a way; none where the model does not fit on its machines.
    fn candidate(&mut self, way: Way<'a>) -> Option<Candidate<'a>> {
        let site = self.site;
        let planned = match way.machines() {
            None => None,
            Some(machines) => {
                let known = self.known.entry(machines.key()).or_insert_with(|| machines.planned(&site));
                Some(known.clone()?)
            }
        };
        let mut option = way.option(&site, planned.as_ref())?;
        if option.excluded.is_none() {
            option.excluded = limits::barred(&site, way).map(|reason| reason.told(site.lang).to_owned());
        }
        Some(Candidate { way, planned, option })
    }

    fn cheapest(&mut self, ways: impl Iterator<Item = Way<'a>>, most: usize) -> Vec<Candidate<'a>> {
        let mut found: Vec<_> = ways.filter_map(|way| self.candidate(way)).collect();
        found.sort_by(order);
        let mut place = 0;
        found.retain(|candidate| {
            place += 1;
            // Whoever measured something wants to see what came of it.
            place <= most || candidate.is_measured(self.site.needs)
        });
        found
    }

    fn rents(&mut self, model: &'a Model, billing: Billing) -> Result<Vec<Candidate<'a>>, CatalogError> {
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
    fn smaller(&mut self, model: &Model, offers: &'a [Offer]) -> Vec<Candidate<'a>> {
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
