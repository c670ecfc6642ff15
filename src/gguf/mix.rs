use std::fmt;
use std::str::FromStr;

use super::{GgmlType, Tensor, TensorKind};
use crate::catalog::{Architecture, Attention, Family, FeedForward};

/// The quant mix of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mix {
    /// The mix that llama.cpp's quantizer was given.
    pub file_type: FileType,
    /// Whether it was given an importance matrix, which changes the type of some tensors.
    pub importance_matrix: bool,
    /// Whether embedding and output were forced to `Q8_0`: the `_L` and `_XL` files of some quantizers.
    pub wide_embeddings: bool,
}

/// A mix of llama.cpp's quantizer: `enum llama_ftype` in `llama.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(non_camel_case_types, missing_docs, reason = "llama.cpp's own names")]
pub enum FileType {
    F16,
    BF16,
    Q8_0,
    Q6_K,
    Q5_K_M,
    Q5_K_S,
    Q5_1,
    Q5_0,
    Q4_K_M,
    Q4_K_S,
    Q4_1,
    Q4_0,
    IQ4_NL,
    IQ4_XS,
    Q3_K_L,
    Q3_K_M,
    Q3_K_S,
    IQ3_M,
    IQ3_S,
    IQ3_XS,
    IQ3_XXS,
    Q2_K,
    Q2_K_S,
    IQ2_M,
    IQ2_S,
    IQ2_XS,
    IQ2_XXS,
    IQ1_M,
    IQ1_S,
}

impl FileType {
    /// Every mix, roughly from the largest to the smallest.
    pub const ALL: [Self; 29] = [
        Self::F16,
        Self::BF16,
        Self::Q8_0,
        Self::Q6_K,
        Self::Q5_K_M,
        Self::Q5_K_S,
        Self::Q5_1,
        Self::Q5_0,
        Self::Q4_K_M,
        Self::Q4_K_S,
        Self::Q4_1,
        Self::Q4_0,
        Self::IQ4_NL,
        Self::IQ4_XS,
        Self::Q3_K_L,
        Self::Q3_K_M,
        Self::Q3_K_S,
        Self::IQ3_M,
        Self::IQ3_S,
        Self::IQ3_XS,
        Self::IQ3_XXS,
        Self::Q2_K,
        Self::Q2_K_S,
        Self::IQ2_M,
        Self::IQ2_S,
        Self::IQ2_XS,
        Self::IQ2_XXS,
        Self::IQ1_M,
        Self::IQ1_S,
    ];

    /// The number in the file's `general.file_type`, and the type that most tensors get.
    const fn facts(self) -> (u32, GgmlType) {
        match self {
            Self::F16 => (1, GgmlType::F16),
            Self::BF16 => (32, GgmlType::BF16),
            Self::Q8_0 => (7, GgmlType::Q8_0),
            Self::Q6_K => (18, GgmlType::Q6_K),
            Self::Q5_K_M => (17, GgmlType::Q5_K),
            Self::Q5_K_S => (16, GgmlType::Q5_K),
            Self::Q5_1 => (9, GgmlType::Q5_1),
            Self::Q5_0 => (8, GgmlType::Q5_0),
            Self::Q4_K_M => (15, GgmlType::Q4_K),
            Self::Q4_K_S => (14, GgmlType::Q4_K),
            Self::Q4_1 => (3, GgmlType::Q4_1),
            Self::Q4_0 => (2, GgmlType::Q4_0),
            Self::IQ4_NL => (25, GgmlType::IQ4_NL),
            Self::IQ4_XS => (30, GgmlType::IQ4_XS),
            Self::Q3_K_L => (13, GgmlType::Q3_K),
            Self::Q3_K_M => (12, GgmlType::Q3_K),
            Self::Q3_K_S => (11, GgmlType::Q3_K),
            Self::IQ3_M => (27, GgmlType::IQ3_S),
            Self::IQ3_S => (26, GgmlType::IQ3_S),
            Self::IQ3_XS => (22, GgmlType::IQ3_S),
            Self::IQ3_XXS => (23, GgmlType::IQ3_XXS),
            Self::Q2_K => (10, GgmlType::Q2_K),
            Self::Q2_K_S => (21, GgmlType::Q2_K),
            Self::IQ2_M => (29, GgmlType::IQ2_S),
            Self::IQ2_S => (28, GgmlType::IQ2_XS),
            Self::IQ2_XS => (20, GgmlType::IQ2_XS),
            Self::IQ2_XXS => (19, GgmlType::IQ2_XXS),
            Self::IQ1_M => (31, GgmlType::IQ1_M),
            Self::IQ1_S => (24, GgmlType::IQ1_S),
        }
    }

    /// The number in the file's `general.file_type`.
    #[must_use]
    pub const fn id(self) -> u32 {
        self.facts().0
    }

    /// The type that most tensors get.
    #[must_use]
    pub const fn default_type(self) -> GgmlType {
        self.facts().1
    }

    /// The name, as the hubs write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::F16 => "F16",
            Self::BF16 => "BF16",
            Self::Q8_0 => "Q8_0",
            Self::Q6_K => "Q6_K",
            Self::Q5_K_M => "Q5_K_M",
            Self::Q5_K_S => "Q5_K_S",
            Self::Q5_1 => "Q5_1",
            Self::Q5_0 => "Q5_0",
            Self::Q4_K_M => "Q4_K_M",
            Self::Q4_K_S => "Q4_K_S",
            Self::Q4_1 => "Q4_1",
            Self::Q4_0 => "Q4_0",
            Self::IQ4_NL => "IQ4_NL",
            Self::IQ4_XS => "IQ4_XS",
            Self::Q3_K_L => "Q3_K_L",
            Self::Q3_K_M => "Q3_K_M",
            Self::Q3_K_S => "Q3_K_S",
            Self::IQ3_M => "IQ3_M",
            Self::IQ3_S => "IQ3_S",
            Self::IQ3_XS => "IQ3_XS",
            Self::IQ3_XXS => "IQ3_XXS",
            Self::Q2_K => "Q2_K",
            Self::Q2_K_S => "Q2_K_S",
            Self::IQ2_M => "IQ2_M",
            Self::IQ2_S => "IQ2_S",
            Self::IQ2_XS => "IQ2_XS",
            Self::IQ2_XXS => "IQ2_XXS",
            Self::IQ1_M => "IQ1_M",
            Self::IQ1_S => "IQ1_S",
        }
    }

    /// The mixes of one and two bits a weight, which share a rule of their own.
    const fn is_tiny(self) -> bool {
        matches!(self, Self::IQ2_XXS | Self::IQ2_XS | Self::IQ2_S | Self::IQ2_M | Self::IQ1_S | Self::IQ1_M)
    }
}

impl fmt::Display for FileType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Mix {
    /// The mix that a quant's name stands for, as the hubs write it: `Q4_K_M`, `iq4_xs`, `Q4_K_L`.
    /// `None` for names that are no rule of llama.cpp's quantizer, such as `UD-IQ1_S`.
    #[must_use]
    pub fn named(quant: &str, importance_matrix: bool) -> Option<Self> {
        let name = quant.to_ascii_uppercase();
        let (name, wide_embeddings) = match name.as_str() {
            "Q2_K_L" => ("Q2_K", true),
            "Q3_K_XL" => ("Q3_K_L", true),
            "Q4_K_L" => ("Q4_K_M", true),
            "Q5_K_L" => ("Q5_K_M", true),
            "Q6_K_L" => ("Q6_K", true),
            name => (name, false),
        };
        Some(Self { file_type: name.parse().ok()?, importance_matrix, wide_embeddings })
    }

    /// The mix by rule that is nearest to one that is its makers' choice: of `UD-Q3_K_XL` it is `Q3_K_M`, of
    /// `UD-TQ1_0` the smallest.
    #[must_use]
    pub fn nearest_to(quant: &str, importance_matrix: bool) -> Self {
        let name = quant.to_ascii_uppercase();
        let name = name.trim_start_matches("UD-").trim_end_matches("_XL").trim_end_matches("_L");
        let plain = name.trim_end_matches("_K");
        [name.to_owned(), format!("{name}_M"), format!("{plain}_0")]
            .iter()
            .find_map(|name| Self::named(name, importance_matrix))
            .unwrap_or(Self { file_type: FileType::IQ1_S, importance_matrix, wide_embeddings: false })
    }
}

/// A name that is no mix of llama.cpp's quantizer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a quant mix of llama.cpp")]
pub struct UnknownFileType;

impl FromStr for FileType {
    type Err = UnknownFileType;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or(UnknownFileType)
    }
}

/// Decides the type of each tensor as llama.cpp's quantizer does: `llama_tensor_get_type_impl` and
/// `tensor_type_fallback` in `llama-quant.cpp`, as of the pinned bindings. The tests ask that code itself.
pub(super) struct Quantizer {
    mix: Mix,
    layers: u32,
    /// Whether at least four query heads share a key head.
    shares_keys: bool,
    /// Whether llama.cpp takes it for a 70B, whose values get more bits.
    is_70b: bool,
    has_experts: bool,
    /// How many tensors count as values of attention, and how many of them were seen.
    values: u32,
    values_seen: u32,
    downs_seen: u32,
    gates_seen: u32,
    ups_seen: u32,
}

impl Quantizer {
    pub(super) fn new(architecture: &Architecture, mix: Mix, tensors: &[Tensor]) -> Self {
        let shares_keys = match architecture.attention {
            Attention::Grouped { heads, kv_heads, .. } => heads / kv_heads >= 4,
            // MLA files declare one key head when the projections are split; merged ones as many as queries.
            Attention::Latent { .. } => tensors.iter().any(|tensor| tensor.kind == TensorKind::LatentKUp),
        };
        let is_value =
            |tensor: &&Tensor| matches!(tensor.kind, TensorKind::AttentionV | TensorKind::LatentKvUp);
        Self {
            mix,
            layers: architecture.layers,
            shares_keys,
            is_70b: architecture.layers == 80 && matches!(architecture.family, Family::Llama | Family::Qwen2),
            has_experts: matches!(architecture.feed_forward, FeedForward::Experts { .. }),
            values: u32::try_from(tensors.iter().filter(is_value).count()).unwrap_or(u32::MAX),
            values_seen: 0,
            downs_seen: 0,
            gates_seen: 0,
            ups_seen: 0,
        }
    }

    pub(super) fn assign(mut self, tensors: &mut [Tensor]) {
        for tensor in tensors {
            if tensor.ggml_type == GgmlType::F16 && tensor.dimensions() > 1 {
                tensor.ggml_type = self.pick(tensor);
            }
        }
    }

    fn pick(&mut self, tensor: &Tensor) -> GgmlType {
        let default = self.mix.file_type.default_type();
        if !default.is_quantized() {
            return default;
        }
        if self.mix.wide_embeddings && matches!(tensor.kind, TensorKind::TokenEmbedding | TensorKind::Output)
        {
            return GgmlType::Q8_0;
        }
        fallback(tensor.shape[0], self.by_rule(tensor, default))
    }

    fn by_rule(&mut self, tensor: &Tensor, default: GgmlType) -> GgmlType {
        match tensor.kind {
            TensorKind::Output => self.output(tensor, default),
            TensorKind::TokenEmbedding => self.embedding(default),
            _ if self.mix.file_type.is_tiny() => self.tiny(tensor, default),
            TensorKind::AttentionV | TensorKind::LatentKvUp => self.value(default),
            TensorKind::AttentionK | TensorKind::AttentionQ => match self.mix.file_type {
                FileType::IQ3_XS => GgmlType::IQ3_XXS,
                FileType::IQ3_XXS => GgmlType::IQ2_S,
                _ => default,
            },
            TensorKind::Down | TensorKind::ExpertsDown | TensorKind::SharedDown => self.down(tensor, default),
            TensorKind::AttentionOutput => self.attention_output(default),
            TensorKind::Gate | TensorKind::ExpertsGate | TensorKind::SharedGate => {
                let layer = self.layer_of(tensor, self.gates_seen);
                self.gates_seen += 1;
                self.middle(layer, default)
            }
            TensorKind::Up | TensorKind::ExpertsUp | TensorKind::SharedUp => {
                let layer = self.layer_of(tensor, self.ups_seen);
                self.ups_seen += 1;
                self.middle(layer, default)
            }
            _ => default,
        }
    }

    fn output(&self, tensor: &Tensor, default: GgmlType) -> GgmlType {
        if !tensor.shape[0].is_multiple_of(default.block_values()) {
            return GgmlType::Q8_0;
        }
        match self.mix.file_type {
            FileType::IQ2_XXS
            | FileType::IQ2_XS
            | FileType::IQ3_XXS
            | FileType::IQ1_S
            | FileType::IQ2_S
            | FileType::IQ2_M
            | FileType::IQ1_M => GgmlType::Q5_K,
            _ if default == GgmlType::Q8_0 => GgmlType::Q8_0,
            _ => GgmlType::Q6_K,
        }
    }

    const fn embedding(&self, default: GgmlType) -> GgmlType {
        match self.mix.file_type {
            FileType::IQ2_XXS | FileType::IQ2_XS | FileType::IQ1_S | FileType::IQ1_M => GgmlType::Q2_K,
            FileType::IQ2_S | FileType::IQ2_M | FileType::IQ3_XXS => GgmlType::IQ3_S,
            _ => default,
        }
    }

    fn tiny(&mut self, tensor: &Tensor, default: GgmlType) -> GgmlType {
        let medium = matches!(self.mix.file_type, FileType::IQ2_S | FileType::IQ2_M);
        let better = if medium { GgmlType::IQ3_S } else { GgmlType::Q2_K };
        match tensor.kind {
            TensorKind::AttentionV | TensorKind::LatentKvUp => {
                if self.shares_keys || self.has_experts {
                    GgmlType::Q4_K
                } else {
                    better
                }
            }
            TensorKind::Down | TensorKind::ExpertsDown | TensorKind::SharedDown => {
                let seen = self.downs_seen;
                self.downs_seen += 1;
                if seen < self.layers / 8 { better } else { default }
            }
            TensorKind::AttentionOutput => match self.mix.file_type {
                FileType::IQ1_S | FileType::IQ1_M => GgmlType::IQ2_XXS,
                FileType::IQ2_S | FileType::IQ2_M => GgmlType::IQ3_S,
                _ => default,
            },
            _ => default,
        }
    }

    fn value(&mut self, default: GgmlType) -> GgmlType {
        let seen = self.values_seen;
        self.values_seen += 1;
        let picked = match self.mix.file_type {
            FileType::Q2_K if self.shares_keys => GgmlType::Q4_K,
            FileType::Q2_K => GgmlType::Q3_K,
            FileType::Q2_K_S | FileType::IQ3_XS | FileType::IQ3_S | FileType::IQ3_XXS if self.shares_keys => {
                GgmlType::Q4_K
            }
            FileType::IQ3_XXS if !self.mix.importance_matrix => GgmlType::IQ3_S,
            FileType::IQ3_M => GgmlType::Q4_K,
            FileType::Q3_K_M => {
                if seen < 2 {
                    GgmlType::Q5_K
                } else {
                    GgmlType::Q4_K
                }
            }
            FileType::IQ4_NL | FileType::IQ4_XS if self.shares_keys => GgmlType::Q5_K,
            FileType::Q3_K_L => GgmlType::Q5_K,
            FileType::Q4_K_M | FileType::Q5_K_M if use_more_bits(seen, self.values) => GgmlType::Q6_K,
            FileType::Q4_K_S if seen < 4 => GgmlType::Q5_K,
            _ => default,
        };
        if self.is_70b && matches!(picked, GgmlType::Q3_K | GgmlType::Q4_K) { GgmlType::Q5_K } else { picked }
    }

    #[expect(clippy::match_same_arms, reason = "one line a mix, in the order of llama.cpp's own rules")]
    fn down(&mut self, tensor: &Tensor, default: GgmlType) -> GgmlType {
        let layer = self.layer_of(tensor, self.downs_seen);
        self.downs_seen += 1;
        let first_eighth = layer < self.layers / 8;
        let importance_matrix = self.mix.importance_matrix;
        match self.mix.file_type {
            FileType::Q2_K => GgmlType::Q3_K,
            FileType::Q2_K_S if first_eighth => GgmlType::Q4_K,
            FileType::IQ3_XXS if !importance_matrix => {
                if first_eighth {
                    GgmlType::Q4_K
                } else {
                    GgmlType::Q3_K
                }
            }
            FileType::Q3_K_M => {
                if layer < self.layers / 16 {
                    GgmlType::Q5_K
                } else {
                    GgmlType::Q4_K
                }
            }
            FileType::IQ3_M if first_eighth => GgmlType::Q4_K,
            FileType::Q3_K_L => GgmlType::Q5_K,
            FileType::Q4_K_M | FileType::Q5_K_M if use_more_bits(layer, self.layers) => GgmlType::Q6_K,
            FileType::IQ4_NL | FileType::IQ4_XS if first_eighth && !importance_matrix => GgmlType::Q5_K,
            FileType::Q4_K_S if first_eighth => GgmlType::Q5_K,
            FileType::Q4_0 if first_eighth && importance_matrix => GgmlType::Q4_1,
            FileType::Q5_0 if first_eighth && importance_matrix => GgmlType::Q5_1,
            _ => default,
        }
    }

    const fn attention_output(&self, default: GgmlType) -> GgmlType {
        match self.mix.file_type {
            FileType::Q2_K => GgmlType::Q3_K,
            FileType::IQ3_XXS => GgmlType::IQ3_S,
            FileType::Q3_K_M | FileType::IQ3_M => GgmlType::Q4_K,
            FileType::Q3_K_L => GgmlType::Q5_K,
            _ => default,
        }
    }

    const fn middle(&self, layer: u32, default: GgmlType) -> GgmlType {
        let is_middle = layer >= self.layers / 8 && layer < 7 * self.layers / 8;
        match self.mix.file_type {
            FileType::IQ3_XS if is_middle => GgmlType::IQ3_XXS,
            _ => default,
        }
    }

    /// The layer that a rule goes by: with experts the tensor's own, else how many of its kind were seen.
    fn layer_of(&self, tensor: &Tensor, seen: u32) -> u32 {
        if self.has_experts { tensor.layer.unwrap_or(seen) } else { seen }
    }
}

/// The first and last eighth of the layers, and every third between.
const fn use_more_bits(layer: u32, layers: u32) -> bool {
    layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2
}

/// A type whose blocks fit rows of `columns` values.
fn fallback(columns: u64, wanted: GgmlType) -> GgmlType {
    if columns.is_multiple_of(wanted.block_values()) {
        return wanted;
    }
    let smaller = match wanted {
        GgmlType::Q2_K | GgmlType::Q3_K => GgmlType::Q4_0,
        GgmlType::Q4_K => GgmlType::Q5_0,
        GgmlType::Q5_K => GgmlType::Q5_1,
        GgmlType::Q6_K => GgmlType::Q8_0,
        kind if kind.block_values() == 256 => GgmlType::IQ4_NL,
        kind => kind,
    };
    if columns.is_multiple_of(smaller.block_values()) { smaller } else { GgmlType::F16 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_makers_mix_is_like_the_rule_of_as_many_bits() {
        for (quant, rule) in [
            ("UD-Q2_K_XL", FileType::Q2_K),
            ("UD-Q3_K_XL", FileType::Q3_K_M),
            ("UD-Q4_K_XL", FileType::Q4_K_M),
            ("UD-Q5_K_XL", FileType::Q5_K_M),
            ("UD-Q6_K_XL", FileType::Q6_K),
            ("UD-Q8_K_XL", FileType::Q8_0),
            ("UD-IQ2_XXS", FileType::IQ2_XXS),
            ("UD-TQ1_0", FileType::IQ1_S),
        ] {
            assert_eq!(Mix::nearest_to(quant, true).file_type, rule, "{quant}");
        }
    }
}
