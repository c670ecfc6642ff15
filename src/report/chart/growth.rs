use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::lang::Lang;
use crate::report::phrase::{digits, listed, percent};
use crate::report::plan::{Change, Site};
use crate::report::study::Candidate;
use crate::report::way::Way;
use crate::tr;

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
    pub reading: String,
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
    /// So many of them in words: `1 machine`, `2 machines`.
    #[must_use]
    pub fn counted(self, count: u32, lang: Lang) -> String {
        let (name, chinese) = match self {
            Self::Machine => ("machine", "台"),
            Self::Replica => ("replica", "个副本"),
        };
        match lang {
            Lang::En => format!("{count} {name}{}", if count == 1 { "" } else { "s" }),
            Lang::Zh => format!("{count} {chinese}"),
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
            growing(&years, term, unit, site.lang)
        } else {
            let most = (usable / peak).powf(1.0 / f64::from(term.max(2) - 1)) - 1.0;
            tr!(
                site.lang,
                "No growth is planned: {planned} can carry {usable} requests a second within the promise at {use_at_peak} use, \
                 the peak is {peak}. Growth of up to {most} a year would still fit into the term.",
                "未计划增长：{planned}在利用率 {use_at_peak} 以内、满足 SLO 时每秒可承载 {usable} 次请求，峰值为 {peak} 次。\
                 期限内年增长不超过 {most} 仍可承载。",
                planned = unit.counted(units(1.0), site.lang),
                usable = digits(usable),
                use_at_peak = percent(needs.headroom.value, site.lang),
                peak = digits(peak),
                most = percent((most * 100.0).floor().max(0.0) / 100.0, site.lang)
            )
        };
        Some(Self { years, term, limit, usable, unit, reading })
    }
}

/// When how many are needed.
fn growing(years: &[GrowthYear], term: u32, unit: GrowthUnit, lang: Lang) -> String {
    let mut steps: Vec<String> = Vec::new();
    for pair in years.windows(2) {
        let more = pair[1].units.saturating_sub(pair[0].units);
        if more > 0 {
            let by = pair[1].from;
            steps.push(match lang {
                Lang::En => format!("{more} more by {by}"),
                Lang::Zh => format!("{by} 前再增加 {}", unit.counted(more, lang)),
            });
        }
    }
    let (first, last) = (years[0], years[term as usize - 1]);
    let told = tr!(
        lang,
        "The load grows from {} to {} requests a second in the term. The first year needs {}, the last {}",
        "期限内负载从每秒 {} 次增长到 {} 次。第一年需要 {}，最后一年需要 {}",
        digits(first.peak),
        digits(last.peak),
        unit.counted(first.units, lang),
        unit.counted(last.units, lang)
    );
    if steps.is_empty() {
        tr!(lang, "{told}, and so do the years after it.", "{told}，其后各年相同。")
    } else {
        tr!(
            lang,
            "{told}: {}, less what delivery takes, which is to be asked of the seller.",
            "{told}：{}；还须提前交货周期下单，交货周期由供应商答复。",
            listed(&steps, lang)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_machine_is_no_plural() {
        assert_eq!(
            [1, 2].map(|count| GrowthUnit::Machine.counted(count, Lang::En)),
            ["1 machine", "2 machines"]
        );
    }
}
