use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::units::{Bandwidth, Bytes};

/// Main memory, as far as this process may use it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ram {
    /// What this process may use at most: the smaller of physical memory and the cgroup's limit.
    pub total_bytes: Bytes,
    /// What could be taken now without swapping.
    pub available_bytes: Bytes,
    /// The cgroup's limit, where it is below the physical size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cgroup_limit_bytes: Option<Bytes>,
    /// Swap space.
    #[serde(default)]
    pub swap_bytes: Bytes,
    /// What all cores together read per second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bandwidth: Option<BandwidthReading>,
}

/// A memory bandwidth and how it is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BandwidthReading {
    /// The best over all thread counts.
    pub bytes_per_second: Bandwidth,
    /// How it is known.
    pub basis: BandwidthBasis,
    /// Per number of threads, fewest first, where measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_threads: Vec<ThreadBandwidth>,
}

/// What a number of threads together reads per second.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThreadBandwidth {
    /// Threads.
    pub threads: u32,
    /// What they read.
    pub bytes_per_second: Bandwidth,
}

/// How a bandwidth is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum BandwidthBasis {
    /// Read from memory on that day, with buffers of several times the last-level cache.
    Measured {
        /// The date.
        date: jiff::civil::Date,
    },
    /// Channels × transfer rate of the platform: a peak, of which programs reach a part.
    Specified {
        /// Whose figure it is.
        source: String,
    },
    /// Nothing is known: a cautious guess for a machine of this kind.
    Assumed,
}

/// A place where models are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disk {
    /// The folder that was asked about.
    pub path: PathBuf,
    /// What can still be written there.
    pub free_bytes: Bytes,
}
