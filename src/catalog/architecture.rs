//! A model's shape to the last dimension: what its tensors, its KV cache and its graph follow from.

use serde::{Deserialize, Serialize};

/// The shape of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Architecture {
    /// What llama.cpp calls it.
    pub family: Family,
    /// Transformer layers, without the multi-token-prediction ones.
    pub layers: u32,
    /// Width of the residual stream.
    pub hidden_size: u32,
    /// Rows of the embedding and output matrices.
    pub vocabulary: u32,
    /// The context length in the model's configuration, in tokens.
    pub context_trained: u32,
    /// Epsilon of the RMS norms.
    pub rms_norm_epsilon: f64,
    /// Rotary position embedding.
    pub rope: Rope,
    /// The attention blocks.
    pub attention: Attention,
    /// The feed-forward blocks.
    pub feed_forward: FeedForward,
}

impl Architecture {
    /// How many parameters a model of this shape has: weights, biases and norms, with embedding and output apart.
    #[must_use]
    pub fn parameters(&self) -> u64 {
        let hidden = u64::from(self.hidden_size);
        let layers = u64::from(self.layers);
        let ends = 2 * u64::from(self.vocabulary) * hidden + hidden;
        let norms = 2 * hidden;
        let feed_forward = match self.feed_forward {
            FeedForward::Dense { intermediate_size } => layers * 3 * hidden * u64::from(intermediate_size),
            FeedForward::Experts {
                dense_layers,
                dense_intermediate_size,
                expert_intermediate_size,
                experts,
                shared_experts,
                ..
            } => {
                let dense = u64::from(dense_layers);
                let expert = 3 * hidden * u64::from(expert_intermediate_size);
                // The router: a row and a bias for each expert.
                let router = (hidden + 1) * u64::from(experts);
                dense * 3 * hidden * u64::from(dense_intermediate_size)
                    + layers.saturating_sub(dense)
                        * (router + expert * u64::from(experts.saturating_add(shared_experts)))
            }
        };
        ends + layers * (norms + self.attention_parameters(hidden)) + feed_forward
    }

    /// Whether a model of `other`'s has the same tensors and caches as much: all but what was trained and tuned,
    /// such as the context length, the rotary base and how the router groups its experts.
    #[must_use]
    pub fn has_shape_of(&self, other: &Self) -> bool {
        let widths = |architecture: &Self| match architecture.feed_forward {
            FeedForward::Dense { intermediate_size } => [intermediate_size, 0, 0, 0, 0, 0],
            FeedForward::Experts {
                dense_layers,
                dense_intermediate_size,
                expert_intermediate_size,
                experts,
                experts_used,
                shared_experts,
                ..
            } => [
                dense_intermediate_size,
                dense_layers,
                expert_intermediate_size,
                experts,
                experts_used,
                shared_experts,
            ],
        };
        let ends = |architecture: &Self| {
            (architecture.family, architecture.layers, architecture.hidden_size, architecture.vocabulary)
        };
        ends(self) == ends(other) && self.attention == other.attention && widths(self) == widths(other)
    }

    pub(crate) fn attention_parameters(&self, hidden: u64) -> u64 {
        match self.attention {
            Attention::Grouped { heads, kv_heads, head_size } => {
                let query = u64::from(heads) * u64::from(head_size);
                let key = u64::from(kv_heads) * u64::from(head_size);
                let extra = match self.family {
                    Family::Qwen2 => query + 2 * key,
                    Family::Qwen3 => 2 * u64::from(head_size),
                    Family::Llama | Family::DeepSeek2 => 0,
                };
                2 * hidden * (query + key) + extra
            }
            Attention::Latent {
                heads,
                query_rank,
                kv_rank,
                key_head_size,
                rope_head_size,
                value_head_size,
            } => {
                let [heads, query_rank, kv_rank] = [heads, query_rank, kv_rank].map(u64::from);
                let [key, rope, value] = [key_head_size, rope_head_size, value_head_size].map(u64::from);
                // Each down-projection ends in a norm of its rank.
                query_rank * (hidden + 1 + heads * (key + rope))
                    + hidden * (kv_rank + rope)
                    + kv_rank * (1 + heads * (key + value))
                    + heads * value * hidden
            }
        }
    }
}

/// An architecture that llama.cpp has a graph for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Qwen2 and 2.5: biases on Q, K and V.
    Qwen2,
    /// Llama 3.
    Llama,
    /// Qwen3: norms on Q and K.
    Qwen3,
    /// DeepSeek V2 and V3: latent attention and experts.
    DeepSeek2,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 4] = [Self::Qwen2, Self::Llama, Self::Qwen3, Self::DeepSeek2];

    /// The value of `general.architecture`, which prefixes the other GGUF keys.
    #[must_use]
    pub const fn gguf_name(self) -> &'static str {
        match self {
            Self::Qwen2 => "qwen2",
            Self::Llama => "llama",
            Self::Qwen3 => "qwen3",
            Self::DeepSeek2 => "deepseek2",
        }
    }
}

/// Rotary position embedding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rope {
    /// The base frequency.
    pub theta: f64,
    /// How positions beyond the original context are reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scaling: Option<RopeScaling>,
}

/// How positions beyond the original context are reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum RopeScaling {
    /// Llama 3.1: per-frequency factors, kept as the tensor `rope_freqs.weight`.
    Llama3 {
        /// By how much the context grew.
        factor: f64,
        /// Wavelengths above `original_context / low_frequency_factor` are scaled by the whole factor.
        low_frequency_factor: f64,
        /// Wavelengths below `original_context / high_frequency_factor` are left alone.
        high_frequency_factor: f64,
        /// The context of the first training stage, in tokens.
        original_context: u32,
    },
    /// `YaRN`.
    Yarn {
        /// By how much the context grew.
        factor: f64,
        /// The context of the first training stage, in tokens.
        original_context: u32,
        /// The multiplier of the attention temperature's logarithm; 0.1 × `mscale_all_dim`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        log_multiplier: Option<f64>,
    },
}

/// The attention blocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Attention {
    /// Grouped-query attention (GQA).
    Grouped {
        /// Query heads.
        heads: u32,
        /// Key and value heads.
        kv_heads: u32,
        /// Width of a head.
        head_size: u32,
    },
    /// Multi-head latent attention (MLA).
    Latent {
        /// Query heads.
        heads: u32,
        /// Rank of the query's down-projection.
        query_rank: u32,
        /// Rank of the latent that keys and values are recovered from.
        kv_rank: u32,
        /// Width of a key head's part without position.
        key_head_size: u32,
        /// Width of a key head's rotary part, shared by all heads.
        rope_head_size: u32,
        /// Width of a value head.
        value_head_size: u32,
    },
}

impl Attention {
    /// Query heads.
    #[must_use]
    pub const fn heads(&self) -> u32 {
        match *self {
            Self::Grouped { heads, .. } | Self::Latent { heads, .. } => heads,
        }
    }
}

/// The feed-forward blocks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FeedForward {
    /// One gated block a layer.
    Dense {
        /// Its inner width.
        intermediate_size: u32,
    },
    /// Experts, of which a router picks some for each token.
    Experts {
        /// Leading layers that are dense instead.
        dense_layers: u32,
        /// Inner width of those.
        dense_intermediate_size: u32,
        /// Inner width of one expert.
        expert_intermediate_size: u32,
        /// Routed experts a layer.
        experts: u32,
        /// Routed experts that a token uses.
        experts_used: u32,
        /// Experts that every token uses.
        shared_experts: u32,
        /// Groups that the router picks among first.
        expert_groups: u32,
        /// Groups that a token's experts may come from.
        expert_groups_used: u32,
        /// What the routed experts' sum is multiplied by.
        routed_scale: f64,
    },
}
