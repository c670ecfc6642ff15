use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::table::{Entry, Violation};
use super::{Catalog, Named, Provenance, check};
use crate::message;

/// What a use-case may need of a model: an entry of `catalog/abilities.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ability {
    /// What it is called, such as `writing`.
    pub id: String,
    /// What it is, in a line.
    pub description: String,
    /// The publication that measured its benchmarks alike.
    pub measured_by: String,
    /// The benchmarks that it is the mean of.
    pub benchmarks: Vec<String>,
    /// Benchmarks that tell of it, too.
    #[serde(default)]
    pub others: Vec<String>,
    /// Versions of benchmarks, each with the one whose results it is held against.
    #[serde(default)]
    pub like: BTreeMap<String, String>,
    /// Percent that it loses for each that a quant takes on average.
    pub quant_sensitivity: f64,
    /// Of all that.
    pub provenance: Provenance,
}

impl Entry for Ability {
    const KIND: Kind = Kind::Ability;
    const NAMED: Named = Named::Other;

    fn id(&self) -> &str {
        &self.id
    }

    fn check(&self, _: &Catalog) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::positive("quant_sensitivity", Some(self.quant_sensitivity))?;
        check::must(!self.benchmarks.is_empty(), "benchmarks", message!(CatalogRuleBenchmarks))
    }
}

/// What somebody measured of several models, each alike: an entry of `catalog/scores.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// What abilities call it.
    pub id: String,
    /// Who measured.
    pub publisher: String,
    /// The day, month or year.
    pub date: String,
    /// Of each benchmark, the score of each model.
    pub scores: BTreeMap<String, BTreeMap<String, f64>>,
    /// Where it was published.
    pub provenance: Provenance,
}

impl Entry for Publication {
    const KIND: Kind = Kind::Publication;
    const NAMED: Named = Named::Other;

    fn id(&self) -> &str {
        &self.id
    }

    fn check(&self, _: &Catalog) -> Result<(), Violation> {
        check::id(&self.id)?;
        for (benchmark, scores) in &self.scores {
            for score in scores.values() {
                check::positive(&format!("scores.{benchmark}"), Some(*score))?;
            }
        }
        Ok(())
    }
}

/// What quants of one model lost by one measure: an entry of `catalog/quant-losses.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LossSeries {
    /// A name of its own.
    pub id: String,
    /// The model, of the catalog or of the shape of one.
    pub model: String,
    /// Its parameters.
    pub parameters: u64,
    /// What the losses are percentages of.
    pub yardstick: super::Yardstick,
    /// What was measured on.
    pub measure: String,
    /// Who measured.
    pub publisher: String,
    /// The day, month or year.
    #[serde(default)]
    pub date: Option<String>,
    /// Whether the result is an average of many benchmarks.
    #[serde(default)]
    pub overall: bool,
    /// The losses.
    pub points: Vec<LossPoint>,
    /// Where it was published.
    pub provenance: Provenance,
}

/// What a quant lost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LossPoint {
    /// As its makers call it.
    pub quant: String,
    /// Bits of a weight on average, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bits: Option<f64>,
    /// In percent of the unquantized result.
    #[serde(default)]
    pub percent: f64,
    /// By how much it was better instead, in percent.
    #[serde(default)]
    pub gain_percent: f64,
}

impl Entry for LossSeries {
    const KIND: Kind = Kind::LossSeries;
    const NAMED: Named = Named::Other;

    fn id(&self) -> &str {
        &self.id
    }

    fn check(&self, _: &Catalog) -> Result<(), Violation> {
        check::id(&self.id)?;
        check::positive("parameters", Some(self.parameters as f64))?;
        self.points.iter().try_for_each(|point| check::positive("points.bits", point.bits))
    }
}
