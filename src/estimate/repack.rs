use std::collections::BTreeSet;

use crate::gguf::{GgmlType, Tensor};
use crate::machine::InstructionSet;

/// Whether llama.cpp's CPU backend keeps a rearranged copy of a tensor that it multiplies with, beside the
/// mapped file: `ggml_repack_get_optimal_repack_type` in `ggml-cpu/repack.cpp`.
#[must_use]
pub fn is_repacked(tensor: &Tensor, sets: &BTreeSet<InstructionSet>) -> bool {
    if !tensor.kind.is_matrix() || tensor.dimensions() < 2 {
        return false;
    }
    let has = |set| sets.contains(&set);
    let rows = tensor.shape[1];
    let (avx2, dotprod) =
        (has(InstructionSet::Avx2), has(InstructionSet::Dotprod) || has(InstructionSet::I8mm));
    match tensor.ggml_type {
        GgmlType::Q4_0 | GgmlType::IQ4_NL => {
            (avx2 && rows.is_multiple_of(8)) || (dotprod && rows.is_multiple_of(4))
        }
        GgmlType::Q4_K => (avx2 || dotprod) && rows.is_multiple_of(8),
        GgmlType::Q2_K => has(InstructionSet::Avx512) && rows.is_multiple_of(8),
        GgmlType::Q5_K | GgmlType::Q6_K => dotprod && rows.is_multiple_of(8),
        GgmlType::Q8_0 => dotprod && rows.is_multiple_of(4),
        _ => false,
    }
}
