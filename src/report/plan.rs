//! From needs to machines: what each way takes at the same load and promise.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::civil::Date;

use super::needs::ReportNeeds;
use super::offer::{Offer, is_routed, usual_engine, usual_precision};
use crate::calibration::{ServingConstants, ServingSpread};
use crate::capacity::{
    CacheType, Capacity, Deployment, Lengths, Parallelism, People, Precision, Request, ServedModel,
    ServingDevice, ServingEngine, Space, capacity, replicas, spares,
};
use crate::catalog::{Catalog, Model, ServingCalibration};
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
    /// What is known of configurations that were measured elsewhere.
    pub(super) calibration: &'a ServingCalibration,
    /// How far the output of deployments lies from predictions.
    pub(super) output: ServingSpread,
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
    /// The next best layout, and its replicas; none where no other was worth a simulation.
    pub(super) runner_up: Option<(Deployment, u32)>,
}

impl Planned {
    /// The GPUs of all replicas.
    pub(super) fn gpus(&self) -> u32 {
        self.working * self.deployment.gpus()
    }
}

/// The deployment that carries the load with the fewest GPUs, of all sensible ones on parts of a machine, or on two where
/// the model fits on no one. A number of GPUs that is not `wanted` at the highest rate that it may still carry is given
/// up, and nothing is planned where all are.
pub(super) fn planned(
    site: &Site<'_>,
    model: &Model,
    most_gpus: u32,
    device: &ServingDevice,
    weights: Weights,
    wanted: &dyn Fn(u32, f64) -> bool,
) -> Option<Planned> {
    let search = Search { site, model, device, weights, wanted };
    let of_one: Vec<u32> = [1, 2, 4, 8].into_iter().filter(|gpus| most_gpus.is_multiple_of(*gpus)).collect();
    match search.cheapest(&of_one) {
        Ok(best) => Some(best),
        // Two servers carry a model that one has no room for; cards without links of their own are too slow for that.
        Err(Unplanned::NoRoom)
            if most_gpus == device.linked
                && device.interconnect.is_some()
                && device.bridged >= device.linked =>
        {
            search.cheapest(&[2 * most_gpus]).ok()
        }
        Err(Unplanned::GivenUp | Unplanned::NoRoom) => None,
    }
}

/// A model on a device, of which the best deployment is looked for.
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

/// Deployments that are simulated at most, of those whose bounds are near the best.
const SIMULATED: usize = 6;

impl Search<'_> {
    /// The deployment of the fewest GPUs. A closed form says which carry the load with how many at least; these are
    /// simulated in that order, until none of the others can be better.
    fn cheapest(&self, gpus: &[u32]) -> Result<Planned, Unplanned> {
        let (site, needs) = (self.site, self.site.needs);
        let peak = needs.people().peak_rate();
        let fewest = |rate: f64, deployment: &Deployment| {
            (peak / (rate * needs.headroom.value)).ceil().max(1.0) * f64::from(deployment.gpus())
        };
        let (request, promise) = (site.request(), needs.promise());
        let deployments = self.deployments(gpus);
        let is_room = deployments.iter().any(has_room(&request));
        let mut bounded: Vec<(f64, Deployment)> = deployments
            .into_iter()
            .filter(has_room(&request))
            .map(|deployment| {
                let rate = deployment.most_rate(&deployment.step_time(site.constants), &request, promise);
                (rate, deployment)
            })
            .collect();
        // Of as many GPUs, the smaller replicas, which fail one at a time, and the plainer ones: the sort is stable.
        let order = |(rate, deployment): &(f64, Deployment)| {
            (if *rate > 0.0 { fewest(*rate, deployment) } else { f64::INFINITY }, deployment.gpus())
        };
        bounded.sort_by(|a, b| {
            let (a, b) = (order(a), order(b));
            a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
        });
        let mut best: Option<Planned> = None;
        let mut is_given_up = false;
        for (rate, deployment) in bounded.into_iter().take(SIMULATED) {
            let beats = |rate: f64, best: &Option<Planned>| {
                best.as_ref().is_none_or(|best| {
                    best.working == 0 || fewest(rate, &deployment) < f64::from(best.gpus())
                })
            };
            if rate > 0.0 && !beats(rate, &best) {
                // A runner-up is worth no simulation of its own: its bound says what it takes at least.
                if let Some(best) = best.as_mut().filter(|best| best.runner_up.is_none()) {
                    #[expect(clippy::cast_sign_loss, reason = "a count of replicas is not negative")]
                    let working = (fewest(rate, &deployment) / f64::from(deployment.gpus())) as u32;
                    best.runner_up = Some((deployment, working));
                }
                break;
            }
            let worth = |rate: f64| beats(rate, &best) && (self.wanted)(deployment.gpus(), rate);
            let key = self.key(&deployment);
            let Some(capacity) = site.plans.capacity(site, key, &deployment, worth) else {
                is_given_up = true;
                continue;
            };
            let count = replicas(&capacity, peak, needs.headroom.value, false);
            let working = count.map_or(0, |count| count.working);
            let planned = Planned { deployment, capacity, working, runner_up: None };
            let second = |planned: Planned| Some((planned.deployment, planned.working));
            match best.take() {
                None => best = Some(planned),
                Some(old) if old.working == 0 && working > 0 => best = Some(planned),
                Some(old) if working > 0 && planned.gpus() < old.gpus() => {
                    best = Some(Planned { runner_up: second(old), ..planned });
                }
                Some(mut old) => {
                    let is_second = working > 0
                        && old
                            .runner_up
                            .as_ref()
                            .is_none_or(|(other, replicas)| planned.gpus() < replicas * other.gpus());
                    if is_second {
                        old.runner_up = second(planned);
                    }
                    best = Some(old);
                }
            }
        }
        best.ok_or(if is_given_up || is_room { Unplanned::GivenUp } else { Unplanned::NoRoom })
    }

    /// Every sensible deployment; of what was measured only those of the engine and precision that were.
    fn deployments(&self, gpus: &[u32]) -> Vec<Deployment> {
        let Self { site, model, device, weights, .. } = self;
        let served = ServedModel::of(&model.architecture);
        let usual = usual_engine(model, device);
        let measured = site.needs.measured_services(&model.id, &device.name);
        let engines = match (usual, measured.first()) {
            (_, Some(service)) => vec![service.engine],
            (ServingEngine::LlamaCpp, None) => vec![ServingEngine::LlamaCpp],
            (ServingEngine::Vllm, None) => vec![ServingEngine::Vllm, ServingEngine::Sglang],
            (usual, None) => vec![usual, ServingEngine::Vllm],
        };
        let precisions = match weights {
            Weights::Usual => vec![usual_precision(model, engines[0], device)],
            Weights::FourBits if device.fp4.is_some() => vec![Precision::NVFP4, Precision::INT4],
            Weights::FourBits => vec![Precision::INT4],
        };
        let is_llama = engines[0] == ServingEngine::LlamaCpp;
        // The 671B was trained with a head that drafts; what was measured was measured without.
        let drafts: &[u32] =
            if is_routed(model) && !is_llama && measured.is_empty() { &[0, 1, 3] } else { &[0] };
        let caches: &[CacheType] = if device.fp8.is_some() && !is_llama && measured.is_empty() {
            &[CacheType::Sixteen, CacheType::Eight]
        } else {
            &[CacheType::Sixteen]
        };
        let space = Space {
            model: &served,
            device,
            gpus,
            engines: &engines,
            precisions: &precisions,
            caches,
            drafts,
        };
        let known = |one: Deployment| {
            let known = site.calibration.known(&one.configuration(&model.id));
            site.as_observed(Deployment { known, ..one }, &model.id)
        };
        space.deployments().into_iter().map(known).collect()
    }

    fn key(&self, deployment: &Deployment) -> PlanKey {
        let (request, promise) = (self.site.request(), self.site.needs.promise());
        let figures = [request.prompt_tokens, request.output_tokens, promise.ttft.0, promise.tpot.0];
        PlanKey {
            model: self.model.id.clone(),
            device: self.device.name.clone(),
            memory: self.device.memory,
            precision: deployment.precision.name(),
            layout: (deployment.parallelism, deployment.engine.name(), deployment.drafted, deployment.cache),
            figures: figures.map(f64::to_bits),
        }
    }
}

/// Whether the cache has room for a whole request.
fn has_room(request: &Request) -> impl Fn(&Deployment) -> bool {
    let length = request.prompt_tokens + request.output_tokens;
    move |deployment| deployment.cache_tokens().is_some_and(|tokens| tokens >= length)
}

/// What a replica's capacity depends on beside the catalog and what was measured.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct PlanKey {
    model: String,
    device: String,
    memory: Bytes,
    precision: &'static str,
    layout: (Parallelism, &'static str, u32, CacheType),
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
