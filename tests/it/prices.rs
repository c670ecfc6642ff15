//! Prices of the catalog: that they are whole, that they name what is there, and what a wrong price file is told.

use std::fs;

use r1_advisor::catalog::{
    Billing, Catalog, CatalogError, Confidence, HardwarePrice, MachineKind, PriceKind, Rental, is_stale,
};
use r1_advisor::error::Failure;
use r1_advisor::i18n::Locale;
use r1_advisor::units::{Usd, UsdPerHour, UsdPerMillionTokens};

fn catalog() -> Catalog {
    Catalog::embedded().expect("the shipped catalog is right")
}

/// What reading all prices says under a file of the user's.
fn complaint(file: &str, text: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("prices")).expect("a folder");
    fs::write(folder.path().join("prices").join(file), text).expect("a file");
    let catalog = match Catalog::overlaid([folder.path()]) {
        Ok(catalog) => catalog,
        Err(error) => return told(&error, folder.path()),
    };
    let read = || -> Result<(), CatalogError> {
        catalog.api_prices()?;
        catalog.rentals()?;
        catalog.machine_prices()?;
        catalog.power_prices()?;
        catalog.sites()?;
        catalog.currencies()?;
        Ok(())
    };
    read().err().map_or("no complaint".to_owned(), |error| told(&error, folder.path()))
}

fn told(error: &CatalogError, folder: &std::path::Path) -> String {
    let locale = Locale::default();
    let text = locale.say(&error.message()).replace(&format!("{}/", folder.display()), "");
    error.hint().map_or(text.clone(), |hint| format!("{text}\n{}", locale.say(&hint)))
}

#[test]
fn every_size_can_be_called_somewhere_and_so_can_successors() {
    let catalog = catalog();
    let prices = catalog.api_prices().expect("prices");
    for model in catalog.models() {
        let served = prices.iter().filter(|price| price.model.as_deref() == Some(&model.id) && price.served);
        assert!(served.count() > 0, "{}", model.id);
    }
    assert!(prices.iter().any(|price| price.model.is_none() && price.provider == "DeepSeek"));
    // The first-party API serves newer models under the old name.
    let first_party = prices.iter().find(|price| price.id == "deepseek-r1-671b").expect("the price");
    assert!(!first_party.served);
    let azure = prices.iter().find(|price| price.id == "azure-ai-r1-671b").expect("the price");
    assert_eq!((azure.input, azure.output), (UsdPerMillionTokens(1.35), UsdPerMillionTokens(5.4)));
}

#[test]
fn the_usual_server_gpus_can_be_rented_by_the_hour_and_for_years() {
    let catalog = catalog();
    let rentals = catalog.rentals().expect("rentals");
    for accelerator in ["a100-sxm4-80gb", "h100-sxm5-80gb", "h200-sxm-141gb", "b200-sxm", "l40s"] {
        for billing in [Billing::OnDemand, Billing::Reserved3Years] {
            assert!(
                rentals.iter().any(|rental| rental.accelerator == accelerator && rental.billing == billing),
                "{accelerator} {billing:?}"
            );
        }
    }
    // Committing for longer never costs more at the same provider.
    for rental in rentals.iter().filter(|rental| rental.billing == Billing::Reserved3Years) {
        for shorter in rentals.iter().filter(|shorter| {
            shorter.billing == Billing::Reserved1Year
                && (&shorter.provider, &shorter.accelerator) == (&rental.provider, &rental.accelerator)
        }) {
            assert!(rental.usd_per_gpu_hour <= shorter.usd_per_gpu_hour, "{}", rental.id);
        }
    }
    let quoted = rentals.iter().find(|rental| rental.quoted.is_some()).expect("a price in another currency");
    assert!(
        quoted.quoted.as_ref().is_some_and(|rent| UsdPerHour(rent.per_gpu_hour) > quoted.usd_per_gpu_hour)
    );
}

#[test]
fn machines_and_cards_have_prices_with_their_days() {
    let catalog = catalog();
    let machines = catalog.machine_prices().expect("machines");
    let node = machines.iter().find(|machine| machine.id == "server-8x-h200").expect("a server");
    assert_eq!((node.usd, node.accelerators), (Usd(350_000.0), 8));
    assert!(machines.iter().any(|machine| machine.kind == MachineKind::Memory));
    let price = catalog.hardware_price("rtx-5090").expect("accelerators").expect("a price");
    assert_eq!(
        (price.usd, price.kind, price.date.as_deref()),
        (Usd(3200.0), PriceKind::Street, Some("2026-06-22"))
    );
    assert!(is_stale("2026-06-22", "2026-11-25".parse().expect("a date")));
    let spark = catalog.hardware_price("gb10").expect("accelerators").expect("a price");
    assert!(spark.whole_machine);
    assert_eq!(catalog.hardware_price("instinct-mi300x").expect("accelerators"), None);
}

const RENTAL: &str = "\
[[rental]]
id = \"ours\"
provider = \"Our dealer\"
provider_kind = \"neocloud\"
accelerator = \"h100-sxm5-80gb\"
billing = \"reserved_1_year\"
usd_per_gpu_hour = 2.4
date = \"2026-11-20\"
source = \"An offer of that day\"
";

#[test]
fn wrong_prices_are_told_line_key_and_the_nearest_right_name() {
    assert_eq!(complaint("rental.toml", RENTAL), "no complaint");
    for (right, wrong, told) in [
        (
            "usd_per_gpu_hour",
            "usd_per_gpu_hours",
            "prices/rental.toml:7:1: unknown key `usd_per_gpu_hours`\ndid you mean `usd_per_gpu_hour`?",
        ),
        (
            "h100-sxm5-80gb",
            "h100-smx5-80gb",
            "prices/rental.toml:5:15: unknown id `h100-smx5-80gb`; did you mean `h100-sxm5-80gb`?",
        ),
        ("= 2.4", "= -2.4", "prices/rental.toml:7:20: -2.4 is not 0 or more"),
        (
            "2026-11-20",
            "yesterday",
            "prices/rental.toml:8:8: `yesterday` is not a date: write `2022-10-12`, `2022-10` or `2022`",
        ),
    ] {
        assert!(RENTAL.contains(right));
        assert_eq!(complaint("rental.toml", &RENTAL.replacen(right, wrong, 1)), told);
    }
    assert!(complaint("rentals.toml", RENTAL).starts_with("prices/rentals.toml: not a catalog file"));
}

#[test]
fn a_price_of_an_overlay_replaces_the_one_of_the_same_id() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("prices")).expect("a folder");
    let text = "\
[[power]]
id = \"default\"
name = \"our plant\"
usd_per_kwh = 0.06
date = \"2026-11\"
source = \"Our contract\"
";
    fs::write(folder.path().join("prices/power.toml"), text).expect("a file");
    let catalog = Catalog::overlaid([folder.path()]).expect("a right overlay");
    assert_eq!(catalog.power_price("default").expect("a price").usd_per_kwh, Usd(0.06));
    assert_eq!(catalog.power_price("EU").expect("a price").usd_per_kwh, Usd(0.20));
    let error = catalog.site("colocatoin").expect_err("no such place");
    assert_eq!(told(&error, folder.path()), "unknown site `colocatoin`\ndid you mean `colocation`?");
}

/// The shipped catalog under a file of `report --prices`.
fn priced(text: &str) -> Result<Catalog, CatalogError> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("offers.toml");
    fs::write(&path, text).expect("a file");
    catalog().with_prices(&path)
}

#[test]
fn an_offer_goes_over_the_price_of_the_catalog_and_over_nothing_else() {
    let catalog = priced(
        "[sources]\nours = 'Offer 4711 of our dealer'\n\n\
         [[machine]]\nid = 'server-8x-h200'\nusd = 298_000\ndate = '2026-11-20'\nsource = 'ours'\n\n\
         [[accelerator]]\nid = 'RTX 4090'\nusd = 1_500\ndate = '2026-11-20'\nsource = 'ours'\n\n\
         [[api_price]]\nid = 'azure-ai-r1-671b'\ninput_usd_per_million_tokens = 1\n\
         output_usd_per_million_tokens = 4\ndate = '2026-11-20'\nsource = 'ours'\n",
    )
    .expect("right offers");
    let machines = catalog.machine_prices().expect("machines");
    let server = machines.iter().find(|machine| machine.id == "server-8x-h200").expect("the server");
    assert_eq!((server.usd, server.accelerators), (Usd(298_000.0), 8));
    assert_eq!(server.provenance.source, "Offer 4711 of our dealer");
    assert_eq!((server.provenance.confidence, &server.quoted), (Confidence::High, &None));
    let card = catalog.accelerator("rtx-4090").expect("the card");
    let price = HardwarePrice::of(card).expect("a price");
    assert_eq!((price.usd, price.confidence), (Usd(1500.0), Confidence::High));
    assert_eq!(card.provenance, self::catalog().accelerator("rtx-4090").expect("the card").provenance);
    let apis = catalog.api_prices().expect("prices");
    let api = apis.iter().find(|api| api.id == "azure-ai-r1-671b").expect("the price");
    assert_eq!((api.output, api.provider.as_str()), (UsdPerMillionTokens(4.0), "Azure AI"));
    assert_eq!(catalog.rentals().expect("rentals"), self::catalog().rentals().expect("rentals"));
    assert_eq!(machines.len(), self::catalog().machine_prices().expect("machines").len());
}

#[test]
fn a_file_of_offers_adds_what_is_new_and_whole() {
    let catalog = priced(RENTAL).expect("a right offer");
    let is_ours = |rental: &&Rental| rental.id == "ours";
    let ours = catalog.rentals().expect("rentals").iter().find(is_ours).expect("the offer");
    assert_eq!(ours.usd_per_gpu_hour, UsdPerHour(2.4));
    let power = "[[power]]\nid = 'EU'\nusd_per_kwh = 0.1\ndate = '2026-11'\nsource = 'Our contract'\n";
    let catalog = priced(power).expect("a right offer");
    assert_eq!(catalog.power_price("eu").expect("a price").usd_per_kwh, Usd(0.1));
}

#[test]
fn a_wrong_offer_is_told_with_its_line_and_the_nearest_right_name() {
    let rest = "usd = 1\ndate = '2026-11-20'\nsource = 'an offer'\n";
    for (text, expected) in [
        (
            format!("[[machine]]\nid = 'serer-8x-b200'\n{rest}"),
            "2:6: `serer-8x-b200` is new and lacks `name`\ndid you mean `server-8x-b200`?",
        ),
        (
            format!("\n[[accelerator]]\nid = 'RTX 4091'\n{rest}"),
            "3:6: `RTX 4091` is new and lacks `name`\ndid you mean `RTX 4090`?",
        ),
        (format!("[[machine]]\nid = 'server-8x-h200'\nprice = 4\n{rest}"), "3:1: unknown key `price`\n"),
        (
            format!("[[machine]]\nid = 'server-8x-h200'\n{}", rest.replace("= 1", "= -1")),
            "3:7: -1 is not 0 or more",
        ),
        (
            format!("[[machine]]\nid = 'server-8x-h200'\n{}", rest.replace("source = 'an offer'\n", "")),
            "1:1: no source given\n",
        ),
        (
            format!("[[machine]]\nid = 'server-8x-h200'\n{}", rest.replace("date = '2026-11-20'\n", "")),
            "1:1: `date` is missing",
        ),
    ] {
        let error = priced(&text).expect_err("a wrong file");
        let complaint = told(&error, std::path::Path::new("/nowhere"));
        let (_, complaint) = complaint.split_once("offers.toml:").expect("the file");
        assert!(complaint.starts_with(expected), "{complaint}");
    }
}
