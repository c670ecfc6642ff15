//! `r1-advisor probe`.

use std::path::PathBuf;

use clap::Args;

use super::{Context, machine_source};
use crate::error::{Error, Exit};
use crate::probe::Bandwidths;
use crate::render::ProbeView;

/// Flags of `probe`.
#[derive(Clone, Debug, Args)]
pub struct ProbeArgs {
    /// Measure memory bandwidth (a second or two) and keep it for `recommend` and the others
    #[arg(long)]
    pub measure: bool,
    /// Save the machine to a file that `--machine` reads elsewhere
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// Replace the file of `--save` if it is there
    #[arg(long, requires = "save")]
    pub force: bool,
}

/// Runs the command.
pub fn run(context: &Context, args: &ProbeArgs) -> Result<Exit, Error> {
    let catalog = context.catalog()?;
    let bandwidths = if args.measure { Bandwidths::Measure } else { Bandwidths::AsKnown };
    let machine = machine_source::here(bandwidths, &catalog)?;
    let view = ProbeView::new(machine);
    context.show(&view)?;
    if let Some(path) = &args.save {
        let overwrite =
            if args.force { machine_source::Overwrite::Yes } else { machine_source::Overwrite::No };
        machine_source::save(view.machine(), path, overwrite)
            .map_err(|error| Error::new(Exit::Output, &error).hint(error.hint()))?;
        context.printer.say(format_args!("saved to {}", path.display()));
    }
    Ok(Exit::Yes)
}
