//! stub
use super::Context;
use crate::{catalog::Catalog, cli::MachineArgs, error::Error, machine::Machine};
pub fn machine(_c: &Context, _a: &MachineArgs, _k: &Catalog) -> Result<Machine, Error> {
    todo!()
}
