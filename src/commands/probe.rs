//! `r1-advisor probe`.

use clap::Args;

use super::Context;
use crate::error::{Error, Exit};

/// Flags of `probe`.
#[derive(Clone, Debug, Args)]
pub struct ProbeArgs {}

/// Runs the command.
pub fn run(_context: &Context, _args: &ProbeArgs) -> Result<Exit, Error> {
    Ok(Exit::Yes)
}
