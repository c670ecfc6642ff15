//! `r1-advisor models`: the sizes of DeepSeek-R1, or all about one.

use clap::{Args, Subcommand};

use super::Context;
use crate::catalog::{Model, Quant};
use crate::error::{Error, Exit};
use crate::gguf::{LatentLayout, Layout, Mix};
use crate::render::{ModelList, ModelRow, ModelView, ModelsView};
use crate::units::Bytes;

/// The quant that the list gives file sizes for: the one that most people start with.
const LISTED_QUANT: &str = "Q4_K_M";

/// Flags of `models`.
#[derive(Clone, Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct ModelsArgs {
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
}

/// Runs the command.
pub fn run(context: &Context, args: &ModelsArgs) -> Result<Exit, Error> {
    let catalog = context.catalog()?;
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
            let model =
                catalog.model(name).map_err(|error| Error::new(Exit::Usage, &error).hint(error.hint()))?;
            let weights =
                catalog.quants().iter().filter_map(|quant| Some((quant.id.as_str(), weights(model, quant)?)));
            context.show(&ModelView { model, weights: weights.collect() })?;
        }
    }
    Ok(Exit::Yes)
}

/// What a model's weights take in a quant whose mix is a rule of llama.cpp's quantizer.
fn weights(model: &Model, quant: &Quant) -> Option<Bytes> {
    let mix = Mix::named(&quant.id, quant.importance_matrix)?;
    Some(Layout::new(&model.architecture, mix, LatentLayout::default()).bytes())
}
