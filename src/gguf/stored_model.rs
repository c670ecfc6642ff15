//! What a file says of itself: the architecture, the tensors and how each is stored, from its header.
//!
//! The header is the truth, so nothing is filled in: a key or tensor that is missing, unknown or contradicts the
//! others is an error that names it, as llama.cpp would not load the file either.

use std::collections::BTreeMap;
use std::fmt;

use super::hyperparameters::Keys;
use super::layout::shapes;
use super::{FileType, Header, LatentLayout, Layout, StoredTensor, Tensor, TensorKind, Value};
use crate::both;
use crate::catalog::Architecture;
use crate::lang::Text;

/// A model as a file, or the shards that it is split into, states it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredModel {
    /// What its makers called it: `general.name`.
    pub name: Option<String>,
    /// The mix that the quantizer was asked for, where the file names a known one. Files whose makers chose the
    /// type of each tensor name the nearest.
    pub file_type: Option<FileType>,
    /// Its shape.
    pub architecture: Architecture,
    /// Its tensors, in the order of the files, as each is stored.
    pub layout: Layout,
    /// How it holds latent attention.
    pub latent: LatentLayout,
}

/// Why a header describes no model that can be reckoned with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.told())]
pub enum StoredModelError {
    /// A key that llama.cpp needs.
    MissingKey {
        /// The key.
        key: String,
    },
    /// A family of models that R1 does not come in.
    UnknownFamily {
        /// What the file states.
        found: String,
    },
    /// A key whose value cannot be.
    WrongValue {
        /// The key.
        key: String,
        /// Its value.
        found: String,
        /// What it may be.
        expected: String,
    },
    /// Two keys that cannot both be right.
    Contradiction {
        /// A key.
        key: String,
        /// Its value.
        found: String,
        /// What it contradicts.
        other: &'static str,
        /// What that is.
        needed: u32,
    },
    /// A tensor that a model of this architecture has.
    MissingTensor {
        /// The tensor.
        name: String,
    },
    /// A tensor that a model of this architecture does not have.
    UnknownTensor {
        /// The tensor.
        name: String,
        /// The family.
        family: &'static str,
    },
    /// A tensor whose shape does not follow from the keys.
    WrongShape {
        /// The tensor.
        name: String,
        /// Its shape.
        found: [u64; 3],
        /// The shape that follows from the keys.
        expected: [u64; 3],
    },
    /// A tensor that stands in two shards.
    DuplicateTensor {
        /// The tensor.
        name: String,
    },
    /// Shards that do not belong together.
    Shards {
        /// The number of the file, from 1.
        shard: usize,
        /// How many there are.
        shards: usize,
        /// The key.
        key: &'static str,
        /// Its value.
        found: String,
        /// What it must be.
        expected: u64,
    },
}

impl StoredModelError {
    /// Why not.
    #[must_use]
    pub fn told(&self) -> Text {
        match self {
            Self::MissingKey { key } => {
                both!("the header lacks the key `{key}`", "文件头缺少键 `{key}`")
            }
            Self::UnknownFamily { found } => both!(
                "`general.architecture` is {found}; R1 models are qwen2, llama, qwen3 or deepseek2",
                "`general.architecture` 是 {found}；R1 的模型是 qwen2、llama、qwen3 或 deepseek2"
            ),
            Self::WrongValue { key, found, expected } => {
                both!("`{key}` is {found}, not {expected}", "`{key}` 是 {found}，而不是 {expected}")
            }
            Self::Contradiction { key, found, other, needed } => both!(
                "`{key}` is {found}, which contradicts {other} of {needed}",
                "`{key}` 是 {found}，与 {other}（{needed}）矛盾"
            ),
            Self::MissingTensor { name } => {
                both!("the tensor `{name}` is missing", "缺少张量 `{name}`")
            }
            Self::UnknownTensor { name, family } => both!(
                "no {family} model of this shape has a tensor `{name}`",
                "这种形状的 {family} 模型没有张量 `{name}`"
            ),
            Self::WrongShape { name, found, expected } => both!(
                "the tensor `{name}` has the shape {found:?}, and {expected:?} follows from the header's keys",
                "张量 `{name}` 的形状是 {found:?}，而按文件头的键应为 {expected:?}"
            ),
            Self::DuplicateTensor { name } => {
                both!("the tensor `{name}` stands in two of the files", "张量 `{name}` 同时出现在两个文件里")
            }
            Self::Shards { shard, shards, key, found, expected } => both!(
                "file {shard} of {shards} states {found} for `{key}`, not {expected}",
                "第 {shard} 个文件（共 {shards} 个）的 `{key}` 写的是 {found}，而不是 {expected}"
            ),
        }
    }

    /// What the user can do now.
    #[must_use]
    pub fn hint(&self) -> Text {
        match self {
            Self::UnknownFamily { .. } => both!(
                "name a GGUF of a DeepSeek-R1 model; `r1-advisor models` lists them",
                "请给出 DeepSeek-R1 模型的 GGUF；用 `r1-advisor models` 列出全部模型"
            ),
            Self::Shards { .. } | Self::DuplicateTensor { .. } => both!(
                "put all files of one model, as they were published, into one folder under their own names",
                "请把同一个模型的全部文件按发布时的名称放进同一个目录"
            ),
            Self::MissingTensor { .. } | Self::UnknownTensor { .. } => both!(
                "it is no R1 model in the form that llama.cpp's converter makes, or the file is damaged",
                "它不是 llama.cpp 转换脚本生成的 R1 模型，或者文件已损坏"
            ),
            Self::MissingKey { .. }
            | Self::WrongValue { .. }
            | Self::Contradiction { .. }
            | Self::WrongShape { .. } => both!(
                "llama.cpp would not load the file either: fetch or convert it anew",
                "llama.cpp 也加载不了这个文件：请重新下载或转换"
            ),
        }
    }
}

impl StoredModel {
    /// The model that the headers of all shards describe, in order; of one header for a file that is whole.
    pub fn new(shards: &[Header]) -> Result<Self, StoredModelError> {
        let Some(first) = shards.first() else {
            return Err(StoredModelError::MissingKey { key: "general.architecture".to_owned() });
        };
        belong_together(shards)?;
        let stored: Vec<&StoredTensor> = shards.iter().flat_map(|shard| &shard.tensors).collect();
        let mut found = BTreeMap::new();
        for tensor in &stored {
            if found.insert(tensor.name.as_str(), tensor.shape).is_some() {
                return Err(StoredModelError::DuplicateTensor { name: tensor.name.clone() });
            }
        }
        let keys = Keys::new(&first.metadata, &found)?;
        let (architecture, latent) = keys.architecture()?;
        let left_out = architecture.layers..architecture.layers + keys.prediction_layers()?;
        let mut expected: BTreeMap<String, Tensor> =
            shapes(&architecture, latent).into_iter().map(|tensor| (tensor.name(), tensor)).collect();
        let mut tensors = Vec::with_capacity(expected.len());
        for tensor in stored {
            match expected.remove(&tensor.name) {
                Some(place) if place.shape == tensor.shape => {
                    tensors.push(Tensor { ggml_type: tensor.ggml_type, ..place });
                }
                Some(place) => {
                    return Err(StoredModelError::WrongShape {
                        name: tensor.name.clone(),
                        found: tensor.shape,
                        expected: place.shape,
                    });
                }
                None if layer_of(&tensor.name).is_some_and(|layer| left_out.contains(&layer)) => {}
                None => {
                    return Err(StoredModelError::UnknownTensor {
                        name: tensor.name.clone(),
                        family: architecture.family.gguf_name(),
                    });
                }
            }
        }
        // The router's bias came with V3: llama.cpp loads files of this family without it.
        expected.retain(|_, tensor| tensor.kind != TensorKind::RouterBias);
        if let Some((name, _)) = expected.pop_first() {
            return Err(StoredModelError::MissingTensor { name });
        }
        Ok(Self {
            name: match first.metadata.get("general.name") {
                Some(Value::Text(name)) if !name.trim().is_empty() => Some(name.trim().to_owned()),
                _ => None,
            },
            file_type: match first.metadata.get("general.file_type") {
                Some(Value::Unsigned(id)) => {
                    FileType::ALL.into_iter().find(|kind| u64::from(kind.id()) == *id)
                }
                _ => None,
            },
            architecture,
            layout: Layout { tensors },
            latent,
        })
    }

    /// The name of its quant: what the file calls it, else the type that takes most of its bytes.
    #[must_use]
    pub fn quant(&self) -> String {
        if let Some(file_type) = self.file_type {
            return file_type.to_string();
        }
        let mut bytes = BTreeMap::new();
        for tensor in &self.layout.tensors {
            *bytes.entry(tensor.ggml_type.to_string()).or_insert(0) += tensor.bytes().0;
        }
        bytes.into_iter().max_by_key(|(_, bytes)| *bytes).map(|(name, _)| name).unwrap_or_default()
    }
}

/// The layer that a tensor's name tells.
fn layer_of(name: &str) -> Option<u32> {
    name.strip_prefix("blk.")?.split_once('.')?.0.parse().ok()
}

/// Checks the keys that llama.cpp's `gguf-split` leaves in each shard.
fn belong_together(shards: &[Header]) -> Result<(), StoredModelError> {
    let tensors: usize = shards.iter().map(|shard| shard.tensors.len()).sum();
    for (index, header) in shards.iter().enumerate() {
        let whole = shards.len() == 1;
        for (key, expected) in [
            ("split.count", shards.len() as u64),
            ("split.no", index as u64),
            ("split.tensors.count", tensors as u64),
        ] {
            let found = match header.metadata.get(key) {
                Some(Value::Unsigned(found)) if *found == expected => continue,
                // `gguf-split --merge` leaves a count of zero.
                Some(Value::Unsigned(0)) | None if whole => continue,
                None => "nothing".to_owned(),
                Some(found) => found.to_string(),
            };
            return Err(StoredModelError::Shards {
                shard: index + 1,
                shards: shards.len(),
                key,
                found,
                expected,
            });
        }
    }
    Ok(())
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsigned(number) => write!(f, "{number}"),
            Self::Negative(number) => write!(f, "{number}"),
            Self::Float(number) => write!(f, "{number}"),
            Self::Bool(yes) => write!(f, "{yes}"),
            // Hostile bytes must not reach the terminal as they are.
            Self::Text(text) => write!(f, "{:?}", text.chars().take(80).collect::<String>()),
            Self::Skipped(count) => write!(f, "an array or text of {count}"),
        }
    }
}
