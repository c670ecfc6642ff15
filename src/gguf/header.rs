use std::io::{self, Write};

use super::{MetadataValue, Tensor};
use crate::units::Bytes;

/// What every tensor's offset is a multiple of, unless a file says otherwise: `GGUF_DEFAULT_ALIGNMENT`.
pub const ALIGNMENT: u64 = 32;

/// Everything that stands before the weights in a GGUF file, and where each tensor will stand.
/// The format: `docs/gguf.md` of the ggml repository, version 3.
#[derive(Clone, Debug)]
pub struct GgufWriter {
    header: Vec<u8>,
    offsets: Vec<u64>,
    data_bytes: u64,
}

impl GgufWriter {
    /// Lays out a file with this metadata and these tensors, in this order.
    #[must_use]
    pub fn new(metadata: &[(String, MetadataValue)], tensors: &[Tensor]) -> Self {
        let mut header = Vec::with_capacity(64 * (metadata.len() + tensors.len()));
        header.extend_from_slice(b"GGUF");
        header.extend_from_slice(&3_u32.to_le_bytes());
        header.extend_from_slice(&(tensors.len() as u64).to_le_bytes());
        header.extend_from_slice(&(metadata.len() as u64).to_le_bytes());
        for (key, value) in metadata {
            push_text(&mut header, key);
            push_value(&mut header, value);
        }
        let mut offsets = Vec::with_capacity(tensors.len());
        let mut offset: u64 = 0;
        for tensor in tensors {
            push_text(&mut header, &tensor.name());
            header.extend_from_slice(&tensor.dimensions().to_le_bytes());
            for dimension in tensor.shape.iter().take(tensor.dimensions() as usize) {
                header.extend_from_slice(&dimension.to_le_bytes());
            }
            header.extend_from_slice(&tensor.ggml_type.id().to_le_bytes());
            header.extend_from_slice(&offset.to_le_bytes());
            offsets.push(offset);
            offset = (offset + tensor.bytes().0).next_multiple_of(ALIGNMENT);
        }
        let start = (header.len() as u64).next_multiple_of(ALIGNMENT);
        header.resize(start as usize, 0);
        Self { header, offsets, data_bytes: offset }
    }

    /// The length of the whole file.
    #[must_use]
    pub fn file_bytes(&self) -> Bytes {
        Bytes(self.header.len() as u64 + self.data_bytes)
    }

    /// Where each tensor's values begin in the file, in the order of the tensors.
    pub fn positions(&self) -> impl Iterator<Item = u64> + '_ {
        let start = self.header.len() as u64;
        self.offsets.iter().map(move |offset| start + offset)
    }

    /// Writes what stands before the weights.
    pub fn write_header(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(&self.header)
    }
}

fn push_text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(&(text.len() as u64).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

/// What stands before the values of an array of this type.
fn push_array(out: &mut Vec<u8>, kind: u32, length: usize) {
    out.extend_from_slice(&9u32.to_le_bytes());
    out.extend_from_slice(&kind.to_le_bytes());
    out.extend_from_slice(&(length as u64).to_le_bytes());
}

/// The numbers of `enum gguf_type` in `gguf.h`.
fn push_value(out: &mut Vec<u8>, value: &MetadataValue) {
    match value {
        MetadataValue::U32(number) => {
            out.extend_from_slice(&4u32.to_le_bytes());
            out.extend_from_slice(&number.to_le_bytes());
        }
        MetadataValue::F32(number) => {
            out.extend_from_slice(&6u32.to_le_bytes());
            out.extend_from_slice(&number.to_le_bytes());
        }
        MetadataValue::Bool(yes) => {
            out.extend_from_slice(&7u32.to_le_bytes());
            out.push(u8::from(*yes));
        }
        MetadataValue::Text(text) => {
            out.extend_from_slice(&8u32.to_le_bytes());
            push_text(out, text);
        }
        MetadataValue::Numbers(numbers) => {
            push_array(out, 5, numbers.len());
            for number in numbers {
                out.extend_from_slice(&number.to_le_bytes());
            }
        }
        MetadataValue::Texts(texts) => {
            push_array(out, 8, texts.len());
            for text in texts {
                push_text(out, text);
            }
        }
    }
}
