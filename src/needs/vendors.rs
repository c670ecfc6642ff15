use super::NeedsError;
use super::organisation::Tagged;
use crate::catalog::Catalog;
use crate::error::nearest;
use crate::machine::Vendor;

/// The makers of accelerators that can be named.
const MAKERS: [Vendor; 4] = [Vendor::Nvidia, Vendor::Amd, Vendor::Intel, Vendor::Apple];

/// Whether a name, as people type it, is that of a maker of accelerators.
#[must_use]
pub fn is_maker(name: &str) -> bool {
    MAKERS.iter().any(|maker| maker.to_string().eq_ignore_ascii_case(name))
}

/// Makers of accelerators and providers, all of whom must be known.
pub(super) fn named(given: &[String], catalog: &Catalog) -> Result<Tagged<Vec<String>>, NeedsError> {
    let mut known: Vec<String> = MAKERS.iter().map(ToString::to_string).collect();
    known.extend(catalog.rentals()?.iter().map(|one| one.provider.clone()));
    known.extend(catalog.api_prices()?.iter().map(|one| one.provider.clone()));
    let named = given.iter().map(|name| name.trim()).map(|name| {
        known.iter().find(|known| known.eq_ignore_ascii_case(name)).cloned().ok_or_else(|| {
            NeedsError::Vendor {
                name: name.to_owned(),
                nearest: nearest(name, known.iter().map(String::as_str)).map(str::to_owned),
            }
        })
    });
    let mut named = named.collect::<Result<Vec<_>, _>>()?;
    // Makers first, so that the same names come in the same order.
    named.sort_by_key(|name| !is_maker(name));
    Ok(Tagged::or((!named.is_empty()).then_some(named), Vec::new()))
}
