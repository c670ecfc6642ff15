use std::fmt;

use serde::{Deserialize, Serialize};

use crate::units::Bytes;

/// How ggml stores the values of a tensor. Values are stored in blocks along the first dimension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(non_camel_case_types, missing_docs, reason = "ggml's own names")]
pub enum GgmlType {
    F32,
    F16,
    BF16,
    Q4_0,
    Q4_1,
    Q5_0,
    Q5_1,
    Q8_0,
    Q2_K,
    Q3_K,
    Q4_K,
    Q5_K,
    Q6_K,
    IQ1_S,
    IQ1_M,
    IQ2_XXS,
    IQ2_XS,
    IQ2_S,
    IQ3_XXS,
    IQ3_S,
    IQ4_NL,
    IQ4_XS,
}

impl GgmlType {
    /// Every type that a published R1 file uses.
    pub const ALL: [Self; 22] = [
        Self::F32,
        Self::F16,
        Self::BF16,
        Self::Q4_0,
        Self::Q4_1,
        Self::Q5_0,
        Self::Q5_1,
        Self::Q8_0,
        Self::Q2_K,
        Self::Q3_K,
        Self::Q4_K,
        Self::Q5_K,
        Self::Q6_K,
        Self::IQ1_S,
        Self::IQ1_M,
        Self::IQ2_XXS,
        Self::IQ2_XS,
        Self::IQ2_S,
        Self::IQ3_XXS,
        Self::IQ3_S,
        Self::IQ4_NL,
        Self::IQ4_XS,
    ];

    /// The number in the file, values a block, and bytes a block: `enum ggml_type` in `ggml.h`, and the
    /// `block_*` structs of `ggml-common.h`.
    const fn facts(self) -> (u32, u64, u64) {
        match self {
            Self::F32 => (0, 1, 4),
            Self::F16 => (1, 1, 2),
            Self::BF16 => (30, 1, 2),
            Self::Q4_0 => (2, 32, 18),
            Self::Q4_1 => (3, 32, 20),
            Self::Q5_0 => (6, 32, 22),
            Self::Q5_1 => (7, 32, 24),
            Self::Q8_0 => (8, 32, 34),
            Self::Q2_K => (10, 256, 84),
            Self::Q3_K => (11, 256, 110),
            Self::Q4_K => (12, 256, 144),
            Self::Q5_K => (13, 256, 176),
            Self::Q6_K => (14, 256, 210),
            Self::IQ1_S => (19, 256, 50),
            Self::IQ1_M => (29, 256, 56),
            Self::IQ2_XXS => (16, 256, 66),
            Self::IQ2_XS => (17, 256, 74),
            Self::IQ2_S => (22, 256, 82),
            Self::IQ3_XXS => (18, 256, 98),
            Self::IQ3_S => (21, 256, 110),
            Self::IQ4_NL => (20, 32, 18),
            Self::IQ4_XS => (23, 256, 136),
        }
    }

    /// The number that stands for this type in a file.
    #[must_use]
    pub const fn id(self) -> u32 {
        self.facts().0
    }

    /// The type that a number in a file stands for.
    #[must_use]
    pub fn from_id(id: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }

    /// Values in a block.
    #[must_use]
    pub const fn block_values(self) -> u64 {
        self.facts().1
    }

    /// Bytes of a block.
    #[must_use]
    pub const fn block_bytes(self) -> u64 {
        self.facts().2
    }

    /// Whether values share a scale, rather than being floats of their own.
    #[must_use]
    pub const fn is_quantized(self) -> bool {
        self.block_values() > 1
    }

    /// The size of `values` values; rows are whole blocks in every tensor that llama.cpp loads.
    #[must_use]
    pub const fn size(self, values: u64) -> Bytes {
        Bytes(values / self.block_values() * self.block_bytes())
    }

    /// Bits that a value takes on average.
    #[must_use]
    pub fn bits_per_value(self) -> f64 {
        self.block_bytes() as f64 * 8.0 / self.block_values() as f64
    }
}

impl fmt::Display for GgmlType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{self:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q4_k_takes_four_and_a_half_bits() {
        assert!((GgmlType::Q4_K.bits_per_value() - 4.5).abs() < f64::EPSILON);
        assert_eq!(GgmlType::Q8_0.size(4096), Bytes(4352));
    }

    #[test]
    fn every_type_is_found_by_its_number() {
        for kind in GgmlType::ALL {
            assert_eq!(GgmlType::from_id(kind.id()), Some(kind));
        }
        assert_eq!(GgmlType::from_id(4), None);
    }
}
