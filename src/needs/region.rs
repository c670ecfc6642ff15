use super::NeedsError;
use crate::catalog::Catalog;
use crate::error::nearest;

/// A region, as it is called in a report.
struct Region {
    id: &'static str,
    /// What else people call it.
    names: &'static [&'static str],
    /// The words of providers that say that something stands there.
    words: &'static [&'static str],
}

const REGIONS: [Region; 5] = [
    Region {
        id: "us",
        names: &["usa", "united states", "america", "美国"],
        words: &["us", "eastus", "westus2", "virginia", "nyc"],
    },
    Region {
        id: "eu",
        names: &["europe", "european union", "欧盟", "欧洲"],
        words: &["eu", "ams", "europe"],
    },
    Region { id: "cn", names: &["china", "prc", "中国"], words: &["cn", "china"] },
    Region { id: "ca", names: &["canada", "加拿大"], words: &["canada", "tor"] },
    Region { id: "in", names: &["india", "印度"], words: &["india", "mumbai", "delhi", "noida"] },
];

/// What providers call a place that is everywhere.
const EVERYWHERE: &str = "global";

/// The region that is meant: one that has a name of its own, or a place as a provider of the catalog names it.
pub(super) fn region(given: &str, catalog: &Catalog) -> Result<String, NeedsError> {
    let asked = given.trim().to_lowercase();
    let named = REGIONS.iter().find(|region| region.id == asked || region.names.contains(&asked.as_str()));
    if let Some(region) = named {
        return Ok(region.id.to_owned());
    }
    let rented = catalog.rentals().unwrap_or_default().iter().filter_map(|rental| rental.region.as_deref());
    let called =
        catalog.api_prices().unwrap_or_default().iter().filter_map(|price| price.residency.as_deref());
    let places: Vec<&str> = rented.chain(called).collect();
    if places.iter().any(|place| place.to_lowercase() == asked || words(place).any(|word| word == asked)) {
        return Ok(asked);
    }
    let own = REGIONS.iter().flat_map(|region| std::iter::once(&region.id).chain(region.names));
    let mut known: Vec<String> = own.map(|name| (*name).to_owned()).collect();
    known.extend(places.iter().flat_map(|place| words(place)).filter(|word| word.len() > 2));
    let nearest = nearest(given, known.iter().map(String::as_str)).map(str::to_owned);
    Err(NeedsError::Region { name: given.to_owned(), nearest })
}

/// The regions that have a name of their own.
pub(super) fn region_ids() -> impl Iterator<Item = &'static str> {
    REGIONS.iter().map(|region| region.id)
}

/// Whether a place is in a region, by the words that providers name places with.
#[must_use]
pub fn is_in(region: &str, place: &str) -> bool {
    let known = REGIONS.iter().find(|known| known.id == region);
    let is_of_region =
        |word: &str| known.map_or(word == region, |known| known.words.contains(&word)) || word == EVERYWHERE;
    place.to_lowercase() == region || words(place).any(|word| is_of_region(&word))
}

fn words(place: &str) -> impl Iterator<Item = String> {
    place
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.chars().any(char::is_alphabetic))
        .map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_by_the_words_of_providers() {
        for (region, place, is_there) in [
            ("us", "us-east-1", true),
            ("us", "eastus", true),
            ("eu", "EU / US / Canada", true),
            ("ca", "EU / US / Canada", true),
            ("eu", "us-central1", false),
            ("cn", "cn", true),
            ("cn", "Global (lowest)", true),
            ("cn", "Asia Pacific (Mumbai)", false),
            ("in", "Asia Pacific (Mumbai)", true),
            ("mumbai", "Asia Pacific (Mumbai)", true),
            ("us-east-1", "us-east-1", true),
            ("us-east-1", "us-central1", false),
        ] {
            assert_eq!(is_in(region, place), is_there, "{region}: {place}");
        }
    }

    #[test]
    fn a_region_goes_by_the_names_that_people_have_for_it() {
        let catalog = Catalog::embedded().unwrap();
        for (asked, id) in [
            ("cn", "cn"),
            (" China", "cn"),
            ("中国", "cn"),
            ("USA", "us"),
            ("Europe", "eu"),
            ("Virginia", "virginia"),
            ("us-east-1", "us-east-1"),
        ] {
            assert_eq!(region(asked, &catalog).unwrap(), id, "{asked}");
        }
        for unknown in ["atlantis", "1", ""] {
            assert!(region(unknown, &catalog).is_err(), "{unknown}");
        }
        let near = region("mumbay", &catalog).unwrap_err();
        assert!(matches!(near, NeedsError::Region { nearest: Some(near), .. } if near == "mumbai"));
    }
}
