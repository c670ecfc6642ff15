//! `bench --devices`: what the engine can compute on.

use crate::bench::{BenchError, EngineDevices};
use crate::commands::Context;
use crate::engine::worker::WorkerEngine;
use crate::engine::{Engine as _, gpu_backends};
use crate::error::{Error, Exit};
use crate::render::DevicesView;

/// Asks the engine and shows its answer.
pub(super) fn show(context: &Context, engine: &mut WorkerEngine) -> Result<Exit, Error> {
    let devices = engine.devices().map_err(BenchError::from)?;
    let found = EngineDevices {
        engine: engine.build().map_err(BenchError::from)?,
        backends: gpu_backends(&devices).iter().map(ToString::to_string).collect(),
        devices,
    };
    context.show(&DevicesView { found: &found })?;
    Ok(Exit::Yes)
}
