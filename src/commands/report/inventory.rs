//! The machines that are there, from a folder of files that `probe --save` wrote.

use std::fs;
use std::path::{Path, PathBuf};

use crate::catalog::Catalog;
use crate::commands::{Context, machine_source};
use crate::error::{Error, Exit};
use crate::machine::{Gpu, Machine};
use crate::message;
use crate::needs::{HeldMachine, Inventory, Tagged};

/// The machines of `folder`; one without a known accelerator is left out with a note.
pub(super) fn read(
    context: &Context,
    folder: Option<&Path>,
    catalog: &Catalog,
) -> Result<Tagged<Inventory>, Error> {
    let Some(folder) = folder else { return Ok(Tagged::or(None, Inventory::default())) };
    let named = folder.display().to_string();
    let mut machines = Vec::new();
    for path in machine_files(folder)? {
        let machine = machine_source::named(&path, catalog)?;
        match held(&machine, catalog)? {
            Some(held) => machines.push(held),
            None => context.printer.note(message!(CommandsNoAccelerator { path: path.display() })),
        }
    }
    Ok(Tagged::or(Some(Inventory { folder: named, machines }), Inventory::default()))
}

/// The machine files of a folder, by name.
fn machine_files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let hint = || Some(message!(CommandsNoMachinesHint));
    let read = fs::read_dir(folder).and_then(|entries| {
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<PathBuf>, _>>()
    });
    let mut files = read.map_err(|error| {
        let message = message!(CommandsUnreadable { path: folder });
        Error::plain(Exit::Input, message.because(error)).hint(hint())
    })?;
    files.retain(|path| path.extension().is_some_and(|end| end == "toml"));
    files.sort();
    if files.is_empty() {
        return Err(Error::plain(Exit::Input, message!(CommandsNoMachines { path: folder })).hint(hint()));
    }
    Ok(files)
}

/// What a plan asks of a machine: its accelerators of the kind that it has most of.
fn held(machine: &Machine, catalog: &Catalog) -> Result<Option<HeldMachine>, Error> {
    let mut kinds: Vec<(String, u32, &Gpu)> = Vec::new();
    for gpu in &machine.gpus {
        let Some(accelerator) = catalog.accelerator_of(gpu)? else { continue };
        match kinds.iter_mut().find(|(id, ..)| *id == accelerator.id) {
            Some((_, count, _)) => *count += 1,
            None => kinds.push((accelerator.id.clone(), 1, gpu)),
        }
    }
    let most = kinds.into_iter().reduce(|most, kind| if kind.1 > most.1 { kind } else { most });
    Ok(most.map(|(accelerator, gpus, gpu)| HeldMachine {
        name: machine.name.clone(),
        accelerator,
        gpus,
        memory_bytes: gpu.memory.total().0,
    }))
}
