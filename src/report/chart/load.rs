use crate::capacity::{Constraint, Deployment, Promise, Served, capacity, run};
use crate::message;
use crate::message::{Message, Value, fixed, list};
use crate::report::option::OptionKind;
use crate::report::phrase::{digits, milliseconds};
use crate::report::plan::{Planned, Site};
use crate::report::study::{Candidate, Study};
use crate::units::Seconds;

/// What replicas do as more and more is asked of them.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadCharts {
    /// What users are promised.
    pub promise: Promise,
    /// The replica that was chosen first, then others, each of another accelerator.
    pub curves: Vec<LoadCurve>,
    /// The chosen one at the planned peak.
    pub at_peak: LoadPoint,
    /// What to see in speed for a user against throughput.
    pub pareto_reading: Message,
    /// What to see in latency against requests in flight.
    pub latency_reading: Message,
}

/// One replica under a rising load.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadCurve {
    /// Its GPUs.
    pub name: String,
    /// Its engine and layout.
    pub layout: String,
    /// What was measured of it: tokens a second for a user, and for a GPU.
    pub measured: Vec<(f64, f64)>,
    /// How many they are.
    pub gpus: u32,
    /// From hardly anything to beyond the promise.
    pub points: Vec<LoadPoint>,
    /// The most within the promise.
    pub limit: LoadPoint,
    /// Requests in flight that its cache has room for.
    pub cache_wall: f64,
}

/// A replica at one load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoadPoint {
    /// Requests a second.
    pub rate: f64,
    /// Requests in flight, on average.
    pub in_flight: f64,
    /// Output tokens a second.
    pub output: f64,
    /// The 95th percentile of the wait for the first token.
    pub ttft_p95: Seconds,
    /// The 95th percentile of the time between tokens.
    pub tpot_p95: Seconds,
}

impl LoadPoint {
    fn of(served: &Served, rate: f64, answer: f64) -> Self {
        Self {
            rate,
            in_flight: served.in_flight(rate),
            output: rate * answer,
            ttft_p95: served.ttft_at(0.95),
            tpot_p95: served.tpot_at(0.95),
        }
    }

    /// Tokens a second that 95 of 100 users get at least.
    #[must_use]
    pub fn user_speed(&self) -> f64 {
        1.0 / self.tpot_p95.0
    }
}

/// Accelerators that are drawn beside each other.
const CURVES: usize = 4;

/// Loads, as shares of the most within the promise.
const LOADS: [f64; 19] =
    [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0];

/// Beyond this many times the promise a curve says nothing more.
const BEYOND: f64 = 3.0;

impl LoadCharts {
    pub(super) fn of(study: &Study<'_>, sized: &Candidate<'_>) -> Option<Self> {
        let site = &study.site;
        let mut names: Vec<String> = Vec::new();
        let mut curves: Vec<LoadCurve> = Vec::new();
        let others = study
            .candidates
            .iter()
            .filter(|one| !matches!(one.option.kind(), OptionKind::SmallerModel | OptionKind::LowerQuant));
        for candidate in std::iter::once(sized).chain(others) {
            let Some(planned) = &candidate.planned else { continue };
            let name = &planned.deployment.device.name;
            if names.contains(name) || curves.len() == CURVES {
                continue;
            }
            names.push(name.clone());
            let is_first = curves.is_empty();
            curves.extend(curve(site, planned, &candidate.option.model));
            // The chosen accelerator in its next best layout.
            let other = planned.runner_up.as_ref().filter(|_| is_first);
            let other = other.and_then(|(deployment, working)| laid_out(site, deployment, *working));
            curves.extend(other.and_then(|other| curve(site, &other, &candidate.option.model)));
        }
        let planned = sized.planned.as_ref()?;
        let (chosen, rest) = curves.split_first()?;
        if chosen.name != planned.deployment.device.name {
            return None;
        }
        let rate = site.needs.people().peak_rate() / f64::from(planned.working.max(1));
        let at_peak = point(site, planned, rate)?;
        Some(Self {
            promise: site.needs.promise(),
            pareto_reading: pareto(chosen, rest),
            latency_reading: latency(chosen, &at_peak, planned, site),
            at_peak,
            curves,
        })
    }
}

fn point(site: &Site<'_>, planned: &Planned, rate: f64) -> Option<LoadPoint> {
    let served = run(&planned.deployment, site.constants, &site.request(), rate)?;
    Some(LoadPoint::of(&served, rate, site.needs.output_tokens.value))
}

/// Another layout, with what it carries.
fn laid_out(site: &Site<'_>, deployment: &Deployment, working: u32) -> Option<Planned> {
    let capacity = capacity(deployment, site.constants, &site.request(), site.needs.promise(), |_| true)?;
    Some(Planned { deployment: deployment.clone(), capacity, working, runner_up: None })
}

/// None where even a single request breaks the promise.
fn curve(site: &Site<'_>, planned: &Planned, model: &str) -> Option<LoadCurve> {
    let capacity = &planned.capacity;
    let promise = site.needs.promise();
    let limit = (capacity.rate > 0.0).then(|| point(site, planned, capacity.rate)).flatten()?;
    let mut points = Vec::new();
    for load in LOADS {
        let at = point(site, planned, capacity.rate * load)?;
        points.push(at);
        let is_beyond = at.tpot_p95.0 > promise.tpot.0 * BEYOND || at.ttft_p95.0 > promise.ttft.0 * BEYOND;
        if load > 1.0 && (is_beyond || at.in_flight > capacity.cache_wall) {
            break;
        }
    }
    Some(LoadCurve {
        name: planned.deployment.device.name.clone(),
        layout: format!("{} {}", planned.deployment.engine.name(), planned.deployment.parallelism),
        measured: measured(site, &planned.deployment, model),
        gpus: planned.deployment.gpus(),
        points,
        limit,
        cache_wall: capacity.cache_wall,
    })
}

/// Each load that was put on a replica like it: tokens a second for a user, and for a GPU.
fn measured(site: &Site<'_>, deployment: &Deployment, model: &str) -> Vec<(f64, f64)> {
    let Some((gpus, measured)) = site.needs.measured_of(deployment, model) else { return Vec::new() };
    let loads = measured.iter().flat_map(|one| &one.observations);
    loads
        .filter_map(|load| {
            let speed = 1.0 / load.tpot?.0;
            Some((speed, speed * load.in_flight / f64::from(gpus)))
        })
        .collect()
}

fn pareto(chosen: &LoadCurve, rest: &[LoadCurve]) -> Message {
    let at_limit = |curve: &LoadCurve| digits(curve.limit.output / f64::from(curve.gpus));
    let (name, speed, output) = (&chosen.name, digits(chosen.limit.user_speed()), at_limit(chosen));
    if rest.iter().all(|curve| curve.name == chosen.name) {
        return message!(ReportParetoAlone { name, speed, output });
    }
    let others = rest
        .iter()
        .filter(|curve| curve.name != chosen.name)
        .map(|curve| Value::from(message!(ReportParetoOther { name: &curve.name, output: at_limit(curve) })));
    message!(ReportPareto { name, speed, output, others: list(others) })
}

fn latency(chosen: &LoadCurve, at_peak: &LoadPoint, planned: &Planned, site: &Site<'_>) -> Message {
    let promise = site.needs.promise();
    let breaks = match planned.capacity.binding {
        Constraint::Tpot => message!(ReportBeyondTpot { time: milliseconds(promise.tpot) }),
        Constraint::Ttft => message!(ReportBeyondTtft { time: promise.ttft }),
        Constraint::Cache => message!(ReportBeyondCache),
        Constraint::Alone => message!(ReportNoteTooSlow),
    };
    message!(ReportLatencyReading {
        most: digits(chosen.limit.in_flight),
        rate: digits(chosen.limit.rate),
        breaks,
        wall: fixed(chosen.cache_wall, 0),
        held: digits(at_peak.in_flight),
        tpot: milliseconds(at_peak.tpot_p95),
        ttft: at_peak.ttft_p95,
    })
}
