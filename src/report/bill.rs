use super::costed::{INSTALL_SHARE, NETWORK_SHARE, SPARES_SHARE};
use super::document::Report;
use super::option::{CostPart, OptionKind, PlanOption};
use super::phrase::percent;
use super::words;
use crate::lang::Lang;
use crate::tr;
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
        let (option, lang) = (&self.options[chosen.option], self.lang);
        let mut lines = match option.kind {
            OptionKind::Buy | OptionKind::LowerQuant | OptionKind::SmallerModel => machines(option, lang),
            _ => Vec::new(),
        };
        let prices: Vec<String> = option.prices.iter().map(|price| price.price.clone()).collect();
        let rest = option.lines.iter().filter(|line| line.what != CostPart::Capital);
        lines.extend(rest.map(|line| {
            let is_quoted = matches!(line.what, CostPart::Gpus | CostPart::Tokens);
            BillLine {
                what: tr!(lang, "{}, a year", "{}（每年）", line.what.name(lang)),
                quantity: match (line.what, option.gpu_hours) {
                    (CostPart::Gpus, Some(hours)) => gpu_hours(option, hours, lang),
                    (CostPart::Tokens, _) => {
                        tr!(lang, "{:.0} million", "{:.0} 百万", self.load.tokens_per_year / 1e6)
                    }
                    _ => String::new(),
                },
                each: if is_quoted { prices.join(between(lang)) } else { String::new() },
                total: line.usd,
                is_up_front: false,
                source: if is_quoted {
                    sources(option, lang)
                } else {
                    tr!(lang, "reckoned, see the assumptions", "测算，见假设")
                },
            }
        }));
        lines
    }
}

/// GPUs that are rented all year are counted, those that are rented by the hour are counted in hours.
fn gpu_hours(option: &PlanOption, hours: f64, lang: Lang) -> String {
    let most = option.quantity.unwrap_or(1);
    if option.kind == OptionKind::RentReserved {
        return tr!(lang, "{most}, all year", "{most} 块，全年");
    }
    tr!(lang, "{hours:.0} GPU-hours, {most} GPUs at most", "{hours:.0} GPU·小时，最多 {most} 块")
}

/// The machines, and what goes with them before the first token.
fn machines(option: &PlanOption, lang: Lang) -> Vec<BillLine> {
    let quantity = option.quantity.unwrap_or(1);
    let hardware = option.capex * (1.0 / (1.0 + NETWORK_SHARE + INSTALL_SHARE + SPARES_SHARE));
    let shares = [
        (tr!(lang, "network and cables", "网络与线缆"), NETWORK_SHARE),
        (tr!(lang, "setting up", "安装调试"), INSTALL_SHARE),
        (tr!(lang, "spare parts", "备件"), SPARES_SHARE),
    ];
    let first = BillLine {
        what: option.name.clone(),
        quantity: quantity.to_string(),
        each: (hardware * (1.0 / f64::from(quantity))).to_string(),
        total: hardware,
        is_up_front: true,
        source: sources(option, lang),
    };
    let others = shares.into_iter().map(|(what, share)| BillLine {
        what,
        quantity: String::new(),
        each: tr!(lang, "{} of the machines", "设备价的 {}", percent(share, lang)),
        total: hardware * share,
        is_up_front: true,
        source: words::middle_of_guides(lang),
    });
    std::iter::once(first).chain(others).collect()
}

fn sources(option: &PlanOption, lang: Lang) -> String {
    let told: Vec<String> = option
        .prices
        .iter()
        .map(|price| {
            let (of, source, date) = (&price.of, &price.source, &price.date);
            if price.is_stale {
                tr!(lang, "{of}: {source} ({date}, old)", "{of}：{source}（{date}，已过期）")
            } else {
                tr!(lang, "{of}: {source} ({date})", "{of}：{source}（{date}）")
            }
        })
        .collect();
    told.join(between(lang))
}

/// What stands between several of a kind in a cell.
const fn between(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "; ",
        Lang::Zh => "；",
    }
}
