use std::io;

use super::document::{Block, Document, State};
use crate::i18n::Locale;
use crate::report::Report;
use crate::say;

pub(super) fn write(
    document: &Document,
    report: &Report,
    locale: &Locale,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    writeln!(out, "# {}\n", document.title)?;
    writeln!(out, "{} · r1-advisor {}\n", report.date, report.version)?;
    for section in &document.sections {
        writeln!(out, "## {}\n", section.title)?;
        for one in &section.blocks {
            block(one, locale, out)?;
        }
    }
    Ok(())
}

fn block(block: &Block, locale: &Locale, out: &mut dyn io::Write) -> io::Result<()> {
    match block {
        Block::Heading(title) => writeln!(out, "### {title}\n"),
        Block::Choice(text) => writeln!(out, "**{text}**\n"),
        Block::Text([before, strong, after]) if strong.is_empty() => writeln!(out, "{before}{after}\n"),
        Block::Text([before, strong, after]) => writeln!(out, "{before}**{strong}**{after}\n"),
        Block::Note { text, .. } if text.is_empty() => Ok(()),
        Block::Note { text, .. } => writeln!(out, "{text}\n"),
        Block::Warning(warning) => writeln!(out, "> **{}** {warning}\n", say!(locale, ReportWarningLabel)),
        Block::Bullets(lines) => items(lines, |_| "-".to_owned(), out),
        Block::Steps(lines) => items(lines, |at| format!("{}.", at + 1), out),
        Block::Amounts(amounts) => {
            let lines: Vec<String> = amounts
                .iter()
                .map(|[what, amount]| format!("{what}{}", say!(locale, ReportColon { text: amount })))
                .collect();
            items(&lines, |_| "-".to_owned(), out)
        }
        Block::Table(table) => {
            table
                .grid(|name, state| match state {
                    State::Chosen => format!("**{name}**"),
                    State::Struck => format!("~~{name}~~"),
                    State::Plain | State::Met | State::Missed | State::Unknown => name.to_owned(),
                })
                .markdown(out)?;
            writeln!(out)
        }
        // For a page.
        Block::Chart(_) | Block::Sliders => Ok(()),
        Block::Code { language, text } => writeln!(out, "```{language}\n{}\n```\n", text.trim_end()),
    }
}

fn items(lines: &[String], mark: fn(usize) -> String, out: &mut dyn io::Write) -> io::Result<()> {
    for (at, line) in lines.iter().enumerate() {
        writeln!(out, "{} {line}", mark(at))?;
    }
    if lines.is_empty() { Ok(()) } else { writeln!(out) }
}
