use super::document::Report;
use super::limits::exact_percent;
use super::needs::Privacy;
use super::option::{OptionKind, PlanOption};
use super::phrase::milliseconds;
use crate::catalog::STALE_AFTER_DAYS;
use crate::message;
use crate::message::{Message, Value, fixed};
use crate::units::Seconds;

/// One requirement, and what of it the recommended way meets.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// The requirement.
    pub what: Message,
    /// The target.
    pub target: Value,
    /// What is reached.
    pub reached: Value,
    /// Whether that is enough; unknown where nothing is promised.
    pub is_met: Option<bool>,
}

impl Report {
    /// Requirement by requirement, what the recommended way meets; nothing where none is recommended.
    #[must_use]
    pub fn checks(&self) -> Vec<Check> {
        let Some(chosen) = &self.recommended else { return Vec::new() };
        let (option, needs) = (&self.options[chosen.option], &self.needs);
        let waits = option.waits();
        let mut checks = vec![
            self.load_check(option),
            latency(
                message!(ReportCheckTtft),
                Seconds(needs.ttft_seconds.value),
                waits.map(|waits| waits.ttft_p95),
            ),
            latency(
                message!(ReportCheckTpot),
                Seconds(needs.tpot_seconds.value),
                waits.map(|waits| waits.tpot_p95),
            ),
            Check {
                what: message!(ReportNeedPrivacy),
                target: needs.privacy.value.message().into(),
                reached: goes(option.kind()).into(),
                is_met: Some(needs.privacy.value == Privacy::Open || option.excluded.is_none()),
            },
        ];
        if let Some(budget) = needs.budget.value {
            checks.push(Check {
                what: message!(ReportNeedBudget),
                target: budget.into(),
                reached: option.bill.capex.into(),
                is_met: Some(option.bill.capex <= budget),
            });
        }
        let deployment = option.deployment();
        if needs.spare.value {
            let has = deployment.is_some();
            checks.push(Check {
                what: message!(ReportCheckSpare),
                target: message!(ReportYes).into(),
                reached: if has {
                    message!(ReportSpareCounted).into()
                } else {
                    message!(ReportSpareProvider).into()
                },
                is_met: has.then_some(true),
            });
        }
        checks.extend(needs.availability.value.map(|target| {
            let reached = deployment.map(|deployment| deployment.availability);
            Check {
                what: message!(ReportNeedAvailability),
                target: exact_percent(target),
                reached: reached.map_or_else(|| message!(ReportAvailabilityProvider).into(), exact_percent),
                is_met: reached.map(|share| share >= target),
            }
        }));
        checks.push(price_check(option));
        checks
    }

    fn load_check(&self, option: &PlanOption) -> Check {
        let peak = self.load.peak_requests_per_second;
        let carried = option
            .deployment()
            .map(|deployment| deployment.requests_per_second * f64::from(deployment.replicas));
        Check {
            what: message!(ReportCheckLoad),
            target: message!(ReportRequestsPerSecond { rate: fixed(peak, 2) }).into(),
            reached: match carried {
                Some(carried) => message!(ReportCarried { rate: fixed(carried, 2) }).into(),
                None => message!(ReportRateLimits).into(),
            },
            is_met: carried.map(|carried| carried * self.needs.headroom.value >= peak * (1.0 - 1e-9)),
        }
    }
}

fn price_check(option: &PlanOption) -> Check {
    let stale = option.prices.iter().filter(|price| price.is_stale).count();
    Check {
        what: message!(ReportCheckPrices),
        target: message!(ReportPriceAge { days: STALE_AFTER_DAYS }).into(),
        reached: if stale == 0 {
            message!(ReportYes).into()
        } else {
            message!(ReportOlderPrices { stale, all: option.prices.len() }).into()
        },
        is_met: Some(stale == 0),
    }
}

fn latency(what: Message, target: Seconds, reached: Option<Seconds>) -> Check {
    let time = |time: Seconds| if time.0 < 1.0 { milliseconds(time) } else { time.into() };
    Check {
        what,
        target: message!(ReportAtMost { time: time(target) }).into(),
        reached: match reached {
            Some(reached) => message!(ReportAtTheLimit { time: time(reached) }).into(),
            None => message!(ReportNotPromised).into(),
        },
        is_met: reached.map(|time| time <= target),
    }
}

fn goes(kind: OptionKind) -> Message {
    match kind {
        OptionKind::Buy
        | OptionKind::Own
        | OptionKind::LowerQuant
        | OptionKind::SmallerModel
        | OptionKind::Wait => message!(ReportGoesNowhere),
        OptionKind::RentReserved | OptionKind::RentOnDemand | OptionKind::Hybrid => {
            message!(ReportGoesToRented)
        }
        OptionKind::Api => message!(ReportGoesToProviders),
    }
}
