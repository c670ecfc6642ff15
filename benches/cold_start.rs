//! What a user pays before the first answer: time and memory of `recommend` from process start, and the
//! size of the program, beside their targets.
//!
//!     cargo bench --bench cold_start

use std::ffi::c_int;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_r1-advisor");
const RUNS: usize = 40;
const MACHINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/machines/desktop-rtx-4090.toml");
const COMMANDS: &[(&str, &[&str])] = &[
    ("recommend --machine", &["recommend", "--machine", MACHINE]),
    ("recommend --machine, JSON", &["recommend", "--machine", MACHINE, "--format", "json"]),
    ("recommend", &["recommend"]),
    ("estimate", &["estimate", "32b:Q4_K_M", "--machine", MACHINE]),
    ("--version", &["--version"]),
];

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{RUNS} runs each, and the one before them, which may find the disk cold")?;
    writeln!(
        out,
        "{:<26} {:>9} {:>9} {:>9} {:>10}   (targets for a known machine: 10 ms, 15 MB)",
        "command", "first", "median", "p95", "peak RSS"
    )?;
    for (name, arguments) in COMMANDS {
        let first = run(arguments)?;
        let mut runs = (0..RUNS).map(|_| run(arguments)).collect::<io::Result<Vec<_>>>()?;
        runs.sort_by_key(|run| run.wall);
        let peak = runs.iter().map(|run| run.peak_bytes).max().unwrap_or_default();
        writeln!(
            out,
            "{:<26} {:>6.1} ms {:>6.1} ms {:>6.1} ms {:>7.1} MB",
            name,
            milliseconds(first.wall),
            milliseconds(runs[RUNS / 2].wall),
            milliseconds(runs[RUNS * 95 / 100].wall),
            megabytes(peak)
        )?;
    }
    let size = Path::new(PROGRAM).metadata()?.len();
    writeln!(out, "program, stripped: {:.1} MB (target for the default CPU build: 15 MB)", megabytes(size))
}

struct Run {
    wall: Duration,
    peak_bytes: u64,
}

/// Runs the program once. Its answer may be no; only a crash or a misuse is an error.
fn run(arguments: &[&str]) -> io::Result<Run> {
    let started = Instant::now();
    let child = Command::new(PROGRAM)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let (status, peak_bytes) = wait(child.id())?;
    let wall = started.elapsed();
    if !libc::WIFEXITED(status) || libc::WEXITSTATUS(status) > 1 {
        return Err(io::Error::other(format!("{} ended with wait status {status}", arguments.join(" "))));
    }
    Ok(Run { wall, peak_bytes })
}

/// Waits for a child of this process; its wait status and its peak resident memory.
///
/// The peak starts from the memory of this process, which the child shares until it becomes the program:
/// some 3 MB, well under what is measured.
fn wait(process: u32) -> io::Result<(c_int, u64)> {
    let process = libc::pid_t::try_from(process).map_err(io::Error::other)?;
    let mut status = 0;
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::uninit();
    // SAFETY: both pointers are to live values of the types that wait4(2) writes.
    let waited = unsafe { libc::wait4(process, &raw mut status, 0, usage.as_mut_ptr()) };
    if waited != process {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: wait4 returned the process, so it has filled in its usage.
    let usage = unsafe { usage.assume_init() };
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    Ok((status, u64::try_from(usage.ru_maxrss).unwrap_or_default() * unit))
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
