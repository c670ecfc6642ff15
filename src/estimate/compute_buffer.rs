use crate::catalog::{Architecture, FeedForward};
use crate::run_config::RunConfig;
use crate::units::Bytes;

/// What a device's graph needs for intermediate values, as llama.cpp reserves it for a full micro-batch.
///
/// The largest tensors that live at once are the logits of every token of the micro-batch, or a feed-forward
/// block's two inner activations; without flash attention also the scores of every head over the context.
#[must_use]
pub fn size(architecture: &Architecture, config: &RunConfig, holds_output: bool) -> Bytes {
    let tokens = u64::from(config.micro_batch.min(config.context));
    let hidden = u64::from(architecture.hidden_size);
    let inner = match architecture.feed_forward {
        FeedForward::Dense { intermediate_size } => u64::from(intermediate_size),
        FeedForward::Experts { dense_intermediate_size, expert_intermediate_size, experts_used, .. } => {
            u64::from(dense_intermediate_size).max(u64::from(expert_intermediate_size * experts_used))
        }
    };
    let logits = if holds_output { u64::from(architecture.vocabulary) } else { 0 };
    let widest = (logits + hidden).max(2 * inner + 2 * hidden);
    let scores = if config.flash_attention {
        0
    } else {
        u64::from(architecture.attention.heads()) * u64::from(config.context) * tokens * 4
    };
    // The mask holds a half-precision value for every token and cell.
    let mask = u64::from(config.context) * tokens * 2;
    Bytes(widest * tokens * 4 + scores + mask)
}
