//! Names of hardware as people write them in tables.

use crate::catalog::{Accelerator, Catalog, CatalogError, Counted};

/// What stands outside of parentheses, and what stands inside, at commas taken apart.
pub(super) fn parts(text: &str) -> (String, Vec<String>) {
    let (mut outside, mut inside) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('(') {
        let (within, behind) = after.split_once(')').unwrap_or((after, ""));
        outside.push_str(before);
        inside.extend(within.split([',', ';']).map(|part| part.trim().to_owned()));
        rest = behind;
    }
    outside.push_str(rest);
    (outside.split_whitespace().collect::<Vec<_>>().join(" "), inside)
}

/// The accelerator that a whole name means, or the part outside of parentheses, or one inside; else the longest run of
/// their words that means one, the earliest of those.
pub(super) fn accelerator<'a>(
    whole: &str,
    outside: &str,
    inside: &[String],
    catalog: &'a Catalog,
) -> Result<Option<&'a Accelerator>, CatalogError> {
    let pcie = whole.to_lowercase().contains("pcie");
    let parts = || std::iter::once(outside).chain(inside.iter().map(String::as_str));
    for name in std::iter::once(whole).chain(parts()) {
        let name = Counted::in_front(name).map_or(name, |counted| counted.name);
        if let Some(found) = meant(name.trim_end_matches("class").trim(), pcie, catalog)? {
            return Ok(Some(found));
        }
    }
    let inside = inside.join(" ");
    for part in [outside, &inside] {
        let words: Vec<&str> =
            part.split([' ', '/', ',', ';']).filter(|word| !word.is_empty() && *word != "class").collect();
        for run in (1..=words.len()).rev().flat_map(|length| words.windows(length)) {
            let name = run.join(" ");
            if name.contains(|c: char| c.is_ascii_digit())
                && let Some(found) = meant(&name, pcie, catalog)?
            {
                return Ok(Some(found));
            }
        }
    }
    Ok(None)
}

/// The accelerator of this name. `A100 80GB` is sold on two boards: unless PCIe is named, it is the one with links.
fn meant<'a>(name: &str, pcie: bool, catalog: &'a Catalog) -> Result<Option<&'a Accelerator>, CatalogError> {
    match catalog.accelerator(name) {
        Ok(found) => Ok(Some(found)),
        Err(CatalogError::Ambiguous { candidates, .. }) => {
            let named = candidates.iter().map(|name| catalog.accelerator(name));
            let boards = named.collect::<Result<Vec<_>, _>>()?;
            let meant = boards.iter().find(|board| board.is_card() == pcie).or(boards.first());
            Ok(meant.copied())
        }
        Err(CatalogError::Unknown { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
