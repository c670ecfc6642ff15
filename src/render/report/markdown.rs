use std::io;

use super::decision::decision;
use super::{sentences, tables};
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
        tables::requirements(report).markdown(out)?;
        writeln!(out)?;
        section("3. Load", out)?;
        let [before, rate, after] = sentences::load(report);
        writeln!(out, "{before}**{rate}**{after}\n")?;
        section("4. Options", out)?;
        tables::options_in_full(report).markdown(out)?;
        writeln!(out, "\n{}\n", sentences::OPTIONS_NOTE)?;
        section("5. Sizing", out)?;
        self.sizing(out)?;
        section("6. Cost by year", out)?;
        for [name, sums] in sentences::costs(report) {
            writeln!(out, "**{name}**: {sums}\n")?;
        }
        section("7. Break-even", out)?;
        self.break_even(out)?;
        section("8. Sensitivity", out)?;
        tables::sensitivity(report).markdown(out)?;
        writeln!(out)?;
        section("9. Risks", out)?;
        bullets(&report.risks, out)?;
        section("10. How to start it", out)?;
        code(&report.launch, out)?;
        section("11. Acceptance test", out)?;
        if let Some((command, rest)) = report.acceptance.split_first() {
            code(std::slice::from_ref(command), out)?;
            bullets(rest, out)?;
        }
        section("12. Assumptions", out)?;
        tables::assumptions(report).markdown(out)?;
        writeln!(out)?;
        section("13. What is not modelled", out)?;
        for what in &report.not_modelled {
            writeln!(out, "- {what}")?;
        }
        writeln!(out)?;
        section("14. Sign-off", out)?;
        tables::sign_off().markdown(out)
    }

    fn sizing(&self, out: &mut dyn io::Write) -> io::Result<()> {
        for sentence in sentences::sizing(self.0) {
            writeln!(out, "{sentence}\n")?;
        }
        bullets(&self.0.relaxations, out)
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
