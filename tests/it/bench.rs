//! `bench` as people call it, on a model small enough to write in a blink.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use r1_advisor::catalog::Architecture;
use r1_advisor::history::Database;
use serde::Deserialize as _;
use serde_json::Value;

/// A folder with a catalog that holds one small model, `tiny`, and room for its files.
pub(crate) struct Place(tempfile::TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let models = folder.path().join("catalog/models");
        fs::create_dir_all(&models).expect("a folder");
        fs::write(models.join("tiny.toml"), tiny()).expect("a file");
        Self(folder)
    }

    pub(crate) fn files(&self) -> PathBuf {
        self.0.path().join("files")
    }

    /// What is in the folder of the files.
    pub(crate) fn left(&self) -> Vec<String> {
        let entries = fs::read_dir(self.files()).into_iter().flatten();
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
    }

    pub(crate) fn command(&self, engine: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_r1-advisor"));
        command
            .arg("bench")
            .args(arguments)
            .arg("--catalog")
            .arg(self.0.path().join("catalog"))
            .env("R1_ADVISOR_ENGINE", engine)
            .env("R1_ADVISOR_CACHE", self.files())
            .env("XDG_CONFIG_HOME", "/nonexistent")
            .env("XDG_DATA_HOME", self.data())
            .env_remove("R1_ADVISOR_HISTORY")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// The folder of the catalog.
    pub(crate) fn catalog(&self) -> PathBuf {
        self.0.path().join("catalog")
    }

    /// How many settings were kept as the fastest.
    pub(crate) fn tuned(&self) -> usize {
        fs::read_dir(self.data().join("r1-advisor/tuned")).map_or(0, Iterator::count)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    /// How many measurements were kept.
    pub(crate) fn kept(&self) -> usize {
        let history = Database::open_existing(&self.data().join("r1-advisor/history.sqlite3"));
        history.expect("a history").map_or(0, |history| history.latest(100).expect("results").len())
    }

    pub(crate) fn bench(&self, engine: &str, arguments: &[&str]) -> Output {
        self.command(engine, arguments).output().expect("the program runs")
    }
}

/// The smallest model of the catalog, made a hundred times smaller.
fn tiny() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog/models/r1-distill-qwen-1.5b.toml");
    let mut model: toml::Table = fs::read_to_string(path).expect("a model").parse().expect("TOML");
    let integer = |number: u64| toml::Value::Integer(number.try_into().expect("a small number"));
    let mut set = |key: &str, value: toml::Value| model.insert(key.to_owned(), value);
    set("id", "tiny".into());
    set("aliases", toml::Value::Array(vec!["tiny-r1".into()]));
    set("artifacts", toml::Value::Array(Vec::new()));
    let architecture = model["architecture"].as_table_mut().expect("a table");
    architecture.insert("layers".into(), integer(2));
    architecture.insert("hidden_size".into(), integer(512));
    architecture.insert("vocabulary".into(), integer(2048));
    architecture["attention"].as_table_mut().expect("a table").insert("heads".into(), integer(4));
    architecture["feed_forward"]
        .as_table_mut()
        .expect("a table")
        .insert("intermediate_size".into(), integer(1024));
    let parameters = Architecture::deserialize(architecture.clone()).expect("a shape").parameters();
    model.insert("parameters".into(), integer(parameters));
    model.insert("active_parameters".into(), integer(parameters - 2048 * 512));
    toml::to_string(&model).expect("TOML")
}

/// What it wrote, which keeps the schema whatever the verdict is.
pub(crate) fn json(output: &Output) -> Value {
    let value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(&output.stderr)));
    let validator = crate::json_schema::validator("bench");
    let complaints: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(complaints.is_empty(), "{complaints:?}\n{value:#}");
    value
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_synthetic_model_is_written_measured_compared_and_removed() {
    let place = Place::new();
    let output = place.bench("fake", &["tiny:Q4_K_M", "--synthetic", "-r", "3", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let result = json(&output);
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
    let first = place.bench("fake", &arguments);
    assert!(stderr(&first).contains("writing"), "{}", stderr(&first));
    assert_eq!(place.left(), ["tiny-Q4_K_M-random.gguf"]);
    let again = place.bench("fake", &arguments[..2]);
    assert_eq!(again.status.code(), Some(0));
    assert!(!stderr(&again).contains("writing"), "{}", stderr(&again));
    assert_eq!(place.left(), ["tiny-Q4_K_M-random.gguf"]);

    // It is a file like any other.
    let path = place.files().join("tiny-Q4_K_M-random.gguf");
    let output = place.bench("fake", &[path.to_str().expect("UTF-8"), "-n", "0", "--format", "json"]);
    let result = json(&output);
    assert_eq!(result["verdict"]["kind"], "measured");
    assert_eq!(result["decode"], Value::Null);
    assert_eq!(result["predicted"], Value::Null);
}

#[test]
fn a_model_without_a_file_is_measured_only_when_asked_to_be_made() {
    let output = Place::new().bench("fake", &["tiny:Q4_K_M"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("add `--synthetic`"), "{}", stderr(&output));
}

#[test]
fn a_file_that_is_none_is_an_input_error() {
    let place = Place::new();
    let letter = place.0.path().join("letter.gguf");
    fs::write(&letter, "Dear llama").expect("a file");
    for (target, said) in
        [("/nonexistent/model.gguf", "could not read"), (letter.to_str().expect("UTF-8"), "not a GGUF file")]
    {
        let output = place.bench("fake", &[target]);
        assert_eq!(output.status.code(), Some(4), "{target}");
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
}

#[cfg(unix)]
#[test]
fn a_crash_of_the_engine_is_a_verdict_and_leaves_no_file() {
    let place = Place::new();
    let output = place.bench("fake:abort", &["tiny:Q4_K_M", "--synthetic", "--format", "json"]);
    assert_eq!(output.status.code(), Some(6), "{}", stderr(&output));
    let result = json(&output);
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
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let result = json(&output);
    assert_eq!(result["verdict"]["kind"], "too_large");
    assert!(result["verdict"]["shortfall_bytes"].as_u64() > Some(0));
    assert!(place.left().is_empty(), "{:?}", place.left());
}

#[cfg(unix)]
#[test]
fn ctrl_c_while_a_file_is_written_leaves_nothing() {
    let place = Place::new();
    let mut child = place.command("fake", &["1.5b:F16", "--synthetic"]).spawn().expect("the program runs");
    wait_for(&mut child, || place.left().iter().any(|name| large(&place.files().join(name))));
    interrupt(&child);
    let output = child.wait_with_output().expect("an end");
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    assert!(place.left().is_empty(), "{:?}", place.left());
    assert!(output.stdout.is_empty());
}

#[cfg(unix)]
#[test]
fn ctrl_c_while_a_model_runs_ends_the_engine_and_leaves_nothing() {
    let place = Place::new();
    let mut child =
        place.command("fake:hang", &["tiny:Q4_K_M", "--synthetic"]).spawn().expect("the program runs");
    wait_for(&mut child, || {
        let kept = place.left();
        kept.len() == 1 && large(&place.files().join(&kept[0]))
    });
    thread::sleep(Duration::from_millis(300));
    interrupt(&child);
    let output = child.wait_with_output().expect("an end");
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    assert!(place.left().is_empty(), "{:?}", place.left());
}

/// Whether weights have begun to reach the disk; a header alone takes a few kilobytes of it.
#[cfg(unix)]
fn large(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata(path).is_ok_and(|file| file.blocks() * 512 > 1 << 20)
}

#[cfg(unix)]
fn wait_for(child: &mut Child, reached: impl Fn() -> bool) {
    let start = Instant::now();
    while !reached() {
        assert!(child.try_wait().expect("a status").is_none(), "it ended too early");
        assert!(start.elapsed() < Duration::from_secs(30), "it never came so far");
        thread::sleep(Duration::from_millis(2));
    }
}

#[cfg(unix)]
fn interrupt(child: &Child) {
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(killed.success());
}

#[cfg(feature = "llama")]
#[test]
fn the_real_engine_measures_a_synthetic_model() {
    let place = Place::new();
    let arguments =
        ["tiny:Q4_K_M", "--synthetic", "-p", "64", "-n", "16", "-d", "32", "-r", "2", "--format", "json"];
    let output = place.bench("llama", &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let result = json(&output);
    assert_eq!(result["engine"]["name"], "llama.cpp");
    assert_eq!(result["decode"]["depth"], 32);
    assert!(result["prefill"]["tokens_per_second"]["mean"].as_f64() > Some(0.0));
    assert!(result["decode"]["tokens_per_second"]["stddev"].as_f64() >= Some(0.0));
    let device = &result["planned_memory"]["devices"][0];
    assert!(device["weights_bytes"].as_u64() < result["peak_memory_bytes"].as_u64());
    assert!(place.left().is_empty(), "{:?}", place.left());
    assert_eq!(place.kept(), 1, "{}", stderr(&output));
    // What something else disturbed teaches nothing.
    let teaches = !stderr(&output).contains("do not rest on it");
    assert!(teaches || result["verdict"]["kind"] == "disturbed", "{}", result["verdict"]);
}

#[cfg(all(feature = "llama", target_os = "linux"))]
#[test]
fn memory_that_the_real_engine_does_not_get_is_an_error_that_says_so() {
    let place = Place::new();
    // The cache of a million tokens takes 2 GB, and the engine may have 1.5 GB.
    let bench =
        place.command("llama", &["tiny:Q4_K_M", "--synthetic", "-p", "8", "-n", "2", "-d", "1000000"]);
    let output = Command::new("sh")
        .args(["-c", "ulimit -v 1500000; exec \"$@\"", "sh"])
        .arg(bench.get_program())
        .args(bench.get_args())
        .envs(bench.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .output()
        .expect("a shell");
    let told = stderr(&output);
    assert_eq!(output.status.code(), Some(6), "{told}");
    assert!(told.contains("could not open a context") && told.contains("or close other programs"), "{told}");
    assert!(place.left().is_empty(), "{:?}", place.left());
}

#[cfg(feature = "llama")]
#[test]
fn a_file_of_an_architecture_that_the_real_engine_does_not_know_is_an_input_error() {
    let place = Place::new();
    let kept = place.bench("fake", &["tiny:Q4_K_M", "--synthetic", "--keep", "-r", "2"]);
    assert_eq!(kept.status.code(), Some(0), "{}", stderr(&kept));
    let path = place.files().join(&place.left()[0]);
    let mut bytes = fs::read(&path).expect("the kept file");
    let named = bytes.windows(5).position(|window| window == b"qwen2").expect("its architecture");
    bytes[named..named + 5].copy_from_slice(b"qwenX");
    fs::write(&path, bytes).expect("a file");
    let output = place.bench("llama", &[path.to_str().expect("a path")]);
    let told = stderr(&output);
    assert_eq!(output.status.code(), Some(4), "{told}");
    assert!(told.contains("unknown model architecture") && told.contains("knows no such model"), "{told}");
}

#[test]
fn what_was_measured_is_in_the_history_with_its_conditions_and_needs_decide() {
    let place = Place::new();
    let history = place.data().join("named.sqlite3");
    let bench = |needs: &str| {
        place
            .command("fake", &["tiny:Q4_K_M", "--synthetic", "-r", "3", "--need", needs, "--format", "json"])
            .env("R1_ADVISOR_HISTORY", &history)
            .output()
            .expect("the program runs")
    };
    let met = bench("decode>=0.001,ttft<=1000");
    assert_eq!(met.status.code(), Some(0), "{}", stderr(&met));
    assert_eq!(json(&met)["needs"][0]["met"], true);
    assert!(stderr(&met).contains("kept as result 1"), "{}", stderr(&met));
    let missed = bench("decode>=1e12");
    assert_eq!(missed.status.code(), Some(1), "{}", stderr(&missed));
    assert_eq!(json(&missed)["needs"][0]["need"], "decode>=1000000000000");
    let kept = Database::open(&history).expect("a history").latest(9).expect("results");
    assert_eq!(kept.len(), 2);
    assert_eq!(kept[0].subject, "tiny:Q4_K_M");
    for key in ["decode", "prefill", "settings", "engine", "conditions", "started_at", "schema_version"] {
        assert_eq!(kept[1].document[key], json(&met)[key], "what was written is what is kept");
    }
    #[cfg(target_os = "linux")]
    assert!(kept[0].document["conditions"]["load_average_at_start"].is_number(), "{:#}", kept[0].document);
}
