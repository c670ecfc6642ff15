use serde::Serialize;

use super::study::Study;
use crate::catalog::{Benchmark, Model};

/// What is published of a model that is among the options.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ModelFacts {
    /// The id.
    pub id: String,
    /// The name its makers gave it.
    pub name: String,
    /// All parameters.
    pub parameters: u64,
    /// Those that a token goes through.
    pub active_parameters: u64,
    /// The licence of its weights.
    pub licence: String,
    /// What that asks for, beyond keeping the notice, in the catalog's English.
    pub obligations: Vec<String>,
    /// Published results.
    pub benchmarks: Vec<PublishedResult>,
}

/// A published result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PublishedResult {
    /// The benchmark.
    pub benchmark: Benchmark,
    /// Percent.
    pub score: f64,
    /// Where it was published.
    pub source: String,
}

/// What models are told apart by: every size was published on these.
pub const COMPARED: [Benchmark; 4] =
    [Benchmark::Aime24, Benchmark::Math500, Benchmark::GpqaDiamond, Benchmark::Livecodebench];

/// The model that was asked for, then the smaller ones that are options.
pub(super) fn models(study: &Study<'_>) -> Vec<ModelFacts> {
    let others = study
        .candidates
        .iter()
        .filter(|candidate| !candidate.option.is_asked_model)
        .filter_map(|candidate| Some(candidate.way.machines()?.model));
    let mut found: Vec<&Model> = Vec::new();
    for model in std::iter::once(study.model).chain(others) {
        if !found.iter().any(|known| known.id == model.id) {
            found.push(model);
        }
    }
    found.into_iter().map(facts).collect()
}

fn facts(model: &Model) -> ModelFacts {
    let published = |benchmark: &Benchmark| {
        let score = model.benchmarks.get(benchmark)?;
        Some(PublishedResult { benchmark: *benchmark, score: score.score, source: score.source.clone() })
    };
    ModelFacts {
        id: model.id.clone(),
        name: model.name.clone(),
        parameters: model.parameters,
        active_parameters: model.active_parameters,
        licence: model.licence.id.clone(),
        obligations: model.licence.obligations.clone(),
        benchmarks: COMPARED.iter().filter_map(published).collect(),
    }
}
