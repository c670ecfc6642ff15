use serde::{Deserialize, Serialize};

use crate::capacity::ServingEngine;

/// What answers at an endpoint, in the catalog's words, as its user says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// The id of the model.
    pub model: String,
    /// The precision of its weights: `FP8`, `INT4`, or a quant of llama.cpp.
    pub precision: String,
    /// The id of the accelerators.
    pub accelerator: String,
    /// How many of them one replica has.
    pub gpus: u32,
    /// The engine.
    pub engine: ServingEngine,
}
