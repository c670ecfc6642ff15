//! `r1-advisor bench`.

use clap::Args;

use super::Context;
use crate::error::{Error, Exit};

/// Flags of `bench`.
#[derive(Clone, Debug, Args)]
pub struct BenchArgs {}

/// Runs the command.
pub fn run(_context: &Context, _args: &BenchArgs) -> Result<Exit, Error> {
    Ok(Exit::Yes)
}
