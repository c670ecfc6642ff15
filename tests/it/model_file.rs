//! `estimate` on files that are here: their headers are the truth.

use std::fs;
use std::path::Path;

use r1_advisor::catalog::{Architecture, Catalog, FeedForward};
use r1_advisor::gguf::generate::SyntheticModel;
use r1_advisor::gguf::{GgmlType, LatentLayout, Layout, MetadataValue, Mix, metadata};

use crate::support::{Ran, program};

struct Sparse {
    name: &'static str,
    architecture: Architecture,
    latent: LatentLayout,
    quant: &'static str,
}

impl Sparse {
    fn new(model: &str, name: &'static str) -> Self {
        let architecture = Catalog::load(None)
            .expect("the embedded catalog")
            .model(model)
            .expect("a model")
            .architecture
            .clone();
        Self { name, architecture, latent: LatentLayout::Split, quant: "Q4_K_M" }
    }

    fn mix(&self) -> Mix {
        Mix::named(self.quant, false).expect("a mix")
    }

    fn keys(&self) -> Vec<(String, MetadataValue)> {
        metadata(self.name, &self.architecture, self.mix(), self.latent)
    }

    fn layout(&self) -> Layout {
        Layout::new(&self.architecture, self.mix(), self.latent)
    }

    fn write(&self, path: &Path) {
        SyntheticModel::new(&self.keys(), &self.layout()).write_header_only(path).expect("disk space");
    }
}

fn estimate(path: &Path) -> Ran {
    program(["estimate"])
        .with([path])
        .with(["--ram", "8TiB", "--gpu", "RTX 4090", "--cpu", "EPYC 9654", "--threads", "16"])
        .with(["--format", "json"])
        .run()
}

fn complaint(path: &Path, exit: i32) -> String {
    let output = estimate(path);
    output.exits(exit);
    assert!(output.out().is_empty());
    let folder = path.parent().and_then(Path::to_str).expect("a folder");
    output.errors().replace(&format!("{folder}/"), "")
}

#[test]
fn a_671b_of_which_only_the_header_is_on_disk_takes_404_488_847_360_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r1.gguf");
    Sparse::new("671b", "DeepSeek-R1").write(&path);
    let output = estimate(&path);
    assert_eq!(output.errors(), "");
    let estimate = output.exits(0).json();
    assert_eq!(estimate["memory"]["weights_bytes"], 404_488_847_360_u64);
    assert_eq!(estimate["model"], "r1-671b");
    assert_eq!(estimate["file"], path.to_str().unwrap());
    assert_eq!(estimate["ollama_modelfile"], serde_json::Value::Null);
}

#[test]
fn an_early_file_of_the_671b_caches_71_times_as_much() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r1.gguf");
    let split = Sparse::new("671b", "DeepSeek-R1");
    split.write(&path);
    let cached = |path| estimate(path).exits(0).json()["memory"]["kv_cache_bytes"].as_u64().unwrap();
    let latent = cached(&path);
    Sparse { latent: LatentLayout::Merged, ..split }.write(&path);
    assert_eq!(cached(&path) / latent, 71);
}

#[test]
fn a_file_whose_makers_chose_the_types_takes_what_they_chose() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dynamic.gguf");
    let sparse = Sparse::new("7b", "DeepSeek-R1-Distill-Qwen-7B");
    let mut layout = sparse.layout();
    for tensor in layout.tensors.iter_mut().filter(|tensor| tensor.ggml_type == GgmlType::Q4_K) {
        tensor.ggml_type = GgmlType::IQ1_S;
    }
    SyntheticModel::new(&sparse.keys(), &layout).write_header_only(&path).unwrap();
    assert_eq!(estimate(&path).exits(0).json()["memory"]["weights_bytes"], layout.bytes().0);
}

#[test]
fn a_shape_that_is_no_r1_models_is_reckoned_all_the_same_and_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.gguf");
    let mut sparse = Sparse::new("r1-distill-llama-8b", "Some Llama");
    sparse.architecture.feed_forward = FeedForward::Dense { intermediate_size: 8192 };
    sparse.write(&path);
    let output = estimate(&path);
    assert_eq!(
        output.errors(),
        format!(
            "note: `{}` has the shape of no R1 model in the catalog, so its needs are computed from its header\n",
            path.display()
        )
    );
    let estimate = output.exits(0).json();
    assert_eq!(estimate["model"], "Some Llama");
    assert_eq!(estimate["memory"]["weights_bytes"], sparse.layout().bytes().0);
}

#[test]
fn a_model_of_the_same_shape_under_another_name_is_pointed_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.gguf");
    Sparse::new("r1-distill-llama-8b", "Meta Llama 3.1 8B Instruct").write(&path);
    let output = estimate(&path);
    assert_eq!(
        output.errors(),
        "note: the file calls itself \"Meta Llama 3.1 8B Instruct\", but has the shape and size of \
         `r1-distill-llama-8b`\n"
    );
    assert_eq!(output.exits(0).json()["model"], "r1-distill-llama-8b");
}

#[test]
fn a_split_model_is_whole_only_with_all_of_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let sparse = Sparse::new("671b", "DeepSeek-R1");
    let layout = sparse.layout();
    let part = layout.tensors.len().div_ceil(3);
    let named = |number: usize| folder.path().join(format!("r1-{number:05}-of-00003.gguf"));
    for (number, tensors) in layout.tensors.chunks(part).enumerate() {
        let mut keys = if number == 0 { sparse.keys() } else { Vec::new() };
        for (key, value) in
            [("split.no", number), ("split.count", 3), ("split.tensors.count", layout.tensors.len())]
        {
            keys.push((key.to_owned(), MetadataValue::U32(u32::try_from(value).unwrap())));
        }
        let shard = Layout { tensors: tensors.to_vec() };
        SyntheticModel::new(&keys, &shard).write_header_only(&named(number + 1)).unwrap();
    }
    // Any of them stands for all.
    for number in 1..=3 {
        assert_eq!(estimate(&named(number)).exits(0).json()["memory"]["weights_bytes"], 404_488_847_360_u64);
    }
    let alone = folder.path().join("alone.gguf");
    fs::hard_link(named(1), &alone).unwrap();
    assert_eq!(
        complaint(&alone, 4),
        "error: could not use `alone.gguf`: file 1 of 1 has `split.count` = 3, expected 1\n hint: put all files of one \
         model into one folder, under the names they were published with\n"
    );
    fs::remove_file(named(3)).unwrap();
    assert_eq!(
        complaint(&named(1), 4),
        "error: `r1-00003-of-00003.gguf` is missing, one of the 3 files the model is split into\n hint: put all of \
         them into one folder, under the names they were published with\n"
    );
}

#[test]
fn what_is_no_model_file_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    assert!(
        complaint(&at("nowhere.gguf"), 4).starts_with("error: could not read `nowhere.gguf`: no such file")
    );
    fs::create_dir(at("folder.gguf")).unwrap();
    assert!(complaint(&at("folder.gguf"), 4).starts_with("error: `folder.gguf` is not a file\n"));
    fs::write(at("empty.gguf"), b"").unwrap();
    assert_eq!(
        complaint(&at("empty.gguf"), 4),
        "error: could not use `empty.gguf`: the file is empty\n hint: the download is incomplete: download the file again\n"
    );
    fs::write(at("page.gguf"), b"<!DOCTYPE html>").unwrap();
    assert!(complaint(&at("page.gguf"), 4).contains("a web page, not a model file"));
    let whole = Sparse::new("1.5b", "R1");
    whole.write(&at("cut.gguf"));
    let file = fs::File::options().write(true).open(at("cut.gguf")).unwrap();
    file.set_len(file.metadata().unwrap().len() - 1).unwrap();
    assert!(
        complaint(&at("cut.gguf"), 4).contains("`blk.27.ffn_down.weight` ends at"),
        "{}",
        complaint(&at("cut.gguf"), 4)
    );
}
