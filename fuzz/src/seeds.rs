//! Writes what fuzzing begins with: headers of each model, cut to two layers, as the project's writer makes them.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use r1_advisor::catalog::{Architecture, Catalog, FeedForward};
use r1_advisor::gguf::{GgufWriter, LatentLayout, Layout, MetadataValue, Mix, Tensor, metadata};

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/header");
    fs::create_dir_all(&folder).expect("a folder");
    let catalog = Catalog::load(None).expect("the embedded catalog");
    for model in catalog.models() {
        for quant in ["Q4_K_M", "IQ1_S", "F16"] {
            for latent in [LatentLayout::Split, LatentLayout::Merged] {
                let architecture = short(&model.architecture);
                let mix = Mix::named(quant, false).expect("a mix");
                let keys = metadata(&model.name, &architecture, mix, latent);
                let tensors = Layout::new(&architecture, mix, latent).tensors;
                let name = format!("{}-{quant}-{latent:?}", model.id);
                let whole = header(&keys, &tensors);
                write(&folder, &name, &whole);
                write(&folder, &format!("{name}-tokens"), &with_tokens(&keys, &tensors));
                write(&folder, &format!("{name}-cut"), &whole[..whole.len() / 2]);
                let mut keys = keys;
                for (key, value) in [("split.no", 0), ("split.count", 2), ("split.tensors.count", 2)] {
                    keys.push((key.to_owned(), MetadataValue::U32(value)));
                }
                write(&folder, &format!("{name}-shard"), &header(&keys, &tensors[..1]));
            }
        }
    }
}

fn short(architecture: &Architecture) -> Architecture {
    let mut short = Architecture { layers: 2, ..architecture.clone() };
    if let FeedForward::Experts { dense_layers, .. } = &mut short.feed_forward {
        *dense_layers = 1;
    }
    short
}

fn header(keys: &[(String, MetadataValue)], tensors: &[Tensor]) -> Vec<u8> {
    let mut bytes = Vec::new();
    GgufWriter::new(keys, tensors).write_header(&mut bytes).expect("memory can be written");
    bytes
}

/// The same header with a vocabulary, which the writer leaves out: an array of texts before the other keys.
fn with_tokens(keys: &[(String, MetadataValue)], tensors: &[Tensor]) -> Vec<u8> {
    // Magic, version and two counts.
    const START: usize = 24;
    let plain = header(keys, tensors);
    let mut bytes = plain[..START - 8].to_vec();
    bytes.extend_from_slice(&(keys.len() as u64 + 1).to_le_bytes());
    let key = b"tokenizer.ggml.tokens";
    bytes.extend_from_slice(&(key.len() as u64).to_le_bytes());
    bytes.extend_from_slice(key);
    // An array of three texts: `enum gguf_type` in `gguf.h`.
    bytes.extend_from_slice(&9_u32.to_le_bytes());
    bytes.extend_from_slice(&8_u32.to_le_bytes());
    bytes.extend_from_slice(&3_u64.to_le_bytes());
    for word in ["a", "bc", "<think>"] {
        bytes.extend_from_slice(&(word.len() as u64).to_le_bytes());
        bytes.extend_from_slice(word.as_bytes());
    }
    bytes.extend_from_slice(&plain[START..]);
    bytes
}

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    let mut file = fs::File::create(folder.join(name)).expect("a file");
    file.write_all(bytes).expect("disk space");
}
