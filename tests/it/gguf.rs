//! The GGUF reader against files that the writer makes, and against files that lie.

use proptest::prelude::*;
use r1_advisor::error::Failure as _;
use r1_advisor::gguf::{
    GgmlType, GgufWriter, MetadataValue, ReadError, Tensor, TensorKind, Value, read_header,
};
use r1_advisor::i18n::Locale;
use r1_advisor::message;
use r1_advisor::message::Message;
use r1_advisor::units::Bytes;

fn small_file() -> (Vec<u8>, Bytes) {
    let metadata = [
        ("general.architecture".to_owned(), MetadataValue::Text("qwen2".to_owned())),
        ("qwen2.block_count".to_owned(), MetadataValue::U32(28)),
        ("qwen2.rope.freq_base".to_owned(), MetadataValue::F32(10_000.0)),
        ("tokenizer.ggml.add_bos_token".to_owned(), MetadataValue::Bool(true)),
    ];
    let tensors = [
        Tensor { kind: TensorKind::Output, layer: None, shape: [256, 8, 1], ggml_type: GgmlType::Q6_K },
        Tensor {
            kind: TensorKind::AttentionNorm,
            layer: Some(3),
            shape: [256, 1, 1],
            ggml_type: GgmlType::F32,
        },
    ];
    let writer = GgufWriter::new(&metadata, &tensors);
    let mut header = Vec::new();
    writer.write_header(&mut header).expect("memory can be written");
    (header, writer.file_bytes())
}

fn read(bytes: &[u8], length: Bytes) -> Result<r1_advisor::gguf::Header, ReadError> {
    read_header(bytes, length)
}

#[test]
fn what_the_writer_writes_the_reader_reads() {
    let (bytes, length) = small_file();
    let header = read(&bytes, length).unwrap();
    assert_eq!(header.metadata["general.architecture"], Value::Text("qwen2".to_owned()));
    assert_eq!(header.metadata["qwen2.block_count"], Value::Unsigned(28));
    assert_eq!(header.metadata["qwen2.rope.freq_base"], Value::Float(10_000.0));
    assert_eq!(header.metadata["tokenizer.ggml.add_bos_token"], Value::Bool(true));
    assert_eq!(header.tensors[1].name, "blk.3.attn_norm.weight");
    assert_eq!(header.tensors[0].bytes(), Bytes(8 * 210));
    assert_eq!(header.data_start, bytes.len() as u64);
}

#[test]
fn a_file_that_ends_early_says_so_wherever_it_ends() {
    let (bytes, length) = small_file();
    for end in 0..bytes.len() - 32 {
        match read(&bytes[..end], length) {
            Err(ReadError::Truncated { .. }) => {}
            other => panic!("after {end} bytes: {other:?}"),
        }
    }
    assert!(matches!(read(&bytes, Bytes(length.0 - 100)), Err(ReadError::CutShort { .. })));
}

#[test]
fn what_is_no_gguf_is_named_by_its_first_bytes() {
    let error = read(b"RIFF some sound", Bytes(15)).unwrap_err();
    assert!(matches!(error, ReadError::NotGguf { found: [b'R', b'I', b'F', b'F'] }), "{error}");
}

#[test]
fn what_is_wrong_with_a_file_is_said_in_words() {
    let said = |error: ReadError| Locale::default().say(&error.message());
    for (error, words) in [
        (read(b"<!DOCTYPE html>", Bytes(15)).unwrap_err(), "a web page, not a model file"),
        (read(b"RIFF some sound", Bytes(15)).unwrap_err(), "not a GGUF file: it starts with \"RIFF\""),
        (ReadError::Truncated { at: 1 }, "the file ends inside its header, after 1 byte"),
        (ReadError::Truncated { at: 2 }, "the file ends inside its header, after 2 bytes"),
        (ReadError::TooLong, "the header is longer than 256 MiB"),
        (
            ReadError::Implausible { what: "tensors", count: u64::MAX, at: 16 },
            "the header claims 18446744073709551615 tensors at byte 16, more than any model has",
        ),
        (
            ReadError::Broken { what: message!(GgufDuplicateKey { key: "a" }), at: 58 },
            "the header is broken at byte 58: duplicate key `a`",
        ),
        (
            ReadError::CutShort { tensor: "output.weight".into(), end: Bytes::gib(4), file: Bytes::mib(100) },
            "the file is incomplete: it has 100 MiB, but tensor `output.weight` ends at 4.00 GiB",
        ),
    ] {
        assert_eq!(said(error), words);
    }
}

#[test]
fn counts_that_no_model_has_are_refused_before_memory_is_taken() {
    let (mut bytes, length) = small_file();
    bytes[8..16].copy_from_slice(&u64::MAX.to_le_bytes());
    assert!(matches!(read(&bytes, length), Err(ReadError::Implausible { what: "tensors", .. })));
    let (mut bytes, length) = small_file();
    // The length of the first key.
    bytes[24..32].copy_from_slice(&(u64::MAX / 2).to_le_bytes());
    assert!(matches!(read(&bytes, length), Err(ReadError::Implausible { what: "bytes", .. })));
}

/// Little-endian bytes of a header, put together by hand to say what the writer never would.
#[derive(Clone)]
struct Forged(Vec<u8>);

impl Forged {
    fn new(tensors: u64, keys: u64) -> Self {
        Self(b"GGUF\x03\0\0\0".to_vec()).u64(tensors).u64(keys)
    }

    fn u32(mut self, number: u32) -> Self {
        self.0.extend_from_slice(&number.to_le_bytes());
        self
    }

    fn u64(mut self, number: u64) -> Self {
        self.0.extend_from_slice(&number.to_le_bytes());
        self
    }

    fn text(self, text: &str) -> Self {
        let mut longer = self.u64(text.len() as u64);
        longer.0.extend_from_slice(text.as_bytes());
        longer
    }

    fn tensor(self, name: &str, shape: &[u64], type_id: u32, offset: u64) -> Self {
        let named = self.text(name).u32(u32::try_from(shape.len()).expect("few dimensions"));
        shape.iter().fold(named, |forged, length| forged.u64(*length)).u32(type_id).u64(offset)
    }

    fn error(&self) -> ReadError {
        read(&self.0, Bytes(u64::MAX)).expect_err("an error")
    }

    /// What is broken, and where.
    fn fault(&self) -> (Message, u64) {
        match self.error() {
            ReadError::Broken { what, at } => (what, at),
            other => panic!("{other}"),
        }
    }

    /// The code of what is broken.
    fn code(&self) -> &'static str {
        self.fault().0.code()
    }
}

#[test]
fn an_empty_file_and_the_other_byte_order_are_called_so() {
    assert!(matches!(read(&[], Bytes::ZERO), Err(ReadError::Empty)));
    let (mut bytes, length) = small_file();
    bytes[4..8].reverse();
    assert!(matches!(read(&bytes, length), Err(ReadError::BigEndian)));
    bytes[4..8].copy_from_slice(&7_u32.to_le_bytes());
    assert!(matches!(read(&bytes, length), Err(ReadError::Version { version: 7 })));
}

#[test]
fn a_key_or_tensor_that_stands_twice_is_named() {
    let twice = Forged::new(0, 2).text("a").u32(4).u32(1).text("a").u32(4).u32(2);
    assert_eq!(twice.fault(), (message!(GgufDuplicateKey { key: "a" }), 58));
    let twice = Forged::new(2, 0).tensor("t", &[32], 0, 0).tensor("t", &[32], 0, 128);
    assert_eq!(twice.fault(), (message!(GgufDuplicateTensor { tensor: "t" }), 90));
}

#[test]
fn tensors_that_overlap_or_leave_a_gap_are_refused_as_llama_cpp_refuses_them() {
    let second_at = |offset| Forged::new(2, 0).tensor("a", &[32], 0, 0).tensor("b", &[32], 0, offset);
    assert_eq!(read(&second_at(128).0, Bytes(u64::MAX)).unwrap().tensors[1].offset, 128);
    for offset in [0, 96, 127] {
        let overlap = message!(GgufOverlap { tensor: "b", offset: offset.to_string(), expected: 128 });
        assert_eq!(second_at(offset).fault(), (overlap, 90));
    }
    let gap = message!(GgufGap { tensor: "b", offset: "160", expected: 128 });
    assert_eq!(second_at(160).fault(), (gap, 90));
    assert_eq!(Forged::new(1, 0).tensor("a", &[32], 0, u64::MAX - 31).code(), "gguf-gap");
}

#[test]
fn shapes_that_overflow_are_refused() {
    for shape in [
        &[0_u64, 1][..],
        &[1 << 48],
        &[u64::MAX, 2],
        &[1 << 32, 1 << 32],
        &[1 << 20, 1 << 20, 1 << 20],
        &[256, 1, 1 << 40, 1 << 40],
    ] {
        let code = Forged::new(1, 0).tensor("t", shape, 0, 0).code();
        assert!(matches!(code, "gguf-dimension" | "gguf-too-many-values"), "{shape:?}: {code}");
    }
    let fault = |shape: &[u64], kind| Forged::new(1, 0).tensor("t", shape, kind, 0).fault().0;
    assert_eq!(fault(&[], 0), message!(GgufDimensions { tensor: "t", dimensions: 0 }));
    assert_eq!(fault(&[1; 5], 0), message!(GgufDimensions { tensor: "t", dimensions: 5 }));
    assert_eq!(fault(&[100], 12), message!(GgufRowLength { tensor: "t", length: 100, kind: "Q4_K" }));
    assert_eq!(fault(&[256], 4), message!(GgufTensorType { tensor: "t", kind: 4 }));
    // Each is plausible, and all together are more than any disk holds.
    let huge = (0..4_u64).fold(Forged::new(4, 0), |forged, number| {
        forged.tensor(&number.to_string(), &[1 << 26, 1 << 25], 0, number << 53)
    });
    assert_eq!(huge.fault().0, message!(GgufBeyondDisks { tensor: "1", end: 18_014_398_509_481_984_u64 }));
}

#[test]
fn arrays_of_arrays_and_unknown_types_of_values_are_refused() {
    let nested = Forged::new(0, 1).text("a").u32(9).u32(9).u64(1).u32(9).u64(1);
    assert_eq!(nested.fault(), (message!(GgufArrayType { kind: 9 }), 49));
    let unknown = Forged::new(0, 1).text("a").u32(13);
    assert_eq!(unknown.fault(), (message!(GgufValueType { kind: 13 }), 37));
    let texts = Forged::new(0, 1).text("a").u32(9).u32(8).u64(u64::MAX);
    assert!(matches!(texts.error(), ReadError::Implausible { what: "texts", count: u64::MAX, .. }));
    let wide = Forged::new(0, 1).text("a").u32(9).u32(12).u64(u64::MAX / 2);
    assert!(matches!(wide.error(), ReadError::Implausible { what: "bytes", count: u64::MAX, .. }));
    for alignment in [0_u32, 3, 1 << 21] {
        let aligned = Forged::new(0, 1).text("general.alignment").u32(4).u32(alignment);
        assert_eq!(aligned.code(), "gguf-alignment", "{alignment}");
    }
}

#[test]
fn names_that_no_tensor_or_key_has_are_refused() {
    assert_eq!(Forged::new(1, 0).tensor("", &[1], 0, 0).code(), "gguf-tensor-name");
    let long = "n".repeat(64);
    assert_eq!(Forged::new(1, 0).tensor(&long, &[1], 0, 0).code(), "gguf-long-tensor-name");
    let long = "k".repeat(5000);
    assert_eq!(Forged::new(0, 1).text(&long).u32(4).u32(1).code(), "gguf-key-name");
}

/// Endless zeros after a beginning, as a hostile server or a device file would send them.
#[test]
fn a_header_without_an_end_is_given_up_in_bounded_memory() {
    // A text array of the most elements that are believed, each empty: 256 MiB of lengths.
    let endless = Forged::new(0, 1).text("a").u32(9).u32(8).u64((256 << 20) / 8);
    let source = std::io::Read::chain(&endless.0[..], std::io::repeat(0));
    let error = read_header(source, Bytes(u64::MAX)).unwrap_err();
    assert!(matches!(error, ReadError::TooLong), "{error}");
}

proptest! {
    /// Whatever the bytes are, the answer is a header or an error, never a panic.
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, Bytes(bytes.len() as u64));
        let mut with_magic = b"GGUF\x03\0\0\0".to_vec();
        with_magic.extend_from_slice(&bytes);
        let _ = read(&with_magic, Bytes(with_magic.len() as u64));
    }

    /// Any few flipped bytes of a good file give a header or an error, never a panic.
    #[test]
    fn no_damage_makes_the_reader_panic(flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let (mut bytes, length) = small_file();
        for (index, byte) in flips {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read(&bytes, length);
    }
}
