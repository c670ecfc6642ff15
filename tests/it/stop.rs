//! A signal ends the program wherever it waits: the first within five seconds, a second one within one.

use std::io::Write as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Once;
use std::thread;
use std::time::{Duration, Instant};

use r1_advisor::history::Database;

use crate::support::hub::FILE;
use crate::support::program::{NOWHERE, signal};
use crate::support::{Home, Hub, Program, Server, program, sha256, tiny_model};

const FIRST: Duration = Duration::from_secs(5);
const SECOND: Duration = Duration::from_secs(1);

/// What starting a process and looking at it takes here, on a busy machine.
const SLACK: Duration = Duration::from_secs(1);

/// A program that waits, with all that it needs, which goes with it.
struct Waiting {
    child: Child,
    _around: Box<dyn std::any::Any>,
}

impl Waiting {
    fn new(program: Program, around: impl std::any::Any) -> Self {
        let mut command = program.command();
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        Self::start(command, around)
    }

    fn start(mut command: Command, around: impl std::any::Any) -> Self {
        // Under `nohup` or in the background of a script, signals are ignored by whatever is started. One with a handler
        // is not passed on as ignored.
        static HEARD: Once = Once::new();
        HEARD.call_once(|| ctrlc::set_handler(|| std::process::abort()).expect("a handler"));
        Self { child: command.spawn().expect("the program starts"), _around: Box::new(around) }
    }

    /// Sends a signal and tells how the program ended, and after how long.
    fn ends(&mut self, within: Duration) -> Option<ExitStatus> {
        let start = Instant::now();
        while start.elapsed() < within + SLACK {
            if let Some(status) = self.child.try_wait().expect("a status") {
                return Some(status);
            }
            thread::sleep(Duration::from_millis(10));
        }
        None
    }

    fn children(&self) -> Vec<String> {
        let id = self.child.id();
        let listed = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
        listed.unwrap_or_default().split_whitespace().map(str::to_owned).collect()
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn silent_server() -> Server {
    Server::new(|_, _| thread::sleep(Duration::from_mins(1)))
}

/// A server that sends a byte now and then, for ever.
fn dripping_server() -> Server {
    Server::new(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");
        while stream.write_all(b" ").and_then(|()| stream.flush()).is_ok() {
            thread::sleep(Duration::from_millis(100));
        }
    })
}

/// A server whose answers never end.
fn endless_server() -> Server {
    Server::new(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
        let piece = b"data: {\"choices\":[{\"delta\":{\"content\":\"so \"}}]}\n\n";
        while stream.write_all(piece).and_then(|()| stream.flush()).is_ok() {
            thread::sleep(Duration::from_millis(200));
        }
    })
}

fn bench(server: Server, arguments: &[&str]) -> Waiting {
    let program = program(["bench", "--endpoint", &server.address]).with(arguments);
    Waiting::new(program, server)
}

/// A place where a program waits: its name, and how to bring one there.
type Place = (&'static str, fn() -> Waiting);

fn places() -> Vec<Place> {
    vec![
        ("a silent list of models", || bench(silent_server(), &[])),
        ("a list of models that drips", || bench(dripping_server(), &[])),
        ("a silent answer", || bench(silent_server(), &["--model", "r1"])),
        ("an answer that never ends", || bench(endless_server(), &["--model", "r1", "--requests", "1"])),
        ("a silent hub, for `pull`", || {
            let (home, hub) = (Home::new(), silent_server());
            let program = home
                .program(&hub.url(), &["pull", "hf.co/maker/Tiny-R1-GGUF:Q4_K_M", "--force"])
                .env("R1_ADVISOR_PATIENCE_MS", "60000");
            Waiting::new(program, (home, hub))
        }),
        ("a silent hub, for `run`", || {
            let (home, hub) = (Home::new(), silent_server());
            let catalog = home.catalog(Some(sha256(&tiny_model(1))));
            let program = home
                .program(&hub.url(), &["run", "tiny:Q4_K_M", "Hi", "--pull", "--force"])
                .with(["--catalog".as_ref(), catalog.as_os_str()])
                .env("R1_ADVISOR_PATIENCE_MS", "60000");
            Waiting::new(program, (home, hub))
        }),
        ("a hub that stops in the middle", || {
            let hub =
                Hub::start([(FILE, tiny_model(1))], Some((64 << 10, Duration::from_mins(1))), |_, _, _| {
                    false
                });
            let home = Home::new();
            let program = home
                .program(&hub.endpoint, &["pull", "hf.co/maker/Tiny-R1-GGUF:Q4_K_M", "--force"])
                .env("R1_ADVISOR_PATIENCE_MS", "60000");
            Waiting::new(program, (home, hub))
        }),
        ("an answer of the engine", || {
            let (home, path) = Home::with_model();
            let program = home.program(NOWHERE, &["run", &path, "Hi"]).engine("fake:endless");
            Waiting::new(program, home)
        }),
        ("an engine that hangs", || {
            let (home, path) = Home::with_model();
            let program = home.program(NOWHERE, &["bench", &path]).engine("fake:hang");
            Waiting::new(program, home)
        }),
        ("a pipe that nobody writes to", || {
            let (home, path) = Home::with_model();
            let mut command = home.program(NOWHERE, &["run", &path, "--quiet"]).command();
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            Waiting::start(command, home)
        }),
        ("a history that another program holds", || {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("history.sqlite3");
            Database::open(&path).expect("a history");
            let holder = rusqlite::Connection::open(&path).expect("a connection");
            holder.execute_batch("BEGIN EXCLUSIVE").expect("a lock");
            let program = program(["bench", "history"]).history(&path);
            Waiting::new(program, (folder, holder))
        }),
    ]
}

#[test]
fn a_signal_ends_the_program_wherever_it_waits() {
    thread::scope(|scope| {
        for (number, (place, start)) in places().into_iter().enumerate() {
            // Each signal at some places; all at all of them would take minutes.
            for name in ["INT", "TERM", "HUP"].into_iter().skip(number % 3).step_by(2) {
                scope.spawn(move || {
                    let mut waiting = start();
                    thread::sleep(Duration::from_millis(1500));
                    let children = waiting.children();
                    assert!(
                        waiting.child.try_wait().expect("a status").is_none(),
                        "{place}: ended too early"
                    );
                    signal(&waiting.child, name);
                    let status = waiting.ends(FIRST);
                    let status = status.unwrap_or_else(|| panic!("{place}: SIG{name} does not end it"));
                    assert!(matches!(status.code(), Some(130) | None), "{place}, SIG{name}: {status}");
                    thread::sleep(Duration::from_millis(200));
                    for child in children {
                        let left = std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
                        assert!(
                            left.is_empty() || left.contains(") Z "),
                            "{place}: a worker is left: {left}"
                        );
                    }
                });
            }
        }
    });
}

#[test]
fn a_second_signal_ends_it_within_a_second() {
    thread::scope(|scope| {
        for (place, start) in places() {
            scope.spawn(move || {
                let mut waiting = start();
                thread::sleep(Duration::from_millis(1500));
                for _ in 0..2 {
                    if waiting.child.try_wait().expect("a status").is_none() {
                        signal(&waiting.child, "INT");
                    }
                    thread::sleep(Duration::from_millis(20));
                }
                assert!(waiting.ends(SECOND).is_some(), "{place}");
            });
        }
    });
}

#[test]
fn a_duration_ends_an_answer_that_never_ends() {
    let server = Server::new(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
        let piece = b"data: {\"choices\":[{\"delta\":{\"content\":\"so \"}}]}\n\n";
        while stream.write_all(piece).and_then(|()| stream.flush()).is_ok() {
            thread::sleep(Duration::from_millis(5));
        }
    });
    let start = Instant::now();
    let ran = program(["bench", "--endpoint", &server.address, "--model", "r1", "--duration", "2s"])
        .with(["--format", "json", "--output-tokens", "64"])
        .run();
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
    let report = ran.exits(0).json_of("served");
    assert!(report["loads"][0]["cut"].as_u64() >= Some(1), "{report:#}");
    assert!(report["loads"][0]["tpot_seconds"]["p50"].as_f64() > Some(0.004), "{report:#}");
}

#[test]
fn a_server_that_says_come_back_tomorrow_is_told_and_not_waited_for() {
    let count = std::sync::atomic::AtomicU32::new(0);
    let server = Server::new(move |_, stream| {
        let answer: &[u8] = match count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
            0..=2 => b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"so\"},\"finish_reason\":\"length\"}]}\n\ndata: [DONE]\n\n",
            _ => b"HTTP/1.1 429 Slow\r\nRetry-After: 86400\r\nContent-Length: 4\r\nConnection: close\r\n\r\nslow",
        };
        let _ = stream.write_all(answer);
    });
    let start = Instant::now();
    let ran = program(["bench", "--endpoint", &server.address, "--model", "r1", "--requests", "5"]).run();
    assert!(start.elapsed() < Duration::from_secs(20));
    ran.exits(6).says("retry after 24 h");
}

/// Whatever is left of the process group of a test.
#[test]
fn no_worker_outlives_its_parent_that_is_killed() {
    let (home, path) = Home::with_model();
    let program = home.program(NOWHERE, &["run", &path, "Hi"]).engine("fake:endless");
    let mut waiting = Waiting::new(program, home);
    thread::sleep(Duration::from_millis(1500));
    let children = waiting.children();
    assert!(!children.is_empty(), "it has a worker");
    waiting.child.kill().expect("it can be ended");
    waiting.child.wait().expect("an end");
    thread::sleep(Duration::from_millis(500));
    for child in children {
        let state = Command::new("ps").args(["-o", "stat=", "-p", &child]).output().expect("ps runs").stdout;
        let state = String::from_utf8_lossy(&state).trim().to_owned();
        assert!(state.is_empty() || state.starts_with('Z'), "{state}");
    }
}
