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
    /// Its tensors.
    pub layout: Layout,
    /// How the file holds latent attention.
    pub latent: LatentLayout,
    /// What each layer takes.
    pub layers: Vec<LayerWeights>,
    /// What a token takes of each layer and, last, of the output.
    pub work: Vec<Work>,
    /// What stands behind the last layer: the output and its norm.
    pub output_bytes: Bytes,
    /// The embedding, of which only rows are read.
    pub embedding_bytes: Bytes,
    /// Where the header was read that the tensors are from; none where they follow from rules.
    pub file: Option<&'a str>,
    /// The published size, for mixes that are no rule: tensors are then those of a rule, scaled to it.
    published: Option<Bytes>,
    /// What a tensor takes, as a factor of its size by rule.
    scale: f64,
}

/// Which model is estimated.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// The catalog's id; of a file whose shape no model of the catalog has, what the file calls itself.
    pub id: &'a str,
    /// The shape.
    pub architecture: &'a Architecture,
    /// What the catalog knows of it.
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
        let layout = Layout::new(&model.architecture, mix, latent);
        let model = Identity { id: &model.id, architecture: &model.architecture, catalog: Some(model) };
        Self::with_tensors(model, quant.to_owned(), layout, latent)
    }

    /// A shape that is no model of the catalog.
    #[must_use]
    pub fn of_shape(id: &'a str, architecture: &'a Architecture, quant: &str, mix: Mix) -> Self {
        let layout = Layout::new(architecture, mix, LatentLayout::default());
        let model = Identity { id, architecture, catalog: None };
        Self::with_tensors(model, quant.to_owned(), layout, LatentLayout::default())
    }

    /// The model of a file, as its header at `location` states it. `catalog` is the model of the same shape.
    #[must_use]
    pub fn of_file(stored: &'a StoredModel, catalog: Option<&'a Model>, location: &'a str) -> Self {
        let id = catalog.map(|model| model.id.as_str()).or(stored.name.as_deref()).unwrap_or(location);
        let model = Identity { id, architecture: &stored.architecture, catalog };
        let subject = Self::with_tensors(model, stored.quant(), stored.layout.clone(), stored.latent);
        Self { file: Some(location), ..subject }
    }

    fn with_tensors(model: Identity<'a>, quant: String, layout: Layout, latent: LatentLayout) -> Self {
        let mut layers = vec![LayerWeights::default(); model.architecture.layers as usize];
        let (mut output_bytes, mut embedding_bytes) = (Bytes::ZERO, Bytes::ZERO);
        for tensor in &layout.tensors {
            match tensor.layer {
                None if tensor.kind == TensorKind::TokenEmbedding => embedding_bytes += tensor.bytes(),
                None => output_bytes += tensor.bytes(),
                Some(layer) => layers[layer as usize].add(tensor),
            }
        }
        Self {
            model,
            quant,
            latent,
            layers,
            work: work(model.architecture, &layout),
            output_bytes,
            embedding_bytes,
            file: None,
            published: None,
            scale: 1.0,
            layout,
        }
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
        let scale = total.as_f64() / self.layout.bytes().as_f64();
        for layer in &mut self.layers {
            *layer = layer.share(scale);
        }
        for work in &mut self.work {
            work.scale_bytes(scale);
        }
        self.output_bytes = self.output_bytes.share(scale);
        self.embedding_bytes = self.embedding_bytes.share(scale);
        (self.published, self.scale) = (Some(total), scale);
        self
    }

    /// All weights: computed from the tensors, or published.
    #[must_use]
    pub fn weights_bytes(&self) -> Bytes {
        self.published.unwrap_or_else(|| self.layout.bytes())
    }

    /// Whether the size is a published one rather than computed from the tensors.
    #[must_use]
    pub const fn is_published_size(&self) -> bool {
        self.published.is_some()
    }

    /// What a tensor's values take.
    #[must_use]
    pub fn bytes(&self, tensor: &Tensor) -> Bytes {
        if self.published.is_some() { tensor.bytes().share(self.scale) } else { tensor.bytes() }
    }
}

/// What a token takes of each layer and, last, of the output.
fn work(architecture: &Architecture, layout: &Layout) -> Vec<Work> {
    let mut work = vec![Work::default(); architecture.layers as usize + 1];
    let used_experts = match architecture.feed_forward {
        FeedForward::Dense { .. } => 1.0,
        FeedForward::Experts { experts, experts_used, .. } => f64::from(experts_used) / f64::from(experts),
    };
    for tensor in &layout.tensors {
        let at = tensor.layer.map_or(architecture.layers as usize, |layer| layer as usize);
        // Of the embedding a token reads one row, and of the rotary factors nothing that counts.
        if tensor.layer.is_some() || tensor.kind.is_matrix() {
            let share = if tensor.kind.is_routed_experts() { used_experts } else { 1.0 };
            work[at].add(tensor, tensor.bytes().as_f64(), share);
        }
    }
    work
}
