use crate::gguf::GgmlType;

/// Types of weights that kernels unpack alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// F32, F16 and BF16.
    Float,
    /// `Q8_0`.
    Q8,
    /// `Q5_0` and `Q5_1`.
    Q5,
    /// `Q4_0` and `Q4_1`.
    Q4,
    /// `Q6_K`.
    K6,
    /// `Q5_K`.
    K5,
    /// `Q4_K`.
    K4,
    /// `Q3_K`.
    K3,
    /// `Q2_K`.
    K2,
    /// `IQ4_NL`.
    Iq4Nl,
    /// `IQ4_XS`.
    Iq4Xs,
    /// `IQ3_S` and `IQ3_XXS`.
    Iq3,
    /// `IQ2_S`, `IQ2_XS` and `IQ2_XXS`.
    Iq2,
    /// `IQ1_S` and `IQ1_M`.
    Iq1,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 14] = [
        Self::Float,
        Self::Q8,
        Self::Q5,
        Self::Q4,
        Self::K6,
        Self::K5,
        Self::K4,
        Self::K3,
        Self::K2,
        Self::Iq4Nl,
        Self::Iq4Xs,
        Self::Iq3,
        Self::Iq2,
        Self::Iq1,
    ];

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

    /// The name in the file of constants.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Float => "float",
            Self::Q8 => "q8",
            Self::Q5 => "q5",
            Self::Q4 => "q4",
            Self::K6 => "q6_k",
            Self::K5 => "q5_k",
            Self::K4 => "q4_k",
            Self::K3 => "q3_k",
            Self::K2 => "q2_k",
            Self::Iq4Nl => "iq4_nl",
            Self::Iq4Xs => "iq4_xs",
            Self::Iq3 => "iq3",
            Self::Iq2 => "iq2",
            Self::Iq1 => "iq1",
        }
    }
}
