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
        "From a machine beside those that serve, or from one of your own where an API does; HOST stands for the address that serves. Every line ends with exit \
         code 1 where too few requests keep the promise:",
        "在服务设备同一网络的另一台机器上运行；若调用 API，则在自己的机器上运行。HOST 换成服务地址。未满足 SLO 的请求过多时，命令的退出码为 1："
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
