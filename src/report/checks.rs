use super::document::Report;
use super::limits;
use super::needs::Privacy;
use super::option::{OptionKind, PlanOption};
use super::phrase::milliseconds;
use super::words;
use crate::lang::Lang;
use crate::tr;
use crate::units::Seconds;

/// One requirement, and what of it the recommended way keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The requirement.
    pub what: String,
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
        let (option, needs, lang) = (&self.options[chosen.option], &self.needs, self.lang);
        let ttft = tr!(lang, "TTFT for 95 of 100", "TTFT（p95）");
        let tpot = tr!(lang, "TPOT for 95 of 100", "TPOT（p95）");
        let mut checks = vec![
            self.load_check(option),
            latency(ttft, Seconds(needs.ttft_seconds.value), option.ttft_p95_seconds, lang),
            latency(tpot, Seconds(needs.tpot_seconds.value), option.tpot_seconds, lang),
            Check {
                what: tr!(lang, "where data may go", "数据去向"),
                asked: words::privacy(needs.privacy.value, lang),
                reached: goes(option.kind, lang),
                is_kept: Some(needs.privacy.value == Privacy::Open || option.excluded.is_none()),
            },
        ];
        if let Some(budget) = needs.budget.value {
            checks.push(Check {
                what: tr!(lang, "budget before the first token", "上线前预算"),
                asked: budget.to_string(),
                reached: option.capex.to_string(),
                is_kept: Some(option.capex <= budget),
            });
        }
        if needs.spare.value {
            let has = option.deployment.is_some();
            checks.push(Check {
                what: tr!(lang, "one machine may fail", "允许一台故障（N+1）"),
                asked: tr!(lang, "yes", "是"),
                reached: if has {
                    tr!(lang, "one more is counted", "已多计一台")
                } else {
                    tr!(lang, "the provider's to see to", "由服务商负责")
                },
                is_kept: has.then_some(true),
            });
        }
        checks.extend(limits::availability_check(option, needs, lang));
        checks.push(self.price_check(option));
        checks
    }

    fn load_check(&self, option: &PlanOption) -> Check {
        let (peak, lang) = (self.load.peak_requests_per_second, self.lang);
        let carried = option
            .deployment
            .as_ref()
            .map(|deployment| deployment.requests_per_second * f64::from(deployment.replicas));
        Check {
            what: tr!(lang, "the load at its peak", "峰值负载"),
            asked: tr!(lang, "{peak:.2} requests a second", "每秒 {peak:.2} 次请求"),
            reached: match carried {
                Some(carried) => {
                    tr!(lang, "{carried:.2} within the promise", "满足 SLO 时每秒 {carried:.2} 次")
                }
                None => tr!(
                    lang,
                    "within the provider's rate limits, which are to be asked for",
                    "受服务商的速率限制，须向其确认"
                ),
            },
            is_kept: carried.map(|carried| carried * self.needs.headroom.value >= peak * (1.0 - 1e-9)),
        }
    }

    fn price_check(&self, option: &PlanOption) -> Check {
        let lang = self.lang;
        let (stale, all) = (option.prices.iter().filter(|price| price.is_stale).count(), option.prices.len());
        let days = crate::catalog::STALE_AFTER_DAYS;
        Check {
            what: tr!(lang, "prices that still hold", "报价有效"),
            asked: tr!(lang, "at most {days} days old", "不超过 {days} 天"),
            reached: if stale == 0 {
                tr!(lang, "yes", "是")
            } else {
                tr!(lang, "{stale} of {all} older", "{all} 项中有 {stale} 项已超过")
            },
            is_kept: Some(stale == 0),
        }
    }
}

fn latency(what: String, asked: Seconds, reached: Option<Seconds>, lang: Lang) -> Check {
    let told = |time: Seconds| {
        if time.0 < 1.0 { milliseconds(time, lang) } else { time.display(lang) }
    };
    Check {
        what,
        asked: tr!(lang, "within {}", "不超过 {}", told(asked)),
        reached: match reached {
            Some(time) => tr!(lang, "{} at the limit", "达到承载上限时 {}", told(time)),
            None => tr!(lang, "not promised", "未承诺"),
        },
        is_kept: reached.map(|time| time <= asked),
    }
}

fn goes(kind: OptionKind, lang: Lang) -> String {
    match kind {
        OptionKind::Buy
        | OptionKind::Own
        | OptionKind::LowerQuant
        | OptionKind::SmallerModel
        | OptionKind::Wait => {
            tr!(lang, "nowhere", "不出域")
        }
        OptionKind::RentReserved | OptionKind::RentOnDemand | OptionKind::Hybrid => {
            tr!(lang, "to rented machines", "到租用的机器")
        }
        OptionKind::Api => tr!(lang, "to those who serve the model", "到模型服务商"),
    }
}
