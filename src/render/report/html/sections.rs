use maud::{Markup, html};

use super::{bullets, code, figure, table, what_if};
use crate::render::report::{acceptance, figures, launch, sentences, tables};
use crate::report::{Charts, PageFigures, Report, WhatIf};

/// A section behind the first page.
pub(super) struct Section {
    /// Unique in the page.
    pub(super) id: &'static str,
    /// Its heading.
    pub(super) title: &'static str,
    /// What is under it.
    pub(super) body: Markup,
}

/// The sections in the order in which they are read.
pub(super) fn all(report: &Report, figures: &PageFigures) -> Vec<Section> {
    let PageFigures { charts, what_if } = figures;
    let section = |id, title, body| Section { id, title, body };
    vec![
        section(
            "requirements",
            "Requirements",
            table::table(
                "What was asked for, and what stands where nothing was said",
                &tables::requirements(report),
            ),
        ),
        section("model", "Model and quality", model(report)),
        section("load", "Load", load(report)),
        section("sizing", "Sizing", sizing(report, charts)),
        section("options", "Options", options(report, charts, what_if)),
        section("bill", "Bill of materials", bill(report)),
        section("site", "Site", html! { p { (sentences::site(report)) } }),
        section("cost", "Cost by year", cost(report, charts)),
        section("break-even", "Break-even", break_even(report, charts)),
        section("sensitivity", "Sensitivity", sensitivity(report, charts)),
        section("risks", "Risks", bullets(&report.risks)),
        section(
            "compliance",
            "Compliance and privacy",
            table::table("What must be looked at", &tables::findings(report)),
        ),
        section("implementation", "Implementation", implementation(report)),
        section("acceptance", "Acceptance test", acceptance::html(report)),
        section("assumptions", "Assumptions", assumptions(report)),
        section("sign-off", "Sign-off", table::table("Who signs", &tables::sign_off())),
        section("method", "Appendix: method", method(report)),
    ]
}

fn load(report: &Report) -> Markup {
    let [before, rate, after] = sentences::load(report);
    html! { p { (before) strong { (rate) } (after) } }
}

fn options(report: &Report, charts: &Charts, what_if: &WhatIf) -> Markup {
    html! {
        (what_if::form(what_if))
        (table::options(report))
        p.note { (sentences::OPTIONS_NOTE) }
        @if let Some(load) = &charts.load { (figure(&figures::pareto(load))) }
    }
}

fn sizing(report: &Report, charts: &Charts) -> Markup {
    html! {
        p { (sentences::sizing(report)) }
        (bullets(&report.relaxations))
        @if let Some(drawn) = charts.load.as_ref().and_then(figures::latency) { (figure(&drawn)) }
        @if let Some(memory) = &charts.memory { (figure(&figures::memory(memory))) }
        @if let Some(growth) = &charts.growth { (figure(&figures::growth(growth))) }
    }
}

fn cost(report: &Report, charts: &Charts) -> Markup {
    html! {
        @for [name, sums] in sentences::costs(report) { p { strong { (name) } ": " (sums) } }
        @if let Some(cash) = &charts.cash { (figure(&figures::cash(cash))) }
    }
}

fn break_even(report: &Report, charts: &Charts) -> Markup {
    html! {
        @if report.break_even.is_empty() {
            p { "Nothing that can be bought keeps the promise." }
        } @else {
            (table::named("break-even-table", "Buying the cheapest machines that keep the promise is cheaper than", &tables::break_even(report)))
            p.note id="break-even-own" {}
            (bullets(&report.flip_points))
        }
        @if let Some(unit_cost) = &charts.unit_cost { (figure(&figures::unit_cost(unit_cost))) }
    }
}

fn sensitivity(report: &Report, charts: &Charts) -> Markup {
    html! {
        @if let Some(tornado) = &charts.tornado { (figure(&figures::tornado(tornado))) }
        (table::table("What a year of owning costs when one assumption changes", &tables::sensitivity(report)))
    }
}

fn model(report: &Report) -> Markup {
    html! {
        p { (sentences::models(report)) }
        (table::table("Published results, and licences", &tables::models(report)))
    }
}

fn bill(report: &Report) -> Markup {
    html! {
        (table::table("What is to be ordered", &tables::bill(report)))
        p.note { (sentences::BILL_NOTE) }
    }
}

fn implementation(report: &Report) -> Markup {
    html! {
        ol { @for step in report.steps() { li { (step) } } }
        h3 { "How to start it" }
        (launch::html(report))
    }
}

fn assumptions(report: &Report) -> Markup {
    html! {
        (table::table("Every figure with its source", &tables::assumptions(report)))
        h3 { "Not modelled" }
        ul { @for what in &report.not_modelled { li { (what) } } }
    }
}

fn method(report: &Report) -> Markup {
    html! {
        (table::table("What is reckoned how", &tables::method()))
        p { (sentences::AGAIN) }
        (code(&[report.command()]))
    }
}
