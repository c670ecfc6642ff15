//! GGUF, the file format of llama.cpp: which tensors a model has, which type each gets, and the file itself.
//!
//! [`Layout`] follows from a model's architecture and a [`Mix`]; [`header`] writes what stands before the
//! weights; [`generate`] writes files that llama.cpp loads, with random weights or with none at all;
//! [`read_header`] and [`StoredModel`] go the other way, from a file to its tensors.
//! Nothing here loads a model.

pub mod generate;
mod ggml_type;
mod header;
mod hyperparameters;
mod layout;
mod metadata;
mod mix;
mod random_blocks;
mod read;
mod shard_name;
mod stand_in;
mod stored_model;
mod tensor;

pub use ggml_type::GgmlType;
pub use header::{ALIGNMENT, GgufWriter};
pub use layout::{LatentLayout, Layout};
pub use metadata::{MetadataValue, metadata};
pub use mix::{FileType, Mix};
pub use read::{Header, LONGEST_HEADER, ReadError, StoredTensor, Value, read_header};
pub use shard_name::ShardName;
pub use stored_model::{StoredModel, StoredModelError};
pub use tensor::{Tensor, TensorKind};
