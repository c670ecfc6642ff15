//! The models that are on this machine, told apart by what their headers say.

use std::path::{Path, PathBuf};

use clap::Args;
use etcetera::BaseStrategy as _;

use super::model_file::{self, ModelFile};
use crate::catalog::{Artifact, Catalog, Model, Quant};
use crate::fetch::{LocalModel, LocalPlaces, ModelScope, quant_in};
use crate::gguf::StoredModel;
use crate::probe::Surroundings;

/// Where else to look.
#[derive(Clone, Debug, Default, Args)]
pub struct LocalArgs {
    /// A folder of yours with GGUF files; what is fetched from elsewhere than the hub goes there, too
    /// [default: r1-advisor/models in the user's data folder]
    #[arg(long, value_name = "DIR", env = "R1_ADVISOR_MODEL_DIR")]
    pub model_dir: Option<PathBuf>,
}

impl LocalArgs {
    /// The folder.
    pub(super) fn folder(&self) -> PathBuf {
        let set =
            || std::env::var_os("R1_ADVISOR_MODEL_DIR").filter(|path| !path.is_empty()).map(PathBuf::from);
        self.model_dir.clone().or_else(set).unwrap_or_else(|| {
            etcetera::choose_base_strategy()
                .map_or_else(|_| std::env::temp_dir(), |places| places.data_dir())
                .join("r1-advisor/models")
        })
    }

    /// All places to look in.
    pub(super) fn places(&self) -> LocalPlaces {
        let home = etcetera::choose_base_strategy()
            .map_or_else(|_| std::env::temp_dir(), |places| places.home_dir().to_owned());
        let ollama = std::env::var_os("OLLAMA_MODELS").filter(|path| !path.is_empty()).map(PathBuf::from);
        let folders = vec![self.folder(), ModelScope::folder_of_all()];
        LocalPlaces::new(Surroundings::here().models, folders, &home, ollama)
    }
}

/// A model on this machine, and what of the catalog it is.
#[derive(Debug)]
pub(super) struct Known<'a> {
    pub(super) local: LocalModel,
    /// What its headers state; none where a file is missing or is none that llama.cpp would load.
    pub(super) stored: Option<StoredModel>,
    pub(super) model: Option<&'a Model>,
    /// As the file's name says, else as its header does.
    pub(super) quant: Option<String>,
}

impl<'a> Known<'a> {
    fn of(local: LocalModel, catalog: &'a Catalog) -> Self {
        let headers = || {
            let paths: Vec<&Path> = local.files.iter().map(|file| file.path.as_path()).collect();
            ModelFile::of_paths(&paths).ok()
        };
        let stored = if local.is_whole() { headers() } else { None };
        let names = format!(
            "{} {}",
            local.name,
            stored.as_ref().and_then(|model| model.name.as_deref()).unwrap_or("")
        );
        let model = match &stored {
            Some(stored) => model_file::named_alike(catalog, stored, &names),
            // Of what is not whole, the name is all there is.
            None => model_file::named(catalog.models().iter(), &names),
        };
        let in_name = quant_in(&local.name).filter(|quant| catalog.quant(quant).is_ok());
        let quant = in_name.or_else(|| Some(stored.as_ref()?.quant()));
        Self { local, stored, model, quant }
    }

    /// Whether it can stand for a model in a quant: it is whole, and its header says that it is that.
    pub(super) fn is(&self, model: &Model, quant: &Quant) -> bool {
        self.stored.is_some()
            && self.model.is_some_and(|known| known.id == model.id)
            && self.quant.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(&quant.id))
    }

    /// Whether its files are those of an artifact, by the hashes that their keeper names them by.
    pub(super) fn is_exactly(&self, artifact: &Artifact) -> bool {
        let hashes: Vec<Option<String>> =
            self.local.files.iter().map(|file| Some(file.sha256?.to_string())).collect();
        self.local.is_whole()
            && artifact.is_hashed()
            && hashes.len() == artifact.files.len()
            && artifact.files.iter().zip(&hashes).all(|(file, hash)| {
                file.sha256.as_deref().zip(hash.as_deref()).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b))
            })
    }
}

/// Every model that is there.
pub(super) fn known<'a>(places: &LocalPlaces, catalog: &'a Catalog) -> Vec<Known<'a>> {
    places.models().into_iter().map(|local| Known::of(local, catalog)).collect()
}

/// A file of that model in that quant, whole and by its header the right one.
pub(super) fn find<'a>(
    places: &LocalPlaces,
    catalog: &'a Catalog,
    model: &Model,
    quant: &Quant,
) -> Option<Known<'a>> {
    known(places, catalog).into_iter().find(|known| known.is(model, quant))
}
