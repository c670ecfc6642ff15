//! What may not be taken whatever it costs: what comes from others than the allowed vendors, or stands elsewhere.

use super::checks::Check;
use super::needs::{Origin, ReportCurrency, ReportNeeds};
use super::option::PlanOption;
use super::plan::{MACHINE_AVAILABILITY, Site};
use super::region::is_in;
use super::way::Way;
use crate::both;
use crate::catalog::{Accelerator, ApiPrice, Catalog, Rental};
use crate::lang::{Lang, Text};
use crate::machine::Vendor;
use crate::tr;

/// Why a way may not be taken, where vendors or the region forbid it.
pub(super) fn barred(site: &Site<'_>, way: Way<'_>) -> Option<Text> {
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
pub(super) fn rented(site: &Site<'_>, rental: &Rental) -> Option<Text> {
    maker(site, &rental.accelerator)
        .or_else(|| provider(site, &rental.provider))
        .or_else(|| place(site, rental.region.as_deref()))
}

fn called(site: &Site<'_>, price: &ApiPrice) -> Option<Text> {
    provider(site, &price.provider).or_else(|| place(site, price.residency.as_deref()))
}

/// Who makes accelerators, as a person types it.
#[must_use]
pub fn is_maker(name: &str) -> bool {
    MAKERS.iter().any(|maker| maker.to_string().eq_ignore_ascii_case(name))
}

/// The makers that can be named.
pub const MAKERS: [Vendor; 4] = [Vendor::Nvidia, Vendor::Amd, Vendor::Intel, Vendor::Apple];

/// Makers limit machines only where one is among the allowed.
fn maker(site: &Site<'_>, accelerator: &str) -> Option<Text> {
    let allowed: Vec<&String> = site.needs.vendors.value.iter().filter(|name| is_maker(name)).collect();
    let accelerators: &[Accelerator] = site.catalog.accelerators().unwrap_or_default();
    let vendor = accelerators.iter().find(|one| one.id == accelerator)?.vendor.to_string();
    let is_barred = !allowed.is_empty() && !allowed.iter().any(|name| name.eq_ignore_ascii_case(&vendor));
    is_barred.then(|| not_allowed(&vendor))
}

/// Providers limit rents and APIs only where one is among the allowed.
fn provider(site: &Site<'_>, provider: &str) -> Option<Text> {
    let allowed: Vec<&String> = site.needs.vendors.value.iter().filter(|name| !is_maker(name)).collect();
    let is_barred = !allowed.is_empty() && !allowed.iter().any(|name| name.eq_ignore_ascii_case(provider));
    is_barred.then(|| not_allowed(provider))
}

fn not_allowed(vendor: &str) -> Text {
    both!("{vendor} is not among the allowed vendors", "{vendor} 不在允许的供应商之列")
}

/// Where an offer says where it stands, that is held against the region; what says nothing is not judged.
fn place(site: &Site<'_>, stands_in: Option<&str>) -> Option<Text> {
    let (asked, stands_in) = (site.needs.region.value.as_deref()?, stands_in?);
    (!is_in(asked, stands_in))
        .then(|| both!("stands in {stands_in}, not in {asked}", "位于 {stands_in}，不在 {asked}"))
}

/// What is to be asked of a provider whose prices do not say where they stand, where a region was asked for.
pub(super) fn unplaced(site: &Site<'_>, stands_in: Option<&str>) -> Option<String> {
    let asked = site.needs.region.value.as_deref().filter(|_| stands_in.is_none())?;
    Some(tr!(
        site.lang,
        "where it stands is not said: ask whether it is in {asked} before signing",
        "未说明所在地点：签约前须确认是否位于 {asked}"
    ))
}

/// What was said of limits and of how amounts are shown, for the table of assumptions: what, how much, by whom.
pub(super) fn assumed(needs: &ReportNeeds, catalog: &Catalog) -> Vec<(Text, Text, Origin)> {
    let mut all = Vec::new();
    if let Some(share) = needs.availability.value {
        let percent = share * 100.0;
        let told = both!("{percent} %", "{percent}%");
        all.push((both!("availability", "可用性目标"), told, needs.availability.origin));
        all.push((
            both!("share of time in which a machine is up", "单台机器的可用性"),
            both!(
                "{:.1} %: one fails every 264 days (16,384 H100 over 54 days, Llama 3, 2024), and service takes three",
                "{:.1}%：每 264 天故障一次（Llama 3，2024 年，16,384 块 H100 运行 54 天），维修需 3 天",
                MACHINE_AVAILABILITY * 100.0
            ),
            Origin::Default,
        ));
    }
    if !needs.vendors.value.is_empty() {
        let names = (needs.vendors.value.join(", "), needs.vendors.value.join("、"));
        all.push((
            both!("allowed vendors", "允许的供应商"),
            Text { en: names.0, zh: names.1 },
            needs.vendors.origin,
        ));
    }
    if let Some(region) = &needs.region.value {
        all.push((both!("region", "所在地区"), region.as_str().into(), needs.region.origin));
    }
    let inventory = &needs.inventory.value;
    if !inventory.folder.is_empty() {
        let (count, folder) = (inventory.machines.len(), &inventory.folder);
        all.push((
            both!("machines that are there", "现有设备"),
            both!("{count}, of `{folder}`", "{count} 台（`{folder}`）"),
            needs.inventory.origin,
        ));
    }
    if let Some(file) = &needs.prices.value {
        all.push((both!("prices of one's own", "自有报价"), file.as_str().into(), needs.prices.origin));
    }
    let currency = &needs.currency.value;
    if currency.code != "USD" {
        let ReportCurrency { code, per_usd, date, source, .. } = currency;
        let told = source.as_ref().map_or_else(
            || "".into(),
            |source| {
                let Text { en, zh } = catalog.text(source);
                both!(", {en}", "，{zh}")
            },
        );
        all.push((
            both!("a US dollar", "1 美元"),
            Text {
                en: format!("{per_usd} {code} ({date}{})", told.en),
                zh: format!("{per_usd} {code}（{date}{}）", told.zh),
            },
            needs.currency.origin,
        ));
    }
    all
}

/// Whether as many machines are up as the availability that was asked for takes.
pub(super) fn availability_check(option: &PlanOption, needs: &ReportNeeds, lang: Lang) -> Option<Check> {
    let asked = needs.availability.value?;
    let reached = option.deployment.as_ref().map(|deployment| deployment.availability);
    let percent = |share: f64| tr!(lang, "{} %", "{}%", (share * 1e5).floor() / 1e3);
    Some(Check {
        what: tr!(lang, "availability", "可用性"),
        asked: percent(asked),
        reached: match reached {
            Some(share) => percent(share),
            None => tr!(lang, "the provider's to promise", "由服务商承诺"),
        },
        is_kept: reached.map(|share| share >= asked),
    })
}
