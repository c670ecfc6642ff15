//! The document as one page that needs nothing else: no network, no file beside it. Without a script it is whole.

mod front;
mod sections;
mod table;
mod what_if;

use std::io;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::figures::Figure;
use crate::report::{PageFigures, Report};
use sections::Section;

const STYLE: &str = include_str!("page.css");

/// Nothing may be loaded from anywhere, whatever the page holds.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; \
                      form-action 'none'";

/// Writes the page.
pub(super) fn write(report: &Report, figures: &PageFigures, out: &mut dyn io::Write) -> io::Result<()> {
    let title = format!("Serving {}: what to buy, rent or call", report.needs.model.value);
    let sections = sections::all(report, figures);
    let script = what_if::script(&figures.what_if)?;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
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
                    nav aria-label="Contents" {
                        h2 { "Contents" }
                        ul {
                            @for (at, section) in sections.iter().enumerate() {
                                li { a href=(format!("#{}", section.id)) { (heading(at, section)) } }
                            }
                        }
                    }
                    @for (at, section) in sections.iter().enumerate() {
                        section id=(section.id) { h2 { (heading(at, section)) } (section.body) }
                    }
                }
                (script)
            }
        }
    };
    writeln!(out, "{}", page.into_string())
}

/// The number and the title of a section; the decision has the first one, an appendix none.
fn heading(at: usize, section: &Section) -> String {
    if section.id == "method" { section.title.to_owned() } else { format!("{}. {}", at + 2, section.title) }
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
