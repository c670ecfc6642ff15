//! What a header says of a model: the inverse of what the writer makes of one, and what contradicts itself.

use std::sync::LazyLock;

use r1_advisor::catalog::{Architecture, Catalog, Family};
use r1_advisor::error::Failure as _;
use r1_advisor::gguf::{
    FileType, GgufWriter, Header, LatentLayout, Layout, MetadataValue, Mix, StoredModel, StoredModelError,
    Tensor, TensorKind, Value, metadata, read_header,
};
use r1_advisor::i18n::Locale;
use r1_advisor::units::Bytes;

static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::load(None).expect("the embedded catalog loads"));

fn shape(model: &str) -> &'static Architecture {
    &CATALOG.model(model).expect("a model").architecture
}

fn mix(file_type: FileType) -> Mix {
    Mix { file_type, importance_matrix: false, wide_embeddings: false }
}

fn header(keys: &[(String, MetadataValue)], tensors: &[Tensor]) -> Header {
    let writer = GgufWriter::new(keys, tensors);
    let mut bytes = Vec::new();
    writer.write_header(&mut bytes).expect("memory can be written");
    read_header(&bytes[..], writer.file_bytes()).expect("what was written can be read")
}

fn q4_k_m(model: &str) -> Header {
    let (mix, latent) = (mix(FileType::Q4_K_M), LatentLayout::Split);
    let layout = Layout::new(shape(model), mix, latent);
    header(&metadata(model, shape(model), mix, latent), &layout.tensors)
}

/// What is wrong with a model, in words: those of this family of errors are held here.
fn said(shards: &[Header]) -> String {
    Locale::default().say(&StoredModel::new(shards).expect_err("an error").message())
}

fn error(header: Header) -> String {
    said(&[header])
}

#[test]
fn every_model_in_every_mix_is_read_back_as_it_was_written() {
    for model in CATALOG.models() {
        let architecture = &model.architecture;
        for file_type in FileType::ALL {
            for latent in [LatentLayout::Split, LatentLayout::Merged] {
                if latent == LatentLayout::Merged && architecture.family != Family::DeepSeek2 {
                    continue;
                }
                let layout = Layout::new(architecture, mix(file_type), latent);
                let keys = metadata(&model.name, architecture, mix(file_type), latent);
                let stored = StoredModel::new(&[header(&keys, &layout.tensors)]).unwrap();
                let written = StoredModel {
                    name: Some(model.name.clone()),
                    file_type: Some(file_type),
                    architecture: architecture.clone(),
                    layout,
                    latent,
                };
                assert_eq!(stored, written, "{}:{file_type}", model.id);
            }
        }
    }
}

#[test]
fn the_vocabulary_is_counted_where_no_key_tells_its_size() {
    let mut header = q4_k_m("7b");
    header.metadata.remove("qwen2.vocab_size");
    assert_eq!(error(header.clone()), "the header lacks the key `qwen2.vocab_size`");
    header.metadata.insert("tokenizer.ggml.tokens".to_owned(), Value::Skipped(152_064));
    assert_eq!(StoredModel::new(&[header]).unwrap().architecture, *shape("7b"));
}

#[test]
fn numbers_written_once_for_each_layer_are_taken_from_the_shapes_of_the_tensors() {
    let mut header = q4_k_m("70b");
    for key in ["llama.attention.head_count_kv", "llama.feed_forward_length"] {
        header.metadata.insert(key.to_owned(), Value::Skipped(80));
    }
    assert_eq!(StoredModel::new(&[header]).unwrap().architecture, *shape("70b"));
}

#[test]
fn what_older_converters_left_out_follows_from_the_rest() {
    let mut header = q4_k_m("r1-distill-llama-8b");
    for key in ["key_length", "value_length"] {
        header.metadata.remove(&format!("llama.attention.{key}"));
    }
    header.metadata.remove("llama.rope.dimension_count");
    assert_eq!(StoredModel::new(&[header]).unwrap().architecture, *shape("r1-distill-llama-8b"));
}

#[test]
fn layers_that_predict_several_tokens_at_once_are_not_loaded() {
    let mut header = q4_k_m("7b");
    header.metadata.insert("qwen2.block_count".to_owned(), Value::Unsigned(29));
    header.metadata.insert("qwen2.nextn_predict_layers".to_owned(), Value::Unsigned(1));
    let mut extra = header.tensors[0].clone();
    extra.name = "blk.28.nextn.eh_proj.weight".to_owned();
    header.tensors.push(extra);
    assert_eq!(StoredModel::new(&[header]).unwrap().architecture, *shape("7b"));
}

#[test]
fn a_key_that_is_missing_wrong_or_contradicts_another_is_named() {
    let set = |model: &str, key: &str, value: Value| {
        let mut header = q4_k_m(model);
        header.metadata.insert(key.to_owned(), value);
        error(header)
    };
    let mut without = q4_k_m("7b");
    without.metadata.remove("qwen2.block_count");
    assert_eq!(error(without), "the header lacks the key `qwen2.block_count`");
    assert_eq!(
        set("7b", "general.architecture", Value::Text("mamba\u{1b}[2J".to_owned())),
        "`general.architecture` is \"mamba\\u{1b}[2J\"; R1 models are qwen2, llama, qwen3 or deepseek2"
    );
    assert_eq!(
        set("7b", "qwen2.block_count", Value::Unsigned(u64::MAX)),
        "`qwen2.block_count` is 18446744073709551615, expected an integer from 1 to 512"
    );
    assert_eq!(
        set("7b", "qwen2.attention.head_count_kv", Value::Unsigned(0)),
        "`qwen2.attention.head_count_kv` is 0, expected an integer from 1 to 4096"
    );
    assert_eq!(
        set("7b", "qwen2.attention.head_count_kv", Value::Unsigned(5)),
        "`qwen2.attention.head_count_kv` is 5, but `attention.head_count` requires 28"
    );
    assert_eq!(
        set("671b", "deepseek2.attention.key_length", Value::Unsigned(192)),
        "`deepseek2.attention.key_length` is 192, but the size of the latent with its rotary part requires 576"
    );
    assert_eq!(
        set("671b", "deepseek2.expert_used_count", Value::Unsigned(257)),
        "`deepseek2.expert_used_count` is 257, but `expert_count` requires 256"
    );
    assert_eq!(
        set("7b", "qwen2.rope.freq_base", Value::Float(f64::NAN)),
        "`qwen2.rope.freq_base` is NaN, expected a finite, non-negative float"
    );
}

#[test]
fn a_tensor_that_is_missing_unknown_or_of_another_shape_is_named() {
    let mut missing = q4_k_m("671b");
    missing.tensors.retain(|tensor| tensor.name != "blk.7.attn_kv_a_mqa.weight");
    assert_eq!(error(missing), "the tensor `blk.7.attn_kv_a_mqa.weight` is missing");

    let mut unknown = q4_k_m("7b");
    unknown.tensors[3].name = "blk.0.ssm_in.weight".to_owned();
    assert_eq!(error(unknown), "a qwen2 model of this shape has no tensor `blk.0.ssm_in.weight`");

    let mut wider = q4_k_m("7b");
    wider.metadata.insert("qwen2.feed_forward_length".to_owned(), Value::Unsigned(18_945));
    assert_eq!(
        error(wider),
        "the tensor `blk.0.ffn_gate.weight` has the shape [3584, 18944, 1], but the header's keys imply \
         [3584, 18945, 1]"
    );
}

#[test]
fn the_shards_of_a_model_are_joined_and_those_of_two_are_not() {
    let (mix, latent) = (mix(FileType::Q4_K_M), LatentLayout::Split);
    let layout = Layout::new(shape("671b"), mix, latent);
    let shards = |count: usize| -> Vec<Header> {
        let part = layout.tensors.len().div_ceil(count);
        layout
            .tensors
            .chunks(part)
            .enumerate()
            .map(|(number, tensors)| {
                let mut keys =
                    if number == 0 { metadata("R1", shape("671b"), mix, latent) } else { Vec::new() };
                for (key, value) in [
                    ("split.no", number),
                    ("split.count", count),
                    ("split.tensors.count", layout.tensors.len()),
                ] {
                    keys.push((key.to_owned(), MetadataValue::U32(u32::try_from(value).unwrap())));
                }
                header(&keys, tensors)
            })
            .collect()
    };
    let stored = StoredModel::new(&shards(9)).unwrap();
    assert_eq!(stored.layout, layout);
    assert_eq!(stored.layout.bytes(), Bytes(404_488_847_360));

    assert_eq!(said(&shards(9)[..8]), "file 1 of 8 has `split.count` = 9, expected 8");
    assert_eq!(said(&shards(9)[..1]), "file 1 of 1 has `split.count` = 9, expected 1");
    let mut swapped = shards(3);
    swapped.swap(1, 2);
    assert_eq!(said(&swapped), "file 2 of 3 has `split.no` = 2, expected 1");
    let mut stranger = shards(2);
    stranger[1].metadata.remove("split.count");
    assert_eq!(said(&stranger), "file 2 of 2 has `split.count` = missing, expected 2");
    let mut twice = shards(2);
    twice[1].tensors[0] = twice[0].tensors[0].clone();
    assert!(
        matches!(StoredModel::new(&twice), Err(StoredModelError::DuplicateTensor { name }) if name == "token_embd.weight")
    );
}

#[test]
fn a_router_without_a_bias_is_one_of_before_v3() {
    let mut header = q4_k_m("671b");
    header.tensors.retain(|tensor| !tensor.name.ends_with("exp_probs_b.bias"));
    let stored = StoredModel::new(&[header]).unwrap();
    assert!(stored.layout.tensors.iter().all(|tensor| tensor.kind != TensorKind::RouterBias));
}

#[test]
fn a_quant_without_a_number_is_called_by_the_type_of_most_of_its_bytes() {
    let mut header = q4_k_m("7b");
    header.metadata.remove("general.file_type");
    assert_eq!(StoredModel::new(&[header]).unwrap().quant(), "Q4_K");
}
