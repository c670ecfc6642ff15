//! What each model can do, from all that was published.
//!
//! A model that the defining publication of an ability measured has the mean of its benchmarks. Any other is placed among
//! those by lines: through the models that a further benchmark was published of as well, by its size, by what was published
//! of it on benchmarks of everything, and, where no benchmark of the ability is, by the abilities that are known of it. The interval is as wide as those
//! lines fit, and never narrower for there being several: they are drawn through the same few models.

use std::collections::BTreeMap;

use crate::catalog::{Ability, Catalog, Model, Publication};
use crate::estimate::Interval;

/// How far off a score is as a stand-in for another version or another publisher's run of its benchmark, in points: the
/// same models differ by 0 to 6 between `LiveBench`'s releases, and by 6 between two reports of `IFEval`.
const ACROSS_PUBLICATIONS: f64 = 5.0;

/// The same where only one or two models are there to compare with.
const BY_ONE_SIBLING: f64 = 8.0;

/// How far an ability that hardly anybody measured may be from what the others suggest.
const UNMEASURED: f64 = 12.0;

/// From a standard error to the bounds of an 80 % interval.
const EIGHTY_PERCENT: f64 = 1.28;

/// The fewest models to draw a line through.
const LINE: usize = 3;

/// How much of an ability a model has, in percent of what its benchmarks ask.
#[derive(Clone, Debug, PartialEq)]
pub struct AbilityScore<'a> {
    /// The ability.
    pub ability: &'a Ability,
    /// In percent.
    pub score: f64,
    /// Its standard error, in points.
    pub error: f64,
    /// What it is from.
    pub basis: AbilityBasis<'a>,
}

/// What an ability's score is from.
#[derive(Clone, Debug, PartialEq)]
pub enum AbilityBasis<'a> {
    /// The mean of its benchmarks, measured alike.
    Measured(Vec<(&'a str, f64, &'a Publication)>),
    /// Other benchmarks that tell of it, or its own by other publishers.
    Related(Vec<(&'a str, f64, &'a Publication)>),
    /// The size, other abilities, benchmarks of everything.
    Imputed,
}

impl AbilityScore<'_> {
    /// The 80 % interval.
    #[must_use]
    pub fn interval(&self) -> Interval {
        let half = self.half_width();
        Interval { low: (self.score - half).max(0.0), high: (self.score + half).min(100.0) }
    }

    /// Half of the 80 % interval.
    #[must_use]
    pub fn half_width(&self) -> f64 {
        EIGHTY_PERCENT * self.error
    }
}

/// The abilities of every model.
#[derive(Clone, Debug, Default)]
pub struct Abilities<'a> {
    of_model: BTreeMap<&'a str, Vec<AbilityScore<'a>>>,
}

impl<'a> Abilities<'a> {
    /// From all that the catalog has; empty where it cannot be read.
    #[must_use]
    pub fn of(catalog: &'a Catalog) -> Self {
        let (Ok(abilities), Ok(publications)) = (catalog.abilities(), catalog.publications()) else {
            return Self::default();
        };
        let study = Study { models: catalog.models(), publications };
        let mut of_model: BTreeMap<&str, Vec<AbilityScore<'a>>> = BTreeMap::new();
        let measured: Vec<Measured<'a>> = abilities.iter().filter_map(|one| study.measured(one)).collect();
        // What sets benchmarks of one ability apart, on average: for those that are one benchmark.
        let spreads: Vec<f64> = measured.iter().filter_map(|one| one.spread).collect();
        let usual = spreads.iter().sum::<f64>() / spreads.len().max(1) as f64;
        for model in catalog.models() {
            let known: Vec<Option<AbilityScore<'a>>> = measured
                .iter()
                .map(|one| one.score_of(model, usual).or_else(|| study.related(one, model, &measured)))
                .collect();
            let scores = measured.iter().zip(&known).map(|(one, score)| {
                score.clone().unwrap_or_else(|| study.imputed(one, model, &measured, &known))
            });
            of_model.insert(&model.id, scores.collect());
        }
        Self { of_model }
    }

    /// Those of a model, in the order of the catalog.
    #[must_use]
    pub fn of_model(&self, model: &str) -> &[AbilityScore<'a>] {
        self.of_model.get(model).map_or(&[], Vec::as_slice)
    }
}

/// What an ability's own publication has of it.
struct Measured<'a> {
    ability: &'a Ability,
    publication: &'a Publication,
    /// The mean of its benchmarks, of each model that has all.
    means: BTreeMap<&'a str, f64>,
    /// By how much its benchmarks disagree on a model, in points; none of a single one.
    spread: Option<f64>,
}

impl<'a> Measured<'a> {
    fn score_of(&self, model: &Model, usual_spread: f64) -> Option<AbilityScore<'a>> {
        let score = *self.means.get(model.id.as_str())?;
        let count = self.ability.benchmarks.len() as f64;
        let benchmarks = self.ability.benchmarks.iter().filter_map(|name| {
            Some((name.as_str(), *self.publication.scores.get(name)?.get(&model.id)?, self.publication))
        });
        Some(AbilityScore {
            ability: self.ability,
            score,
            error: self.spread.unwrap_or(usual_spread) / count.sqrt(),
            basis: AbilityBasis::Measured(benchmarks.collect()),
        })
    }
}

/// Where a model would be by one line.
#[derive(Clone, Copy, Debug)]
struct Guess {
    score: f64,
    error: f64,
}

struct Study<'a> {
    models: &'a [Model],
    publications: &'a [Publication],
}

impl<'a> Study<'a> {
    fn measured(&self, ability: &'a Ability) -> Option<Measured<'a>> {
        let publication = self.publications.iter().find(|one| one.id == ability.measured_by)?;
        let tables: Vec<_> =
            ability.benchmarks.iter().map(|name| publication.scores.get(name)).collect::<Option<_>>()?;
        let all_of = |model: &'a Model| {
            let scores = tables.iter().map(|table| table.get(&model.id).copied());
            Some((model.id.as_str(), scores.collect::<Option<Vec<f64>>>()?))
        };
        let rows: Vec<(&str, Vec<f64>)> = self.models.iter().filter_map(all_of).collect();
        let means = rows.iter().map(|(model, scores)| (*model, mean(scores))).collect();
        Some(Measured { ability, publication, means, spread: disagreement(&rows) })
    }

    /// Where other benchmarks of an ability put a model.
    fn related(
        &self,
        measured: &Measured<'a>,
        model: &Model,
        all: &[Measured<'a>],
    ) -> Option<AbilityScore<'a>> {
        let Ability { benchmarks, others, like, .. } = measured.ability;
        let mut found = Vec::new();
        let mut guesses = Vec::new();
        for name in benchmarks.iter().chain(others).chain(like.keys()) {
            for publication in self.publications {
                let Some((table, score)) =
                    publication.scores.get(name).and_then(|table| Some((table, *table.get(&model.id)?)))
                else {
                    continue;
                };
                if let Some(guess) = self.by_benchmark(measured, name, table, score) {
                    guesses.push(guess);
                    found.push((name.as_str(), score, publication));
                }
            }
        }
        // A benchmark or two say more of the benchmark than of the model: its size and the broad ones hold it back.
        let by_benchmarks = together(&guesses)?;
        guesses.extend(self.in_general(measured, model, all));
        let Guess { score, error } = together(&guesses)?;
        let error = error.max(by_benchmarks.error);
        Some(AbilityScore { ability: measured.ability, score, error, basis: AbilityBasis::Related(found) })
    }

    fn by_benchmark(
        &self,
        measured: &Measured<'a>,
        name: &str,
        table: &BTreeMap<String, f64>,
        score: f64,
    ) -> Option<Guess> {
        let here = pairs(table, &measured.means);
        if here.len() >= LINE {
            return line(&here, score);
        }
        if !here.is_empty() {
            let offsets: Vec<f64> = here.iter().map(|(other, ability)| ability + score - other).collect();
            return Some(Guess { score: mean(&offsets), error: BY_ONE_SIBLING });
        }
        let name = measured.ability.like.get(name).map_or(name, String::as_str);
        let elsewhere = self.publications.iter().filter_map(|other| other.scores.get(name));
        let reference = elsewhere.map(|table| pairs(table, &measured.means)).max_by_key(Vec::len)?;
        let Guess { score, error } = line(&reference, score)?;
        Some(Guess { score, error: error.hypot(ACROSS_PUBLICATIONS) })
    }

    /// Where its size and benchmarks of no ability in particular put a model.
    fn in_general(&self, measured: &Measured<'a>, model: &Model, all: &[Measured<'a>]) -> Vec<Guess> {
        let mut guesses = Vec::new();
        let sizes = self.models.iter().filter_map(|other| {
            Some(((other.parameters as f64).ln(), *measured.means.get(other.id.as_str())?))
        });
        guesses.extend(line(&sizes.collect::<Vec<_>>(), (model.parameters as f64).ln()));
        for publication in self.publications {
            for (name, table) in &publication.scores {
                let is_of_ability = all.iter().any(|one| {
                    let Ability { benchmarks, others, like, .. } = one.ability;
                    benchmarks.contains(name) || others.contains(name) || like.contains_key(name)
                });
                let score = table.get(&model.id).filter(|_| !is_of_ability);
                guesses.extend(score.and_then(|score| line(&pairs(table, &measured.means), *score)));
            }
        }
        guesses
    }

    /// An ability that nothing was published of: by the model's size, by benchmarks of no ability in particular, and by
    /// the abilities that are known.
    fn imputed(
        &self,
        measured: &Measured<'a>,
        model: &Model,
        all: &[Measured<'a>],
        known: &[Option<AbilityScore<'a>>],
    ) -> AbilityScore<'a> {
        let mut guesses = self.in_general(measured, model, all);
        // The mean of what is known of it, against the same mean of the others.
        let shared: Vec<(&Measured<'a>, f64)> =
            all.iter().zip(known).filter_map(|(one, score)| Some((one, score.as_ref()?.score))).collect();
        let own = mean(&shared.iter().map(|(_, score)| *score).collect::<Vec<_>>());
        let others: Vec<(f64, f64)> = measured
            .means
            .iter()
            .filter_map(|(other, ability)| {
                let scores = shared.iter().map(|(one, _)| one.means.get(other).copied());
                Some((mean(&scores.collect::<Option<Vec<_>>>()?), *ability))
            })
            .collect();
        guesses.extend(line(&others, own));
        if guesses.is_empty() {
            let offsets: Vec<f64> = others.iter().map(|(other, ability)| ability + own - other).collect();
            let score = if offsets.is_empty() { own } else { mean(&offsets) };
            guesses.push(Guess { score, error: UNMEASURED });
        }
        let Guess { score, error } = together(&guesses).unwrap_or(Guess { score: own, error: UNMEASURED });
        AbilityScore { ability: measured.ability, score, error, basis: AbilityBasis::Imputed }
    }
}

/// A benchmark's scores beside the ability, of the models that have both.
fn pairs(table: &BTreeMap<String, f64>, ability: &BTreeMap<&str, f64>) -> Vec<(f64, f64)> {
    table.iter().filter_map(|(model, score)| Some((*score, *ability.get(model.as_str())?))).collect()
}

/// Where the line of least squares through `points` is at `at`, and how far off it may be: by what it leaves, more so
/// outside of the points.
fn line(points: &[(f64, f64)], at: f64) -> Option<Guess> {
    let count = points.len() as f64;
    if points.len() < LINE {
        return None;
    }
    let (middle, level) =
        (points.iter().map(|p| p.0).sum::<f64>() / count, points.iter().map(|p| p.1).sum::<f64>() / count);
    let width: f64 = points.iter().map(|p| (p.0 - middle).powi(2)).sum();
    if width <= 0.0 {
        return None;
    }
    let slope = points.iter().map(|p| (p.0 - middle) * (p.1 - level)).sum::<f64>() / width;
    let left: f64 = points.iter().map(|p| (p.1 - level - slope * (p.0 - middle)).powi(2)).sum();
    let variance = left / (count - 2.0) * (1.0 + 1.0 / count + (at - middle).powi(2) / width);
    Some(Guess { score: level + slope * (at - middle), error: variance.sqrt() })
}

/// Guesses weighed by how sure they are of themselves. Together they are as sure as on average: they are drawn through
/// the same models.
fn together(guesses: &[Guess]) -> Option<Guess> {
    let weight = |guess: &Guess| guess.error.max(1.0).powi(-2);
    let all: f64 = guesses.iter().map(weight).sum();
    (all > 0.0).then(|| {
        let score = guesses.iter().map(|guess| weight(guess) * guess.score).sum::<f64>() / all;
        let variance =
            guesses.iter().map(|guess| weight(guess) * guess.error.max(1.0).powi(2)).sum::<f64>() / all;
        let apart =
            guesses.iter().map(|guess| weight(guess) * (guess.score - score).powi(2)).sum::<f64>() / all;
        // Where they contradict each other, none is to be believed as far as it says.
        Guess { score: score.clamp(0.0, 100.0), error: (variance + apart).sqrt() }
    })
}

fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len().max(1) as f64
}

/// What is left of scores when each model's level and each benchmark's are taken off, as a standard deviation.
fn disagreement(rows: &[(&str, Vec<f64>)]) -> Option<f64> {
    let (models, benchmarks) = (rows.len(), rows.first()?.1.len());
    if models < 2 || benchmarks < 2 {
        return None;
    }
    let column = |at: usize| mean(&rows.iter().map(|(_, scores)| scores[at]).collect::<Vec<_>>());
    let columns: Vec<f64> = (0..benchmarks).map(column).collect();
    let all = mean(&columns);
    let left = rows.iter().flat_map(|(_, scores)| {
        let own = mean(scores);
        scores.iter().zip(&columns).map(move |(score, column)| (score - own - column + all).powi(2))
    });
    Some((left.sum::<f64>() / ((models - 1) * (benchmarks - 1)) as f64).sqrt())
}
