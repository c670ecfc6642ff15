//! The files that start what was chosen.

use std::io;

use maud::{Markup, html};

use crate::both;
use crate::lang::Text;
use crate::report::Report;
use crate::tr;

/// What stands in their place where there are none.
fn nothing() -> Text {
    both!(
        "Nothing is to be started here: what is recommended has an OpenAI-compatible endpoint already.",
        "此处无需启动任何服务：所建议的方案已提供兼容 OpenAI 的接口。"
    )
}

pub(super) fn markdown(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let lang = report.lang;
    if report.launch.is_empty() {
        return writeln!(out, "{}\n", nothing().told(lang));
    }
    for file in &report.launch {
        writeln!(out, "{}\n", tr!(lang, "`{}`: {}", "`{}`：{}", file.name, file.what.told(lang)))?;
        writeln!(out, "```{}\n{}```\n", language(file.name), file.text.told(lang))?;
    }
    Ok(())
}

pub(super) fn html(report: &Report) -> Markup {
    html! {
        @if report.launch.is_empty() { p { (nothing().told(report.lang)) } }
        @for file in &report.launch {
            p { code { (file.name) } (tr!(report.lang, ": {}", "：{}", file.what.told(report.lang))) }
            pre tabindex="0" { code { (file.text.told(report.lang)) } }
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
