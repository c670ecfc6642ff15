use std::collections::BTreeSet;

use super::Subject;
use crate::catalog::Attention;
use crate::gguf::{GgmlType, LatentLayout, Tensor};
use crate::machine::InstructionSet;
use crate::units::Bytes;

/// Which weights llama.cpp's CPU backend keeps a rearranged copy of, beside the mapped file, and what it takes.
///
/// Its extra buffer types are asked in this order: AMX tiles (`ggml_backend_amx_buffer_type` in
/// `ggml-cpu/amx/amx.cpp`), then interleaved rows (`ggml_repack_get_optimal_repack_type` in
/// `ggml-cpu/repack.cpp`).
#[derive(Clone, Copy, Debug, Default)]
pub struct Repack<'a> {
    /// The CPU's; none where repacking is off.
    sets: Option<&'a BTreeSet<InstructionSet>>,
}

impl<'a> Repack<'a> {
    /// What a CPU with these instruction sets repacks of `subject`: nothing where it has to be off.
    #[must_use]
    pub fn of(subject: &Subject<'_>, sets: &'a BTreeSet<InstructionSet>) -> Self {
        if Self::must_be_off(subject, sets) { Self::default() } else { Self::on(sets) }
    }

    /// Whether llama.cpp runs `subject` only with `--no-repack` on a CPU with these instruction sets: it puts the
    /// absorbed projections of latent attention into AMX tiles, finds that AMX cannot multiply what attention
    /// hands them, and aborts (`GGML_ASSERT(*cur_backend_id != -1)` in `ggml-backend.cpp`).
    #[must_use]
    pub fn must_be_off(subject: &Subject<'_>, sets: &BTreeSet<InstructionSet>) -> bool {
        let is_latent = matches!(subject.model.architecture.attention, Attention::Latent { .. });
        Repack::on(sets).has_amx() && is_latent && subject.latent == LatentLayout::Split
    }

    /// What a CPU with these instruction sets repacks.
    #[must_use]
    pub const fn on(sets: &'a BTreeSet<InstructionSet>) -> Self {
        Self { sets: Some(sets) }
    }

    fn has(self, set: InstructionSet) -> bool {
        self.sets.is_some_and(|sets| sets.contains(&set))
    }

    fn has_amx(self) -> bool {
        self.has(InstructionSet::AmxInt8) && self.has(InstructionSet::Avx512Vnni)
    }

    /// What a tensor's copy takes; nothing where the tensor is used as it lies in the file.
    #[must_use]
    pub fn copy_bytes(self, tensor: &Tensor) -> Bytes {
        if self.tiles(tensor) {
            return amx_bytes(tensor);
        }
        if self.interleaves(tensor) { tensor.bytes() } else { Bytes::ZERO }
    }

    /// Whether AMX multiplies with it: everything that is no routed expert and of one of its types, with rows
    /// of whole blocks and an even number of tiles of 16 rows.
    fn tiles(self, tensor: &Tensor) -> bool {
        let row_step = match tensor.ggml_type {
            GgmlType::F16 => 16,
            GgmlType::Q4_0 | GgmlType::Q4_1 | GgmlType::Q8_0 => 32,
            GgmlType::Q4_K | GgmlType::Q5_K | GgmlType::Q6_K | GgmlType::IQ4_XS => 256,
            _ => return false,
        };
        let [row, rows, _] = tensor.shape;
        let multiplied = tensor.kind.is_matrix() && !tensor.kind.is_routed_experts();
        self.has_amx()
            && multiplied
            && tensor.dimensions() == 2
            && row.is_multiple_of(row_step)
            && rows.is_multiple_of(32)
    }

    fn interleaves(self, tensor: &Tensor) -> bool {
        // The absorbed projections of latent attention are stacks that are not multiplied as experts are.
        if !tensor.kind.is_matrix() || (tensor.dimensions() == 3 && !tensor.kind.is_routed_experts()) {
            return false;
        }
        let avx2 = self.has(InstructionSet::Avx2);
        let dotprod = self.has(InstructionSet::Dotprod) || self.has(InstructionSet::I8mm);
        let rows = tensor.shape[1];
        match tensor.ggml_type {
            GgmlType::Q4_0 | GgmlType::IQ4_NL => {
                (avx2 && rows.is_multiple_of(8)) || (dotprod && rows.is_multiple_of(4))
            }
            GgmlType::Q4_K => (avx2 || dotprod) && rows.is_multiple_of(8),
            GgmlType::Q2_K => self.has(InstructionSet::Avx512) && rows.is_multiple_of(8),
            GgmlType::Q5_K | GgmlType::Q6_K => dotprod && rows.is_multiple_of(8),
            GgmlType::Q8_0 => dotprod && rows.is_multiple_of(4),
            _ => false,
        }
    }
}

/// What AMX makes of a tensor: `ggml_backend_amx_get_alloc_size` in `ggml-cpu/amx/mmq.cpp`.
fn amx_bytes(tensor: &Tensor) -> Bytes {
    let [row, rows, _] = tensor.shape;
    // Signed products need a compensating sum for each block, and packed scales are unpacked to whole bytes.
    let more = match tensor.ggml_type {
        GgmlType::F16 => return tensor.bytes(),
        GgmlType::Q8_0 | GgmlType::Q4_K | GgmlType::Q5_K => 4,
        GgmlType::IQ4_XS => 2,
        _ => 0,
    };
    Bytes(row / tensor.ggml_type.block_values() * (tensor.ggml_type.block_bytes() + more) * rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gguf::TensorKind;

    fn copy(sets: &[InstructionSet], kind: TensorKind, shape: [u64; 3], ggml_type: GgmlType) -> Bytes {
        let tensor = Tensor { kind, layer: Some(0), shape, ggml_type };
        let sets = sets.iter().copied().collect();
        Repack::on(&sets).copy_bytes(&tensor)
    }

    const SAPPHIRE_RAPIDS: [InstructionSet; 4] =
        [InstructionSet::Avx2, InstructionSet::Avx512, InstructionSet::Avx512Vnni, InstructionSet::AmxInt8];

    #[test]
    fn amx_widens_a_block_of_q4_k_by_four_bytes() {
        let matrix = |ggml_type| copy(&SAPPHIRE_RAPIDS, TensorKind::Up, [512, 64, 1], ggml_type);
        assert_eq!(matrix(GgmlType::Q4_K), Bytes(2 * (144 + 4) * 64));
        assert_eq!(matrix(GgmlType::Q6_K), Bytes(2 * 210 * 64));
        assert_eq!(matrix(GgmlType::Q8_0), Bytes(16 * (34 + 4) * 64));
        assert_eq!(matrix(GgmlType::F16), Bytes(512 * 64 * 2));
        assert_eq!(matrix(GgmlType::F32), Bytes::ZERO);
    }

    #[test]
    fn what_amx_cannot_multiply_is_interleaved_as_without_it() {
        let experts = copy(&SAPPHIRE_RAPIDS, TensorKind::ExpertsUp, [512, 64, 8], GgmlType::Q4_K);
        assert_eq!(experts, Bytes(2 * 144 * 64 * 8));
        let odd = copy(&SAPPHIRE_RAPIDS, TensorKind::Up, [512, 40, 1], GgmlType::Q4_K);
        assert_eq!(odd, Bytes(2 * 144 * 40));
        let desktop = copy(&[InstructionSet::Avx2], TensorKind::Up, [512, 64, 1], GgmlType::Q6_K);
        assert_eq!(desktop, Bytes::ZERO);
    }
}
