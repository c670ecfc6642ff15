//! Lists of settings, llama-bench's words and formats, and engines that fail in the middle.

use crate::support::{Place, run};

#[test]
fn lists_make_runs_and_the_first_is_at_the_top() {
    let place = Place::new();
    let arguments =
        ["tiny:Q4_K_M", "--synthetic", "-p", "64,128", "-n", "16", "-d", "0,256", "-t", "1-2", "-r", "2"];
    let result =
        place.bench("fake", &[&arguments[..], &["--format", "json"]].concat()).exits(0).json_of("bench");
    let runs = result["runs"].as_array().expect("runs");
    // Two pairs of lengths at two depths on two counts of threads.
    assert_eq!(runs.len(), 8);
    for key in ["prefill", "decode", "settings", "verdict"] {
        assert_eq!(runs[0][key], result[key], "{key}");
    }
    assert_eq!(runs[1]["prefill"]["tokens"], 128);
    assert_eq!(runs[1]["decode"], serde_json::Value::Null);
    assert_eq!(runs[2]["decode"]["depth"], 256);
    assert_eq!(runs[4]["settings"]["threads"], 2);
    // One cache for all of them.
    assert!(runs.iter().all(|run| run["settings"]["context"] == 384));
    // The fake is as fast at any depth.
    let slope =
        result["decode_over_depth"]["seconds_per_token_per_thousand_depth"].as_f64().expect("a slope");
    assert!(slope.abs() < 1e-9, "{slope}");

    let table = place.bench("fake", &arguments);
    let table = table.out();
    assert!(table.contains("threads"), "{table}");
    assert!(table.contains("a token takes"), "{table}");
    let csv = place.bench("fake", &[&arguments[..], &["--format", "csv"]].concat());
    assert_eq!(csv.out().lines().count(), 1 + 12);
}

#[test]
fn llama_benchs_words_give_llama_benchs_rows() {
    let place = Place::new();
    let arguments = ["tiny:Q4_K_M", "--synthetic", "-p", "64", "-n", "16", "-r", "2", "-t", "3", "-ub", "32"];
    let settings = ["-fa", "0", "-ctk", "f16,q8_0", "-ngl", "0", "-d", "8", "-o"];
    let written = |format| {
        let output = place.bench("fake", &[&arguments[..], &settings[..], &[format]].concat());
        output.exits(0).out().to_owned()
    };
    let markdown = written("llama-bench");
    let lines: Vec<_> = markdown.lines().collect();
    assert_eq!(
        lines[0],
        "| model                          |       size |     params | backend    | threads | n_ubatch | type_k |  fa \
         |            test |                  t/s |"
    );
    assert_eq!(
        lines[1],
        "| ------------------------------ | ---------: | ---------: | ---------- | ------: | -------: | -----: | --: \
         | --------------: | -------------------: |"
    );
    assert_eq!(lines.len(), 2 + 4 + 2, "{markdown}");
    assert!(lines[2].contains("|       3 |       32 |    f16 |   0 |       pp64 @ d8 |"), "{}", lines[2]);
    assert!(lines[3].contains("tg16 @ d8"), "{}", lines[3]);
    assert!(lines[4].contains("q8_0"), "{}", lines[4]);
    assert!(lines[7].starts_with("build: "), "{}", lines[7]);

    let rows: Vec<serde_json::Value> =
        written("jsonl").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(rows.len(), 4);
    assert_eq!(
        (&rows[0]["n_prompt"], &rows[0]["n_gen"], &rows[0]["n_depth"]),
        (&64.into(), &0.into(), &8.into())
    );
    assert_eq!(rows[1]["samples_ts"].as_array().map(Vec::len), Some(2));

    let sql = written("sqlite");
    assert!(sql.starts_with("CREATE TABLE IF NOT EXISTS llama_bench (\n  build_commit TEXT,"), "{sql}");
    assert_eq!(sql.lines().filter(|line| line.starts_with("INSERT INTO llama_bench (")).count(), 4);
}

#[test]
fn a_format_of_bench_is_no_format_of_others() {
    run(["models", "--format", "sqlite"]).exits(2).complains("only `bench` has this format");
}

#[test]
fn lists_that_lead_nowhere_are_refused() {
    let place = Place::new();
    for (arguments, said) in [
        (["-p", "5-1"], "never reaches its end"),
        (["-ctv", "f15"], "f16"),
        (["-ts", "0/0"], "a number for each GPU"),
        (["-t", "0"], "is not in 1..=1024"),
    ] {
        let output = place.bench("fake", &[&["tiny:Q4_K_M", "--synthetic"], &arguments[..]].concat());
        output.exits(2);
        output.complains(said);
    }
    let all = ["-t", "1-256", "-ub", "32-64+1"];
    let output = place.bench("fake", &[&["tiny:Q4_K_M", "--synthetic"], &all[..]].concat());
    output.complains("the limit is 1000");
}

#[cfg(unix)]
#[test]
fn what_was_measured_before_a_crash_is_kept() {
    let place = Place::new();
    let arguments = ["tiny:Q4_K_M", "--synthetic", "-r", "5", "--format", "json"];
    let result = place.bench("fake:late", &arguments).exits(6).json_of("bench");
    assert_eq!(result["verdict"]["kind"], "crashed");
    let samples = |test: &str| result[test]["tokens_per_second"]["samples"].as_array().map(Vec::len);
    assert_eq!((samples("prefill"), samples("decode")), (Some(5), Some(2)));
    assert_eq!(result["peak_memory_bytes"], serde_json::Value::Null);
    assert!(place.left().is_empty(), "{:?}", place.left());
    let table = place.bench("fake:late", &arguments[..4]);
    assert!(table.out().contains("measured before that"));
}

#[cfg(unix)]
#[test]
fn after_a_crash_the_next_run_gets_a_fresh_engine() {
    let place = Place::new();
    let arguments = ["tiny:Q4_K_M", "--synthetic", "-r", "3", "-p", "0", "-t", "1,2", "--format", "json"];
    let result = place.bench("fake:late", &arguments).exits(6).json_of("bench");
    let runs = result["runs"].as_array().expect("runs");
    assert_eq!(runs.len(), 2);
    for run in runs {
        assert_eq!(run["verdict"]["kind"], "crashed");
        assert_eq!(run["decode"]["tokens_per_second"]["samples"].as_array().map(Vec::len), Some(2));
    }
}

#[test]
fn an_engine_that_hangs_is_stopped_and_leaves_nothing() {
    let place = Place::new();
    let arguments = ["tiny:Q4_K_M", "--synthetic", "--time-limit", "1", "--format", "json"];
    let result = place.bench("fake:hang", &arguments).exits(6).json_of("bench");
    assert_eq!(result["verdict"]["kind"], "stalled");
    assert_eq!(result["verdict"]["limit_seconds"], 1.0);
    assert!(place.left().is_empty(), "{:?}", place.left());
}
