//! The tables of the document.

use super::decision::{kept, named};
use crate::render::{Align, Grid};
use crate::report::{COMPARED, METHOD, PlanOption, Report};

/// Every option, as wide as a terminal.
pub(super) fn options(report: &Report) -> Grid {
    let mut grid = Grid::new(&[
        ("", Align::Left),
        ("way", Align::Left),
        ("what", Align::Left),
        ("of it", Align::Right),
        ("up front", Align::Right),
        ("a year", Align::Right),
        ("NPV", Align::Right),
        ("$/M", Align::Right),
        ("TPOT", Align::Right),
        ("kept", Align::Left),
    ]);
    let chosen = report.recommended.as_ref().map(|chosen| chosen.option);
    for (at, option) in report.options.iter().enumerate() {
        grid.push(vec![
            if chosen == Some(at) { "→" } else { "" }.to_owned(),
            option.kind.name().to_owned(),
            named(option),
            option.quantity.map(|count| count.to_string()).unwrap_or_default(),
            option.capex.to_string(),
            option.yearly_cost.to_string(),
            option.net_present_cost.to_string(),
            format!("{:.2}", option.cost_per_million_tokens.0),
            option.tpot_seconds.map(|time| format!("{:.0} ms", time.0 * 1e3)).unwrap_or_default(),
            kept(option),
        ]);
    }
    grid
}

/// Every option, for programs.
pub(super) fn records(report: &Report) -> Grid {
    let mut grid = Grid::new(&[
        ("kind", Align::Left),
        ("name", Align::Left),
        ("model", Align::Left),
        ("precision", Align::Left),
        ("quantity", Align::Right),
        ("capex_usd", Align::Right),
        ("yearly_cost_usd", Align::Right),
        ("net_present_cost_usd", Align::Right),
        ("cost_per_million_tokens_usd", Align::Right),
        ("utilisation", Align::Right),
        ("ttft_p95_seconds", Align::Right),
        ("tpot_p95_seconds", Align::Right),
        ("meets_slo", Align::Left),
        ("excluded", Align::Left),
    ]);
    let number = |figure: Option<f64>| figure.map(|figure| format!("{figure:.4}")).unwrap_or_default();
    for option in &report.options {
        grid.push(vec![
            option.kind.name().to_owned(),
            option.name.clone(),
            option.model.clone(),
            option.precision.unwrap_or_default().to_owned(),
            option.quantity.map(|count| count.to_string()).unwrap_or_default(),
            format!("{:.0}", option.capex.0),
            format!("{:.0}", option.yearly_cost.0),
            format!("{:.0}", option.net_present_cost.0),
            format!("{:.4}", option.cost_per_million_tokens.0),
            number(option.utilisation),
            number(option.ttft_p95_seconds.map(|time| time.0)),
            number(option.tpot_seconds.map(|time| time.0)),
            option.meets_slo.map(|kept| kept.to_string()).unwrap_or_default(),
            option.excluded.clone().unwrap_or_default(),
        ]);
    }
    grid
}

/// Every option, for a document.
pub(super) fn options_in_full(report: &Report) -> Grid {
    let mut grid = Grid::new(&OPTION_COLUMNS);
    let chosen = report.recommended.as_ref().map(|chosen| chosen.option);
    for (at, option) in report.options.iter().enumerate() {
        let mut cells = option_cells(option);
        match (&option.excluded, chosen == Some(at)) {
            (Some(_), _) => cells[1] = format!("~~{}~~", cells[1]),
            (None, true) => cells[1] = format!("**{}**", cells[1]),
            (None, false) => {}
        }
        grid.push(cells);
    }
    grid
}

/// The columns of [`option_cells`].
pub(super) const OPTION_COLUMNS: [(&str, Align); 12] = [
    ("way", Align::Left),
    ("what", Align::Left),
    ("of it", Align::Right),
    ("up front", Align::Right),
    ("a year", Align::Right),
    ("NPV", Align::Right),
    ("$/M tokens", Align::Right),
    ("a user and month", Align::Right),
    ("used", Align::Right),
    ("TTFT p95", Align::Right),
    ("TPOT p95", Align::Right),
    ("kept", Align::Left),
];

/// An option's row.
pub(super) fn option_cells(option: &PlanOption) -> Vec<String> {
    vec![
        option.kind.name().to_owned(),
        named(option),
        option.quantity.map(|count| count.to_string()).unwrap_or_default(),
        option.capex.to_string(),
        option.yearly_cost.to_string(),
        option.net_present_cost.to_string(),
        format!("{:.2}", option.cost_per_million_tokens.0),
        option.cost_per_user_month.to_string(),
        option.utilisation.map(|share| format!("{:.0} %", share * 100.0)).unwrap_or_default(),
        option.ttft_p95_seconds.map(|time| time.to_string()).unwrap_or_default(),
        option.tpot_seconds.map(|time| format!("{:.0} ms", time.0 * 1e3)).unwrap_or_default(),
        kept(option),
    ]
}

/// What was asked for, each value with where it comes from.
pub(super) fn requirements(report: &Report) -> Grid {
    let mut grid = Grid::new(&[("what", Align::Left), ("value", Align::Left), ("origin", Align::Left)]);
    for assumption in &report.assumptions {
        let source = assumption.source.as_str();
        if ["given", "default"].contains(&source) || source.starts_with("derived") {
            grid.push(vec![assumption.what.clone(), assumption.value.clone(), assumption.source.clone()]);
        }
    }
    grid
}

/// The models that are options, with what is published of them.
pub(super) fn models(report: &Report) -> Grid {
    let mut columns = vec![("model".to_owned(), Align::Left), ("parameters".to_owned(), Align::Right)];
    columns.extend(COMPARED.map(|benchmark| (format!("{benchmark}, %"), Align::Right)));
    columns.push(("licence".to_owned(), Align::Left));
    let columns: Vec<(&str, Align)> = columns.iter().map(|(name, align)| (name.as_str(), *align)).collect();
    let mut grid = Grid::new(&columns);
    for model in &report.models {
        let billions = |count: u64| format!("{:.1} G", count as f64 / 1e9);
        let mut cells = vec![
            model.name.clone(),
            if model.active_parameters * 2 < model.parameters {
                format!("{}, {} active", billions(model.parameters), billions(model.active_parameters))
            } else {
                billions(model.parameters)
            },
        ];
        cells.extend(COMPARED.map(|benchmark| {
            let published = model.benchmarks.iter().find(|one| one.benchmark == benchmark);
            published.map(|one| format!("{:.1}", one.score)).unwrap_or_default()
        }));
        cells.push(model.licence.clone());
        grid.push(cells);
    }
    grid
}

/// What is to be ordered.
pub(super) fn bill(report: &Report) -> Grid {
    let mut grid = Grid::new(&[
        ("what", Align::Left),
        ("quantity", Align::Right),
        ("each", Align::Right),
        ("in all", Align::Right),
        ("paid", Align::Left),
        ("source of the price", Align::Left),
    ]);
    for line in report.bill() {
        grid.push(vec![
            line.what,
            line.quantity,
            line.each,
            line.total.to_string(),
            if line.is_up_front { "up front" } else { "each year" }.to_owned(),
            line.source,
        ]);
    }
    grid
}

/// What somebody must look at before signing.
pub(super) fn findings(report: &Report) -> Grid {
    let mut grid =
        Grid::new(&[("question", Align::Left), ("what is known", Align::Left), ("verdict", Align::Left)]);
    for finding in report.findings() {
        let told = if finding.needs_review { "needs review" } else { "pass" };
        grid.push(vec![finding.what.to_owned(), finding.known, told.to_owned()]);
    }
    grid
}

/// What is reckoned how.
pub(super) fn method() -> Grid {
    let mut grid = Grid::new(&[("what", Align::Left), ("how", Align::Left)]);
    for (what, how) in METHOD {
        grid.push(vec![what.to_owned(), how.to_owned()]);
    }
    grid
}

/// When owning is cheaper than each way of paying as one goes.
pub(super) fn break_even(report: &Report) -> Grid {
    let mut grid = Grid::new(&[
        ("against", Align::Left),
        ("way", Align::Left),
        ("used above", Align::Right),
        ("million tokens a month above", Align::Right),
        ("paid back in", Align::Right),
    ]);
    for one in &report.break_even {
        grid.push(vec![
            one.against.clone(),
            one.kind.name().to_owned(),
            one.utilisation
                .map(|share| if share > 1.0 { "never".to_owned() } else { format!("{:.0} %", share * 100.0) })
                .unwrap_or_default(),
            one.tokens_per_month.map(|tokens| format!("{:.0}", tokens / 1e6)).unwrap_or_default(),
            one.payback_months.map_or_else(|| "never".to_owned(), |months| format!("{months:.0} months")),
        ]);
    }
    grid
}

/// What a year of owning costs when one assumption changes.
pub(super) fn sensitivity(report: &Report) -> Grid {
    let mut grid = Grid::new(&[
        ("a year of owning, when", Align::Left),
        ("low", Align::Right),
        ("high", Align::Right),
        ("costs at low", Align::Right),
        ("costs at high", Align::Right),
    ]);
    for one in &report.sensitivity {
        let swing = &one.swing;
        grid.push(vec![
            swing.driver.clone(),
            swing.values[0].to_string(),
            swing.values[2].to_string(),
            swing.costs[0].to_string(),
            swing.costs[1].to_string(),
        ]);
    }
    grid
}

/// Every figure that the document rests on.
pub(super) fn assumptions(report: &Report) -> Grid {
    let mut grid = Grid::new(&[
        ("what", Align::Left),
        ("value", Align::Left),
        ("source", Align::Left),
        ("confidence", Align::Left),
    ]);
    for assumption in &report.assumptions {
        let confidence =
            assumption.confidence.map(|one| format!("{one:?}").to_lowercase()).unwrap_or_default();
        grid.push(vec![
            assumption.what.clone(),
            assumption.value.clone(),
            assumption.source.clone(),
            confidence,
        ]);
    }
    grid
}

/// Who signs.
pub(super) fn sign_off() -> Grid {
    let mut grid = Grid::new(&[
        ("role", Align::Left),
        ("name", Align::Left),
        ("date", Align::Left),
        ("conditions", Align::Left),
    ]);
    for role in ["requester", "technical", "finance", "security", "procurement", "legal"] {
        grid.push(vec![role.to_owned(), String::new(), String::new(), String::new()]);
    }
    grid
}
