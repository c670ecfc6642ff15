//! The child process: what it answers, and what its end means to the parent, which lives on.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use r1_advisor::bench::synthetic::Placed;
use r1_advisor::bench::{
    Attempt, Available, BenchError, BenchPlan, End, ModelSource, NoMeter, Repetitions, Runner, Watch,
};
#[cfg(feature = "llama")]
use r1_advisor::engine::Engine as _;
use r1_advisor::engine::worker::WorkerEngine;
use r1_advisor::engine::{DeviceMemory, Ending, EngineError, EngineKind, MemoryPlan};
use r1_advisor::run_config::{Loading, RunConfig};
use r1_advisor::units::{Bytes, TokenRate};

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_r1-advisor"))
}

fn worker(kind: &str, cancelled: &Arc<AtomicBool>) -> WorkerEngine {
    WorkerEngine::start_program(program(), kind.parse().expect("an engine"), Arc::clone(cancelled))
        .expect("a child")
}

/// Four megabytes that begin as a GGUF does: the fake wants no more.
struct FakeFile(tempfile::TempDir);

impl FakeFile {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut bytes = b"GGUF".to_vec();
        bytes.resize(4_000_000, 0);
        fs::write(folder.path().join("model.gguf"), bytes).expect("a file");
        Self(folder)
    }
}

impl ModelSource for FakeFile {
    fn header(&self) -> Result<Placed, BenchError> {
        Ok(Placed::Kept(self.0.path().join("model.gguf")))
    }

    fn whole(&self, _: &MemoryPlan) -> Result<Placed, BenchError> {
        self.header()
    }
}

fn tried(kind: &str, ram: Bytes, cancelled: &Arc<AtomicBool>) -> Result<Attempt, BenchError> {
    let plan = BenchPlan {
        prefill_tokens: 512,
        decode_tokens: 128,
        depth: 64,
        repetitions: Repetitions::Exactly(3),
        config: RunConfig { context: 576, ..RunConfig::default() },
        threads: 2,
        loading: Loading::default(),
    };
    let available = Available { ram, devices: Vec::new() };
    let watch = Watch { progress: &|_| {}, energy: &NoMeter };
    let (engine, source) = (&mut worker(kind, cancelled), &FakeFile::new());
    Runner { engine, source, available: &available, watch }.attempt(&plan)
}

fn never() -> Arc<AtomicBool> {
    Arc::new(AtomicBool::new(false))
}

#[test]
fn a_model_is_planned_and_measured_through_the_child() {
    let tried = tried("fake", Bytes::gib(1), &never()).unwrap();
    assert_eq!(tried.end, End::Done);
    let run = tried.run.unwrap();
    let (prefill, decode) = (run.prefill.unwrap(), run.decode.unwrap());
    // 40 GB/s over four megabytes is 10,000 tokens a second; the fake's prefill is five times as fast.
    assert!((decode.tokens_per_second.mean.0 - 10_000.0).abs() < 1e-6);
    assert!((prefill.tokens_per_second.mean.0 - 50_000.0).abs() < 1e-6);
    assert_eq!((prefill.tokens, prefill.depth), (512, 64));
    assert_eq!(decode.tokens_per_second.samples.len(), 3);
    assert!(decode.tokens_per_second.stddev.unwrap() < TokenRate(1e-6));
    assert_eq!(run.process.unwrap().peak_bytes, tried.planned_memory.unwrap().sum(DeviceMemory::total));
}

#[test]
fn what_does_not_fit_is_a_verdict_and_is_never_loaded() {
    // This engine would be killed if it loaded anything.
    let tried = tried("fake:kill", Bytes::mib(100), &never()).unwrap();
    let End::TooLarge(shortage) = tried.end else { panic!("{tried:?}") };
    assert_eq!(shortage.needed_bytes, tried.planned_memory.unwrap().sum(DeviceMemory::total));
    assert_eq!(shortage.shortfall_bytes, shortage.needed_bytes - Bytes::mib(100));
}

#[cfg(unix)]
#[test]
fn a_child_that_aborts_is_a_verdict_with_its_last_words() {
    let tried = tried("fake:abort", Bytes::gib(1), &never()).unwrap();
    let End::Crashed(crash) = tried.end else { panic!("{tried:?}") };
    assert_eq!(crash.ending, Ending::Signal { number: 6 });
    assert_eq!(crash.last_log_lines, ["fake: out of memory"]);
    assert_eq!(crash.hint().code(), "engine-crashed-memory-hint");
}

#[cfg(unix)]
#[test]
fn a_child_that_the_kernel_kills_is_a_verdict() {
    let tried = tried("fake:kill", Bytes::gib(1), &never()).unwrap();
    let End::Crashed(crash) = tried.end else { panic!("{tried:?}") };
    assert_eq!(crash.ending, Ending::Signal { number: 9 });
    assert_eq!(crash.hint().code(), "engine-crashed-killed-hint");
}

#[test]
fn a_refusal_is_an_error_with_the_engines_reason() {
    let error = tried("fake:refuse", Bytes::gib(1), &never()).unwrap_err();
    assert!(error.to_string().ends_with("told to refuse"), "{error}");
}

#[test]
fn a_child_that_hangs_is_left_when_the_user_has_had_enough() {
    let cancelled = never();
    let later = Arc::clone(&cancelled);
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(200));
        later.store(true, Ordering::Relaxed);
    });
    let start = Instant::now();
    let error = tried("fake:hang", Bytes::gib(1), &cancelled).unwrap_err();
    assert!(matches!(error, BenchError::Engine(EngineError::Cancelled)), "{error}");
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn the_child_answers_nonsense_and_goes_on() {
    let mut child = Command::new(program())
        .args(["worker", "--engine", "fake"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"\xc3\xa4{]\n{\"request\":\"load\"}\n{\"request\":\"build\"}\n").unwrap();
    drop(stdin);
    let lines: Vec<_> = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap).collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[0].contains("unexpected") && lines[1].contains("unexpected"), "{lines:?}");
    assert_eq!(lines[2], r#"{"reply":"build","build":{"name":"fake","version":"1","system":"none"}}"#);
    // Nobody speaks to it any more, so it ends by itself.
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_program_that_is_not_there_cannot_be_started() {
    let kind = EngineKind::Fake(None);
    let error = WorkerEngine::start_program(Path::new("/nonexistent/engine"), kind, never()).unwrap_err();
    assert!(matches!(error, EngineError::Start { .. }), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_child_dies_with_its_parent() {
    // The parent is a shell that starts the worker with a stdin that stays open, and is then killed.
    let mut shell = Command::new("sh")
        .args(["-c", "sleep 60 | \"$0\" worker --engine fake & echo $!; wait"])
        .arg(program())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(shell.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let process = Path::new("/proc").join(line.trim());
    thread::sleep(Duration::from_millis(300));
    assert!(process.exists());
    shell.kill().unwrap();
    shell.wait().unwrap();
    let gone = || fs::read_to_string(process.join("stat")).map_or(true, |stat| stat.contains(") Z "));
    let start = Instant::now();
    while !gone() {
        assert!(start.elapsed() < Duration::from_secs(5), "the child lives on");
        thread::sleep(Duration::from_millis(20));
    }
}

#[cfg(feature = "llama")]
#[test]
fn the_real_engine_answers_from_its_child() {
    let mut engine = worker("llama", &never());
    assert_eq!(engine.build().unwrap().name, "llama.cpp");
    assert!(!engine.devices().unwrap().is_empty());
}
