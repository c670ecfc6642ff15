//! What must hold of the catalog's values.

use super::price::oldest;
use super::table::Violation;
use crate::message;
use crate::message::Message;

pub(super) fn broken(path: impl Into<String>, rule: Message) -> Violation {
    Violation { path: path.into(), rule }
}

pub(super) fn must(holds: bool, path: &str, rule: Message) -> Result<(), Violation> {
    if holds { Ok(()) } else { Err(broken(path, rule)) }
}

/// Ids are typed on command lines and stand in file names.
pub(super) fn id(id: &str) -> Result<(), Violation> {
    let typeable = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
    must(!id.is_empty() && id.chars().all(typeable), "id", message!(CatalogRuleId))
}

pub(super) fn positive(path: &str, figure: Option<f64>) -> Result<(), Violation> {
    match figure {
        Some(figure) if !(figure.is_finite() && figure > 0.0) => {
            Err(broken(path, message!(CatalogRulePositive { figure: figure.to_string() })))
        }
        _ => Ok(()),
    }
}

pub(super) fn at_least_one(path: &str, count: u32) -> Result<(), Violation> {
    must(count > 0, path, message!(CatalogRuleAtLeastOne))
}

/// A day, a month or a year, as exactly as it is known: `2022-10-12`, `2022-10`, `2022`.
pub(super) fn date(path: &str, date: Option<&str>) -> Result<(), Violation> {
    match date {
        Some(date) if oldest(date).is_none() => Err(broken(path, message!(CatalogRuleDate { date }))),
        _ => Ok(()),
    }
}
