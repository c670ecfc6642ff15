//! Charts as SVG inside of a page: axes, lines that dashes and markers tell apart without colour, and labels that stand
//! beside what they name.
//!
//! Colours are the page's, by class: `s0` to `s4` for series, `axis`, `grid`, `rule`, `note`.

mod frame;
mod labels;
mod marks;
mod scale;

use maud::{Markup, html};

use crate::i18n::Locale;
use crate::say;

pub(super) use frame::{Axis, Frame, Ticks};
pub(super) use labels::{Label, end_labels};
pub(super) use marks::{area, bar, line, marker, note, rule_across, rule_up};
pub(super) use scale::Scale;

/// Width of a drawing, in its own units.
pub(super) const WIDTH: f64 = 760.0;

/// What a drawing is, for those who do not see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drawing<'a> {
    /// Unique in the page.
    pub(super) id: &'a str,
    /// What it shows.
    pub(super) title: &'a str,
    /// What to see in it.
    pub(super) description: &'a str,
    /// Its height; its width is [`WIDTH`].
    pub(super) height: f64,
}

impl Drawing<'_> {
    /// The drawing around its parts.
    pub(super) fn around(&self, parts: &Markup) -> Markup {
        let (title, description) = (format!("{}-title", self.id), format!("{}-description", self.id));
        html! {
            svg role="img" viewBox=(format!("0 0 {WIDTH} {}", self.height))
                aria-labelledby=(format!("{title} {description}")) {
                title id=(title) { (self.title) }
                desc id=(description) { (self.description) }
                (parts)
            }
        }
    }
}

/// A coordinate, to a tenth.
fn place(at: f64) -> String {
    format!("{:.1}", if at.abs() < 0.05 { 0.0 } else { at })
}

/// An amount on an axis: `$350k`, `$1.2M`.
pub(super) fn money(usd: f64, locale: &Locale) -> String {
    let (symbol, amount) = (&locale.currency.symbol, usd * locale.currency.per_usd);
    match amount.abs() {
        size if size >= 1e6 => format!("{symbol}{}M", short(amount / 1e6)),
        size if size >= 1e3 => format!("{symbol}{}k", short(amount / 1e3)),
        _ => format!("{symbol}{}", short(amount)),
    }
}

/// A number on an axis, without zeros that say nothing.
pub(super) fn short(number: f64) -> String {
    let places = match number.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        _ => 2,
    };
    let text = format!("{number:.places$}");
    if !text.contains('.') {
        return text;
    }
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A share on an axis.
pub(super) fn share(share: f64, locale: &Locale) -> String {
    say!(locale, UnitPercent { number: short(share * 100.0) })
}
