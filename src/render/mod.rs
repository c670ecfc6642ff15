//! Draws results. A renderer takes a plain result and an [`io::Write`]; it computes nothing.

mod answer;
mod bench;
mod compare;
mod devices;
mod estimate;
mod grid;
mod local_models;
mod machine;
mod model;
mod models;
mod outlook;
mod past;
mod placement;
mod probe;
mod pull;
mod recommend;
mod removal;
mod report;
mod served;
mod svg;
mod table;
mod text;
mod upgrade;
mod validate;

use std::fmt::Write as _;
use std::io;

use serde::Serialize;

use crate::i18n::{Locale, drawn};
use crate::message::steers;

use text::wrapped;

pub(crate) use text::{BAD, BOLD, GOOD, PLAIN, columns, lines, padded, shortened};

pub use answer::{
    AnswerReport, AnswerSettings, AnswerView, Circumstances, end_line, thinking_line, thought_line,
};
pub use bench::BenchView;
pub use compare::MachinesView;
pub use devices::DevicesView;
pub use estimate::EstimateView;
use estimate::raise_limit;
pub use grid::{Align, Grid};
pub use local_models::{LocalList, LocalModelsView, LocalRow, PartialRow};
pub use model::{ModelView, in_words};
pub use models::{ModelList, ModelRow, ModelsView};
pub use past::{ComparisonView, PastList, PastListView, ShownResult, ShownResultView};
pub use placement::placement;
pub(crate) use placement::{device, time_range};
pub use probe::{EngineView, ProbeData, ProbeView};
pub use pull::{PullReport, PullView, PulledFile, Verification};
pub use recommend::{DecisionView, next_commands};
pub(crate) use recommend::{reasons, rejection};
pub use removal::{RemovalReport, RemovalView};
pub use report::{ReportView, script};
pub use served::ServedView;
pub use table::{Cell, Column, Reader, Table};
pub use upgrade::UpgradesView;
pub use validate::{ValidationData, ValidationView};

/// How to write a result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// For programs; the keys are a promise.
    Json,
    /// For spreadsheets.
    Csv,
    /// For documents and issues.
    #[value(alias = "md")]
    Markdown,
    /// `report` only: a page to read, print and send.
    Html,
    /// `report` only: that page on A4, printed by an installed Chromium, Chrome or Edge.
    Pdf,
    /// `bench` only: llama-bench's table, to post where people post theirs.
    #[value(hide = true)]
    LlamaBench,
    /// `bench` only: llama-bench's rows, one a line.
    #[value(hide = true)]
    Jsonl,
    /// `bench` only: the same as statements for `SQLite`.
    #[value(hide = true, alias = "sql")]
    Sqlite,
}

impl Format {
    /// Whether every command writes it.
    #[must_use]
    pub const fn is_general(self) -> bool {
        matches!(self, Self::Table | Self::Json | Self::Csv | Self::Markdown)
    }
}

/// The version of the JSON that every command writes.
pub const JSON_SCHEMA_VERSION: u32 = 1;

/// How a table may look.
#[derive(Clone, Copy, Debug)]
pub struct Style<'a> {
    /// Columns that a line may take.
    pub width: u16,
    /// The language and currency of what people read.
    pub locale: &'a Locale,
}

/// A result that can be drawn in every format.
pub trait View {
    /// What the JSON holds, beside the schema's version.
    type Data: Serialize;

    /// The data of the JSON.
    fn data(&self) -> &Self::Data;

    /// The table that Markdown and CSV are made of.
    fn table(&self, reader: Reader, style: Style<'_>) -> Grid;

    /// Writes it as Markdown: the rows, or of a document all of it.
    fn markdown(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        self.table(Reader::Document, style).markdown(out)
    }

    /// Writes it in a format that not every result has.
    fn write_special(&self, _: Format, _: &mut dyn io::Write) -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "this result has no such format"))
    }

    /// Draws it for a person.
    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()>;
}

/// Writes a result in `format`.
pub fn write(view: &impl View, format: Format, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    match format {
        Format::Table => view.draw(style, out),
        Format::Json => json(view.data(), &Locale::new(style.locale.lang), out),
        Format::Csv => view.table(Reader::Program, style).csv(out),
        Format::Markdown => view.markdown(style, out),
        Format::Html | Format::Pdf | Format::LlamaBench | Format::Jsonl | Format::Sqlite => {
            view.write_special(format, out)
        }
    }
}

#[derive(Serialize)]
struct Versioned<'a, T> {
    schema_version: u32,
    #[serde(flatten)]
    data: &'a T,
}

/// The document that `--format json` writes of a result, with its messages in words.
#[must_use]
pub fn document<T: Serialize>(data: &T, locale: &Locale) -> serde_json::Value {
    let versioned = Versioned { schema_version: JSON_SCHEMA_VERSION, data };
    drawn(serde_json::to_value(versioned).unwrap_or_default(), locale)
}

fn json<T: Serialize>(data: &T, locale: &Locale, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "{}", escaped(&serde_json::to_string_pretty(&document(data, locale))?))
}

/// JSON in which what would steer a terminal is escaped: it means the same, and a program reads what was there.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if steers(character) {
            let _ = write!(text, "\\u{:04x}", u32::from(character));
        } else {
            text.push(character);
        }
    }
    text
}

/// A speed without its unit, to as many digits as it is sure.
pub(crate) fn digits(rate: f64) -> String {
    if rate < 9.95 { format!("{rate:.1}") } else { format!("{rate:.0}") }
}
