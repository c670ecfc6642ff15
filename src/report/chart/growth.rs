use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{digits, listed};
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
    /// What is counted, such as "machine".
    pub unit: &'static str,
    /// What to see in it.
    pub reading: String,
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
    /// So many of what is counted, in words.
    #[must_use]
    pub fn counted(&self, count: u32) -> String {
        counted(count, self.unit)
    }

    #[expect(clippy::cast_sign_loss, reason = "a rate is not negative")]
    pub(super) fn of(site: &Site<'_>, sized: &Candidate<'_>) -> Option<Self> {
        let planned = sized.planned.as_ref().filter(|planned| planned.working > 0)?;
        let needs = site.needs;
        let term = needs.years.value.max(1);
        let growth = 1.0 + needs.growth.value;
        let spare = u32::from(needs.spare.value);
        let peak = needs.people().peak_rate();
        // The load of the last year of the term is what everything is sized for.
        let load = |year: u32| growth.powi(year.cast_signed() - (term.cast_signed() - 1));
        let (unit, gpus) = match sized.way {
            Way::Buy { offer, .. } => ("machine", offer.gpus),
            _ => ("replica", planned.deployment.gpus()),
        };
        let units = |load: f64| match sized.way {
            Way::Buy { offer, .. } => {
                site.units(offer, planned, Change { load, ..Change::NONE }).saturating_sub(spare)
            }
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
            format!(
                "No growth is planned: {} can carry {} requests a second within the promise at {:.0} % use, the peak is {}. \
                 Growth of up to {:.0} % a year would still fit into the term.",
                counted(units(1.0), unit),
                digits(usable),
                needs.headroom.value * 100.0,
                digits(peak),
                (most * 100.0).floor().max(0.0)
            )
        };
        Some(Self { years, term, limit, usable, unit, reading })
    }
}

/// So many of them in words: `1 machine`, `2 machines`.
fn counted(count: u32, unit: &str) -> String {
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// When how many are needed.
fn growing(years: &[GrowthYear], term: u32, unit: &str) -> String {
    let mut steps: Vec<String> = Vec::new();
    for pair in years.windows(2) {
        let more = pair[1].units.saturating_sub(pair[0].units);
        if more > 0 {
            steps.push(format!("{more} more by {}", pair[1].from));
        }
    }
    let (first, last) = (years[0], years[term as usize - 1]);
    let told = format!(
        "The load grows from {} to {} requests a second in the term. The first year needs {}, the last {}",
        digits(first.peak),
        digits(last.peak),
        counted(first.units, unit),
        last.units
    );
    if steps.is_empty() {
        format!("{told}, and so do the years after it.")
    } else {
        format!("{told}: {}, less what delivery takes, which is to be asked of the seller.", listed(&steps))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_machine_is_no_plural() {
        assert_eq!([1, 2].map(|count| counted(count, "machine")), ["1 machine", "2 machines"]);
    }
}
