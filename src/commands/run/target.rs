//! What to run: a file of the user's, or a model that is here, or that is fetched when that is wanted.

use std::path::{Path, PathBuf};

use super::RunArgs;
use crate::catalog::{Artifact, Catalog, Model, Quant};
use crate::commands::local::{self, Known};
use crate::commands::model_file::{self, ModelFile};
use crate::commands::{Context, lessons, pull};
use crate::error::{Error, Exit};
use crate::estimate::Subject;
use crate::fetch::is_remote;
use crate::gguf::StoredModel;
use crate::history::{Tuned, all_tuned_here, tuned_here};
use crate::machine::Machine;
use crate::message::{Message, file_size};
use crate::needs::GivenNeeds;
use crate::recommend::{Candidates, Evaluation};
use crate::ui;
use crate::{message, say};

/// What to run.
#[derive(Debug)]
pub(super) struct Target<'a> {
    /// What to call it.
    pub(super) name: String,
    /// The file to name to the engine: of several the first.
    pub(super) path: PathBuf,
    /// What the headers state; none of a family that R1 has no model of.
    pub(super) stored: Option<StoredModel>,
    /// What it is, where the catalog knows it.
    pub(super) model: Option<&'a Model>,
    /// Its quant, where that is known.
    pub(super) quant: Option<String>,
}

impl<'a> Target<'a> {
    pub(super) fn of(
        context: &Context,
        args: &RunArgs,
        catalog: &'a Catalog,
        machine: &Machine,
    ) -> Result<Self, Error> {
        if is_remote(&args.target) {
            let name = &args.target;
            return Err(
                Error::usage(message!(RunNotHere { name })).hint(Some(message!(RunRemoteHint { name })))
            );
        }
        if model_file::is_file(&args.target, catalog) {
            return Self::file(context, &args.target, catalog);
        }
        let (model, quant) =
            catalog.target(&args.target).map_err(|error| Error::from(error).exiting(Exit::Usage))?;
        let here: Vec<Known<'a>> = local::known(&args.local.places(), catalog);
        match quant {
            Some(quant) => match here.into_iter().find(|known| known.is(model, quant)) {
                Some(known) => Ok(Self::known(known, model)),
                None => Self::fetched(context, args, catalog, model, quant),
            },
            None => Self::in_some_quant(context, args, catalog, machine, model, here),
        }
    }

    /// The largest quant that is here, or else the one that is best for this machine.
    fn in_some_quant(
        context: &Context,
        args: &RunArgs,
        catalog: &'a Catalog,
        machine: &Machine,
        model: &'a Model,
        here: Vec<Known<'a>>,
    ) -> Result<Self, Error> {
        let of_model = here
            .into_iter()
            .filter(|known| known.stored.is_some() && known.model.is_some_and(|known| known.id == model.id));
        if let Some(known) = of_model.max_by_key(|known| known.local.bytes()) {
            return Ok(Self::known(known, model));
        }
        let quant = best_quant(catalog, machine, model)?;
        Self::fetched(context, args, catalog, model, quant)
    }

    /// What `bench --tune` found fastest for it on this machine.
    pub(super) fn tuned(&self, machine: &Machine) -> Option<Tuned> {
        tuned_here(machine, &self.model?.id, self.quant.as_deref()?)
    }

    fn known(known: Known<'a>, model: &'a Model) -> Self {
        let path = known.local.files.first().map(|file| file.path.clone()).unwrap_or_default();
        let name = match &known.quant {
            Some(quant) => format!("{}:{quant}", model.id),
            None => model.id.clone(),
        };
        Self { name, path, stored: known.stored, model: Some(model), quant: known.quant }
    }

    fn file(context: &Context, target: &str, catalog: &'a Catalog) -> Result<Self, Error> {
        let path = PathBuf::from(target);
        match ModelFile::read(target) {
            Ok(file) => {
                let model = file.in_catalog(context, catalog);
                let quant = Some(file.stored.quant());
                Ok(Self { name: target.to_owned(), path, stored: Some(file.stored), model, quant })
            }
            // The engine runs more families than R1 has.
            Err(error) if model_file::is_gguf(&path) => {
                context.printer.note(message!(ModelFileUnknownFit { error: error.message() }));
                Ok(Self { name: target.to_owned(), path, stored: None, model: None, quant: None })
            }
            Err(error) => Err(error),
        }
    }

    /// A model that is not here: fetched where that is asked for, or where the person says so.
    fn fetched(
        context: &Context,
        args: &RunArgs,
        catalog: &'a Catalog,
        model: &'a Model,
        quant: &Quant,
    ) -> Result<Self, Error> {
        let name = format!("{}:{}", model.id, quant.id);
        if !args.pull {
            let offer = offer(model, quant);
            match ui::ask(&say!(context.printer.locale(), RunFetch { name: &name, offer: &offer })) {
                Some(true) => {}
                Some(false) => return Err(Error::plain(Exit::No, message!(PullNothing))),
                None => {
                    return Err(Error::usage(message!(RunNotHere { name: &name }))
                        .hint(Some(message!(RunNotHereHint { offer, name }))));
                }
            }
        }
        let paths = pull::model(context, catalog, &name, &args.local, args.force)?;
        let all: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        let stored = ModelFile::of_paths(&all)?;
        let path = paths.into_iter().next().unwrap_or_default();
        Ok(Self { name, path, stored: Some(stored), model: Some(model), quant: Some(quant.id.clone()) })
    }
}

/// How much would be fetched, and from where.
fn offer(model: &Model, quant: &Quant) -> Message {
    let artifact = pull::artifact(model, quant);
    let published =
        artifact.and_then(Artifact::bytes).map(|bytes| message!(RunSize { size: file_size(bytes) }));
    // Where the size of the files is not published, their tensors have it: all but the header.
    let computed =
        || Some(message!(RunAboutSize { size: file_size(Subject::of(model, quant)?.weights_bytes()) }));
    let size = published.or_else(computed).unwrap_or_else(|| message!(RunUnknownSize));
    match artifact {
        Some(artifact) => message!(RunSizeFrom { size, repository: &artifact.repository }),
        None => size,
    }
}

/// The quant that `recommend` would choose of this model.
fn best_quant<'a>(catalog: &'a Catalog, machine: &Machine, model: &Model) -> Result<&'a Quant, Error> {
    let needs = GivenNeeds::default().machine(catalog)?;
    let (candidates, calibration) = (Candidates::of(catalog), lessons::calibration(catalog, machine));
    let tuned = all_tuned_here(machine);
    let evaluation = Evaluation::new(&candidates, machine, &needs, &calibration, &tuned);
    let Some(best) = evaluation.best_of(model) else {
        return Err(Error::plain(Exit::No, message!(RunNoQuant { id: &model.id }))
            .hint(Some(message!(RunNoQuantHint))));
    };
    Ok(best.quant)
}
