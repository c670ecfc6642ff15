use serde::{Deserialize, Serialize};

use crate::calibration::Multiplied;

/// The precision that the weights of a served model are stored in, and that they are multiplied in.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Precision {
    /// Bytes of a weight of the large matrices: those of routed experts, or of a dense model.
    pub weight_bytes: f64,
    /// Bytes of a weight of the others, where experts are stored smaller than attention.
    pub other_bytes: f64,
    /// What they are multiplied in.
    pub arithmetic: Arithmetic,
    /// What the others are multiplied in.
    pub other_arithmetic: Arithmetic,
    /// Whether weights are unpacked before they are multiplied.
    pub unpacks: bool,
}

/// How many bits an engine keeps the cache in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CacheType {
    /// 16, as engines do by default.
    #[default]
    Sixteen,
    /// 8, where the engine is set so.
    Eight,
}

impl CacheType {
    /// Bytes of a value.
    #[must_use]
    pub const fn bytes(self) -> f64 {
        match self {
            Self::Sixteen => 2.0,
            Self::Eight => 1.0,
        }
    }
}

/// The number format of a multiplication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arithmetic {
    /// 16 bits.
    Sixteen,
    /// 8 bits, where the GPU can; else 16.
    Eight,
    /// 4 bits, where the GPU can; else 8 or 16.
    Four,
}

impl Arithmetic {
    /// Whose constants are its own.
    #[must_use]
    pub const fn multiplied(self) -> Multiplied {
        match self {
            Self::Sixteen => Multiplied::Sixteen,
            Self::Eight => Multiplied::Eight,
            Self::Four => Multiplied::Four,
        }
    }
}

impl Precision {
    /// BF16 or FP16.
    pub const BF16: Self = Self {
        weight_bytes: 2.0,
        other_bytes: 2.0,
        arithmetic: Arithmetic::Sixteen,
        other_arithmetic: Arithmetic::Sixteen,
        unpacks: false,
    };
    /// FP8 with scales, multiplied in FP8.
    pub const FP8: Self = Self {
        weight_bytes: 1.0,
        other_bytes: 1.0,
        arithmetic: Arithmetic::Eight,
        other_arithmetic: Arithmetic::Eight,
        unpacks: false,
    };
    /// Four bits in groups with scales (AWQ, GPTQ), multiplied in 16.
    pub const INT4: Self = Self {
        weight_bytes: 4.25 / 8.0,
        other_bytes: 4.25 / 8.0,
        arithmetic: Arithmetic::Sixteen,
        other_arithmetic: Arithmetic::Sixteen,
        unpacks: true,
    };
    /// Eight bits, multiplied in 16.
    pub const INT8: Self = Self {
        weight_bytes: 1.0,
        other_bytes: 1.0,
        arithmetic: Arithmetic::Sixteen,
        other_arithmetic: Arithmetic::Sixteen,
        unpacks: true,
    };
    /// NVFP4: experts or large matrices in four bits, attention in sixteen.
    pub const NVFP4: Self = Self {
        weight_bytes: 4.5 / 8.0,
        other_bytes: 2.0,
        arithmetic: Arithmetic::Four,
        other_arithmetic: Arithmetic::Sixteen,
        unpacks: false,
    };
    /// MXFP4: the same with larger groups and no scale of their own for matrices.
    pub const MXFP4: Self = Self { weight_bytes: 4.25 / 8.0, ..Self::NVFP4 };

    /// Experts in four bits, the rest and the arithmetic in eight.
    pub const W4A_FP8: Self = Self {
        weight_bytes: 4.25 / 8.0,
        other_bytes: 1.0,
        arithmetic: Arithmetic::Eight,
        other_arithmetic: Arithmetic::Eight,
        unpacks: false,
    };

    /// A GGUF of this many bits a weight.
    #[must_use]
    pub const fn gguf(bits_per_weight: f64) -> Self {
        let bytes = bits_per_weight / 8.0;
        Self { weight_bytes: bytes, other_bytes: bytes, ..Self::INT4 }
    }

    /// The precision that a text means: `FP8`, `AWQ int4`, `NVFP4`, `W4A16`, `BF16`. `None` of what is none.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        let text = text.to_lowercase();
        let has = |part: &str| text.contains(part);
        if has("mxfp4") {
            Some(Self::MXFP4)
        } else if has("nvfp4") || has("fp4") {
            Some(Self::NVFP4)
        } else if has("w4afp8") {
            Some(Self::W4A_FP8)
        } else if has("int4") || has("w4a16") || has("awq") || has("gptq-4") {
            Some(Self::INT4)
        } else if has("weight-only") || has("int8") || has("w8a16") {
            Some(Self::INT8)
        } else if has("w8a8") || has("fp8") {
            Some(Self::FP8)
        } else if has("bf16") || has("fp16") || has("f16") {
            Some(Self::BF16)
        } else {
            None
        }
    }

    /// A short name, for tables and launch files.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match *self {
            Self::BF16 => "BF16",
            Self::FP8 => "FP8",
            Self::INT4 => "INT4",
            Self::INT8 => "INT8",
            Self::NVFP4 => "NVFP4",
            Self::MXFP4 => "MXFP4",
            Self::W4A_FP8 => "W4AFP8",
            _ => "GGUF",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precisions_are_understood_as_tables_write_them() {
        for (text, precision) in [
            ("FP8 + MTP", Precision::FP8),
            ("AWQ int4", Precision::INT4),
            ("UINT4", Precision::INT4),
            ("GPTQ int8", Precision::INT8),
            ("FP8 weight-only", Precision::INT8),
            ("NVFP4 + MTP3", Precision::NVFP4),
            ("W4AFP8", Precision::W4A_FP8),
            ("W4A16", Precision::INT4),
            ("fp16", Precision::BF16),
        ] {
            assert_eq!(Precision::named(text), Some(precision), "{text}");
        }
        assert_eq!(Precision::named("best of tested"), None);
    }
}
