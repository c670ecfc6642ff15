use serde::Serialize;

use super::needs::ReportNeeds;
use super::offer::Offer;
use super::option::{OptionKind, PlanOption};
use super::plan::{Change, Planned, Site, planned};
use crate::catalog::Model;
use crate::cost::{Swing, flip_point, tornado};
use crate::units::Usd;

/// What moves the cost of owning most, and where another way would win.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sensitivity {
    /// A year's cost of owning when one assumption changes, the widest swing first.
    #[serde(flatten)]
    pub swing: Swing,
}

/// The assumptions that are changed: low, usual and high, as factors where there is no unit in the name.
const DRIVERS: [(&str, [f64; 3]); 9] = [
    ("load, as a factor", [0.5, 1.0, 2.0]),
    ("length of answers, as a factor", [0.5, 1.0, 2.0]),
    ("throughput against the prediction, as a factor", [0.7, 1.0, 1.15]),
    ("promised time between tokens, as a factor", [0.6, 1.0, 2.0]),
    ("price of machines, as a factor", [0.85, 1.0, 1.3]),
    ("years of use", [3.0, 4.0, 5.0]),
    ("residual value, as a share", [0.0, 0.15, 0.3]),
    ("price of power, as a factor", [0.6, 1.0, 2.0]),
    ("PUE", [1.2, 1.3, 1.8]),
];

/// A purchase that others are held against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Purchase<'a> {
    pub(super) offer: &'a Offer,
    pub(super) planned: &'a Planned,
    pub(super) model: &'a Model,
}

impl Purchase<'_> {
    /// A year of it when something changes.
    pub(super) fn yearly(&self, site: &Site<'_>, change: Change) -> Usd {
        site.owned(self.offer, self.planned, change).yearly().total()
    }
}

/// How a year's cost of `purchase` moves with each assumption.
pub(super) fn swings(site: &Site<'_>, purchase: Purchase<'_>) -> Vec<Sensitivity> {
    let cost = |driver: &str, value: f64| {
        let changed = |change: fn(&mut ReportNeeds, f64)| {
            let mut needs = site.needs.clone();
            change(&mut needs, value);
            let site = Site { needs: &needs, ..*site };
            // What a replica carries depends on these.
            let again = planned(&site, purchase.model, purchase.offer.gpus, &purchase.offer.device);
            match again.filter(|again| again.working > 0) {
                Some(again) => Purchase { planned: &again, ..purchase }.yearly(&site, Change::NONE),
                None => Usd(f64::INFINITY),
            }
        };
        let reckoned = |change: fn(&mut ReportNeeds, f64)| {
            let mut needs = site.needs.clone();
            change(&mut needs, value);
            purchase.yearly(&Site { needs: &needs, ..*site }, Change::NONE)
        };
        match driver {
            "load, as a factor" => purchase.yearly(site, Change { load: value, ..Change::NONE }),
            "length of answers, as a factor" => changed(|needs, value| needs.output_tokens.value *= value),
            "throughput against the prediction, as a factor" => {
                purchase.yearly(site, Change { throughput: value, ..Change::NONE })
            }
            "promised time between tokens, as a factor" => {
                changed(|needs, value| needs.tpot_seconds.value *= value)
            }
            "price of machines, as a factor" => {
                purchase.yearly(site, Change { price: value, ..Change::NONE })
            }
            "years of use" => reckoned(|needs, value| needs.years.value = whole(value)),
            "residual value, as a share" => reckoned(|needs, value| needs.residual_share.value = value),
            "price of power, as a factor" => {
                reckoned(|needs, value| needs.usd_per_kwh.value = needs.usd_per_kwh.value * value)
            }
            _ => reckoned(|needs, value| needs.pue.value = value),
        }
    };
    tornado(&DRIVERS, cost)
        .into_iter()
        .filter(|swing| swing.costs.iter().all(|cost| cost.0.is_finite()))
        .map(|swing| Sensitivity { swing })
        .collect()
}

/// Where buying and `other` change places, in words.
pub(super) fn flips(site: &Site<'_>, purchase: Purchase<'_>, other: &PlanOption) -> Vec<String> {
    let usual = purchase.yearly(site, Change::NONE);
    let buying_wins = usual < other.yearly_cost;
    // An API is paid by the token; a rent by the GPU, of which as many are needed as replicas are.
    let others = |load: f64, throughput: f64| {
        if other.kind == OptionKind::Api {
            return other.yearly_cost * load;
        }
        let change = Change { load, throughput, ..Change::NONE };
        let units = |change| f64::from(site.units(purchase.offer, purchase.planned, change));
        // Those who run it are as many.
        let staff: Usd = other.lines.iter().filter(|line| line.what == "staff").map(|line| line.usd).sum();
        (other.yearly_cost - staff) * (units(change) / units(Change::NONE)) + staff
    };
    let difference =
        |change: Change| (purchase.yearly(site, change) - others(change.load, change.throughput)).0;
    let utilisation = site.utilisation(purchase.planned);
    let verb = if buying_wins { "stops being cheaper" } else { "becomes cheaper" };
    let against = format!("{} ({})", other.name, other.kind.name());
    let mut told = Vec::new();
    let load = flip_point(0.01, 30.0, |load| difference(Change { load, ..Change::NONE }));
    match load {
        Some(load) => told.push(format!(
            "Buying {verb} than {against} when the load {} {:.0} % of what is planned ({:.0} % of the planned replicas' capacity).",
            if buying_wins { "falls below" } else { "rises above" },
            load * 100.0,
            load * utilisation * 100.0
        )),
        None => told.push(format!(
            "Buying {} than {against} at any load between a hundredth and thirty times the planned one.",
            if buying_wins { "stays cheaper" } else { "is never cheaper" }
        )),
    }
    if let Some(price) = flip_point(0.02, 20.0, |price| difference(Change { price, ..Change::NONE })) {
        told.push(format!(
            "It {verb} when machines cost {} {:.0} % of the prices here.",
            if buying_wins { "more than" } else { "less than" },
            price * 100.0
        ));
    }
    if other.kind == OptionKind::Api {
        told.push(format!(
            "It {verb} when the API asks {} {:.0} % of its price here.",
            if buying_wins { "less than" } else { "more than" },
            usual.share_of(other.yearly_cost) * 100.0
        ));
    }
    if let Some(throughput) =
        flip_point(0.05, 20.0, |throughput| difference(Change { throughput, ..Change::NONE }))
    {
        told.push(format!(
            "It {verb} when real throughput is {} {:.0} % of the prediction.",
            if buying_wins { "less than" } else { "more than" },
            throughput * 100.0
        ));
    }
    told
}

/// How a need is changed by a factor.
type Relaxation = fn(&mut ReportNeeds, f64);

/// The cheapest change of a promise that needs less.
pub(super) fn relaxations(site: &Site<'_>, purchase: Purchase<'_>) -> Vec<String> {
    let units = site.units(purchase.offer, purchase.planned, Change::NONE);
    let tries: [(&str, f64, Relaxation); 4] = [
        ("the promised time between tokens to", 1.5, |needs, factor| needs.tpot_seconds.value *= factor),
        ("the promised time between tokens to", 2.5, |needs, factor| needs.tpot_seconds.value *= factor),
        ("the promised wait for the first token to", 2.0, |needs, factor| needs.ttft_seconds.value *= factor),
        ("the mean length of answers to", 0.7, |needs, factor| needs.output_tokens.value *= factor),
    ];
    tries
        .into_iter()
        .filter_map(|(what, factor, change)| {
            let mut needs = site.needs.clone();
            change(&mut needs, factor);
            let relaxed = Site { needs: &needs, ..*site };
            let again = planned(&relaxed, purchase.model, purchase.offer.gpus, &purchase.offer.device)?;
            let fewer = relaxed.units(purchase.offer, &again, Change::NONE);
            let value = match what {
                "the mean length of answers to" => format!("{:.0} tokens", needs.output_tokens.value),
                "the promised wait for the first token to" => format!("{:.1} s", needs.ttft_seconds.value),
                _ => format!("{:.0} ms", needs.tpot_seconds.value * 1e3),
            };
            (again.working > 0 && fewer < units)
                .then(|| format!("Changing {what} {value} takes {fewer} instead of {units}."))
        })
        .collect()
}

#[expect(clippy::cast_sign_loss, reason = "a count of years is not negative")]
fn whole(value: f64) -> u32 {
    value as u32
}
