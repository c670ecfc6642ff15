use serde::Serialize;

use crate::estimate::Task;
use crate::run_config::RunConfig;
use crate::units::{Bytes, Seconds, TokenRate};

/// What the user needs of a model. Limits are kept; the priority only orders what is left.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Needs {
    /// The use-case that the defaults come from.
    pub use_case: String,
    /// How the model will be run.
    pub run: RunConfig,
    /// A typical question and answer.
    pub task: Task,
    /// The slowest decode that is still usable.
    pub minimum_decode_tokens_per_second: TokenRate,
    /// The longest a whole answer may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_answer_seconds: Option<Seconds>,
    /// Memory to leave alone in RAM, beyond the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserved_ram_bytes: Option<Bytes>,
    /// What counts most among what fits.
    pub priority: Priority,
}

/// What counts most among the models that meet every limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Quality; an answer in half the time is worth 2 points of it.
    #[default]
    Balanced,
    /// The best answers; half the time is worth a quarter of a point.
    Quality,
    /// Quick answers; half the time is worth 12 points of quality.
    Latency,
}

impl Priority {
    /// Points of quality that halving the time to answer is worth.
    #[must_use]
    pub const fn points_per_halving(self) -> f64 {
        match self {
            Self::Balanced => 2.0,
            Self::Quality => 0.25,
            Self::Latency => 12.0,
        }
    }
}
