//! Files whose makers chose the type of each tensor themselves, such as Unsloth's `UD-` quants: no rule makes them, so
//! what stands for them is the nearest rule's file, with as many tensors in more or fewer bits as the published size says.

use super::{GgmlType, LatentLayout, Layout, Mix, Tensor};
use crate::catalog::Architecture;
use crate::units::Bytes;

/// Types by their bits a value, each kind of kernel for itself: lookup tables, K-quants, and floats at their end.
const LOOKED_UP: [GgmlType; 9] = [
    GgmlType::IQ1_S,
    GgmlType::IQ1_M,
    GgmlType::IQ2_XXS,
    GgmlType::IQ2_XS,
    GgmlType::IQ2_S,
    GgmlType::IQ3_XXS,
    GgmlType::IQ3_S,
    GgmlType::IQ4_XS,
    GgmlType::Q5_K,
];
const PLAIN: [GgmlType; 7] = [
    GgmlType::Q2_K,
    GgmlType::Q3_K,
    GgmlType::Q4_K,
    GgmlType::Q5_K,
    GgmlType::Q6_K,
    GgmlType::Q8_0,
    GgmlType::F16,
];

impl Layout {
    /// The tensors of a file of `total` bytes that is near to `mix`. Matrices of the layers move by a type at a time,
    /// evenly over the depth, until no step is as small as what is left; embedding and output stay.
    #[must_use]
    pub fn of_size(architecture: &Architecture, mix: Mix, latent: LatentLayout, total: Bytes) -> Self {
        let mut layout = Self::new(architecture, mix, latent);
        let bytes = layout.bytes();
        let (is_short, mut left) = (bytes < total, bytes.0.abs_diff(total.0));
        let order = spread(&layout.tensors, architecture.layers);
        let mut before = u64::MAX;
        while left < before {
            before = left;
            for index in &order {
                let tensor = &mut layout.tensors[*index];
                let Some(moved) = neighbour(*tensor, is_short) else { continue };
                let step = moved.bytes().0.abs_diff(tensor.bytes().0);
                if let Some(rest) = left.checked_sub(step) {
                    (*tensor, left) = (moved, rest);
                }
            }
        }
        layout
    }
}

/// The tensor in the next type of more bits, or of fewer.
fn neighbour(tensor: Tensor, more: bool) -> Option<Tensor> {
    let ladder = [&LOOKED_UP[..], &PLAIN].into_iter().find(|ladder| ladder.contains(&tensor.ggml_type))?;
    let at = ladder.iter().position(|step| *step == tensor.ggml_type)?;
    let ggml_type = *if more { ladder.get(at + 1) } else { at.checked_sub(1).and_then(|at| ladder.get(at)) }?;
    let fits = tensor.shape[0].is_multiple_of(ggml_type.block_values());
    fits.then_some(Tensor { ggml_type, ..tensor })
}

/// The quantized matrices of the layers, those of far layers one after another: the first ones are in layers of every
/// depth, however few they are.
fn spread(tensors: &[Tensor], layers: u32) -> Vec<usize> {
    let bits = layers.next_power_of_two().trailing_zeros();
    let turned = |layer: u32| layer.reverse_bits().checked_shr(u32::BITS - bits).unwrap_or(0);
    let mut order: Vec<(u64, u32, usize)> = tensors
        .iter()
        .enumerate()
        .filter(|(_, tensor)| tensor.ggml_type.is_quantized())
        .filter_map(|(index, tensor)| Some((u64::MAX - tensor.values(), turned(tensor.layer?), index)))
        .collect();
    // The large ones first: they are most of the file, and those that its makers think of.
    order.sort_unstable();
    order.into_iter().map(|(_, _, index)| index).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn every_quant_of_the_catalog_without_a_rule_has_a_stand_in_of_its_published_size() {
        let catalog = Catalog::embedded().unwrap();
        let mut tried = 0;
        for model in catalog.models() {
            for artifact in &model.artifacts {
                let quant = catalog.quant(&artifact.quant).unwrap();
                let Some(total) =
                    artifact.bytes().filter(|_| Mix::named(&quant.id, quant.importance_matrix).is_none())
                else {
                    continue;
                };
                let mix = Mix::nearest_to(&quant.id, quant.importance_matrix);
                let layout = Layout::of_size(&model.architecture, mix, LatentLayout::default(), total);
                let share = layout.bytes().as_f64() / total.as_f64();
                assert!((share - 1.0).abs() < 0.002, "{}:{} {share}", model.id, quant.id);
                tried += 1;
            }
        }
        assert!(tried > 40, "{tried}");
    }

    #[test]
    fn what_is_raised_lies_at_every_depth() {
        let catalog = Catalog::embedded().unwrap();
        let model = catalog.model("r1-671b").unwrap();
        let mix = Mix::nearest_to("UD-Q2_K_XL", true);
        let plain = Layout::new(&model.architecture, mix, LatentLayout::default());
        let raised = Layout::of_size(
            &model.architecture,
            mix,
            LatentLayout::default(),
            plain.bytes() + plain.bytes().share(0.02),
        );
        let moved: Vec<u32> = plain
            .tensors
            .iter()
            .zip(&raised.tensors)
            .filter(|(before, after)| before.ggml_type != after.ggml_type && before.kind.is_routed_experts())
            .filter_map(|(before, _)| before.layer)
            .collect();
        for quarter in 0..4 {
            let range = quarter * 61 / 4..(quarter + 1) * 61 / 4;
            assert!(moved.iter().any(|layer| range.contains(layer)), "{quarter}: {moved:?}");
        }
    }
}
