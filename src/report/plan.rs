//! From needs to machines: what each way takes at the same load and promise.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::civil::Date;

use super::needs::ReportNeeds;
use super::offer::{Offer, usual_engine, usual_precision};
use crate::calibration::ServingConstants;
use crate::capacity::{
    Capacity, Deployment, EngineAge, Lengths, Observed, Parallelism, People, Precision, Request, ServedModel,
    ServingDevice, ServingEngine, capacity, replicas, spares,
};
use crate::catalog::{Catalog, Model};
use crate::units::Bytes;

/// The share of time in which a server of eight GPUs is up: one fails every 264 days (419 unexpected interruptions in 54
/// days of 16,384 H100, `The Llama 3 Herd of Models`, 2024), and service takes three days.
pub(super) const MACHINE_AVAILABILITY: f64 = 264.0 / 267.0;

/// What a plan is made from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'a> {
    pub(super) needs: &'a ReportNeeds,
    pub(super) catalog: &'a Catalog,
    pub(super) constants: &'a ServingConstants,
    pub(super) today: Date,
    /// What is known of replicas so far.
    pub(super) plans: &'a Plans,
}

/// A model on GPUs in as many replicas as the load takes.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub(super) deployment: Deployment,
    pub(super) capacity: Capacity,
    /// Replicas for the load.
    pub(super) working: u32,
}

/// The smallest part of a machine that carries the load with the fewest GPUs: how many GPUs a replica has. Of servers it
/// is two where the model fits on no one. A number of GPUs that is not `wanted` at the highest rate that it may still
/// carry is given up, and nothing is planned where all are.
pub(super) fn planned(
    site: &Site<'_>,
    model: &Model,
    most_gpus: u32,
    device: &ServingDevice,
    weights: Weights,
    wanted: &dyn Fn(u32, f64) -> bool,
) -> Option<Planned> {
    let search = Search { site, model, device, weights, wanted };
    let of_one = [1, 2, 4, 8].into_iter().filter(|gpus| most_gpus.is_multiple_of(*gpus));
    match search.cheapest(of_one) {
        Ok(best) => Some(best),
        // Two servers carry a model that one has no room for; cards without links of their own are too slow for that.
        Err(Unplanned::NoRoom) if most_gpus == device.linked && device.interconnect.is_some() => {
            search.cheapest(std::iter::once(2 * most_gpus)).ok()
        }
        Err(Unplanned::GivenUp | Unplanned::NoRoom) => None,
    }
}

/// A model on a device, of which the best number of GPUs is looked for.
struct Search<'a> {
    site: &'a Site<'a>,
    model: &'a Model,
    device: &'a ServingDevice,
    weights: Weights,
    wanted: &'a dyn Fn(u32, f64) -> bool,
}

/// Why nothing is planned.
enum Unplanned {
    GivenUp,
    NoRoom,
}

impl Search<'_> {
    /// The deployment of the fewest GPUs, of those with as many in a replica as are tried.
    fn cheapest(&self, tried: impl Iterator<Item = u32>) -> Result<Planned, Unplanned> {
        let (site, needs) = (self.site, self.site.needs);
        let peak = needs.people().peak_rate();
        let mut best: Option<Planned> = None;
        let mut is_given_up = false;
        for gpus in tried {
            let deployment = self.deployment(gpus);
            let worth = |rate: f64| {
                let least = (peak / (rate * needs.headroom.value)).ceil().max(1.0) * f64::from(gpus);
                let beats = |best: &Planned| {
                    best.working == 0 || least < f64::from(best.working * best.deployment.gpus())
                };
                best.as_ref().is_none_or(beats) && (self.wanted)(gpus, rate)
            };
            let key = self.key(gpus);
            let Some(capacity) = site.plans.capacity(site, key, &deployment, worth) else {
                is_given_up |= deployment.cache_tokens().is_some();
                continue;
            };
            if capacity.cache_wall < 1.0 {
                continue;
            }
            let Some(count) = replicas(&capacity, peak, needs.headroom.value, false) else {
                best = best.or(Some(Planned { deployment, capacity, working: 0 }));
                continue;
            };
            let planned = Planned { deployment, capacity, working: count.working };
            let cost = |planned: &Planned| planned.working * planned.deployment.gpus();
            // Fewer GPUs; of as many, the smaller replicas, which fail one at a time.
            if best.as_ref().is_none_or(|best| best.working == 0 || cost(&planned) < cost(best)) {
                best = Some(planned);
            }
        }
        best.ok_or(if is_given_up { Unplanned::GivenUp } else { Unplanned::NoRoom })
    }

    fn deployment(&self, gpus: u32) -> Deployment {
        let Self { site, model, device, weights, .. } = self;
        let engine = usual_engine(model, device);
        let deployment = Deployment {
            model: ServedModel::of(&model.architecture),
            precision: match weights {
                Weights::Usual => usual_precision(model, engine, device),
                Weights::FourBits => Precision::INT4,
            },
            device: (*device).clone(),
            parallelism: parallelism(engine, gpus),
            engine,
            age: EngineAge::Current,
            drafted: 0,
            cache_room: None,
            experts_in_ram: None,
            observed: Observed::default(),
        };
        site.as_observed(deployment, &model.id)
    }

    fn key(&self, gpus: u32) -> PlanKey {
        let (request, promise) = (self.site.request(), self.site.needs.promise());
        let figures = [request.prompt_tokens, request.output_tokens, promise.ttft.0, promise.tpot.0];
        PlanKey {
            model: self.model.id.clone(),
            device: self.device.name.clone(),
            memory: self.device.memory,
            weights: self.weights,
            gpus,
            figures: figures.map(f64::to_bits),
        }
    }
}

/// What a replica's capacity depends on beside the catalog and what was measured.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct PlanKey {
    model: String,
    device: String,
    memory: Bytes,
    weights: Weights,
    gpus: u32,
    /// Tokens of prompt and answer, and the promise.
    figures: [u64; 4],
}

/// The capacities that are known: the same replica is a part of many machines, and tables, charts and sliders ask for
/// the same again.
#[derive(Debug, Default)]
pub(super) struct Plans(Mutex<BTreeMap<PlanKey, Known>>);

/// What is known of a replica's capacity.
#[derive(Clone, Debug)]
enum Known {
    /// All.
    Capacity(Option<Capacity>),
    /// That it is not above this rate.
    AtMost(f64),
}

impl Plans {
    /// What a replica carries; none where it has no room, or its highest possible rate is not worth to know it better.
    fn capacity(
        &self,
        site: &Site<'_>,
        key: PlanKey,
        deployment: &Deployment,
        worth: impl Fn(f64) -> bool,
    ) -> Option<Capacity> {
        let known = self.known().get(&key).cloned();
        match known {
            Some(Known::Capacity(capacity)) => return capacity,
            Some(Known::AtMost(rate)) if !worth(rate) => return None,
            Some(Known::AtMost(_)) | None => {}
        }
        let given_up = Cell::new(None);
        let worth = |rate: f64| {
            worth(rate) || {
                given_up.set(Some(rate));
                false
            }
        };
        let capacity = capacity(deployment, site.constants, &site.request(), site.needs.promise(), worth);
        let known = given_up.get().map_or_else(|| Known::Capacity(capacity.clone()), Known::AtMost);
        self.known().insert(key, known);
        capacity
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<PlanKey, Known>> {
        // A thread that panicked left whole entries.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a model usually lies over so many GPUs.
pub(super) const fn parallelism(engine: ServingEngine, gpus: u32) -> Parallelism {
    match engine {
        ServingEngine::LlamaCpp => Parallelism::Pipeline(gpus),
        _ => Parallelism::Tensor(gpus),
    }
}

/// In how many bits weights are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weights {
    /// As the model is usually served on a device.
    Usual,
    /// Four a weight.
    FourBits,
}

/// What is changed in a purchase to see what it does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Change {
    /// The load, as a factor.
    pub(super) load: f64,
    /// The price of machines, as a factor.
    pub(super) price: f64,
    /// What a replica carries, as a factor.
    pub(super) throughput: f64,
}

impl Change {
    /// Nothing.
    pub(super) const NONE: Self = Self { load: 1.0, price: 1.0, throughput: 1.0 };
}

impl Site<'_> {
    /// What a request is.
    pub(super) fn request(&self) -> Request {
        Request {
            prompt_tokens: self.needs.new_prompt_tokens().max(1.0),
            output_tokens: self.needs.output_tokens.value,
            answers: Lengths::REASONING,
        }
    }

    /// Requests a second in each hour of a working day, for each year of the term.
    pub(super) fn days(&self) -> Vec<[f64; 24]> {
        let needs = self.needs;
        let year = |year: u32| {
            let grown = (1.0 + needs.growth.value).powi(year.cast_signed());
            People { users: needs.users.value * grown, ..needs.people() }.hourly_rates()
        };
        (0..needs.years.value.max(1)).map(year).collect()
    }

    /// How many of `offer` carry the load, spare ones included.
    pub(super) fn units(&self, offer: &Offer, planned: &Planned, change: Change) -> u32 {
        let working = self.working_units(offer, planned, change);
        let all = working + self.spares(working);
        // Of what is there no more can be used.
        offer.held.map_or(all, |held| all.min(held))
    }

    /// Machines, or rented replicas, beside so many that work: one where one may fail, and as many as the availability
    /// takes.
    pub(super) fn spares(&self, working: u32) -> u32 {
        let target = self.needs.availability.value;
        let for_target = target.map_or(0, |target| spares(working, MACHINE_AVAILABILITY, target));
        for_target.max(u32::from(self.needs.spare.value))
    }

    /// How many of `offer` carry the load.
    #[expect(clippy::cast_sign_loss, reason = "a count of replicas is not negative")]
    pub(super) fn working_units(&self, offer: &Offer, planned: &Planned, change: Change) -> u32 {
        let rate = self.needs.people().peak_rate() * change.load;
        let carried = planned.capacity.rate * change.throughput * self.needs.headroom.value;
        // What carries nothing is shown once, as what does not keep the promise.
        let working = if carried > 0.0 { (rate / carried).ceil().max(1.0) as u32 } else { 1 };
        working.saturating_mul(planned.deployment.gpus()).div_ceil(offer.gpus)
    }
}
