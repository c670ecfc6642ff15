use super::assumptions::middle_of_guides;
use super::costed::{INSTALL_SHARE, NETWORK_SHARE, SPARES_SHARE};
use super::document::Report;
use super::option::{CostPart, Means, OptionKind, PlanOption};
use crate::message;
use crate::message::{Value, clauses, fact, fixed, percent};
use crate::units::Usd;

/// A line of what is to be ordered.
#[derive(Clone, Debug, PartialEq)]
pub struct BillLine {
    /// What.
    pub what: Value,
    /// How many or how much; nothing of what is not counted.
    pub quantity: Option<Value>,
    /// The price of one.
    pub each: Option<Value>,
    /// All of it.
    pub total: Usd,
    /// Whether it is paid before the first token, else each year.
    pub is_up_front: bool,
    /// Where the price comes from.
    pub source: Value,
}

impl Report {
    /// What is to be ordered where the recommended way is taken; nothing where none is.
    #[must_use]
    pub fn order(&self) -> Vec<BillLine> {
        let Some(chosen) = &self.recommended else { return Vec::new() };
        let option = &self.options[chosen.option];
        let mut lines = match option.kind() {
            OptionKind::Buy | OptionKind::LowerQuant | OptionKind::SmallerModel => machines(option),
            _ => Vec::new(),
        };
        let rest = option.bill.lines.iter().filter(|line| line.what != CostPart::Capital);
        lines.extend(rest.map(|line| {
            let is_quoted = matches!(line.what, CostPart::Gpus | CostPart::Tokens);
            BillLine {
                what: message!(ReportEachYear { what: line.what.message() }).into(),
                quantity: match line.what {
                    CostPart::Gpus => gpu_hours(option),
                    CostPart::Tokens => {
                        let millions = fixed(self.load.tokens_per_year / 1e6, 0);
                        Some(message!(ReportMillionTokens { millions }).into())
                    }
                    _ => None,
                },
                each: is_quoted.then(|| clauses(option.prices.iter().map(|price| Value::from(price.price)))),
                total: line.usd,
                is_up_front: false,
                source: if is_quoted { sources(option) } else { message!(ReportSourceComputed).into() },
            }
        }));
        lines
    }
}

/// GPUs that are rented all year are counted, those that are rented by the hour are counted in hours.
fn gpu_hours(option: &PlanOption) -> Option<Value> {
    let Means::Rented { is_reserved, gpu_hours, runs } = &option.means else { return None };
    let most = runs.quantity;
    Some(if *is_reserved {
        message!(ReportAllYear { count: most }).into()
    } else {
        message!(ReportGpuHours { hours: fixed(*gpu_hours, 0), most }).into()
    })
}

/// The machines, and what goes with them before the first token.
fn machines(option: &PlanOption) -> Vec<BillLine> {
    let quantity = option.quantity().unwrap_or(1);
    let hardware = option.bill.capex * (1.0 / (1.0 + NETWORK_SHARE + INSTALL_SHARE + SPARES_SHARE));
    let first = BillLine {
        what: (&option.name).into(),
        quantity: Some(quantity.into()),
        each: Some((hardware * (1.0 / f64::from(quantity))).into()),
        total: hardware,
        is_up_front: true,
        source: sources(option),
    };
    let others = [
        (message!(ReportOrderNetwork), NETWORK_SHARE),
        (message!(ReportOrderInstall), INSTALL_SHARE),
        (message!(ReportOrderSpares), SPARES_SHARE),
    ];
    let others = others.into_iter().map(|(what, share)| BillLine {
        what: what.into(),
        quantity: None,
        each: Some(message!(ReportOfTheMachines { share: percent(share, 0) }).into()),
        total: hardware * share,
        is_up_front: true,
        source: middle_of_guides().into(),
    });
    std::iter::once(first).chain(others).collect()
}

fn sources(option: &PlanOption) -> Value {
    clauses(option.prices.iter().map(|price| {
        let (of, source, date) = (&price.of, fact(&price.source), price.day());
        Value::from(if price.is_stale {
            message!(ReportOrderSourceOld { of, source, date })
        } else {
            message!(ReportOrderSource { of, source, date })
        })
    }))
}
