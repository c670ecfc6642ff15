//! A machine or a part of one in words, as people type it: cut into words, the words into names, counts and sizes, and these
//! into what is meant. Every word is used or refused.

mod choice;
mod cover;
mod hint;
mod meaning;
mod vocabulary;
mod word;

use std::borrow::Cow;

use self::meaning::Meaning;
use super::described::{DescribeError, MemoryModules, Wish};
use super::{Accelerator, AcceleratorKind, Catalog, CatalogError, Counted, Named};
use crate::units::Bytes;

pub(super) use word::{pattern_words, words};

/// Where a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// For a whole machine.
    Machine,
    /// For GPUs.
    Gpu,
    /// For processors.
    Cpu,
    /// In a table of measurements.
    Row,
}

/// What the flags of a machine say.
#[derive(Clone, Debug, Default)]
pub struct Typed<'t> {
    /// GPUs, once or several times.
    pub gpus: &'t [String],
    /// How many of them.
    pub gpu_count: Option<u32>,
    /// Processors.
    pub cpu: Option<&'t str>,
    /// Main memory.
    pub ram: Option<Bytes>,
    /// Threads to compute with.
    pub threads: Option<u32>,
}

/// What a row of a table says of the hardware.
#[derive(Clone, Debug)]
pub struct RowHardware<'a> {
    /// The machine that it describes.
    pub wish: Wish<'a>,
    /// The first accelerator that it names.
    pub accelerator: Option<&'a Accelerator>,
    /// How many of it, where that is said.
    pub count: Option<u32>,
    /// The cores of its GPU, where they are said.
    pub gpu_cores: Option<u32>,
    /// What it says in parentheses that is of no hardware.
    pub beside: Vec<String>,
}

impl<'a> Wish<'a> {
    /// What a text says of a machine.
    pub fn of(text: &str, catalog: &'a Catalog) -> Result<Self, DescribeError> {
        let meaning = meaning::meaning(text, Place::Machine, catalog)?;
        let says_nothing = meaning.machine.is_none()
            && meaning.gpus.is_empty()
            && meaning.cpu.is_none()
            && meaning.ram.is_none()
            && meaning.cores.or(meaning.threads).is_none();
        if says_nothing && !meaning.no_gpu {
            return Err(DescribeError::NoHardware { text: text.trim().to_owned() });
        }
        Self::of_meaning(meaning, catalog)
    }

    /// The GPUs that a text lists: `3090 + 4090`, `2x RTX 3090, RTX 4090`; `none` for no GPU.
    pub fn of_gpus(text: &str, catalog: &'a Catalog) -> Result<Self, DescribeError> {
        Self::of_typed(&Typed { gpus: &[text.to_owned()], ..Typed::default() }, catalog)
    }

    /// The processors that a text names.
    pub fn of_cpu(text: &str, catalog: &'a Catalog) -> Result<Self, DescribeError> {
        Self::of_typed(&Typed { cpu: Some(text), ..Typed::default() }, catalog)
    }

    /// What several texts say together, each of its own part.
    pub fn of_typed(typed: &Typed<'_>, catalog: &'a Catalog) -> Result<Self, DescribeError> {
        let mut wish = Wish { ram: typed.ram, threads: typed.threads, ..Wish::default() };
        for text in typed.gpus {
            let gpus = gpus(text, catalog)?;
            wish.take(gpus, catalog)?;
        }
        if let Some(count) = typed.gpu_count {
            wish.count(count, typed.gpus)?;
        }
        if let Some(text) = typed.cpu {
            let cpu = cpu(text, typed, catalog)?;
            wish.take(cpu, catalog)?;
        }
        Ok(wish)
    }

    /// Adds what a text says.
    fn take(&mut self, meaning: Meaning<'a>, catalog: &'a Catalog) -> Result<(), DescribeError> {
        let other = Self::of_meaning(meaning, catalog)?;
        if let (Some(stated), Some(given)) = (other.ram, self.ram)
            && stated != given
        {
            return Err(DescribeError::TwoMemories { stated, given });
        }
        if let Some(gpus) = other.gpus {
            self.gpus.get_or_insert_default().extend(gpus);
        }
        self.ram = self.ram.or(other.ram);
        self.cpu = self.cpu.take().or(other.cpu);
        self.threads = self.threads.or(other.threads);
        self.cores = self.cores.or(other.cores);
        self.gpu_cores = self.gpu_cores.or(other.gpu_cores);
        if other.modules != MemoryModules::default() {
            self.modules = other.modules;
        }
        self.notes.extend(other.notes);
        Ok(())
    }

    fn count(&mut self, count: u32, texts: &[String]) -> Result<(), DescribeError> {
        let text = texts.join(", ");
        match self.gpus.as_deref_mut() {
            Some([gpu]) if gpu.count == 1 || gpu.count == count => {
                gpu.count = count;
                Ok(())
            }
            Some([gpu]) => Err(DescribeError::TwoCounts { text, own: gpu.count, count }),
            _ => Err(DescribeError::CountOfSeveral { text, count }),
        }
    }

    fn of_meaning(meaning: Meaning<'a>, catalog: &'a Catalog) -> Result<Self, DescribeError> {
        let gpus: Vec<Counted<'a>> =
            meaning.gpus.iter().map(|gpu| Counted::of(gpu.count.unwrap_or(1), &*gpu.entry.id)).collect();
        let own = Wish {
            name: None,
            gpus: (meaning.no_gpu || !gpus.is_empty()).then_some(gpus),
            ram: meaning.ram,
            ram_options_gib: &[],
            cpu: meaning.cpu.map(|cpu| Counted::of(cpu.sockets, cpu.name)),
            modules: meaning.modules,
            threads: meaning.threads,
            cores: meaning.cores,
            gpu_cores: meaning.gpu_cores,
            notes: meaning.notes,
        };
        let Some(machine) = meaning.machine else { return Ok(own) };
        let base = Self::of_meaning(meaning::meaning(&machine.is, Place::Machine, catalog)?, catalog)?;
        // What is said goes before what the machine comes with.
        let is_changed = own.gpus.is_some() || own.cpu.is_some();
        Ok(Wish {
            name: (!is_changed).then_some(Cow::Borrowed(machine.name.as_str())),
            ram_options_gib: if own.ram.is_none() { &machine.memory_options_gib } else { &[] },
            gpus: own.gpus.or(base.gpus),
            ram: own.ram.or(base.ram),
            cpu: own.cpu.or(base.cpu),
            modules: if own.modules == MemoryModules::default() { base.modules } else { own.modules },
            threads: own.threads.or(base.threads),
            cores: own.cores.or(base.cores),
            gpu_cores: own.gpu_cores.or(base.gpu_cores),
            notes: own.notes,
        })
    }
}

impl<'a> RowHardware<'a> {
    /// What a row's text says. Words in parentheses may be of anything.
    pub fn of(text: &str, catalog: &'a Catalog) -> Result<Self, DescribeError> {
        let meaning = meaning::meaning(text, Place::Row, catalog)?;
        let accelerator = meaning.gpus.first().map(|gpu| gpu.entry);
        let count = meaning.gpus.first().and_then(|gpu| gpu.count);
        let (gpu_cores, beside) = (meaning.gpu_cores, meaning.beside.clone());
        Ok(Self { wish: Wish::of_meaning(meaning, catalog)?, accelerator, count, gpu_cores, beside })
    }
}

/// What the text of `--gpu` says.
fn gpus<'a>(text: &str, catalog: &'a Catalog) -> Result<Meaning<'a>, DescribeError> {
    if text.trim() == "0" {
        return Ok(Meaning { no_gpu: true, ..Meaning::default() });
    }
    let meaning = whole(meaning::meaning(text, Place::Gpu, catalog), text, Named::Gpu)?;
    if let Some(cpu) = &meaning.cpu {
        return Err(DescribeError::CpuAsGpu { name: cpu.name.clone() });
    }
    if let Some(machine) = meaning.machine {
        return Err(DescribeError::MachineAsPart { name: machine.name.clone() });
    }
    if meaning.gpus.is_empty() && !meaning.no_gpu {
        return Err(unknown(text, Named::Gpu, None));
    }
    let shares = meaning.gpus.iter().any(|gpu| gpu.entry.kind == AcceleratorKind::Unified);
    match (meaning.ram, meaning.gpus.first()) {
        (Some(memory), Some(gpu)) if !shares => Err(DescribeError::CardMemory {
            name: gpu.entry.name.clone(),
            memory,
            candidates: vec![gpu.entry.name.clone()],
        }),
        _ => Ok(meaning),
    }
}

/// What the text of `--cpu` says. A chip that is sold as a whole machine brings its GPU: `--cpu 'M2 Ultra 192'`.
fn cpu<'a>(text: &str, typed: &Typed<'_>, catalog: &'a Catalog) -> Result<Meaning<'a>, DescribeError> {
    let mut meaning = whole(meaning::meaning(text, Place::Cpu, catalog), text, Named::Cpu)?;
    if let Some(machine) = meaning.machine {
        return Err(DescribeError::MachineAsPart { name: machine.name.clone() });
    }
    let card = meaning.gpus.iter().find(|gpu| gpu.entry.kind != AcceleratorKind::Unified);
    if let Some(card) = card {
        return Err(DescribeError::GpuAsCpu { name: card.entry.name.clone() });
    }
    if meaning.cpu.is_none() && meaning.gpus.is_empty() {
        return Err(unknown(text, Named::Cpu, None));
    }
    if !typed.gpus.is_empty() {
        // Of a chip beside a GPU that is named, the cores count.
        if let Some(chip) = meaning.gpus.pop()
            && meaning.cpu.is_none()
        {
            meaning.cpu = Some(meaning::MeantCpu { name: chip.entry.name.clone(), sockets: 1 });
        }
        meaning.gpus.clear();
    }
    Ok(meaning)
}

/// Says of a text of which nothing is known what it should have been.
fn whole<T>(found: Result<T, DescribeError>, text: &str, kind: Named) -> Result<T, DescribeError> {
    found.map_err(|error| match error {
        DescribeError::Unrecognised { text: part, nearest } if part == text.trim() => {
            unknown(text, kind, nearest)
        }
        other => other,
    })
}

fn unknown(text: &str, kind: Named, nearest: Option<String>) -> DescribeError {
    CatalogError::Unknown { kind, name: text.trim().to_owned(), nearest }.into()
}
