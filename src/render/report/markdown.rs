use std::io;

use super::decision::decision;
use super::headings::{Heading, title};
use super::{acceptance, launch, sentences, tables};
use crate::render::Grid;
use crate::report::Report;
use crate::tr;

/// The sections of the document, in the order in which it is read.
pub(super) struct Sections<'a>(pub(super) &'a Report);

impl Sections<'_> {
    pub(super) fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let (report, lang) = (self.0, self.0.lang);
        writeln!(out, "# {}\n", title(&report.needs.model.value, lang))?;
        writeln!(out, "{} · r1-advisor {}\n", report.date, report.version)?;
        for warning in &report.warnings {
            let line = tr!(lang, "> **Note.** {warning}\n", "> **注意：** {warning}\n");
            writeln!(out, "{line}")?;
        }
        self.section(Heading::Decision, out)?;
        writeln!(out, "{}\n", decision(report))?;
        self.section(Heading::Requirements, out)?;
        table(&tables::requirements(report), out)?;
        self.section(Heading::Model, out)?;
        writeln!(out, "{}\n", sentences::models(report))?;
        table(&tables::models(report), out)?;
        self.section(Heading::Load, out)?;
        let [before, rate, after] = sentences::load(report);
        writeln!(out, "{before}**{rate}**{after}\n")?;
        self.section(Heading::Sizing, out)?;
        writeln!(out, "{}\n", sentences::sizing(report))?;
        bullets(&report.relaxations, out)?;
        self.section(Heading::Options, out)?;
        table(&tables::options_in_full(report), out)?;
        writeln!(out, "{}\n", sentences::options_note(lang))?;
        bullets(&sentences::remarks(report), out)?;
        self.section(Heading::Bill, out)?;
        table(&tables::bill(report), out)?;
        writeln!(out, "{}\n", sentences::bill_note(lang))?;
        self.section(Heading::Site, out)?;
        writeln!(out, "{}\n", sentences::site(report))?;
        self.section(Heading::Cost, out)?;
        for [name, sums] in sentences::costs(report) {
            let line = tr!(lang, "**{name}**: {sums}\n", "**{name}**：{sums}\n");
            writeln!(out, "{line}")?;
        }
        self.section(Heading::BreakEven, out)?;
        self.break_even(out)?;
        self.section(Heading::Sensitivity, out)?;
        table(&tables::sensitivity(report), out)?;
        self.second_half(out)
    }

    fn second_half(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let (report, lang) = (self.0, self.0.lang);
        self.section(Heading::Risks, out)?;
        bullets(&report.risks, out)?;
        self.section(Heading::Compliance, out)?;
        table(&tables::findings(report), out)?;
        self.section(Heading::Implementation, out)?;
        bullets(&report.steps(), out)?;
        let start = tr!(lang, "How to start it:\n", "启动：\n");
        writeln!(out, "{start}")?;
        launch::markdown(report, out)?;
        self.section(Heading::Acceptance, out)?;
        acceptance::markdown(report, out)?;
        self.section(Heading::Assumptions, out)?;
        table(&tables::assumptions(report), out)?;
        let not_modelled = tr!(lang, "Not modelled:\n", "未纳入模型：\n");
        writeln!(out, "{not_modelled}")?;
        bullets(&report.not_modelled, out)?;
        self.section(Heading::SignOff, out)?;
        table(&tables::sign_off(lang), out)?;
        self.section(Heading::Method, out)?;
        table(&tables::method(lang), out)?;
        writeln!(out, "{}\n", sentences::again(lang))?;
        code(&[report.command()], out)
    }

    fn break_even(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let report = self.0;
        if report.break_even.is_empty() {
            return writeln!(out, "{}\n", sentences::nothing_to_buy(report.lang));
        }
        writeln!(out, "{}\n", sentences::break_even(report))?;
        table(&tables::break_even(report), out)?;
        writeln!(out, "{}\n", sentences::break_even_note(report.lang))?;
        bullets(&report.flip_points, out)
    }

    fn section(&self, heading: Heading, out: &mut dyn io::Write) -> io::Result<()> {
        writeln!(out, "## {}\n", heading.title(self.0.lang))
    }
}

fn table(grid: &Grid, out: &mut dyn io::Write) -> io::Result<()> {
    grid.markdown(out)?;
    writeln!(out)
}

fn bullets(lines: &[String], out: &mut dyn io::Write) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    for line in lines {
        writeln!(out, "- {line}")?;
    }
    writeln!(out)
}

fn code(lines: &[String], out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "```sh")?;
    for line in lines {
        writeln!(out, "{line}")?;
    }
    writeln!(out, "```\n")
}
