//! How fast `pull` is: beside `curl` and beside the hash alone from a server that is not the bottleneck, and beside one
//! connection from a server that is slow on each; and how much memory it takes.
//!
//!     cargo bench --bench download [-- MIB]
//!
//! The file is random weights of a header's own, 1 GiB unless told otherwise, served from memory on loopback. Where
//! files go is what the disk makes of it: `R1_ADVISOR_BENCH_DIR` names another folder.

use std::ffi::c_int;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use r1_advisor::fetch::Checksum;
use r1_advisor::gguf::{GgufWriter, LatentLayout, Layout, Mix, metadata};
use r1_advisor::{catalog::Catalog, units::Bytes};

const PROGRAM: &str = env!("CARGO_BIN_EXE_r1-advisor");

/// Times each of the two is run; the best counts, as the other processes of a machine only ever take time.
const RUNS: usize = 5;

/// What a connection of the slow server carries in a second.
const SLOW: u64 = 8 << 20;

/// The argument that makes this program the server.
const SERVE: &str = "serve";

/// A step of the slow server.
const STEP: u64 = 256 << 10;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let length = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(1024_u64) << 20;
    if arguments.first().is_some_and(|argument| argument == SERVE) {
        return be_server(length);
    }
    let server = Server::start(length)?;
    let folder = tempfile::Builder::new().prefix("r1-advisor-bench").tempdir_in(
        std::env::var_os("R1_ADVISOR_BENCH_DIR").map_or_else(std::env::temp_dir, PathBuf::from),
    )?;
    let mut out = io::stdout().lock();
    let fast = &server.fast;
    writeln!(out, "{} from memory on loopback, best of {RUNS}", Bytes(length))?;
    let (mut curls, mut synced, mut pulls) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        curls.push(curl(fast, folder.path(), false)?);
        synced.push(curl(fast, folder.path(), true)?);
        pulls.push(pull(fast, folder.path())?);
    }
    let best = |runs: &[Run]| runs.iter().map(|run| run.wall).min().unwrap_or_default();
    let line = |what: &str, runs: &[Run]| {
        let rate = length as f64 / best(runs).as_secs_f64() / 1e6;
        let cpu = runs.iter().map(|run| run.cpu).min().unwrap_or_default().as_secs_f64();
        format!("  {what:<24} {rate:>6.0} MB/s, {cpu:.2} s of processor time")
    };
    let (curl_alone, curl_synced, pulled) = (best(&curls), best(&synced), best(&pulls));
    writeln!(out, "{}", line("curl", &curls))?;
    writeln!(out, "{}", line("curl, then sync", &synced))?;
    writeln!(out, "{}", line("pull, hashed and synced", &pulls))?;
    let hashed = (0..RUNS).map(|_| hash(length)).min().unwrap_or_default();
    writeln!(
        out,
        "  {:<24} {:>6.0} MB/s on one core",
        "SHA-256 alone",
        length as f64 / hashed.as_secs_f64() / 1e6
    )?;
    writeln!(
        out,
        "  pull has {:.2} of the speed of the hash alone, which nothing that checks can pass",
        hashed.as_secs_f64() / pulled.as_secs_f64()
    )?;
    writeln!(out, "  pull is {:.2} times as fast as curl", curl_alone.as_secs_f64() / pulled.as_secs_f64())?;
    writeln!(
        out,
        "  pull is {:.2} times as fast as curl, then sync",
        curl_synced.as_secs_f64() / pulled.as_secs_f64()
    )?;
    let peak = pulls.iter().map(|run| run.peak_bytes).max().unwrap_or_default();
    writeln!(out, "  peak memory of pull: {:.1} MB (target: under 64)", peak as f64 / 1e6)?;

    writeln!(out, "{} from a server that gives {}/s to each connection", Bytes(length), Bytes(SLOW))?;
    let pulled = pull(&server.slow, folder.path())?.wall;
    let one = length as f64 / SLOW as f64;
    writeln!(
        out,
        "  pull: {:.1} s, one connection: {one:.1} s at best, so {:.1} times as fast (target: 4)",
        pulled.as_secs_f64(),
        one / pulled.as_secs_f64()
    )
}

/// The servers, in a process of their own: what a child is said to have taken begins with what its parent takes.
struct Server {
    process: Child,
    fast: String,
    slow: String,
}

impl Server {
    fn start(length: u64) -> io::Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .args([SERVE, &(length >> 20).to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(process.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?).lines();
        let mut line = || lines.next().unwrap_or_else(|| Err(io::ErrorKind::UnexpectedEof.into()));
        Ok(Self { fast: line()?, slow: line()?, process })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Tells where it serves, until nobody wants it any more.
fn be_server(length: u64) -> io::Result<()> {
    let file = Arc::new(file(length));
    let (fast, slow) = (serve(Arc::clone(&file), None)?, serve(file, Some(SLOW))?);
    let mut out = io::stdout().lock();
    writeln!(out, "{fast}\n{slow}")?;
    out.flush()?;
    io::stdin().lines().for_each(drop);
    Ok(())
}

/// A GGUF of about this length: a header that is right, and bytes that no compression shortens.
fn file(length: u64) -> Vec<u8> {
    let catalog = Catalog::embedded().expect("the catalog");
    let mut architecture = catalog.model("8b").expect("a model").architecture.clone();
    let (mix, latent) = (Mix::named("Q8_0", false).expect("a mix"), LatentLayout::Split);
    // As many words as make it so long.
    (architecture.layers, architecture.hidden_size) = (1, 256);
    let others = Layout::new(&architecture, mix, latent).bytes().0;
    architecture.vocabulary +=
        u32::try_from(length.saturating_sub(others) / (2 * 272)).expect("a vocabulary");
    let layout = Layout::new(&architecture, mix, latent);
    let writer = GgufWriter::new(&metadata("bench", &architecture, mix, latent), &layout.tensors);
    let mut bytes = Vec::new();
    writer.write_header(&mut bytes).expect("memory can be written");
    let start = bytes.len();
    bytes.resize(writer.file_bytes().0 as usize, 0);
    let mut random = fastrand::Rng::with_seed(1);
    bytes[start..]
        .chunks_mut(8)
        .for_each(|chunk| chunk.copy_from_slice(&random.u64(..).to_le_bytes()[..chunk.len()]));
    bytes
}

/// Serves a file at any path, at most so many bytes a second on each connection.
fn serve(file: Arc<Vec<u8>>, limit: Option<u64>) -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let file = Arc::clone(&file);
            thread::spawn(move || answer(&stream, &file, limit));
        }
    });
    Ok(endpoint)
}

fn answer(stream: &TcpStream, file: &[u8], limit: Option<u64>) -> io::Result<()> {
    let mut read = BufReader::new(stream);
    let mut write = stream;
    loop {
        let (mut range, mut method) = (None, String::new());
        loop {
            let mut line = String::new();
            if read.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if method.is_empty() {
                line.clone_into(&mut method);
            }
            if let Some((first, last)) =
                line.strip_prefix("range: bytes=").and_then(|range| range.split_once('-'))
            {
                range = first.parse().ok().zip(last.parse::<usize>().ok());
            }
        }
        let (first, last) = range.unwrap_or((0, file.len() - 1));
        let last = last.min(file.len() - 1);
        let status = if range.is_some() { "206 Partial Content" } else { "200 OK" };
        write!(
            write,
            "HTTP/1.1 {status}\r\nETag: \"bench\"\r\nContent-Range: bytes {first}-{last}/{}\r\nContent-Length: {}\r\n\r\n",
            file.len(),
            last + 1 - first
        )?;
        if method.starts_with("head") {
            continue;
        }
        let began = Instant::now();
        let step = limit.map_or(1 << 20, |_| STEP as usize);
        let mut sent = 0;
        for part in file[first..=last].chunks(step) {
            write.write_all(part)?;
            sent += part.len();
            if let Some(limit) = limit {
                let due = Duration::from_secs_f64(sent as f64 / limit as f64);
                thread::sleep(due.saturating_sub(began.elapsed()));
            }
        }
    }
}

/// How long it takes to hash so many bytes that are in a core's cache.
fn hash(length: u64) -> Duration {
    let block = vec![7; 256 << 10];
    let began = Instant::now();
    let mut checksum = Checksum::new();
    while checksum.bytes() < length {
        checksum.update(&block);
    }
    std::hint::black_box(checksum.finish());
    began.elapsed()
}

struct Run {
    wall: Duration,
    /// Processor time, which other processes of the machine do not stretch.
    cpu: Duration,
    peak_bytes: u64,
}

fn curl(endpoint: &str, folder: &Path, sync: bool) -> io::Result<Run> {
    let to = folder.join("curl.gguf");
    let _ = std::fs::remove_file(&to);
    let began = Instant::now();
    let url = format!("{endpoint}/file.gguf");
    let mut run =
        run(Command::new("curl").args(["--silent", "--fail", "--noproxy", "*", "-o"]).arg(&to).arg(url))?;
    if sync {
        std::fs::File::open(&to)?.sync_all()?;
        run.wall = began.elapsed();
    }
    std::fs::remove_file(to)?;
    Ok(run)
}

fn pull(endpoint: &str, folder: &Path) -> io::Result<Run> {
    let to = folder.join("pulled");
    let mut command = Command::new(PROGRAM);
    command.args(["pull", &format!("{endpoint}/file.gguf"), "--force", "--quiet", "--to"]).arg(&to);
    for name in ["R1_ADVISOR_SEGMENT_BYTES", "R1_ADVISOR_PATIENCE_MS", "HF_HUB_OFFLINE"] {
        command.env_remove(name);
    }
    let run = run(command.env("NO_PROXY", "*"))?;
    std::fs::remove_dir_all(to)?;
    Ok(run)
}

fn run(command: &mut Command) -> io::Result<Run> {
    let began = Instant::now();
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
    let process = libc::pid_t::try_from(child.id()).map_err(io::Error::other)?;
    let mut status: c_int = 0;
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::uninit();
    // SAFETY: both pointers are to live values of the types that wait4(2) writes.
    let waited = unsafe { libc::wait4(process, &raw mut status, 0, usage.as_mut_ptr()) };
    let wall = began.elapsed();
    if waited != process || !libc::WIFEXITED(status) || libc::WEXITSTATUS(status) != 0 {
        return Err(io::Error::other(format!("{command:?} ended with wait status {status}")));
    }
    // SAFETY: wait4 returned the process, so it has filled in its usage.
    let usage = unsafe { usage.assume_init() };
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    let time = |time: libc::timeval| {
        Duration::from_secs(u64::try_from(time.tv_sec).unwrap_or_default())
            + Duration::from_micros(u64::try_from(time.tv_usec).unwrap_or_default())
    };
    let cpu = time(usage.ru_utime) + time(usage.ru_stime);
    Ok(Run { wall, cpu, peak_bytes: u64::try_from(usage.ru_maxrss).unwrap_or_default() * unit })
}
