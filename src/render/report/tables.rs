//! The tables of the document.

use super::decision::{kept, named};
use super::sentences::payback;
use crate::catalog::Confidence;
use crate::lang::Lang;
use crate::render::{Align, Grid};
use crate::report::{COMPARED, PlanOption, Report, Sensitivity, milliseconds, percent};
use crate::tr;

/// A grid with columns in a language.
fn grid<const N: usize>(lang: Lang, columns: [(&str, &str, Align); N]) -> Grid {
    Grid::new(&columns.map(|(en, zh, align)| {
        let name = match lang {
            Lang::En => en,
            Lang::Zh => zh,
        };
        (name, align)
    }))
}

/// Every option, as wide as a terminal.
pub(super) fn options(report: &Report) -> Grid {
    let lang = report.lang;
    let mut grid = grid(
        lang,
        [
            ("", "", Align::Left),
            ("way", "方式", Align::Left),
            ("what", "内容", Align::Left),
            ("of it", "数量", Align::Right),
            ("up front", "前期投入", Align::Right),
            ("a year", "年成本", Align::Right),
            ("NPV", "净现值", Align::Right),
            ("1M", "百万 token", Align::Right),
            ("TPOT", "TPOT", Align::Right),
            ("kept", "达标", Align::Left),
        ],
    );
    let chosen = report.recommended.as_ref().map(|chosen| chosen.option);
    for (at, option) in report.options.iter().enumerate() {
        grid.push(vec![
            if chosen == Some(at) { "→" } else { "" }.to_owned(),
            option.kind.name(lang).to_owned(),
            named(option, lang),
            option.quantity.map(|count| count.to_string()).unwrap_or_default(),
            option.capex.to_string(),
            option.yearly_cost.to_string(),
            option.net_present_cost.to_string(),
            option.cost_per_million_tokens.amount().to_string(),
            option.tpot_seconds.map(|time| milliseconds(time, lang)).unwrap_or_default(),
            kept(option, lang),
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
            option.kind.name(Lang::En).to_owned(),
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
    let lang = report.lang;
    let mut grid = option_grid(lang);
    let chosen = report.recommended.as_ref().map(|chosen| chosen.option);
    for (at, option) in report.options.iter().enumerate() {
        let mut cells = option_cells(option, lang);
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
const OPTION_COLUMNS: [(&str, &str, Align); 12] = [
    ("way", "方式", Align::Left),
    ("what", "内容", Align::Left),
    ("of it", "数量", Align::Right),
    ("up front", "前期投入", Align::Right),
    ("a year", "年成本", Align::Right),
    ("NPV", "净现值", Align::Right),
    ("1M tokens", "每百万 token", Align::Right),
    ("a user and month", "每用户每月", Align::Right),
    ("used", "利用率", Align::Right),
    ("TTFT p95", "TTFT p95", Align::Right),
    ("TPOT p95", "TPOT p95", Align::Right),
    ("kept", "达标", Align::Left),
];

/// A grid for [`option_cells`].
pub(super) fn option_grid(lang: Lang) -> Grid {
    grid(lang, OPTION_COLUMNS)
}

/// An option's row.
pub(super) fn option_cells(option: &PlanOption, lang: Lang) -> Vec<String> {
    vec![
        option.kind.name(lang).to_owned(),
        named(option, lang),
        option.quantity.map(|count| count.to_string()).unwrap_or_default(),
        option.capex.to_string(),
        option.yearly_cost.to_string(),
        option.net_present_cost.to_string(),
        option.cost_per_million_tokens.amount().to_string(),
        option.cost_per_user_month.to_string(),
        option.utilisation.map(|share| percent(share, lang)).unwrap_or_default(),
        option.ttft_p95_seconds.map(|time| time.display(lang)).unwrap_or_default(),
        option.tpot_seconds.map(|time| milliseconds(time, lang)).unwrap_or_default(),
        kept(option, lang),
    ]
}

/// What was asked for, each value with where it comes from.
pub(super) fn requirements(report: &Report) -> Grid {
    let mut grid = grid(
        report.lang,
        [("what", "项目", Align::Left), ("value", "取值", Align::Left), ("origin", "来源", Align::Left)],
    );
    for assumption in report.assumptions.iter().filter(|assumption| assumption.origin.is_some()) {
        grid.push(vec![assumption.what.clone(), assumption.value.clone(), assumption.source.clone()]);
    }
    grid
}

/// The models that are options, with what is published of them.
pub(super) fn models(report: &Report) -> Grid {
    let lang = report.lang;
    let mut columns =
        vec![(tr!(lang, "model", "模型"), Align::Left), (tr!(lang, "parameters", "参数量"), Align::Right)];
    columns.extend(COMPARED.map(|benchmark| (tr!(lang, "{benchmark}, %", "{benchmark}（%）"), Align::Right)));
    columns.push((tr!(lang, "licence", "许可证"), Align::Left));
    let columns: Vec<(&str, Align)> = columns.iter().map(|(name, align)| (name.as_str(), *align)).collect();
    let mut grid = Grid::new(&columns);
    for model in &report.models {
        let billions = |count: u64| format!("{:.1} G", count as f64 / 1e9);
        let mut cells = vec![
            model.name.clone(),
            if model.active_parameters * 2 < model.parameters {
                tr!(
                    lang,
                    "{}, {} active",
                    "{}，激活 {}",
                    billions(model.parameters),
                    billions(model.active_parameters)
                )
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
    let lang = report.lang;
    let mut grid = grid(
        lang,
        [
            ("what", "项目", Align::Left),
            ("quantity", "数量", Align::Right),
            ("each", "单价", Align::Right),
            ("in all", "合计", Align::Right),
            ("paid", "付款", Align::Left),
            ("source of the price", "价格来源", Align::Left),
        ],
    );
    for line in report.bill() {
        let paid =
            if line.is_up_front { tr!(lang, "up front", "前期") } else { tr!(lang, "each year", "每年") };
        grid.push(vec![line.what, line.quantity, line.each, line.total.to_string(), paid, line.source]);
    }
    grid
}

/// What somebody must look at before signing.
pub(super) fn findings(report: &Report) -> Grid {
    let lang = report.lang;
    let mut grid = grid(
        lang,
        [
            ("question", "问题", Align::Left),
            ("what is known", "已知情况", Align::Left),
            ("verdict", "结论", Align::Left),
        ],
    );
    for finding in report.findings() {
        let told = if finding.needs_review {
            tr!(lang, "needs review", "须审查")
        } else {
            tr!(lang, "pass", "通过")
        };
        grid.push(vec![finding.what, finding.known, told]);
    }
    grid
}

/// What is reckoned how.
pub(super) fn method(lang: Lang) -> Grid {
    let mut grid = grid(lang, [("what", "项目", Align::Left), ("how", "算法", Align::Left)]);
    for row in crate::report::method(lang) {
        grid.push(row.into());
    }
    grid
}

/// When owning is cheaper than each way of paying as one goes.
pub(super) fn break_even(report: &Report) -> Grid {
    let lang = report.lang;
    let mut grid = grid(
        lang,
        [
            ("against", "对比方案", Align::Left),
            ("way", "方式", Align::Left),
            ("used above", "利用率高于", Align::Right),
            ("million tokens a month above", "每月百万 token 高于", Align::Right),
            ("paid back in", "投资回收期", Align::Right),
        ],
    );
    let never = || tr!(lang, "never", "永不");
    for one in &report.break_even {
        grid.push(vec![
            one.against.clone(),
            one.kind.name(lang).to_owned(),
            one.utilisation
                .map(|share| if share > 1.0 { never() } else { percent(share, lang) })
                .unwrap_or_default(),
            one.tokens_per_month
                .map(|tokens| {
                    // More than the machines carry is no break-even.
                    if one.utilisation.is_some_and(|share| share > 1.0) {
                        never()
                    } else {
                        format!("{:.0}", tokens / 1e6)
                    }
                })
                .unwrap_or_default(),
            payback(one.payback_months, lang),
        ]);
    }
    grid
}

/// What a year of owning costs when one assumption changes.
pub(super) fn sensitivity(report: &Report) -> Grid {
    let lang = report.lang;
    let mut grid = grid(
        lang,
        [
            ("a year of owning, by", "自有年成本，随", Align::Left),
            ("low", "低值", Align::Right),
            ("high", "高值", Align::Right),
            ("costs at low", "低值时成本", Align::Right),
            ("costs at high", "高值时成本", Align::Right),
        ],
    );
    for Sensitivity { swing } in &report.sensitivity {
        let driver = swing.driver;
        grid.push(vec![
            driver.name(lang).to_owned(),
            driver.value(swing.values[0], lang),
            driver.value(swing.values[2], lang),
            swing.costs[0].to_string(),
            swing.costs[1].to_string(),
        ]);
    }
    grid
}

/// Every figure that the document rests on.
pub(super) fn assumptions(report: &Report) -> Grid {
    let lang = report.lang;
    let mut grid = grid(
        lang,
        [
            ("what", "项目", Align::Left),
            ("value", "取值", Align::Left),
            ("source", "来源", Align::Left),
            ("confidence", "置信度", Align::Left),
        ],
    );
    for assumption in &report.assumptions {
        grid.push(vec![
            assumption.what.clone(),
            assumption.value.clone(),
            assumption.source.clone(),
            assumption.confidence.map(|one| confidence(one, lang)).unwrap_or_default(),
        ]);
    }
    grid
}

fn confidence(confidence: Confidence, lang: Lang) -> String {
    match confidence {
        Confidence::Low => tr!(lang, "low", "低"),
        Confidence::Medium => tr!(lang, "medium", "中"),
        Confidence::High => tr!(lang, "high", "高"),
    }
}

/// Who signs.
pub(super) fn sign_off(lang: Lang) -> Grid {
    let mut grid = grid(
        lang,
        [
            ("role", "角色", Align::Left),
            ("name", "姓名", Align::Left),
            ("date", "日期", Align::Left),
            ("conditions", "附加条件", Align::Left),
        ],
    );
    for role in [
        tr!(lang, "requester", "申请人"),
        tr!(lang, "technical", "技术"),
        tr!(lang, "finance", "财务"),
        tr!(lang, "security", "安全"),
        tr!(lang, "procurement", "采购"),
        tr!(lang, "legal", "法务"),
    ] {
        grid.push(vec![role, String::new(), String::new(), String::new()]);
    }
    grid
}
