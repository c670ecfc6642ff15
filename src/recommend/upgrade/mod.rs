//! Which single change of hardware does the most for the needs.

mod changes;

use serde::Serialize;

pub use changes::{HardwareChange, Step, changes, with_ram};

use super::{Needs, Outlook};
use crate::catalog::{Confidence, PricedPart};
use crate::machine::Machine;
use crate::units::Usd;

/// The changes of a machine that do something for the needs.
#[derive(Clone, Debug, Serialize)]
pub struct Upgrades<'a> {
    /// The machine as it is.
    pub machine: Machine,
    /// What is needed.
    pub needs: Needs,
    /// What the machine does as it is.
    pub now: Outlook<'a>,
    /// The changes that do more than any cheaper one, the one that does the most first.
    pub upgrades: Vec<Upgrade<'a>>,
    /// How many changes were tried.
    pub tried: usize,
    /// The most that a change may cost.
    #[serde(flatten)]
    pub budget: Budget,
}

/// The most that a change may cost.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Budget {
    /// In US dollars.
    #[serde(rename = "budget_usd")]
    pub most: Usd,
    /// Whether the user set it.
    #[serde(rename = "budget_is_given")]
    pub is_given: bool,
}

impl Budget {
    /// The default: what a person pays, or as much as the machine itself cost.
    #[must_use]
    pub fn usual(own_price: Option<Usd>) -> Self {
        let own = own_price.map_or(0.0, |price| price.0);
        Self { most: Usd(own.max(USUAL_BUDGET.0)), is_given: false }
    }
}

/// What a person pays for a computer at most.
const USUAL_BUDGET: Usd = Usd(10_000.0);

/// A change, and what the machine then does.
#[derive(Clone, Debug, Serialize)]
pub struct Upgrade<'a> {
    /// 1 does the most.
    pub rank: usize,
    /// The change.
    #[serde(flatten)]
    pub change: HardwareChange,
    /// What it costs.
    pub price: PriceOfChange,
    /// What the machine then does.
    #[serde(flatten)]
    pub outlook: Outlook<'a>,
    /// Points of quality, or what the priority takes for them, that are gained; `None` where nothing met the needs before.
    pub gain_points: Option<f64>,
}

/// What a change costs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PriceOfChange {
    /// In US dollars without tax.
    pub usd: Usd,
    /// When the price was seen.
    pub date: Option<String>,
    /// Where it was seen.
    pub source: String,
    /// How reliable it is.
    pub confidence: Confidence,
    /// Whether it buys something used.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub used: bool,
}

impl From<PricedPart> for PriceOfChange {
    fn from(part: PricedPart) -> Self {
        let PricedPart { usd, date, source, confidence, used, .. } = part;
        Self { usd, date, source, confidence, used }
    }
}

/// The least that a change must gain: under the balanced priority it is an answer in 0.7 of the time.
const LEAST_GAIN_POINTS: f64 = 1.0;

/// What a dearer change must gain over a cheaper one; predictions are no finer.
const LEAST_STEP_POINTS: f64 = 0.5;

impl<'a> Upgrades<'a> {
    /// The changes that gain something and cost no more than `budget`, by the `outlook` of a machine.
    pub fn of(
        machine: &Machine,
        needs: &Needs,
        changes: Vec<Step>,
        budget: Budget,
        outlook: impl Fn(&Machine) -> Outlook<'a>,
    ) -> Self {
        let now = outlook(machine);
        let mut upgrades: Vec<Upgrade<'a>> = Vec::new();
        let mut tried = 0;
        for Step { change, machine: changed, price, .. } in changes {
            let Some(price) = price.filter(|price| price.usd <= budget.most) else { continue };
            tried += 1;
            let then = outlook(&changed);
            let gain_points = now.pick().map(|_| then.worth() - now.worth());
            if then.pick().is_some() && gain_points.is_none_or(|gain| gain >= LEAST_GAIN_POINTS) {
                upgrades.push(Upgrade { rank: 0, change, price: price.into(), outlook: then, gain_points });
            }
        }
        upgrades.sort_by(|a, b| {
            a.price.usd.0.total_cmp(&b.price.usd.0).then(b.outlook.worth().total_cmp(&a.outlook.worth()))
        });
        let mut reached = f64::NEG_INFINITY;
        upgrades.retain(|upgrade| {
            let does_more = upgrade.outlook.worth() > reached + LEAST_STEP_POINTS;
            if does_more {
                reached = upgrade.outlook.worth();
            }
            does_more
        });
        upgrades.reverse();
        for (index, upgrade) in upgrades.iter_mut().enumerate() {
            upgrade.rank = index + 1;
        }
        Self { machine: machine.clone(), needs: needs.clone(), now, upgrades, tried, budget }
    }

    /// The change that does the most for each dollar; where nothing met the needs before, the cheapest.
    #[must_use]
    pub fn best_value(&self) -> Option<&Upgrade<'a>> {
        let rate = |upgrade: &Upgrade<'_>| upgrade.gain_points.unwrap_or(1.0) / upgrade.price.usd.0;
        self.upgrades.iter().max_by(|a, b| rate(a).total_cmp(&rate(b)))
    }
}
