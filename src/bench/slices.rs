//! Which layers of a model stand for all of them: slices of different depth, from which the whole is extrapolated.

use super::BenchError;
use crate::catalog::{Architecture, Artifact, FeedForward, Model, Quant};
use crate::gguf::{LatentLayout, Layout, Mix};
use crate::units::Bytes;

/// The most that slices are run for a repetition.
const MOST_ROUNDS_EACH: u64 = 4;

/// Some layers of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    layers: Vec<u32>,
    dense: u32,
}

impl Slice {
    /// Their numbers in the whole model, ascending.
    #[must_use]
    pub fn layers(&self) -> &[u32] {
        &self.layers
    }

    /// How many of them have no experts.
    #[must_use]
    pub const fn dense_layers(&self) -> u32 {
        self.dense
    }

    /// The shape of a model that has these layers only.
    #[must_use]
    pub fn of(&self, architecture: &Architecture) -> Architecture {
        let feed_forward = match architecture.feed_forward.clone() {
            FeedForward::Experts {
                dense_intermediate_size,
                expert_intermediate_size,
                experts,
                experts_used,
                shared_experts,
                expert_groups,
                expert_groups_used,
                routed_scale,
                ..
            } => FeedForward::Experts {
                dense_layers: self.dense,
                dense_intermediate_size,
                expert_intermediate_size,
                experts,
                experts_used,
                shared_experts,
                expert_groups,
                expert_groups_used,
                routed_scale,
            },
            dense @ FeedForward::Dense { .. } => dense,
        };
        Architecture { layers: self.layers.len() as u32, feed_forward, ..architecture.clone() }
    }
}

/// Layers that are alike but for the types of their weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LayerKind {
    /// A dense feed-forward block.
    Dense,
    /// Experts.
    Experts,
}

/// How a model is cut: slices, and of what kinds of layers a whole and each slice have how many.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// The slices, smallest first: one more than there are kinds of layers.
    pub slices: Vec<Slice>,
    /// The kinds, with how many layers of each the whole has.
    pub kinds: Vec<(LayerKind, u32)>,
    /// What each slice has of each kind.
    pub counts: Vec<Vec<u32>>,
    /// The same weighted by bytes: a layer of more than the usual bits counts as more than one.
    pub weights: Vec<Vec<f64>>,
    /// What each slice takes, with what stands outside of the layers.
    pub bytes: Vec<Bytes>,
    /// What stands outside of the layers.
    pub ends: Bytes,
    /// How often the slices are run in turns for a repetition: about as often as their layers go into the whole's, within
    /// reason.
    pub rounds_each: u32,
}

/// The tensors of a model in a quant, and the mix that they are made by. Where the quant's makers chose the types
/// themselves it is the nearest mix, with as many bits as the published size says.
pub(super) fn layout(model: &Model, quant: &Quant) -> Result<(Mix, Layout), BenchError> {
    let latent = LatentLayout::default();
    if let Some(mix) = Mix::named(&quant.id, quant.importance_matrix) {
        return Ok((mix, Layout::new(&model.architecture, mix, latent)));
    }
    let published = model.artifacts.iter().find(|artifact| artifact.quant == quant.id);
    let total = published
        .and_then(Artifact::bytes)
        .ok_or_else(|| BenchError::NoMix { model: model.id.clone(), quant: quant.id.clone() })?;
    let mix = Mix::nearest_to(&quant.id, quant.importance_matrix);
    Ok((mix, Layout::of_size(&model.architecture, mix, latent, total)))
}

impl Cut {
    /// The largest cut of at most `layers` layers in a slice, or by itself of a quarter of the model, that has room. None
    /// where not even the smallest has.
    pub fn of(
        model: &Model,
        quant: &Quant,
        layers: Option<u32>,
        has_room: impl Fn(&Self) -> bool,
    ) -> Result<Option<Self>, BenchError> {
        let (_, layout) = layout(model, quant)?;
        let sizes = match model.architecture.feed_forward {
            FeedForward::Dense { .. } => dense_sizes(model.architecture.layers, layers),
            FeedForward::Experts { dense_layers, .. } => {
                expert_sizes(model.architecture.layers, dense_layers, layers)
            }
        };
        let cuts = sizes.iter().filter_map(|alike| {
            let cuts = alike.iter().map(|counts| Self::with(&model.architecture, &layout, counts));
            cuts.min_by_key(Self::unevenness)
        });
        let found = cuts.into_iter().find(|cut| has_room(cut));
        Ok(found)
    }

    /// What its slices take together, of which so large a share of the layers is there twice.
    #[must_use]
    pub fn held(&self, copied: f64) -> Bytes {
        let in_layers: Bytes = self.bytes.iter().map(|bytes| bytes.saturating_sub(self.ends)).sum();
        self.bytes.iter().copied().sum::<Bytes>() + in_layers.share(copied)
    }

    /// How many hundredths the layers of a slice weigh more or less than those of the whole, at most. Types of weights
    /// that are as large are not as fast, so the slices had better have their share of each.
    fn unevenness(&self) -> u64 {
        let slices = self.weights.iter().zip(&self.counts);
        let pairs = slices.flat_map(|(weights, counts)| weights.iter().zip(counts));
        let apart = pairs
            .filter(|(_, count)| **count > 0)
            .map(|(weight, count)| (weight / f64::from(*count) - 1.0).abs());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some hundredths")]
        let hundredths = (apart.fold(0.0, f64::max) * 100.0).round() as u64;
        hundredths
    }

    fn with(architecture: &Architecture, layout: &Layout, sizes: &[Vec<u32>]) -> Self {
        let ranges = match architecture.feed_forward {
            FeedForward::Dense { .. } => vec![(LayerKind::Dense, 0..architecture.layers)],
            FeedForward::Experts { dense_layers, .. } => vec![
                (LayerKind::Dense, 0..dense_layers),
                (LayerKind::Experts, dense_layers..architecture.layers),
            ],
        };
        let has_experts = ranges.len() > 1;
        let bytes_of = |layer: u32| layout.bytes_of(|tensor| tensor.layer == Some(layer));
        let ends = layout.bytes_of(|tensor| tensor.layer.is_none());
        let mut cut = Self {
            slices: Vec::new(),
            kinds: ranges.iter().map(|(kind, range)| (*kind, range.end - range.start)).collect(),
            counts: Vec::new(),
            weights: Vec::new(),
            bytes: Vec::new(),
            ends,
            rounds_each: 1,
        };
        for counts in sizes {
            let mut layers = Vec::new();
            let mut weights = Vec::new();
            for ((_, range), count) in ranges.iter().zip(counts) {
                let all: Vec<(u32, Bytes)> = range.clone().map(|layer| (layer, bytes_of(layer))).collect();
                let mean = all.iter().map(|(_, bytes)| bytes.0 as f64).sum::<f64>() / all.len() as f64;
                let picked = typical(&all, *count);
                weights.push(picked.iter().map(|layer| bytes_of(*layer).0 as f64).sum::<f64>() / mean);
                layers.extend(picked);
            }
            layers.sort_unstable();
            cut.bytes.push(ends + layers.iter().map(|layer| bytes_of(*layer)).sum());
            let dense = if has_experts { counts[0] } else { 0 };
            cut.slices.push(Slice { layers, dense });
            cut.counts.push(counts.clone());
            cut.weights.push(weights);
        }
        let in_slices: Bytes = cut.bytes.iter().map(|bytes| bytes.saturating_sub(ends)).sum();
        let often = layout.bytes().saturating_sub(ends).0 / in_slices.0.max(1);
        cut.rounds_each = often.clamp(1, MOST_ROUNDS_EACH) as u32;
        cut
    }
}

/// What slices have of each kind of layer.
type Counts = Vec<Vec<u32>>;

/// Sizes of the slices of a model without experts, from the wished to the smallest, and of each those that would do as
/// well, the best first.
fn dense_sizes(all: u32, wished: Option<u32>) -> Vec<Vec<Counts>> {
    let alike = |largest: u32| {
        let pairs = (largest - largest / 4..=largest).rev().filter(|large| *large >= 2).flat_map(|large| {
            let third = (large / 3).max(1);
            let mut smalls: Vec<u32> = (1..=(large / 2).max(1)).collect();
            smalls.sort_by_key(|small| small.abs_diff(third));
            smalls.into_iter().map(move |small| vec![vec![small], vec![large]])
        });
        pairs.collect()
    };
    match wished {
        Some(large) => (2..=large.clamp(2, all.max(2))).rev().map(alike).collect(),
        None => (2..=(all / 4).max(2)).rev().map(alike).collect(),
    }
}

/// The same of a model with experts: a dense layer, all dense ones, and those with layers of experts.
fn expert_sizes(all: u32, dense: u32, wished: Option<u32>) -> Vec<Vec<Counts>> {
    let few = (dense / 3).max(1).min(dense);
    let cut = |experts: u32| vec![vec![vec![few, 0], vec![dense, 0], vec![dense, experts]]];
    match wished {
        Some(layers) => (1..=layers.saturating_sub(dense).clamp(1, all - dense)).rev().map(cut).collect(),
        // A layer of experts is larger than all that stands before it; two are as heavy as the others on average.
        None => vec![cut(2.min(all - dense)), cut(1)],
    }
}

/// `count` layers that are as heavy as all on average: of as many parts, sorted by bytes, the middle ones.
fn typical(all: &[(u32, Bytes)], count: u32) -> Vec<u32> {
    let mut by_bytes = all.to_vec();
    by_bytes.sort_by_key(|(layer, bytes)| (*bytes, *layer));
    let middle = |part: u32| {
        // The middle of the part, in whole halves of a place.
        let at = (2 * part as usize + 1) * by_bytes.len() / (2 * count as usize);
        by_bytes[at.min(by_bytes.len() - 1)].0
    };
    (0..count.min(by_bytes.len() as u32)).map(middle).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn a_slice_is_as_heavy_as_the_whole_on_average() {
        // Half of the layers with one and half with three units, in any order.
        let all: Vec<_> = (0..28).map(|layer| (layer, Bytes(if layer % 2 == 0 { 1 } else { 3 }))).collect();
        for count in [2, 4, 6] {
            let picked = typical(&all, count);
            let mut distinct = picked.clone();
            distinct.dedup();
            assert_eq!(distinct.len(), count as usize);
            let weight: u64 = picked.iter().map(|layer| all[*layer as usize].1.0).sum();
            assert_eq!(weight, u64::from(count) * 2);
        }
    }

    #[test]
    fn slices_have_two_depths_and_at_most_a_quarter_of_the_layers() {
        assert_eq!(dense_sizes(28, None)[0][0], [[2], [7]]);
        assert_eq!(dense_sizes(80, None)[0][0], [[6], [20]]);
        assert_eq!(dense_sizes(80, None).last().unwrap(), &[[[1], [2]]]);
        assert_eq!(dense_sizes(28, Some(100))[0][0], [[9], [28]]);
        assert_eq!(expert_sizes(61, 3, None), [[[[1, 0], [3, 0], [3, 2]]], [[[1, 0], [3, 0], [3, 1]]]]);
        assert_eq!(expert_sizes(61, 3, Some(5))[0], [[[1, 0], [3, 0], [3, 2]]]);
        // Fewer are better than none.
        assert_eq!(dense_sizes(80, Some(16)).last().unwrap(), &[[[1], [2]]]);
        assert_eq!(expert_sizes(61, 3, Some(16)).last().unwrap(), &[[[1, 0], [3, 0], [3, 1]]]);
    }

    #[test]
    fn slices_have_their_share_of_each_type_where_there_are_such() {
        let catalog = Catalog::embedded().unwrap();
        let cut = |model: &str, quant: &str, layers| {
            let (model, quant) = (catalog.model(model).unwrap(), catalog.quant(quant).unwrap());
            Cut::of(model, quant, layers, |_| true).unwrap().unwrap()
        };
        // Of the layers of `Q4_K_M` every other one has more bits: seven cannot have half of them.
        let cut_of_seven = cut("r1-distill-qwen-7b", "Q4_K_M", Some(7));
        assert_eq!(cut_of_seven.counts, [[2], [6]]);
        assert_eq!(cut_of_seven.unevenness(), 0);
        assert_eq!(cut("r1-distill-qwen-7b", "Q8_0", Some(7)).counts, [[2], [7]]);
        assert!(cut("r1-671b", "Q4_K_M", None).unevenness() <= 1);
    }
}
