//! The GGUF reader against files that the writer makes, and against files that lie.

use proptest::prelude::*;
use r1_advisor::gguf::{
    GgmlType, GgufWriter, MetadataValue, ReadError, Tensor, TensorKind, Value, read_header,
};
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
    let error = read(b"<!DOCTYPE html>", Bytes(15)).unwrap_err();
    assert_eq!(error.to_string(), "not a GGUF file: it begins with [3c, 21, 44, 4f]");
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
