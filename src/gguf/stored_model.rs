//! What a file states: the architecture, the tensors and how each is stored, from its header.
//!
//! The header is the truth, so nothing is filled in: a key or tensor that is missing, unknown or contradicts the
//! others is an error that names it, as llama.cpp would not load the file either.

use std::collections::BTreeMap;

use super::hyperparameters::Keys;
use super::layout::shapes;
use super::{FileType, Header, LatentLayout, Layout, StoredTensor, Tensor, TensorKind, Value};
use crate::catalog::Architecture;
use crate::error::{Exit, Failure};
use crate::message;
use crate::message::Message;

/// A model as a file, or the shards that it is split into, states it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredModel {
    /// `general.name`.
    pub name: Option<String>,
    /// The mix that the quantizer was given, where the file names a known one. Files whose makers chose the
    /// type of each tensor name the nearest.
    pub file_type: Option<FileType>,
    /// Its architecture, by the header's keys.
    pub architecture: Architecture,
    /// Its tensors, in the order of the files, as each is stored.
    pub layout: Layout,
    /// How it holds latent attention.
    pub latent: LatentLayout,
}

/// Why a header describes no usable model.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}", self.message())]
pub enum StoredModelError {
    /// A key that llama.cpp needs.
    MissingKey {
        /// The key.
        key: String,
    },
    /// A family of models that R1 does not come in.
    UnknownFamily {
        /// The value of `general.architecture`.
        found: Message,
    },
    /// A key whose value cannot be.
    WrongValue {
        /// The key.
        key: String,
        /// Its value.
        found: Message,
        /// The values that are allowed.
        expected: Message,
    },
    /// Two keys that cannot both be right.
    Contradiction {
        /// A key.
        key: String,
        /// Its value.
        found: Message,
        /// The value that it contradicts.
        other: Message,
        /// The number that follows from that value.
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
        found: Message,
        /// The value that is required.
        expected: u64,
    },
}

impl Failure for StoredModelError {
    fn message(&self) -> Message {
        match self {
            Self::MissingKey { key } => message!(GgufMissingKey { key }),
            Self::UnknownFamily { found } => message!(GgufUnknownFamily { found }),
            Self::WrongValue { key, found, expected } => message!(GgufWrongValue { key, found, expected }),
            Self::Contradiction { key, found, other, needed } => {
                message!(GgufContradiction { key, found, other, needed })
            }
            Self::MissingTensor { name } => message!(GgufMissingTensor { name }),
            Self::UnknownTensor { name, family } => message!(GgufUnknownTensor { name, family }),
            Self::WrongShape { name, found, expected } => {
                message!(GgufWrongShape {
                    name,
                    found: format!("{found:?}"),
                    expected: format!("{expected:?}")
                })
            }
            Self::DuplicateTensor { name } => message!(GgufTensorInTwoFiles { name }),
            Self::Shards { shard, shards, key, found, expected } => {
                message!(GgufShards { shard, shards, key, found, expected })
            }
        }
    }

    fn hint(&self) -> Option<Message> {
        Some(match self {
            Self::UnknownFamily { .. } => message!(GgufUnknownFamilyHint),
            Self::Shards { .. } | Self::DuplicateTensor { .. } => message!(GgufShardsHint),
            Self::MissingTensor { .. } | Self::UnknownTensor { .. } => message!(GgufTensorHint),
            Self::MissingKey { .. }
            | Self::WrongValue { .. }
            | Self::Contradiction { .. }
            | Self::WrongShape { .. } => message!(GgufKeyHint),
        })
    }

    fn exit(&self) -> Exit {
        Exit::Input
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

/// The layer in a tensor's name.
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
                None => message!(GgufNothing),
                Some(found) => found.shown(),
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

impl Value {
    /// As an error shows it.
    pub(super) fn shown(&self) -> Message {
        match self {
            Self::Unsigned(number) => Message::verbatim(number.to_string()),
            Self::Negative(number) => Message::verbatim(number.to_string()),
            Self::Float(number) => Message::verbatim(number.to_string()),
            Self::Bool(yes) => Message::verbatim(yes.to_string()),
            // Hostile bytes must not reach the terminal as they are.
            Self::Text(text) => Message::verbatim(format!("{:?}", text.chars().take(80).collect::<String>())),
            Self::Skipped(count) => message!(GgufSkipped { count }),
        }
    }
}
