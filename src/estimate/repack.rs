use std::collections::BTreeSet;

use crate::gguf::{GgmlType, Tensor};
use crate::machine::InstructionSet;

/// Which types llama.cpp's CPU backend keeps a rearranged copy of, beside the mapped file:
/// `ggml_repack_get_optimal_repack_type` in `ggml-cpu/repack.cpp`.
#[derive(Clone, Copy, Debug)]
pub struct Repack {
    avx2: bool,
    avx512: bool,
    dotprod: bool,
}

impl Repack {
    /// What a CPU with these instruction sets repacks.
    #[must_use]
    pub fn on(sets: &BTreeSet<InstructionSet>) -> Self {
        let has = |set| sets.contains(&set);
        Self {
            avx2: has(InstructionSet::Avx2),
            avx512: has(InstructionSet::Avx512),
            dotprod: has(InstructionSet::Dotprod) || has(InstructionSet::I8mm),
        }
    }

    /// Whether a tensor is kept twice.
    #[must_use]
    pub fn copies(self, tensor: &Tensor) -> bool {
        // The absorbed projections of latent attention are stacks that are not multiplied as experts are.
        if !tensor.kind.is_matrix() || (tensor.dimensions() == 3 && !tensor.kind.is_routed_experts()) {
            return false;
        }
        let Self { avx2, avx512, dotprod } = self;
        let rows = tensor.shape[1];
        match tensor.ggml_type {
            GgmlType::Q4_0 | GgmlType::IQ4_NL => {
                (avx2 && rows.is_multiple_of(8)) || (dotprod && rows.is_multiple_of(4))
            }
            GgmlType::Q4_K => (avx2 || dotprod) && rows.is_multiple_of(8),
            GgmlType::Q2_K => avx512 && rows.is_multiple_of(8),
            GgmlType::Q5_K | GgmlType::Q6_K => dotprod && rows.is_multiple_of(8),
            GgmlType::Q8_0 => dotprod && rows.is_multiple_of(4),
            _ => false,
        }
    }
}
