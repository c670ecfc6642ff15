//! What may not be taken whatever it costs: what comes from others than the allowed vendors, or stands elsewhere.

use super::plan::{MACHINE_AVAILABILITY, Site};
use super::way::Way;
use crate::catalog::{Accelerator, ApiPrice, Rental};
use crate::message;
use crate::message::{Message, Value, enumeration, fact, percent};
use crate::needs::{Origin, ReportCurrency, ReportNeeds, is_in, is_maker};

/// Why a way may not be taken, where vendors or the region forbid it.
pub(super) fn barred(site: &Site<'_>, way: Way<'_>) -> Option<Message> {
    match way {
        // What is there was allowed once.
        Way::Buy { offer, .. } if offer.held.is_some() => None,
        Way::Buy { offer, .. } => maker(site, &offer.accelerator),
        Way::Rent { rental, .. } => rented(site, rental),
        Way::Call { price, .. } => called(site, price),
        Way::Mix | Way::Wait => None,
    }
}

/// The same of rented GPUs.
pub(super) fn rented(site: &Site<'_>, rental: &Rental) -> Option<Message> {
    maker(site, &rental.accelerator)
        .or_else(|| provider(site, &rental.provider))
        .or_else(|| place(site, rental.region.as_deref()))
}

fn called(site: &Site<'_>, price: &ApiPrice) -> Option<Message> {
    provider(site, &price.provider).or_else(|| place(site, price.residency.as_deref()))
}

/// Makers limit machines only where one is among the allowed.
fn maker(site: &Site<'_>, accelerator: &str) -> Option<Message> {
    let allowed: Vec<&String> = site.needs.vendors.value.iter().filter(|name| is_maker(name)).collect();
    let accelerators: &[Accelerator] = site.catalog.accelerators().unwrap_or_default();
    let vendor = accelerators.iter().find(|one| one.id == accelerator)?.vendor.to_string();
    let is_barred = !allowed.is_empty() && !allowed.iter().any(|name| name.eq_ignore_ascii_case(&vendor));
    is_barred.then(|| not_allowed(&vendor))
}

/// Providers limit rents and APIs only where one is among the allowed.
fn provider(site: &Site<'_>, provider: &str) -> Option<Message> {
    let allowed: Vec<&String> = site.needs.vendors.value.iter().filter(|name| !is_maker(name)).collect();
    let is_barred = !allowed.is_empty() && !allowed.iter().any(|name| name.eq_ignore_ascii_case(provider));
    is_barred.then(|| not_allowed(provider))
}

fn not_allowed(vendor: &str) -> Message {
    message!(ReportExcludedVendor { vendor })
}

/// Where an offer says where it stands, that is held against the region; what says nothing is not judged.
fn place(site: &Site<'_>, stands_in: Option<&str>) -> Option<Message> {
    let (asked, stands_in) = (site.needs.region.value.as_deref()?, stands_in?);
    (!is_in(asked, stands_in)).then(|| message!(ReportExcludedPlace { stands_in, asked }))
}

/// What is to be asked of a provider whose prices do not say where they stand, where a region is needed.
pub(super) fn unplaced(site: &Site<'_>, stands_in: Option<&str>) -> Option<Message> {
    let asked = site.needs.region.value.as_deref().filter(|_| stands_in.is_none())?;
    Some(message!(ReportNotePlaceUnknown { asked }))
}

/// What the needs say of limits and of how amounts are shown, for the table of assumptions: what, how much, by whom.
pub(super) fn assumed(needs: &ReportNeeds) -> Vec<(Message, Value, Origin)> {
    let mut all = Vec::new();
    if let Some(share) = needs.availability.value {
        let origin = needs.availability.origin;
        all.push((message!(ReportNeedAvailability), exact_percent(share), origin));
        let each = message!(ReportMachineAvailability { share: percent(MACHINE_AVAILABILITY, 1) });
        all.push((message!(ReportNeedMachineAvailability), each.into(), Origin::Default));
    }
    if !needs.vendors.value.is_empty() {
        all.push((message!(ReportNeedVendors), enumeration(&needs.vendors.value), needs.vendors.origin));
    }
    if let Some(region) = &needs.region.value {
        all.push((message!(ReportNeedRegion), region.into(), needs.region.origin));
    }
    let inventory = &needs.inventory.value;
    if !inventory.folder.is_empty() {
        let machines =
            message!(ReportInventory { count: inventory.machines.len(), folder: &inventory.folder });
        all.push((message!(ReportNeedInventory), machines.into(), needs.inventory.origin));
    }
    if let Some(file) = &needs.prices.value {
        all.push((message!(ReportNeedPrices), file.into(), needs.prices.origin));
    }
    let ReportCurrency { code, per_usd, date, source, .. } = &needs.currency.value;
    if code != "USD" {
        let rate = per_usd.to_string();
        let rate = match source {
            Some(source) => message!(ReportRateOf { rate, code, date, source: fact(source) }),
            None => message!(ReportRate { rate, code, date }),
        };
        all.push((message!(ReportNeedDollar), rate.into(), needs.currency.origin));
    }
    all
}

/// A share as percent with all of its decimals.
pub(super) fn exact_percent(share: f64) -> Value {
    let percent = (share * 1e5).floor() / 1e3;
    let is_whole = |scale: f64| (percent * scale).fract().abs() < 1e-6;
    let decimals = [1.0, 10.0, 100.0].into_iter().take_while(|scale| !is_whole(*scale)).count();
    crate::message::percent(percent / 100.0, decimals)
}
