//! The speed model against single published figures, its laws, and what it learns from the machine.

use std::fs;
use std::sync::LazyLock;

use proptest::prelude::*;
use r1_advisor::catalog::{Catalog, Counted, Wish, describe};
use r1_advisor::estimate::{Fit, Placement, PredictedRate, Reserve, Site, Subject, Task, place_layers};
use r1_advisor::machine::Machine;
use r1_advisor::run_config::RunConfig;
use r1_advisor::units::{Bandwidth, Bytes};
use serde_json::{Value, json};

use crate::support::schema::assert_keeps;
use crate::support::{Ran, program};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().expect("the embedded catalog"));

fn machine(name: &str, count: u32) -> Machine {
    let wish = Wish {
        gpus: Some(vec![Counted { name, count }]),
        ram: Some(Bytes::gib(512)),
        cpu: Some(Counted { name: "EPYC 9654", count: 1 }),
        ..Wish::default()
    };
    describe(&wish, &CATALOG).expect("the catalog knows it")
}

fn subject(model: &str, quant: &str) -> Subject<'static> {
    let model = CATALOG.model(model).expect("a model");
    Subject::of(model, CATALOG.quant(quant).expect("a quant")).expect("a rule")
}

/// Asks for the speed of a model whose layers are all on the GPUs.
fn on_gpus<T>(subject: &Subject<'_>, machine: &Machine, ask: impl Fn(&Site<'_>, &Placement) -> T) -> T {
    let config = RunConfig::default();
    let reserve = Reserve::for_machine(machine);
    let calibration = CATALOG.calibration();
    let site =
        Site { subject, machine, config: &config, task: Task::USUAL, reserve, backend: None, calibration };
    let (Fit::Fits(placement) | Fit::TooLarge { nearest: placement, .. }) = place_layers(&site, u32::MAX);
    ask(&site, &placement)
}

fn prefill(subject: &Subject<'_>, machine: &Machine, tokens: u32) -> f64 {
    on_gpus(subject, machine, |site, placement| {
        site.speed(placement).prefill(tokens).expect("all rates are known").tokens_per_second
    })
}

fn decode(subject: &Subject<'_>, machine: &Machine, depth: u32) -> f64 {
    on_gpus(subject, machine, |site, placement| {
        site.speed(placement).decode(depth).expect("all rates are known").tokens_per_second
    })
}

#[test]
fn reading_the_cache_takes_as_long_as_was_measured() {
    // 8B Q4_0 on an RTX 5080, llama-bench: 148.35 tok/s at 0 and 105.32 at 16384 tokens of depth, so 2.75 ms more
    // for 2.15 GB of keys and values (github.com/AlexsJones/llmfit, benchmark_cache.json, 2026-06-29).
    let (subject, machine) = (subject("8b", "Q4_0"), machine("RTX 5080", 1));
    let more = 1.0 / decode(&subject, &machine, 16_384) - 1.0 / decode(&subject, &machine, 0);
    assert!((more / 2.754e-3 - 1.0).abs() < 0.15, "{:.3} ms", more * 1e3);
}

#[test]
fn two_cards_prefill_a_long_prompt_as_a_pipeline() {
    // 8B Q4_K_M, 4096 tokens: 5265.68 tok/s on one RTX 4090 and 8422.04 on two, 1.60 times as fast; four micro-batches
    // through two stages are ideally 4 × 2 / (4 + 2 − 1) = 1.6 (github.com/XiongjieDai/GPU-Benchmarks-on-LLM-Inference).
    let subject = subject("8b", "Q4_K_M");
    let ratio =
        prefill(&subject, &machine("RTX 4090", 2), 4096) / prefill(&subject, &machine("RTX 4090", 1), 4096);
    assert!((1.35..=1.601).contains(&ratio), "{ratio:.3}");
    let short =
        prefill(&subject, &machine("RTX 4090", 2), 512) / prefill(&subject, &machine("RTX 4090", 1), 512);
    assert!((short - 1.0).abs() < 1e-9, "one micro-batch has nothing to overlap: {short:.3}");
}

#[test]
fn a_split_by_layers_decodes_at_one_cards_speed() {
    // 70B Q4_K_M: 19.22 tok/s on two RTX 4090 and 19.80 on four (the same source).
    let subject = subject("70b", "Q4_K_M");
    let (two, four) =
        (decode(&subject, &machine("RTX 4090", 2), 256), decode(&subject, &machine("RTX 4090", 4), 256));
    assert!((four / two - 1.0).abs() < 0.05, "{two:.1} and {four:.1}");
    assert!((two / 19.22 - 1.0).abs() < 0.15, "{two:.1}");
}

proptest! {
    #[test]
    fn more_bandwidth_never_decodes_slower(
        card in proptest::sample::select(&["RTX 4090", "RTX 3060 12 GB", "H100 SXM5 80GB", "RX 7900 XTX", "Arc B580"][..]),
        model in proptest::sample::select(&["1.5b", "7b", "14b", "70b", "671b"][..]),
        more in 1.0f64..4.0,
        depth in 0u32..8_000,
    ) {
        let subject = subject(model, "Q4_K_M");
        let before = machine(card, 1);
        let mut after = before.clone();
        let bandwidth = before.gpus[0].bandwidth_bytes_per_second.expect("known").0;
        after.gpus[0].bandwidth_bytes_per_second = Some(Bandwidth(bandwidth * more));
        prop_assert!(decode(&subject, &after, depth) >= decode(&subject, &before, depth));
    }

    #[test]
    fn more_cards_never_prefill_slower(
        card in proptest::sample::select(&["RTX 4090", "H100 SXM5 80GB", "RX 7900 XTX"][..]),
        count in 1u32..8,
        tokens in 1u32..8_000,
    ) {
        let subject = subject("32b", "Q4_K_M");
        let few = prefill(&subject, &machine(card, count), tokens);
        let many = prefill(&subject, &machine(card, count + 1), tokens);
        prop_assert!(many >= few * 0.999, "{few} and {many}");
    }
}

/// What each of so many sequences decodes, wherever the layers are.
fn each(subject: &Subject<'_>, machine: &Machine, layers: u32, sequences: u32, depth: u32) -> PredictedRate {
    let config = RunConfig { sequences, ..RunConfig::default() };
    let reserve = Reserve::for_machine(machine);
    let calibration = CATALOG.calibration();
    let site =
        Site { subject, machine, config: &config, task: Task::USUAL, reserve, backend: None, calibration };
    let (Fit::Fits(placement) | Fit::TooLarge { nearest: placement, .. }) = place_layers(&site, layers);
    let speed = site.speed(&placement).prepared();
    if sequences == 1 {
        assert_eq!(speed.decode(f64::from(depth)), speed.alone().decode(f64::from(depth)));
    }
    speed.decode(f64::from(depth)).expect("all rates are known")
}

#[test]
fn one_sequence_is_as_fast_as_where_there_is_room_for_more() {
    let (subject, machine) = (subject("671b", "Q4_K_M"), machine("H100 SXM5 80GB", 8));
    let config = RunConfig { sequences: 8, ..RunConfig::default() };
    let calibration = CATALOG.calibration();
    let reserve = Reserve::for_machine(&machine);
    let site = Site {
        subject: &subject,
        machine: &machine,
        config: &config,
        task: Task::USUAL,
        reserve,
        backend: None,
        calibration,
    };
    let (Fit::Fits(placement) | Fit::TooLarge { nearest: placement, .. }) = place_layers(&site, u32::MAX);
    let speed = site.speed(&placement).prepared();
    let one = RunConfig { sequences: 1, ..config.clone() };
    let alone = Site { config: &one, ..site }.speed(&placement).prepared();
    assert_eq!(speed.alone().decode(1000.0), alone.decode(1000.0));
    assert!(
        speed.decode(1000.0).unwrap().tokens_per_second < alone.decode(1000.0).unwrap().tokens_per_second
    );
}

#[test]
fn many_sequences_are_told_with_a_wider_interval() {
    let (subject, machine) = (subject("7b", "Q4_K_M"), machine("RTX 4090", 1));
    let share = |rate: PredictedRate| (rate.interval.low, rate.interval.high, rate.tokens_per_second);
    let (low, high, rate) = share(each(&subject, &machine, u32::MAX, 4, 0));
    let (low_alone, high_alone, alone) = share(each(&subject, &machine, u32::MAX, 1, 0));
    assert!(low / rate < low_alone / alone && high / rate > high_alone / alone);
    let all = each(&subject, &machine, u32::MAX, 4, 0).of_all(4);
    assert!((all.tokens_per_second / rate - 4.0).abs() < 1e-9 && (all.interval.low / low - 4.0).abs() < 1e-9);
}

proptest! {
    #[test]
    fn more_sequences_get_more_together_and_less_each(
        card in proptest::sample::select(&["RTX 4090", "RTX 3060 12 GB", "H100 SXM5 80GB", "RX 7900 XTX", "Arc B580", "Tesla P40"][..]),
        cards in 1u32..4,
        model in proptest::sample::select(&["1.5b", "7b", "14b", "70b", "671b"][..]),
        quant in proptest::sample::select(&["Q2_K", "Q4_K_M", "Q8_0"][..]),
        on_gpus in proptest::sample::select(&[0u32, 7, u32::MAX][..]),
        sequences in 1u32..64,
        more in 1u32..64,
        depth in 0u32..8_000,
    ) {
        let (subject, machine) = (subject(model, quant), machine(card, cards));
        let few = each(&subject, &machine, on_gpus, sequences, depth);
        let many = each(&subject, &machine, on_gpus, sequences + more, depth);
        let (few_in_all, many_in_all) = (few.of_all(sequences), many.of_all(sequences + more));
        prop_assert!(many.tokens_per_second <= few.tokens_per_second * (1.0 + 1e-9), "{few:?} and {many:?}");
        let (few, many) = (few_in_all.tokens_per_second, many_in_all.tokens_per_second);
        prop_assert!(many >= few * (1.0 - 1e-9), "{few} and {many} in all");
    }
}

fn run(data: &std::path::Path, arguments: &[&str]) -> Ran {
    program(arguments).home(data).run()
}

#[cfg(target_os = "linux")]
#[test]
fn what_was_measured_here_is_told_for_the_same_and_scales_the_others() {
    let data = tempfile::tempdir().expect("a folder");
    let json = |arguments: &[&str]| -> Value {
        let output = run(data.path(), arguments);
        output.json()
    };
    let here = json(&["probe", "--format", "json"])["machine"].clone();
    if here.get("gpus").is_some_and(|gpus| gpus.as_array().is_some_and(|gpus| !gpus.is_empty())) {
        return; // A measurement on processors says nothing of GPUs.
    }
    let estimate = |target| json(&["estimate", target, "--context", "2048", "--format", "json"]);
    let before = [estimate("1.5b:Q4_K_M"), estimate("7b:Q4_K_M")];
    let rate = |estimate: &Value| estimate["decode"]["tokens_per_second"].as_f64().expect("a rate");
    assert_eq!(before[0]["decode"]["basis"]["kind"], "predicted");

    // As if it had run twice as fast as predicted.
    let threads = here["cpu"]["usable_threads"].as_u64().expect("threads");
    let record = json!({
        "schema_version": 1,
        "date": "2026-01-02",
        "machine": {
            "cpu": here["cpu"]["model"],
            "physical_cores": here["cpu"]["physical_cores"],
            "ram_bytes": here["ram"]["total_bytes"],
            "gpus": [],
        },
        "engine": "a test",
        "model": "r1-distill-qwen-1.5b",
        "quant": "Q4_K_M",
        "threads": threads,
        "on_gpus": false,
        "gpu_layers": null,
        "run": before[0]["run"],
        "prefill": null,
        "decode": { "tokens": 2, "depth": 0, "tokens_per_second": 2.0 * rate(&before[0]), "stddev": 0.1 },
    });
    let folder = data.path().join("r1-advisor/measurements");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("one.json"), record.to_string()).expect("a file");

    let after = [estimate("1.5b:Q4_K_M"), estimate("7b:Q4_K_M")];
    assert_eq!(after[0]["decode"]["basis"], json!({ "kind": "measured", "date": "2026-01-02" }));
    assert_eq!(after[1]["decode"]["basis"], json!({ "kind": "scaled", "date": "2026-01-02" }));
    assert_eq!(
        after[1]["basis"]["speed"],
        "predicted, and scaled from r1-distill-qwen-1.5b:Q4_K_M measured here on 2026-01-02"
    );
    assert_eq!(after[1]["prefill"]["basis"]["kind"], "predicted", "prefill was not measured");
    let width = |estimate: &Value| {
        let interval = &estimate["decode"]["interval"];
        interval["high"].as_f64().expect("an end") / interval["low"].as_f64().expect("an end")
    };
    for (before, after) in before.iter().zip(&after) {
        assert!((rate(after) / rate(before) / 2.0 - 1.0).abs() < 0.01, "{} {}", rate(before), rate(after));
        assert!(width(after) < width(before));
    }
    assert!(width(&after[0]) < width(&after[1]));
}

#[cfg(target_os = "linux")]
#[test]
fn what_was_tuned_here_is_what_recommend_reckons_with() {
    let data = tempfile::tempdir().expect("a folder");
    let decide = || -> Value {
        let output = run(data.path(), &["recommend", "--min-decode", "0.001", "--format", "json"]);
        output.json()
    };
    let before = decide();
    let Some(pick) = before["recommendations"].get(0) else { return };
    assert_eq!(pick["tuned"], Value::Null);
    let machine = &before["machine"];
    let gpus: Vec<&Value> =
        machine["gpus"].as_array().into_iter().flatten().map(|gpu| &gpu["name"]).collect();
    let tuned = |quant: &Value| {
        json!({
            "schema_version": 1,
            "date": "2026-01-02",
            "machine": {
                "cpu": machine["cpu"]["model"],
                "physical_cores": machine["cpu"]["physical_cores"],
                "ram_bytes": machine["ram"]["total_bytes"],
                "gpus": gpus,
            },
            "engine": "a test",
            "model": pick["model"],
            "quant": quant,
            "threads": machine["cpu"]["usable_threads"],
            "batch": 2048,
            "micro_batch": 128,
            "flash_attention": true,
            "kv_type": null,
            "loading": { "gpu_layers": null, "mapped": true },
            "gain": 1.25,
        })
    };
    let folder = data.path().join("r1-advisor/tuned");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("one.json"), tuned(&pick["quant"]).to_string()).expect("a file");
    fs::write(folder.join("other.json"), tuned(&json!("TQ1_0")).to_string()).expect("a file");
    fs::write(folder.join("broken.json"), "{").expect("a file");

    let after = decide();
    assert_keeps("recommend", &after);
    let again = after["recommendations"]
        .as_array()
        .expect("picks")
        .iter()
        .find(|other| (&other["model"], &other["quant"]) == (&pick["model"], &pick["quant"]));
    let again = again.expect("the same pick, for nothing but the tokens at once has changed");
    assert_eq!(
        (again["tuned"]["micro_batch"].as_u64(), again["tuned"]["gain"].as_f64()),
        (Some(128), Some(1.25))
    );
    let reasons = again["reasons"].to_string();
    assert!(
        reasons.contains("on 2026-01-02: -t ") && reasons.contains("-ub 128 -fa on; 1.25 times"),
        "{reasons}"
    );
    assert_ne!(again["memory"]["compute_bytes"], pick["memory"]["compute_bytes"]);
}
