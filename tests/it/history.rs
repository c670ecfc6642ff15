//! What was measured before: kept through two writers and a kill, listed, shown, compared.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use r1_advisor::history::{Database, Entry, Fingerprint, Kind};
use r1_advisor::units::Bytes;
use serde_json::{Value, json};

use crate::support::{Ran, program};

/// The variable that tells this test program to write for ever.
const WRITE: &str = "R1_ADVISOR_TEST_WRITES_TO";

fn entry(samples: &[f64]) -> Entry {
    let mean = samples.iter().sum::<f64>() / samples.len() as f64;
    let rates = json!({ "mean": mean, "stddev": 0.1, "samples": samples });
    Entry {
        started_at: "2026-11-25T04:00:00Z".parse().expect("a time"),
        kind: Kind::Local,
        subject: "7b:Q4_K_M".into(),
        machine: Fingerprint {
            cpu: "a CPU".into(),
            physical_cores: 2,
            ram_bytes: Bytes::gib(24),
            gpus: Vec::new(),
        },
        // As long as a real one.
        document: json!({
            "decode": { "tokens": 128, "depth": 0, "tokens_per_second": rates },
            "verdict": { "kind": "measured" },
            "padding": "x".repeat(4000),
        }),
        lesson: None,
    }
}

fn ran(history: &Path, arguments: &[&str]) -> Ran {
    program(arguments).history(history).run()
}

#[track_caller]
fn json_of(schema: &str, history: &Path, arguments: &[&str]) -> Value {
    program(arguments).with(["--format", "json"]).history(history).run().exits(0).json_of(schema)
}

fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("history.sqlite3");
    (folder, path)
}

/// No test: what [`two_processes_and_a_kill_lose_nothing_that_was_kept`] starts.
#[test]
fn writes_for_ever_when_told_to() {
    let Some(path) = std::env::var_os(WRITE) else { return };
    let mut history = Database::open(Path::new(&path)).expect("a history");
    loop {
        history.keep(&entry(&[1.0, 2.0])).expect("kept");
        // Two that never pause would starve the reader beyond its patience; a bench measures in between.
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn two_processes_and_a_kill_lose_nothing_that_was_kept() {
    let (_folder, path) = place();
    let writer = || {
        Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "history::writes_for_ever_when_told_to"])
            .env(WRITE, &path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a process")
    };
    let count = || {
        let history = Database::open_existing(&path).expect("a history");
        history.map_or(0, |history| history.latest(1_000_000).expect("results").len())
    };
    for round in 1..=3 {
        let before = count();
        let mut writers = [writer(), writer()];
        let start = Instant::now();
        while count() < before + 4 {
            assert!(start.elapsed() < Duration::from_mins(1), "nothing is written");
            thread::sleep(Duration::from_millis(10));
        }
        for writer in &mut writers {
            assert_eq!(writer.try_wait().expect("a state"), None, "round {round}: a writer gave up");
            // SIGKILL, in the middle of whatever it does.
            writer.kill().expect("killed");
            writer.wait().expect("ended");
        }
        // Every result is whole, and no number was given twice.
        assert!(count() >= before + 4);
    }
    let mut history = Database::open(&path).expect("a history");
    let id = history.keep(&entry(&[3.0, 4.0])).expect("kept");
    assert_eq!(
        history.result(id).expect("a history").expect("a result").document,
        entry(&[3.0, 4.0]).document
    );
}

#[test]
fn results_are_listed_shown_and_compared() {
    let (_folder, path) = place();
    let empty = ran(&path, &["bench", "history"]);
    assert!(empty.out().contains("nothing was measured"), "{}", empty.errors());
    assert!(!path.exists(), "looking makes no file");
    let mut history = Database::open(&path).expect("a history");
    history.keep(&entry(&[20.0, 20.1, 19.9])).expect("kept");
    history.keep(&entry(&[22.0, 22.1, 21.9])).expect("kept");
    let list = json_of("bench_history", &path, &["bench", "history"]);
    let ids: Vec<_> =
        list["results"].as_array().expect("results").iter().map(|result| &result["id"]).collect();
    assert_eq!(ids, [2, 1]);
    let one = json_of("bench_history", &path, &["bench", "history", "-n", "1"]);
    assert_eq!(one["results"].as_array().map(Vec::len), Some(1));
    let shown = json_of("bench_result", &path, &["bench", "show", "1"]);
    assert_eq!(shown["document"]["decode"]["tokens"], 128);
    let comparison = json_of("bench_comparison", &path, &["bench", "compare", "1", "2"]);
    assert_eq!(comparison["metrics"][0]["verdict"], "better");
    assert!((comparison["metrics"][0]["b_over_a"].as_f64().expect("a ratio") - 1.1).abs() < 1e-9);
    let table = ran(&path, &["bench", "compare", "1", "2"]);
    let table = table.out();
    assert!(table.contains("B is better") && table.contains("Welch"), "{table}");
    ran(&path, &["bench", "show", "9"]).exits(2).complains("no result 9");
}

#[test]
fn a_history_of_a_later_version_is_refused_with_a_hint() {
    let (_folder, path) = place();
    drop(Database::open(&path).expect("a history"));
    // The version stands in bytes 60 to 63 of the file, by SQLite's file format.
    let mut bytes = fs::read(&path).expect("a file");
    bytes[63] = 9;
    fs::write(&path, bytes).expect("a file");
    ran(&path, &["bench", "history"])
        .exits(4)
        .complains("has version 9")
        .complains("hint: update r1-advisor");
}
