//! `r1-advisor estimate`.

use clap::Args;

use super::Context;
use crate::error::{Error, Exit};

/// Flags of `estimate`.
#[derive(Clone, Debug, Args)]
pub struct EstimateArgs {}

/// Runs the command.
pub fn run(_context: &Context, _args: &EstimateArgs) -> Result<Exit, Error> {
    Ok(Exit::Yes)
}
