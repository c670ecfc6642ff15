use maud::{Markup, html};

use super::{bullets, code, figure, table, what_if};
use crate::render::report::headings::Heading;
use crate::render::report::{acceptance, figures, launch, sentences, tables};
use crate::report::{Charts, PageFigures, Report, WhatIf};
use crate::tr;

/// The sections behind the first page, in the order in which they are read.
pub(super) fn all(report: &Report, figures: &PageFigures) -> Vec<(Heading, Markup)> {
    let PageFigures { charts, what_if } = figures;
    let lang = report.lang;
    vec![
        (
            Heading::Requirements,
            table::table(
                &tr!(
                    lang,
                    "What was asked for, and what stands where nothing was said",
                    "给定的需求，以及未给定时采用的值"
                ),
                &tables::requirements(report),
            ),
        ),
        (Heading::Model, model(report)),
        (Heading::Load, load(report)),
        (Heading::Sizing, sizing(report, charts)),
        (Heading::Options, options(report, charts, what_if)),
        (Heading::Bill, bill(report)),
        (Heading::Site, html! { p { (sentences::site(report)) } }),
        (Heading::Cost, cost(report, charts)),
        (Heading::BreakEven, break_even(report, charts)),
        (Heading::Sensitivity, sensitivity(report, charts)),
        (Heading::Risks, bullets(&report.risks)),
        (
            Heading::Compliance,
            table::table(&tr!(lang, "What must be looked at", "须审查的事项"), &tables::findings(report)),
        ),
        (Heading::Implementation, implementation(report)),
        (Heading::Acceptance, acceptance::html(report)),
        (Heading::Assumptions, assumptions(report)),
        (Heading::SignOff, table::table(&tr!(lang, "Who signs", "签署人"), &tables::sign_off(lang))),
        (Heading::Method, method(report)),
    ]
}

fn load(report: &Report) -> Markup {
    let [before, rate, after] = sentences::load(report);
    html! { p { (before) strong { (rate) } (after) } }
}

fn options(report: &Report, charts: &Charts, what_if: &WhatIf) -> Markup {
    html! {
        (what_if::form(what_if, report.lang))
        (table::options(report))
        p.note { (sentences::options_note(report.lang)) }
        (bullets(&sentences::remarks(report)))
        @if let Some(load) = &charts.load { (figure(&figures::pareto(load, report.lang))) }
    }
}

fn sizing(report: &Report, charts: &Charts) -> Markup {
    html! {
        p { (sentences::sizing(report)) }
        (bullets(&report.relaxations))
        @if let Some(drawn) = charts.load.as_ref().and_then(|load| figures::latency(load, report.lang)) { (figure(&drawn)) }
        @if let Some(memory) = &charts.memory { (figure(&figures::memory(memory, report.lang))) }
        @if let Some(growth) = &charts.growth { (figure(&figures::growth(growth, report.lang))) }
    }
}

fn cost(report: &Report, charts: &Charts) -> Markup {
    html! {
        @for [name, sums] in sentences::costs(report) { p { strong { (name) } (tr!(report.lang, ": ", "：")) (sums) } }
        @if let Some(cash) = &charts.cash { (figure(&figures::cash(cash, report.lang))) }
    }
}

fn break_even(report: &Report, charts: &Charts) -> Markup {
    html! {
        @if report.break_even.is_empty() {
            p { (sentences::nothing_to_buy(report.lang)) }
        } @else {
            (table::named("break-even-table", &sentences::break_even(report), &tables::break_even(report)))
            p.note id="break-even-own" {}
            p.note { (sentences::break_even_note(report.lang)) }
            (bullets(&report.flip_points))
        }
        @if let Some(unit_cost) = &charts.unit_cost { (figure(&figures::unit_cost(unit_cost, report.lang))) }
    }
}

fn sensitivity(report: &Report, charts: &Charts) -> Markup {
    html! {
        @if let Some(tornado) = &charts.tornado { (figure(&figures::tornado(tornado, report.lang))) }
        (table::table(&tr!(report.lang, "What a year of owning costs when one assumption changes", "单个假设变化时的自有年成本"), &tables::sensitivity(report)))
    }
}

fn model(report: &Report) -> Markup {
    html! {
        p { (sentences::models(report)) }
        (table::table(&tr!(report.lang, "Published results, and licences", "公开成绩与许可证"), &tables::models(report)))
    }
}

fn bill(report: &Report) -> Markup {
    html! {
        (table::table(&tr!(report.lang, "What is to be ordered", "须采购的内容"), &tables::bill(report)))
        p.note { (sentences::bill_note(report.lang)) }
    }
}

fn implementation(report: &Report) -> Markup {
    html! {
        ol { @for step in report.steps() { li { (step) } } }
        h3 { (tr!(report.lang, "How to start it", "启动")) }
        (launch::html(report))
    }
}

fn assumptions(report: &Report) -> Markup {
    html! {
        (table::table(&tr!(report.lang, "Every figure with its source", "全部数据及其来源"), &tables::assumptions(report)))
        h3 { (tr!(report.lang, "Not modelled", "未纳入模型")) }
        (bullets(&report.not_modelled))
    }
}

fn method(report: &Report) -> Markup {
    html! {
        (table::table(&tr!(report.lang, "What is reckoned how", "计算方法"), &tables::method(report.lang)))
        p { (sentences::again(report.lang)) }
        (code(&[report.command()]))
    }
}
