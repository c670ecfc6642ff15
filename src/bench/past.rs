use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::Test;
use super::served::{Load, RequestRate};
use super::significance::Welch;
use crate::history::{Kept, Kind};

/// A saved result in a line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PastResult {
    /// Its number in the history.
    pub id: i64,
    /// When it began.
    pub started_at: jiff::Timestamp,
    /// How it was measured.
    pub kind: Kind,
    /// The model, file, or name on the server.
    pub subject: String,
    /// Its figures.
    pub metrics: Vec<Metric>,
    /// The kind of its verdict, as its document has it.
    pub verdict: Option<String>,
}

/// A figure of a result and its value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Metric {
    /// What it is.
    #[serde(rename = "name")]
    pub figure: Figure,
    /// Its unit.
    pub unit: Unit,
    /// The mean, or the value itself.
    pub mean: f64,
    /// Each repetition, where they were saved.
    pub samples: Vec<f64>,
    /// Whether more is better.
    pub more_is_better: bool,
}

/// What a value is of, with all that must be the same for two to be compared. Displays as the name that JSON and CSV
/// have of it, in every language: `decode of 128 tokens at depth 4096`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Figure {
    /// The speed of a local test.
    Test {
        /// Which test.
        test: Test,
        /// Tokens of a repetition.
        tokens: u64,
        /// Tokens in the KV cache before.
        depth: u64,
        /// Whether it was predicted from slices.
        sliced: bool,
    },
    /// The speed that several users of the bundled engine got together.
    Crowd {
        /// Tokens of each one's answer.
        tokens: u64,
        /// How many users.
        users: u64,
    },
    /// A figure of a served model.
    Served {
        /// Which.
        figure: ServedFigure,
        /// Under which load.
        load: Load,
    },
}

/// The figures of a served model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServedFigure {
    /// Output of all users per second.
    Output,
    /// The 95th percentile of the time to the first token.
    Ttft,
    /// The 95th percentile of the time per token after it.
    Tpot,
}

/// The unit of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Speed.
    TokensPerSecond,
    /// Time.
    Seconds,
}

impl Unit {
    /// The name that JSON and CSV have of it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::TokensPerSecond => "tokens_per_second",
            Self::Seconds => "seconds",
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Test { test, tokens, depth, sliced } => {
                write!(f, "{} of {tokens} tokens", test.key())?;
                if *depth > 0 {
                    write!(f, " at depth {depth}")?;
                }
                f.write_str(if *sliced { ", foretold from slices" } else { "" })
            }
            Self::Crowd { tokens, users } => write!(f, "decode of {tokens} tokens, {users} at once"),
            Self::Served { figure, load } => {
                f.write_str(match figure {
                    ServedFigure::Output => "output, ",
                    ServedFigure::Ttft => "TTFT p95, ",
                    ServedFigure::Tpot => "TPOT p95, ",
                })?;
                match load {
                    Load::Closed { concurrency } => write!(f, "{concurrency} at once"),
                    Load::Open { offered_requests_per_second: RequestRate(rate) } => {
                        write!(f, "{rate:.3} req/s")
                    }
                }
            }
        }
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Two results, held against each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ResultComparison {
    /// The first.
    pub a: PastResult,
    /// The second.
    pub b: PastResult,
    /// What both measured.
    pub metrics: Vec<MetricComparison>,
}

/// A figure of two results.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MetricComparison {
    /// What it is.
    #[serde(rename = "name")]
    pub figure: Figure,
    /// Its unit.
    pub unit: Unit,
    /// Of the first.
    pub a: f64,
    /// Of the second.
    pub b: f64,
    /// The second as a multiple of the first.
    pub b_over_a: f64,
    /// Welch's t-test of the repetitions, where both have two at least.
    pub welch_t_test: Option<Welch>,
    /// What is to be made of it.
    pub verdict: Difference,
}

/// What is to be made of two figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// The second is better, by more than chance.
    Better,
    /// The second is worse, by more than chance.
    Worse,
    /// Chance alone would often show as much.
    WithinChance,
    /// Without repetitions there is no telling.
    Untested,
}

impl PastResult {
    /// What a saved result says in a line.
    #[must_use]
    pub fn of(kept: &Kept) -> Self {
        let metrics = match kept.kind {
            Kind::Local => TESTS
                .iter()
                .filter_map(|test| timed(&kept.document, *test))
                .chain(crowd(&kept.document))
                .collect(),
            Kind::Imported => TESTS.iter().filter_map(|test| mean(&kept.document, *test)).collect(),
            Kind::Served => served(&kept.document),
        };
        let verdict = kept.document["verdict"]["kind"].as_str().map(str::to_owned);
        Self {
            id: kept.id,
            started_at: kept.started_at,
            kind: kept.kind,
            subject: kept.subject.clone(),
            metrics,
            verdict,
        }
    }
}

impl ResultComparison {
    /// Holds `b` against `a`.
    #[must_use]
    pub fn of(a: &Kept, b: &Kept) -> Self {
        let (a, b) = (PastResult::of(a), PastResult::of(b));
        let metrics = a.metrics.iter().filter_map(|metric| {
            let other = b.metrics.iter().find(|other| other.figure == metric.figure)?;
            Some(MetricComparison::of(metric, other))
        });
        Self { metrics: metrics.collect(), a, b }
    }
}

impl MetricComparison {
    fn of(a: &Metric, b: &Metric) -> Self {
        let test = Welch::of(&a.samples, &b.samples);
        let verdict = match test {
            None => Difference::Untested,
            Some(test) if !test.is_significant() => Difference::WithinChance,
            Some(_) if (b.mean > a.mean) == a.more_is_better => Difference::Better,
            Some(_) => Difference::Worse,
        };
        Self {
            figure: a.figure,
            unit: a.unit,
            a: a.mean,
            b: b.mean,
            b_over_a: b.mean / a.mean,
            welch_t_test: test,
            verdict,
        }
    }
}

const TESTS: [Test; 2] = [Test::Prefill, Test::Decode];

/// A test of a local measurement.
fn timed(document: &Value, test: Test) -> Option<Metric> {
    let timed = &document[test.key()];
    speed(test_figure(test, timed, document["extrapolation"].is_object())?, &timed["tokens_per_second"])
}

/// What several users at once got together.
fn crowd(document: &Value) -> impl Iterator<Item = Metric> {
    let crowds = &document["concurrency"];
    let tokens = crowds["output_tokens"].as_u64().unwrap_or_default();
    let levels = crowds["levels"].as_array().map(Vec::as_slice).unwrap_or_default();
    levels.iter().filter_map(move |level| {
        let users = level["users"].as_u64()?;
        speed(Figure::Crowd { tokens, users }, &level["tokens_per_second"])
    })
}

/// A speed and each repetition of it.
fn speed(figure: Figure, rates: &Value) -> Option<Metric> {
    let samples = rates["samples"].as_array()?;
    Some(Metric {
        figure,
        unit: Unit::TokensPerSecond,
        mean: rates["mean"].as_f64()?,
        samples: samples.iter().filter_map(Value::as_f64).collect(),
        more_is_better: true,
    })
}

/// A test of an earlier version's measurement, of which only the mean is left.
fn mean(document: &Value, test: Test) -> Option<Metric> {
    let timed = &document[test.key()];
    Some(Metric {
        figure: test_figure(test, timed, false)?,
        unit: Unit::TokensPerSecond,
        mean: timed["tokens_per_second"].as_f64()?,
        samples: Vec::new(),
        more_is_better: true,
    })
}

fn test_figure(test: Test, timed: &Value, sliced: bool) -> Option<Figure> {
    let (tokens, depth) = (timed["tokens"].as_u64()?, timed["depth"].as_u64()?);
    Some(Figure::Test { test, tokens, depth, sliced })
}

/// The figures of a served model, for each load.
fn served(document: &Value) -> Vec<Metric> {
    let loads = document["loads"].as_array().map(Vec::as_slice).unwrap_or_default();
    let figures = |entry: &Value| {
        let load = serde_json::from_value::<Load>(entry["load"].clone());
        let load = load.unwrap_or(Load::Open { offered_requests_per_second: RequestRate(0.0) });
        [
            (ServedFigure::Output, Unit::TokensPerSecond, "/output_tokens_per_second", true),
            (ServedFigure::Ttft, Unit::Seconds, "/ttft_seconds/p95", false),
            (ServedFigure::Tpot, Unit::Seconds, "/tpot_seconds/p95", false),
        ]
        .into_iter()
        .filter_map(|(figure, unit, place, more_is_better)| {
            let mean = entry.pointer(place)?.as_f64()?;
            let figure = Figure::Served { figure, load };
            Some(Metric { figure, unit, mean, samples: Vec::new(), more_is_better })
        })
        .collect::<Vec<_>>()
    };
    loads.iter().flat_map(figures).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kept(id: i64, kind: Kind, document: Value) -> Kept {
        let started_at = jiff::Timestamp::UNIX_EPOCH;
        Kept { id, started_at, kind, subject: "7b:Q4_K_M".into(), document }
    }

    fn local(id: i64, samples: &[f64]) -> Kept {
        let mean = samples.iter().sum::<f64>() / samples.len() as f64;
        let rates = json!({ "mean": mean, "stddev": 0.1, "samples": samples });
        kept(
            id,
            Kind::Local,
            json!({
                "decode": { "tokens": 128, "depth": 0, "tokens_per_second": rates },
                "prefill": null,
                "verdict": { "kind": "confirmed" },
            }),
        )
    }

    #[test]
    fn a_difference_counts_only_where_chance_seldom_shows_it() {
        let verdict = |a: &[f64], b: &[f64]| {
            let comparison = ResultComparison::of(&local(1, a), &local(2, b));
            assert_eq!(comparison.metrics.len(), 1);
            comparison.metrics[0].verdict
        };
        let quiet = [20.0, 20.1, 19.9];
        assert_eq!(verdict(&quiet, &[22.0, 22.1, 21.9]), Difference::Better);
        assert_eq!(verdict(&quiet, &[18.0, 18.1, 17.9]), Difference::Worse);
        assert_eq!(verdict(&quiet, &[15.0, 27.0, 24.0]), Difference::WithinChance);
        assert_eq!(verdict(&quiet, &[25.0]), Difference::Untested);
    }

    #[test]
    fn what_users_at_once_got_is_compared_and_what_slices_predict_is_apart_from_the_whole() {
        let rates = |speed: f64| json!({ "mean": speed, "samples": [speed, speed * 1.01] });
        let whole = local(1, &[20.0, 20.1]);
        let mut foretold = whole.clone();
        foretold.document["extrapolation"] = json!({ "layers": 28 });
        assert_eq!(ResultComparison::of(&whole, &foretold).metrics, []);
        let crowd = |speed: f64| {
            let levels = json!([{ "users": 8, "tokens_per_second": rates(speed) }, { "users": 64, "tokens_per_second": null }]);
            let mut kept = whole.clone();
            kept.document["concurrency"] = json!({ "output_tokens": 128, "levels": levels });
            kept
        };
        let compared = ResultComparison::of(&crowd(100.0), &crowd(150.0));
        let names: Vec<_> = compared.metrics.iter().map(|metric| metric.figure.to_string()).collect();
        assert_eq!(names, ["decode of 128 tokens", "decode of 128 tokens, 8 at once"]);
        assert!((compared.metrics[1].b_over_a - 1.5).abs() < 1e-9);
    }

    #[test]
    fn only_what_was_measured_alike_is_compared() {
        let mut deeper = local(2, &[1.0, 2.0]);
        deeper.document["decode"]["depth"] = json!(4096);
        assert!(ResultComparison::of(&local(1, &[1.0, 2.0]), &deeper).metrics.is_empty());
        let imported = kept(
            3,
            Kind::Imported,
            json!({ "decode": { "tokens": 128, "depth": 0, "tokens_per_second": 3.0 } }),
        );
        let metrics = ResultComparison::of(&local(1, &[1.5, 1.5]), &imported).metrics;
        assert!((metrics[0].b_over_a - 2.0).abs() < 1e-12);
        let load = json!({ "load": { "kind": "closed", "concurrency": 4 }, "output_tokens_per_second": 80.0,
            "ttft_seconds": { "p95": 0.5 }, "tpot_seconds": null });
        let served = PastResult::of(&kept(4, Kind::Served, json!({ "loads": [load] })));
        let names: Vec<_> = served.metrics.iter().map(|metric| metric.figure.to_string()).collect();
        assert_eq!(names, ["output, 4 at once", "TTFT p95, 4 at once"]);
    }
}
