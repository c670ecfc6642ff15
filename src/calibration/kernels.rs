use std::collections::BTreeSet;

use super::table::keys;
use crate::gguf::GgmlType;
use crate::machine::InstructionSet;

keys! {
    /// Types of weights that kernels unpack alike.
    Family, "type of weights" {
        /// F32, F16 and BF16.
        Float "float",
        /// `Q8_0`.
        Q8 "q8",
        /// `Q5_0` and `Q5_1`.
        Q5 "q5",
        /// `Q4_0` and `Q4_1`.
        Q4 "q4",
        /// `Q6_K`.
        K6 "q6_k",
        /// `Q5_K`.
        K5 "q5_k",
        /// `Q4_K`.
        K4 "q4_k",
        /// `Q3_K`.
        K3 "q3_k",
        /// `Q2_K`.
        K2 "q2_k",
        /// `IQ4_NL`.
        Iq4Nl "iq4_nl",
        /// `IQ4_XS`.
        Iq4Xs "iq4_xs",
        /// `IQ3_S` and `IQ3_XXS`.
        Iq3 "iq3",
        /// `IQ2_S`, `IQ2_XS` and `IQ2_XXS`.
        Iq2 "iq2",
        /// `IQ1_S` and `IQ1_M`.
        Iq1 "iq1",
    }
}

impl Family {
    /// The family of a type.
    #[must_use]
    pub const fn of(ggml_type: GgmlType) -> Self {
        match ggml_type {
            GgmlType::F32 | GgmlType::F16 | GgmlType::BF16 => Self::Float,
            GgmlType::Q8_0 => Self::Q8,
            GgmlType::Q5_0 | GgmlType::Q5_1 => Self::Q5,
            GgmlType::Q4_0 | GgmlType::Q4_1 => Self::Q4,
            GgmlType::Q6_K => Self::K6,
            GgmlType::Q5_K => Self::K5,
            GgmlType::Q4_K => Self::K4,
            GgmlType::Q3_K => Self::K3,
            GgmlType::Q2_K => Self::K2,
            GgmlType::IQ4_NL => Self::Iq4Nl,
            GgmlType::IQ4_XS => Self::Iq4Xs,
            GgmlType::IQ3_S | GgmlType::IQ3_XXS => Self::Iq3,
            GgmlType::IQ2_S | GgmlType::IQ2_XS | GgmlType::IQ2_XXS => Self::Iq2,
            GgmlType::IQ1_S | GgmlType::IQ1_M => Self::Iq1,
        }
    }
}

keys! {
    /// The best vector instructions that ggml's CPU kernels find.
    Vectors, "vector instructions" {
        /// Matrix tiles of x86.
        Amx "amx",
        /// 512 bits with 8-bit dot products.
        Avx512Vnni "avx512_vnni",
        /// 256 bits.
        Avx2 "avx2",
        /// 8-bit matrix multiplication of Arm.
        I8mm "i8mm",
        /// 8-bit dot products of Arm.
        Dotprod "dotprod",
        /// Nothing of these.
        Plain "plain",
    }
}

impl Vectors {
    /// The best of `sets`.
    #[must_use]
    pub fn of(sets: &BTreeSet<InstructionSet>) -> Self {
        let has = |set| sets.contains(&set);
        if has(InstructionSet::AmxInt8) {
            Self::Amx
        } else if has(InstructionSet::Avx512Vnni) {
            Self::Avx512Vnni
        } else if has(InstructionSet::Avx2) {
            Self::Avx2
        } else if has(InstructionSet::I8mm) {
            Self::I8mm
        } else if has(InstructionSet::Dotprod) {
            Self::Dotprod
        } else {
            Self::Plain
        }
    }
}
