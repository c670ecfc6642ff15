use super::kv_cache;
use crate::catalog::{Architecture, Attention, FeedForward};
use crate::gguf::LatentLayout;
use crate::run_config::RunConfig;
use crate::units::Bytes;

/// The ids, positions and cache cells of a token: the graph's inputs beside the mask.
const INPUT_BYTES: u64 = 40;

/// What a device's graph needs for intermediate values, as llama.cpp reserves it for a full micro-batch.
///
/// It is the larger of two moments. At the end, the logits of every token live beside five rows of the
/// residual stream. Within a layer, it is a feed-forward block's gate and up activations, or with latent
/// attention the absorbed query, the query with its rotary part and the attention's output of every head.
/// Without flash attention the scores of every head over the context live too. Checked against llama.cpp's own
/// plan of every model over contexts of 2k to 128k, micro-batches of 128 to 2048 and 1 to 8 sequences.
#[must_use]
pub fn size(
    architecture: &Architecture,
    latent: LatentLayout,
    config: &RunConfig,
    holds_output: bool,
) -> Bytes {
    let tokens = u64::from(config.micro_batch.min(config.batch));
    let hidden = u64::from(architecture.hidden_size);
    let cells = u64::from(kv_cache::cells(config) / config.sequences.max(1));
    let heads = u64::from(architecture.attention.heads());
    let logits = if holds_output { u64::from(architecture.vocabulary) + 5 * hidden } else { 0 };
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
    let widest = logits.max(2 * inner + 3 * hidden).max(attention + scores + hidden);
    // The mask holds a half-precision value for every token and cell.
    let mask = cells * if config.flash_attention { 2 } else { 4 };
    Bytes(tokens * (4 * widest + mask + INPUT_BYTES))
}
