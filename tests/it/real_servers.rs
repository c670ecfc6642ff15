//! Real servers: what the client measures beside the server's own clock and another client of the same server.
//! `scripts/real-servers.sh` installs them and runs these tests, which say where they are by the environment.

use std::fs;
use std::io::{self, Write as _};
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Program, program, run, talking_model};

/// Prints a figure for whoever runs these tests.
macro_rules! note {
    ($($what:tt)*) => { writeln!(io::stderr(), $($what)*).expect("a terminal") };
}

/// vLLM compiles its kernels before it answers.
const PATIENCE: Duration = Duration::from_mins(15);

/// What a CPU has no kernels for, and what keeps a tiny model small.
const FOR_GPUS: [&str; 4] =
    ["--quantization", "--kv-cache-dtype", "--enable-expert-parallel", "--speculative-config"];

fn place(variable: &str) -> PathBuf {
    std::env::var_os(variable).unwrap_or_else(|| panic!("{variable}: run scripts/real-servers.sh")).into()
}

/// A server in a process of its own, which ends with the guard.
struct Serving {
    child: Child,
    root: String,
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Its own process group: vLLM's engine and workers are processes of their own.
        let _ = Command::new("kill").args(["-s", "KILL", "--", &format!("-{}", self.child.id())]).status();
        let _ = self.child.wait();
    }
}

impl Serving {
    /// Starts the server on a free port and waits until it is healthy. What it prints goes to `log`.
    fn start(mut command: Command, log: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        let output = fs::File::create(log).expect("a log");
        let child = command
            .args(["--host", "127.0.0.1", "--port", &port.to_string()])
            .process_group(0)
            .stdin(Stdio::null())
            .stderr(output.try_clone().expect("a log"))
            .stdout(output)
            .spawn()
            .expect("a server");
        let mut serving = Self { child, root: format!("http://127.0.0.1:{port}") };
        let begun = Instant::now();
        while serving.get("/health").is_none() {
            let ended = serving.child.try_wait().expect("a status");
            let said = || fs::read_to_string(log).unwrap_or_default();
            assert!(ended.is_none() && begun.elapsed() < PATIENCE, "no server: {ended:?}\n{}", said());
            thread::sleep(Duration::from_millis(500));
        }
        serving
    }

    fn get(&self, path: &str) -> Option<String> {
        let response = ureq::get(format!("{}{path}", self.root)).call().ok()?;
        response.into_body().read_to_string().ok()
    }

    /// The sum of a metric (Prometheus text) over its labels.
    fn metric(&self, name: &str) -> f64 {
        let text = self.get("/metrics").expect("metrics");
        let values = text.lines().filter_map(|line| {
            let (found, value) = line.rsplit_once(' ')?;
            (found.split('{').next() == Some(name)).then(|| value.parse::<f64>().ok()).flatten()
        });
        values.sum()
    }

    fn bench(&self, arguments: &[&str]) -> Program {
        program(["bench", "--endpoint", &format!("{}/v1", self.root), "--format", "json"])
            .env("NO_PROXY", "*")
            .with(arguments)
    }

    /// The first load that the client measured, after its kernels are warm.
    fn measured(&self, arguments: &[&str]) -> Value {
        let ran = self.bench(arguments).with(["--warm-up", "0"]).run();
        ran.answers();
        ran.json()["loads"][0].clone()
    }
}

fn number(value: &Value, pointer: &str) -> f64 {
    value.pointer(pointer).and_then(Value::as_f64).unwrap_or_else(|| panic!("no {pointer} in {value}"))
}

/// Fails where `ours` is not within `share` of `theirs`, or `slack` seconds of it; prints both.
fn agree(what: &str, ours: f64, theirs: f64, share: f64, slack: f64) {
    note!("{what}: client {ours:.5}, other {theirs:.5}, ratio {:.3}", ours / theirs);
    assert!((ours - theirs).abs() <= (share * theirs).max(slack), "{what}: {ours} against {theirs}");
}

/// The launch files of a report that sells this model.
fn launch_files(model: &str, folder: &Path) -> PathBuf {
    let files = folder.join("launch");
    let ran = run([
        "report",
        "--model",
        model,
        "--users",
        "1000",
        "--requests-per-user-day",
        "40",
        "--prompt-tokens",
        "500",
        "--output-tokens",
        "800",
        "--privacy",
        "premises",
        "--launch",
        files.to_str().expect("UTF-8"),
        "--format",
        "json",
    ]);
    assert!(files.join("vllm.sh").is_file(), "{}", ran.errors());
    files
}

/// The arguments of `vllm serve` in a launch script, for one CPU: sizes scaled down, without what only a GPU has.
fn scaled_down(script: &str) -> Vec<String> {
    let joined = script.replace("\\\n", " ");
    let line = joined.lines().find(|line| line.starts_with("vllm serve ")).expect("a command");
    let words: Vec<_> = line.split_whitespace().skip(3).collect();
    let mut kept = Vec::new();
    let mut index = 0;
    while let Some(flag) = words.get(index) {
        let value = words.get(index + 1).filter(|word| !word.starts_with("--"));
        index += if value.is_some() { 2 } else { 1 };
        let value = match *flag {
            "--host" | "--port" => continue,
            flag if FOR_GPUS.contains(&flag) => continue,
            flag if flag.ends_with("-parallel-size") => Some("1"),
            "--max-model-len" => Some("4096"),
            "--max-num-seqs" => Some("16"),
            "--gpu-memory-utilization" => Some("0.5"),
            _ => value.copied(),
        };
        kept.extend([Some(*flag), value].into_iter().flatten().map(str::to_owned));
    }
    kept
}

/// vLLM with a tiny model and the flags of its family's launch script.
fn vllm(model: &str, tiny: &str, folder: &Path) -> (Serving, PathBuf, String) {
    let files = launch_files(model, folder);
    let script = fs::read_to_string(files.join("vllm.sh")).expect("a script");
    let flags = scaled_down(&script);
    let name = flags.iter().skip_while(|flag| *flag != "--served-model-name").nth(1).expect("a name").clone();
    let bin = place("R1_ADVISOR_TEST_VLLM");
    let mut command = Command::new(bin.join("vllm"));
    command
        .arg("serve")
        .arg(place("R1_ADVISOR_TEST_MODELS").join(tiny))
        .args(flags)
        .arg("--enforce-eager")
        .envs([("VLLM_CPU_KVCACHE_SPACE", "1"), ("VLLM_NO_USAGE_STATS", "1"), ("HF_HUB_OFFLINE", "1")])
        .env("PATH", format!("{}:{}", bin.display(), std::env::var("PATH").expect("a path")));
    (Serving::start(command, &folder.join("vllm.log")), files, name)
}

/// What vLLM's own client measures at the server.
fn peer(serving: &Serving, model: &str, tiny: &str, folder: &Path) -> Value {
    let bin = place("R1_ADVISOR_TEST_VLLM");
    let ended = Command::new(bin.join("vllm"))
        .args(["bench", "serve", "--backend", "openai-chat", "--endpoint", "/v1/chat/completions"])
        .args(["--base-url", &serving.root, "--model", model, "--served-model-name", model, "--tokenizer"])
        .arg(place("R1_ADVISOR_TEST_MODELS").join(tiny))
        .args(["--dataset-name", "random", "--random-input-len", "200", "--random-output-len", "64"])
        .args(["--num-prompts", "48", "--max-concurrency", "4", "--ignore-eos", "--num-warmups", "4"])
        .args(["--save-result", "--result-filename", "peer.json", "--result-dir"])
        .arg(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .env("HF_HUB_OFFLINE", "1")
        .status()
        .expect("vllm bench");
    assert!(ended.success(), "{ended}");
    let text = fs::read_to_string(folder.join("peer.json")).expect("a result");
    serde_json::from_str(&text).expect("JSON")
}

const LOAD: [&str; 8] =
    ["--concurrency", "4", "--requests", "48", "--prompt-tokens", "200", "--output-tokens", "64"];

/// The mean times of the requests that vLLM answered meanwhile, by its own clock.
struct Clock {
    requests: f64,
    output_tokens: f64,
    ttft: f64,
    tpot: f64,
}

impl Clock {
    fn around<T>(serving: &Serving, load: impl FnOnce() -> T) -> (T, Self) {
        let names = [
            "generation_tokens_total",
            "time_to_first_token_seconds_sum",
            "time_to_first_token_seconds_count",
            "request_time_per_output_token_seconds_sum",
            "request_time_per_output_token_seconds_count",
        ];
        let read = || names.map(|name| serving.metric(&format!("vllm:{name}")));
        let before = read();
        let answer = load();
        let after = read();
        let grown: [f64; 5] = std::array::from_fn(|index| after[index] - before[index]);
        let [output_tokens, ttft, requests, tpot, timed] = grown;
        (answer, Self { requests, output_tokens, ttft: ttft / requests, tpot: tpot / timed })
    }
}

fn serves(model: &str, tiny: &str) {
    note!("== {tiny}, with the flags for {model}");
    let folder = tempfile::tempdir().expect("a folder");
    let (serving, files, name) = vllm(model, tiny, folder.path());
    serving.measured(&["--requests", "8"]);

    let (load, clock) = Clock::around(&serving, || serving.measured(&LOAD));
    // The client asks first for a token or two, to learn what the server can.
    let extra = clock.requests - number(&load, "/requests/completed");
    assert!((0.0..=4.0).contains(&extra), "{extra} more requests");
    let more = clock.output_tokens - number(&load, "/tokens/output");
    assert!((0.0..=extra * 64.0).contains(&more), "{more} more tokens than the client counted");
    // What lies between the two: HTTP, and this machine's other work.
    agree("TTFT", number(&load, "/ttft_seconds/mean"), clock.ttft, 0.15, 0.02);
    agree("TPOT", number(&load, "/tpot_seconds/mean"), clock.tpot, 0.05, 0.0003);

    // A Python client takes more of the processors that the server computes on, so each is held against the server's
    // clock during its own run.
    let (theirs, their_clock) = Clock::around(&serving, || peer(&serving, &name, tiny, folder.path()));
    let beyond = number(&theirs, "/mean_ttft_ms") / 1e3 - their_clock.ttft;
    let ours_beyond = number(&load, "/ttft_seconds/mean") - clock.ttft;
    note!("TTFT beyond the server's: client {ours_beyond:.4} s, vllm bench {beyond:.4} s");
    assert!(ours_beyond <= beyond + 0.05, "{ours_beyond} s against {beyond} s");
    agree("TPOT of vllm bench", number(&theirs, "/mean_tpot_ms") / 1e3, their_clock.tpot, 0.05, 0.0003);
    let output = number(&theirs, "/output_throughput");
    note!("output: client {:.1} tok/s, vllm bench {output:.1}", number(&load, "/output_tokens_per_second"));

    acceptance(&serving, &files);
    refusals(&serving);
}

#[test]
#[ignore = "needs vLLM: scripts/real-servers.sh"]
fn vllm_serves_qwen2_with_our_flags_and_its_clock_agrees() {
    serves("32b", "qwen2");
}

#[test]
#[ignore = "needs vLLM: scripts/real-servers.sh"]
fn vllm_serves_llama_with_our_flags_and_its_clock_agrees() {
    serves("70b", "llama");
}

#[test]
#[ignore = "needs vLLM: scripts/real-servers.sh"]
fn vllm_serves_qwen3_with_our_flags_and_its_clock_agrees() {
    serves("r1-0528-qwen3-8b", "qwen3");
}

#[test]
#[ignore = "needs vLLM: scripts/real-servers.sh"]
fn vllm_serves_deepseek_v3_with_our_flags_and_its_clock_agrees() {
    serves("671b", "deepseek-v3");
}

/// Runs each line of the acceptance test, with few and short requests: it answers, whether or not the tiny server passes.
fn acceptance(serving: &Serving, files: &Path) {
    let script = fs::read_to_string(files.join("acceptance.sh")).expect("a script");
    let lines: Vec<_> = script.lines().filter(|line| line.starts_with("r1-advisor ")).collect();
    assert!(lines.len() >= 3, "{script}");
    for line in lines {
        let mut words: Vec<_> = line.split_whitespace().skip(1).collect();
        for (flag, value) in [
            ("--requests", "8"),
            ("--prompt-tokens", "100"),
            ("--output-tokens", "16"),
            ("--warm-up", "1"),
            ("--rate", "4"),
            ("--concurrency", "4"),
            ("--sweep-most", "8"),
        ] {
            if let Some(at) = words.iter().position(|word| *word == flag) {
                words[at + 1] = value;
            }
        }
        let endpoint = words.iter().position(|word| *word == "\"$ENDPOINT\"").expect("an endpoint");
        let address = format!("{}/v1", serving.root);
        words[endpoint] = &address;
        let ran = program(words).with(["--format", "json"]).run();
        assert!(matches!(ran.code(), Some(0 | 1)), "{line}: {:?} {}", ran.code(), ran.errors());
        assert_eq!(ran.json()["loads"][0]["requests"]["failed"], 0, "{line}");
    }
}

/// What the server refuses is told in its words.
fn refusals(serving: &Serving) {
    serving.bench(&["--model", "another"]).run().exits(2).complains("has no model");
    let long = ["--prompt-tokens", "9000", "--output-tokens", "8"];
    serving.bench(&long).run().exits(6).complains("4096");
}

#[test]
#[ignore = "needs llama-server: scripts/real-servers.sh"]
fn llama_servers_clock_agrees_with_the_client_and_its_end_is_no_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(place("R1_ADVISOR_TEST_LLAMA_SERVER"));
    command.arg("-m").arg(talking_model::write(folder.path())).args(["--metrics", "-c", "16384", "-np", "4"]);
    let mut serving = Serving::start(command, &folder.path().join("server.log"));
    serving.measured(&["--requests", "8"]);

    let names = ["tokens_predicted_total", "tokens_predicted_seconds_total"];
    let read = || names.map(|name| serving.metric(&format!("llamacpp:{name}")));
    let before = read();
    let load = serving.measured(&["--requests", "24", "--prompt-tokens", "200", "--output-tokens", "64"]);
    let after = read();
    let tokens = after[0] - before[0];
    assert!((0.0..=64.0).contains(&(tokens - number(&load, "/tokens/output"))), "{tokens}: {load}");
    agree(
        "TPOT, server's clock",
        number(&load, "/tpot_seconds/mean"),
        (after[1] - before[1]) / tokens,
        0.1,
        0.0003,
    );

    let mut running = serving.bench(&["--requests", "100000", "--output-tokens", "64"]).start();
    let begun = serving.metric("llamacpp:tokens_predicted_total");
    running.wait_until(|| serving.metric("llamacpp:tokens_predicted_total") >= begun + 500.0);
    serving.child.kill().expect("it can be ended");
    let ran = running.end();
    let requests = &ran.answers().json()["loads"][0]["requests"];
    assert!(requests["sent"].as_u64() < Some(1000), "it gives up: {requests}");
    assert!(requests["failed"].as_u64() >= Some(1), "{requests}");
}
