use serde::Serialize;

use super::chart::GrowthUnit;
use super::driver::Driver;
use super::needs::ReportNeeds;
use super::offer::Offer;
use super::option::{CostPart, OptionKind, PlanOption};
use super::parallel::in_parallel;
use super::phrase::{milliseconds, near_percent};
use super::plan::{Change, Planned, Site, Weights, planned};
use crate::catalog::Model;
use crate::cost::{Swing, flip_point, tornado};
use crate::message;
use crate::message::{Message, fixed, percent};
use crate::units::{Seconds, Usd};

/// What moves the cost of owning most, and where another way would win.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sensitivity {
    /// A year's cost of owning when one assumption changes, the widest swing first.
    #[serde(flatten)]
    pub swing: Swing<Driver>,
}

/// A purchase that others are held against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Purchase<'a> {
    pub(super) offer: &'a Offer,
    pub(super) planned: &'a Planned,
    pub(super) model: &'a Model,
}

impl Purchase<'_> {
    /// What its machines carry at other needs.
    fn again(&self, site: &Site<'_>) -> Option<Planned> {
        planned(site, self.model, self.offer.gpus, &self.offer.device, Weights::Usual, &|_, _| true)
    }

    /// A year of it when something changes.
    pub(super) fn yearly(&self, site: &Site<'_>, change: Change) -> Usd {
        site.owned(self.offer, self.planned, change).yearly().total()
    }
}

/// How a need is changed by a factor.
type Changed = fn(&mut ReportNeeds, f64);

impl Driver {
    /// How it changes a need that machines are sized by; none where the machines stay, or are as many times more.
    fn resizes(self) -> Option<Changed> {
        let change: Changed = match self {
            Self::AnswerLength => |needs, factor| needs.output_tokens.value *= factor,
            Self::PromptLength => |needs, factor| needs.prompt_tokens.value *= factor,
            Self::Tpot => |needs, factor| needs.tpot_seconds.value *= factor,
            Self::Ttft => |needs, factor| needs.ttft_seconds.value *= factor,
            _ => return None,
        };
        Some(change)
    }
}

/// What of a promise is relaxed, and by which factors, the smaller change first.
const RELAXED: [(Driver, &[f64]); 3] =
    [(Driver::Tpot, &[1.5, 2.5]), (Driver::Ttft, &[2.0]), (Driver::AnswerLength, &[0.7])];

/// Sizes the machines for all that [`swings`] and [`relaxations`] try, on all cores: the plans know it then.
pub(super) fn size_ahead(site: &Site<'_>, purchase: Purchase<'_>) {
    let swings = Driver::TRIED.iter().map(|(driver, [low, _, high])| (*driver, vec![*low, *high]));
    let relaxed = RELAXED.iter().map(|(driver, factors)| (*driver, factors.to_vec()));
    let tried: Vec<(Changed, f64)> = swings
        .chain(relaxed)
        .filter_map(|(driver, factors)| Some((driver.resizes()?, factors)))
        .flat_map(|(change, factors)| factors.into_iter().map(move |factor| (change, factor)))
        .collect();
    in_parallel(&tried, |(change, factor)| {
        let mut needs = site.needs.clone();
        change(&mut needs, *factor);
        purchase.again(&Site { needs: &needs, ..*site });
    });
}

/// How a year's cost of `purchase` moves with each assumption.
pub(super) fn swings(site: &Site<'_>, purchase: Purchase<'_>) -> Vec<Sensitivity> {
    let cost = |driver: Driver, value: f64| {
        let changed = |change: Changed| {
            let mut needs = site.needs.clone();
            change(&mut needs, value);
            let site = Site { needs: &needs, ..*site };
            // What a replica carries depends on these.
            match purchase.again(&site).filter(|again| again.working > 0) {
                Some(again) => Purchase { planned: &again, ..purchase }.yearly(&site, Change::NONE),
                None => Usd(f64::INFINITY),
            }
        };
        let reckoned = |change: Changed| {
            let mut needs = site.needs.clone();
            change(&mut needs, value);
            purchase.yearly(&Site { needs: &needs, ..*site }, Change::NONE)
        };
        match driver {
            Driver::Load => purchase.yearly(site, Change { load: value, ..Change::NONE }),
            Driver::Throughput => purchase.yearly(site, Change { throughput: value, ..Change::NONE }),
            Driver::MachinePrice => purchase.yearly(site, Change { price: value, ..Change::NONE }),
            Driver::Years => reckoned(|needs, value| needs.years.value = whole(value)),
            Driver::ResidualShare => reckoned(|needs, value| needs.residual_share.value = value),
            Driver::PowerPrice => {
                reckoned(|needs, value| needs.usd_per_kwh.value = needs.usd_per_kwh.value * value)
            }
            Driver::Pue => reckoned(|needs, value| needs.pue.value = value),
            Driver::AnswerLength | Driver::PromptLength | Driver::Tpot | Driver::Ttft => {
                driver.resizes().map_or(Usd(f64::INFINITY), changed)
            }
        }
    };
    tornado(&Driver::TRIED, cost)
        .into_iter()
        .filter(|swing| swing.costs.iter().all(|cost| cost.0.is_finite()))
        .map(|swing| Sensitivity { swing })
        .collect()
}

/// Where buying and `other` change places.
pub(super) fn flips(site: &Site<'_>, purchase: Purchase<'_>, other: &PlanOption) -> Vec<Message> {
    let usual = purchase.yearly(site, Change::NONE);
    let other_yearly = other.bill.yearly_cost;
    let buying_wins = usual < other_yearly;
    let is_api = other.kind() == OptionKind::Api;
    // An API is paid by the token; a rent by the GPU, of which as many are needed as replicas are.
    let others = |load: f64, throughput: f64| {
        if is_api {
            return other_yearly * load;
        }
        let change = Change { load, throughput, ..Change::NONE };
        let units = |change| f64::from(site.units(purchase.offer, purchase.planned, change));
        // Those who run it are as many.
        let staff = other.bill.paid_for(CostPart::Staff);
        (other_yearly - staff) * (units(change) / units(Change::NONE)) + staff
    };
    let difference =
        |change: Change| (purchase.yearly(site, change) - others(change.load, change.throughput)).0;
    let utilisation = site.utilisation(purchase.planned);
    let mut found = Vec::new();
    let load = flip_point(0.01, 30.0, |load| difference(Change { load, ..Change::NONE }));
    let against = other.in_a_sentence();
    // As planned the one may win by a step of machines that it does not take at a little more or less: then the places
    // change to and fro, and no single load says where.
    match load {
        Some(load) if (load < 1.0) == buying_wins => {
            let load = near_percent(load);
            found.push(if buying_wins {
                message!(ReportFlipBelowLoad { against, load })
            } else {
                message!(ReportFlipAboveLoad { against, load })
            });
        }
        Some(_) => {}
        None if buying_wins => found.push(message!(ReportFlipNeverLoses { against })),
        None => found.push(message!(ReportFlipNeverWins { against })),
    }
    // An API bills what is used; a rented GPU costs the same however busy it is.
    let used = usual.share_of(other_yearly) * utilisation;
    if is_api && used <= 1.0 {
        let (used, planned) = (percent(used, 0), percent(utilisation, 0));
        found.push(if buying_wins {
            message!(ReportFlipBelowUse { used, planned })
        } else {
            message!(ReportFlipAboveUse { used, planned })
        });
    }
    if let Some(price) = flip_point(0.02, 20.0, |price| difference(Change { price, ..Change::NONE })) {
        let price = near_percent(price);
        found.push(if buying_wins {
            message!(ReportFlipAboveMachinePrice { price })
        } else {
            message!(ReportFlipBelowMachinePrice { price })
        });
    }
    if is_api {
        let price = near_percent(usual.share_of(other_yearly));
        found.push(if buying_wins {
            message!(ReportFlipBelowApiPrice { price })
        } else {
            message!(ReportFlipAboveApiPrice { price })
        });
    }
    if let Some(throughput) =
        flip_point(0.05, 20.0, |throughput| difference(Change { throughput, ..Change::NONE }))
    {
        let throughput = near_percent(throughput);
        found.push(if buying_wins {
            message!(ReportFlipBelowThroughput { throughput })
        } else {
            message!(ReportFlipAboveThroughput { throughput })
        });
    }
    found
}

/// Changes of a promise that would need less, the smaller change first.
pub(super) fn relaxations(site: &Site<'_>, purchase: Purchase<'_>) -> Vec<Message> {
    let planned_units = site.units(purchase.offer, purchase.planned, Change::NONE);
    let mut found = Vec::new();
    for (driver, factors) in RELAXED {
        let Some(change) = driver.resizes() else { continue };
        let mut least = planned_units;
        for factor in factors {
            // A greater change that saves no more is not worth a line, and less than one there is not.
            if least <= 1 {
                break;
            }
            let mut needs = site.needs.clone();
            change(&mut needs, *factor);
            let relaxed = Site { needs: &needs, ..*site };
            let again = purchase.again(&relaxed);
            let Some(again) = again.filter(|again| again.working > 0) else { continue };
            let units = relaxed.units(purchase.offer, &again, Change::NONE);
            if units < least {
                least = units;
                let what = match driver {
                    Driver::Tpot => {
                        message!(ReportRelaxTpot { time: milliseconds(Seconds(needs.tpot_seconds.value)) })
                    }
                    Driver::Ttft => message!(ReportRelaxTtft { time: Seconds(needs.ttft_seconds.value) }),
                    _ => message!(ReportRelaxAnswers { tokens: fixed(needs.output_tokens.value, 0) }),
                };
                found.push(message!(ReportRelax {
                    what,
                    fewer: GrowthUnit::Machine.counted(units),
                    planned: planned_units,
                    name: &purchase.offer.name,
                }));
            }
        }
    }
    found
}

#[expect(clippy::cast_sign_loss, reason = "a count of years is not negative")]
fn whole(value: f64) -> u32 {
    value as u32
}
