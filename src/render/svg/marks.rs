use maud::{Markup, html};

use super::{Frame, place};

/// Dashes of the series, in their order.
const DASHES: [&str; 5] = ["none", "8 4", "2 3", "10 3 2 3", "16 5"];

/// Half of a marker's size.
const MARKER: f64 = 4.5;

/// The line of a series through points of a frame.
pub(in crate::render) fn line(frame: &Frame<'_>, series: usize, points: &[(f64, f64)]) -> Markup {
    let path: Vec<String> = points
        .iter()
        .map(|(x, y)| frame.at(*x, *y))
        .map(|(x, y)| format!("{} {}", place(x), place(y)))
        .collect();
    let path = format!("M{}", path.join("L"));
    let dash = DASHES[series % DASHES.len()];
    html! { path class=(format!("line s{series}")) stroke-dasharray=(dash) d=(path) {} }
}

/// A marker of a series: each has a shape of its own.
pub(in crate::render) fn marker(frame: &Frame<'_>, series: usize, at: (f64, f64)) -> Markup {
    shape(series, frame.at(at.0, at.1))
}

/// The same at a place in the drawing's units.
pub(super) fn shape(series: usize, (x, y): (f64, f64)) -> Markup {
    let (m, class) = (MARKER, format!("mark s{series}"));
    html! {
        @match series % 4 {
            0 => { circle class=(class) cx=(place(x)) cy=(place(y)) r=(place(m)) {} }
            1 => { rect class=(class) x=(place(x - m)) y=(place(y - m)) width=(place(2.0 * m)) height=(place(2.0 * m)) {} }
            2 => {
                path class=(class) d=(format!(
                    "M{} {}L{} {}L{} {}Z", place(x), place(y - m), place(x + m), place(y + m), place(x - m), place(y + m)
                )) {}
            }
            _ => {
                path class=(class) d=(format!(
                    "M{} {}L{} {}L{} {}L{} {}Z",
                    place(x), place(y - m * 1.3), place(x + m * 1.3), place(y), place(x), place(y + m * 1.3),
                    place(x - m * 1.3), place(y)
                )) {}
            }
        }
    }
}

/// A dashed line across the frame at a height, with its name above it at the left.
pub(in crate::render) fn rule_across(frame: &Frame<'_>, y: f64, name: &str) -> Markup {
    let [left, right] = frame.x.scale.range();
    let at = frame.y.scale.at(y);
    html! {
        path class="rule" stroke-dasharray="4 3" d=(format!("M{} {}H{}", place(left), place(at), place(right))) {}
        text class="note" x=(place(left + 6.0)) y=(place(at - 5.0)) { (name) }
    }
}

/// A dashed line up the frame at a place, with its name at its top: beside it, on the side that has room.
pub(in crate::render) fn rule_up(frame: &Frame<'_>, x: f64, name: &str) -> Markup {
    let ([left, right], [bottom, top]) = (frame.x.scale.range(), frame.y.scale.range());
    let at = frame.x.scale.at(x);
    let is_right = at > f64::midpoint(left, right);
    html! {
        path class="rule" stroke-dasharray="4 3" d=(format!("M{} {}V{}", place(at), place(bottom), place(top))) {}
        text class="note" x=(place(if is_right { at - 6.0 } else { at + 6.0 })) y=(place(top + 11.0))
            text-anchor=(if is_right { "end" } else { "start" }) { (name) }
    }
}

/// Words at a point of a frame, `(dx, dy)` from it.
pub(in crate::render) fn note(
    frame: &Frame<'_>,
    at: (f64, f64),
    (dx, dy): (f64, f64),
    words: &str,
) -> Markup {
    let (x, y) = frame.at(at.0, at.1);
    let anchor = if dx < 0.0 { "end" } else { "start" };
    html! { text class="note" x=(place(x + dx)) y=(place(y + dy)) text-anchor=(anchor) { (words) } }
}

/// A bar, by two corners in the drawing's units.
pub(in crate::render) fn bar(class: &str, from: (f64, f64), to: (f64, f64)) -> Markup {
    html! {
        rect class=(class) x=(place(from.0.min(to.0))) y=(place(from.1.min(to.1)))
            width=(place((to.0 - from.0).abs())) height=(place((to.1 - from.1).abs())) {}
    }
}

/// Steps under which a frame is filled, as `(from, to, height)`.
pub(in crate::render) fn area(frame: &Frame<'_>, class: &str, steps: &[(f64, f64, f64)]) -> Markup {
    html! {
        @for (from, to, height) in steps {
            @let [bottom, _] = frame.y.scale.range();
            @let (left, top) = frame.at(*from, *height);
            (bar(class, (left, top), (frame.x.scale.at(*to), bottom)))
        }
    }
}
