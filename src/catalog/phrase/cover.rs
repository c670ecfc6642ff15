//! Which words of a text belong together. Of all ways to cut it, the one that leaves fewest words unknown and takes the
//! fewest names.

use std::ops::Range;

use super::vocabulary::{self as known, Line};
use super::word::Word;
use crate::catalog::accelerator_name::{self, Name, Names};
use crate::catalog::{Accelerator, Catalog, CatalogError, CpuPlatform, NamedMachine, cpu_platform};
use crate::machine::Vendor;
use crate::units::Bytes;

/// A part of a text that means one thing.
#[derive(Clone, Debug)]
pub(super) struct Part<'a> {
    pub(super) token: Token<'a>,
    /// Its words.
    pub(super) words: Range<usize>,
}

/// What a part means.
#[derive(Clone, Debug)]
pub(super) enum Token<'a> {
    /// A machine by the name that it is sold under.
    Machine(&'a NamedMachine),
    /// The telling words of accelerators.
    Gpu(Name),
    Cpu {
        name: String,
        platform: &'a CpuPlatform,
    },
    /// `2x` before what it counts, `x2` behind it.
    Count {
        count: u32,
        behind: bool,
    },
    /// `8 GPUs`
    Cards(u32),
    Sockets(u32),
    Cores {
        count: u32,
        of: Cores,
    },
    Threads(u32),
    Size {
        bytes: Bytes,
        role: Option<Role>,
    },
    /// A number of which only its neighbours say what it counts.
    Number(u32),
    /// `DDR5`, in millions of transfers a second where that is said.
    Memory {
        kind: Option<String>,
        speed: Option<u32>,
    },
    Channels(u32),
    NoGpu,
    Laptop,
    Desktop,
    Line(&'static Line),
    Brand(Vendor),
    Link,
    Filler,
    Unknown,
}

/// Whose cores are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cores {
    Cpu,
    Gpu,
    Unsaid,
}

/// What a size is of, where it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Ram,
    Vram,
    Storage,
}

/// What a chip with CPU and GPU is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaning {
    Cpu,
    Gpu,
}

/// A name, or a brand that people glue to one, has no more words.
const LONGEST: usize = 9;

const UNKNOWN: u32 = 2000;
const NAME: u32 = 50;
/// A name goes before the words that say nothing alone: `Framework Desktop`.
const FILLER: u32 = 30;

/// The parts of a text.
pub(super) fn cover<'a>(
    words: &[Word],
    leaning: Leaning,
    catalog: &'a Catalog,
) -> Result<Vec<Part<'a>>, CatalogError> {
    let cutter = Cutter {
        words,
        leaning,
        catalog,
        accelerators: catalog.accelerators()?,
        names: catalog.accelerator_names()?,
        machines: catalog.named_machines()?,
    };
    let mut best: Vec<(u32, Option<Part<'a>>)> = vec![(0, None)];
    for end in 1..=words.len() {
        let mut found: (u32, Option<Part<'a>>) =
            (best[end - 1].0 + UNKNOWN, Some(Part { token: Token::Unknown, words: end - 1..end }));
        let first = end.saturating_sub(LONGEST);
        for (start, (before, _)) in best.iter().enumerate().skip(first) {
            if let Some((token, cost)) = cutter.token(start..end)?
                && before + cost < found.0
            {
                found = (before + cost, Some(Part { token, words: start..end }));
            }
        }
        best.push(found);
    }
    let mut parts = Vec::new();
    let mut end = words.len();
    while let Some((_, Some(part))) = best.get(end) {
        end = part.words.start;
        parts.push(part.clone());
    }
    parts.reverse();
    Ok(parts)
}

struct Cutter<'w, 'a> {
    words: &'w [Word],
    leaning: Leaning,
    catalog: &'a Catalog,
    accelerators: &'a [Accelerator],
    names: &'a Names,
    machines: &'a [NamedMachine],
}

type Found<'a> = Option<(Token<'a>, u32)>;

impl<'a> Cutter<'_, 'a> {
    fn token(&self, range: Range<usize>) -> Result<Found<'a>, CatalogError> {
        let texts: Vec<&str> = self.words[range].iter().map(|word| word.text.as_str()).collect();
        let plain = match texts.as_slice() {
            [word] => single(word),
            several => together(several),
        };
        let line = line(&texts);
        let found = [plain, line, self.machine(&texts), self.name(&texts)?];
        Ok(found.into_iter().flatten().min_by_key(|(_, cost)| *cost))
    }

    fn machine(&self, texts: &[&str]) -> Found<'a> {
        let machine = self.machines.iter().find(|machine| machine.is_called(texts))?;
        Some((Token::Machine(machine), NAME - 10))
    }

    fn name(&self, texts: &[&str]) -> Result<Found<'a>, CatalogError> {
        let gpu = self.gpu(texts);
        let cpu = self.cpu(texts)?;
        Ok(match (gpu, cpu) {
            (Some(gpu), Some(_)) if self.leaning == Leaning::Gpu || self.is_whole(&gpu.0) => Some(gpu),
            (_, Some(cpu)) => Some(cpu),
            (gpu, None) => gpu,
        })
    }

    /// Whether a chip is meant with its GPU wherever it is named: it is sold as a whole machine, or is a card.
    fn is_whole(&self, token: &Token<'_>) -> bool {
        let Token::Gpu(name) = token else { return false };
        self.names.called(&name.words).iter().any(|at| {
            let entry = &self.accelerators[*at];
            !entry.is_in_processor()
        })
    }

    fn gpu(&self, texts: &[&str]) -> Found<'a> {
        let is_size = |text: &&str| size(text).is_some();
        if texts.first().is_some_and(is_size) || texts.last().is_some_and(is_size) {
            return None;
        }
        let is_memory = |text: &&str| memory_kind(text).is_some();
        let name = Name::of_words(texts.iter().copied());
        if name.words.is_empty() || name.cores.is_some() || texts.iter().any(is_memory) {
            return None;
        }
        // `A100 80GB PCIe`, but not `RTX 4090 64GB OC`.
        if let Some(gib) = name.memory_gib {
            let has = |at: &usize| (self.accelerators[*at].memory.as_gib() - gib).abs() < gib * 0.07;
            if !self.names.called(&name.words).iter().any(has) {
                return None;
            }
        }
        let fits = |at: &usize| name.vendor.is_none_or(|vendor| vendor == self.accelerators[*at].vendor);
        if self.names.called(&name.words).iter().any(fits) {
            return Some((Token::Gpu(name), NAME));
        }
        let portable = accelerator_name::portable(&name.words);
        if self.names.called(&portable).iter().any(fits) {
            return Some((Token::Gpu(name), NAME + 10));
        }
        let heads = |word: &String| {
            let digits = word.bytes().filter(u8::is_ascii_digit).count();
            digits >= 3 || (digits >= 2 && word.starts_with(|c: char| c.is_ascii_alphabetic()))
        };
        // `Jetson Orin Nano`
        let is_spelt = |word: &String| word.len() >= 4 && word.bytes().all(|b| b.is_ascii_alphabetic());
        let names_it =
            name.words.iter().any(heads) || (name.words.len() >= 2 && name.words.iter().all(is_spelt));
        let is_short = names_it && self.names.containing(&name.words).iter().any(fits);
        is_short.then_some((Token::Gpu(name), NAME + 60))
    }

    fn cpu(&self, texts: &[&str]) -> Result<Found<'a>, CatalogError> {
        let telling = cpu_platform::telling(texts.iter().copied());
        if telling.is_empty() || telling.len() > 6 {
            return Ok(None);
        }
        let found = self.catalog.cpu_called(&telling)?;
        Ok(found.map(|(platform, name)| (Token::Cpu { name, platform }, NAME)))
    }
}

fn single<'a>(word: &str) -> Found<'a> {
    let plain = |token| Some((token, 20));
    if let Some(bytes) = size(word) {
        return plain(Token::Size { bytes, role: None });
    }
    if let Ok(number) = word.parse::<u32>() {
        return Some((Token::Number(number), 500));
    }
    let (digits, unit) =
        word.split_at(word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len());
    match (digits.parse::<u32>().ok(), unit) {
        (Some(count), "x") if count <= 128 => return plain(Token::Count { count, behind: false }),
        (Some(count), "c" | "core" | "cores") => return plain(Token::Cores { count, of: Cores::Unsaid }),
        (Some(count), "gpu" | "gpus") => return plain(Token::Cards(count)),
        (Some(count), "ch") => return plain(Token::Channels(count)),
        (Some(count), "p" | "s" | "socket" | "sockets") if count <= 8 => return plain(Token::Sockets(count)),
        (Some(count), "vcpu" | "vcpus" | "threads") => return plain(Token::Threads(count)),
        (Some(speed), "mhz" | "mt" | "mts") if (800..=12_000).contains(&speed) => {
            return plain(Token::Memory { kind: None, speed: Some(speed) });
        }
        (Some(_), "w" | "u" | "th" | "st" | "nd" | "rd" | "inch" | "hz" | "mp") => {
            return plain(Token::Filler);
        }
        _ => {}
    }
    if let Some(count) = word.strip_prefix('x').and_then(|count| count.parse().ok())
        && count <= 64
    {
        return plain(Token::Count { count, behind: true });
    }
    if let Some((_, count)) = known::COUNTS.iter().find(|(known, _)| *known == word) {
        return plain(Token::Count { count: *count, behind: false });
    }
    if let Some(kind) = memory_kind(word) {
        return plain(Token::Memory { kind: Some(kind), speed: None });
    }
    if word.ends_with("ghz") || (word.starts_with("cl") && word[2..].parse::<u32>().is_ok()) {
        return plain(Token::Filler);
    }
    Some(match word {
        "none" | "gpuless" | "headless" => (Token::NoGpu, 20),
        _ if known::DUAL_SOCKET.contains(&word) => (Token::Sockets(2), 20),
        _ if known::LAPTOP.contains(&word) => (Token::Laptop, 25),
        "desktop" | "台式机" => (Token::Desktop, 25),
        "nvidia" | "英伟达" => (Token::Brand(Vendor::Nvidia), 30),
        "amd" | "ati" | "radeon" => (Token::Brand(Vendor::Amd), 30),
        "intel" | "英特尔" => (Token::Brand(Vendor::Intel), 30),
        "apple" | "苹果" => (Token::Brand(Vendor::Apple), 30),
        _ if known::LINKS.contains(&word) => (Token::Link, 20),
        _ if known::VRAM.contains(&word) => (Token::Filler, FILLER),
        _ if known::FILLERS.contains(&word) || known::MAKERS.contains(&word) => (Token::Filler, FILLER),
        _ => return None,
    })
}

fn together<'a>(texts: &[&str]) -> Found<'a> {
    let plain = |token| Some((token, 20));
    if let Some((bytes, rest)) = leading_size(texts) {
        let role = |word: &&str| role(word);
        return match rest {
            [] => plain(Token::Size { bytes, role: None }),
            [.., last] if rest[..rest.len() - 1].iter().all(is_between) => {
                role(last).map(|role| (Token::Size { bytes, role: Some(role) }, 20))
            }
            _ => None,
        };
    }
    // `RAM: 32GB`
    if let Some(role) = role(texts[0])
        && let Some((bytes, [])) = leading_size(&texts[1..])
    {
        return Some((Token::Size { bytes, role: Some(role) }, 25));
    }
    let number = |text: &str| text.parse::<u32>().ok();
    match texts {
        [count, "x"] => plain(Token::Count { count: number(count)?, behind: false }),
        ["x", count] => plain(Token::Count { count: number(count)?, behind: true }),
        ["pair" | "couple", "of"] => plain(Token::Count { count: 2, behind: false }),
        ["no" | "without", "gpu" | "gpus" | "graphics" | "dgpu"]
        | ["without", "a", "gpu"]
        | ["no", "discrete" | "dedicated", "gpu"]
        | ["cpu", "only" | "inference"]
        | ["only", "cpu"] => plain(Token::NoGpu),
        [number, "inch"] if number.parse::<f64>().is_ok() => plain(Token::Filler),
        [_, "ghz"] => plain(Token::Filler),
        [kind, speed] if memory_kind(kind).is_some() && number(speed).is_some_and(|speed| speed >= 800) => {
            plain(Token::Memory { kind: memory_kind(kind), speed: number(speed) })
        }
        [speed, "mhz" | "mt" | "mts"] if number(speed).is_some_and(|speed| speed >= 800) => {
            plain(Token::Memory { kind: None, speed: number(speed) })
        }
        [speed, "mt", "s"] if number(speed).is_some() => {
            plain(Token::Memory { kind: None, speed: number(speed) })
        }
        [cores, threads] if cores.ends_with('c') && threads.ends_with('t') => {
            let count = number(cores.strip_suffix('c')?)?;
            number(threads.strip_suffix('t')?)?;
            plain(Token::Cores { count, of: Cores::Cpu })
        }
        [count, what] | [count, what, "total"] => counted(count, what),
        [count, what, of] if known::CORES.contains(what) => {
            let of = match *of {
                "gpu" | "gpus" => Cores::Gpu,
                "cpu" | "processor" => Cores::Cpu,
                _ => return None,
            };
            Some((Token::Cores { count: count_of(count)?, of }, 15))
        }
        _ => None,
    }
}

fn counted<'a>(count: &str, what: &str) -> Found<'a> {
    let plain = |token| Some((token, 20));
    let number = count_of(count)?;
    let is = |list: &[&str]| list.contains(&what);
    if is(known::CARDS) {
        return plain(Token::Cards(number));
    }
    if is(known::SOCKETS) && number <= 8 {
        return plain(Token::Sockets(number));
    }
    if is(known::CORES) {
        return plain(Token::Cores { count: number, of: Cores::Unsaid });
    }
    if is(known::THREADS) {
        return plain(Token::Threads(number));
    }
    if is(known::CHANNELS) {
        return plain(Token::Channels(number));
    }
    if is(&["fan", "slot", "fans", "modules", "sticks", "条"]) {
        return plain(Token::Filler);
    }
    None
}

/// `8` or `eight`.
fn count_of(text: &str) -> Option<u32> {
    let word = || known::COUNTS.iter().find(|(known, _)| *known == text).map(|(_, count)| *count);
    text.parse().ok().or_else(word).or((text == "single").then_some(1))
}

fn line<'a>(texts: &[&str]) -> Found<'a> {
    let found = known::LINES.iter().find(|line| line.words == texts);
    if let Some(line) = found {
        let length = u32::try_from(line.words.len()).unwrap_or(0);
        return Some((Token::Line(line), 45 - 5 * length));
    }
    // A model's own number behind its line: `PowerEdge R740`, `ThinkPad T480`.
    let (model, line) = texts.split_last()?;
    let line = known::LINES.iter().find(|known| !known.apple && known.words == line)?;
    let is_model = model.len() <= 6
        && model.contains(|c: char| c.is_ascii_digit())
        && model.chars().all(|c| c.is_ascii_alphanumeric())
        && size(model).is_none();
    is_model.then_some((Token::Line(line), 150))
}

/// A size of memory with its unit glued to it.
pub(super) fn size(word: &str) -> Option<Bytes> {
    let number = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = &word[number.len()..];
    sized(number, unit)
}

fn sized(number: &str, unit: &str) -> Option<Bytes> {
    let unit = match unit {
        "g" | "gb" | "gib" | "go" | "gig" | "gigs" | "gigabytes" => "GiB",
        "t" | "tb" | "tib" | "to" => "TiB",
        "mb" | "mib" => "MiB",
        _ => return None,
    };
    if !number.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    format!("{number}{unit}").parse().ok().filter(|bytes: &Bytes| *bytes > Bytes::ZERO)
}

fn leading_size<'t, 'w>(texts: &'t [&'w str]) -> Option<(Bytes, &'t [&'w str])> {
    let (first, rest) = texts.split_first()?;
    if let Some(bytes) = size(first) {
        return Some((bytes, rest));
    }
    let (unit, rest) = rest.split_first()?;
    Some((sized(first, unit)?, rest))
}

fn role(word: &str) -> Option<Role> {
    if known::RAM.contains(&word) {
        Some(Role::Ram)
    } else if known::VRAM.contains(&word) {
        Some(Role::Vram)
    } else if known::STORAGE.contains(&word) {
        Some(Role::Storage)
    } else {
        None
    }
}

/// Whether a word may stand between a size and what it is of.
fn is_between(word: &&str) -> bool {
    ["of", "system", "total", "main", "unified", "shared", "gpu", "m.2", "pcie", "的"].contains(word)
}

/// `DDR5` of `ddr5`.
fn memory_kind(word: &str) -> Option<String> {
    let rest = word.strip_prefix("lp").unwrap_or(word).strip_prefix("ddr")?;
    let is_kind = rest.len() <= 2
        && rest.starts_with(|c: char| ('2'..='6').contains(&c))
        && rest[1..].chars().all(|c| matches!(c, 'x' | 'l' | 't'));
    is_kind.then(|| word.to_uppercase())
}
