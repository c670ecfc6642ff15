//! `r1-advisor models`.

use clap::Args;

use super::Context;
use crate::error::{Error, Exit};

/// Flags of `models`.
#[derive(Clone, Debug, Args)]
pub struct ModelsArgs {}

/// Runs the command.
pub fn run(_context: &Context, _args: &ModelsArgs) -> Result<Exit, Error> {
    Ok(Exit::Yes)
}
