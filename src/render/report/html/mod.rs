//! The document as one page that needs nothing else: no network, no file beside it. Without a script it is whole.

mod what_if;

use std::io;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::document::{Block, Heading, Section, State, Table, Writer};
use crate::render::Align;
use crate::report::WhatIf;
use crate::say;

const STYLE: &str = include_str!("page.css");

/// Nothing may be loaded from anywhere, whatever the page holds.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; \
                      form-action 'none'";

/// Writes the page.
pub(super) fn write(writer: Writer<'_>, what_if: &WhatIf, out: &mut dyn io::Write) -> io::Result<()> {
    let Writer { report, locale, .. } = writer;
    let document = writer.document();
    let page = Page { writer, what_if };
    let script = what_if::script(what_if, report, locale)?;
    let contents = say!(locale, ReportContents);
    let (front, sections): (Vec<&Section>, Vec<&Section>) =
        document.sections.iter().partition(|section| section.heading == Heading::Decision);
    let page = html! {
        (DOCTYPE)
        html lang=(say!(locale, ReportPageLanguage)) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content=(format!("r1-advisor {}", report.version));
                title { (document.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (document.title) }
                    p.byline { time datetime=(report.date) { (report.date) } " · r1-advisor " (report.version) }
                }
                main {
                    @for section in front { section.front id=(section.heading.id()) { (page.body(section)) } }
                    nav aria-label=(contents) {
                        h2 { (contents) }
                        ul {
                            @for section in &sections {
                                li { a href=(format!("#{}", section.heading.id())) { (section.title) } }
                            }
                        }
                    }
                    @for section in &sections { section id=(section.heading.id()) { (page.body(section)) } }
                }
                (script)
            }
        }
    };
    writeln!(out, "{}", page.into_string())
}

struct Page<'a> {
    writer: Writer<'a>,
    what_if: &'a WhatIf,
}

impl Page<'_> {
    fn body(&self, section: &Section) -> Markup {
        html! { h2 { (section.title) } @for block in &section.blocks { (self.block(block)) } }
    }

    fn block(&self, block: &Block) -> Markup {
        let locale = self.writer.locale;
        match block {
            Block::Heading(title) => html! { h3 { (title) } },
            Block::Choice(text) => html! { p.choice { strong { (text) } } },
            Block::Text([before, strong, after]) if strong.is_empty() => html! { p { (before) (after) } },
            Block::Text([before, strong, after]) => html! { p { (before) strong { (strong) } (after) } },
            Block::Note { id, text } => html! { p.note id=[id] { (text) } },
            Block::Warning(warning) => html! {
                p.warning { strong { (say!(locale, ReportWarningLabel)) " " } (warning) }
            },
            Block::Bullets(lines) => {
                html! { @if !lines.is_empty() { ul { @for line in lines { li { (line) } } } } }
            }
            Block::Steps(lines) => html! { ol { @for line in lines { li { (line) } } } },
            Block::Amounts(amounts) => html! {
                dl.amounts { @for [what, amount] in amounts { div { dt { (what) } dd { (amount) } } } }
            },
            Block::Table(one) => table(one),
            Block::Chart(figure) => html! {
                figure {
                    figcaption { strong { (figure.title) } }
                    div.plot tabindex="0" { (figure.drawing) }
                    p.reading { (figure.reading) }
                }
            },
            Block::Sliders => what_if::form(self.what_if, locale),
            Block::Code { text, .. } => html! { pre tabindex="0" { code { (text.trim_end()) } } },
        }
    }
}

/// A table that can be scrolled where the page is narrow: what is recommended stands out, what may not be taken is struck
/// out.
fn table(table: &Table) -> Markup {
    html! {
        div.scroll role="region" aria-label=(table.caption) tabindex="0" {
            table id=[table.id] {
                caption { (table.caption) }
                thead {
                    tr {
                        @for (title, align) in &table.columns {
                            th.number[*align == Align::Right] scope="col" { (title) }
                        }
                    }
                }
                tbody {
                    @for row in &table.rows {
                        tr.chosen[row.state == State::Chosen].struck[row.state == State::Struck] {
                            @for (at, (cell, (_, align))) in row.cells.iter().zip(&table.columns).enumerate() {
                                @if at == table.head {
                                    th scope="row" {
                                        @if row.state == State::Struck { s { (cell) } } @else { (cell) }
                                    }
                                } @else if let Some(class) = verdict(row.state).filter(|_| at + 1 == row.cells.len()) {
                                    td class=(class) { (cell) }
                                } @else {
                                    td.number[*align == Align::Right] { (cell) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The class of the last cell of a requirement.
const fn verdict(state: State) -> Option<&'static str> {
    match state {
        State::Met => Some("kept"),
        State::Missed => Some("broken"),
        State::Unknown => Some("open"),
        State::Plain | State::Chosen | State::Struck => None,
    }
}
