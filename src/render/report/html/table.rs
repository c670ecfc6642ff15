use maud::{Markup, html};

use crate::lang::Lang;
use crate::render::report::tables::{option_cells, option_grid};
use crate::render::{Align, Grid};
use crate::report::{Check, Report};
use crate::tr;

/// A grid as a table that can be scrolled where the page is narrow.
pub(super) fn table(caption: &str, grid: &Grid) -> Markup {
    around(None, caption, &rows(grid))
}

/// The same under a name, by which the script finds it.
pub(super) fn named(id: &str, caption: &str, grid: &Grid) -> Markup {
    around(Some(id), caption, &rows(grid))
}

fn rows(grid: &Grid) -> Markup {
    html! {
        (head(grid.columns()))
        tbody {
            @for row in grid.rows() {
                tr {
                    @for (at, (cell, (_, align))) in row.iter().zip(grid.columns()).enumerate() { (one(at == 0, *align, cell)) }
                }
            }
        }
    }
}

/// Every option: the recommended one stands out, what may not be taken is struck out.
pub(super) fn options(report: &Report) -> Markup {
    let chosen = report.recommended.as_ref().map(|chosen| chosen.option);
    let lang = report.lang;
    let grid = option_grid(lang);
    let columns = grid.columns();
    around(
        Some("options-table"),
        &tr!(lang, "Every way at the same load, promise and years", "各方案的负载、SLO 与年限相同"),
        &html! {
            (head(columns))
            tbody {
                @for (at, option) in report.options.iter().enumerate() {
                    @let struck = option.excluded.is_some();
                    tr.chosen[chosen == Some(at)].struck[struck] {
                        @for (column, (cell, (_, align))) in option_cells(option, lang).iter().zip(columns).enumerate() {
                            @if column == 1 {
                                th scope="row" { @if struck { s { (cell) } } @else { (cell) } }
                            } @else { (one(false, *align, cell)) }
                        }
                    }
                }
            }
        },
    )
}

fn around(id: Option<&str>, caption: &str, rows: &Markup) -> Markup {
    html! {
        div.scroll role="region" aria-label=(caption) tabindex="0" {
            table id=[id] { caption { (caption) } (rows) }
        }
    }
}

fn head(columns: &[(String, Align)]) -> Markup {
    html! {
        thead { tr { @for (name, align) in columns { th.number[*align == Align::Right] scope="col" { (name) } } } }
    }
}

fn one(names_the_row: bool, align: Align, cell: &str) -> Markup {
    html! {
        @if names_the_row { th scope="row" { (cell) } }
        @else { td.number[align == Align::Right] { (cell) } }
    }
}

/// Requirement by requirement, what the recommended way keeps: told by a word, not by colour alone.
pub(super) fn checks(checks: &[Check], lang: Lang) -> Markup {
    let columns = [
        tr!(lang, "requirement", "要求"),
        tr!(lang, "asked", "目标"),
        tr!(lang, "reached", "实际"),
        tr!(lang, "kept", "达标"),
    ]
    .map(|name| (name, Align::Left));
    around(
        None,
        &tr!(lang, "What the recommended way keeps", "所建议方案的达标情况"),
        &html! {
            (head(&columns))
            tbody {
                @for check in checks {
                    @let (class, word) = match check.is_kept {
                        Some(true) => ("kept", tr!(lang, "yes", "是")),
                        Some(false) => ("broken", tr!(lang, "no", "否")),
                        None => ("open", tr!(lang, "not known", "未知")),
                    };
                    tr { th scope="row" { (check.what) } td { (check.asked) } td { (check.reached) } td class=(class) { (word) } }
                }
            }
        },
    )
}
