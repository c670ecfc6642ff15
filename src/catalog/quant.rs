use serde::{Deserialize, Serialize};

/// A quantization that llama.cpp writes: an entry of `catalog/quants.toml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quant {
    /// The name as the hubs print it, such as `Q4_K_M`.
    pub id: String,
    /// One line of what it is good for.
    pub description: String,
    /// Whether the hubs make it with an importance matrix, which changes some tensor types.
    #[serde(default)]
    pub importance_matrix: bool,
    /// Whether its mix is a choice of its makers, so that only a published size is known.
    #[serde(default)]
    pub dynamic: bool,
    /// What it costs in quality.
    pub loss: QuantLoss,
}

/// What a quant costs in quality.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuantLoss {
    /// Loss on the measured yardstick, in percent of the unquantized result (0 = none).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<f64>,
    /// What was measured, on which model.
    pub basis: String,
    /// Where it was published.
    pub source: String,
}
