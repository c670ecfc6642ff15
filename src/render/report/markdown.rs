use std::io;

use super::decision::decision;
use super::{acceptance, launch, sentences, tables};
use crate::render::Grid;
use crate::report::Report;

/// The sections of the document, in the order in which it is read.
pub(super) struct Sections<'a>(pub(super) &'a Report);

impl Sections<'_> {
    pub(super) fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let report = self.0;
        writeln!(out, "# Serving {}: what to buy, rent or call\n", report.needs.model.value)?;
        writeln!(out, "{} · r1-advisor {}\n", report.date, report.version)?;
        for warning in &report.warnings {
            writeln!(out, "> **Note.** {warning}\n")?;
        }
        section("1. Decision", out)?;
        writeln!(out, "{}\n", decision(report))?;
        section("2. Requirements", out)?;
        table(&tables::requirements(report), out)?;
        section("3. Model and quality", out)?;
        writeln!(out, "{}\n", sentences::models(report))?;
        table(&tables::models(report), out)?;
        section("4. Load", out)?;
        let [before, rate, after] = sentences::load(report);
        writeln!(out, "{before}**{rate}**{after}\n")?;
        section("5. Sizing", out)?;
        writeln!(out, "{}\n", sentences::sizing(report))?;
        bullets(&report.relaxations, out)?;
        section("6. Options", out)?;
        table(&tables::options_in_full(report), out)?;
        writeln!(out, "{}\n", sentences::OPTIONS_NOTE)?;
        section("7. Bill of materials", out)?;
        table(&tables::bill(report), out)?;
        writeln!(out, "{}\n", sentences::BILL_NOTE)?;
        section("8. Site", out)?;
        writeln!(out, "{}\n", sentences::site(report))?;
        section("9. Cost by year", out)?;
        for [name, sums] in sentences::costs(report) {
            writeln!(out, "**{name}**: {sums}\n")?;
        }
        section("10. Break-even", out)?;
        self.break_even(out)?;
        section("11. Sensitivity", out)?;
        table(&tables::sensitivity(report), out)?;
        self.second_half(out)
    }

    fn second_half(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let report = self.0;
        section("12. Risks", out)?;
        bullets(&report.risks, out)?;
        section("13. Compliance and privacy", out)?;
        table(&tables::findings(report), out)?;
        section("14. Implementation", out)?;
        bullets(&report.steps(), out)?;
        writeln!(out, "How to start it:\n")?;
        launch::markdown(report, out)?;
        section("15. Acceptance test", out)?;
        acceptance::markdown(report, out)?;
        section("16. Assumptions", out)?;
        table(&tables::assumptions(report), out)?;
        writeln!(out, "Not modelled:\n")?;
        for what in &report.not_modelled {
            writeln!(out, "- {what}")?;
        }
        writeln!(out)?;
        section("17. Sign-off", out)?;
        table(&tables::sign_off(), out)?;
        section("Appendix: method", out)?;
        table(&tables::method(), out)?;
        writeln!(out, "{}\n", sentences::AGAIN)?;
        code(&[report.command()], out)
    }

    fn break_even(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let report = self.0;
        if report.break_even.is_empty() {
            return writeln!(out, "Nothing that can be bought keeps the promise.\n");
        }
        writeln!(out, "Buying the cheapest machines that keep the promise is cheaper than\n")?;
        tables::break_even(report).markdown(out)?;
        writeln!(out)?;
        bullets(&report.flip_points, out)
    }
}

fn table(grid: &Grid, out: &mut dyn io::Write) -> io::Result<()> {
    grid.markdown(out)?;
    writeln!(out)
}

fn section(title: &str, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "## {title}\n")
}

fn bullets(lines: &[String], out: &mut dyn io::Write) -> io::Result<()> {
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
