//! `bench` as people call it, on a model small enough to write in a blink.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use r1_advisor::history::Database;
use serde_json::Value;

use crate::support::Place;

#[test]
fn a_synthetic_model_is_written_measured_compared_and_removed() {
    let place = Place::new();
    let result = place
        .bench("fake", &["tiny:Q4_K_M", "--synthetic", "-r", "3", "--format", "json"])
        .exits(0)
        .json_of("bench");
    assert_eq!(result["model"], "tiny");
    assert_eq!(result["quant"], "Q4_K_M");
    assert_eq!(result["synthetic"], true);
    assert_eq!(result["prefill"]["tokens_per_second"]["samples"].as_array().map(Vec::len), Some(3));
    assert_eq!(result["decode"]["tokens"], 128);
    assert!(result["predicted"]["decode"]["tokens_per_second"].as_f64() > Some(0.0));
    assert!(["confirmed", "corrected"].contains(&result["verdict"]["kind"].as_str().expect("a kind")));
    assert!(place.left().is_empty(), "{:?}", place.left());
    assert_eq!(place.kept(), 0, "the fake teaches nothing");
}

#[test]
fn a_kept_file_is_used_again() {
    let place = Place::new();
    let arguments = ["tiny:Q4_K_M", "--synthetic", "--keep", "-r", "1", "-p", "0"];
    place.bench("fake", &arguments).complains("writing");
    assert_eq!(place.left(), ["tiny-Q4_K_M-random.gguf"]);
    let again = place.bench("fake", &arguments[..2]);
    again.exits(0);
    assert!(!again.errors().contains("writing"), "{}", again.errors());
    assert_eq!(place.left(), ["tiny-Q4_K_M-random.gguf"]);

    // It is a file like any other.
    let path = place.files().join("tiny-Q4_K_M-random.gguf");
    let output = place.bench("fake", &[path.to_str().expect("UTF-8"), "-n", "0", "--format", "json"]);
    let result = output.json_of("bench");
    assert_eq!(result["verdict"]["kind"], "measured");
    assert_eq!(result["decode"], Value::Null);
    assert_eq!(result["predicted"], Value::Null);
}

#[test]
fn a_model_without_a_file_is_measured_only_when_asked_to_be_made() {
    Place::new().bench("fake", &["tiny:Q4_K_M"]).exits(2).complains("add `--synthetic`");
}

#[test]
fn a_file_that_is_none_is_an_input_error() {
    let place = Place::new();
    let letter = place.path("letter.gguf");
    fs::write(&letter, "Dear llama").expect("a file");
    for (target, said) in
        [("/nonexistent/model.gguf", "could not read"), (letter.to_str().expect("UTF-8"), "not a GGUF file")]
    {
        let output = place.bench("fake", &[target]);
        output.exits(4);
        output.complains(said);
    }
}

#[cfg(unix)]
#[test]
fn a_crash_of_the_engine_is_a_verdict_and_leaves_no_file() {
    let place = Place::new();
    let result = place
        .bench("fake:abort", &["tiny:Q4_K_M", "--synthetic", "--format", "json"])
        .exits(6)
        .json_of("bench");
    assert_eq!(result["verdict"]["kind"], "crashed");
    assert_eq!(result["verdict"]["ending"]["number"], 6);
    assert_eq!(result["verdict"]["last_log_lines"][0], "fake: out of memory");
    assert!(place.left().is_empty(), "{:?}", place.left());
}

#[test]
fn what_does_not_fit_in_memory_is_neither_written_nor_loaded() {
    let place = Place::new();
    // 1.3 terabytes in F16: more than any machine that runs these tests.
    let output =
        place.bench("fake:kill", &["671b:F16", "--synthetic", "--layers", "all", "--format", "json"]);
    output.exits(1);
    let result = output.json_of("bench");
    assert_eq!(result["verdict"]["kind"], "too_large");
    assert!(result["verdict"]["shortfall_bytes"].as_u64() > Some(0));
    assert!(place.left().is_empty(), "{:?}", place.left());
}

#[cfg(unix)]
#[test]
fn ctrl_c_while_a_file_is_written_leaves_nothing() {
    let place = Place::new();
    let mut child = place.program("fake", &["1.5b:F16", "--synthetic"]).start();
    child.wait_until(|| place.left().iter().any(|name| large(&place.files().join(name))));
    child.interrupt();
    let output = child.end();
    output.exits(130);
    assert!(place.left().is_empty(), "{:?}", place.left());
    assert!(output.out().is_empty());
}

#[cfg(unix)]
#[test]
fn ctrl_c_while_a_model_runs_ends_the_engine_and_leaves_nothing() {
    let place = Place::new();
    let mut child = place.program("fake:hang", &["tiny:Q4_K_M", "--synthetic"]).start();
    child.wait_until(|| {
        let kept = place.left();
        kept.len() == 1 && large(&place.files().join(&kept[0]))
    });
    thread::sleep(Duration::from_millis(300));
    child.interrupt();
    child.end().exits(130);
    assert!(place.left().is_empty(), "{:?}", place.left());
}

/// Whether weights have begun to reach the disk; a header alone takes a few kilobytes of it.
#[cfg(unix)]
fn large(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata(path).is_ok_and(|file| file.blocks() * 512 > 1 << 20)
}

#[cfg(feature = "llama")]
#[test]
fn the_real_engine_measures_a_synthetic_model() {
    let place = Place::new();
    let arguments =
        ["tiny:Q4_K_M", "--synthetic", "-p", "64", "-n", "16", "-d", "32", "-r", "2", "--format", "json"];
    let output = place.bench("llama", &arguments);
    output.exits(0);
    let result = output.json_of("bench");
    assert_eq!(result["engine"]["name"], "llama.cpp");
    assert_eq!(result["decode"]["depth"], 32);
    assert!(result["prefill"]["tokens_per_second"]["mean"].as_f64() > Some(0.0));
    assert!(result["decode"]["tokens_per_second"]["stddev"].as_f64() >= Some(0.0));
    let device = &result["planned_memory"]["devices"][0];
    assert!(device["weights_bytes"].as_u64() < result["peak_memory_bytes"].as_u64());
    assert!(place.left().is_empty(), "{:?}", place.left());
    assert_eq!(place.kept(), 1, "{}", output.errors());
    // What something else disturbed teaches nothing.
    let teaches = !output.errors().contains("are not based on it");
    assert!(teaches || result["verdict"]["kind"] == "disturbed", "{}", result["verdict"]);
}

#[cfg(all(feature = "llama", target_os = "linux"))]
#[test]
fn memory_that_the_real_engine_does_not_get_is_an_error_that_says_so() {
    let place = Place::new();
    let file = place.catalog().join("models/tiny.toml");
    let model = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, model.replace("context_trained = 131072", "context_trained = 2000000")).unwrap();
    // The cache of a million tokens takes 2 GB, and the engine may have 1.5 GB.
    let output = place
        .program("llama", &["tiny:Q4_K_M", "--synthetic", "-p", "8", "-n", "2", "-d", "1000000"])
        .under("ulimit -v 1500000")
        .run();
    let told = output.errors();
    output.exits(6);
    assert!(told.contains("could not open a context") && told.contains("or close other programs"), "{told}");
    assert!(place.left().is_empty(), "{:?}", place.left());
}

#[cfg(feature = "llama")]
#[test]
fn a_file_of_an_architecture_that_the_real_engine_does_not_know_is_an_input_error() {
    let place = Place::new();
    let kept = place.bench("fake", &["tiny:Q4_K_M", "--synthetic", "--keep", "-r", "2"]);
    kept.exits(0);
    let path = place.files().join(&place.left()[0]);
    let mut bytes = fs::read(&path).expect("the kept file");
    let named = bytes.windows(5).position(|window| window == b"qwen2").expect("its architecture");
    bytes[named..named + 5].copy_from_slice(b"qwenX");
    fs::write(&path, bytes).expect("a file");
    let output = place.bench("llama", &[path.to_str().expect("a path")]);
    let told = output.errors();
    output.exits(4);
    assert!(
        told.contains("unknown model architecture") && told.contains("does not support the model"),
        "{told}"
    );
}

#[test]
fn what_was_measured_is_in_the_history_with_its_conditions_and_needs_decide() {
    let place = Place::new();
    let history = place.data().join("named.sqlite3");
    let bench = |needs: &str| {
        place
            .program("fake", &["tiny:Q4_K_M", "--synthetic", "-r", "3", "--need", needs, "--format", "json"])
            .history(&history)
            .run()
    };
    let met = bench("decode>=0.001,ttft<=1000");
    met.exits(0);
    assert_eq!(met.json_of("bench")["needs"][0]["met"], true);
    met.complains("saved as result 1");
    let missed = bench("decode>=1e12");
    missed.exits(1);
    assert_eq!(missed.json_of("bench")["needs"][0]["need"], "decode>=1000000000000");
    let kept = Database::open(&history).expect("a history").latest(9).expect("results");
    assert_eq!(kept.len(), 2);
    assert_eq!(kept[0].subject, "tiny:Q4_K_M");
    for key in ["decode", "prefill", "settings", "engine", "conditions", "started_at", "schema_version"] {
        assert_eq!(kept[1].document[key], met.json_of("bench")[key], "what was written is what is kept");
    }
    #[cfg(target_os = "linux")]
    assert!(kept[0].document["conditions"]["load_average_at_start"].is_number(), "{:#}", kept[0].document);
}
