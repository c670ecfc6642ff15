use std::collections::BTreeSet;

use crate::machine::InstructionSet;

/// The best vector instructions that ggml's CPU kernels find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vectors {
    /// Matrix tiles of x86.
    Amx,
    /// 512 bits with 8-bit dot products.
    Avx512Vnni,
    /// 256 bits.
    Avx2,
    /// 8-bit matrix multiplication of Arm.
    I8mm,
    /// 8-bit dot products of Arm.
    Dotprod,
    /// Nothing of these.
    Plain,
}

impl Vectors {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Amx, Self::Avx512Vnni, Self::Avx2, Self::I8mm, Self::Dotprod, Self::Plain];

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

    /// The name in the file of constants.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Amx => "amx",
            Self::Avx512Vnni => "avx512_vnni",
            Self::Avx2 => "avx2",
            Self::I8mm => "i8mm",
            Self::Dotprod => "dotprod",
            Self::Plain => "plain",
        }
    }
}
