//! Which accelerator a name means: as drivers print it, as shops sell it, as people type it.

use super::{Accelerator, AcceleratorKind, CatalogError, Named};
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

const MARKS: &[&str] = &["(r)", "(tm)"];

/// Machines that one chip or another is in: the `Pro` of a `MacBook Pro` says nothing of its chip.
const PRODUCTS: &[&str] = &["macbook pro", "macbook air", "mac studio", "mac mini", "mac pro", "imac"];

/// A name taken apart.
#[derive(Debug, PartialEq)]
struct Name {
    /// Its telling words, sorted.
    words: Vec<String>,
    /// The memory that it states, in GiB.
    memory_gib: Option<f64>,
    /// The GPU cores that it states.
    cores: Option<u32>,
    /// The maker that it states, or whose brand it has.
    vendor: Option<Vendor>,
}

impl Name {
    fn of(text: &str) -> Self {
        let mut text = text.to_lowercase();
        for silent in MARKS.iter().chain(PRODUCTS) {
            // Most names have none, and all of the catalog's are read at each start.
            if text.contains(silent) {
                text = text.replace(silent, " ");
            }
        }
        let mut name = Self { words: Vec::new(), memory_gib: None, cores: None, vendor: None };
        let mut parts = text
            .split(|c: char| c.is_whitespace() || "(),/".contains(c))
            // `LPDDR5X-8000` and `HBM3` say how fast the memory is, not whose.
            .filter(|word| !["ddr", "lpddr", "hbm"].iter().any(|kind| word.starts_with(kind)))
            .flat_map(|word| word.split(|c: char| !c.is_alphanumeric()))
            .filter(|part| !part.is_empty())
            .peekable();
        while let Some(part) = parts.next() {
            let digits = part.trim_end_matches(|c: char| !c.is_ascii_digit());
            let number = digits.parse::<u32>().ok();
            let unit = if number.is_some() && digits == part {
                parts.next_if(|next| is_unit(next)).unwrap_or_default()
            } else {
                &part[digits.len()..]
            };
            match (number, unit) {
                (Some(gib), "g" | "gb" | "gib") => name.memory_gib = Some(f64::from(gib)),
                (Some(cores), "core" | "cores") => name.cores = Some(cores),
                _ => name.add(part),
            }
        }
        name.words.sort();
        name
    }

    fn add(&mut self, part: &str) {
        let vendor = match part {
            "nvidia" | "geforce" | "quadro" | "tesla" | "rtx" | "gtx" => Some(Vendor::Nvidia),
            "amd" | "ati" | "radeon" | "instinct" => Some(Vendor::Amd),
            "intel" => Some(Vendor::Intel),
            "apple" => Some(Vendor::Apple),
            _ => None,
        };
        self.vendor = vendor.or(self.vendor);
        let brand = [("rtx", Vendor::Nvidia), ("gtx", Vendor::Nvidia), ("rx", Vendor::Amd)]
            .into_iter()
            .find_map(|(prefix, vendor)| Some((part.strip_prefix(prefix)?, vendor)))
            .filter(|(rest, _)| rest.starts_with(|c: char| c.is_ascii_digit()));
        let part = brand.map_or(part, |(rest, vendor)| {
            self.vendor = Some(vendor);
            rest
        });
        if NOISE.contains(&part) {
            return;
        }
        // `4090d` is `4090 d`, `7900xtx` is `7900 xtx`, `sxm4` is `sxm`; a leading letter stays: `m40` is no `m4`.
        let digits = part.trim_end_matches(|c: char| !c.is_ascii_digit());
        let rest = &part[digits.len()..];
        // NVIDIA's cards of four digits with an `m` are laptops' parts.
        let rest = if rest == "m" && digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()) {
            "laptop"
        } else {
            rest
        };
        let word = match digits {
            "sxm2" | "sxm3" | "sxm4" | "sxm5" | "sxm6" => "sxm",
            "" => match rest {
                "mobile" | "notebook" => "laptop",
                other => other,
            },
            other => other,
        };
        self.words.push(word.to_owned());
        if !digits.is_empty() && !rest.is_empty() {
            self.words.push(rest.to_owned());
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

/// The names of all accelerators taken apart once, for every lookup: of each, in the catalog's order.
#[derive(Debug)]
pub(super) struct Names(Vec<Vec<Name>>);

impl Names {
    pub(super) fn of(accelerators: &[Accelerator]) -> Self {
        Self(accelerators.iter().map(names).collect())
    }

    /// Whether `word` is of some accelerator's name.
    fn tells(&self, word: &String) -> bool {
        self.0.iter().flatten().any(|name| name.words.contains(word))
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
        .filter_map(|(at, entry)| Some((best_fit(&asked, entry, &known.0[at], known)?, at)))
        .collect();
    let best = fits.iter().map(|(fit, _)| *fit).max();
    let mut candidates: Vec<usize> =
        fits.into_iter().filter(|(fit, _)| Some(*fit) == best).map(|(_, at)| at).collect();
    let has_cores = |at: &usize| known.0[*at].iter().any(|name| name.cores == asked.cores);
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

/// The memory that a name states: `M2 Ultra 192GB` has 192 GiB.
pub(super) fn stated_memory(text: &str) -> Option<Bytes> {
    Name::of(text).memory_gib.map(|gib| Bytes::gib(1).share(gib))
}

/// The entries that have the same words as `text` in a name, whatever their memory and their cores: the `RTX 3060` is
/// there with 8 and with 12 GB. Modified cards are not among them.
pub(super) fn of_the_same_words<'a>(
    accelerators: &'a [Accelerator],
    known: &Names,
    text: &str,
) -> Vec<&'a Accelerator> {
    let asked = Name::of(text);
    accelerators
        .iter()
        .zip(&known.0)
        .filter(|(entry, _)| asked.vendor.is_none_or(|vendor| vendor == entry.vendor))
        .filter(|(_, names)| names.iter().any(|name| name.words == asked.words))
        .filter(|(_, names)| !names.iter().any(|name| name.words.iter().any(|word| word == "modded")))
        .map(|(entry, _)| entry)
        .collect()
}

/// The words of `text` with a digit in them that no name of `entry` has.
pub(super) fn unknown_numbers(entry: &Accelerator, text: &str) -> Vec<String> {
    let known = names(entry);
    let is_known = |word: &String| known.iter().any(|name| name.words.contains(word));
    let words = Name::of(text).words.into_iter();
    words.filter(|word| word.contains(|c: char| c.is_ascii_digit()) && !is_known(word)).collect()
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
