use crate::catalog::{FeedForward, Model};
use crate::gguf::{LatentLayout, Layout, Mix, Tensor, TensorKind};
use crate::units::Bytes;

/// What is estimated: a model in one quant, with every tensor known.
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    /// The model.
    pub model: &'a Model,
    /// The quant, as the hubs write it.
    pub quant: String,
    /// Its tensors.
    pub layout: Layout,
    /// How the file holds latent attention.
    pub latent: LatentLayout,
    /// What each layer takes.
    pub layers: Vec<LayerWeights>,
    /// What stands behind the last layer: the output and its norm.
    pub output_bytes: Bytes,
    /// The embedding, of which only rows are read.
    pub embedding_bytes: Bytes,
}

/// What a layer's weights take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LayerWeights {
    /// Attention, norms, dense and shared parts: read for every token.
    pub resident: Bytes,
    /// Routed experts, of which a token reads some.
    pub experts: Bytes,
}

impl<'a> Subject<'a> {
    /// The tensors that llama.cpp's quantizer makes of `model` with `mix`.
    #[must_use]
    pub fn new(model: &'a Model, quant: &str, mix: Mix) -> Self {
        let latent = LatentLayout::default();
        let layout = Layout::new(&model.architecture, mix, latent);
        let mut layers = vec![LayerWeights::default(); model.architecture.layers as usize];
        let (mut output_bytes, mut embedding_bytes) = (Bytes::ZERO, Bytes::ZERO);
        for tensor in &layout.tensors {
            match tensor.layer {
                None if tensor.kind == TensorKind::TokenEmbedding => embedding_bytes += tensor.bytes(),
                None => output_bytes += tensor.bytes(),
                Some(layer) if tensor.kind.is_routed_experts() => {
                    layers[layer as usize].experts += tensor.bytes();
                }
                Some(layer) => layers[layer as usize].resident += tensor.bytes(),
            }
        }
        Self { model, quant: quant.to_owned(), layout, latent, layers, output_bytes, embedding_bytes }
    }

    /// What a token's forward pass reads of a tensor: of the routed experts only those it uses, of the
    /// embedding a row.
    #[must_use]
    pub fn read_per_token(&self, tensor: &Tensor) -> Bytes {
        if tensor.kind.is_routed_experts() {
            return tensor.bytes().share(self.used_experts_share());
        }
        if tensor.kind.is_matrix() || tensor.layer.is_some() { tensor.bytes() } else { Bytes::ZERO }
    }

    /// The share of the routed experts that a token uses.
    #[must_use]
    pub fn used_experts_share(&self) -> f64 {
        match self.model.architecture.feed_forward {
            FeedForward::Dense { .. } => 1.0,
            FeedForward::Experts { experts, experts_used, .. } => {
                f64::from(experts_used) / f64::from(experts)
            }
        }
    }
}
