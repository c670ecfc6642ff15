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
    // What begins with a dash would be a flag.
    let begins = id.starts_with(|c: char| c.is_ascii_alphanumeric());
    must(begins && id.chars().all(typeable), "id", message!(CatalogRuleId))
}

/// A repository as the hubs name one: it stands in addresses, and in scripts that a shell runs.
pub(super) fn repository(path: &str, name: &str) -> Result<(), Violation> {
    let is_name = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    let holds = name.split_once('/').is_some_and(|(owner, name)| is_name(owner) && is_name(name));
    must(holds, path, message!(CatalogRuleRepository))
}

/// The path of a file within a repository: it stands in addresses, and under a folder of the user's.
pub(super) fn file_path(path: &str, file: &str) -> Result<(), Violation> {
    let is_plain = |part: &str| {
        !part.is_empty()
            && !matches!(part, "." | "..")
            && !part.starts_with('-')
            && part.chars().all(|c| c.is_alphanumeric() || "-_.*+ ()[]@=,".contains(c))
    };
    must(file.split('/').all(is_plain), path, message!(CatalogRuleFilePath))
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
