//! The document as one page that needs nothing else: no network, no file beside it. Without a script it is whole.

mod front;
mod sections;
mod table;
mod what_if;

use std::io;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::figures::Figure;
use super::headings;
use crate::lang::Lang;
use crate::report::{PageFigures, Report};
use crate::tr;

const STYLE: &str = include_str!("page.css");

/// Nothing may be loaded from anywhere, whatever the page holds.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; \
                      form-action 'none'";

/// Writes the page.
pub(super) fn write(report: &Report, figures: &PageFigures, out: &mut dyn io::Write) -> io::Result<()> {
    let lang = report.lang;
    let title = headings::title(&report.needs.model.value, lang);
    let sections = sections::all(report, figures);
    let script = what_if::script(&figures.what_if, lang)?;
    let contents = tr!(lang, "Contents", "目录");
    let page = html! {
        (DOCTYPE)
        html lang=(tag(lang)) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content=(format!("r1-advisor {}", report.version));
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (title) }
                    p.byline { time datetime=(report.date) { (report.date) } " · r1-advisor " (report.version) }
                }
                main {
                    (front::page(report))
                    nav aria-label=(contents) {
                        h2 { (contents) }
                        ul {
                            @for (heading, _) in &sections {
                                li { a href=(format!("#{}", heading.id())) { (heading.title(lang)) } }
                            }
                        }
                    }
                    @for (heading, body) in &sections {
                        section id=(heading.id()) { h2 { (heading.title(lang)) } (body) }
                    }
                }
                (script)
            }
        }
    };
    writeln!(out, "{}", page.into_string())
}

/// A language as HTML has it.
const fn tag(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "en",
        Lang::Zh => "zh-Hans",
    }
}

/// A chart with its title and its reading.
fn figure(figure: &Figure) -> Markup {
    html! {
        figure {
            figcaption { strong { (figure.title) } }
            div.plot tabindex="0" { (figure.drawing) }
            p.reading { (figure.reading) }
        }
    }
}

fn bullets(lines: &[String]) -> Markup {
    html! { @if !lines.is_empty() { ul { @for line in lines { li { (line) } } } } }
}

fn code(lines: &[String]) -> Markup {
    html! { pre tabindex="0" { code { (lines.join("\n")) } } }
}
