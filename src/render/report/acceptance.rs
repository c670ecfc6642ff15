//! The acceptance test: what to run, and when it is passed.

use std::io;

use maud::{Markup, html};

use crate::both;
use crate::lang::Text;
use crate::report::Report;

/// How the lines are to be run.
fn how() -> Text {
    both!(
        "On the machines that were delivered, from another one beside them, with HOST in place of its address. Every line ends with exit \
         code 1 where too few requests keep the promise:",
        "在同一网络的另一台机器上对交付的设备运行，并把 HOST 换成其地址。未满足承诺的请求过多时，命令的退出码为 1："
    )
}

pub(super) fn markdown(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    if report.acceptance.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}\n", how())?;
    for line in &report.acceptance {
        if let Some(before) = &line.before {
            writeln!(out, "{before}\n")?;
        }
        writeln!(out, "```sh\n{}\n```\n\n{}.\n", line.command, line.pass)?;
    }
    Ok(())
}

pub(super) fn html(report: &Report) -> Markup {
    html! {
        @if !report.acceptance.is_empty() { p { (how().to_string()) } }
        @for line in &report.acceptance {
            @if let Some(before) = &line.before { p { (before.to_string()) } }
            pre tabindex="0" { code { (line.command) } }
            p { (line.pass.to_string()) "." }
        }
    }
}
