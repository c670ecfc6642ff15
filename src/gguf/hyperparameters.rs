//! The inverse of [`metadata`](super::metadata): a model's architecture from the keys of a file, read as
//! llama.cpp reads them (`load_arch_hparams` of each model, with the same defaults).

use std::collections::BTreeMap;

use super::{LatentLayout, StoredModelError, Value};
use crate::catalog::{Architecture, Attention, Family, FeedForward, Rope, RopeScaling};
use crate::message;
use crate::message::Message;

/// `LLAMA_MAX_LAYERS` in `llama-hparams.h`.
const MOST_LAYERS: u32 = 512;
/// More heads, experts or groups than any model has.
const MOST_HEADS: u32 = 1 << 12;
/// Wider heads and ranks than any model has.
const WIDEST_HEAD: u32 = 1 << 14;
/// A wider residual stream or feed-forward block than any model has. Products of these bounds fit 32 bits.
const WIDEST: u32 = 1 << 18;
/// More words, or a longer context, than any model has.
const LONGEST: u32 = 1 << 24;

/// The metadata of a file, with the shapes of its tensors for the keys that may be arrays.
pub(super) struct Keys<'a> {
    metadata: &'a BTreeMap<String, Value>,
    shapes: &'a BTreeMap<&'a str, [u64; 3]>,
    family: Family,
}

type Found<T> = Result<T, StoredModelError>;

impl<'a> Keys<'a> {
    pub(super) fn new(
        metadata: &'a BTreeMap<String, Value>,
        shapes: &'a BTreeMap<&'a str, [u64; 3]>,
    ) -> Found<Self> {
        let key = "general.architecture";
        let missing = || StoredModelError::MissingKey { key: key.to_owned() };
        let name = metadata.get(key).ok_or_else(missing)?;
        let family = Family::ALL
            .into_iter()
            .find(|family| *name == Value::Text(family.gguf_name().to_owned()))
            .ok_or_else(|| StoredModelError::UnknownFamily { found: name.shown() })?;
        Ok(Self { metadata, shapes, family })
    }

    /// How many layers behind the last are for predicting several tokens at once; llama.cpp does not load them.
    pub(super) fn prediction_layers(&self) -> Found<u32> {
        Ok(self.optional("nextn_predict_layers", 0, MOST_LAYERS)?.unwrap_or(0))
    }

    pub(super) fn architecture(&self) -> Found<(Architecture, LatentLayout)> {
        let blocks = self.whole("block_count", MOST_LAYERS)?;
        let layers = blocks
            .checked_sub(self.prediction_layers()?)
            .filter(|layers| *layers > 0)
            .ok_or_else(|| self.contradiction("nextn_predict_layers", "`block_count`", blocks))?;
        let hidden_size = self.whole("embedding_length", WIDEST)?;
        let (attention, latent) = match self.family {
            Family::DeepSeek2 => self.latent_attention()?,
            Family::Qwen2 | Family::Llama | Family::Qwen3 => {
                (self.grouped_attention(layers, hidden_size)?, LatentLayout::default())
            }
        };
        let architecture = Architecture {
            family: self.family,
            layers,
            hidden_size,
            vocabulary: self.vocabulary()?,
            context_trained: self.whole("context_length", LONGEST)?,
            rms_norm_epsilon: self
                .float("attention.layer_norm_rms_epsilon")?
                .ok_or_else(|| self.missing("attention.layer_norm_rms_epsilon"))?,
            rope: self.rope()?,
            attention,
            feed_forward: match self.family {
                Family::DeepSeek2 => self.experts(layers)?,
                Family::Qwen2 | Family::Llama | Family::Qwen3 => FeedForward::Dense {
                    intermediate_size: self.per_layer(
                        "feed_forward_length",
                        (layers, WIDEST),
                        "blk.0.ffn_gate.weight",
                        |rows| rows,
                    )?,
                },
            },
        };
        Ok((architecture, latent))
    }

    fn vocabulary(&self) -> Found<u32> {
        if let Some(words) = self.optional("vocab_size", 1, LONGEST)? {
            return Ok(words);
        }
        match self.metadata.get("tokenizer.ggml.tokens") {
            Some(Value::Skipped(words)) if (1..=u64::from(LONGEST)).contains(words) => Ok(*words as u32),
            _ => Err(self.missing("vocab_size")),
        }
    }

    fn rope(&self) -> Found<Rope> {
        let theta = self.float("rope.freq_base")?.unwrap_or(10_000.0);
        let yarn =
            self.metadata.get(&self.name("rope.scaling.type")) == Some(&Value::Text("yarn".to_owned()));
        let scaling = if yarn {
            Some(RopeScaling::Yarn {
                factor: self
                    .float("rope.scaling.factor")?
                    .ok_or_else(|| self.missing("rope.scaling.factor"))?,
                original_context: self.whole("rope.scaling.original_context_length", LONGEST)?,
                log_multiplier: self.float("rope.scaling.yarn_log_multiplier")?,
            })
        } else if self.family == Family::Llama && self.shapes.contains_key("rope_freqs.weight") {
            // The file has the factors as a table and not what it was computed from, which is this for the only
            // Llama that R1 was distilled into. Nothing is computed from it again.
            Some(RopeScaling::Llama3 {
                factor: 8.0,
                low_frequency_factor: 1.0,
                high_frequency_factor: 4.0,
                original_context: 8192,
            })
        } else {
            // Linear scaling changes neither tensors nor sizes.
            None
        };
        Ok(Rope { theta, scaling })
    }

    fn grouped_attention(&self, layers: u32, hidden: u32) -> Found<Attention> {
        let heads = self.whole("attention.head_count", MOST_HEADS)?;
        let head_size = match self.optional("attention.key_length", 1, WIDEST_HEAD)? {
            Some(size) => size,
            None if hidden.is_multiple_of(heads) && hidden / heads <= WIDEST_HEAD => hidden / heads,
            None => return Err(self.contradiction("attention.head_count", "`embedding_length`", hidden)),
        };
        self.agrees("attention.value_length", "`attention.key_length`", head_size)?;
        self.agrees("rope.dimension_count", "`attention.key_length`", head_size)?;
        let key = "attention.head_count_kv";
        let kv_heads = if self.metadata.contains_key(&self.name(key)) {
            self.per_layer(key, (layers, MOST_HEADS), "blk.0.attn_k.weight", |rows| {
                rows / u64::from(head_size)
            })?
        } else {
            heads
        };
        if !heads.is_multiple_of(kv_heads) {
            return Err(self.contradiction(key, "`attention.head_count`", heads));
        }
        Ok(Attention::Grouped { heads, kv_heads, head_size })
    }

    /// The layout that llama.cpp takes a file for: split where the sizes of the recovered heads are stated.
    fn latent_attention(&self) -> Found<(Attention, LatentLayout)> {
        let heads = self.whole("attention.head_count", MOST_HEADS)?;
        let query_rank = self.whole("attention.q_lora_rank", WIDEST_HEAD)?;
        let kv_rank = self.whole("attention.kv_lora_rank", WIDEST_HEAD)?;
        let rope_head_size = self.whole("rope.dimension_count", WIDEST_HEAD)?;
        let split = self.optional("attention.key_length_mla", 1, WIDEST_HEAD)?;
        let (key, whole_key, value_head_size, latent) = if let Some(whole_key) = split {
            self.agrees("attention.head_count_kv", message!(GgufMultiQuery), 1)?;
            self.agrees("attention.key_length", message!(GgufLatentRotary), kv_rank + rope_head_size)?;
            self.agrees("attention.value_length", message!(GgufLatent), kv_rank)?;
            let value = self.whole("attention.value_length_mla", WIDEST_HEAD)?;
            ("attention.key_length_mla", whole_key, value, LatentLayout::Split)
        } else {
            self.agrees("attention.head_count_kv", "`attention.head_count`", heads)?;
            let whole_key = self.whole("attention.key_length", WIDEST_HEAD)?;
            let value = self.whole("attention.value_length", WIDEST_HEAD)?;
            ("attention.key_length", whole_key, value, LatentLayout::Merged)
        };
        let key_head_size = whole_key
            .checked_sub(rope_head_size)
            .filter(|size| *size > 0)
            .ok_or_else(|| self.contradiction(key, "`rope.dimension_count`", rope_head_size))?;
        let attention =
            Attention::Latent { heads, query_rank, kv_rank, key_head_size, rope_head_size, value_head_size };
        Ok((attention, latent))
    }

    fn experts(&self, layers: u32) -> Found<FeedForward> {
        let dense_layers = self.optional("leading_dense_block_count", 0, layers)?.unwrap_or(0);
        let experts = self.whole("expert_count", MOST_HEADS)?;
        let experts_used = self.whole("expert_used_count", MOST_HEADS)?;
        if experts_used > experts {
            return Err(self.contradiction("expert_used_count", "`expert_count`", experts));
        }
        let limits = (layers, WIDEST);
        let stack = format!("blk.{dense_layers}.ffn_gate_exps.weight");
        Ok(FeedForward::Experts {
            dense_layers,
            dense_intermediate_size: self.per_layer(
                "feed_forward_length",
                limits,
                "blk.0.ffn_gate.weight",
                |rows| rows,
            )?,
            expert_intermediate_size: self.per_layer(
                "expert_feed_forward_length",
                limits,
                &stack,
                |rows| rows,
            )?,
            experts,
            experts_used,
            shared_experts: self.whole("expert_shared_count", MOST_HEADS)?,
            expert_groups: self.optional("expert_group_count", 0, MOST_HEADS)?.unwrap_or(0),
            expert_groups_used: self.optional("expert_group_used_count", 0, MOST_HEADS)?.unwrap_or(0),
            routed_scale: self.float("expert_weights_scale")?.unwrap_or(1.0),
        })
    }

    fn name(&self, key: &str) -> String {
        format!("{}.{key}", self.family.gguf_name())
    }

    fn missing(&self, key: &str) -> StoredModelError {
        StoredModelError::MissingKey { key: self.name(key) }
    }

    fn contradiction(&self, key: &str, other: impl Into<Message>, needed: u32) -> StoredModelError {
        let key = self.name(key);
        let found = self.metadata.get(&key).map_or_else(|| message!(GgufNothing), Value::shown);
        StoredModelError::Contradiction { key, found, other: other.into(), needed }
    }

    /// A key that, where it is there, can only say what follows from others.
    fn agrees(&self, key: &str, other: impl Into<Message>, needed: u32) -> Found<()> {
        match self.optional(key, 0, u32::MAX)? {
            Some(found) if found != needed => Err(self.contradiction(key, other, needed)),
            _ => Ok(()),
        }
    }

    fn whole(&self, key: &str, most: u32) -> Found<u32> {
        self.optional(key, 1, most)?.ok_or_else(|| self.missing(key))
    }

    fn optional(&self, key: &str, least: u32, most: u32) -> Found<Option<u32>> {
        let key = self.name(key);
        match self.metadata.get(&key) {
            None => Ok(None),
            Some(Value::Unsigned(number)) if (u64::from(least)..=u64::from(most)).contains(number) => {
                Ok(Some(*number as u32))
            }
            Some(found) => {
                let expected = message!(GgufWholeNumber { least, most });
                Err(StoredModelError::WrongValue { key, found: found.shown(), expected })
            }
        }
    }

    /// A number that some converters write once for each layer. The array was skipped: what it says of every
    /// layer is in the shapes of the tensors, and whether they agree is checked with the shapes.
    fn per_layer(
        &self,
        key: &str,
        (layers, most): (u32, u32),
        tensor: &str,
        of_rows: impl Fn(u64) -> u64,
    ) -> Found<u32> {
        let name = self.name(key);
        match self.metadata.get(&name) {
            Some(Value::Skipped(values)) if *values >= u64::from(layers) => {
                let rows = self
                    .shapes
                    .get(tensor)
                    .ok_or_else(|| StoredModelError::MissingTensor { name: tensor.to_owned() })?[1];
                let number = of_rows(rows);
                u32::try_from(number).ok().filter(|number| (1..=most).contains(number)).ok_or_else(|| {
                    let expected = message!(GgufRows { tensor, rows });
                    StoredModelError::WrongValue { key: name, found: number.to_string().into(), expected }
                })
            }
            _ => self.whole(key, most),
        }
    }

    fn float(&self, key: &str) -> Found<Option<f64>> {
        let key = self.name(key);
        match self.metadata.get(&key) {
            None => Ok(None),
            // Files have single precision: `1e-6` is meant where 9.99999997e-7 is read.
            Some(Value::Float(number)) if number.is_finite() && *number >= 0.0 => {
                Ok(Some((*number as f32).to_string().parse().unwrap_or(*number)))
            }
            Some(found) => {
                let expected = message!(GgufFloat);
                Err(StoredModelError::WrongValue { key, found: found.shown(), expected })
            }
        }
    }
}
