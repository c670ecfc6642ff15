//! Amounts as the report writes them.

use crate::message;
use crate::message::{Value, fixed, percent};
use crate::units::Seconds;

/// A share as percent, with a decimal near the whole, where it says which side of it something is on.
pub(super) fn near_percent(share: f64) -> Value {
    let is_near = (share - 1.0).abs() < 0.02 && (share - 1.0).abs() > 1e-9;
    percent(share, usize::from(is_near))
}

/// A time in whole milliseconds, as times between tokens are written.
#[must_use]
pub fn milliseconds(time: Seconds) -> Value {
    message!(TimeMilliseconds { number: fixed(time.0 * 1e3, 0) }).into()
}

/// A figure to about three digits: `0.325`, `1.08`, `42.1`, `2983`.
pub(super) fn digits(figure: f64) -> Value {
    let places = match figure.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    fixed(figure, places)
}
