use super::mix::Quantizer;
use super::{GgmlType, Mix, Tensor, TensorKind};
use crate::catalog::{Architecture, Attention, Family, FeedForward, RopeScaling};
use crate::units::Bytes;

/// The tensors of a model in one quant, in llama.cpp's order: no layer first, then layer by layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The tensors.
    pub tensors: Vec<Tensor>,
}

/// How a file holds the up-projections of multi-head latent attention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LatentLayout {
    /// Apart, so that llama.cpp caches the latent only: files since 2025-04.
    #[default]
    Split,
    /// In one, so that llama.cpp caches every head: the early files of the 671B.
    Merged,
}

impl Layout {
    /// The tensors that llama.cpp's converter and quantizer make of `architecture`.
    #[must_use]
    pub fn new(architecture: &Architecture, mix: Mix, latent: LatentLayout) -> Self {
        let mut tensors = shapes(architecture, latent);
        Quantizer::new(architecture, mix, &tensors).assign(&mut tensors);
        Self { tensors }
    }

    /// What all values take, without the file's header and padding.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        self.tensors.iter().map(Tensor::bytes).sum()
    }

    /// How many values there are.
    #[must_use]
    pub fn parameters(&self) -> u64 {
        // The rotary factors are a table, not parameters.
        self.tensors
            .iter()
            .filter(|tensor| tensor.kind != TensorKind::RopeFrequencies)
            .map(Tensor::values)
            .sum()
    }

    /// The highest layer's number plus one.
    #[must_use]
    pub fn layers(&self) -> u32 {
        self.tensors.iter().filter_map(|tensor| tensor.layer).max().map_or(0, |last| last + 1)
    }

    /// The bytes of the tensors that `wanted` picks.
    pub fn bytes_of(&self, wanted: impl Fn(&Tensor) -> bool) -> Bytes {
        self.tensors.iter().filter(|tensor| wanted(tensor)).map(Tensor::bytes).sum()
    }

    /// The same model with some of its layers only, each as it is in the whole and in its order: what a slice is
    /// measured with.
    #[must_use]
    pub fn pick(&self, layers: &[u32]) -> Self {
        let place = |layer: u32| layers.iter().position(|picked| *picked == layer);
        let tensors = self.tensors.iter().filter_map(|tensor| match tensor.layer {
            None => Some(*tensor),
            Some(layer) => Some(Tensor { layer: Some(u32::try_from(place(layer)?).ok()?), ..*tensor }),
        });
        Self { tensors: tensors.collect() }
    }
}

/// Every tensor with its shape, as F32 where the converter keeps it so and as F16 where the mix decides.
pub(super) fn shapes(architecture: &Architecture, latent: LatentLayout) -> Vec<Tensor> {
    let hidden = u64::from(architecture.hidden_size);
    let vocabulary = u64::from(architecture.vocabulary);
    let mut tensors = Vec::with_capacity(16 * architecture.layers as usize + 4);
    let mut shared = Shapes { layer: None, tensors: &mut tensors };
    shared.matrix(TensorKind::TokenEmbedding, hidden, vocabulary);
    shared.matrix(TensorKind::Output, hidden, vocabulary);
    shared.vector(TensorKind::OutputNorm, hidden);
    if let (Some(RopeScaling::Llama3 { .. }), Attention::Grouped { head_size, .. }) =
        (&architecture.rope.scaling, &architecture.attention)
    {
        shared.vector(TensorKind::RopeFrequencies, u64::from(*head_size) / 2);
    }
    for layer in 0..architecture.layers {
        let mut layer = Shapes { layer: Some(layer), tensors: &mut tensors };
        layer.vector(TensorKind::AttentionNorm, hidden);
        layer.attention(architecture, latent);
        layer.vector(TensorKind::FeedForwardNorm, hidden);
        layer.feed_forward(architecture);
    }
    tensors
}

struct Shapes<'a> {
    layer: Option<u32>,
    tensors: &'a mut Vec<Tensor>,
}

impl Shapes<'_> {
    fn push(&mut self, kind: TensorKind, shape: [u64; 3], ggml_type: GgmlType) {
        self.tensors.push(Tensor { kind, layer: self.layer, shape, ggml_type });
    }

    fn vector(&mut self, kind: TensorKind, length: u64) {
        self.push(kind, [length, 1, 1], GgmlType::F32);
    }

    fn matrix(&mut self, kind: TensorKind, inputs: u64, outputs: u64) {
        self.push(kind, [inputs, outputs, 1], GgmlType::F16);
    }

    fn stack(&mut self, kind: TensorKind, inputs: u64, outputs: u64, count: u64) {
        self.push(kind, [inputs, outputs, count], GgmlType::F16);
    }

    fn attention(&mut self, architecture: &Architecture, latent: LatentLayout) {
        let hidden = u64::from(architecture.hidden_size);
        match architecture.attention {
            Attention::Grouped { heads, kv_heads, head_size } => {
                let head = u64::from(head_size);
                let (queries, keys) = (u64::from(heads) * head, u64::from(kv_heads) * head);
                self.matrix(TensorKind::AttentionQ, hidden, queries);
                self.matrix(TensorKind::AttentionK, hidden, keys);
                self.matrix(TensorKind::AttentionV, hidden, keys);
                if architecture.family == Family::Qwen2 {
                    self.vector(TensorKind::AttentionQBias, queries);
                    self.vector(TensorKind::AttentionKBias, keys);
                    self.vector(TensorKind::AttentionVBias, keys);
                }
                if architecture.family == Family::Qwen3 {
                    self.vector(TensorKind::AttentionQNorm, head);
                    self.vector(TensorKind::AttentionKNorm, head);
                }
                self.matrix(TensorKind::AttentionOutput, queries, hidden);
            }
            Attention::Latent {
                heads,
                query_rank,
                kv_rank,
                key_head_size,
                rope_head_size,
                value_head_size,
            } => {
                let (heads, query_rank, kv_rank) =
                    (u64::from(heads), u64::from(query_rank), u64::from(kv_rank));
                let (key, rope, value) =
                    (u64::from(key_head_size), u64::from(rope_head_size), u64::from(value_head_size));
                self.matrix(TensorKind::LatentQDown, hidden, query_rank);
                self.vector(TensorKind::LatentQNorm, query_rank);
                self.matrix(TensorKind::LatentQUp, query_rank, heads * (key + rope));
                self.matrix(TensorKind::LatentKvDown, hidden, kv_rank + rope);
                self.vector(TensorKind::LatentKvNorm, kv_rank);
                match latent {
                    LatentLayout::Split => {
                        self.stack(TensorKind::LatentKUp, key, kv_rank, heads);
                        self.stack(TensorKind::LatentVUp, kv_rank, value, heads);
                    }
                    LatentLayout::Merged => {
                        self.matrix(TensorKind::LatentKvUp, kv_rank, heads * (key + value));
                    }
                }
                self.matrix(TensorKind::AttentionOutput, heads * value, hidden);
            }
        }
    }

    fn feed_forward(&mut self, architecture: &Architecture) {
        let hidden = u64::from(architecture.hidden_size);
        match architecture.feed_forward {
            FeedForward::Dense { intermediate_size } => self.dense(hidden, u64::from(intermediate_size)),
            FeedForward::Experts { dense_layers, dense_intermediate_size, .. }
                if self.layer.is_some_and(|layer| layer < dense_layers) =>
            {
                self.dense(hidden, u64::from(dense_intermediate_size));
            }
            FeedForward::Experts { expert_intermediate_size, experts, shared_experts, .. } => {
                let (inner, experts) = (u64::from(expert_intermediate_size), u64::from(experts));
                let shared = inner * u64::from(shared_experts);
                // The converter keeps the router as F32 (`ffn_gate_inp` in gguf-py's list).
                self.push(TensorKind::Router, [hidden, experts, 1], GgmlType::F32);
                self.vector(TensorKind::RouterBias, experts);
                self.stack(TensorKind::ExpertsGate, hidden, inner, experts);
                self.stack(TensorKind::ExpertsUp, hidden, inner, experts);
                self.stack(TensorKind::ExpertsDown, inner, hidden, experts);
                self.matrix(TensorKind::SharedGate, hidden, shared);
                self.matrix(TensorKind::SharedUp, hidden, shared);
                self.matrix(TensorKind::SharedDown, shared, hidden);
            }
        }
    }

    fn dense(&mut self, hidden: u64, inner: u64) {
        self.matrix(TensorKind::Gate, hidden, inner);
        self.matrix(TensorKind::Up, hidden, inner);
        self.matrix(TensorKind::Down, inner, hidden);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Rope;

    fn named(quant: &str) -> Mix {
        Mix::named(quant, false).unwrap()
    }

    fn llama_70b() -> Architecture {
        Architecture {
            family: Family::Llama,
            layers: 80,
            hidden_size: 8192,
            vocabulary: 128_256,
            context_trained: 131_072,
            rms_norm_epsilon: 1e-5,
            rope: Rope {
                theta: 500_000.0,
                scaling: Some(RopeScaling::Llama3 {
                    factor: 8.0,
                    low_frequency_factor: 1.0,
                    high_frequency_factor: 4.0,
                    original_context: 8192,
                }),
            },
            attention: Attention::Grouped { heads: 64, kv_heads: 8, head_size: 128 },
            feed_forward: FeedForward::Dense { intermediate_size: 28_672 },
        }
    }

    fn deepseek_671b() -> Architecture {
        Architecture {
            family: Family::DeepSeek2,
            layers: 61,
            hidden_size: 7168,
            vocabulary: 129_280,
            context_trained: 163_840,
            rms_norm_epsilon: 1e-6,
            rope: Rope { theta: 10_000.0, scaling: None },
            attention: Attention::Latent {
                heads: 128,
                query_rank: 1536,
                kv_rank: 512,
                key_head_size: 128,
                rope_head_size: 64,
                value_head_size: 128,
            },
            feed_forward: FeedForward::Experts {
                dense_layers: 3,
                dense_intermediate_size: 18_432,
                expert_intermediate_size: 2048,
                experts: 256,
                experts_used: 8,
                shared_experts: 1,
                expert_groups: 8,
                expert_groups_used: 4,
                routed_scale: 2.5,
            },
        }
    }

    #[test]
    fn the_70b_in_q4_k_m_has_the_published_tensor_bytes() {
        // huggingface.co/bartowski/DeepSeek-R1-Distill-Llama-70B-GGUF: 42,520,395,936 bytes with the header.
        let layout = Layout::new(&llama_70b(), named("Q4_K_M"), LatentLayout::Split);
        assert_eq!(layout.bytes(), Bytes(42_512_531_712));
        assert_eq!(layout.parameters(), 70_553_706_496);
    }

    #[test]
    fn the_671b_keeps_its_narrow_key_projections_in_blocks_of_32() {
        // Rows of 128 values fit no K-quant: the quantizer falls back from Q4_K to Q5_0.
        let layout = Layout::new(&deepseek_671b(), named("Q4_K_M"), LatentLayout::Split);
        let keys: Vec<_> =
            layout.tensors.iter().filter(|tensor| tensor.kind == TensorKind::LatentKUp).collect();
        assert_eq!(keys.len(), 61);
        assert!(keys.iter().all(|tensor| tensor.ggml_type == GgmlType::Q5_0));
        assert_eq!(layout.bytes(), Bytes(404_488_847_360));
        assert_eq!(layout.parameters(), 671_026_419_200);
    }

    #[test]
    fn a_slice_keeps_whole_layers_and_what_stands_outside_them() {
        let whole = Layout::new(&llama_70b(), named("Q4_K_M"), LatentLayout::Split);
        let slice = whole.pick(&[0, 40]);
        assert_eq!(slice.layers(), 2);
        let bytes = |layout: &Layout, layer| layout.bytes_of(|tensor| tensor.layer == Some(layer));
        assert_eq!((bytes(&slice, 0), bytes(&slice, 1)), (bytes(&whole, 0), bytes(&whole, 40)));
        assert_eq!(
            slice.bytes_of(|tensor| tensor.layer.is_none()),
            whole.bytes_of(|tensor| tensor.layer.is_none())
        );
    }
}
