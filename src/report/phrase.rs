//! Figures and lists, as a sentence has them.

use crate::lang::Lang;
use crate::tr;
use crate::units::Seconds;

/// A share in whole percent.
#[must_use]
pub fn percent(share: f64, lang: Lang) -> String {
    tr!(lang, "{:.0} %", "{:.0}%", share * 100.0)
}

/// The same with a decimal near the whole, where it says which side of it something is on.
pub(super) fn near_percent(share: f64, lang: Lang) -> String {
    let places = usize::from((share - 1.0).abs() < 0.02 && (share - 1.0).abs() > 1e-9);
    tr!(lang, "{:.places$} %", "{:.places$}%", share * 100.0, places = places)
}

/// A time in whole milliseconds, as times between tokens are told.
#[must_use]
pub fn milliseconds(time: Seconds, lang: Lang) -> String {
    tr!(lang, "{:.0} ms", "{:.0} 毫秒", time.0 * 1e3)
}

/// So many GPUs.
#[must_use]
pub fn gpus_in_words(count: u32, lang: Lang) -> String {
    match count {
        1 => tr!(lang, "one GPU", "单块 GPU"),
        _ => tr!(lang, "{count} GPUs", "{count} 块 GPU"),
    }
}

/// A figure to about three digits: `0.325`, `1.08`, `42.1`, `2983`.
pub(super) fn digits(figure: f64) -> String {
    let places = match figure.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    format!("{figure:.places$}")
}

/// Things, as one sentence names them: `A, B and C`.
#[must_use]
pub fn listed(parts: &[String], lang: Lang) -> String {
    match (parts.split_last(), lang) {
        (Some((last, [])), _) => last.clone(),
        (Some((last, rest)), Lang::En) => format!("{} and {last}", rest.join(", ")),
        _ => parts.join("、"),
    }
}

/// What is said of several things, in one sentence.
pub(super) fn clauses(parts: &[String], lang: Lang) -> String {
    match lang {
        Lang::En => listed(parts, lang),
        Lang::Zh => parts.join("；"),
    }
}
