use serde::Serialize;
use serde_json::Value;

use super::significance::Welch;
use crate::history::{Kept, Kind};

/// A kept result in a line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PastResult {
    /// Its number.
    pub id: i64,
    /// When it began.
    pub started_at: jiff::Timestamp,
    /// How it was measured.
    pub kind: Kind,
    /// What was measured.
    pub subject: String,
    /// What was measured of it.
    pub metrics: Vec<Metric>,
    /// What was made of it.
    pub verdict: Option<String>,
}

/// A figure of a result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Metric {
    /// What it is, with all that must be the same to be compared: `decode of 128 tokens`.
    pub name: String,
    /// Its unit.
    pub unit: &'static str,
    /// The mean, or the figure itself.
    pub mean: f64,
    /// Each repetition, where they were kept.
    pub samples: Vec<f64>,
    /// Whether more is better.
    pub more_is_better: bool,
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
    pub name: String,
    /// Its unit.
    pub unit: &'static str,
    /// Of the first.
    pub a: f64,
    /// Of the second.
    pub b: f64,
    /// The second as a multiple of the first.
    pub b_over_a: f64,
    /// Welch's t-test of the repetitions, where both kept two at least.
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
    /// What a kept result says in a line.
    #[must_use]
    pub fn of(kept: &Kept) -> Self {
        let metrics = match kept.kind {
            Kind::Local => ["prefill", "decode"]
                .iter()
                .filter_map(|test| timed(&kept.document, test))
                .chain(crowd(&kept.document))
                .collect(),
            Kind::Imported => {
                ["prefill", "decode"].iter().filter_map(|test| mean(&kept.document, test)).collect()
            }
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
            let other = b.metrics.iter().find(|other| other.name == metric.name)?;
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
            name: a.name.clone(),
            unit: a.unit,
            a: a.mean,
            b: b.mean,
            b_over_a: b.mean / a.mean,
            welch_t_test: test,
            verdict,
        }
    }
}

/// A test of a local measurement.
fn timed(document: &Value, test: &str) -> Option<Metric> {
    let timed = &document[test];
    let foretold = if document["extrapolation"].is_object() { ", foretold from slices" } else { "" };
    speed(test_name(test, timed)? + foretold, &timed["tokens_per_second"])
}

/// What people at once got together.
fn crowd(document: &Value) -> impl Iterator<Item = Metric> {
    let crowds = &document["concurrency"];
    let tokens = crowds["output_tokens"].as_u64().unwrap_or_default();
    let levels = crowds["levels"].as_array().map(Vec::as_slice).unwrap_or_default();
    levels.iter().filter_map(move |level| {
        let users = level["users"].as_u64()?;
        speed(format!("decode of {tokens} tokens, {users} at once"), &level["tokens_per_second"])
    })
}

/// A speed and each repetition of it.
fn speed(name: String, rates: &Value) -> Option<Metric> {
    let samples = rates["samples"].as_array()?;
    Some(Metric {
        name,
        unit: "tokens_per_second",
        mean: rates["mean"].as_f64()?,
        samples: samples.iter().filter_map(Value::as_f64).collect(),
        more_is_better: true,
    })
}

/// A test of an earlier version's measurement, of which the mean is left.
fn mean(document: &Value, test: &str) -> Option<Metric> {
    let timed = &document[test];
    Some(Metric {
        name: test_name(test, timed)?,
        unit: "tokens_per_second",
        mean: timed["tokens_per_second"].as_f64()?,
        samples: Vec::new(),
        more_is_better: true,
    })
}

fn test_name(test: &str, timed: &Value) -> Option<String> {
    let tokens = timed["tokens"].as_u64()?;
    Some(match timed["depth"].as_u64()? {
        0 => format!("{test} of {tokens} tokens"),
        depth => format!("{test} of {tokens} tokens at depth {depth}"),
    })
}

/// The figures of a served model, for each load.
fn served(document: &Value) -> Vec<Metric> {
    let loads = document["loads"].as_array().map(Vec::as_slice).unwrap_or_default();
    let figures = |load: &Value| {
        let under = match (
            load["load"]["concurrency"].as_u64(),
            load["load"]["offered_requests_per_second"].as_f64(),
        ) {
            (Some(users), _) => format!("{users} at once"),
            (None, rate) => format!("{:.3} req/s", rate.unwrap_or_default()),
        };
        [
            ("output", "tokens_per_second", "/output_tokens_per_second", true),
            ("TTFT p95", "seconds", "/ttft_seconds/p95", false),
            ("TPOT p95", "seconds", "/tpot_seconds/p95", false),
        ]
        .into_iter()
        .filter_map(|(name, unit, place, more_is_better)| {
            let mean = load.pointer(place)?.as_f64()?;
            Some(Metric { name: format!("{name}, {under}"), unit, mean, samples: Vec::new(), more_is_better })
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
    fn what_people_at_once_got_is_compared_and_what_slices_foretold_is_apart_from_the_whole() {
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
        let names: Vec<_> = compared.metrics.iter().map(|metric| metric.name.as_str()).collect();
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
        let names: Vec<_> = served.metrics.iter().map(|metric| metric.name.as_str()).collect();
        assert_eq!(names, ["output, 4 at once", "TTFT p95, 4 at once"]);
    }
}
