use std::io::Write as _;

use super::Context;
use crate::error::{Error, Exit};
use crate::needs;

/// Prints a needs file to fill in.
pub(super) fn init(context: &Context) -> Result<Exit, Error> {
    let mut out = context.printer.data();
    super::finish_output(out.write_all(needs::template().as_bytes()).and_then(|()| out.flush()))?;
    Ok(Exit::Yes)
}
