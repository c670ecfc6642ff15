use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::message;
use crate::message::{Message, list, percent};
use crate::report::phrase::digits;
use crate::report::plan::{Change, Site};
use crate::report::study::Candidate;
use crate::report::way::Way;

/// What the machines carry against a load that grows from year to year.
#[derive(Clone, Debug, PartialEq)]
pub struct GrowthChart {
    /// The years of the term, and some beyond it.
    pub years: Vec<GrowthYear>,
    /// Years of the term.
    pub term: u32,
    /// Requests a second that what is planned carries within the promise.
    pub limit: f64,
    /// What of that may be used.
    pub usable: f64,
    /// What is counted.
    pub unit: GrowthUnit,
    /// What to see in it.
    pub reading: Message,
}

/// What a load needs more of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrowthUnit {
    /// Machines that are bought.
    Machine,
    /// Replicas on rented ones.
    Replica,
}

impl GrowthUnit {
    /// `1 machine`, `2 machines`.
    #[must_use]
    pub fn counted(self, count: u32) -> Message {
        match self {
            Self::Machine => message!(ReportMachines { count }),
            Self::Replica => message!(ReportReplicas { count }),
        }
    }
}

/// The load of one year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GrowthYear {
    /// Its first day, counted from the day of the report.
    pub from: Date,
    /// Requests a second when it is busiest.
    pub peak: f64,
    /// Units that it needs.
    pub units: u32,
}

/// Years that are shown beyond the term: where the machines no longer suffice.
const BEYOND: u32 = 2;

impl GrowthChart {
    #[expect(clippy::cast_sign_loss, reason = "a rate is not negative")]
    pub(super) fn of(site: &Site<'_>, sized: &Candidate<'_>) -> Option<Self> {
        let planned = sized.planned.as_ref().filter(|planned| planned.working > 0)?;
        let needs = site.needs;
        let term = needs.years.value.max(1);
        let growth = 1.0 + needs.growth.value;
        let peak = needs.people().peak_rate();
        // The load of the last year of the term is what everything is sized for.
        let load = |year: u32| growth.powi(year.cast_signed() - (term.cast_signed() - 1));
        let (unit, gpus) = match sized.way {
            Way::Buy { offer, .. } => (GrowthUnit::Machine, offer.gpus),
            _ => (GrowthUnit::Replica, planned.deployment.gpus()),
        };
        let units = |load: f64| match sized.way {
            Way::Buy { offer, .. } => site.working_units(offer, planned, Change { load, ..Change::NONE }),
            _ => (peak * load / (planned.capacity.rate * needs.headroom.value)).ceil().max(1.0) as u32,
        };
        let years: Vec<GrowthYear> = (0..term + BEYOND)
            .map(|year| {
                Some(GrowthYear {
                    from: site.today.checked_add(year.cast_signed().years()).ok()?,
                    peak: peak * load(year),
                    units: units(load(year)),
                })
            })
            .collect::<Option<_>>()?;
        let replicas = units(1.0) * gpus / planned.deployment.gpus();
        let limit = planned.capacity.rate * f64::from(replicas);
        let usable = limit * needs.headroom.value;
        let reading = if needs.growth.value > 0.0 {
            growing(&years, term, unit)
        } else {
            let most = (usable / peak).powf(1.0 / f64::from(term.max(2) - 1)) - 1.0;
            message!(ReportGrowthNone {
                planned: unit.counted(units(1.0)),
                usable: digits(usable),
                used: percent(needs.headroom.value, 0),
                peak: digits(peak),
                most: percent((most * 100.0).floor().max(0.0) / 100.0, 0),
            })
        };
        Some(Self { years, term, limit, usable, unit, reading })
    }
}

/// When how many are needed.
fn growing(years: &[GrowthYear], term: u32, unit: GrowthUnit) -> Message {
    let steps: Vec<Message> = years
        .windows(2)
        .filter_map(|pair| {
            let more = pair[1].units.saturating_sub(pair[0].units);
            (more > 0).then(|| message!(ReportGrowthStep { more, by: pair[1].from }))
        })
        .collect();
    let (first, last) = (years[0], years[term as usize - 1]);
    let from_to = message!(ReportGrowthFromTo {
        first: digits(first.peak),
        last: digits(last.peak),
        needed: unit.counted(first.units),
        later: unit.counted(last.units),
    });
    if steps.is_empty() {
        message!(ReportGrowthSteady { growth: from_to })
    } else {
        message!(ReportGrowthSteps { growth: from_to, steps: list(steps) })
    }
}
