use super::{LatentLayout, Mix};
use crate::catalog::{Architecture, Attention, FeedForward, RopeScaling};

/// A value of a GGUF file's metadata.
#[derive(Clone, Debug, PartialEq)]
pub enum MetadataValue {
    /// An unsigned number.
    U32(u32),
    /// A float.
    F32(f32),
    /// A yes or no.
    Bool(bool),
    /// A text.
    Text(String),
    /// Signed numbers, such as the kinds of a tokenizer's tokens.
    Numbers(Vec<i32>),
    /// Texts, such as a tokenizer's tokens.
    Texts(Vec<String>),
}

/// What llama.cpp must read to build the graph of `architecture`: the keys of its converter, with
/// `no_vocab` in place of a tokenizer.
#[must_use]
pub fn metadata(
    name: &str,
    architecture: &Architecture,
    mix: Mix,
    latent: LatentLayout,
) -> Vec<(String, MetadataValue)> {
    use MetadataValue::{Bool, F32, Text, U32};
    let family = architecture.family.gguf_name();
    let mut keys = vec![
        ("general.architecture".to_owned(), Text(family.to_owned())),
        ("general.name".to_owned(), Text(name.to_owned())),
        ("general.file_type".to_owned(), U32(mix.file_type.id())),
        ("general.quantization_version".to_owned(), U32(2)),
        ("tokenizer.ggml.model".to_owned(), Text("no_vocab".to_owned())),
    ];
    let mut set = |key: &str, value: MetadataValue| keys.push((format!("{family}.{key}"), value));
    set("vocab_size", U32(architecture.vocabulary));
    set("block_count", U32(architecture.layers));
    set("context_length", U32(architecture.context_trained));
    set("embedding_length", U32(architecture.hidden_size));
    set("attention.layer_norm_rms_epsilon", F32(as_f32(architecture.rms_norm_epsilon)));
    set("rope.freq_base", F32(as_f32(architecture.rope.theta)));
    match architecture.attention {
        Attention::Grouped { heads, kv_heads, head_size } => {
            set("attention.head_count", U32(heads));
            set("attention.head_count_kv", U32(kv_heads));
            set("attention.key_length", U32(head_size));
            set("attention.value_length", U32(head_size));
            set("rope.dimension_count", U32(head_size));
        }
        Attention::Latent { heads, query_rank, kv_rank, key_head_size, rope_head_size, value_head_size } => {
            set("attention.head_count", U32(heads));
            set("attention.q_lora_rank", U32(query_rank));
            set("attention.kv_lora_rank", U32(kv_rank));
            set("rope.dimension_count", U32(rope_head_size));
            match latent {
                LatentLayout::Split => {
                    set("attention.head_count_kv", U32(1));
                    set("attention.key_length", U32(kv_rank + rope_head_size));
                    set("attention.value_length", U32(kv_rank));
                    set("attention.key_length_mla", U32(key_head_size + rope_head_size));
                    set("attention.value_length_mla", U32(value_head_size));
                }
                LatentLayout::Merged => {
                    set("attention.head_count_kv", U32(heads));
                    set("attention.key_length", U32(key_head_size + rope_head_size));
                    set("attention.value_length", U32(value_head_size));
                }
            }
        }
    }
    match architecture.feed_forward {
        FeedForward::Dense { intermediate_size } => set("feed_forward_length", U32(intermediate_size)),
        FeedForward::Experts {
            dense_layers,
            dense_intermediate_size,
            expert_intermediate_size,
            experts,
            experts_used,
            shared_experts,
            expert_groups,
            expert_groups_used,
            routed_scale,
        } => {
            set("leading_dense_block_count", U32(dense_layers));
            set("feed_forward_length", U32(dense_intermediate_size));
            set("expert_feed_forward_length", U32(expert_intermediate_size));
            set("expert_count", U32(experts));
            set("expert_used_count", U32(experts_used));
            set("expert_shared_count", U32(shared_experts));
            set("expert_group_count", U32(expert_groups));
            set("expert_group_used_count", U32(expert_groups_used));
            set("expert_weights_scale", F32(as_f32(routed_scale)));
            set("expert_weights_norm", Bool(true));
            // 2 is the sigmoid router of DeepSeek-V3 (`llama_expert_gating_func_type` in llama-hparams.h).
            set("expert_gating_func", U32(2));
        }
    }
    if let Some(RopeScaling::Yarn { factor, original_context, log_multiplier }) = architecture.rope.scaling {
        set("rope.scaling.type", Text("yarn".to_owned()));
        set("rope.scaling.factor", F32(as_f32(factor)));
        set("rope.scaling.original_context_length", U32(original_context));
        if let Some(multiplier) = log_multiplier {
            set("rope.scaling.yarn_log_multiplier", F32(as_f32(multiplier)));
        }
    }
    keys
}

const fn as_f32(value: f64) -> f32 {
    value as f32
}
