//! What the client of served engines takes of the machine: its processor time while a server on loopback sends 1,000
//! tokens a second, in one stream and in 32. More than 1 % of a core would begin to be what is measured.
//!
//!     cargo bench --no-default-features --bench endpoint [-- SECONDS]
//!
//! The server is a process of its own, and sends each token in a packet of its own, as vLLM words it.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_r1-advisor");

/// Tokens of all streams in a second.
const RATE: u32 = 1000;

/// Times each is run; the best counts, as the other processes of a machine only ever take time.
const RUNS: usize = 3;

/// The argument that makes this program the server.
const SERVE: &str = "serve";

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|argument| argument == SERVE) {
        let streams = arguments.get(1).and_then(|text| text.parse().ok()).unwrap_or(1);
        return be_server(Duration::from_secs(1) * streams / RATE);
    }
    let seconds: u32 = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(5);
    let mut out = io::stdout().lock();
    writeln!(out, "{RATE} tokens a second on loopback for {seconds} s, best of {RUNS}")?;
    for streams in [1, 32] {
        let server = Server::start(streams)?;
        let shares = (0..RUNS).map(|_| measure(&server, streams, seconds)).collect::<io::Result<Vec<_>>>()?;
        let (share, rate) = shares
            .into_iter()
            .fold((f64::INFINITY, 0.0), |best, run| if run.0 < best.0 { run } else { best });
        let verdict = if share < 0.01 { "ok" } else { "ABOVE 1 %" };
        writeln!(
            out,
            "  {streams:>2} streams: {:.2} % of a core at {rate:.0} tokens a second, {:.1} µs a token   {verdict}",
            share * 100.0,
            share / rate * 1e6
        )?;
    }
    Ok(())
}

/// The share of a core that the program took, and the tokens a second that it saw.
fn measure(server: &Server, streams: u32, seconds: u32) -> io::Result<(f64, f64)> {
    let output = Command::new(PROGRAM)
        .args(["bench", "--endpoint", &server.address, "--model", "r1", "--format", "json", "--quiet"])
        .args(["--warm-up", "0", "--prompt-tokens", "64"])
        .args(["--concurrency", &streams.to_string(), "--requests", &streams.to_string()])
        .args(["--output-tokens", &(RATE * seconds / streams).to_string()])
        .output()?;
    let report: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let load = &report["loads"][0];
    let number = |value: &serde_json::Value| value.as_f64().ok_or_else(|| io::Error::other("no number"));
    Ok((number(&load["client_core_share"])?, number(&load["output_tokens_per_second"])?))
}

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(streams: u32) -> io::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args([SERVE, &streams.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut address = String::new();
        let stdout = child.stdout.take().ok_or_else(|| io::Error::other("no stdout"))?;
        BufReader::new(stdout).read_line(&mut address)?;
        Ok(Self { child, address: address.trim().to_owned() })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn be_server(period: Duration) -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    writeln!(io::stdout(), "{}", listener.local_addr()?)?;
    for stream in listener.incoming() {
        let stream = stream?;
        thread::spawn(move || answer(stream, period));
    }
    Ok(())
}

/// Answers a request with as many tokens as it asks for, one each `period`.
fn answer(mut stream: TcpStream, period: Duration) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if let Some(told) = line.to_lowercase().strip_prefix("content-length: ") {
                length = told.trim().parse().unwrap_or(0);
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let body: serde_json::Value = serde_json::from_slice(&body)?;
        let tokens = body["max_tokens"].as_u64().unwrap_or(1);
        stream.write_all(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n",
        )?;
        let start = Instant::now();
        for token in 0..tokens as u32 {
            thread::sleep((start + period * token).saturating_duration_since(Instant::now()));
            send(
                &mut stream,
                r#"{"id":"chatcmpl-6c1ec7a8e5d94d5d8f0f7c2d","object":"chat.completion.chunk","created":1764000000,"model":"r1","choices":[{"index":0,"delta":{"content":" word"},"logprobs":null,"finish_reason":null}]}"#,
            )?;
        }
        send(&mut stream, r#"{"choices":[{"index":0,"delta":{},"finish_reason":"length"}]}"#)?;
        send(
            &mut stream,
            &format!(r#"{{"choices":[],"usage":{{"prompt_tokens":64,"completion_tokens":{tokens}}}}}"#),
        )?;
        send(&mut stream, "[DONE]")?;
        stream.write_all(b"0\r\n\r\n")?;
    }
}

/// An event in a chunk and a packet of its own.
fn send(stream: &mut TcpStream, data: &str) -> io::Result<()> {
    let event = format!("data: {data}\n\n");
    stream.write_all(format!("{:x}\r\n{event}\r\n", event.len()).as_bytes())
}
