use maud::{Markup, html};

use super::bullets;
use super::table;
use crate::render::report::decision::{decision, named, quantity, served};
use crate::render::report::headings::Heading;
use crate::report::{OptionKind, PlanOption, Report, percent};
use crate::tr;

/// The page to decide on.
pub(super) fn page(report: &Report) -> Markup {
    let lang = report.lang;
    let chosen = report.recommended.as_ref().map(|chosen| (chosen, &report.options[chosen.option]));
    html! {
        section.front id=(Heading::Decision.id()) {
            h2 { (Heading::Decision.title(lang)) }
            @match chosen {
                None => { p.choice { (decision(report)) } }
                Some((chosen, option)) => {
                    p.choice {
                        (tr!(lang, "Recommended: ", "建议："))
                        strong {
                            (tr!(
                                lang, "{}: {}{}", "{}：{}{}",
                                option.kind.name(lang), quantity(option, lang), named(option, lang)
                            ))
                        }
                    }
                    p { (tr!(lang, "For {}. {}.", "需求：{}。{}。", served(report), chosen.reason)) }
                    (amounts(report, option))
                }
            }
            @for warning in &report.warnings {
                p.warning { strong { (tr!(lang, "Note. ", "注意：")) } (warning) }
            }
            @if chosen.is_some() { (table::checks(&report.checks(), lang)) }
            @if let Some((_, option)) = chosen {
                h3 { (tr!(lang, "What binds", "瓶颈")) }
                p { (binds(report, option)) }
            }
            @if let Some(other) = &report.runner_up {
                @let option = &report.options[other.option];
                h3 { (tr!(lang, "The best of the other ways", "其他方式中最优")) }
                p {
                    (tr!(
                        lang, "{}{} ({}): {}.", "{}{}（{}）：{}。",
                        quantity(option, lang), named(option, lang), option.kind.name(lang), other.reason
                    ))
                }
            }
            @let changes = changes(report);
            @if !changes.is_empty() {
                h3 { (tr!(lang, "What would change the answer", "什么会改变结论")) }
                (bullets(&changes))
            }
            @if let Some(risk) = report.risks.first() {
                h3 { (tr!(lang, "The gravest risk", "主要风险")) }
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
    let (years, lang) = (report.needs.years.value, report.lang);
    let used = option.utilisation.map_or_else(
        || tr!(lang, "at the load that is planned", "按计划负载"),
        |share| {
            let share = percent(share, lang);
            tr!(lang, "at {share} mean use", "平均利用率 {share}")
        },
    );
    let amounts = [
        (tr!(lang, "up front", "前期投入"), option.capex.to_string()),
        (tr!(lang, "a year", "年成本"), option.yearly_cost.to_string()),
        (
            tr!(lang, "{years} years, in today's money", "{years} 年净现值成本"),
            option.net_present_cost.to_string(),
        ),
        (
            tr!(lang, "a million tokens {used}", "每百万 token（{used}）"),
            option.cost_per_million_tokens.amount().to_string(),
        ),
        (tr!(lang, "a user and month", "每用户每月"), option.cost_per_user_month.to_string()),
    ];
    html! { dl.amounts { @for (what, amount) in amounts { div { dt { (what) } dd { (amount) } } } } }
}

fn binds(report: &Report, option: &PlanOption) -> String {
    let lang = report.lang;
    match &option.deployment {
        None => tr!(
            lang,
            "Nothing is promised: the provider's rate limits and its latency at the hour that matters.",
            "没有任何承诺：取决于服务商的速率限制及业务高峰时段的时延。"
        ),
        Some(deployment) => tr!(
            lang,
            "Beyond {rate:.2} requests a second of one replica ({in_flight:.0} in flight), {binding} breaks first.",
            "单个副本超过每秒 {rate:.2} 次请求（{in_flight:.0} 个在途请求）后，{binding}最先超限。",
            rate = deployment.requests_per_second,
            in_flight = deployment.in_flight,
            binding = deployment.binding
        ),
    }
}
