use super::kv_cache;
use crate::catalog::{Architecture, Attention, FeedForward};
use crate::gguf::LatentLayout;
use crate::run_config::RunConfig;
use crate::units::Bytes;

/// The ids, positions and cache cells of a token: the graph's inputs beside the mask.
const INPUT_BYTES: u64 = 40;

/// Which tokens of a micro-batch there is room for the logits of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logits {
    /// None: the output is on another device.
    Elsewhere,
    /// The last of each sequence: what answers need, and so all that is ever written.
    Asked,
    /// Every token: what llama.cpp reserves by default (`n_outputs_max`).
    Reserved,
}

/// Where the rows of the embedding are looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// On this device.
    Here,
    /// In RAM, by the processors: so it is for every GPU.
    InRam,
}

/// What a device's graph needs for intermediate values, as llama.cpp reserves it for a full micro-batch.
///
/// It is the larger of two moments. At the end, the logits live beside five rows of the residual stream, or four on a GPU. Within
/// a layer, it is a feed-forward block's gate, up and product beside as many, or with latent attention the absorbed query, the query with its rotary part and the attention's output of every head.
/// Without flash attention the scores of every head over the context live too. Checked against llama.cpp's own
/// plan of every model over contexts of 2k to 128k, micro-batches of 128 to 2048 and 1 to 8 sequences.
#[must_use]
pub fn size(
    architecture: &Architecture,
    latent: LatentLayout,
    config: &RunConfig,
    (logits, lookup): (Logits, Lookup),
) -> Bytes {
    let tokens = u64::from(config.tokens_at_once());
    let hidden = u64::from(architecture.hidden_size);
    let cells = u64::from(kv_cache::cells_seen(config));
    let heads = u64::from(architecture.attention.heads());
    let sequences = u64::from(config.sequences.max(1));
    let rows = match logits {
        Logits::Elsewhere => 0,
        Logits::Asked => sequences.min(tokens),
        Logits::Reserved => tokens,
    };
    let inner = match architecture.feed_forward {
        FeedForward::Dense { intermediate_size } => u64::from(intermediate_size),
        FeedForward::Experts { dense_intermediate_size, expert_intermediate_size, experts_used, .. } => {
            u64::from(dense_intermediate_size).max(u64::from(expert_intermediate_size * experts_used))
        }
    };
    let attention = match architecture.attention {
        Attention::Latent { kv_rank, rope_head_size, .. } if latent == LatentLayout::Split => {
            heads * u64::from(3 * kv_rank + rope_head_size)
        }
        _ => 0,
    };
    // Beside the scores, unfused attention keeps the query, key and value rows and their permuted copies.
    let scores = if config.flash_attention { 0 } else { heads * cells + 5 * hidden };
    let within_layer = (3 * inner + 5 * hidden).max(attention + scores + hidden) * tokens;
    let residual = match lookup {
        Lookup::Here => 5,
        Lookup::InRam => 4,
    };
    let at_the_end = rows * u64::from(architecture.vocabulary) + residual * hidden * rows;
    Bytes(4 * within_layer.max(at_the_end)) + inputs(config)
}

/// The mask, which holds a half-precision value for every token and cell, and the other inputs.
fn inputs(config: &RunConfig) -> Bytes {
    let mask = u64::from(kv_cache::cells_seen(config)) * if config.flash_attention { 2 } else { 4 };
    Bytes(u64::from(config.tokens_at_once()) * (mask + INPUT_BYTES))
}

/// What the processors need in RAM where all layers are on GPUs: the rows that they look up, four times.
///
/// As llama.cpp planned it beside an H200, of every model and with experts in RAM (2026-11-27,
/// `measurements/h200.json`).
#[must_use]
pub fn size_of_lookup(architecture: &Architecture, config: &RunConfig) -> Bytes {
    let rows = 4 * u64::from(architecture.hidden_size) * u64::from(config.tokens_at_once());
    Bytes(4 * rows) + inputs(config)
}

/// What a GPU needs within a layer whose weights are in RAM and are sent to it for every micro-batch (`op_offload`): a
/// copy of the largest tensor, `sent`, beside the feed-forward block's values.
///
/// With experts these are each one's input to its last matrix and what comes of it, beside four rows: so it was planned beside an
/// H200 for the 671B with its experts in RAM, 3140.5 MiB (2026-11-27, `measurements/h200.json`).
#[must_use]
pub fn size_with_sent(architecture: &Architecture, config: &RunConfig, sent: Bytes) -> Bytes {
    let hidden = u64::from(architecture.hidden_size);
    let values = match architecture.feed_forward {
        FeedForward::Dense { intermediate_size } => 3 * u64::from(intermediate_size) + 5 * hidden,
        FeedForward::Experts { expert_intermediate_size, experts_used, .. } => {
            u64::from(experts_used) * (u64::from(expert_intermediate_size) + hidden) + 4 * hidden
        }
    };
    Bytes(4 * values * u64::from(config.tokens_at_once())) + sent + inputs(config)
}
