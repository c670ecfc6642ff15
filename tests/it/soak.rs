//! Two thousand requests to a server that fails at random, for `--ignored`: no memory, file or thread is lost.

use std::fs;
use std::io::Write as _;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::support::{Asked, Server, program};

const REQUESTS: u64 = 2000;
const USERS: usize = 16;

/// What a process holds: memory in KiB, open files, threads.
#[derive(Clone, Copy, Debug)]
struct Held {
    memory: u64,
    files: usize,
    threads: usize,
}

impl Held {
    fn of(id: u32) -> Option<Self> {
        let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let memory = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok())?;
        let count = |folder: &str| Some(fs::read_dir(format!("/proc/{id}/{folder}")).ok()?.count());
        Some(Self { memory, files: count("fd")?, threads: count("task")? })
    }
}

/// Answers well two times of three, and else in one of many wrong ways.
fn answer(asked: &Asked, stream: &mut TcpStream, number: u64) -> std::io::Result<()> {
    let piece =
        |text: &str| format!("data: {}\n\n", json!({ "choices": [{ "delta": { "content": text } }] }));
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
    let mut rng = fastrand::Rng::with_seed(number);
    let mut say = |text: &str| stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
    // The greetings and the warm-up go well.
    let fault = if number < 3 { 99 } else { rng.u32(..36) };
    match fault {
        0 => say("HTTP/1.1 500 Oops\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno\n"),
        1 => say("HTTP/1.1 429 Slow\r\nRetry-After: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
        2 => say(&format!("{head}{}", piece("cut"))),
        3 => say(&format!("{head}event: error\ndata: gone\n\n")),
        4 => say(&format!("{head}{{\"error\":\"loading\"}}")),
        5 => say("nothing of HTTP\r\n\r\n"),
        6 => Ok(()),
        7 => say(&format!("{head}data: {{\"choices\":[{{\n\n")),
        8 => {
            say(head)?;
            let letters = "x".repeat(1 << 16);
            (0..40).try_for_each(|_| say(&letters))
        }
        9 => say(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\nConnection: close\r\n\r\n<html",
        ),
        10 => {
            say(head)?;
            thread::sleep(Duration::from_millis(1500));
            Ok(())
        }
        11 => (0..2000).try_for_each(|_| say(&piece("on and on "))),
        _ => {
            let tokens = asked.body["max_tokens"].as_u64().unwrap_or(1);
            let body: String =
                (0..tokens).map(|at| piece(["sky ", "blue ", "air "][at as usize % 3])).collect();
            let end = json!({ "choices": [{ "delta": {}, "finish_reason": "length" }] });
            say(&format!("{head}{body}data: {end}\n\ndata: [DONE]\n\n"))
        }
    }
}

#[test]
#[ignore = "takes a minute or two"]
fn two_thousand_requests_with_random_faults_lose_nothing() {
    let count = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&count);
    let server = Server::new(move |asked, stream| {
        // A client that hangs up is its right.
        let _ = answer(asked, stream, counted.fetch_add(1, Ordering::SeqCst));
    });
    let arguments = [
        "--requests",
        "2000",
        "--concurrency",
        "16",
        "--output-tokens",
        "24",
        "--prompt-tokens",
        "64",
        "--timeout",
        "1s",
        "--format",
        "json",
        "--color",
        "never",
    ];
    let mut command =
        program(["bench", "--endpoint", &server.address, "--model", "r1"]).with(arguments).command();
    let child = command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    let id = child.id();
    let watcher = thread::spawn(move || {
        let mut seen = Vec::new();
        while let Some(held) = Held::of(id) {
            seen.push((count.load(Ordering::SeqCst), held));
            thread::sleep(Duration::from_millis(100));
            if fs::read_to_string(format!("/proc/{id}/stat")).is_ok_and(|stat| stat.contains(") Z ")) {
                break;
            }
        }
        seen
    });
    let output = child.wait_with_output().expect("an end");
    let seen = watcher.join().expect("no panic");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let requests = &report["loads"][0]["requests"];
    assert_eq!(requests["sent"], REQUESTS, "{requests}");
    assert_eq!(requests["unfinished"], 0);
    let kinds: Vec<_> = report["loads"][0]["failures"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|failure| failure["kind"].as_str().unwrap_or_default())
        .collect();
    assert!(kinds.len() >= 8, "{kinds:?}");
    let after =
        |share: u64| seen.iter().filter(move |(sent, _)| *sent > REQUESTS * share / 4).map(|(_, held)| *held);
    let early = after(1).next().expect("a look");
    let (memory, files, threads) = after(3).fold((0, 0, 0), |(memory, files, threads), held| {
        (held.memory.max(memory), held.files.max(files), held.threads.max(threads))
    });
    println!(
        "{REQUESTS} requests, {kinds:?}: from {early:?} to {memory} KiB, {files} files, {threads} threads"
    );
    assert!(memory < early.memory + 16_384, "memory grows: {early:?}, {memory}");
    assert!(files <= early.files.max(USERS) + USERS + 8, "files are left open: {early:?}, {files}");
    assert!(threads <= early.threads.max(USERS) + 4, "threads are left: {early:?}, {threads}");
}
