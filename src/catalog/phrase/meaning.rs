//! What the parts of a text mean together: whose a count or a size of memory is, and which of several cards is meant.

use std::collections::BTreeMap;

use super::choice::{Family, Portable, Said, choose};
use super::cover::{Cores, Leaning, Part, Role, Token, cover};
use super::word::{Word, words};
use super::{Place, hint};
use crate::catalog::described::MemoryModules;
use crate::catalog::{Accelerator, AcceleratorKind, Catalog, CatalogError, DescribeError, NamedMachine};
use crate::machine::Vendor;
use crate::message;
use crate::message::Message;
use crate::units::Bytes;

/// The sizes that memory is sold in, in GiB: a bare number of these behind a name is one.
const SOLD_GIB: &[u32] = &[
    4, 6, 8, 10, 11, 12, 16, 18, 20, 22, 24, 32, 36, 40, 48, 64, 72, 80, 94, 96, 128, 141, 144, 180, 192,
    256, 288, 384, 512, 768, 1024,
];

/// A number before a name, with nothing between, counts up to here: `8 RTX 4090`.
const MOST_WITHOUT_SIGN: u32 = 16;

/// No machine has more of one thing.
const MOST: u32 = 128;

/// What a text says.
#[derive(Clone, Debug, Default)]
pub(super) struct Meaning<'a> {
    pub(super) machine: Option<&'a NamedMachine>,
    pub(super) gpus: Vec<MeantGpu<'a>>,
    pub(super) cpu: Option<MeantCpu>,
    /// Main memory.
    pub(super) ram: Option<Bytes>,
    pub(super) modules: MemoryModules,
    pub(super) threads: Option<u32>,
    pub(super) cores: Option<u32>,
    pub(super) gpu_cores: Option<u32>,
    pub(super) no_gpu: bool,
    pub(super) notes: Vec<Message>,
    /// Words that mean nothing here: in rows of tables, within parentheses.
    pub(super) beside: Vec<String>,
}

/// Accelerators of one kind.
#[derive(Clone, Debug)]
pub(super) struct MeantGpu<'a> {
    pub(super) entry: &'a Accelerator,
    /// Unless it is said, one.
    pub(super) count: Option<u32>,
}

/// Processors by the name that the catalog spells them with.
#[derive(Clone, Debug)]
pub(super) struct MeantCpu {
    pub(super) name: String,
    pub(super) sockets: u32,
}

/// What the text at that place says.
pub(super) fn meaning<'a>(
    text: &str,
    place: Place,
    catalog: &'a Catalog,
) -> Result<Meaning<'a>, DescribeError> {
    let words = words(text);
    if words.is_empty() {
        return Err(DescribeError::NoName);
    }
    let leaning = if place == Place::Gpu { Leaning::Gpu } else { Leaning::Cpu };
    let parts = cover(&words, leaning, catalog)?;
    let mut reader = Reader { text, place, catalog, words: &words, parts, meaning: Meaning::default() };
    reader.settle_numbers()?;
    reader.refuse_unknown()?;
    reader.read()?;
    Ok(reader.meaning)
}

struct Reader<'t, 'a> {
    text: &'t str,
    place: Place,
    catalog: &'a Catalog,
    words: &'t [Word],
    parts: Vec<Part<'a>>,
    meaning: Meaning<'a>,
}

impl<'t, 'a> Reader<'t, 'a> {
    /// The text of a part.
    fn text_of(&self, at: usize) -> &'t str {
        let words = &self.words[self.parts[at].words.clone()];
        &self.text[words[0].span.start..words[words.len() - 1].span.end]
    }

    /// The next part that says something, up or down from one.
    fn neighbour(&self, at: usize, step: isize) -> Option<usize> {
        let mut at = at.checked_add_signed(step)?;
        loop {
            match self.parts.get(at)?.token {
                Token::Filler | Token::Brand(_) | Token::Laptop | Token::Desktop | Token::Link => {
                    at = at.checked_add_signed(step)?;
                }
                _ => return Some(at),
            }
        }
    }

    fn is_name(&self, at: usize) -> bool {
        matches!(self.parts[at].token, Token::Gpu(_) | Token::Cpu { .. } | Token::Machine(_))
    }

    /// Makes of each bare number what its neighbours say that it is.
    fn settle_numbers(&mut self) -> Result<(), DescribeError> {
        let has_line = self
            .parts
            .iter()
            .any(|part| matches!(part.token, Token::Line(_) | Token::Machine(_) | Token::Laptop));
        for at in 0..self.parts.len() {
            let Token::Number(number) = self.parts[at].token else { continue };
            let before = self.neighbour(at, -1);
            let after = self.neighbour(at, 1);
            let size = Bytes::gib(u64::from(number));
            let sold = SOLD_GIB.contains(&number);
            let takes_size = match before {
                Some(before) if sold => self.takes_size(before, size)?,
                _ => false,
            };
            let counts = |after: usize| matches!(self.parts[after].token, Token::Gpu(_) | Token::Cpu { .. });
            let is_year = (2008..=2030).contains(&number);
            let is_inches = (11..=18).contains(&number) || matches!(number, 24 | 27);
            self.parts[at].token = if takes_size {
                Token::Size { bytes: size, role: None }
            } else if after.is_some_and(counts) && number <= MOST_WITHOUT_SIGN {
                Token::Count { count: number, behind: false }
            } else if has_line && (is_year || is_inches) {
                Token::Filler
            } else if sold
                && number >= 16
                && before.is_some_and(|at| self.is_name(at))
                && self.place == Place::Machine
            {
                Token::Size { bytes: size, role: Some(Role::Ram) }
            } else {
                continue;
            };
        }
        Ok(())
    }

    /// Whether a bare number behind a name can be its memory.
    fn takes_size(&self, name: usize, size: Bytes) -> Result<bool, DescribeError> {
        Ok(match &self.parts[name].token {
            Token::Gpu(name) => {
                let family = Family::of(name, self.catalog)?;
                family.is_unified() || family.has(size, Portable::Unsaid) || family.has_portable(size)
            }
            Token::Cpu { platform, .. } => !platform.memory_options_gib.is_empty(),
            Token::Machine(_) => true,
            _ => false,
        })
    }

    /// What is left over is an error that names it.
    fn refuse_unknown(&mut self) -> Result<(), DescribeError> {
        let mut at = 0;
        while at < self.parts.len() {
            let is_unknown = |part: &Part<'_>| matches!(part.token, Token::Unknown | Token::Number(_));
            if !is_unknown(&self.parts[at]) {
                at += 1;
                continue;
            }
            let mut end = at + 1;
            while end < self.parts.len() && is_unknown(&self.parts[end]) {
                end += 1;
            }
            let range = self.parts[at].words.start..self.parts[end - 1].words.end;
            let run = &self.text[self.words[range.start].span.start..self.words[range.end - 1].span.end];
            // Tables have words of people and of how was measured in them.
            let is_beside = |word: &Word| word.inside || !word.text.contains(|c: char| c.is_ascii_digit());
            if self.place == Place::Row && self.words[range.clone()].iter().all(is_beside) {
                self.meaning.beside.push(run.to_owned());
                at = end;
                continue;
            }
            let nearest = hint::nearest(self.text, self.words, &range, self.catalog)?;
            if end == at + 1
                && let Token::Number(_) = self.parts[at].token
                && nearest.is_none()
            {
                let before = self.neighbour(at, -1).filter(|before| self.is_name(*before));
                return Err(self.stray_number(at, before)?);
            }
            return Err(DescribeError::Unrecognised { text: run.to_owned(), nearest });
        }
        Ok(())
    }

    fn stray_number(&self, at: usize, name: Option<usize>) -> Result<DescribeError, DescribeError> {
        let mut sold_gib = Vec::new();
        if let Some(Token::Gpu(words)) = name.map(|name| &self.parts[name].token) {
            let family = Family::of(words, self.catalog)?;
            sold_gib = family.options();
        }
        Ok(DescribeError::Number {
            number: self.text_of(at).to_owned(),
            text: self.text.trim().to_owned(),
            name: name.map_or_else(String::new, |name| self.text_of(name).to_owned()),
            sold_gib,
        })
    }

    fn read(&mut self) -> Result<(), DescribeError> {
        let counts = self.counts()?;
        let portable = self.portable();
        let memories = self.sizes(&counts, portable)?;
        self.kinds();
        for at in 0..self.parts.len() {
            let count = counts.get(&at).copied();
            match self.parts[at].token.clone() {
                Token::Machine(machine) => {
                    if let Some(first) = self.meaning.machine.replace(machine) {
                        let (first, second) = (first.name.clone(), machine.name.clone());
                        return Err(DescribeError::TwoMachines { first, second });
                    }
                    if let Some(count) = count.filter(|count| *count > 1) {
                        let name = machine.name.clone();
                        return Err(DescribeError::SeveralMachines { name, count });
                    }
                }
                Token::Gpu(name) => {
                    let family = Family::of(&name, self.catalog)?;
                    if let Some(first) = self.alternative(at) {
                        if self.place == Place::Row {
                            continue;
                        }
                        let names = [first, at].map(|at| self.text_of(at).to_owned());
                        let name = format!("{}/{}", names[0], names[1]);
                        return Err(CatalogError::Ambiguous { name, candidates: names.into() }.into());
                    }
                    let cpu = self.cpu_name();
                    let said = Said {
                        text: self.text_of(at),
                        memory: memories
                            .get(&at)
                            .copied()
                            .or_else(|| Some(Bytes::gib(1).share(name.memory_gib?))),
                        cores: self.meaning.gpu_cores,
                        portable,
                        cpu: cpu.as_deref(),
                    };
                    let entry = choose(&name, &family, said, &mut self.meaning.notes)?;
                    self.check_brand(at, entry.vendor, &entry.name)?;
                    self.add_gpu(entry, count)?;
                }
                Token::Cpu { name, platform } => {
                    if let Some(vendor) = vendor_of_cpu(&name) {
                        self.check_brand(at, vendor, &name)?;
                    }
                    let sockets = count.unwrap_or(1);
                    // A board has one kind of CPU, by several names.
                    let is_other = |first: &MeantCpu| {
                        first.name != name
                            && platform.memory_options_gib.is_empty()
                            && !platform.cores_by_model.is_empty()
                    };
                    if let Some(first) = self.meaning.cpu.as_ref().filter(|first| is_other(first)) {
                        return Err(DescribeError::TwoCpus { first: first.name.clone(), second: name });
                    }
                    self.meaning.cpu = Some(MeantCpu { name, sockets });
                }
                Token::Threads(count) => self.meaning.threads = Some(count),
                Token::NoGpu => self.meaning.no_gpu = true,
                Token::Channels(channels) => self.meaning.modules.channels = Some(channels),
                Token::Link => {
                    self.meaning.notes.push(message!(CatalogNoteLink { link: self.text_of(at) }));
                }
                _ => {}
            }
        }
        self.check_line()
    }

    /// The card before this one that it stands for as well: `H20/H200`.
    fn alternative(&self, at: usize) -> Option<usize> {
        let before = at.checked_sub(1)?;
        let end = |part: usize| self.words[self.parts[part].words.end - 1].span.end;
        let between = &self.text[end(before)..self.words[self.parts[at].words.start].span.start];
        (between == "/" && matches!(self.parts[before].token, Token::Gpu(_))).then_some(before)
    }

    fn cpu_name(&self) -> Option<String> {
        self.parts.iter().find_map(|part| match &part.token {
            Token::Cpu { name, .. } => Some(name.clone()),
            _ => None,
        })
    }

    fn portable(&self) -> Portable {
        let has = |is: fn(&Token<'_>) -> bool| self.parts.iter().any(|part| is(&part.token));
        if has(|token| matches!(token, Token::Desktop)) {
            Portable::No
        } else if has(|token| matches!(token, Token::Laptop))
            || has(|token| matches!(token, Token::Line(line) if line.laptop))
        {
            Portable::Said
        } else if self.cpu_name().is_some_and(|name| is_laptop_cpu(&name)) {
            Portable::Implied
        } else {
            Portable::Unsaid
        }
    }

    /// The counts of names, by their places; sizes of modules are multiplied at once.
    fn counts(&mut self) -> Result<BTreeMap<usize, u32>, DescribeError> {
        let mut counts = BTreeMap::new();
        for at in 0..self.parts.len() {
            let target = match self.parts[at].token {
                Token::Count { count: 0, .. } => {
                    return Err(DescribeError::None { text: self.text.trim().to_owned() });
                }
                Token::Count { count, .. } | Token::Cards(count) | Token::Sockets(count) if count > MOST => {
                    return Err(self.stray_count(at));
                }
                Token::Count { count, behind } => Some((count, self.counted(at, count, behind)?)),
                Token::Cards(count) => {
                    let is_card = |at: &usize| matches!(self.parts[*at].token, Token::Gpu(_));
                    let found = self.nearest_to(at, is_card);
                    Some((count, Some(found.ok_or_else(|| self.stray_count(at))?)))
                }
                Token::Sockets(count) => {
                    let is_cpu = |at: &usize| matches!(self.parts[*at].token, Token::Cpu { .. });
                    let found = self.nearest_to(at, is_cpu);
                    Some((count, Some(found.ok_or_else(|| self.stray_count(at))?)))
                }
                _ => None,
            };
            if let Some((count, Some(name))) = target {
                counts.entry(name).or_insert(count);
            }
        }
        Ok(counts)
    }

    fn stray_count(&self, at: usize) -> DescribeError {
        DescribeError::Unrecognised { text: self.text_of(at).to_owned(), nearest: None }
    }

    fn nearest_to(&self, at: usize, is: impl Fn(&usize) -> bool) -> Option<usize> {
        (0..self.parts.len()).filter(is).min_by_key(|other| other.abs_diff(at))
    }

    /// The name that a count is of; `None` where it counts modules of memory.
    fn counted(&mut self, at: usize, count: u32, behind: bool) -> Result<Option<usize>, DescribeError> {
        let (before, after) = (self.neighbour(at, -1), self.neighbour(at, 1));
        let is_name = |at: &usize| self.is_name(*at);
        let candidates = if behind { [before, after] } else { [after, before] };
        if let Some(size) = candidates[0]
            && let Token::Size { bytes, role } = self.parts[size].token
        {
            // `4x 80GB A100`
            let card =
                self.neighbour(size, 1).filter(|card| matches!(self.parts[*card].token, Token::Gpu(_)));
            let is_of_card = match card {
                Some(card) if role != Some(Role::Ram) => self.takes_size(card, bytes)?,
                _ => false,
            };
            if is_of_card {
                return Ok(card);
            }
            // `RTX 3090 24GB x2`
            let behind_card = if behind { self.neighbour(size, -1) } else { None };
            if let Some(card) = behind_card
                && matches!(self.parts[card].token, Token::Gpu(_))
                && self.takes_size(card, bytes)?
            {
                return Ok(Some(card));
            }
            let bytes = bytes * u64::from(count);
            self.parts[size].token = Token::Size { bytes, role: role.or(Some(Role::Ram)) };
            self.meaning.modules.count = Some(count);
            return Ok(None);
        }
        let found = candidates.into_iter().flatten().find(is_name);
        found.map(Some).ok_or_else(|| self.stray_count(at))
    }

    /// The memory of cards, by their places. What is of no card is main memory.
    fn sizes(
        &mut self,
        counts: &BTreeMap<usize, u32>,
        portable: Portable,
    ) -> Result<BTreeMap<usize, Bytes>, DescribeError> {
        let mut memories = BTreeMap::new();
        for at in 0..self.parts.len() {
            let Token::Size { bytes, role } = self.parts[at].token else { continue };
            let owner = match role {
                Some(Role::Storage) => continue,
                Some(Role::Ram) => None,
                Some(Role::Vram) => {
                    let is_card = |at: &usize| matches!(self.parts[*at].token, Token::Gpu(_));
                    let card = self.nearest_to(at, is_card);
                    Some(card.ok_or_else(|| self.stray_count(at))?)
                }
                None => self.owner(at, bytes, portable, &memories)?,
            };
            match owner {
                Some(card) => {
                    memories.insert(card, self.of_each(bytes, card, counts, portable)?);
                }
                None => self.add_ram(at, bytes)?,
            }
        }
        // A chip that shares main memory is told apart by it.
        for at in 0..self.parts.len() {
            if let (Token::Gpu(name), Some(ram)) = (&self.parts[at].token, self.meaning.ram)
                && Family::of(name, self.catalog)?.is_unified()
            {
                memories.insert(at, ram);
            }
        }
        Ok(memories)
    }

    /// What each of several cards has of a size that is all of theirs: `2x RTX 3090 48GB`.
    fn of_each(
        &self,
        bytes: Bytes,
        card: usize,
        counts: &BTreeMap<usize, u32>,
        portable: Portable,
    ) -> Result<Bytes, DescribeError> {
        let count = u64::from(counts.get(&card).copied().unwrap_or(1));
        let Token::Gpu(name) = &self.parts[card].token else { return Ok(bytes) };
        let family = Family::of(name, self.catalog)?;
        let each = Bytes(bytes.0 / count);
        let is_total = count > 1 && !family.has(bytes, portable) && family.has(each, portable);
        Ok(if is_total { each } else { bytes })
    }

    /// The card beside a size that comes with so much.
    fn owner(
        &self,
        at: usize,
        bytes: Bytes,
        portable: Portable,
        owned: &BTreeMap<usize, Bytes>,
    ) -> Result<Option<usize>, DescribeError> {
        for (place, step) in [(self.neighbour(at, -1), -1), (self.neighbour(at, 1), 1)] {
            // A count may stand between: `RTX 3090 x2 24GB`.
            let place = place.and_then(|place| match self.parts[place].token {
                Token::Count { .. } | Token::Cards(_) => self.neighbour(place, step),
                _ => Some(place),
            });
            let Some(place) = place.filter(|place| !owned.contains_key(place)) else { continue };
            let Token::Gpu(name) = &self.parts[place].token else { continue };
            let family = Family::of(name, self.catalog)?;
            if family.is_unified() {
                continue;
            }
            let has_another_size = self.parts.iter().enumerate().any(|(other, part)| {
                other != at && matches!(part.token, Token::Size { role: None | Some(Role::Ram), .. })
            });
            // Who means the machine says how much main memory it has rather than that the card was modified.
            let is_likely = !family.is_modified(bytes)
                || self.place != Place::Machine
                || has_another_size
                || ![16, 32, 48, 64, 96, 128].map(Bytes::gib).contains(&bytes);
            let is_before = step < 0 || family.varies() || !has_another_size;
            if family.has(bytes, portable) && is_likely && is_before {
                return Ok(Some(place));
            }
            let is_small = bytes < Bytes::gib(8);
            if family.has_portable(bytes) && step < 0 && (self.place != Place::Machine || is_small) {
                return Ok(Some(place));
            }
            if self.place == Place::Gpu && step < 0 {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }

    fn add_ram(&mut self, at: usize, bytes: Bytes) -> Result<(), DescribeError> {
        let Some(first) = self.meaning.ram else {
            self.meaning.ram = Some(bytes);
            return Ok(());
        };
        // Shops write the disk behind the memory.
        let is_disk = |bytes: Bytes| {
            [120, 128, 240, 250, 256, 500, 512, 1000, 1024, 2000, 2048, 4000, 4096, 8192]
                .map(Bytes::gib)
                .contains(&bytes)
        };
        if first == bytes {
            return Ok(());
        }
        if is_disk(bytes) && bytes >= first * 2 && first <= Bytes::gib(192) {
            self.meaning.notes.push(message!(CatalogNoteStorage { size: self.text_of(at) }));
            return Ok(());
        }
        Err(DescribeError::TwoRams { first, second: bytes })
    }

    /// Kinds of memory and cores.
    fn kinds(&mut self) {
        let unified = self.parts.iter().find_map(|part| match &part.token {
            Token::Gpu(name) => Family::of(name, self.catalog).ok(),
            _ => None,
        });
        for part in &self.parts {
            match &part.token {
                Token::Memory { kind, speed } => {
                    let modules = &mut self.meaning.modules;
                    modules.kind = kind.clone().or(modules.kind.take());
                    modules.speed = speed.or(modules.speed);
                }
                Token::Cores { count, of } => {
                    let is_gpus = *of == Cores::Gpu
                        || (*of == Cores::Unsaid
                            && unified.as_ref().is_some_and(|family| family.cores_fit(*count)));
                    let cores = if is_gpus { &mut self.meaning.gpu_cores } else { &mut self.meaning.cores };
                    *cores = Some(*count);
                }
                _ => {}
            }
        }
    }

    fn add_gpu(&mut self, entry: &'a Accelerator, count: Option<u32>) -> Result<(), DescribeError> {
        if self.place == Place::Machine || self.place == Place::Gpu {
            let ram = self.meaning.ram;
            let is_unsold =
                entry.kind == AcceleratorKind::Unified && ram.is_some_and(|ram| !entry.is_sold_with(ram));
            if let (true, Some(memory)) = (is_unsold, ram) {
                let sold_gib = entry.memory_options_gib.clone();
                return Err(DescribeError::Memory { name: entry.name.clone(), memory, sold_gib });
            }
        }
        // A chip and the GPU inside are one: `Ryzen 9 7940HS (Radeon 780M)`.
        let same = self
            .meaning
            .gpus
            .iter_mut()
            .find(|gpu| gpu.entry.id == entry.id && entry.kind == AcceleratorKind::Unified);
        if same.is_none() {
            self.meaning.gpus.push(MeantGpu { entry, count });
        }
        Ok(())
    }

    /// A brand before a name is its maker's.
    fn check_brand(&self, at: usize, vendor: Vendor, name: &str) -> Result<(), DescribeError> {
        let before = at.checked_sub(1).map(|before| &self.parts[before].token);
        match before {
            Some(Token::Brand(brand)) if *brand != vendor => {
                Err(DescribeError::Maker { name: name.to_owned(), maker: self.text_of(at - 1).to_owned() })
            }
            _ => Ok(()),
        }
    }

    /// Apple's machines have chips of Apple's, or once had some of Intel's.
    fn check_line(&self) -> Result<(), DescribeError> {
        let is_apple = |part: &&Part<'_>| matches!(part.token, Token::Line(line) if line.apple);
        let Some(at) = self.parts.iter().position(|part| is_apple(&part)) else { return Ok(()) };
        let machine = self.text_of(at).to_owned();
        let gpu = self.meaning.gpus.iter().find(|gpu| {
            matches!(gpu.entry.vendor, Vendor::Nvidia)
                || (gpu.entry.kind == AcceleratorKind::Unified && gpu.entry.vendor != Vendor::Apple)
        });
        if let Some(gpu) = gpu {
            return Err(DescribeError::NotInside { machine, chip: gpu.entry.name.clone() });
        }
        let was_inside =
            |name: &str| name.starts_with("Apple") || name.starts_with("Core i") || name.starts_with("Xeon");
        match &self.meaning.cpu {
            Some(cpu) if !was_inside(&cpu.name) => {
                Err(DescribeError::NotInside { machine, chip: cpu.name.clone() })
            }
            _ => Ok(()),
        }
    }
}

/// Whose a CPU is, where its name says so.
fn vendor_of_cpu(name: &str) -> Option<Vendor> {
    let starts = |makes: &[&str]| makes.iter().any(|make| name.starts_with(make));
    if starts(&["Ryzen", "EPYC", "Threadripper", "AMD", "FX", "Athlon"]) {
        Some(Vendor::Amd)
    } else if starts(&["Core", "Xeon", "Intel", "Celeron", "Pentium"]) {
        Some(Vendor::Intel)
    } else if starts(&["Apple"]) {
        Some(Vendor::Apple)
    } else {
        None
    }
}

/// Whether a CPU's suffix is one of laptops: `12700H`, `7840U`, `HX 370`.
fn is_laptop_cpu(name: &str) -> bool {
    let word = name.split([' ', '-']).rev().find(|word| word.contains(|c: char| c.is_ascii_digit()));
    let Some(word) = word else { return false };
    let suffix = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_core = name.starts_with("Core");
    match suffix {
        "H" | "HX" | "HS" | "HK" | "HQ" | "U" | "MQ" | "MX" | "M" => is_core || name.starts_with("Ryzen"),
        "P" | "V" | "G1" | "G4" | "G7" => is_core,
        _ => name.contains(" HX "),
    }
}
