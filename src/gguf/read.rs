//! Reads what stands before the weights in a GGUF file, from a file or from the first bytes of a download.
//!
//! The bytes may be hostile: every count and length is checked before memory is taken for it, and what the
//! program has no use for (vocabularies of 150,000 words) is skipped, not kept.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};

use super::{ALIGNMENT, GgmlType};
use crate::error::{Exit, Failure};
use crate::message;
use crate::message::{Message, file_size};
use crate::units::Bytes;

/// The largest header that is read: a 150,000-word tokenizer with its merges takes about 8 MB.
pub const LONGEST_HEADER: Bytes = Bytes::mib(256);

/// More tensors than any model has (the 671B: 1,100) are a lie.
const MOST_TENSORS: u64 = 65_536;

/// So are more keys: real files have about fifty.
const MOST_KEYS: u64 = 4096;

/// The longest text that is kept; longer ones, such as chat templates, are skipped, as arrays are.
const LONGEST_TEXT: u64 = 4 << 10;

/// What `GGML_MAX_NAME` leaves for a tensor's name beside the final zero.
const LONGEST_TENSOR_NAME: usize = 63;

/// What may follow the weights: padding, and what some program appended. llama.cpp maps the whole file, so that a sparse
/// terabyte behind a small model would be read into memory.
const MOST_TRAILING: Bytes = Bytes::mib(64);

/// As much of what is no GGUF as it takes to tell what it is.
const LONGEST_CLUE: u64 = 1 << 10;

/// More bytes than any disk has: sums over all shards of a model fit 64 bits.
const MOST_BYTES: u64 = 1 << 53;

/// `GGML_MAX_DIMS`.
const MOST_DIMENSIONS: u32 = 4;

/// What stands before the weights in a GGUF file.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// The metadata that was kept.
    pub metadata: BTreeMap<String, Value>,
    /// The tensors, in the file's order.
    pub tensors: Vec<StoredTensor>,
    /// Offset of the weights in the file.
    pub data_start: u64,
}

impl Header {
    /// The context that the model was trained for, in tokens, whatever its architecture.
    #[must_use]
    pub fn context_trained(&self) -> Option<u32> {
        let Some(Value::Text(architecture)) = self.metadata.get("general.architecture") else { return None };
        match self.metadata.get(&format!("{architecture}.context_length")) {
            Some(Value::Unsigned(tokens)) => u32::try_from(*tokens).ok().filter(|tokens| *tokens > 0),
            _ => None,
        }
    }
}

/// A tensor as a file states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTensor {
    /// Its name.
    pub name: String,
    /// Its dimensions, the contiguous one first; the last of the three holds the product of the rest.
    pub shape: [u64; 3],
    /// How its values are stored.
    pub ggml_type: GgmlType,
    /// Where its values begin, after the start of the weights.
    pub offset: u64,
}

impl StoredTensor {
    /// Size of its values.
    #[must_use]
    pub const fn bytes(&self) -> Bytes {
        self.ggml_type.size(self.shape[0] * self.shape[1] * self.shape[2])
    }
}

/// A value of the metadata.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A whole number that is not negative.
    Unsigned(u64),
    /// A negative number.
    Negative(i64),
    /// A float.
    Float(f64),
    /// A yes or no.
    Bool(bool),
    /// A text.
    Text(String),
    /// The number of values of an array, or bytes of a long text, that were skipped.
    Skipped(u64),
}

/// Why a file is no GGUF that llama.cpp could load.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum ReadError {
    /// The bytes could not be read.
    Read(#[from] io::Error),
    /// The file is no GGUF at all.
    NotGguf {
        /// The first bytes of the file.
        found: [u8; 4],
    },
    /// What Git has in place of a large file that was not fetched.
    LfsPointer {
        /// The length of the file that it stands for, where it says so.
        bytes: Option<Bytes>,
    },
    /// A page for people, saved under the name of a model.
    WebPage,
    /// There is nothing in the file.
    Empty,
    /// A version that llama.cpp does not load any more, or not yet.
    Version {
        /// The version of the file.
        version: u32,
    },
    /// The other byte order.
    BigEndian,
    /// The file ends within its header.
    Truncated {
        /// How much of it there is.
        at: u64,
    },
    /// The header does not end where every model's has ended.
    TooLong,
    /// A count or length that no model has.
    Implausible {
        /// Of what: `tensors`, `keys`, `texts` or `bytes`.
        what: &'static str,
        /// How many.
        count: u64,
        /// Offset in the file.
        at: u64,
    },
    /// Something in the header that cannot be.
    Broken {
        /// The reason.
        what: Message,
        /// Offset in the file.
        at: u64,
    },
    /// The file goes on long after the weights have ended.
    Trailing {
        /// Offset of the end of the weights.
        end: Bytes,
        /// The file's length.
        file: Bytes,
    },
    /// The weights would end after the file does.
    CutShort {
        /// A tensor that is not whole.
        tensor: String,
        /// Offset of its end.
        end: Bytes,
        /// The file's length.
        file: Bytes,
    },
}

impl Failure for ReadError {
    fn message(&self) -> Message {
        match self {
            Self::Read(source) => message!(GgufRead).because(source),
            Self::NotGguf { found } => message!(GgufNotGguf { found: found.escape_ascii().to_string() }),
            Self::LfsPointer { bytes: Some(size) } => message!(GgufLfsPointerOf { size: file_size(*size) }),
            Self::LfsPointer { bytes: None } => message!(GgufLfsPointer),
            Self::WebPage => message!(GgufWebPage),
            Self::Empty => message!(GgufEmpty),
            Self::Version { version } => message!(GgufVersion { version }),
            Self::BigEndian => message!(GgufBigEndian),
            Self::Truncated { at } => message!(GgufTruncated { at }),
            Self::TooLong => message!(GgufTooLong { longest: LONGEST_HEADER }),
            // As text: counts that lie may be beyond what an amount can be.
            Self::Implausible { what, count, at } => {
                message!(GgufImplausible { what, count: count.to_string(), at: at.to_string() })
            }
            Self::Broken { what, at } => message!(GgufBroken { at: at.to_string() }).because(what),
            Self::Trailing { end, file } => message!(GgufTrailing { end, file }),
            Self::CutShort { tensor, end, file } => message!(GgufCutShort { tensor, end, file }),
        }
    }

    fn hint(&self) -> Option<Message> {
        Some(match self {
            Self::Read(_) => message!(GgufReadHint),
            Self::NotGguf { .. } => message!(GgufNotGgufHint),
            Self::LfsPointer { .. } => message!(GgufLfsPointerHint),
            Self::WebPage => message!(GgufWebPageHint),
            Self::Version { .. } => message!(GgufVersionHint),
            Self::BigEndian => message!(GgufBigEndianHint),
            Self::Empty | Self::Truncated { .. } | Self::CutShort { .. } => message!(GgufTruncatedHint),
            Self::TooLong | Self::Trailing { .. } | Self::Implausible { .. } | Self::Broken { .. } => {
                message!(GgufBrokenHint)
            }
        })
    }

    fn exit(&self) -> Exit {
        Exit::Input
    }
}

/// Reads the header of a file of `file_bytes` bytes and checks that every tensor lies within it, each where the
/// one before it ends: llama.cpp loads no file with gaps or overlaps.
pub fn read_header(source: impl Read, file_bytes: Bytes) -> Result<Header, ReadError> {
    if file_bytes == Bytes::ZERO {
        return Err(ReadError::Empty);
    }
    let mut bytes = Source { inner: io::BufReader::new(source.take(LONGEST_HEADER.0)), at: 0 };
    let magic = bytes.array::<4>()?;
    if magic != *b"GGUF" {
        return Err(bytes.of_another_kind(magic));
    }
    let version = bytes.u32()?;
    if (1..=3).contains(&version.swap_bytes()) {
        return Err(ReadError::BigEndian);
    }
    if !(2..=3).contains(&version) {
        return Err(ReadError::Version { version });
    }
    let tensor_count = bytes.count("tensors", MOST_TENSORS)?;
    let key_count = bytes.count("keys", MOST_KEYS)?;
    let mut metadata = BTreeMap::new();
    for _ in 0..key_count {
        let key = bytes.name(message!(GgufKeyName))?;
        let kind = bytes.u32()?;
        let value = bytes.value(kind)?;
        if metadata.insert(key.clone(), value).is_some() {
            return Err(bytes.broken(message!(GgufDuplicateKey { key })));
        }
    }
    let alignment = match metadata.get("general.alignment") {
        None => ALIGNMENT,
        Some(Value::Unsigned(alignment)) if alignment.is_power_of_two() && *alignment <= 1 << 20 => {
            *alignment
        }
        Some(_) => return Err(bytes.broken(message!(GgufAlignment))),
    };
    let mut tensors: Vec<StoredTensor> = Vec::new();
    let mut names = BTreeSet::new();
    let mut expected = 0;
    for _ in 0..tensor_count {
        let tensor = bytes.tensor()?;
        if !names.insert(tensor.name.clone()) {
            return Err(bytes.broken(message!(GgufDuplicateTensor { tensor: tensor.name })));
        }
        if tensor.offset != expected {
            let (name, offset) = (tensor.name, tensor.offset.to_string());
            return Err(bytes.broken(if tensor.offset < expected {
                message!(GgufOverlap { tensor: name, offset, expected })
            } else {
                message!(GgufGap { tensor: name, offset, expected })
            }));
        }
        // No overflow: a tensor takes less than 2^55 bytes.
        expected += tensor.bytes().0.next_multiple_of(alignment);
        if expected > MOST_BYTES {
            return Err(bytes.broken(message!(GgufBeyondDisks { tensor: tensor.name, end: expected })));
        }
        tensors.push(tensor);
    }
    let data_start = bytes.at.next_multiple_of(alignment);
    let mut end = data_start;
    if let Some(last) = tensors.last() {
        end += last.offset + last.bytes().0;
        if end > file_bytes.0 {
            return Err(ReadError::CutShort { tensor: last.name.clone(), end: Bytes(end), file: file_bytes });
        }
    }
    // Unless nobody knows how long it is.
    if file_bytes.0 != u64::MAX && file_bytes.0.saturating_sub(end) > MOST_TRAILING.0 {
        return Err(ReadError::Trailing { end: Bytes(end), file: file_bytes });
    }
    Ok(Header { metadata, tensors, data_start })
}

struct Source<R> {
    inner: io::BufReader<io::Take<R>>,
    at: u64,
}

impl<R: Read> Source<R> {
    fn broken(&self, what: Message) -> ReadError {
        ReadError::Broken { what, at: self.at }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ReadError> {
        let mut bytes = [0; N];
        self.inner.read_exact(&mut bytes).map_err(|error| self.ended(error))?;
        self.at += N as u64;
        Ok(bytes)
    }

    fn ended(&self, error: io::Error) -> ReadError {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => self.truncated(),
            _ => ReadError::Read(error),
        }
    }

    /// The bytes ran out: those of the file, or those that a header may have.
    fn truncated(&self) -> ReadError {
        if self.inner.get_ref().limit() == 0 {
            ReadError::TooLong
        } else {
            ReadError::Truncated { at: self.at }
        }
    }

    /// What a file is that begins otherwise than a GGUF file.
    fn of_another_kind(&mut self, magic: [u8; 4]) -> ReadError {
        let mut clue = magic.to_vec();
        // What can be read is all that there is to tell it by.
        let _ = self.inner.by_ref().take(LONGEST_CLUE).read_to_end(&mut clue);
        let text = String::from_utf8_lossy(&clue);
        // <https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md>
        if text.starts_with("version https://git-lfs.github.com/spec/") {
            let size = text.lines().find_map(|line| line.strip_prefix("size ")?.trim().parse().ok());
            return ReadError::LfsPointer { bytes: size.map(Bytes) };
        }
        let start = text.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
        if ["<!doctype html", "<html", "<head", "<!--", "<?xml", "<body", "<script"]
            .iter()
            .any(|tag| start.starts_with(tag))
        {
            return ReadError::WebPage;
        }
        ReadError::NotGguf { found: magic }
    }

    fn u32(&mut self) -> Result<u32, ReadError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn u64(&mut self) -> Result<u64, ReadError> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    fn count(&mut self, what: &'static str, most: u64) -> Result<u64, ReadError> {
        let count = self.u64()?;
        if count > most { Err(ReadError::Implausible { what, count, at: self.at }) } else { Ok(count) }
    }

    /// A text that must be short and readable: a key or a tensor's name.
    fn name(&mut self, wrong: Message) -> Result<String, ReadError> {
        match self.text()? {
            Value::Text(text) if !text.is_empty() => Ok(text),
            _ => Err(self.broken(wrong)),
        }
    }

    fn text(&mut self) -> Result<Value, ReadError> {
        let length = self.u64()?;
        if length > LONGEST_TEXT {
            self.skip(length)?;
            return Ok(Value::Skipped(length));
        }
        let mut bytes = vec![0; length as usize];
        self.inner.read_exact(&mut bytes).map_err(|error| self.ended(error))?;
        self.at += length;
        Ok(Value::Text(String::from_utf8_lossy(&bytes).into_owned()))
    }

    fn skip(&mut self, length: u64) -> Result<(), ReadError> {
        if length > LONGEST_HEADER.0 {
            return Err(ReadError::Implausible { what: "bytes", count: length, at: self.at });
        }
        let skipped = io::copy(&mut self.inner.by_ref().take(length), &mut io::sink())?;
        self.at += skipped;
        if skipped < length { Err(self.truncated()) } else { Ok(()) }
    }

    /// A value of the type that `enum gguf_type` in `gguf.h` numbers so.
    fn value(&mut self, kind: u32) -> Result<Value, ReadError> {
        let signed = |number: i64| u64::try_from(number).map_or(Value::Negative(number), Value::Unsigned);
        Ok(match kind {
            0 => Value::Unsigned(u64::from(self.array::<1>()?[0])),
            1 => signed(i64::from(i8::from_le_bytes(self.array()?))),
            2 => Value::Unsigned(u64::from(u16::from_le_bytes(self.array()?))),
            3 => signed(i64::from(i16::from_le_bytes(self.array()?))),
            4 => Value::Unsigned(u64::from(self.u32()?)),
            5 => signed(i64::from(i32::from_le_bytes(self.array()?))),
            6 => Value::Float(f64::from(f32::from_le_bytes(self.array()?))),
            7 => Value::Bool(self.array::<1>()?[0] != 0),
            8 => self.text()?,
            9 => self.skip_array()?,
            10 => Value::Unsigned(self.u64()?),
            11 => signed(i64::from_le_bytes(self.array()?)),
            12 => Value::Float(f64::from_le_bytes(self.array()?)),
            kind => return Err(self.broken(message!(GgufValueType { kind }))),
        })
    }

    /// Arrays are vocabularies: counted and skipped. Arrays of arrays are not allowed, as in llama.cpp.
    fn skip_array(&mut self) -> Result<Value, ReadError> {
        let kind = self.u32()?;
        let count = self.u64()?;
        let width = match kind {
            0 | 1 | 7 => 1,
            2 | 3 => 2,
            4..=6 => 4,
            10..=12 => 8,
            8 => {
                // Each text takes at least the eight bytes of its length.
                if count > LONGEST_HEADER.0 / 8 {
                    return Err(ReadError::Implausible { what: "texts", count, at: self.at });
                }
                for _ in 0..count {
                    let length = self.u64()?;
                    self.skip(length)?;
                }
                return Ok(Value::Skipped(count));
            }
            kind => return Err(self.broken(message!(GgufArrayType { kind }))),
        };
        let length = count.saturating_mul(width);
        self.skip(length)?;
        Ok(Value::Skipped(count))
    }

    fn tensor(&mut self) -> Result<StoredTensor, ReadError> {
        let name = self.name(message!(GgufTensorName))?;
        if name.len() > LONGEST_TENSOR_NAME {
            return Err(
                self.broken(message!(GgufLongTensorName { length: name.len(), most: LONGEST_TENSOR_NAME }))
            );
        }
        let dimensions = self.u32()?;
        if dimensions == 0 || dimensions > MOST_DIMENSIONS {
            return Err(self.broken(message!(GgufDimensions { tensor: name, dimensions })));
        }
        let mut shape = [1_u64; 3];
        for index in 0..dimensions as usize {
            let length = self.u64()?;
            let place = &mut shape[index.min(2)];
            *place = place.checked_mul(length).filter(|product| (1..1 << 48).contains(product)).ok_or_else(
                || ReadError::Broken {
                    what: message!(GgufDimension { tensor: &name, length: length.to_string() }),
                    at: self.at,
                },
            )?;
        }
        let total = shape.iter().try_fold(1_u64, |product, length| product.checked_mul(*length));
        if total.is_none_or(|total| total > 1 << 52) {
            return Err(self.broken(message!(GgufTooManyValues { tensor: name })));
        }
        let type_id = self.u32()?;
        let Some(ggml_type) = GgmlType::from_id(type_id) else {
            return Err(self.broken(message!(GgufTensorType { tensor: name, kind: type_id })));
        };
        if !shape[0].is_multiple_of(ggml_type.block_values()) {
            return Err(self.broken(message!(GgufRowLength {
                tensor: name,
                length: shape[0],
                kind: ggml_type.to_string()
            })));
        }
        let offset = self.u64()?;
        Ok(StoredTensor { name, shape, ggml_type, offset })
    }
}
