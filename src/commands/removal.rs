//! `r1-advisor models remove`: takes a model's files away, and nothing that anything else needs.

use clap::Args;

use super::Context;
use super::local::{self, Known, LocalArgs};
use crate::catalog::Catalog;
use crate::error::{Error, Exit};
use crate::fetch::{Keeper, PartialFile, Removal};
use crate::message;
use crate::message::{Message, file_size, list};
use crate::render::{RemovalReport, RemovalView};
use crate::ui;

/// Flags of `models remove`.
#[derive(Clone, Debug, Args)]
pub struct RemoveArgs {
    /// `ID:QUANT`, a path, or a name, as `models --local` lists them
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Do not ask
    #[arg(long, short = 'y')]
    pub yes: bool,
    /// Where else to look.
    #[command(flatten)]
    pub local: LocalArgs,
}

/// Runs the command.
pub(super) fn run(context: &Context, args: &RemoveArgs, catalog: &Catalog) -> Result<Exit, Error> {
    let places = args.local.places();
    let (models, partials) = (local::known(&places, catalog), places.partials());
    let chosen: Vec<&Known<'_>> =
        models.iter().filter(|known| is_called(known, &args.name, catalog)).collect();
    let unfinished: Vec<&PartialFile> =
        partials.iter().filter(|partial| is_partial_of(partial, &args.name, catalog)).collect();
    let (ours, others): (Vec<_>, Vec<_>) =
        chosen.into_iter().partition(|known| matches!(known.local.keeper, Keeper::HubCache | Keeper::Folder));
    for known in &others {
        context.printer.note(message!(CommandsStays { name: &known.local.name, how: how_to_remove(known) }));
    }
    let mut removal = Removal::default();
    for known in &ours {
        removal = removal.and(Removal::of_model(&known.local)?);
    }
    for partial in &unfinished {
        removal = removal.and(Removal::of_partial(partial));
    }
    if removal.is_empty() {
        let error = match others.first() {
            Some(known) => Error::plain(Exit::No, message!(CommandsNotOurs { name: &args.name }))
                .hint(Some(how_to_remove(known))),
            None => Error::plain(Exit::No, message!(CommandsNotHere { name: &args.name }))
                .hint(Some(message!(CommandsNotHereHint))),
        };
        return Err(error);
    }
    let unfinished = unfinished.iter().map(|partial| message!(CommandsPartOf { name: &partial.source }));
    let names: Vec<Message> =
        ours.iter().map(|known| known.local.name.as_str().into()).chain(unfinished).collect();
    if !args.yes {
        for path in removal.names.iter().chain(&removal.partials) {
            context.printer.say(format!("  {}", path.display()));
        }
        let question = message!(CommandsRemove { names: list(&names), size: file_size(removal.bytes) });
        match ui::ask(&context.printer.locale().say(&question)) {
            Some(true) => {}
            Some(false) => return Err(Error::plain(Exit::No, message!(CommandsNothingRemoved))),
            None => {
                return Err(Error::plain(Exit::No, message!(CommandsNothingRemovedUnasked))
                    .hint(Some(message!(CommandsNothingRemovedUnaskedHint))));
            }
        }
    }
    removal.carry_out()?;
    let report = RemovalReport {
        removed: names,
        paths: removal.names.into_iter().chain(removal.partials).collect(),
        freed_bytes: removal.bytes,
    };
    context.show(&RemovalView { report: &report })?;
    Ok(Exit::Yes)
}

/// How to remove what another program keeps, which knows of it.
fn how_to_remove(known: &Known<'_>) -> Message {
    match known.local.keeper {
        Keeper::Ollama => message!(CommandsRemoveByOllama { name: &known.local.name }),
        Keeper::LmStudio => message!(CommandsRemoveByLmStudio),
        Keeper::HubCache | Keeper::Folder => message!(CommandsRemoveHere),
    }
}

fn is_called(known: &Known<'_>, name: &str, catalog: &Catalog) -> bool {
    if known.local.name == name || known.local.files.iter().any(|file| file.path.as_os_str() == name) {
        return true;
    }
    let Ok((model, Some(quant))) = catalog.target(name) else { return false };
    // By its name even where it is damaged: that is a reason to remove it.
    known.model.is_some_and(|known| known.id == model.id)
        && known.quant.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(&quant.id))
}

/// A download that is not whole is called by its source, its path, or the artifact that it is a file of.
fn is_partial_of(partial: &PartialFile, name: &str, catalog: &Catalog) -> bool {
    if partial.source == name || partial.path.as_os_str() == name {
        return true;
    }
    let Ok((model, Some(quant))) = catalog.target(name) else { return false };
    model.artifacts.iter().filter(|artifact| artifact.quant == quant.id).any(|artifact| {
        let paths = artifact.files.iter().flat_map(crate::catalog::ArtifactFile::paths);
        paths
            .map(|path| format!("hf.co/{}/{path}", artifact.repository))
            .any(|source| source == partial.source)
    })
}
