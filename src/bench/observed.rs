//! What saved results say of a deployment's speed, for plans to be based on.

use serde_json::Value;

use crate::capacity::Observation;
use crate::units::Seconds;

/// The waits of the heaviest load of a served measurement that was answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ObservedWaits {
    /// Requests in flight.
    pub in_flight: f64,
    /// The 95th percentile of the wait for the first token.
    pub ttft_p95: Seconds,
    /// The 95th percentile of the time between tokens.
    pub tpot_p95: Seconds,
}

/// The loads of a measurement, be it local or of a server, as `--format json` tells it; none of what was disturbed.
#[must_use]
pub fn observations(document: &Value) -> Vec<Observation> {
    match document["loads"].as_array() {
        Some(loads) => loads.iter().filter_map(|load| of_load(load, &document["workload"])).collect(),
        None if document["verdict"]["kind"] == "disturbed" => Vec::new(),
        None => of_local(document),
    }
}

/// The waits of the heaviest load that a measurement of a server put on it.
#[must_use]
pub fn observed_waits(document: &Value) -> Option<ObservedWaits> {
    let loads = document["loads"].as_array()?.iter();
    let waits = loads.filter_map(|load| {
        let p95 = |time: &str| load[time]["p95"].as_f64().map(Seconds);
        Some(ObservedWaits {
            in_flight: in_flight(load)?,
            ttft_p95: p95("ttft_seconds")?,
            tpot_p95: p95("tpot_seconds")?,
        })
    });
    waits.max_by(|a, b| a.in_flight.total_cmp(&b.in_flight))
}

/// Requests in flight: those that were held, or by Little's law.
fn in_flight(load: &Value) -> Option<f64> {
    let held = load["load"]["concurrency"].as_f64();
    held.or_else(|| {
        Some(load["requests_per_second"].as_f64()? * load["end_to_end_seconds"]["mean"].as_f64()?)
    })
}

fn of_load(load: &Value, workload: &Value) -> Option<Observation> {
    let completed = load["requests"]["completed"].as_f64().filter(|count| *count > 0.0)?;
    let tokens = &load["tokens"];
    let counted = tokens["prompt"].as_f64().filter(|count| *count > 0.0);
    let prompt = counted.map_or_else(|| workload["prompt_tokens"].as_f64(), |all| Some(all / completed))?;
    let cached = tokens["prompt_cached"].as_f64().unwrap_or(0.0) / completed;
    Some(Observation {
        in_flight: in_flight(load)?,
        prompt_tokens: (prompt - cached).max(1.0),
        output_tokens: tokens["output"].as_f64()? / completed,
        is_steady: true,
        tpot: load["tpot_seconds"]["mean"].as_f64().map(Seconds),
        ttft: load["ttft_seconds"]["p50"].as_f64().map(Seconds),
    })
}

/// Prefill and decode of one sequence, and of several that are answered side by side.
fn of_local(document: &Value) -> Vec<Observation> {
    let nothing = Observation {
        in_flight: 1.0,
        prompt_tokens: 1.0,
        output_tokens: 1.0,
        is_steady: false,
        tpot: None,
        ttft: None,
    };
    let timed = |test: &str| {
        let timed = &document[test];
        let speed = timed["tokens_per_second"]["mean"].as_f64().filter(|speed| *speed > 0.0)?;
        Some((timed["tokens"].as_f64()?, timed["depth"].as_f64()?, speed))
    };
    // A prompt behind others also attends to those.
    let prefill = timed("prefill").filter(|(_, depth, _)| *depth == 0.0);
    let prefill = prefill.map(|(tokens, _, speed)| Observation {
        prompt_tokens: tokens,
        ttft: Some(Seconds(tokens / speed)),
        ..nothing
    });
    let decode = timed("decode").map(|(tokens, depth, speed)| Observation {
        prompt_tokens: depth.max(1.0),
        output_tokens: tokens,
        tpot: Some(Seconds(1.0 / speed)),
        ..nothing
    });
    let crowds = &document["concurrency"];
    let levels = crowds["levels"].as_array().map(Vec::as_slice).unwrap_or_default();
    let crowd = levels.iter().filter_map(|level| {
        let each = level["tokens_per_second_per_user"].as_f64().filter(|speed| *speed > 0.0)?;
        Some(Observation {
            in_flight: level["users"].as_f64()?,
            prompt_tokens: crowds["prompt_tokens"].as_f64()?,
            output_tokens: crowds["output_tokens"].as_f64()?,
            tpot: Some(Seconds(1.0 / each)),
            ..nothing
        })
    });
    prefill.into_iter().chain(decode).chain(crowd).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_served_load_is_observed_by_its_means_and_an_open_one_by_littles_law() {
        let load = |load: Value| {
            json!({
                "load": load, "requests": { "completed": 10 }, "requests_per_second": 2.0,
                "tokens": { "prompt": 5000, "prompt_cached": 1000, "output": 2000 },
                "ttft_seconds": { "p50": 0.4, "p95": 0.9 }, "tpot_seconds": { "mean": 0.02, "p95": 0.03 },
                "end_to_end_seconds": { "mean": 4.5 },
            })
        };
        let open = load(json!({ "kind": "open", "offered_requests_per_second": 2.0 }));
        let document = json!({
            "workload": { "prompt_tokens": 512 },
            "loads": [open, load(json!({ "kind": "closed", "concurrency": 4 })), { "load": {}, "requests": { "completed": 0 } }],
        });
        let seen = observations(&document);
        assert_eq!(seen.len(), 2);
        assert!((seen[0].in_flight - 9.0).abs() < 1e-12 && (seen[1].in_flight - 4.0).abs() < 1e-12);
        assert!((seen[1].prompt_tokens - 400.0).abs() < 1e-12, "what was cached is not prefilled");
        assert_eq!((seen[1].tpot, seen[1].ttft), (Some(Seconds(0.02)), Some(Seconds(0.4))));
        let waits = observed_waits(&document).unwrap();
        assert!((waits.in_flight - 9.0).abs() < 1e-12);
        assert_eq!((waits.ttft_p95, waits.tpot_p95), (Seconds(0.9), Seconds(0.03)));
    }

    #[test]
    fn a_local_measurement_is_observed_alone_and_by_the_crowd_unless_it_was_disturbed() {
        let rate = |speed: f64| json!({ "mean": speed });
        let mut document = json!({
            "prefill": { "tokens": 512, "depth": 0, "tokens_per_second": rate(1024.0) },
            "decode": { "tokens": 128, "depth": 4096, "tokens_per_second": rate(50.0) },
            "concurrency": { "prompt_tokens": 512, "output_tokens": 128, "levels": [
                { "users": 8, "tokens_per_second_per_user": 20.0 }, { "users": 64, "tokens_per_second_per_user": null },
            ] },
            "verdict": { "kind": "confirmed" },
        });
        let seen: Vec<_> = observations(&document)
            .iter()
            .map(|one| (one.in_flight, one.prompt_tokens, one.tpot.map(|it| it.0), one.ttft.map(|it| it.0)))
            .collect();
        assert_eq!(
            seen,
            [(1.0, 512.0, None, Some(0.5)), (1.0, 4096.0, Some(0.02), None), (8.0, 512.0, Some(0.05), None)]
        );
        document["verdict"]["kind"] = json!("disturbed");
        assert_eq!(observations(&document), []);
    }
}
