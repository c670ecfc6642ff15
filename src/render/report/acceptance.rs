//! The acceptance test: what to run, and when it is passed.

use std::io;

use maud::{Markup, html};

use crate::both;
use crate::lang::{Lang, Text};
use crate::report::{AcceptanceLine, Report};
use crate::tr;

/// How the lines are to be run.
fn how() -> Text {
    both!(
        "On the machines that were delivered, from another one beside them, with HOST in place of its address. Every line ends with exit \
         code 1 where too few requests keep the promise:",
        "在同一网络的另一台机器上对交付的设备运行，并把 HOST 换成其地址。未满足 SLO 的请求过多时，命令的退出码为 1："
    )
}

/// What a line must show, as a sentence.
fn pass(line: &AcceptanceLine, lang: Lang) -> String {
    tr!(lang, "{}.", "{}。", line.pass.told(lang))
}

pub(super) fn markdown(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    if report.acceptance.is_empty() {
        return Ok(());
    }
    let lang = report.lang;
    writeln!(out, "{}\n", how().told(lang))?;
    for line in &report.acceptance {
        if let Some(before) = &line.before {
            writeln!(out, "{}\n", before.told(lang))?;
        }
        writeln!(out, "```sh\n{}\n```\n\n{}\n", line.command, pass(line, lang))?;
    }
    Ok(())
}

pub(super) fn html(report: &Report) -> Markup {
    html! {
        @if !report.acceptance.is_empty() { p { (how().told(report.lang)) } }
        @for line in &report.acceptance {
            @if let Some(before) = &line.before { p { (before.told(report.lang)) } }
            pre tabindex="0" { code { (line.command) } }
            p { (pass(line, report.lang)) }
        }
    }
}
