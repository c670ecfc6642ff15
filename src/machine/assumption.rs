use serde::{Deserialize, Serialize};

/// A part of a described machine that was assumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assumption {
    /// The processors.
    Cpu,
    /// The size of main memory.
    Ram,
}
