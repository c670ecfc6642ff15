//! A base that is owned, and a peak that is paid for by the hour or by the token: how much of either is cheapest follows
//! from how the load lies over a day.

use serde::Serialize;

use super::costed::{SERVICES_SHARE, average_kw};
use super::inventory::paid_for;
use super::name::Name;
use super::offer::Offer;
use super::option::{CostLine, CostPart, Means, OptionKind, PlanOption};
use super::plan::{Change, Planned, Site};
use super::study::Candidate;
use super::way::Way;
use crate::cost::{ApiRates, CashFlow, rent_per_year};
use crate::message;
use crate::message::percent;
use crate::units::Usd;

/// What of a hybrid is owned.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct OwnedBase {
    /// Machines.
    pub machines: u32,
    /// The share of a working day's hours, over the term, in which they carry all of the load.
    pub share_of_hours: f64,
    /// The share of all requests that they serve.
    pub share_of_requests: f64,
}

/// Requests a second in each hour of a working day of a year.
type Day = [f64; 24];

/// What carries the rest.
#[derive(Clone, Copy, Debug)]
enum Peak<'a> {
    /// Rented GPUs, while they are needed: the price, what a replica has, and what it may carry.
    Rented { candidate: &'a Candidate<'a>, gpus: u32, usd_per_gpu_hour: crate::units::UsdPerHour, rate: f64 },
    /// An API.
    Called { candidate: &'a Candidate<'a>, rates: ApiRates },
}

/// What is left for the peak in a year.
#[derive(Clone, Copy, Debug, Default)]
struct Rest {
    gpu_hours: f64,
    requests: f64,
    hours_owned: f64,
    all_requests: f64,
}

/// The cheapest mix of bought machines, and of those that are there, with rented GPUs and with an API, of machines and
/// peaks that each keep the promise alone and may be taken.
pub(super) fn hybrids<'a>(site: &Site<'_>, candidates: &[Candidate<'a>]) -> Vec<Candidate<'a>> {
    let days = site.days();
    let days = days.as_slice();
    let works =
        |candidate: &&Candidate<'a>| candidate.planned.as_ref().is_none_or(|planned| planned.working > 0);
    let mut found = Vec::new();
    for (owned, rented) in [OptionKind::Buy, OptionKind::Own]
        .into_iter()
        .flat_map(|owned| [OptionKind::RentOnDemand, OptionKind::Api].map(|rented| (owned, rented)))
    {
        let of = |kind| candidates.iter().filter(works).filter(move |one| one.option.kind() == kind);
        let peaks = of(rented).filter(|one| one.option.is_open());
        let mixes = peaks.filter_map(|one| Peak::of(site, one)).flat_map(|peak| {
            // Machines that are there keep no promise alone where they are too few, which is why they are mixed.
            let bases = of(owned).filter(move |one| one.option.is_open() || owned == OptionKind::Own);
            bases.filter_map(move |one| match (one.way, &one.planned) {
                (Way::Buy { offer, .. }, Some(planned)) if one.option.excluded.is_none() => {
                    cheapest_mix(site, days, (offer, planned), one, peak)
                }
                _ => None,
            })
        });
        let cost = |option: &PlanOption| option.bill.net_present_cost.0;
        found.extend(mixes.min_by(|a, b| cost(a).total_cmp(&cost(b))));
    }
    found.into_iter().map(|option| Candidate { way: Way::Mix, planned: None, option }).collect()
}

impl<'a> Peak<'a> {
    fn of(site: &Site<'_>, candidate: &'a Candidate<'a>) -> Option<Self> {
        match (candidate.way, &candidate.planned) {
            (Way::Rent { rental, .. }, Some(planned)) => Some(Self::Rented {
                candidate,
                gpus: planned.deployment.gpus().next_multiple_of(rental.smallest_gpus.max(1)),
                usd_per_gpu_hour: rental.usd_per_gpu_hour,
                rate: planned.capacity.rate * site.needs.headroom.value,
            }),
            (Way::Call { price, .. }, _) => Some(Self::Called {
                candidate,
                rates: ApiRates {
                    input: price.input,
                    cached_input: price.cached_input,
                    output: price.output,
                },
            }),
            _ => None,
        }
    }

    fn candidate(&self) -> &'a Candidate<'a> {
        match self {
            Self::Rented { candidate, .. } | Self::Called { candidate, .. } => candidate,
        }
    }

    /// What `rest` of a year costs.
    fn cost(&self, site: &Site<'_>, rest: &Rest) -> Usd {
        match self {
            Self::Rented { usd_per_gpu_hour, .. } => {
                rent_per_year(1, rest.gpu_hours, *usd_per_gpu_hour, SERVICES_SHARE)
            }
            Self::Called { rates, .. } => rates.bill(&site.needs.tokens_of(rest.requests)),
        }
    }

    fn line(&self, usd: Usd) -> Vec<CostLine> {
        match self {
            Self::Rented { .. } => vec![
                CostLine { what: CostPart::Gpus, usd: usd * (1.0 / (1.0 + SERVICES_SHARE)) },
                CostLine { what: CostPart::Services, usd: usd * (SERVICES_SHARE / (1.0 + SERVICES_SHARE)) },
            ],
            Self::Called { .. } => vec![CostLine { what: CostPart::Tokens, usd }],
        }
    }

    /// What a working day leaves for it where `owned` requests a second are carried.
    fn of_a_day(&self, day: &Day, burst: f64, owned: f64) -> Rest {
        let mut rest = Rest::default();
        for rate in day {
            // Within the hour some minutes are busier; the machines are there for those.
            let busiest = rate * burst;
            let over = (busiest - owned).max(0.0);
            rest.all_requests += rate * 3600.0;
            if over <= busiest * 1e-9 {
                rest.hours_owned += 1.0;
                continue;
            }
            rest.requests += rate * 3600.0 * over / busiest;
            if let Self::Rented { gpus, rate, .. } = self {
                rest.gpu_hours += f64::from(*gpus) * (over / rate).ceil();
            }
        }
        rest
    }
}

/// The cheapest number of machines below what carries all; none where one carries all already.
fn cheapest_mix(
    site: &Site<'_>,
    days: &[Day],
    (offer, planned): (&Offer, &Planned),
    bought: &Candidate<'_>,
    peak: Peak<'_>,
) -> Option<PlanOption> {
    let whole = site.working_units(offer, planned, Change::NONE);
    let replica_gpus = planned.deployment.gpus();
    let least = replica_gpus.div_ceil(offer.gpus);
    // Of those that are there, no more than there are.
    let are_there = |machines: &u32| offer.held.is_none_or(|held| machines + site.spares(*machines) <= held);
    (least..whole)
        .filter(are_there)
        .filter_map(|machines| mix(site, days, (offer, planned, machines), bought, peak))
        .min_by(|a, b| a.bill.net_present_cost.0.total_cmp(&b.bill.net_present_cost.0))
}

fn mix(
    site: &Site<'_>,
    days: &[Day],
    (offer, planned, machines): (&Offer, &Planned, u32),
    bought: &Candidate<'_>,
    peak: Peak<'_>,
) -> Option<PlanOption> {
    let needs = site.needs;
    let replicas = machines * offer.gpus / planned.deployment.gpus();
    let owned = planned.capacity.rate * f64::from(replicas) * needs.headroom.value;
    let years = needs.years.value.max(1);
    let days: Vec<Rest> = days.iter().map(|day| peak.of_a_day(day, needs.burst.value, owned)).collect();
    let sum = |part: fn(&Rest) -> f64| days.iter().map(part).sum::<f64>();
    let all = sum(|day| day.all_requests);
    let base = OwnedBase {
        machines,
        share_of_hours: sum(|day| day.hours_owned) / 24.0 / f64::from(years),
        share_of_requests: 1.0 - sum(|day| day.requests) / all,
    };
    let per_year = needs.working_days.value;
    let served = all * base.share_of_requests * per_year / f64::from(years);
    let carried = planned.capacity.rate * f64::from(replicas) * 8760.0 * 3600.0;
    let utilisation = if carried > 0.0 { served / carried } else { 0.0 };
    let count = f64::from(machines + site.spares(machines));
    let ownership = site.ownership(offer.usd * count, average_kw(offer, utilisation) * count);
    let yearly = ownership.yearly();
    let mut flow: CashFlow = ownership.cash_flow();
    let mut peak_cost = Usd::ZERO;
    for (paid, day) in flow.yearly.iter_mut().zip(&days) {
        let year = Rest { gpu_hours: day.gpu_hours * per_year, requests: day.requests * per_year, ..*day };
        let cost = peak.cost(site, &year);
        *paid += cost;
        peak_cost += cost;
    }
    let peak_cost = peak_cost * (1.0 / f64::from(years));
    let total = yearly.total() + peak_cost;
    let other = &peak.candidate().option;
    let mut lines = vec![
        CostLine { what: CostPart::Capital, usd: yearly.capital },
        CostLine { what: CostPart::Energy, usd: yearly.energy },
        CostLine { what: CostPart::Support, usd: yearly.support },
        CostLine { what: CostPart::Staff, usd: yearly.staff },
    ];
    lines.extend(peak.line(peak_cost));
    let bill = site.bill(&flow, total, lines);
    let (own, waits) = (bought.option.precision(), bought.option.waits());
    let parts_differ = |precision: &&str| other.precision().is_some_and(|other| other != *precision);
    let note = message!(ReportNoteBase {
        hours: percent(base.share_of_hours, 0),
        requests: percent(base.share_of_requests, 0),
    });
    Some(PlanOption {
        name: Name::Mix { base: Box::new(offer.name.clone()), peak: Box::new(other.name.clone()) },
        model: bought.option.model.clone(),
        is_asked_model: bought.option.is_asked_model,
        means: Means::Mixed {
            precision: own.filter(|own| !parts_differ(own)),
            quantity: machines + site.spares(machines),
            base,
            utilisation,
            waits: waits?,
            // An API promises nothing, so the whole does not either.
            meets_slo: other
                .meets_slo()
                .map(|kept| kept && (offer.held.is_some() || bought.option.meets_slo() == Some(true))),
        },
        excluded: site.above_budget(bill.capex),
        bill,
        prices: [&bought.option.prices[..], &other.prices[..]].concat(),
        notes: std::iter::once(note).chain(offer.held.map(|_| paid_for())).collect(),
    })
}
