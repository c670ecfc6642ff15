//! Writes what fuzzing begins with: headers of each model, cut to two layers, as the project's writer makes them.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use r1_advisor::catalog::{Architecture, Catalog, FeedForward};
use r1_advisor::gguf::{GgufWriter, LatentLayout, Layout, MetadataValue, Mix, Tensor, metadata};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    texts(root);
    let folder = root.join("corpus/header");
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

/// What the other targets begin with: small examples of all that they read.
fn texts(root: &Path) {
    let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let fixture = |path: &str| fs::read_to_string(root.join("../tests/fixtures/machines").join(path)).expect("a fixture");
    let examples: &[(&str, &[&str])] = &[
        (
            "listing",
            &[
                &format!(
                    r#"{{"sha":"0123456789abcdef0123456789abcdef01234567","siblings":[{{"rfilename":"README.md","size":7}},
                    {{"rfilename":"m-Q4_K_M.gguf","size":9,"lfs":{{"sha256":"{hash}","size":9,"pointerSize":135}}}},
                    {{"rfilename":"q8/m-Q8_0-00001-of-00002.gguf"}},{{"rfilename":"q8/m-Q8_0-00002-of-00002.gguf"}}]}}"#
                ),
                &format!(
                    r#"{{"Code":200,"Data":{{"Files":[{{"Path":"m-Q4_K_M.gguf","Size":9,"Sha256":"{hash}","Type":"blob"}},
                    {{"Path":"a","Type":"tree"}}]}}}}"#
                ),
                "m-UD-IQ1_S-00001-of-01000.gguf",
            ],
        ),
        ("machine", &[&fixture("desktop-rtx-4090.toml")]),
        (
            "names",
            &["2x RTX 3090", "RTX 4090 24GB, 64 GB DDR5, Ryzen 9 7950X", "Mac Studio M3 Ultra 512GB", "8x H200",
                "dual EPYC 9654 768 GiB", "deepseek-r1:7b", "7b:Q4_K_M", "a laptop with 16 GB"],
        ),
        (
            "needs",
            &["users = 500\nrequests_per_user_day = 20\nuse_case = \"coding\"\nprivacy = \"premises\"\n",
                "context = \"8k\"\nmin = { aime24 = 50 }\nlicence = ['mit']\nreserve_ram = '8GiB'\nmax_ttft = \"3s\"\n",
                "power_price = 0.2\nmax_quant_loss = \"3%\"\nlocal_only = true\nbudget = 5e5\n"],
        ),
        (
            "stream",
            &["data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\ndata: {\"choices\":[{\"delta\":\
                {\"reasoning_content\":\"Hm\"}}]}\r\n\r\n: ping\n\ndata: {\"choices\":[{\"delta\":{\"content\":[{\"type\":\
                \"text\",\"text\":\"a\"}]},\"finish_reason\":\"stop\"}]}\n\ndata: {\"choices\":[],\"usage\":\
                {\"prompt_tokens\":5,\"completion_tokens\":\"50\"}}\n\ndata: [DONE]\n\n",
                "event: error\ndata: {\"error\":{\"message\":\"model is loading\",\"code\":503}}\n\n",
                "data: {\"choices\":[{\"text\":\"<think>a</think>b\",\"finish_reason\":\"length\"}]}\n\n",
                "{\"object\":\"list\",\"data\":[{\"id\":\"r1\"}]}"],
        ),
    ];
    for (target, texts) in examples {
        let folder = root.join("corpus").join(target);
        fs::create_dir_all(&folder).expect("a folder");
        for (number, text) in texts.iter().enumerate() {
            write(&folder, &number.to_string(), text.as_bytes());
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
