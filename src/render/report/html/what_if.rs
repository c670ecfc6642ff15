use maud::{Markup, PreEscaped, html};

use crate::report::{Slider, WhatIf};

const SCRIPT: &str = include_str!("page.js");

/// The sliders: hidden until the script is there to answer them.
pub(super) fn form(what_if: &WhatIf) -> Markup {
    let sliders: [(&str, &str, &Slider); 5] = [
        ("load", "Utilisation: mean load of a year, as a share of the peak", &what_if.load),
        ("answer", "Length of answers", &what_if.answer),
        ("tpot", "Promised time between tokens", &what_if.tpot),
        ("machine_price", "Price of machines, of what is planned", &what_if.machine_price),
        ("api_price", "Price of APIs, of what is planned", &what_if.api_price),
    ];
    html! {
        form id="what-if" hidden {
            h3 { "What if" }
            p.note {
                "Move a slider, and the tables of options and of break-evens are worked out again for the ways that are in \
                 them. Charts and sentences stay as planned."
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
            button type="reset" { "Back to what is planned" }
        }
    }
}

/// What the sliders need, and the script that moves them.
pub(super) fn script(what_if: &WhatIf) -> Result<Markup, serde_json::Error> {
    // A tag that a name may hold must not end the element.
    let data = serde_json::to_string(what_if)?.replace('<', "\\u003c");
    Ok(html! {
        script type="application/json" id="what-if-data" { (PreEscaped(data)) }
        script { (PreEscaped(SCRIPT)) }
    })
}
