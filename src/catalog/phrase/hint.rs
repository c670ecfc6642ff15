//! What a person probably meant by words that mean nothing: a name as the catalog has it, never one put together from theirs.

use std::borrow::Cow;
use std::ops::Range;

use crate::catalog::{Catalog, CatalogError, CpuPlatform, NamedMachine, accelerator_name};

/// The known name that is nearest to a run of words around the unknown ones.
pub(super) fn nearest(
    text: &str,
    words: &[super::word::Word],
    unknown: &Range<usize>,
    catalog: &Catalog,
) -> Result<Option<String>, CatalogError> {
    // A number alone is like many.
    if words[unknown.clone()].iter().all(|word| word.text.len() < 3) {
        return Ok(None);
    }
    let known = known_names(catalog)?;
    let reach = 4;
    let first = unknown.start.saturating_sub(reach);
    let last = (unknown.end + reach).min(words.len());
    let mut best: Option<(f64, &Cow<'_, str>)> = None;
    for start in first..=unknown.start {
        for end in unknown.end..=last {
            let run = text[words[start].span.start..words[end - 1].span.end].to_lowercase();
            // A short word is like many.
            if run.chars().count() < 4 {
                continue;
            }
            for name in &known {
                let score = likeness(&run, name);
                if score > best.map_or(0.9, |(best, _)| best) {
                    best = Some((score, name));
                }
            }
        }
    }
    Ok(best.map(|(_, name)| name.clone().into_owned()))
}

/// From 0 to 1; a single slip in a name is near however short the name is.
fn likeness(typed: &str, known: &str) -> f64 {
    let known = known.to_lowercase();
    let (long, short) = (typed.len().max(known.len()), typed.len().min(known.len()));
    if long - short > 3 {
        return 0.0;
    }
    let slips = strsim::osa_distance(typed, &known);
    if slips == 0 || slips > 2 {
        return 0.0;
    }
    let first = typed.chars().next() == known.chars().next();
    strsim::jaro_winkler(typed, &known) + if slips == 1 { 0.05 } else { 0.0 } - if first { 0.0 } else { 0.1 }
}

fn known_names(catalog: &Catalog) -> Result<Vec<Cow<'_, str>>, CatalogError> {
    let machines = catalog.named_machines()?.iter().flat_map(NamedMachine::known_as);
    let cards = catalog.accelerators()?.iter().flat_map(accelerator_name::known_as);
    let platforms = catalog.cpu_platforms()?;
    let patterns = platforms.iter().flat_map(|platform| &platform.patterns).map(String::as_str);
    let cpus = patterns.filter(|pattern| !pattern.contains(['#', '*']));
    let known = machines.chain(cards).chain(cpus).filter(|name| !name.contains('/')).map(Cow::Borrowed);
    let members = platforms.iter().flat_map(CpuPlatform::members).map(Cow::Owned);
    Ok(known.chain(members).collect())
}
