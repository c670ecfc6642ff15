use super::document::Report;
use super::option::{OptionKind, PlanOption};
use super::plan::{INSTALL_SHARE, NETWORK_SHARE, SPARES_SHARE};
use crate::units::Usd;

/// A line of what is to be ordered.
#[derive(Clone, Debug, PartialEq)]
pub struct BillLine {
    /// What.
    pub what: String,
    /// How much of it.
    pub quantity: String,
    /// The price of one.
    pub each: String,
    /// All of it.
    pub total: Usd,
    /// Whether it is paid before the first token, else each year.
    pub is_up_front: bool,
    /// Where the price comes from.
    pub source: String,
}

impl Report {
    /// What is to be ordered where the recommended way is taken; nothing where none is.
    #[must_use]
    pub fn bill(&self) -> Vec<BillLine> {
        let Some(chosen) = &self.recommended else { return Vec::new() };
        let option = &self.options[chosen.option];
        let mut lines = match option.kind {
            OptionKind::Buy | OptionKind::SmallerModel => machines(option),
            _ => Vec::new(),
        };
        let prices: Vec<String> = option.prices.iter().map(|price| price.price.clone()).collect();
        let rest = option.lines.iter().filter(|line| line.what != "capital");
        lines.extend(rest.map(|line| {
            let is_quoted = ["GPUs", "tokens"].contains(&line.what);
            BillLine {
                what: format!("{}, a year", line.what),
                quantity: match (line.what, option.quantity) {
                    ("GPUs", Some(count)) => format!("{count}, all year"),
                    ("tokens", _) => format!("{:.0} million", self.load.tokens_per_year / 1e6),
                    _ => String::new(),
                },
                each: if is_quoted { prices.join("; ") } else { String::new() },
                total: line.usd,
                is_up_front: false,
                source: if is_quoted { sources(option) } else { "reckoned, see the assumptions".to_owned() },
            }
        }));
        lines
    }
}

/// The machines, and what goes with them before the first token.
fn machines(option: &PlanOption) -> Vec<BillLine> {
    let quantity = option.quantity.unwrap_or(1);
    let hardware = option.capex * (1.0 / (1.0 + NETWORK_SHARE + INSTALL_SHARE + SPARES_SHARE));
    let shares =
        [("network and cables", NETWORK_SHARE), ("setting up", INSTALL_SHARE), ("spare parts", SPARES_SHARE)];
    let first = BillLine {
        what: option.name.clone(),
        quantity: quantity.to_string(),
        each: (hardware * (1.0 / f64::from(quantity))).to_string(),
        total: hardware,
        is_up_front: true,
        source: sources(option),
    };
    let others = shares.into_iter().map(|(what, share)| BillLine {
        what: what.to_owned(),
        quantity: String::new(),
        each: format!("{:.0} % of the machines", share * 100.0),
        total: hardware * share,
        is_up_front: true,
        source: "the middle of what public sizing guides state".to_owned(),
    });
    std::iter::once(first).chain(others).collect()
}

fn sources(option: &PlanOption) -> String {
    let told: Vec<String> = option
        .prices
        .iter()
        .map(|price| {
            let old = if price.is_stale { ", old" } else { "" };
            format!("{}: {} ({}{old})", price.of, price.source, price.date)
        })
        .collect();
    told.join("; ")
}
