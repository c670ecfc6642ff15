//! The document that a purchase is decided by, for a terminal, as Markdown, as rows and as a page.

mod acceptance;
mod decision;
mod figures;
mod headings;
mod html;
mod launch;
mod markdown;
mod sentences;
mod tables;

use std::io;

use super::{Format, Grid, Style, View, wrapped};
use crate::report::{PageFigures, Report};
use crate::tr;
use decision::decision;

/// The document that a purchase is decided by.
#[derive(Debug)]
pub struct ReportView {
    /// The document.
    pub report: Report,
    /// Charts and sliders, which only a page shows.
    pub figures: Option<PageFigures>,
}

impl View for ReportView {
    type Data = Report;

    fn data(&self) -> &Report {
        &self.report
    }

    fn grid(&self) -> Grid {
        tables::options(&self.report)
    }

    fn records(&self) -> Grid {
        tables::records(&self.report)
    }

    fn markdown(&self, _: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        markdown::Sections(&self.report).write(out)
    }

    fn write_special(&self, format: Format, out: &mut dyn io::Write) -> io::Result<()> {
        match (format, &self.figures) {
            (Format::Html, Some(figures)) => html::write(&self.report, figures, out),
            _ => Err(io::Error::new(io::ErrorKind::Unsupported, "this result has no such format")),
        }
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let report = &self.report;
        for warning in &report.warnings {
            wrapped("! ", warning, style, out)?;
        }
        wrapped("", &decision(report), style, out)?;
        writeln!(out)?;
        tables::options(report).text(style, out)?;
        wrapped("", &sentences::columns_note(style.lang), style, out)?;
        let measured = sentences::measured(report);
        for line in measured.iter().chain(&report.flip_points).chain(&report.relaxations) {
            wrapped("  - ", line, style, out)?;
        }
        writeln!(out)?;
        let rest = tr!(
            style.lang,
            "The whole document: --format html or markdown; the tables: --format csv or json",
            "完整报告：--format html 或 markdown；表格数据：--format csv 或 json"
        );
        wrapped("", &rest, style, out)
    }
}
