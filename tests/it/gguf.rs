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

    fn error(&self) -> String {
        read(&self.0, Bytes(u64::MAX)).expect_err("an error").to_string()
    }
}

#[test]
fn an_empty_file_and_the_other_byte_order_are_called_so() {
    assert_eq!(read(&[], Bytes::ZERO).unwrap_err().to_string(), "the file is empty");
    let (mut bytes, length) = small_file();
    bytes[4..8].reverse();
    assert_eq!(read(&bytes, length).unwrap_err().to_string(), "the file is in big-endian byte order");
    bytes[4..8].copy_from_slice(&7_u32.to_le_bytes());
    assert_eq!(read(&bytes, length).unwrap_err().to_string(), "GGUF version 7 is not supported");
}

#[test]
fn a_key_or_tensor_that_stands_twice_is_named() {
    let twice = Forged::new(0, 2).text("a").u32(4).u32(1).text("a").u32(4).u32(2);
    assert_eq!(twice.error(), "the header is broken at byte 58: key `a` stands twice");
    let twice = Forged::new(2, 0).tensor("t", &[32], 0, 0).tensor("t", &[32], 0, 128);
    assert_eq!(twice.error(), "the header is broken at byte 90: tensor `t` stands twice");
}

#[test]
fn tensors_that_overlap_or_leave_a_gap_are_refused_as_llama_cpp_refuses_them() {
    let second_at = |offset| Forged::new(2, 0).tensor("a", &[32], 0, 0).tensor("b", &[32], 0, offset);
    assert_eq!(read(&second_at(128).0, Bytes(u64::MAX)).unwrap().tensors[1].offset, 128);
    for (offset, relation) in
        [(0, "overlaps"), (96, "overlaps"), (127, "overlaps"), (160, "leaves a gap after")]
    {
        assert_eq!(
            second_at(offset).error(),
            format!(
                "the header is broken at byte 90: tensor `b` lies at {offset} and {relation} the one before it, which \
                 ends at 128"
            )
        );
    }
    let far = Forged::new(1, 0).tensor("a", &[32], 0, u64::MAX - 31);
    assert!(far.error().contains("leaves a gap after"));
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
        assert!(Forged::new(1, 0).tensor("t", shape, 0, 0).error().contains("tensor `t` has"), "{shape:?}");
    }
    assert!(Forged::new(1, 0).tensor("t", &[], 0, 0).error().ends_with("tensor `t` has 0 dimensions"));
    assert!(Forged::new(1, 0).tensor("t", &[1; 5], 0, 0).error().ends_with("tensor `t` has 5 dimensions"));
    assert!(Forged::new(1, 0).tensor("t", &[100], 12, 0).error().ends_with("has rows of 100 in Q4_K"));
    assert!(
        Forged::new(1, 0).tensor("t", &[256], 4, 0).error().ends_with("of type 4, which no R1 file uses")
    );
    // Each is plausible, and all together are more than any disk holds.
    let huge = (0..4_u64).fold(Forged::new(4, 0), |forged, number| {
        forged.tensor(&number.to_string(), &[1 << 26, 1 << 25], 0, number << 53)
    });
    assert!(huge.error().contains("tensor `1` ends after 18014398509481984 bytes"), "{}", huge.error());
}

#[test]
fn arrays_of_arrays_and_unknown_types_of_values_are_refused() {
    let nested = Forged::new(0, 1).text("a").u32(9).u32(9).u64(1).u32(9).u64(1);
    assert_eq!(nested.error(), "the header is broken at byte 49: an array cannot hold values of type 9");
    let unknown = Forged::new(0, 1).text("a").u32(13);
    assert_eq!(unknown.error(), "the header is broken at byte 37: there is no value type 13");
    let texts = Forged::new(0, 1).text("a").u32(9).u32(8).u64(u64::MAX);
    assert!(texts.error().contains("claims 18446744073709551615 texts"));
    let wide = Forged::new(0, 1).text("a").u32(9).u32(12).u64(u64::MAX / 2);
    assert!(wide.error().contains("claims 18446744073709551615 bytes"));
    for alignment in [0_u32, 3, 1 << 21] {
        let aligned = Forged::new(0, 1).text("general.alignment").u32(4).u32(alignment);
        assert!(aligned.error().ends_with("`general.alignment` is no power of two"), "{alignment}");
    }
}

#[test]
fn names_that_no_tensor_or_key_has_are_refused() {
    assert!(Forged::new(1, 0).tensor("", &[1], 0, 0).error().ends_with("a tensor's name is no short text"));
    let long = "n".repeat(64);
    assert!(
        Forged::new(1, 0).tensor(&long, &[1], 0, 0).error().ends_with("a tensor's name is 64 bytes long")
    );
    let long = "k".repeat(5000);
    assert!(Forged::new(0, 1).text(&long).u32(4).u32(1).error().ends_with("a key is no short text"));
}

/// Endless zeros after a beginning, as a hostile server or a device file would send them.
#[test]
fn a_header_without_an_end_is_given_up_in_bounded_memory() {
    // A text array of the most elements that are believed, each empty: 256 MiB of lengths.
    let endless = Forged::new(0, 1).text("a").u32(9).u32(8).u64((256 << 20) / 8);
    let source = std::io::Read::chain(&endless.0[..], std::io::repeat(0));
    let error = read_header(source, Bytes(u64::MAX)).unwrap_err();
    assert_eq!(error.to_string(), "the header is longer than 256 MiB");
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
