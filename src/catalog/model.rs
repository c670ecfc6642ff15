use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::table::{Entry, Violation};
use super::{Architecture, Catalog, Named, Provenance, check, model_check};
use crate::units::Bytes;

/// One size of DeepSeek-R1: a file of `catalog/models/`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// The id that other programs rely on, such as `r1-distill-qwen-7b`.
    pub id: String,
    /// The name its makers gave it, such as `DeepSeek-R1-Distill-Qwen-7B`.
    pub name: String,
    /// What people type instead: `7b`, `r1:7b`, `deepseek-r1:7b` …
    pub aliases: Vec<String>,
    /// The size as the article and the hubs call it, such as `7B`.
    pub size: String,
    /// Whether it is the model itself or a smaller one trained on its answers.
    pub kind: ModelKind,
    /// Repository of the original weights.
    pub repository: String,
    /// What it was trained from.
    pub base_model: String,
    /// The day of its release.
    pub released: jiff::civil::Date,
    /// What the makers say of the context length, where it differs from the configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context_note: Option<String>,
    /// All parameters, without multi-token-prediction layers.
    pub parameters: u64,
    /// Parameters that a token's forward pass reads (embedding rows left out).
    pub active_parameters: u64,
    /// What one may do with it.
    pub licence: Licence,
    /// The shape.
    pub architecture: Architecture,
    /// Where the shape was read.
    pub architecture_source: String,
    /// How its makers advise to sample.
    pub sampling: Sampling,
    /// Published benchmark results.
    #[serde(default)]
    pub benchmarks: BTreeMap<Benchmark, BenchmarkScore>,
    /// How long its answers were, thinking included.
    #[serde(default)]
    pub tokens_per_answer: Vec<TokensPerAnswer>,
    /// How long its thinking is.
    #[serde(default)]
    pub thinking: Thinking,
    /// Published GGUF files.
    #[serde(default)]
    pub artifacts: Vec<Artifact>,
    /// Wrong figures that are in circulation for this model, and the right ones.
    #[serde(default)]
    pub corrections: Vec<Correction>,
}

/// Whether a model is the original or a distillation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelKind {
    /// DeepSeek-R1 itself: a mixture of experts.
    Original,
    /// A dense model of another family, fine-tuned on R1's answers.
    Distill,
}

/// What one may do with a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// SPDX identifier, or the name of a licence that has none.
    pub id: String,
    /// What the user must do or may not do, beyond keeping the notice.
    #[serde(default)]
    pub obligations: Vec<String>,
    /// Where this was read.
    pub source: String,
}

impl Licence {
    /// The licences that it names, as people call them: each must be accepted.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        let named = |name: &&str| self.id.to_ascii_lowercase().contains(&name.to_ascii_lowercase());
        Self::KNOWN.into_iter().filter(named).collect()
    }

    /// What licences of the catalog are called.
    pub const KNOWN: [&'static str; 3] = ["MIT", "Apache-2.0", "Llama"];

    /// Whether all that it names is among `allowed`.
    #[must_use]
    pub fn is_covered_by(&self, allowed: &[String]) -> bool {
        let is_allowed = |name: &&str| allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(name));
        let names = self.names();
        !names.is_empty() && names.iter().all(is_allowed)
    }
}

/// How a model's makers advise to sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sampling {
    /// Temperature.
    pub temperature: f64,
    /// Nucleus.
    pub top_p: f64,
    /// The longest answer of their evaluations, in tokens.
    pub longest_answer_tokens: u32,
    /// What they say of system prompts and forced prefixes.
    #[serde(default)]
    pub advice: Vec<String>,
    /// Where this was read.
    pub source: String,
}

/// A benchmark that several sizes were published on.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, clap::ValueEnum,
)]
#[serde(rename_all = "snake_case")]
pub enum Benchmark {
    /// AIME 2024, pass@1, percent.
    Aime24,
    /// AIME 2024, majority of 64, percent.
    Aime24Cons64,
    /// AIME 2025, pass@1, percent.
    Aime25,
    /// MATH-500, pass@1, percent.
    Math500,
    /// GPQA Diamond, pass@1, percent.
    GpqaDiamond,
    /// `LiveCodeBench`, pass@1, percent; the question window differs between releases.
    Livecodebench,
    /// Codeforces rating.
    CodeforcesRating,
    /// MMLU, percent.
    Mmlu,
    /// MMLU-Pro, percent.
    MmluPro,
    /// MMLU-Redux, percent.
    MmluRedux,
    /// DROP, 3-shot F1, percent.
    Drop,
    /// `SimpleQA`, percent.
    Simpleqa,
    /// SWE-bench Verified, percent.
    SweVerified,
    /// Aider polyglot, percent.
    AiderPolyglot,
    /// HMMT 2025, percent.
    Hmmt25,
    /// CNMO 2024, percent.
    Cnmo24,
    /// `IFEval`, prompt strict, percent.
    IfEval,
    /// FRAMES, accuracy, percent.
    Frames,
    /// `AlpacaEval` 2.0, length-controlled win rate, percent.
    AlpacaEval,
    /// `ArenaHard`, judged by GPT-4-1106, percent.
    ArenaHard,
    /// Humanity's Last Exam, percent.
    Hle,
    /// BFCL v3, several turns, percent.
    Bfcl,
    /// `CLUEWSC`, percent.
    Cluewsc,
    /// C-Eval, percent.
    CEval,
    /// C-SimpleQA, percent.
    CSimpleqa,
}

impl Benchmark {
    /// Its key in a model's file.
    #[must_use]
    pub fn key(self) -> String {
        serde_json::to_value(self).ok().and_then(|key| Some(key.as_str()?.to_owned())).unwrap_or_default()
    }

    /// Whether its scores are percentages.
    #[must_use]
    pub fn is_percentage(self) -> bool {
        self != Self::CodeforcesRating
    }
}

impl fmt::Display for Benchmark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Aime24 => "AIME 2024",
            Self::Aime24Cons64 => "AIME 2024 cons@64",
            Self::Aime25 => "AIME 2025",
            Self::Math500 => "MATH-500",
            Self::GpqaDiamond => "GPQA Diamond",
            Self::Livecodebench => "LiveCodeBench",
            Self::CodeforcesRating => "Codeforces rating",
            Self::Mmlu => "MMLU",
            Self::MmluPro => "MMLU-Pro",
            Self::MmluRedux => "MMLU-Redux",
            Self::Drop => "DROP F1",
            Self::Simpleqa => "SimpleQA",
            Self::SweVerified => "SWE-bench Verified",
            Self::AiderPolyglot => "Aider polyglot",
            Self::Hmmt25 => "HMMT 2025",
            Self::Cnmo24 => "CNMO 2024",
            Self::IfEval => "IFEval",
            Self::Frames => "FRAMES",
            Self::AlpacaEval => "AlpacaEval 2.0",
            Self::ArenaHard => "ArenaHard",
            Self::Hle => "Humanity's Last Exam",
            Self::Bfcl => "BFCL v3",
            Self::Cluewsc => "CLUEWSC",
            Self::CEval => "C-Eval",
            Self::CSimpleqa => "C-SimpleQA",
        })
    }
}

/// A published result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BenchmarkScore {
    /// Percent, or a rating.
    pub score: f64,
    /// Where it was published.
    pub source: String,
    /// What must be known to compare it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// How long answers were on some task, thinking included.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokensPerAnswer {
    /// The task.
    pub task: String,
    /// The average, in tokens.
    pub tokens: u32,
    /// Where it was published.
    pub source: String,
}

/// How long a model thinks: use-cases say how long the answers of the distilled 32B are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thinking {
    /// Its tokens for each token of the 32B, over the same problems.
    pub factor: f64,
    /// Where that was published, or what it is taken from.
    pub source: String,
}

impl Default for Thinking {
    fn default() -> Self {
        Self { factor: 1.0, source: "Nothing was published: taken to be as long as the 32B's".to_owned() }
    }
}

/// A published GGUF of a model in one quant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Artifact {
    /// The quant, such as `Q4_K_M` or `UD-IQ1_S`.
    pub quant: String,
    /// The repository on the hub.
    pub repository: String,
    /// The repository on ModelScope that has the same files, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_scope: Option<String>,
    /// The revision that the sizes and hashes hold for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// The files, in order.
    pub files: Vec<ArtifactFile>,
    /// All bytes, where published exactly or to the hub's two decimals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_bytes: Option<Bytes>,
    /// Whether `total_bytes` is rounded.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rounded: bool,
    /// Where this was read.
    pub source: String,
}

impl Artifact {
    /// All bytes, where they are known: as published in sum, else the sum of the files.
    #[must_use]
    pub fn bytes(&self) -> Option<Bytes> {
        self.total_bytes.or_else(|| self.files.iter().map(|file| file.bytes).sum())
    }

    /// Whether every file can be checked against a published SHA-256.
    #[must_use]
    pub fn is_hashed(&self) -> bool {
        self.files.iter().all(|file| file.sha256.is_some())
    }
}

/// One file of an artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArtifactFile {
    /// The path in the repository. A `*` stands for the number of each of [`shards`](Self::shards) files, in five
    /// digits from `00001`.
    pub path: String,
    /// How many files the path stands for, where it has a `*`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shards: Option<u32>,
    /// Its size, where published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<Bytes>,
    /// Its SHA-256, where published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

impl ArtifactFile {
    /// The paths of all files that the path stands for.
    pub fn paths(&self) -> impl Iterator<Item = String> + '_ {
        (1..=self.shards.unwrap_or(1)).map(|shard| self.path.replace('*', &format!("{shard:05}")))
    }
}

/// A wrong figure in circulation, and the right one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// What is claimed, without the wrong figure where it could be mistaken for a fact.
    pub claim: String,
    /// What is so.
    pub correction: String,
    /// Whose finding it is.
    pub source: String,
}

impl Entry for Model {
    const KIND: Kind = Kind::Model;
    const NAMED: Named = Named::Model;

    fn id(&self) -> &str {
        &self.id
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }

    fn names(&self) -> Vec<Cow<'_, str>> {
        let others = [&self.id, &self.name, &self.repository];
        self.aliases.iter().chain(others).map(|name| Cow::Borrowed(name.as_str())).collect()
    }

    fn arrange(models: &mut [Self]) {
        models.sort_by(|a, b| a.parameters.cmp(&b.parameters).then(a.released.cmp(&b.released)));
    }

    fn check(&self, _: &Catalog) -> Result<(), Violation> {
        model_check::model(self)
    }
}

/// A model that is no R1 but that published measurements are of, to hold predictions against; it is never recommended. An
/// entry of `catalog/reference-shapes.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferenceShape {
    /// What measurements call it, such as `llama-2-7b`.
    pub id: String,
    /// Its shape.
    pub architecture: Architecture,
    /// Of the shape.
    pub provenance: Provenance,
}

impl Entry for ReferenceShape {
    const KIND: Kind = Kind::ReferenceShape;
    const NAMED: Named = Named::Other;

    fn id(&self) -> &str {
        &self.id
    }

    fn check(&self, _: &Catalog) -> Result<(), Violation> {
        check::id(&self.id)
    }
}
