//! A small model that can be talked to: random weights behind a real tokenizer, trained here on a few sentences, with
//! the special tokens and the chat template of R1.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use r1_advisor::catalog::{Architecture, Attention, Family, FeedForward, Rope};
use r1_advisor::gguf::generate::SyntheticModel;
use r1_advisor::gguf::{LatentLayout, Layout, MetadataValue, Mix, metadata};

/// What the tokenizer is trained on.
const CORPUS: &str = "The sky is blue because the air scatters the light of the sun, and the blue of it most of all. \
    Let me think about the question: what is it that the user wants to know? 天空是蓝色的，因为空气散射阳光。 \
    因为蓝色的光散射得最多。 The answer is that the light is scattered by the air.";

/// Merges that the tokenizer learns.
const MERGES: usize = 120;

/// The special tokens, in order, and their kinds: 3 is a control token and 4 one of the user's (`llama_token_type`).
const SPECIAL: [(&str, i32); 6] = [
    ("<｜begin▁of▁sentence｜>", 3),
    ("<｜end▁of▁sentence｜>", 3),
    ("<｜User｜>", 4),
    ("<｜Assistant｜>", 4),
    ("<think>", 4),
    ("</think>", 4),
];

/// Writes the model into `folder`.
pub(crate) fn write(folder: &Path) -> PathBuf {
    let (tokens, merges) = train();
    let first_special = tokens.len() as u32;
    let mut kinds = vec![1; tokens.len()];
    kinds.extend(SPECIAL.map(|(_, kind)| kind));
    let mut tokens = tokens;
    tokens.extend(SPECIAL.map(|(text, _)| text.to_owned()));
    let architecture = architecture(tokens.len() as u32);
    let (mix, latent) = (Mix::named("Q8_0", false).expect("a mix"), LatentLayout::Split);
    let template =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/chat-templates/r1-distill-qwen.jinja");
    let mut keys = metadata("DeepSeek-R1-Distill-Talking", &architecture, mix, latent);
    keys.retain(|(key, _)| key != "tokenizer.ggml.model" && !key.ends_with("vocab_size"));
    let mut set = |key: &str, value| keys.push((format!("tokenizer.{key}"), value));
    set("ggml.model", MetadataValue::Text("gpt2".into()));
    set("ggml.pre", MetadataValue::Text("deepseek-r1-qwen".into()));
    set("ggml.tokens", MetadataValue::Texts(tokens));
    set("ggml.token_type", MetadataValue::Numbers(kinds));
    set("ggml.merges", MetadataValue::Texts(merges));
    set("ggml.bos_token_id", MetadataValue::U32(first_special));
    set("ggml.eos_token_id", MetadataValue::U32(first_special + 1));
    set("ggml.add_bos_token", MetadataValue::Bool(true));
    set("chat_template", MetadataValue::Text(fs::read_to_string(template).expect("a template")));
    let path = folder.join("talking.gguf");
    SyntheticModel::new(&keys, &Layout::new(&architecture, mix, latent))
        .write_random_weights(&path, 20, 1, &|_| {}, &false.into())
        .expect("disk space");
    path
}

fn architecture(vocabulary: u32) -> Architecture {
    Architecture {
        family: Family::Qwen2,
        layers: 2,
        hidden_size: 256,
        vocabulary,
        context_trained: 4096,
        rms_norm_epsilon: 1e-6,
        rope: Rope { theta: 10_000.0, scaling: None },
        attention: Attention::Grouped { heads: 4, kv_heads: 2, head_size: 64 },
        feed_forward: FeedForward::Dense { intermediate_size: 512 },
    }
}

/// The bytes as printable characters, as GPT-2 has them (`bytes_to_unicode`).
fn alphabet() -> Vec<char> {
    let printable =
        |byte: u32| (33..=126).contains(&byte) || (161..=172).contains(&byte) || (174..=255).contains(&byte);
    let mut next = 255;
    (0..256)
        .map(|byte| {
            let code = if printable(byte) {
                byte
            } else {
                next += 1;
                next
            };
            char::from_u32(code).expect("a character")
        })
        .collect()
}

/// Byte pair encoding: the commonest pair of neighbours becomes a token, again and again.
fn train() -> (Vec<String>, Vec<String>) {
    let alphabet = alphabet();
    let mut words: Vec<Vec<String>> = CORPUS
        .split(' ')
        // The space before a word is part of it, as the pattern that cuts texts into words has it.
        .map(|word| format!(" {word}").bytes().map(|byte| alphabet[usize::from(byte)].to_string()).collect())
        .collect();
    let mut tokens: Vec<String> = alphabet.iter().map(char::to_string).collect();
    let mut merges = Vec::new();
    for _ in 0..MERGES {
        let mut pairs = BTreeMap::<(String, String), usize>::new();
        for word in &words {
            for pair in word.windows(2) {
                *pairs.entry((pair[0].clone(), pair[1].clone())).or_default() += 1;
            }
        }
        let Some(((left, right), _)) = pairs.into_iter().max_by_key(|(_, count)| *count) else { break };
        for word in &mut words {
            let mut at = 0;
            while at + 1 < word.len() {
                if word[at] == left && word[at + 1] == right {
                    word[at] = format!("{left}{right}");
                    word.remove(at + 1);
                }
                at += 1;
            }
        }
        if !tokens.contains(&format!("{left}{right}")) {
            tokens.push(format!("{left}{right}"));
        }
        merges.push(format!("{left} {right}"));
    }
    (tokens, merges)
}
