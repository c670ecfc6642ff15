//! `r1-advisor recommend`.

use clap::Args;

use super::Context;
use crate::error::{Error, Exit};

/// Flags of `recommend`.
#[derive(Clone, Debug, Args)]
pub struct RecommendArgs {}

/// Runs the command.
pub fn run(_context: &Context, _args: &RecommendArgs) -> Result<Exit, Error> {
    Ok(Exit::Yes)
}
