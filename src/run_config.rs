//! How a model is loaded and run: the settings that memory and speed depend on, with llama.cpp's defaults.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The settings of a llama.cpp run that memory and speed depend on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunConfig {
    /// Tokens that the KV cache has room for, over all sequences (`-c`).
    pub context: u32,
    /// Type of the cached keys (`-ctk`), and of the values unless they have their own.
    pub kv_type: KvType,
    /// Type of the cached values (`-ctv`), where it is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kv_value_type: Option<KvType>,
    /// Whether all sequences share one cache, so that each can grow to the whole context (`-kvu`).
    #[serde(default)]
    pub kv_unified: bool,
    /// Tokens that go through the graph at once (`-ub`).
    pub micro_batch: u32,
    /// Tokens that a call may hand over (`-b`).
    pub batch: u32,
    /// Sequences at once (`-np`).
    pub sequences: u32,
    /// Whether attention runs as one fused kernel (`-fa`).
    pub flash_attention: bool,
}

impl RunConfig {
    /// The type of the cached values.
    #[must_use]
    pub fn value_type(&self) -> KvType {
        self.kv_value_type.unwrap_or(self.kv_type)
    }

    /// The most tokens that one sequence can grow to.
    #[must_use]
    pub fn context_per_sequence(&self) -> u32 {
        if self.kv_unified { self.context } else { self.context / self.sequences.max(1) }
    }

    /// The most tokens that go through the graph at once.
    #[must_use]
    pub fn tokens_at_once(&self) -> u32 {
        self.micro_batch.min(self.batch).min(self.context)
    }
}

impl Default for RunConfig {
    fn default() -> Self {
        Self {
            context: 8192,
            kv_type: KvType::F16,
            kv_value_type: None,
            kv_unified: false,
            micro_batch: 512,
            batch: 2048,
            sequences: 1,
            flash_attention: true,
        }
    }
}

/// Where the parts of a model are put when it is loaded, with llama.cpp's defaults.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Loading {
    /// Layers on GPUs (`-ngl`); all by default.
    pub gpu_layers: Option<u32>,
    /// Layers whose routed experts stay in main memory (`-ncmoe`).
    #[serde(default)]
    pub expert_layers_in_ram: u32,
    /// How several GPUs share a model (`-sm`).
    #[serde(default)]
    pub split_mode: SplitMode,
    /// The share of each GPU (`-ts`); by their free memory where empty.
    #[serde(default)]
    pub tensor_split: Vec<f32>,
    /// The GPU that holds what is not split (`-mg`).
    #[serde(default)]
    pub main_gpu: u32,
    /// Whether the file is mapped into memory rather than read (`-mmp`).
    pub mapped: bool,
}

impl Default for Loading {
    fn default() -> Self {
        Self {
            gpu_layers: None,
            expert_layers_in_ram: 0,
            split_mode: SplitMode::Layer,
            tensor_split: Vec::new(),
            main_gpu: 0,
            mapped: true,
        }
    }
}

impl Loading {
    /// Everything on the processors.
    #[must_use]
    pub fn without_gpus() -> Self {
        Self { gpu_layers: Some(0), ..Self::default() }
    }
}

/// How several GPUs share a model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum SplitMode {
    /// One GPU holds all.
    None,
    /// Each holds whole layers.
    #[default]
    Layer,
    /// Each holds rows of every matrix.
    Row,
}

impl fmt::Display for SplitMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "none",
            Self::Layer => "layer",
            Self::Row => "row",
        })
    }
}

/// The type of cached keys and values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum KvType {
    /// 32-bit floats.
    F32,
    /// 16-bit floats: llama.cpp's default.
    #[default]
    F16,
    /// bfloat16.
    Bf16,
    /// 8.5 bits a value.
    Q8_0,
    /// 5.5 bits a value.
    Q5_0,
    /// 6 bits a value.
    Q5_1,
    /// 4.5 bits a value.
    Q4_0,
    /// 5 bits a value.
    Q4_1,
    /// 4.5 bits a value on a curved scale.
    #[value(name = "iq4_nl")]
    Iq4Nl,
}

impl fmt::Display for KvType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::F32 => "f32",
            Self::F16 => "f16",
            Self::Bf16 => "bf16",
            Self::Q8_0 => "q8_0",
            Self::Q5_0 => "q5_0",
            Self::Q5_1 => "q5_1",
            Self::Q4_0 => "q4_0",
            Self::Q4_1 => "q4_1",
            Self::Iq4Nl => "iq4_nl",
        })
    }
}
