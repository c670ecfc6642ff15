//! The machine that a command reckons with: this one, one that a file describes, or one that flags name.

mod file;

use super::Context;
use crate::catalog::{Catalog, CatalogError, Counted, DescribeError, Wish, describe};
use crate::cli::MachineArgs;
use crate::error::{Error, Exit};
use crate::machine::Machine;
use crate::probe::{self, Bandwidths, Surroundings};

pub(super) use file::{Overwrite, save};

/// The machine that the flags ask for. Its notes, on what failed or had to be assumed, are said to the person.
pub(super) fn machine(context: &Context, args: &MachineArgs, catalog: &Catalog) -> Result<Machine, Error> {
    let machine = asked(args, catalog)?;
    for note in &machine.notes {
        context.printer.note(note);
    }
    Ok(machine)
}

fn asked(args: &MachineArgs, catalog: &Catalog) -> Result<Machine, Error> {
    let mut machine = match Asked::by(args)? {
        Asked::File(path) => {
            file::load(path, catalog).map_err(|error| Error::new(Exit::Input, &error).hint(error.hint()))?
        }
        Asked::Described(wish) => describe(&wish, catalog).map_err(|error| match error {
            DescribeError::Catalog(error) => unknown(&error),
            error @ DescribeError::OneUnified { .. } => Error::usage(error.to_string()),
        })?,
        Asked::Here => here(Bandwidths::AsKnown, catalog)?,
        Asked::HereWithoutGpus => {
            let here = here(Bandwidths::AsKnown, catalog)?;
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
    probe::machine(&Surroundings::here(), bandwidths, catalog)
        .map_err(|error| Error::new(Exit::Probe, &error).hint(Some(error.hint())))
}

fn unknown(error: &CatalogError) -> Error {
    Error::new(Exit::Usage, error).hint(error.hint())
}

/// What the flags ask for.
#[derive(Debug)]
enum Asked<'a> {
    Here,
    HereWithoutGpus,
    File(&'a std::path::Path),
    Described(Wish<'a>),
}

impl<'a> Asked<'a> {
    fn by(args: &'a MachineArgs) -> Result<Self, Error> {
        if let Some(path) = &args.machine {
            return Ok(Self::File(path));
        }
        let gpu = args.gpu.as_deref().map(|text| counted(text, args.gpu_count)).transpose()?;
        let without_gpus = gpu.is_some_and(|gpu| gpu.name.eq_ignore_ascii_case("none"));
        Ok(match (gpu, args.ram, args.cpu.as_deref()) {
            (None, None, None) => Self::Here,
            (Some(_), None, None) if without_gpus => Self::HereWithoutGpus,
            (gpu, ram, cpu) => Self::Described(Wish {
                gpu: gpu.filter(|_| !without_gpus),
                ram,
                cpu: cpu.map(|text| counted(text, None)).transpose()?,
                threads: args.threads,
            }),
        })
    }
}

/// Reads a name with or without a count in front; `count` is what another flag says.
fn counted(text: &str, count: Option<u32>) -> Result<Counted<'_>, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::usage("a name is missing").hint(Some("write it like `RTX 4090` or `EPYC 9654`")));
    }
    match (Counted::in_front(text), count) {
        (Some(Counted { count: 0, .. }), _) => {
            Err(Error::usage(format!("`{text}` names none; write `none` for no GPU")))
        }
        (Some(told), Some(count)) if told.count != count => {
            Err(Error::usage(format!("`--gpu '{text}'` says {} and `--gpu-count` says {count}", told.count)))
        }
        (Some(told), _) => Ok(told),
        (None, count) => Ok(Counted { name: text, count: count.unwrap_or(1) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_may_stand_in_front_of_a_name() {
        for (text, name, count) in [
            ("2x RTX 3090", "RTX 3090", 2),
            ("8xH20", "H20", 8),
            ("4 × RTX 4090", "RTX 4090", 4),
            ("RTX 4090", "RTX 4090", 1),
            ("2x7900xtx", "7900xtx", 2),
            ("7900 XTX", "7900 XTX", 1),
            ("7900xtx", "7900xtx", 1),
            ("4090", "4090", 1),
        ] {
            assert_eq!(counted(text, None).unwrap(), Counted { name, count }, "{text}");
        }
        assert_eq!(counted("H100", Some(8)).unwrap(), Counted { name: "H100", count: 8 });
        assert_eq!(counted("2x H100", Some(2)).unwrap().count, 2);
        assert_eq!(
            counted("2x H100", Some(4)).unwrap_err().to_string(),
            "`--gpu '2x H100'` says 2 and `--gpu-count` says 4"
        );
        assert!(counted("0x H100", None).is_err());
    }

    #[test]
    fn only_flags_that_name_hardware_make_another_machine() {
        let asked = |args: MachineArgs| format!("{:?}", Asked::by(&args).unwrap());
        assert_eq!(asked(MachineArgs { threads: Some(4), ..MachineArgs::default() }), "Here");
        assert_eq!(
            asked(MachineArgs { gpu: Some("none".into()), ..MachineArgs::default() }),
            "HereWithoutGpus"
        );
        let ram = Some(crate::units::Bytes::gib(64));
        let described = asked(MachineArgs { gpu: Some("none".into()), ram, ..MachineArgs::default() });
        assert!(described.starts_with("Described(Wish { gpu: None,"), "{described}");
    }
}
