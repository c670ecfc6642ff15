//! `r1-advisor models`: the sizes of DeepSeek-R1, all about one, or what is on this machine.

use clap::{Args, Subcommand};

use super::local::{self, Known, LocalArgs};
use super::{Context, removal};
use crate::catalog::{Catalog, Model, Quant};
use crate::error::{Error, Exit};
use crate::gguf::{LatentLayout, Layout, Mix};
use crate::render::{
    LocalList, LocalModelsView, LocalRow, ModelList, ModelRow, ModelView, ModelsView, PartialRow, in_words,
};
use crate::units::Bytes;

/// The quant that the list gives file sizes for: the one that most people start with.
const LISTED_QUANT: &str = "Q4_K_M";

/// Flags of `models`.
#[derive(Clone, Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "\
Examples:
  r1-advisor models show 70b              all about one size, with sources
  r1-advisor models --local               what is on this machine, whoever fetched it
  r1-advisor models remove 7b:Q4_K_M      take its files away")]
pub struct ModelsArgs {
    /// List the R1 models that are on this machine, and downloads that are not whole yet
    #[arg(long)]
    pub local: bool,
    /// Where else to look.
    #[command(flatten)]
    pub places: LocalArgs,
    /// What to do; without it, list the models
    #[command(subcommand)]
    pub command: Option<ModelsCommand>,
}

/// What to do with the models.
#[derive(Clone, Debug, Subcommand)]
pub enum ModelsCommand {
    /// List the models
    List,
    /// Tell all about one model, with sources
    Show {
        /// Its id, size or name, such as `70b`
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Take a model's files away, asking first
    Remove(removal::RemoveArgs),
}

/// Runs the command.
pub fn run(context: &Context, args: &ModelsArgs) -> Result<Exit, Error> {
    let catalog = context.catalog()?;
    if args.local {
        context.show(&LocalModelsView { list: on_this_machine(&args.places, &catalog) })?;
        return Ok(Exit::Yes);
    }
    match &args.command {
        None | Some(ModelsCommand::List) => {
            let quant = catalog.quant(LISTED_QUANT).ok();
            let models = catalog
                .models()
                .iter()
                .map(|model| ModelRow::new(model, quant.and_then(|quant| weights(model, quant))));
            context.show(&ModelsView { list: ModelList { models: models.collect() } })?;
        }
        Some(ModelsCommand::Show { name }) => {
            let model = catalog.model(name).map_err(|error| Error::from(error).exiting(Exit::Usage))?;
            let weights =
                catalog.quants().iter().filter_map(|quant| Some((quant.id.as_str(), weights(model, quant)?)));
            let model = &in_words(model, context.locale());
            context.show(&ModelView { model, weights: weights.collect() })?;
        }
        Some(ModelsCommand::Remove(args)) => return removal::run(context, args, &catalog),
    }
    Ok(Exit::Yes)
}

fn on_this_machine(places: &LocalArgs, catalog: &Catalog) -> LocalList {
    let places = places.places();
    let (r1, others): (Vec<_>, Vec<_>) =
        local::known(&places, catalog).into_iter().partition(|known| known.model.is_some());
    let partials = places.partials().into_iter().map(|partial| PartialRow {
        source: partial.source,
        present_bytes: Bytes(partial.present),
        bytes: Bytes(partial.bytes),
        path: partial.path,
    });
    LocalList {
        models: r1.into_iter().filter_map(local_row).collect(),
        partials: partials.collect(),
        others: others.len(),
    }
}

fn local_row(known: Known<'_>) -> Option<LocalRow> {
    Some(LocalRow {
        model: known.model?.id.clone(),
        quant: known.quant,
        keeper: known.local.keeper.key(),
        bytes: known.local.bytes(),
        is_whole: known.stored.is_some(),
        parts: known.local.parts,
        paths: known.local.files.into_iter().map(|file| file.path).collect(),
        name: known.local.name,
    })
}

/// What a model's weights take in a quant whose mix is a rule of llama.cpp's quantizer.
fn weights(model: &Model, quant: &Quant) -> Option<Bytes> {
    let mix = Mix::named(&quant.id, quant.importance_matrix)?;
    Some(Layout::new(&model.architecture, mix, LatentLayout::default()).bytes())
}
