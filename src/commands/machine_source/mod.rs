//! The machine that a command reckons with: this one, one that a file describes, or one that somebody names.

mod args;
mod file;

use std::path::Path;

use super::Context;
use crate::catalog::{Catalog, DescribeError, Typed, Wish, describe};
use crate::error::{Error, Exit};
use crate::machine::{Gpu, GpuMemory, Machine, Ram};
use crate::probe::{self, Bandwidths, Surroundings};
use crate::units::Bytes;

pub use args::MachineArgs;
pub use file::machine_of_toml;
pub(super) use file::{Overwrite, save};

/// The machine that the flags ask for. Its notes, on what failed or had to be assumed, are said to the person.
pub(super) fn machine(context: &Context, args: &MachineArgs, catalog: &Catalog) -> Result<Machine, Error> {
    let machine = asked(args, Bandwidths::AsKnown, catalog)?;
    for note in &machine.notes {
        context.printer.note(note.clone());
    }
    Ok(machine)
}

/// The machine that the flags ask for; its notes are left to the caller.
pub(super) fn asked(args: &MachineArgs, bandwidths: Bandwidths, catalog: &Catalog) -> Result<Machine, Error> {
    let mut machine = match Asked::by(args, catalog)? {
        Asked::Named(name) => named(name, args.ram, catalog)?,
        Asked::Described(wish) => describe(&wish, catalog).map_err(usage)?,
        Asked::Here => here(bandwidths, catalog)?,
        Asked::HereWithoutGpus => {
            let here = here(bandwidths, catalog)?;
            Machine { name: format!("{} without its GPUs", here.name), gpus: Vec::new(), ..here }
        }
    };
    if let Some(threads) = args.threads {
        machine.cpu.usable_threads = threads;
    }
    Ok(machine)
}

/// The machine at hand.
pub(super) fn here(bandwidths: Bandwidths, catalog: &Catalog) -> Result<Machine, Error> {
    Ok(probe::machine(&Surroundings::here(), bandwidths, catalog)?)
}

/// The machine of a file; where there is no such file, of a name or a description. `ram` goes before what either says.
pub(super) fn named(name: &Path, ram: Option<Bytes>, catalog: &Catalog) -> Result<Machine, Error> {
    if let Some(text) = name.to_str().filter(|text| !is_path(name, text)) {
        let wish = Wish::of(text, catalog).map_err(usage)?;
        let ram_options_gib = if ram.is_some() { &[] } else { wish.ram_options_gib };
        let wish = Wish { ram: ram.or(wish.ram), ram_options_gib, ..wish };
        return describe(&wish, catalog).map_err(usage);
    }
    let machine = file::load(name, catalog)?;
    Ok(match ram {
        Some(ram) => with_ram(&machine, ram),
        None => machine,
    })
}

/// Whether a file is meant. People write slashes between parts of a machine, too: `Ryzen 7 5800X3D / RTX 3080 / 32GB`.
fn is_path(name: &Path, text: &str) -> bool {
    let has_ending = name.extension().is_some_and(|end| end == "toml" || end == "txt" || end == "json");
    let is_located = text.starts_with(['/', '.', '~']) || text.contains('\\');
    let is_nested = text.contains('/') && !text.contains(char::is_whitespace) && words_of_path(text);
    has_ending || is_located || is_nested || name.exists()
}

/// Whether no part of a text between slashes is of hardware: it has no digit.
fn words_of_path(text: &str) -> bool {
    text.split('/').any(|part| !part.contains(|c: char| c.is_ascii_digit()))
}

/// The machine with another size of main memory, of which an idle system leaves as much as of its own.
fn with_ram(machine: &Machine, total_bytes: Bytes) -> Machine {
    let left = machine.ram.available_bytes.as_f64() / machine.ram.total_bytes.as_f64();
    let ram = Ram {
        total_bytes,
        available_bytes: total_bytes.share(left),
        cgroup_limit_bytes: None,
        ..machine.ram.clone()
    };
    let of_share = |gpu: &Gpu| match gpu.memory {
        GpuMemory::Unified { .. } => {
            Gpu { memory: GpuMemory::default_share(gpu.vendor, total_bytes), ..gpu.clone() }
        }
        GpuMemory::Dedicated { .. } => gpu.clone(),
    };
    Machine { ram, gpus: machine.gpus.iter().map(of_share).collect(), ..machine.clone() }
}

/// What the flags ask for.
#[derive(Debug)]
enum Asked<'a> {
    Here,
    HereWithoutGpus,
    Named(&'a Path),
    Described(Wish<'a>),
}

impl<'a> Asked<'a> {
    fn by(args: &'a MachineArgs, catalog: &'a Catalog) -> Result<Self, Error> {
        if let Some(path) = &args.machine {
            return Ok(Self::Named(path));
        }
        let typed = Typed {
            gpus: &args.gpu,
            gpu_count: args.gpu_count,
            cpu: args.cpu.as_deref(),
            ram: args.ram,
            threads: args.threads,
        };
        if args.gpu.is_empty() && args.cpu.is_none() && args.ram.is_none() {
            return Ok(Self::Here);
        }
        let wish = Wish::of_typed(&typed, catalog).map_err(usage)?;
        let without_gpus = wish.gpus.as_ref().is_some_and(Vec::is_empty);
        Ok(match (&wish.ram, &wish.cpu) {
            (None, None) if without_gpus => Self::HereWithoutGpus,
            _ => Self::Described(wish),
        })
    }
}

fn usage(error: DescribeError) -> Error {
    Error::from(error).exiting(Exit::Usage)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Locale;

    fn args(gpu: &[&str], gpu_count: Option<u32>) -> MachineArgs {
        let gpu = gpu.iter().map(|text| (*text).to_owned()).collect();
        MachineArgs { gpu, gpu_count, ..MachineArgs::default() }
    }

    #[test]
    fn gpus_are_counted_once() {
        let catalog = Catalog::embedded().unwrap();
        let told = |gpu: &[&str], count| {
            let args = args(gpu, count);
            let asked = Asked::by(&args, &catalog).map_err(|error| Locale::default().say(error.message()))?;
            let Asked::Described(wish) = asked else { panic!("{asked:?}") };
            let gpus = wish.gpus.unwrap_or_default();
            Ok::<_, String>(gpus.iter().map(|gpu| format!("{} {}", gpu.count, gpu.name)).collect::<Vec<_>>())
        };
        assert_eq!(told(&["H100"], Some(8)), Ok(vec!["8 h100-sxm5-80gb".to_owned()]));
        assert_eq!(told(&["2x H100"], Some(2)), Ok(vec!["2 h100-sxm5-80gb".to_owned()]));
        let two = Ok(vec!["1 rtx-3090".to_owned(), "2 rtx-4090".to_owned()]);
        assert_eq!(told(&["3090", "4090 x2"], None), two);
        assert_eq!(told(&["3090 + 2x 4090"], None), two);
        assert_eq!(
            told(&["2x H100"], Some(4)),
            Err("`--gpu '2x H100'` says 2, `--gpu-count` says 4".to_owned())
        );
        assert_eq!(
            told(&["3090", "4090"], Some(4)),
            Err("`--gpu-count 4` needs a single kind of GPU, not `3090, 4090`".to_owned())
        );
        assert!(told(&["0x H100"], None).is_err() && told(&["3090 + foo"], None).is_err());
    }

    #[test]
    fn slashes_stand_between_parts_and_in_paths() {
        for (text, expected) in [
            ("Ryzen 7 5800X3D / RTX 3080 / 32GB", false),
            ("i5-12400/RTX3060/32GB", false),
            ("machines/workstation", true),
            ("./x", true),
            ("/tmp/x", true),
            ("box.toml", true),
        ] {
            assert_eq!(is_path(Path::new(text), text), expected, "{text}");
        }
    }

    #[test]
    fn only_flags_that_name_hardware_make_another_machine() {
        let catalog = Catalog::embedded().unwrap();
        let asked = |args: MachineArgs| format!("{:?}", Asked::by(&args, &catalog).unwrap());
        assert_eq!(asked(MachineArgs { threads: Some(4), ..MachineArgs::default() }), "Here");
        assert_eq!(asked(args(&["none"], None)), "HereWithoutGpus");
        let ram = Some(Bytes::gib(64));
        let described = asked(MachineArgs { ram, ..args(&["none"], None) });
        assert!(described.starts_with("Described(Wish { name: None, gpus: Some([]),"), "{described}");
    }
}
