//! The document that a purchase is decided by, for a terminal, as Markdown, as rows and as a page: blocks that are built
//! once, and a writer for each format.

mod document;
mod figures;
mod html;
mod markdown;
mod text;

use std::io;

use serde::Serialize;

use super::{Format, Grid, Reader, Style, View};
use crate::i18n::Locale;
use crate::message::Message;
use crate::report::{PageFigures, Report};
use document::Writer;

pub use document::script;

/// The document that a purchase is decided by.
#[derive(Debug)]
pub struct ReportView {
    data: ReportData,
    figures: Option<PageFigures>,
    locale: Locale,
}

/// What programs read of it.
#[derive(Debug, Serialize)]
pub struct ReportData {
    #[serde(flatten)]
    report: Report,
    launch: Vec<WrittenFile>,
}

/// A file that starts what was chosen, with comments in the reader's language.
#[derive(Debug, Serialize)]
struct WrittenFile {
    name: &'static str,
    what: Message,
    text: String,
}

impl ReportView {
    /// A report, with charts and sliders where they are to be drawn.
    #[must_use]
    pub fn new(report: Report, figures: Option<PageFigures>, locale: Locale) -> Self {
        let written = report.launch.iter().map(|file| WrittenFile {
            name: file.name,
            what: file.what.clone(),
            text: script(&file.script, &locale),
        });
        Self { data: ReportData { launch: written.collect(), report }, figures, locale }
    }

    /// The report.
    #[must_use]
    pub const fn report(&self) -> &Report {
        &self.data.report
    }

    fn writer(&self) -> Writer<'_> {
        Writer { report: &self.data.report, locale: &self.locale, figures: self.figures.as_ref() }
    }
}

impl View for ReportView {
    type Data = ReportData;

    fn data(&self) -> &ReportData {
        &self.data
    }

    fn table(&self, _: Reader, _: Style<'_>) -> Grid {
        // Programs get US dollars, whatever people see.
        document::records(&self.data.report, &Locale::new(self.locale.lang))
    }

    fn markdown(&self, _: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        markdown::write(&self.writer().document(), &self.data.report, &self.locale, out)
    }

    fn write_special(&self, format: Format, out: &mut dyn io::Write) -> io::Result<()> {
        match (format, &self.figures) {
            (Format::Html, Some(figures)) => html::write(self.writer(), &figures.what_if, out),
            _ => Err(io::Error::new(io::ErrorKind::Unsupported, "this result has no such format")),
        }
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        text::write(&self.writer().brief(), style, out)
    }
}
