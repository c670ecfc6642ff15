use maud::{Markup, PreEscaped, html};
use serde::Serialize;

use crate::i18n::Locale;
use crate::message::Value;
use crate::render::report::document::payback;
use crate::report::{Cell, OptionKind, Report, Slider, WhatIf, WhatIfOption, milliseconds};
use crate::say;

const SCRIPT: &str = include_str!("page.js");

/// The sliders: hidden until the script is there to answer them.
pub(super) fn form(what_if: &WhatIf, locale: &Locale) -> Markup {
    let sliders: [(&str, String, &Slider); 5] = [
        ("load", say!(locale, ReportSliderLoad), &what_if.load),
        ("answer", say!(locale, ReportSliderAnswer), &what_if.answer),
        ("tpot", say!(locale, ReportSliderTpot), &what_if.tpot),
        ("machine_price", say!(locale, ReportSliderMachinePrice), &what_if.machine_price),
        ("api_price", say!(locale, ReportSliderApiPrice), &what_if.api_price),
    ];
    html! {
        form id="what-if" hidden {
            h3 { (say!(locale, ReportWhatIf)) }
            p.note { (say!(locale, ReportWhatIfNote)) }
            @for (name, label, slider) in sliders {
                div.slider {
                    label for=(format!("slider-{name}")) { (label) }
                    input type="range" id=(format!("slider-{name}")) name=(name) min="0" max=(slider.stops.len() - 1) step="1"
                        value=(slider.planned);
                    output name=(format!("{name}_told")) for=(format!("slider-{name}")) {}
                }
            }
            p id="what-if-answer" aria-live="polite" {}
            button type="reset" { (say!(locale, ReportWhatIfReset)) }
        }
    }
}

/// What the script reads.
#[derive(Serialize)]
struct PageData<'a> {
    #[serde(flatten)]
    what_if: &'a WhatIf,
    /// What goes before an amount, and what a US dollar is of that.
    symbol: &'a str,
    per_usd: f64,
    options: Vec<PageOption<'a>>,
    words: Words,
}

/// An option in words.
#[derive(Serialize)]
struct PageOption<'a> {
    kind: OptionKind,
    name: String,
    is_asked_model: bool,
    excluded: Option<String>,
    rates: Option<[f64; 3]>,
    worth_share: f64,
    years: &'a [f64],
    cells: Vec<Option<PageCell>>,
}

/// A [`Cell`] as a row of values, with the waits as the tables have them.
#[derive(Serialize)]
struct PageCell(u32, f64, [f64; 2], f64, [f64; 2], f64, [String; 2], bool);

impl<'a> PageOption<'a> {
    fn of(option: &'a WhatIfOption, locale: &Locale) -> Self {
        Self {
            kind: option.kind,
            name: locale.show(&option.name),
            is_asked_model: option.is_asked_model,
            excluded: option.excluded.as_ref().map(|reason| locale.say(reason)),
            rates: option.rates,
            worth_share: option.worth_share,
            years: &option.years,
            cells: option
                .cells
                .iter()
                .map(|cell| cell.as_ref().map(|cell| PageCell::of(cell, locale)))
                .collect(),
        }
    }
}

impl PageCell {
    fn of(cell: &Cell, locale: &Locale) -> Self {
        let waits = [locale.show(cell.waits.ttft_p95), locale.show(milliseconds(cell.waits.tpot_p95))];
        Self(
            cell.quantity,
            cell.capex.0,
            cell.priced.map(|usd| usd.0),
            cell.fixed.0,
            cell.energy.map(|usd| usd.0),
            cell.utilisation,
            waits,
            cell.is_kept,
        )
    }
}

/// What the script writes into the page, with names in braces where values go.
#[derive(Serialize)]
struct Words {
    percent: String,
    tokens: String,
    milliseconds: String,
    month: String,
    months: String,
    decade: String,
    yes: String,
    no: String,
    never: String,
    excluded: String,
    above_budget: String,
    no_room: String,
    bought: String,
    none_bought: String,
    cheapest: String,
    none: String,
}

impl Words {
    fn in_language(locale: &Locale) -> Self {
        // Where the script puts a value.
        let slot = |name: &str| Value::from(format!("{{{name}}}"));
        Self {
            percent: say!(locale, UnitPercent { number: slot("value") }),
            tokens: say!(locale, ReportSliderTokens { tokens: slot("value") }),
            milliseconds: say!(locale, TimeMilliseconds { number: slot("value") }),
            month: locale.say(&payback(Some(1.0))),
            months: say!(locale, ReportMonths { count: slot("value") }),
            decade: locale.say(&payback(Some(f64::INFINITY))),
            yes: say!(locale, ReportYes),
            no: say!(locale, ReportNo),
            never: say!(locale, ReportNever),
            excluded: say!(locale, ReportExcluded { reason: slot("why") }),
            above_budget: say!(locale, ReportExcludedBudget { capex: slot("cost"), budget: slot("budget") }),
            no_room: say!(locale, ReportNoRoom),
            bought: say!(locale, ReportBought { name: slot("name") }),
            none_bought: say!(locale, ReportNothingToBuy),
            cheapest: say!(locale, ReportWhatIfCheapest { name: slot("name"), cost: slot("cost") }),
            none: say!(locale, ReportWhatIfNothing),
        }
    }
}

/// What the sliders need, and the script that moves them.
pub(super) fn script(
    what_if: &WhatIf,
    report: &Report,
    locale: &Locale,
) -> Result<Markup, serde_json::Error> {
    let currency = &report.needs.currency.value;
    let data = PageData {
        what_if,
        symbol: &currency.symbol,
        per_usd: currency.per_usd,
        options: what_if.options.iter().map(|option| PageOption::of(option, locale)).collect(),
        words: Words::in_language(locale),
    };
    // A tag that a name may hold must not end the element.
    let data = serde_json::to_string(&data)?.replace('<', "\\u003c");
    Ok(html! {
        script type="application/json" id="what-if-data" { (PreEscaped(data)) }
        script { (PreEscaped(SCRIPT)) }
    })
}
