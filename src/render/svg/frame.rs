use maud::{Markup, html};

use super::{Scale, money, place, share, short};
use crate::i18n::Locale;

/// A quantity along one side.
#[derive(Clone, Debug)]
pub(in crate::render) struct Axis {
    /// Where its values lie.
    pub(in crate::render) scale: Scale,
    /// What it is, with its unit.
    pub(in crate::render) title: String,
    /// What its ticks are.
    pub(in crate::render) ticks: Ticks,
}

/// What the ticks of an axis are, by which they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::render) enum Ticks {
    Numbers,
    Money,
    Shares,
    Unnamed,
}

impl Ticks {
    fn label(self, value: f64, locale: &Locale) -> String {
        match self {
            Self::Numbers => short(value),
            Self::Money => money(value, locale),
            Self::Shares => share(value, locale),
            Self::Unnamed => String::new(),
        }
    }
}

/// Two axes with a grid.
#[derive(Clone, Debug)]
pub(in crate::render) struct Frame<'a> {
    /// In which the ticks are written.
    pub(in crate::render) locale: &'a Locale,
    /// The one below.
    pub(in crate::render) x: Axis,
    /// The one at the left.
    pub(in crate::render) y: Axis,
}

impl Frame<'_> {
    /// Where a point is drawn.
    pub(in crate::render) fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.x.scale.at(x), self.y.scale.at(y))
    }

    /// The axes and the grid.
    pub(in crate::render) fn draw(&self) -> Markup {
        let ([left, right], [bottom, _]) = (self.x.scale.range(), self.y.scale.range());
        html! {
            (self.rows())
            @for tick in self.x.scale.ticks() {
                @let x = self.x.scale.at(tick);
                path class="grid" d=(format!("M{} {}V{}", place(x), place(bottom), place(bottom + 5.0))) {}
                text class="axis" x=(place(x)) y=(place(bottom + 18.0)) text-anchor="middle" {
                    (self.x.ticks.label(tick, self.locale))
                }
            }
            text class="axis" x=(place(f64::midpoint(left, right))) y=(place(bottom + 36.0)) text-anchor="middle" {
                (self.x.title)
            }
        }
    }

    /// The axis at the left with its grid, and a line below.
    pub(in crate::render) fn rows(&self) -> Markup {
        let ([left, right], [bottom, top]) = (self.x.scale.range(), self.y.scale.range());
        let corner = format!("M{0} {1}V{2}H{3}", place(left), place(top), place(bottom), place(right));
        html! {
            @for tick in self.y.scale.ticks() {
                @let y = self.y.scale.at(tick);
                path class="grid" d=(format!("M{} {}H{}", place(left), place(y), place(right))) {}
                text class="axis" x=(place(left - 6.0)) y=(place(y + 4.0)) text-anchor="end" {
                    (self.y.ticks.label(tick, self.locale))
                }
            }
            path class="frame" d=(corner) {}
            text class="axis" x=(place(left)) y=(place(top - 8.0)) { (self.y.title) }
        }
    }
}
