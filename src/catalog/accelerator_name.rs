//! Which accelerator a name means: as drivers print it, as shops sell it, as people type it.

use std::collections::HashMap;

use super::{Accelerator, AcceleratorKind, CatalogError, Named, phrase};
use crate::error::nearest;
use crate::machine::Vendor;
use crate::units::Bytes;

/// Words that distinguish no accelerators.
const NOISE: &[&str] = &[
    "nvidia",
    "geforce",
    "tesla",
    "amd",
    "ati",
    "radeon",
    "instinct",
    "intel",
    "arc",
    "apple",
    "rtx",
    "gtx",
    "rx",
    "gpu",
    "gpus",
    "igpu",
    "graphics",
    "card",
    "generation",
    "edition",
    "workstation",
    "corporation",
];

/// A name taken apart.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Name {
    /// Its telling words, sorted.
    pub(super) words: Vec<String>,
    /// The memory that it states, in GiB.
    pub(super) memory_gib: Option<f64>,
    /// The GPU cores that it states.
    pub(super) cores: Option<u32>,
    /// The maker that it states, or whose brand it has.
    pub(super) vendor: Option<Vendor>,
}

impl Name {
    pub(super) fn of(text: &str) -> Self {
        let words = phrase::words(text);
        Self::of_words(words.iter().map(|word| word.text.as_str()))
    }

    /// Of words that are cut already.
    pub(super) fn of_words<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let mut name = Self { words: Vec::new(), memory_gib: None, cores: None, vendor: None };
        let mut words = words.peekable();
        while let Some(word) = words.next() {
            // `LPDDR5X-8000` and `HBM3` say how fast the memory is, not whose.
            if ["ddr", "lpddr", "hbm"].iter().any(|kind| word.starts_with(kind)) {
                words.next_if(|next| next.parse::<u32>().is_ok_and(|speed| speed >= 1000));
                continue;
            }
            let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
            let number = digits.parse::<u32>().ok();
            let unit = if number.is_some() && digits == word {
                words.next_if(|next| is_unit(next)).unwrap_or_default()
            } else {
                &word[digits.len()..]
            };
            match (number, unit) {
                (Some(gib), "g" | "gb" | "gib") => name.memory_gib = Some(f64::from(gib)),
                (Some(cores), "core" | "cores") => name.cores = Some(cores),
                // `Max-Q`
                _ if word == "max" && words.next_if_eq(&"q").is_some() => name.add("maxq"),
                _ => name.add(word),
            }
        }
        name.words.sort();
        name
    }

    fn add(&mut self, part: &str) {
        let vendor = match part {
            "nvidia" | "geforce" | "quadro" | "tesla" | "rtx" | "gtx" => Some(Vendor::Nvidia),
            "amd" | "ati" | "radeon" | "instinct" | "rx" => Some(Vendor::Amd),
            "intel" | "arc" => Some(Vendor::Intel),
            "apple" => Some(Vendor::Apple),
            _ => None,
        };
        self.vendor = vendor.or(self.vendor);
        if NOISE.contains(&part) {
            return;
        }
        // `4090d` is `4090 d`, `7900xtx` is `7900 xtx`, `sxm4` is `sxm`; a leading letter stays: `m40` is no `m4`.
        let digits = part.trim_end_matches(|c: char| !c.is_ascii_digit());
        let rest = &part[digits.len()..];
        let is_number = digits.len() >= 3 && digits.bytes().all(|b| b.is_ascii_digit());
        match digits {
            "sxm2" | "sxm3" | "sxm4" | "sxm5" | "sxm6" => self.words.push("sxm".to_owned()),
            "" => self.words.push(if is_portable(rest) { "laptop" } else { rest }.to_owned()),
            _ if rest.is_empty() || !(is_number || digits.starts_with(|c: char| c.is_ascii_alphabetic())) => {
                self.words.push(part.to_owned());
            }
            _ => {
                self.words.push(digits.to_owned());
                let suffixes = match rest {
                    // NVIDIA's cards of four digits with an `m` are laptops' parts.
                    "m" | "mobile" if digits.len() == 4 && is_number => &["laptop"] as &[&str],
                    "tis" if is_number => &["ti", "super"],
                    "s" if is_number && digits.len() == 4 => &["super"],
                    other => &[other],
                };
                self.words.extend(suffixes.iter().map(|suffix| (*suffix).to_owned()));
            }
        }
    }

    /// Whether `entry`, which is also called `name`, can have the memory that the text states.
    fn memory_fits(&self, name: &Self, entry: &Accelerator) -> bool {
        match (self.memory_gib, name.memory_gib) {
            (None, _) => true,
            (Some(asked), Some(stated)) => (asked - stated).abs() < 0.5,
            // Machines with unified memory are sold with all sizes of it.
            (Some(_), None) if entry.kind == AcceleratorKind::Unified => true,
            (Some(asked), None) => (asked - entry.memory.as_gib()).abs() <= entry.memory.as_gib() * 0.07,
        }
    }
}

/// Whether a word is one for a computer that one carries.
fn is_portable(word: &str) -> bool {
    matches!(word, "laptop" | "mobile" | "notebook")
}

/// The words of a name with that of a laptop's.
pub(super) fn portable(words: &[String]) -> Vec<String> {
    let mut words: Vec<String> = words.iter().cloned().chain(["laptop".to_owned()]).collect();
    words.sort();
    words.dedup();
    words
}

fn is_unit(text: &str) -> bool {
    ["g", "gb", "gib", "core", "cores"].contains(&text)
}

/// How well a name fits an entry; the better fit is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The name is short for it: `RTX PRO 6000` of an `… Server`.
    Short,
    /// The name has all of the entry's words (their number), and others that distinguish nothing else.
    Long(usize),
    /// The same words, but the entry states a size that the name does not.
    Sized,
    /// The same.
    Same,
}

/// The names of all accelerators taken apart once, for every lookup.
#[derive(Debug)]
pub(super) struct Names {
    /// Of each, in the catalog's order.
    of: Vec<Vec<Name>>,
    /// The accelerators by the telling words of a name of theirs.
    by_words: HashMap<String, Vec<usize>>,
}

impl Names {
    pub(super) fn of(accelerators: &[Accelerator]) -> Self {
        let of: Vec<Vec<Name>> = accelerators.iter().map(names).collect();
        let mut by_words: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, names) in of.iter().enumerate() {
            for name in names.iter().filter(|name| !name.words.is_empty()) {
                let places = by_words.entry(name.words.join(" ")).or_default();
                if places.last() != Some(&at) {
                    places.push(at);
                }
            }
        }
        Self { of, by_words }
    }

    /// The accelerators with a name of exactly these words, whatever memory and cores it states.
    pub(super) fn called(&self, words: &[String]) -> &[usize] {
        self.by_words.get(&words.join(" ")).map_or(&[], Vec::as_slice)
    }

    /// The accelerators with a name of these words and others.
    pub(super) fn containing(&self, words: &[String]) -> Vec<usize> {
        let has = |names: &[Name]| names.iter().any(|name| contains(&name.words, words));
        (0..self.of.len()).filter(|at| has(&self.of[*at])).collect()
    }

    /// The names of the accelerator at that place.
    pub(super) fn at(&self, place: usize) -> &[Name] {
        &self.of[place]
    }

    /// Whether `word` is of some accelerator's name.
    fn tells(&self, word: &String) -> bool {
        self.of.iter().flatten().any(|name| name.words.contains(word))
    }
}

/// The entries that `text` means: one, or several that it does not tell apart, or none.
pub(super) fn candidates<'a>(
    accelerators: &'a [Accelerator],
    known: &Names,
    text: &str,
) -> Vec<(usize, &'a Accelerator)> {
    let asked = Name::of(text);
    let fits: Vec<(Fit, usize)> = accelerators
        .iter()
        .enumerate()
        .filter(|(_, entry)| asked.vendor.is_none_or(|vendor| vendor == entry.vendor))
        .filter_map(|(at, entry)| Some((best_fit(&asked, entry, &known.of[at], known)?, at)))
        .collect();
    let best = fits.iter().map(|(fit, _)| *fit).max();
    let mut candidates: Vec<usize> =
        fits.into_iter().filter(|(fit, _)| Some(*fit) == best).map(|(_, at)| at).collect();
    let has_cores = |at: &usize| known.of[*at].iter().any(|name| name.cores == asked.cores);
    if asked.cores.is_some() && candidates.iter().any(has_cores) {
        candidates.retain(has_cores);
    }
    candidates.into_iter().map(|at| (at, &accelerators[at])).collect()
}

/// The accelerator that `text` means.
pub(super) fn resolve<'a>(
    accelerators: &'a [Accelerator],
    known: &Names,
    text: &str,
) -> Result<&'a Accelerator, CatalogError> {
    match candidates(accelerators, known, text).as_slice() {
        [(_, entry)] => Ok(entry),
        [] => Err(CatalogError::Unknown {
            kind: Named::Gpu,
            name: text.to_owned(),
            nearest: nearest(text, accelerators.iter().flat_map(known_as)).map(str::to_owned),
        }),
        several => Err(CatalogError::Ambiguous {
            name: text.to_owned(),
            candidates: several.iter().map(|(_, entry)| entry.name.clone()).collect(),
        }),
    }
}

/// The place of the one whose id is `text`.
pub(super) fn spelt(accelerators: &[Accelerator], text: &str) -> Option<usize> {
    accelerators.iter().position(|entry| entry.id.eq_ignore_ascii_case(text))
}

/// The place of the one that `text` means; else the nearest name.
pub(super) fn find(accelerators: &[Accelerator], text: &str) -> Result<usize, Option<String>> {
    if let Some(at) = spelt(accelerators, text) {
        return Ok(at);
    }
    let found = candidates(accelerators, &Names::of(accelerators), text);
    match found.as_slice() {
        [(at, _)] => Ok(*at),
        [] => Err(nearest(text, accelerators.iter().flat_map(known_as)).map(str::to_owned)),
        [(_, first), ..] => Err(Some(first.name.clone())),
    }
}

/// The entry among those that share a PCI id: by name, then by memory.
pub(super) fn among<'a>(
    candidates: &[&'a Accelerator],
    name: &str,
    memory: Option<Bytes>,
) -> Option<&'a Accelerator> {
    let asked = Name::of(name);
    let by_name: Vec<_> = candidates
        .iter()
        .filter(|entry| names(entry).iter().any(|known| known.words == asked.words))
        .copied()
        .collect();
    let left = if by_name.is_empty() { candidates.to_vec() } else { by_name };
    let distance =
        |entry: &&Accelerator| memory.map_or(0, |memory| entry.visible_memory().0.abs_diff(memory.0));
    left.into_iter().min_by_key(distance)
}

pub(super) fn known_as(entry: &Accelerator) -> impl Iterator<Item = &str> {
    [entry.name.as_str(), entry.id.as_str()].into_iter().chain(entry.aliases.iter().map(String::as_str))
}

fn names(entry: &Accelerator) -> Vec<Name> {
    known_as(entry).map(Name::of).collect()
}

fn best_fit(asked: &Name, entry: &Accelerator, names: &[Name], known: &Names) -> Option<Fit> {
    names
        .iter()
        .filter(|name| asked.memory_fits(name, entry))
        .filter_map(|name| fit(asked, name, names, known))
        .max()
}

fn fit(asked: &Name, name: &Name, names: &[Name], known: &Names) -> Option<Fit> {
    if asked.words == name.words {
        let states_more = (asked.memory_gib.is_none() && name.memory_gib.is_some())
            || (asked.cores.is_none() && name.cores.is_some());
        return Some(if states_more { Fit::Sized } else { Fit::Same });
    }
    if contains(&asked.words, &name.words) {
        let own = |word: &&String| names.iter().any(|name| name.words.contains(word));
        let foreign = asked.words.iter().filter(|word| !own(word)).any(|word| known.tells(word));
        return (!foreign && !name.words.is_empty()).then_some(Fit::Long(name.words.len()));
    }
    // A laptop's part or a modified card is meant only when it is said.
    let unsaid = name.words.iter().any(|word| matches!(word.as_str(), "laptop" | "modded"));
    (!asked.words.is_empty() && !unsaid && contains(&name.words, &asked.words)).then_some(Fit::Short)
}

/// Whether `whole` has every word of `part`, as often.
fn contains(whole: &[String], part: &[String]) -> bool {
    let count = |words: &[String], word: &String| words.iter().filter(|other| *other == word).count();
    part.iter().all(|word| count(whole, word) >= count(part, word))
}
