use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::table::{Entry, Violation};
use super::{Catalog, Named, check};
use crate::message;

/// A quantization that llama.cpp writes: an entry of `catalog/quants.toml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quant {
    /// The name as the hubs print it, such as `Q4_K_M`.
    pub id: String,
    /// One line of what it is good for.
    pub description: String,
    /// Whether the hubs make it with an importance matrix, which changes some tensor types.
    #[serde(default)]
    pub importance_matrix: bool,
    /// Whether its mix is a choice of its makers, so that only a published size is known.
    #[serde(default)]
    pub dynamic: bool,
    /// How commonly it is published and used.
    #[serde(default)]
    pub commonness: Commonness,
    /// What it costs in quality.
    pub loss: QuantLoss,
    /// What it costs on an R1 model, where that was measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measured_on: Vec<MeasuredLoss>,
}

impl Quant {
    /// What it loses on a model: as measured on that one, else in general.
    #[must_use]
    pub fn loss_on(&self, model: &str) -> Loss<'_> {
        let QuantLoss { percent, kl_divergence, yardstick, ref basis, ref source } = self.loss;
        let general = Loss { percent, kl_divergence, yardstick, basis, source };
        let measured = self.measured_on.iter().find(|loss| loss.models.iter().any(|id| id == model));
        measured.map_or(general, |loss| Loss {
            percent: Some(loss.percent),
            kl_divergence: None,
            yardstick: Some(loss.yardstick),
            basis: &loss.basis,
            source: &loss.source,
        })
    }
}

/// How commonly a quant is published and used: of two that are as good, people expect the more common one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Commonness {
    /// The one that tools take where nothing is said.
    Usual,
    /// Published of nearly every model.
    Common,
    /// Published of many.
    #[default]
    Known,
    /// Seldom published, or of an old kind that another has replaced.
    Rare,
}

/// What a quant loses on a model, as published; see [`QuantLoss`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loss<'a> {
    /// In percent of the unquantized result.
    pub percent: Option<f64>,
    /// Of the next token from the unquantized model's.
    pub kl_divergence: Option<f64>,
    /// What the percentage is of.
    pub yardstick: Option<Yardstick>,
    /// What was measured, on which model.
    pub basis: &'a str,
    /// Where it was published.
    pub source: &'a str,
}

/// What a quant costs in quality.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuantLoss {
    /// Loss on the measured yardstick, in percent of the unquantized result (0 = none).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<f64>,
    /// Mean Kullback-Leibler divergence of the next token from the unquantized model's, where published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kl_divergence: Option<f64>,
    /// What the percentage is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yardstick: Option<Yardstick>,
    /// What was measured, on which model.
    pub basis: String,
    /// Where it was published.
    pub source: String,
}

/// A loss measured on particular models.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasuredLoss {
    /// The ids of the models that it holds for.
    pub models: Vec<String>,
    /// In percent of the unquantized result.
    pub percent: f64,
    /// What the percentage is of.
    pub yardstick: Yardstick,
    /// What was measured, on which model.
    pub basis: String,
    /// Where it was published.
    pub source: String,
}

/// What a loss is a percentage of; losses on different yardsticks do not compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Yardstick {
    /// By how much perplexity rises.
    Perplexity,
    /// By how much a weighted average of benchmarks drops.
    Accuracy,
}

impl Entry for Quant {
    const KIND: Kind = Kind::Quant;
    const NAMED: Named = Named::Quant;

    fn id(&self) -> &str {
        &self.id
    }

    fn check(&self, _: &Catalog) -> Result<(), Violation> {
        let typeable = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || "-_".contains(c);
        check::must(
            self.id.starts_with(|c: char| c.is_ascii_alphanumeric()) && self.id.chars().all(typeable),
            "id",
            message!(CatalogRuleQuantId),
        )?;
        let not_negative = |path: &str, percent| check::must(percent >= 0.0, path, message!(CatalogRuleLoss));
        not_negative("loss.percent", self.loss.percent.unwrap_or(0.0))?;
        check::must(
            self.loss.percent.is_some() == self.loss.yardstick.is_some(),
            "loss.yardstick",
            message!(CatalogRuleYardstick),
        )?;
        for (at, measured) in self.measured_on.iter().enumerate() {
            let models = format!("measured_on.{at}.models");
            check::must(!measured.models.is_empty(), &models, message!(CatalogRuleModels))?;
            not_negative(&format!("measured_on.{at}.percent"), measured.percent)?;
        }
        Ok(())
    }
}
