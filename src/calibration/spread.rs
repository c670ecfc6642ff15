use serde::{Deserialize, Serialize};

use crate::machine::Backend;

/// What is predicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Tokens decoded per second.
    Decode,
    /// Tokens prefilled per second.
    Prefill,
}

/// On what: groups in which predictions are about as sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// GPUs, by CUDA.
    Cuda,
    /// GPUs, by Metal.
    Metal,
    /// GPUs, by ROCm.
    Rocm,
    /// GPUs, by Vulkan.
    Vulkan,
    /// GPUs, by SYCL.
    Sycl,
    /// Processors.
    Cpu,
    /// GPUs and processors together.
    Mixed,
    /// Anything, corrected by a measurement of another model on the same machine.
    Scaled,
    /// Anything, after a measurement of the same on the same machine.
    Measured,
}

impl Setting {
    /// Everything on GPUs, by `backend`.
    #[must_use]
    pub const fn of(backend: Backend) -> Self {
        match backend {
            Backend::Cuda => Self::Cuda,
            Backend::Metal => Self::Metal,
            Backend::Rocm => Self::Rocm,
            Backend::Vulkan => Self::Vulkan,
            Backend::Sycl => Self::Sycl,
            Backend::Cpu => Self::Cpu,
        }
    }
}

/// Where measured speeds lie, as factors of the predicted: four of five between the two.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// Of what.
    pub quantity: Quantity,
    /// On what.
    pub setting: Setting,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// From how many measurements, each predicted without its own device.
    pub measurements: u32,
}

/// The spreads of all quantities and settings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spreads(pub Vec<Spread>);

impl Spreads {
    /// The factors for a prediction; without measurements, a half and double.
    #[must_use]
    pub fn factors(&self, quantity: Quantity, setting: Setting) -> (f64, f64) {
        self.0
            .iter()
            .find(|spread| spread.quantity == quantity && spread.setting == setting)
            .map_or((0.5, 2.0), |spread| (spread.low, spread.high))
    }
}
