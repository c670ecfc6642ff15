use serde::{Deserialize, Serialize};

/// Where figures are from, and how far they can be trusted.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// A link, or a sentence.
    pub source: String,
    /// How far the figures can be trusted.
    #[serde(default)]
    pub confidence: Confidence,
    /// Which figures were recalled rather than read in a source.
    pub recalled: Option<String>,
    /// What else must be known.
    pub note: Option<String>,
}

/// How far figures can be trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Sources disagree, or there is none.
    Low,
    /// Some figures are recalled or derived.
    #[default]
    Medium,
    /// Read in a source.
    High,
}
