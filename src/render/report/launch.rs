//! The files that start what was chosen.

use std::io;

use maud::{Markup, html};

use crate::both;
use crate::lang::Text;
use crate::report::Report;

/// What stands in their place where there are none.
fn nothing() -> Text {
    both!(
        "Nothing is to be started here: what is recommended has an OpenAI-compatible endpoint already, or there is nothing.",
        "此处无需启动任何服务：推荐方案已提供兼容 OpenAI 的接口，或没有可行方案。"
    )
}

pub(super) fn markdown(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    if report.launch.is_empty() {
        return writeln!(out, "{}\n", nothing());
    }
    for file in &report.launch {
        writeln!(out, "`{}`: {}\n", file.name, file.what)?;
        writeln!(out, "```{}\n{}```\n", language(file.name), file.text)?;
    }
    Ok(())
}

pub(super) fn html(report: &Report) -> Markup {
    html! {
        @if report.launch.is_empty() { p { (nothing().to_string()) } }
        @for file in &report.launch {
            p { code { (file.name) } ": " (file.what.to_string()) }
            pre tabindex="0" { code { (file.text.to_string()) } }
        }
    }
}

/// What a file's name says of what is in it.
fn language(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((_, "yaml")) => "yaml",
        Some((_, "sh")) => "sh",
        _ => "text",
    }
}
