use serde::Serialize;

use crate::engine::{Device, EngineBuild};

/// What an engine can compute on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EngineDevices {
    /// The engine.
    pub engine: EngineBuild,
    /// The GPU backends that it was built with.
    pub backends: Vec<String>,
    /// What it sees.
    pub devices: Vec<Device>,
}
