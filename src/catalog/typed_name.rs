//! An accelerator as a person typed it, with the memory that the text states: `m2 ultra 192`, `4060 ti 16gb`.

use super::{Accelerator, AcceleratorKind, Catalog, CatalogError, accelerator_name};
use crate::units::Bytes;

/// The sizes that memory is sold in, in GiB: a bare number of these behind a name is one.
const SOLD_GIB: &[u32] = &[
    4, 6, 8, 10, 11, 12, 16, 18, 20, 22, 24, 32, 36, 40, 48, 64, 72, 80, 94, 96, 128, 141, 144, 180, 192,
    256, 288, 512,
];

/// What a text means.
#[derive(Clone, Debug, PartialEq)]
pub struct TypedAccelerator<'a> {
    /// The accelerator.
    pub entry: &'a Accelerator,
    /// The memory that the text states.
    pub memory: Option<Bytes>,
    /// Others that the same words name, with another memory; only where the text states none.
    pub others: Vec<&'a Accelerator>,
    /// Numbers in the text that mean nothing here.
    pub unknown: Vec<String>,
}

impl Catalog {
    /// The accelerator that a typed text means.
    pub fn typed_accelerator(&self, text: &str) -> Result<TypedAccelerator<'_>, CatalogError> {
        if let Some(with_unit) = with_unit(text) {
            match self.with_memory(&with_unit) {
                // The number is of the name: `Vega 64`.
                Err(CatalogError::Unknown { .. }) => {}
                found => return found,
            }
        }
        self.with_memory(text)
    }

    fn with_memory(&self, text: &str) -> Result<TypedAccelerator<'_>, CatalogError> {
        let memory = accelerator_name::stated_memory(text);
        let found = self.accelerator(text)?;
        let same = accelerator_name::of_the_same_words(self.accelerators()?, self.accelerator_names()?, text);
        let entry = match memory {
            // Of chips with the same name, the one that is sold with so much.
            Some(memory) if found.kind == AcceleratorKind::Unified && !found.is_sold_with(memory) => {
                same.iter().copied().find(|other| other.is_sold_with(memory)).unwrap_or(found)
            }
            _ => found,
        };
        let others = same.into_iter().filter(|other| {
            memory.is_none() && found.kind != AcceleratorKind::Unified && other.memory != found.memory
        });
        Ok(TypedAccelerator {
            entry,
            memory,
            others: others.collect(),
            unknown: accelerator_name::unknown_numbers(entry, text),
        })
    }
}

impl Accelerator {
    /// Whether a chip that shares main memory is sold with this much of it; true where that is unknown.
    #[must_use]
    pub fn is_sold_with(&self, memory: Bytes) -> bool {
        let options = &self.memory_options_gib;
        options.is_empty() || options.iter().any(|gib| Bytes::gib(u64::from(*gib)) == memory)
    }
}

/// `m2 ultra 192` with the unit that the number lacks.
pub(super) fn with_unit(text: &str) -> Option<String> {
    let (name, number) = text.trim().rsplit_once([' ', '-', ','])?;
    let gib: u32 = number.parse().ok()?;
    (SOLD_GIB.contains(&gib) && !name.trim().is_empty()).then(|| format!("{name} {gib}GB"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> (String, Option<f64>) {
        let catalog = Catalog::embedded().unwrap();
        let typed = catalog.typed_accelerator(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(typed.unknown, Vec::<String>::new(), "{text}");
        (typed.entry.id.clone(), typed.memory.map(Bytes::as_gib))
    }

    #[test]
    fn a_size_of_memory_stands_behind_a_name_with_and_without_its_unit() {
        for (text, id, gib) in [
            ("m2 ultra 192", "m2-ultra", Some(192.0)),
            ("M2 Ultra 192GB", "m2-ultra", Some(192.0)),
            ("m4 max 128", "m4-max-40core", Some(128.0)),
            ("m4 max 36", "m4-max-32core", Some(36.0)),
            ("mac studio m3 ultra 512", "m3-ultra-80core", Some(512.0)),
            ("macbook pro m3 max 64", "m3-max-40core", Some(64.0)),
            ("m2 16gb", "m2-10core", Some(16.0)),
            ("Ryzen AI Max+ 395 128", "ryzen-ai-max-plus-395", Some(128.0)),
            ("rtx 4090 48gb", "rtx-4090-48gb-modded", Some(48.0)),
            ("4090 48", "rtx-4090-48gb-modded", Some(48.0)),
            ("4060 ti 16gb", "rtx-4060-ti-16gb", Some(16.0)),
            ("4060 ti 8", "rtx-4060-ti-8gb", Some(8.0)),
            ("h20 141", "h20-141gb", Some(141.0)),
            ("a770 16", "arc-a770", Some(16.0)),
            ("vega 64", "rx-vega-64", None),
            ("4060", "rtx-4060", None),
            ("4060m", "rtx-4060-laptop", None),
            ("rtx 4090 notebook", "rtx-4090-laptop", None),
            ("Ascend 950", "ascend-950", None),
            ("GB10", "gb10", None),
            ("DGX Spark", "gb10", None),
        ] {
            assert_eq!(told(text), (id.to_owned(), gib), "{text}");
        }
    }

    #[test]
    fn a_short_name_tells_which_others_it_could_mean() {
        let catalog = Catalog::embedded().unwrap();
        let others = |text: &str| -> Vec<String> {
            let typed = catalog.typed_accelerator(text).unwrap();
            typed.others.iter().map(|other| other.id.clone()).collect()
        };
        assert_eq!(others("h20"), ["h20-141gb"]);
        assert_eq!(others("h20 96"), Vec::<String>::new());
        assert_eq!(others("rtx 3060"), ["rtx-3060-8gb"]);
        assert_eq!(others("4090"), Vec::<String>::new(), "a modified card is meant only when it is said");
    }

    #[test]
    fn a_number_that_means_nothing_is_not_passed_over() {
        let catalog = Catalog::embedded().unwrap();
        let unknown = |text: &str| catalog.typed_accelerator(text).unwrap().unknown;
        assert_eq!(unknown("mi300x 8"), ["8"]);
        assert_eq!(unknown("m2 ultra 912"), ["912"]);
    }
}
