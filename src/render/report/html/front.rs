use maud::{Markup, html};

use super::bullets;
use super::table;
use crate::render::report::decision::{decision, named, quantity, served};
use crate::report::{OptionKind, PlanOption, Report};

/// The page to decide on.
pub(super) fn page(report: &Report) -> Markup {
    let chosen = report.recommended.as_ref().map(|chosen| (chosen, &report.options[chosen.option]));
    html! {
        section.front id="decision" {
            h2 { "1. Decision" }
            @match chosen {
                None => { p.choice { (decision(report)) } }
                Some((chosen, option)) => {
                    p.choice { "Recommended: " strong { (option.kind.name()) ": " (quantity(option)) (named(option)) } }
                    p { "For " (served(report)) ". " (chosen.reason) "." }
                    (amounts(report, option))
                }
            }
            @for warning in &report.warnings { p.warning { strong { "Note. " } (warning) } }
            @if chosen.is_some() { (table::checks(&report.checks())) }
            @if let Some((_, option)) = chosen {
                h3 { "What binds" }
                p { (binds(option)) }
            }
            @if let Some(other) = &report.runner_up {
                @let option = &report.options[other.option];
                h3 { "Runner-up" }
                p { (quantity(option)) (named(option)) " (" (option.kind.name()) "): " (other.reason) "." }
            }
            @let changes = changes(report);
            @if !changes.is_empty() { h3 { "What would change the answer" } (bullets(&changes)) }
            @if let Some(risk) = report.risks.first() {
                h3 { "The gravest risk" }
                p { (risk) }
            }
        }
    }
}

/// Where another way would win; and of machines that are bought, with what promise fewer would do.
fn changes(report: &Report) -> Vec<String> {
    let is_bought = report.recommended.as_ref().is_some_and(|chosen| chosen.kind == OptionKind::Buy);
    let fewer = report.relaxations.iter().filter(|_| is_bought);
    report.flip_points.iter().chain(fewer).cloned().collect()
}

/// What it costs, in figures that can be read from afar.
fn amounts(report: &Report, option: &PlanOption) -> Markup {
    let years = report.needs.years.value;
    let used = option.utilisation.map_or_else(
        || "at the load that is planned".to_owned(),
        |share| format!("at {:.0} % mean use", share * 100.0),
    );
    let amounts = [
        ("up front".to_owned(), option.capex.to_string()),
        ("a year".to_owned(), option.yearly_cost.to_string()),
        (format!("{years} years, in today's money"), option.net_present_cost.to_string()),
        (format!("a million tokens {used}"), format!("${:.2}", option.cost_per_million_tokens.0)),
        ("a user and month".to_owned(), option.cost_per_user_month.to_string()),
    ];
    html! { dl.amounts { @for (what, amount) in amounts { div { dt { (what) } dd { (amount) } } } } }
}

fn binds(option: &PlanOption) -> String {
    option.deployment.as_ref().map_or_else(
        || {
            "Nothing is promised: the provider's rate limits and its latency at the hour that matters."
                .to_owned()
        },
        |deployment| {
            format!(
                "Beyond {:.2} requests a second of one replica ({:.0} in flight), {} breaks first.",
                deployment.requests_per_second, deployment.in_flight, deployment.binding
            )
        },
    )
}
