use super::document::Report;
use super::needs::Privacy;
use super::option::{OptionKind, PlanOption};
use super::words;
use crate::units::Seconds;

/// One requirement, and what of it the recommended way keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The requirement.
    pub what: &'static str,
    /// What was asked for.
    pub asked: String,
    /// What is reached.
    pub reached: String,
    /// Whether that is enough; unknown where nobody promises it.
    pub is_kept: Option<bool>,
}

impl Report {
    /// Requirement by requirement, what the recommended way keeps; nothing where none is recommended.
    #[must_use]
    pub fn checks(&self) -> Vec<Check> {
        let Some(chosen) = &self.recommended else { return Vec::new() };
        let (option, needs) = (&self.options[chosen.option], &self.needs);
        let mut checks = vec![
            self.load_check(option),
            latency("TTFT for 95 of 100", Seconds(needs.ttft_seconds.value), option.ttft_p95_seconds),
            latency("TPOT for 95 of 100", Seconds(needs.tpot_seconds.value), option.tpot_seconds),
            Check {
                what: "where data may go",
                asked: words::privacy(needs.privacy.value).to_owned(),
                reached: goes(option.kind).to_owned(),
                is_kept: Some(needs.privacy.value == Privacy::Open || option.excluded.is_none()),
            },
        ];
        if let Some(budget) = needs.budget.value {
            checks.push(Check {
                what: "budget before the first token",
                asked: format!("{budget}"),
                reached: format!("{}", option.capex),
                is_kept: Some(option.capex <= budget),
            });
        }
        if needs.spare.value {
            let has = option.deployment.is_some();
            checks.push(Check {
                what: "one machine may fail",
                asked: "yes".to_owned(),
                reached: if has { "one more is counted" } else { "the provider's to see to" }.to_owned(),
                is_kept: has.then_some(true),
            });
        }
        let stale = option.prices.iter().filter(|price| price.is_stale).count();
        checks.push(Check {
            what: "prices that still hold",
            asked: format!("at most {} days old", crate::catalog::STALE_AFTER_DAYS),
            reached: if stale == 0 {
                "yes".to_owned()
            } else {
                format!("{stale} of {} are older", option.prices.len())
            },
            is_kept: Some(stale == 0),
        });
        checks
    }

    fn load_check(&self, option: &PlanOption) -> Check {
        let peak = self.load.peak_requests_per_second;
        let carried = option
            .deployment
            .as_ref()
            .map(|deployment| deployment.requests_per_second * f64::from(deployment.replicas));
        Check {
            what: "the load at its peak",
            asked: format!("{peak:.2} requests a second"),
            reached: carried.map_or_else(
                || "within the provider's rate limits, which are to be asked for".to_owned(),
                |carried| format!("{carried:.2} within the promise"),
            ),
            is_kept: carried.map(|carried| carried * self.needs.headroom.value >= peak * (1.0 - 1e-9)),
        }
    }
}

fn latency(what: &'static str, asked: Seconds, reached: Option<Seconds>) -> Check {
    let told = |time: Seconds| {
        if time.0 < 1.0 { format!("{:.0} ms", time.0 * 1e3) } else { time.to_string() }
    };
    Check {
        what,
        asked: format!("within {}", told(asked)),
        reached: reached
            .map_or_else(|| "not promised".to_owned(), |time| format!("{} at the limit", told(time))),
        is_kept: reached.map(|time| time <= asked),
    }
}

const fn goes(kind: OptionKind) -> &'static str {
    match kind {
        OptionKind::Buy | OptionKind::SmallerModel | OptionKind::Wait => "nowhere",
        OptionKind::RentReserved | OptionKind::RentOnDemand => "to rented machines",
        OptionKind::Api => "to those who serve the model",
    }
}
