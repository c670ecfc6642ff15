//! The machine that a command reckons with: this one, one that a file describes, or one that somebody names.

mod args;
mod file;

use std::path::Path;

use super::Context;
use crate::catalog::{Catalog, Counted, Wish, describe};
use crate::error::{Error, Exit};
use crate::machine::Machine;
use crate::message;
use crate::probe::{self, Bandwidths, Surroundings};

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
    let mut machine = match Asked::by(args)? {
        Asked::Named(name) => named(name, catalog)?,
        Asked::Described(wish) => {
            describe(&wish, catalog).map_err(|error| Error::from(error).exiting(Exit::Usage))?
        }
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

/// The machine of a file; where there is no such file, of a name or a description.
pub(super) fn named(name: &Path, catalog: &Catalog) -> Result<Machine, Error> {
    let is_path = name.components().count() > 1 || name.extension().is_some_and(|end| end == "toml");
    match name.to_str().filter(|_| !is_path && !name.exists()) {
        Some(text) => {
            let wish = Wish::of(text, catalog).map_err(|error| Error::from(error).exiting(Exit::Usage))?;
            describe(&wish, catalog).map_err(|error| Error::from(error).exiting(Exit::Usage))
        }
        None => Ok(file::load(name, catalog)?),
    }
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
    fn by(args: &'a MachineArgs) -> Result<Self, Error> {
        if let Some(path) = &args.machine {
            return Ok(Self::Named(path));
        }
        let gpus = gpus(args)?;
        let without_gpus = gpus.as_ref().is_some_and(Vec::is_empty);
        let cpu = args
            .cpu
            .as_deref()
            .map(Counted::named)
            .transpose()
            .map_err(|error| Error::from(error).exiting(Exit::Usage))?;
        Ok(match (args.ram, cpu) {
            (None, None) if gpus.is_none() => Self::Here,
            (None, None) if without_gpus => Self::HereWithoutGpus,
            (ram, cpu) => Self::Described(Wish { name: None, gpus, ram, cpu, threads: args.threads }),
        })
    }
}

/// The GPUs that `--gpu`, once or several times, and `--gpu-count` name.
fn gpus(args: &MachineArgs) -> Result<Option<Vec<Counted<'_>>>, Error> {
    if args.gpu.is_empty() {
        return Ok(None);
    }
    let lists: Result<Vec<_>, _> = args.gpu.iter().map(|text| Counted::list(text)).collect();
    let mut gpus: Vec<Counted<'_>> =
        lists.map_err(|error| Error::from(error).exiting(Exit::Usage))?.into_iter().flatten().collect();
    let Some(count) = args.gpu_count else { return Ok(Some(gpus)) };
    let text = args.gpu.join(", ");
    let [gpu] = gpus.as_mut_slice() else {
        return Err(Error::usage(message!(MachineSourceCountOfSeveral { count, gpus: text }))
            .hint(Some(message!(MachineSourceCountOfSeveralHint))));
    };
    if Counted::in_text(&text).is_some_and(|told| told.count != count) {
        return Err(Error::usage(message!(MachineSourceTwoCounts { gpus: text, own: gpu.count, count })));
    }
    gpu.count = count;
    Ok(Some(gpus))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Locale;
    use crate::units::Bytes;

    fn args(gpu: &[&str], gpu_count: Option<u32>) -> MachineArgs {
        let gpu = gpu.iter().map(|text| (*text).to_owned()).collect();
        MachineArgs { gpu, gpu_count, ..MachineArgs::default() }
    }

    #[test]
    fn gpus_are_counted_once() {
        let told = |gpu: &[&str], count| {
            let args = args(gpu, count);
            let gpus =
                gpus(&args).map_err(|error| Locale::default().say(error.message()))?.unwrap_or_default();
            Ok::<_, String>(gpus.iter().map(|gpu| format!("{} {}", gpu.count, gpu.name)).collect::<Vec<_>>())
        };
        assert_eq!(told(&["H100"], Some(8)), Ok(vec!["8 H100".to_owned()]));
        assert_eq!(told(&["2x H100"], Some(2)), Ok(vec!["2 H100".to_owned()]));
        assert_eq!(told(&["3090", "4090 x2"], None), Ok(vec!["1 3090".to_owned(), "2 4090".to_owned()]));
        assert_eq!(told(&["3090 + 2x 4090"], None), Ok(vec!["1 3090".to_owned(), "2 4090".to_owned()]));
        assert_eq!(
            told(&["2x H100"], Some(4)),
            Err("`--gpu '2x H100'` says 2, `--gpu-count` says 4".to_owned())
        );
        assert_eq!(
            told(&["3090", "4090"], Some(4)),
            Err("`--gpu-count 4` needs a single kind of GPU, not `3090, 4090`".to_owned())
        );
        assert!(told(&["0x H100"], None).is_err() && told(&["3090 +"], None).is_err());
    }

    #[test]
    fn only_flags_that_name_hardware_make_another_machine() {
        let asked = |args: MachineArgs| format!("{:?}", Asked::by(&args).unwrap());
        assert_eq!(asked(MachineArgs { threads: Some(4), ..MachineArgs::default() }), "Here");
        assert_eq!(asked(args(&["none"], None)), "HereWithoutGpus");
        let ram = Some(Bytes::gib(64));
        let described = asked(MachineArgs { ram, ..args(&["none"], None) });
        assert!(described.starts_with("Described(Wish { name: None, gpus: Some([]),"), "{described}");
    }
}
