use std::fmt;

use super::GgmlType;
use crate::units::Bytes;

/// One tensor of a model: which it is, its shape and how its values are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tensor {
    /// Its role in the model.
    pub kind: TensorKind,
    /// The layer it belongs to, if any.
    pub layer: Option<u32>,
    /// Its shape in ggml's order (the first dimension is contiguous); unused dimensions are 1.
    pub shape: [u64; 3],
    /// How its values are stored.
    pub ggml_type: GgmlType,
}

impl Tensor {
    /// The name in the file, such as `blk.3.attn_q.weight`.
    #[must_use]
    pub fn name(&self) -> String {
        self.layer.map_or_else(
            || self.kind.suffix().to_owned(),
            |layer| format!("blk.{layer}.{}", self.kind.suffix()),
        )
    }

    /// The number of dimensions that the file states.
    #[must_use]
    pub const fn dimensions(&self) -> u32 {
        match self.shape {
            [_, 1, 1] => 1,
            [_, _, 1] => 2,
            _ => 3,
        }
    }

    /// How many values it holds.
    #[must_use]
    pub const fn values(&self) -> u64 {
        self.shape[0] * self.shape[1] * self.shape[2]
    }

    /// Size of its values.
    #[must_use]
    pub const fn bytes(&self) -> Bytes {
        self.ggml_type.size(self.values())
    }
}

macro_rules! tensor_kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident => $suffix:literal,)+) => {
        /// What a tensor is in a model; the names are those of llama.cpp's `llama-arch.cpp`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum TensorKind {
            $($(#[doc = $doc])+ $kind,)+
        }

        impl TensorKind {
            /// The name in the file, after `blk.N.` for a layer's tensor.
            #[must_use]
            pub const fn suffix(self) -> &'static str {
                match self {
                    $(Self::$kind => $suffix,)+
                }
            }
        }
    };
}

tensor_kinds! {
    /// Embedding of the vocabulary.
    TokenEmbedding => "token_embd.weight",
    /// Projection to the vocabulary.
    Output => "output.weight",
    /// Norm before the output.
    OutputNorm => "output_norm.weight",
    /// Per-frequency factors of Llama 3.1's rotary embedding.
    RopeFrequencies => "rope_freqs.weight",
    /// Norm before attention.
    AttentionNorm => "attn_norm.weight",
    /// Query projection.
    AttentionQ => "attn_q.weight",
    /// Key projection.
    AttentionK => "attn_k.weight",
    /// Value projection.
    AttentionV => "attn_v.weight",
    /// Query bias.
    AttentionQBias => "attn_q.bias",
    /// Key bias.
    AttentionKBias => "attn_k.bias",
    /// Value bias.
    AttentionVBias => "attn_v.bias",
    /// Norm of the query heads.
    AttentionQNorm => "attn_q_norm.weight",
    /// Norm of the key heads.
    AttentionKNorm => "attn_k_norm.weight",
    /// Output projection of attention.
    AttentionOutput => "attn_output.weight",
    /// MLA: down-projection of the query.
    LatentQDown => "attn_q_a.weight",
    /// MLA: norm of the query's latent.
    LatentQNorm => "attn_q_a_norm.weight",
    /// MLA: up-projection of the query.
    LatentQUp => "attn_q_b.weight",
    /// MLA: down-projection of key and value, with the shared rotary key.
    LatentKvDown => "attn_kv_a_mqa.weight",
    /// MLA: norm of the key and value latent.
    LatentKvNorm => "attn_kv_a_norm.weight",
    /// MLA: key up-projection, absorbed into the query.
    LatentKUp => "attn_k_b.weight",
    /// MLA: value up-projection, absorbed into the output.
    LatentVUp => "attn_v_b.weight",
    /// MLA as early files have it: key and value up-projections in one.
    LatentKvUp => "attn_kv_b.weight",
    /// Norm before the feed-forward block.
    FeedForwardNorm => "ffn_norm.weight",
    /// Gate projection.
    Gate => "ffn_gate.weight",
    /// Up projection.
    Up => "ffn_up.weight",
    /// Down projection.
    Down => "ffn_down.weight",
    /// Router of the experts.
    Router => "ffn_gate_inp.weight",
    /// Load-balancing bias of the router.
    RouterBias => "exp_probs_b.bias",
    /// Gate projections of all routed experts.
    ExpertsGate => "ffn_gate_exps.weight",
    /// Up projections of all routed experts.
    ExpertsUp => "ffn_up_exps.weight",
    /// Down projections of all routed experts.
    ExpertsDown => "ffn_down_exps.weight",
    /// Gate projection of the shared experts.
    SharedGate => "ffn_gate_shexp.weight",
    /// Up projection of the shared experts.
    SharedUp => "ffn_up_shexp.weight",
    /// Down projection of the shared experts.
    SharedDown => "ffn_down_shexp.weight",
}

impl TensorKind {
    /// Whether it holds the routed experts, of which a token reads only some.
    #[must_use]
    pub const fn is_routed_experts(self) -> bool {
        matches!(self, Self::ExpertsGate | Self::ExpertsUp | Self::ExpertsDown)
    }

    /// Whether llama.cpp multiplies it with the activations, rather than adding or scaling by it.
    #[must_use]
    pub const fn is_matrix(self) -> bool {
        !matches!(
            self,
            Self::TokenEmbedding
                | Self::OutputNorm
                | Self::RopeFrequencies
                | Self::AttentionNorm
                | Self::AttentionQBias
                | Self::AttentionKBias
                | Self::AttentionVBias
                | Self::AttentionQNorm
                | Self::AttentionKNorm
                | Self::LatentQNorm
                | Self::LatentKvNorm
                | Self::FeedForwardNorm
                | Self::RouterBias
        )
    }
}

impl fmt::Display for TensorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.suffix())
    }
}
