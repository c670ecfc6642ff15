use std::borrow::Cow;

use super::Work;
use crate::catalog::{Architecture, Artifact, FeedForward, Model, Quant};
use crate::gguf::{LatentLayout, Layout, Mix, StoredModel, Tensor, TensorKind};
use crate::units::Bytes;

/// What is estimated: a model in one quant, with every tensor known.
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    /// The model.
    pub model: Identity<'a>,
    /// The quant, as the hubs write it.
    pub quant: String,
    /// How the file holds latent attention.
    pub latent: LatentLayout,
    /// What stands behind the last layer: the output and its norm.
    pub output_bytes: Bytes,
    /// The embedding, of which only rows are read.
    pub embedding_bytes: Bytes,
    /// Where the header was read that the tensors are from; none where they follow from rules.
    pub file: Option<&'a str>,
    /// Layers that take the same share one of these.
    kinds: Vec<Layer>,
    /// The kind of each layer.
    layers: Vec<usize>,
    /// What a token takes of the output.
    output_work: Work,
    tensors: Tensors<'a>,
    /// All weights: computed from the tensors, or published.
    bytes: Bytes,
    /// Of a mix that is no rule, whose tensors are those of one: the factor that brings them to the published size.
    scale: Option<f64>,
}

/// Where the tensors are from.
#[derive(Clone, Copy, Debug)]
enum Tensors<'a> {
    /// They follow from llama.cpp's rules.
    Rule(Mix),
    /// A file's header states them.
    Header(&'a Layout),
}

/// What a layer takes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Layer {
    /// Its weights.
    pub weights: LayerWeights,
    /// What a token takes of them.
    pub(super) work: Work,
}

/// Which model is estimated.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// The catalog's id; of a file whose shape no model of the catalog has, what the file calls itself.
    pub id: &'a str,
    /// The shape.
    pub architecture: &'a Architecture,
    /// Its entry in the catalog.
    pub catalog: Option<&'a Model>,
}

/// What a layer's weights take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LayerWeights {
    /// Attention, norms, dense and shared parts: read for every token.
    pub resident: Bytes,
    /// Routed experts, of which a token reads some.
    pub experts: Bytes,
    /// The largest tensor of the first.
    pub largest_resident: Bytes,
    /// The largest tensor of the second.
    pub largest_experts: Bytes,
}

impl LayerWeights {
    fn add(&mut self, tensor: &Tensor) {
        let bytes = tensor.bytes();
        let (sum, largest) = if tensor.kind.is_routed_experts() {
            (&mut self.experts, &mut self.largest_experts)
        } else {
            (&mut self.resident, &mut self.largest_resident)
        };
        *sum += bytes;
        *largest = bytes.max(*largest);
    }

    fn share(self, scale: f64) -> Self {
        Self {
            resident: self.resident.share(scale),
            experts: self.experts.share(scale),
            largest_resident: self.largest_resident.share(scale),
            largest_experts: self.largest_experts.share(scale),
        }
    }
}

impl<'a> Subject<'a> {
    /// The tensors that llama.cpp's quantizer makes of `model` with `mix`.
    #[must_use]
    pub fn new(model: &'a Model, quant: &str, mix: Mix, latent: LatentLayout) -> Self {
        let model = Identity { id: &model.id, architecture: &model.architecture, catalog: Some(model) };
        Self::with_tensors(model, quant.to_owned(), Tensors::Rule(mix), latent)
    }

    /// A shape that is no model of the catalog.
    #[must_use]
    pub fn of_shape(id: &'a str, architecture: &'a Architecture, quant: &str, mix: Mix) -> Self {
        let model = Identity { id, architecture, catalog: None };
        Self::with_tensors(model, quant.to_owned(), Tensors::Rule(mix), LatentLayout::default())
    }

    /// The model of a file, as its header at `location` states it. `catalog` is the model of the same shape.
    #[must_use]
    pub fn of_file(stored: &'a StoredModel, catalog: Option<&'a Model>, location: &'a str) -> Self {
        let id = catalog.map(|model| model.id.as_str()).or(stored.name.as_deref()).unwrap_or(location);
        let model = Identity { id, architecture: &stored.architecture, catalog };
        let subject =
            Self::with_tensors(model, stored.quant(), Tensors::Header(&stored.layout), stored.latent);
        Self { file: Some(location), ..subject }
    }

    fn with_tensors(model: Identity<'a>, quant: String, tensors: Tensors<'a>, latent: LatentLayout) -> Self {
        let mut subject = Self {
            model,
            quant,
            latent,
            output_bytes: Bytes::ZERO,
            embedding_bytes: Bytes::ZERO,
            file: None,
            kinds: Vec::new(),
            layers: Vec::new(),
            output_work: Work::default(),
            tensors,
            bytes: Bytes::ZERO,
            scale: None,
        };
        let used_experts = match model.architecture.feed_forward {
            FeedForward::Dense { .. } => 1.0,
            FeedForward::Experts { experts, experts_used, .. } => {
                f64::from(experts_used) / f64::from(experts)
            }
        };
        let mut layers = vec![Layer::default(); model.architecture.layers as usize];
        for tensor in &subject.layout().tensors {
            let bytes = tensor.bytes();
            subject.bytes += bytes;
            let share = if tensor.kind.is_routed_experts() { used_experts } else { 1.0 };
            match tensor.layer {
                Some(layer) => {
                    let layer = &mut layers[layer as usize];
                    layer.weights.add(tensor);
                    layer.work.add(tensor, bytes.as_f64(), share);
                }
                None if tensor.kind == TensorKind::TokenEmbedding => subject.embedding_bytes += bytes,
                None => subject.output_bytes += bytes,
            }
            // Of the embedding a token reads one row, and of the rotary factors nothing that counts.
            if tensor.layer.is_none() && tensor.kind.is_matrix() {
                subject.output_work.add(tensor, bytes.as_f64(), share);
            }
        }
        for layer in layers {
            let kind = subject.kinds.iter().position(|kind| *kind == layer).unwrap_or_else(|| {
                subject.kinds.push(layer);
                subject.kinds.len() - 1
            });
            subject.layers.push(kind);
        }
        subject
    }

    /// The model in a quant of the catalog. Where a quant's mix is a choice of its makers (`UD-…`), the sizes
    /// are those of the nearest rule, scaled to the published total; `None` where no total is published.
    #[must_use]
    pub fn of(model: &'a Model, quant: &Quant) -> Option<Self> {
        Self::of_latent(model, quant, LatentLayout::default())
    }

    /// The same of a file that holds latent attention so.
    #[must_use]
    pub fn of_latent(model: &'a Model, quant: &Quant, latent: LatentLayout) -> Option<Self> {
        if let Some(mix) = Mix::named(&quant.id, quant.importance_matrix) {
            return Some(Self::new(model, &quant.id, mix, latent));
        }
        let artifact = model.artifacts.iter().find(|artifact| artifact.quant == quant.id);
        let total = artifact.and_then(Artifact::bytes)?;
        let mix = Mix::nearest_to(&quant.id, quant.importance_matrix);
        Some(Self::new(model, &quant.id, mix, latent).scaled_to(total))
    }

    fn scaled_to(mut self, total: Bytes) -> Self {
        let scale = total.as_f64() / self.bytes.as_f64();
        for layer in &mut self.kinds {
            layer.weights = layer.weights.share(scale);
            layer.work.scale_bytes(scale);
        }
        self.output_work.scale_bytes(scale);
        self.output_bytes = self.output_bytes.share(scale);
        self.embedding_bytes = self.embedding_bytes.share(scale);
        (self.bytes, self.scale) = (total, Some(scale));
        self
    }

    /// Its tensors, laid out anew where they follow from rules: few questions need them.
    #[must_use]
    pub fn layout(&self) -> Cow<'a, Layout> {
        match self.tensors {
            Tensors::Rule(mix) => Cow::Owned(Layout::new(self.model.architecture, mix, self.latent)),
            Tensors::Header(layout) => Cow::Borrowed(layout),
        }
    }

    /// What each layer takes, the first first.
    #[must_use]
    pub fn layers(&self) -> impl ExactSizeIterator<Item = &Layer> {
        self.layers.iter().map(|kind| &self.kinds[*kind])
    }

    /// The distinct layers, and the kind of each layer among them.
    pub(super) fn kinds(&self) -> (&[Layer], &[usize]) {
        (&self.kinds, &self.layers)
    }

    /// What a token takes of the output.
    pub(super) const fn output_work(&self) -> &Work {
        &self.output_work
    }

    /// All weights: computed from the tensors, or published.
    #[must_use]
    pub const fn weights_bytes(&self) -> Bytes {
        self.bytes
    }

    /// Whether the size is a published one rather than computed from the tensors.
    #[must_use]
    pub const fn is_published_size(&self) -> bool {
        self.scale.is_some()
    }

    /// What a tensor's values take.
    #[must_use]
    pub fn bytes(&self, tensor: &Tensor) -> Bytes {
        self.scale.map_or_else(|| tensor.bytes(), |scale| tensor.bytes().share(scale))
    }
}
