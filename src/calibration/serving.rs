use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Prior, UnknownConstant};
use crate::machine::GpuClass;

/// GPUs whose serving kernels behave alike. Fewer groups than [`GpuClass`] has: fewer measurements are published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ServingClass {
    /// A100, A30.
    AmpereHbm,
    /// H100, H200, H20.
    Hopper,
    /// B200, B300 and their superchips.
    BlackwellHbm,
    /// RTX 50, RTX PRO, GB10.
    Blackwell,
    /// RTX 30, A40.
    Ampere,
    /// RTX 40, L4, L40S.
    Ada,
    /// MI100, MI200.
    Cdna,
    /// MI300 and later.
    Cdna3,
    /// All others.
    Other,
}

impl ServingClass {
    /// Every group.
    pub const ALL: [Self; 9] = [
        Self::AmpereHbm,
        Self::Hopper,
        Self::BlackwellHbm,
        Self::Blackwell,
        Self::Ampere,
        Self::Ada,
        Self::Cdna,
        Self::Cdna3,
        Self::Other,
    ];

    /// The group of a class.
    #[must_use]
    pub const fn of(class: Option<GpuClass>) -> Self {
        match class {
            Some(GpuClass::AmpereHbm) => Self::AmpereHbm,
            Some(GpuClass::Hopper) => Self::Hopper,
            Some(GpuClass::BlackwellHbm) => Self::BlackwellHbm,
            Some(GpuClass::Blackwell | GpuClass::BlackwellIntegrated) => Self::Blackwell,
            Some(GpuClass::Ampere | GpuClass::AmpereIntegrated) => Self::Ampere,
            Some(GpuClass::Ada) => Self::Ada,
            Some(GpuClass::Cdna) => Self::Cdna,
            Some(GpuClass::Cdna3) => Self::Cdna3,
            _ => Self::Other,
        }
    }

    /// The name in the constants' names and in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AmpereHbm => "ampere_hbm",
            Self::Hopper => "hopper",
            Self::BlackwellHbm => "blackwell_hbm",
            Self::Blackwell => "blackwell",
            Self::Ampere => "ampere",
            Self::Ada => "ada",
            Self::Cdna => "cdna",
            Self::Cdna3 => "cdna3",
            Self::Other => "other",
        }
    }
}

/// A constant of the model of served engines. What it is multiplied with stands in `capacity/step_time.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServingConstant {
    /// Share of the peak memory bandwidth that a step reaches.
    Bandwidth,
    /// The same by class of GPU, as a factor.
    BandwidthOf(ServingClass),
    /// The same of weights that are unpacked before they are multiplied, as a factor.
    BandwidthUnpacking,
    /// Seconds that launching the kernels of a dense layer takes.
    Launch,
    /// Seconds that launching routed experts and latent attention adds to a layer.
    LaunchExperts,
    /// The first two on vLLM, as a factor.
    LaunchVllm,
    /// On SGLang.
    LaunchSglang,
    /// On TensorRT-LLM.
    LaunchTensorRt,
    /// On llama.cpp and its kin.
    LaunchLlamaCpp,
    /// The second on vLLM, as one more factor.
    LaunchExpertsVllm,
    /// Both on engines from before they were made fast for R1 (2025-05), as a factor.
    LaunchEarly,
    /// Seconds of one exchange between the GPUs of a node over `NVLink` or its like.
    ExchangeLinked,
    /// Over PCIe.
    ExchangePcie,
    /// Between nodes.
    ExchangeNodes,
    /// Seconds of a step that do not depend on anything: scheduling, sampling, sending.
    Step,
    /// Seconds that a sequence of the batch adds.
    Sequence,
    /// Seconds that it adds in a layer of routed experts and latent attention.
    SequenceExperts,
    /// Share of the peak compute that decoding a large batch reaches.
    Compute,
    /// That prefilling reaches.
    ComputePrefill,
    /// Both by class of GPU, as a factor.
    ComputeOf(ServingClass),
    /// Decoding through routed experts, as a factor.
    ComputeExperts,
    /// Attention over the cache.
    ComputeAttention,
    /// Seconds that a prefilled token takes beside computing in a layer of routed experts.
    PrefillExperts,
    /// Tokens that a step with speculative decoding accepts.
    Accepted,
    /// Share of the peak bandwidth of RAM that reading experts there reaches.
    BandwidthRam,
}

impl ServingConstant {
    /// Every constant, in the order of their indices.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut all = vec![
            Self::Bandwidth,
            Self::BandwidthUnpacking,
            Self::Launch,
            Self::LaunchExperts,
            Self::LaunchVllm,
            Self::LaunchSglang,
            Self::LaunchTensorRt,
            Self::LaunchLlamaCpp,
            Self::LaunchExpertsVllm,
            Self::LaunchEarly,
            Self::ExchangeLinked,
            Self::ExchangePcie,
            Self::ExchangeNodes,
            Self::Step,
            Self::Sequence,
            Self::SequenceExperts,
            Self::Compute,
            Self::ComputePrefill,
            Self::ComputeExperts,
            Self::ComputeAttention,
            Self::PrefillExperts,
            Self::Accepted,
            Self::BandwidthRam,
        ];
        for class in ServingClass::ALL {
            all.extend([Self::BandwidthOf(class), Self::ComputeOf(class)]);
        }
        all
    }

    /// Its place among all.
    #[must_use]
    pub fn index(self) -> usize {
        // The classes stand at the end, two for each.
        let of_class = |class: ServingClass| {
            23 + 2 * ServingClass::ALL.iter().position(|other| *other == class).unwrap_or(0)
        };
        match self {
            Self::BandwidthOf(class) => of_class(class),
            Self::ComputeOf(class) => of_class(class) + 1,
            Self::Bandwidth => 0,
            Self::BandwidthUnpacking => 1,
            Self::Launch => 2,
            Self::LaunchExperts => 3,
            Self::LaunchVllm => 4,
            Self::LaunchSglang => 5,
            Self::LaunchTensorRt => 6,
            Self::LaunchLlamaCpp => 7,
            Self::LaunchExpertsVllm => 8,
            Self::LaunchEarly => 9,
            Self::ExchangeLinked => 10,
            Self::ExchangePcie => 11,
            Self::ExchangeNodes => 12,
            Self::Step => 13,
            Self::Sequence => 14,
            Self::SequenceExperts => 15,
            Self::Compute => 16,
            Self::ComputePrefill => 17,
            Self::ComputeExperts => 18,
            Self::ComputeAttention => 19,
            Self::PrefillExperts => 20,
            Self::Accepted => 21,
            Self::BandwidthRam => 22,
        }
    }

    /// The name in the catalog.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::BandwidthOf(class) => format!("bandwidth.{}", class.name()),
            Self::ComputeOf(class) => format!("compute.{}", class.name()),
            Self::Bandwidth => "bandwidth".to_owned(),
            Self::BandwidthUnpacking => "bandwidth_unpacking".to_owned(),
            Self::Launch => "launch_seconds".to_owned(),
            Self::LaunchExperts => "launch_experts_seconds".to_owned(),
            Self::LaunchVllm => "launch.vllm".to_owned(),
            Self::LaunchSglang => "launch.sglang".to_owned(),
            Self::LaunchTensorRt => "launch.tensorrt_llm".to_owned(),
            Self::LaunchLlamaCpp => "launch.llama_cpp".to_owned(),
            Self::LaunchExpertsVllm => "launch_experts.vllm".to_owned(),
            Self::LaunchEarly => "launch_early".to_owned(),
            Self::ExchangeLinked => "exchange_linked_seconds".to_owned(),
            Self::ExchangePcie => "exchange_pcie_seconds".to_owned(),
            Self::ExchangeNodes => "exchange_nodes_seconds".to_owned(),
            Self::Step => "step_seconds".to_owned(),
            Self::Sequence => "sequence_seconds".to_owned(),
            Self::SequenceExperts => "sequence_experts_seconds".to_owned(),
            Self::Compute => "compute".to_owned(),
            Self::ComputePrefill => "compute_prefill".to_owned(),
            Self::ComputeExperts => "compute_experts".to_owned(),
            Self::ComputeAttention => "compute_attention".to_owned(),
            Self::PrefillExperts => "prefill_experts_seconds".to_owned(),
            Self::Accepted => "accepted_tokens".to_owned(),
            Self::BandwidthRam => "bandwidth_ram".to_owned(),
        }
    }

    /// What is believed before any measurement: of what the engines' authors and public rooflines state, and of the
    /// constants in published sizing guides.
    #[must_use]
    pub const fn prior(self) -> Prior {
        let (value, tolerance) = match self {
            Self::Bandwidth => (0.85, 0.1),
            Self::BandwidthOf(_) => (1.0, 0.1),
            Self::BandwidthUnpacking => (0.9, 0.1),
            Self::Launch => (35e-6, 0.3),
            Self::LaunchExperts => (90e-6, 0.3),
            Self::LaunchVllm | Self::LaunchSglang => (1.0, 0.3),
            Self::LaunchTensorRt => (0.9, 0.3),
            Self::LaunchLlamaCpp => (2.5, 0.3),
            Self::LaunchExpertsVllm => (1.8, 0.3),
            Self::LaunchEarly => (2.0, 0.3),
            Self::ExchangeLinked => (10e-6, 0.4),
            Self::ExchangePcie => (40e-6, 0.4),
            Self::ExchangeNodes => (60e-6, 0.5),
            Self::Step => (1e-3, 0.5),
            Self::Sequence => (30e-6, 0.5),
            Self::SequenceExperts => (1.5e-6, 0.5),
            Self::Compute | Self::BandwidthRam => (0.5, 0.3),
            Self::ComputePrefill => (0.45, 0.25),
            Self::ComputeOf(_) => (1.0, 0.25),
            Self::ComputeExperts | Self::ComputeAttention => (0.3, 0.3),
            Self::PrefillExperts => (0.35e-6, 0.4),
            Self::Accepted => (2.2, 0.25),
        };
        Prior { value, tolerance }
    }
}

/// A value for every constant of the model of served engines.
#[derive(Clone, Debug, PartialEq)]
pub struct ServingConstants {
    values: Vec<f64>,
}

impl Default for ServingConstants {
    /// What is believed before any measurement.
    fn default() -> Self {
        Self { values: ServingConstant::all().iter().map(|constant| constant.prior().value).collect() }
    }
}

impl ServingConstants {
    /// Those that `named` states; the others are what is believed before any measurement.
    pub fn of_names(named: &BTreeMap<String, f64>) -> Result<Self, UnknownConstant> {
        let all = ServingConstant::all();
        let mut constants = Self::default();
        for (name, value) in named {
            let at = all.iter().position(|constant| constant.name() == *name);
            constants.values[at.ok_or_else(|| UnknownConstant { name: name.clone() })?] = *value;
        }
        Ok(constants)
    }

    /// The names and values of those that measurements moved.
    #[must_use]
    pub fn moved(&self) -> BTreeMap<String, f64> {
        ServingConstant::all()
            .into_iter()
            .zip(&self.values)
            .filter(|(constant, value)| (*value / constant.prior().value).ln().abs() > 0.5e-3)
            .map(|(constant, value)| (constant.name(), *value))
            .collect()
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, constant: ServingConstant) -> f64 {
        self.values[constant.index()]
    }

    /// All of them, in the order of [`ServingConstant::all`].
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// All of them, to change.
    #[must_use]
    pub fn values_mut(&mut self) -> &mut [f64] {
        &mut self.values
    }
}

/// How far measurements of served engines lie from predictions made without their deployment: four of five lie
/// between, as factors.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServingSpread {
    /// The tenth percentile of measured over predicted.
    pub low: f64,
    /// The ninetieth.
    pub high: f64,
    /// Measurements that it rests on.
    pub measurements: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_stands_where_its_index_says() {
        for (at, constant) in ServingConstant::all().into_iter().enumerate() {
            assert_eq!(constant.index(), at, "{}", constant.name());
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut constants = ServingConstants::default();
        constants.values_mut()[ServingConstant::Step.index()] = 2e-3;
        assert_eq!(ServingConstants::of_names(&constants.moved()), Ok(constants));
    }
}
