use maud::{Markup, PreEscaped, html};
use serde::Serialize;

use crate::lang::Lang;
use crate::render::report::sentences::payback;
use crate::report::{Slider, WhatIf};
use crate::tr;

const SCRIPT: &str = include_str!("page.js");

/// The sliders: hidden until the script is there to answer them.
pub(super) fn form(what_if: &WhatIf, lang: Lang) -> Markup {
    let sliders: [(&str, String, &Slider); 5] = [
        (
            "load",
            tr!(
                lang,
                "Utilisation: mean load of a year, as a share of the peak",
                "利用率：全年平均负载与峰值之比"
            ),
            &what_if.load,
        ),
        ("answer", tr!(lang, "Length of answers", "回答长度"), &what_if.answer),
        ("tpot", tr!(lang, "Promised time between tokens", "TPOT 目标"), &what_if.tpot),
        (
            "machine_price",
            tr!(lang, "Price of machines, of what is planned", "设备价格（相对计划值）"),
            &what_if.machine_price,
        ),
        (
            "api_price",
            tr!(lang, "Price of APIs, of what is planned", "API 价格（相对计划值）"),
            &what_if.api_price,
        ),
    ];
    html! {
        form id="what-if" hidden {
            h3 { (tr!(lang, "What if", "假如")) }
            p.note {
                (tr!(
                    lang,
                    "Move a slider, and the tables of options and of break-evens are worked out again for the ways that are in \
                     them. Charts and sentences stay as planned.",
                    "移动滑块，方案表与盈亏平衡表会就表中各方案重新计算；图表与文字仍按计划值。"
                ))
            }
            @for (name, told, slider) in sliders {
                div.slider {
                    label for=(format!("slider-{name}")) { (told) }
                    input type="range" id=(format!("slider-{name}")) name=(name) min="0" max=(slider.stops.len() - 1) step="1"
                        value=(slider.planned);
                    output name=(format!("{name}_told")) for=(format!("slider-{name}")) {}
                }
            }
            p id="what-if-answer" aria-live="polite" {}
            button type="reset" { (tr!(lang, "Back to what is planned", "恢复计划值")) }
        }
    }
}

/// What the script reads.
#[derive(Serialize)]
struct PageData<'a> {
    #[serde(flatten)]
    what_if: &'a WhatIf,
    words: Words,
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
    fn in_language(lang: Lang) -> Self {
        Self {
            percent: tr!(lang, "{{value}} %", "{{value}}%"),
            tokens: tr!(lang, "{{value}} tokens", "{{value}} token"),
            milliseconds: tr!(lang, "{{value}} ms", "{{value}} 毫秒"),
            month: payback(Some(1.0), lang),
            months: tr!(lang, "{{value}} months", "{{value}} 个月"),
            decade: payback(Some(f64::INFINITY), lang),
            yes: tr!(lang, "yes", "是"),
            no: tr!(lang, "no", "否"),
            never: tr!(lang, "never", "永不"),
            excluded: tr!(lang, "excluded: {{why}}", "排除：{{why}}"),
            above_budget: tr!(
                lang,
                "{{cost}} is above the budget of {{budget}}",
                "{{cost}} 超出预算 {{budget}}"
            ),
            no_room: tr!(lang, "the model does not fit", "放不下该模型"),
            bought: tr!(lang, "Bought: {{name}}", "购买的是：{{name}}"),
            none_bought: tr!(
                lang,
                "Nothing here that can be bought keeps the promise.",
                "此处没有可购买的设备满足 SLO。"
            ),
            cheapest: tr!(
                lang,
                "At these settings the cheapest is {{name}}: {{cost}} over the term in today's money.",
                "按此设置，最便宜的方案：{{name}}，期限内净现值成本 {{cost}}。"
            ),
            none: tr!(
                lang,
                "At these settings nothing here keeps the promise within the limits.",
                "按此设置，在各项限制之内没有方案满足 SLO。"
            ),
        }
    }
}

/// What the sliders need, and the script that moves them.
pub(super) fn script(what_if: &WhatIf, lang: Lang) -> Result<Markup, serde_json::Error> {
    let data = PageData { what_if, words: Words::in_language(lang) };
    // A tag that a name may hold must not end the element.
    let data = serde_json::to_string(&data)?.replace('<', "\\u003c");
    Ok(html! {
        script type="application/json" id="what-if-data" { (PreEscaped(data)) }
        script { (PreEscaped(SCRIPT)) }
    })
}
