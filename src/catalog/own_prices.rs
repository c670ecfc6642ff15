//! Prices of one's own, which go over the catalog's: offers for what it knows already, in one file.

use std::borrow::Cow;
use std::path::Path;
use std::sync::OnceLock;

use serde::Deserialize;

use super::document::Document;
use super::load::Violation;
use super::{Accelerator, Catalog, CatalogError, Confidence, Problem, StreetPrice, check};
use crate::error::nearest;
use crate::units::{Usd, UsdPerHour, UsdPerMillionTokens};

/// The file: tables as those of the catalog, of whose keys only the name, the price, its day and its source are needed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PriceFile {
    #[serde(default)]
    accelerator: Vec<Offered>,
    #[serde(default)]
    machine: Vec<Offered>,
    #[serde(default)]
    rental: Vec<OfferedRental>,
    #[serde(default)]
    api_price: Vec<OfferedApi>,
}

/// A card or a machine.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Offered {
    id: String,
    usd: Usd,
    date: String,
    source: String,
}

/// GPUs of a provider.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfferedRental {
    id: String,
    usd_per_gpu_hour: UsdPerHour,
    date: String,
    source: String,
}

/// A model that a provider serves.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfferedApi {
    id: String,
    #[serde(rename = "input_usd_per_million_tokens")]
    input: UsdPerMillionTokens,
    #[serde(rename = "output_usd_per_million_tokens")]
    output: UsdPerMillionTokens,
    #[serde(default, rename = "cached_input_usd_per_million_tokens")]
    cached_input: Option<UsdPerMillionTokens>,
    date: String,
    source: String,
}

impl Catalog {
    /// The same catalog with the prices of a file over its own.
    pub fn with_prices(mut self, path: &Path) -> Result<Self, CatalogError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| CatalogError::Read { path: path.to_owned(), source })?;
        let document = Document { name: path.display().to_string(), text: Cow::Owned(text) };
        let file: PriceFile = document.read()?;
        let accelerators = self.with_cards(&document, file.accelerator)?;
        let mut machines = self.machine_prices()?.to_vec();
        for (at, offered) in file.machine.into_iter().enumerate() {
            let found = Place { document: &document, table: "machine", at };
            found.check("usd", &[offered.usd.0], &offered.date)?;
            let names = |price: &_| -> [String; 2] { machine_names(price) };
            let machine = found.named(&mut machines, &offered.id, names)?;
            machine.usd = offered.usd;
            (machine.quoted, machine.recalled, machine.confidence) = (None, None, Confidence::High);
            (machine.date, machine.source) = (offered.date, offered.source);
        }
        let mut rentals = self.rentals()?.to_vec();
        for (at, offered) in file.rental.into_iter().enumerate() {
            let found = Place { document: &document, table: "rental", at };
            found.check("usd_per_gpu_hour", &[offered.usd_per_gpu_hour.0], &offered.date)?;
            let rental = found.named(&mut rentals, &offered.id, |rental| [rental.id.clone()])?;
            rental.usd_per_gpu_hour = offered.usd_per_gpu_hour;
            (rental.quoted, rental.recalled, rental.confidence) = (None, None, Confidence::High);
            (rental.date, rental.source) = (offered.date, offered.source);
        }
        let mut apis = self.api_prices()?.to_vec();
        for (at, offered) in file.api_price.into_iter().enumerate() {
            let found = Place { document: &document, table: "api_price", at };
            let rates = [offered.input.0, offered.output.0, offered.cached_input.unwrap_or(offered.input).0];
            found.check("output_usd_per_million_tokens", &rates, &offered.date)?;
            let names = |price: &super::ApiPrice| {
                [price.id.clone(), format!("{} at {}", price.offered_as, price.provider)]
            };
            let api = found.named(&mut apis, &offered.id, names)?;
            (api.input, api.output, api.cached_input) = (offered.input, offered.output, offered.cached_input);
            (api.served, api.recalled, api.confidence) = (true, None, Confidence::High);
            (api.date, api.source) = (offered.date, offered.source);
        }
        if let Some(accelerators) = accelerators {
            self.accelerators = OnceLock::from(accelerators);
        }
        self.prices.machines = OnceLock::from(machines);
        self.prices.rentals = OnceLock::from(rentals);
        self.prices.api = OnceLock::from(apis);
        Ok(self)
    }

    /// The accelerators with new prices; none where none has one.
    fn with_cards(
        &self,
        document: &Document,
        offers: Vec<Offered>,
    ) -> Result<Option<Vec<Accelerator>>, CatalogError> {
        if offers.is_empty() {
            return Ok(None);
        }
        let mut accelerators = self.accelerators()?.to_vec();
        for (at, offered) in offers.into_iter().enumerate() {
            let found = Place { document, table: "accelerator", at };
            found.check("usd", &[offered.usd.0], &offered.date)?;
            // Cards are typed as everywhere: by id, by alias, or as a driver prints them.
            let known = self.accelerator(&offered.id).map_err(|error| match error {
                CatalogError::Unknown { name, nearest, .. } => found.unknown(&name, nearest),
                CatalogError::Ambiguous { name, candidates, .. } => {
                    found.unknown(&name, candidates.into_iter().next())
                }
                other => other,
            })?;
            let card = found.named(&mut accelerators, &known.id.clone(), |card| [card.id.clone()])?;
            card.price_usd = Some(offered.usd.0);
            card.details.confidence = Confidence::High;
            card.details.street_price =
                Some(StreetPrice { usd: offered.usd.0, date: offered.date, source: offered.source });
        }
        Ok(Some(accelerators))
    }
}

fn machine_names(machine: &super::MachinePrice) -> [String; 2] {
    [machine.id.clone(), machine.name.clone()]
}

/// An entry of the file.
struct Place<'a> {
    document: &'a Document,
    table: &'static str,
    at: usize,
}

impl Place<'_> {
    fn path(&self, key: &str) -> String {
        format!("{}.{}.{key}", self.table, self.at)
    }

    fn unknown(&self, name: &str, nearest: Option<String>) -> CatalogError {
        let problem = Problem::NothingToPrice { table: self.table, name: name.to_owned(), nearest };
        self.document.problem(&self.path("id"), problem)
    }

    /// The entry of that name.
    fn named<'e, T, const N: usize>(
        &self,
        entries: &'e mut [T],
        name: &str,
        names: impl Fn(&T) -> [String; N],
    ) -> Result<&'e mut T, CatalogError> {
        let asked = name.trim();
        let is_asked = |entry: &T| names(entry).iter().any(|known| known.eq_ignore_ascii_case(asked));
        if let Some(at) = entries.iter().position(is_asked) {
            return Ok(&mut entries[at]);
        }
        let known: Vec<String> = entries.iter().flat_map(names).collect();
        let nearest = nearest(asked, known.iter().map(String::as_str)).map(str::to_owned);
        Err(self.unknown(asked, nearest))
    }

    fn check(&self, key: &str, prices: &[f64], date: &str) -> Result<(), CatalogError> {
        let impossible = |Violation { path, rule }: Violation| {
            self.document.problem(&self.path(&path), Problem::Impossible { rule })
        };
        for price in prices {
            check::positive(key, Some(*price)).map_err(impossible)?;
        }
        check::date("date", Some(date)).map_err(impossible)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::HardwarePrice;

    fn priced(text: &str) -> Result<Catalog, CatalogError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("offers.toml");
        std::fs::write(&path, text).unwrap();
        Catalog::embedded().unwrap().with_prices(&path)
    }

    #[test]
    fn an_offer_goes_over_the_price_of_the_catalog_and_over_nothing_else() {
        let catalog = priced(
            "[sources]\nours = 'Offer 4711 of our dealer'\n\n\
             [[machine]]\nid = 'server-8x-h200'\nusd = 298_000\ndate = '2026-11-20'\nsource = 'ours'\n\n\
             [[accelerator]]\nid = 'RTX 4090'\nusd = 1_500\ndate = '2026-11-20'\nsource = 'ours'\n\n\
             [[api_price]]\nid = 'azure-ai-r1-671b'\ninput_usd_per_million_tokens = 1\noutput_usd_per_million_tokens = 4\n\
             date = '2026-11-20'\nsource = 'ours'\n",
        )
        .unwrap();
        let machines = catalog.machine_prices().unwrap();
        let server = machines.iter().find(|machine| machine.id == "server-8x-h200").unwrap();
        assert_eq!((server.usd, server.accelerators), (Usd(298_000.0), 8));
        assert_eq!(server.source, "Offer 4711 of our dealer");
        let card = HardwarePrice::of(catalog.accelerator("rtx-4090").unwrap()).unwrap();
        assert_eq!((card.usd, card.confidence), (Usd(1500.0), Confidence::High));
        let api = catalog.api_prices().unwrap().iter().find(|api| api.id == "azure-ai-r1-671b").unwrap();
        assert_eq!((api.output, api.provider.as_str()), (UsdPerMillionTokens(4.0), "Azure AI"));
        let embedded = Catalog::embedded().unwrap();
        assert_eq!(catalog.rentals().unwrap(), embedded.rentals().unwrap());
        assert_eq!(machines.len(), embedded.machine_prices().unwrap().len());
    }

    #[test]
    fn a_mistake_is_told_with_its_line_and_the_nearest_right_name() {
        let told = |text: &str| {
            let error = priced(text).unwrap_err();
            let text = error.to_string();
            let place = text.split("offers.toml:").nth(1).unwrap().to_owned();
            (place, error.hint().map(|hint| hint.en).unwrap_or_default())
        };
        let rest = "usd = 1\ndate = '2026-11-20'\nsource = 'an offer'\n";
        for (text, place, hint) in [
            (
                format!("[[machine]]\nid = 'serer-8x-b200'\n{rest}"),
                "2:6: nothing",
                "did you mean `server-8x-b200`?",
            ),
            (format!("\n[[accelerator]]\nid = 'RTX 4091'\n{rest}"), "3:6: nothing", "did you mean `"),
            (
                format!("[[machine]]\nid = 'server-8x-h200'\nprice = 4\n{rest}"),
                "3:1: unknown key `price`",
                "",
            ),
            (
                "[[machine]]\nid = 'server-8x-h200'\nusd = -1\ndate = '2026-11-20'\nsource = 'an offer'\n"
                    .to_owned(),
                "3:7: -1",
                "",
            ),
        ] {
            let (told_place, told_hint) = told(&text);
            assert!(told_place.starts_with(place), "{told_place}");
            assert!(told_hint.starts_with(hint), "{told_hint}");
        }
    }
}
