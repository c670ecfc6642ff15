//! A hub of the test's own: lists, redirects and files over real HTTP on loopback, and every fault that a test asks for.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use r1_advisor::catalog::Architecture;
use r1_advisor::fetch::{Checksum, Sha256};
use r1_advisor::gguf::generate::SyntheticModel;
use r1_advisor::gguf::{LatentLayout, Layout, Mix, metadata};
use serde_json::json;

use super::json_schema::validator;

pub(crate) const REPOSITORY: &str = "maker/Tiny-R1-GGUF";
pub(crate) const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
pub(crate) const FILE: &str = "Tiny-R1-Q4_K_M.gguf";

/// How long the program waits for a silent server in these tests, in milliseconds.
const PATIENCE_MS: u64 = 1000;

/// The shape of a model that is small enough to be fetched a hundred times.
const TINY: &str = r#"
family = "llama"
layers = 2
hidden_size = 256
vocabulary = 4096
context_trained = 4096
rms_norm_epsilon = 1e-5
rope = { theta = 10_000.0 }
attention = { kind = "grouped", heads = 4, kv_heads = 2, head_size = 64 }
feed_forward = { kind = "dense", intermediate_size = 1024 }
"#;

pub(crate) fn tiny() -> Architecture {
    toml::from_str(TINY).expect("an architecture")
}

/// The bytes of a tiny model in `Q4_K_M`: 2.2 MB of random weights, another file for each seed.
pub(crate) fn tiny_model(seed: u64) -> Vec<u8> {
    static MADE: Mutex<BTreeMap<u64, Vec<u8>>> = Mutex::new(BTreeMap::new());
    MADE.lock().expect("no thread panicked").entry(seed).or_insert_with(|| make_tiny_model(seed)).clone()
}

fn make_tiny_model(seed: u64) -> Vec<u8> {
    let (mix, latent) = (Mix::named("Q4_K_M", false).expect("a mix"), LatentLayout::Split);
    let keys = metadata("Tiny-R1", &tiny(), mix, latent);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tiny.gguf");
    SyntheticModel::new(&keys, &Layout::new(&tiny(), mix, latent))
        .write_random_weights(&path, seed, 1, &|_| (), &AtomicBool::new(false))
        .expect("disk space");
    fs::read(path).expect("the file")
}

pub(crate) fn sha256(bytes: &[u8]) -> Sha256 {
    let mut checksum = Checksum::new();
    checksum.update(bytes);
    checksum.finish()
}

/// What a client asked for.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    headers: Vec<String>,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|header| {
            let (found, value) = header.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub(crate) fn range(&self) -> Option<Range<u64>> {
        let (first, last) = self.header("range")?.strip_prefix("bytes=")?.split_once('-')?;
        Some(first.parse().ok()?..last.parse::<u64>().ok()? + 1)
    }

    /// Whether it asks for bytes of a file.
    pub(crate) fn is_for_bytes(&self) -> bool {
        self.method == "GET" && (self.path.starts_with("/cdn/") || self.path.starts_with("/plain/"))
    }
}

/// Does something else than a good server would; true when it has answered.
type Fault = dyn Fn(&Asked, &mut TcpStream, &Hub) -> bool + Send + Sync;

/// A file's bytes and their hash.
type Content = Arc<(Vec<u8>, Sha256)>;

fn content(bytes: Vec<u8>) -> Content {
    let hash = sha256(&bytes);
    Arc::new((bytes, hash))
}

/// What the server has, and how it behaves.
pub(crate) struct Hub {
    pub(crate) endpoint: String,
    files: Mutex<BTreeMap<String, Content>>,
    fault: Box<Fault>,
    asked: Mutex<Vec<Asked>>,
    /// Bytes of files that were written to clients.
    sent: AtomicU64,
    /// What a connection may carry: so many bytes, then a pause.
    limit: Option<(usize, Duration)>,
    /// The requests for bytes so far.
    count: AtomicU64,
    /// Addresses that were signed.
    addresses: AtomicU64,
}

impl Hub {
    pub(crate) fn start(
        files: impl IntoIterator<Item = (&'static str, Vec<u8>)>,
        limit: Option<(usize, Duration)>,
        fault: impl Fn(&Asked, &mut TcpStream, &Hub) -> bool + Send + Sync + 'static,
    ) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let hub = Arc::new(Self {
            endpoint: format!("http://{}", listener.local_addr().expect("an address")),
            files: Mutex::new(
                files.into_iter().map(|(path, bytes)| (path.to_owned(), content(bytes))).collect(),
            ),
            fault: Box::new(fault),
            asked: Mutex::default(),
            sent: AtomicU64::new(0),
            limit,
            count: AtomicU64::new(0),
            addresses: AtomicU64::new(0),
        });
        let served = Arc::clone(&hub);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let hub = Arc::clone(&served);
                thread::spawn(move || hub.serve(stream));
            }
        });
        hub
    }

    /// A hub with the tiny model and nothing wrong.
    pub(crate) fn good() -> (Arc<Self>, Vec<u8>) {
        Self::faulty(|_, _, _| false)
    }

    /// A hub with the tiny model and this wrong.
    pub(crate) fn faulty(
        fault: impl Fn(&Asked, &mut TcpStream, &Hub) -> bool + Send + Sync + 'static,
    ) -> (Arc<Self>, Vec<u8>) {
        let bytes = tiny_model(1);
        (Self::start([(FILE, bytes.clone())], None, fault), bytes)
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no thread panicked").clone()
    }

    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Ordering::SeqCst)
    }

    /// The number of this request for bytes, from 0.
    pub(crate) fn next(&self) -> u64 {
        self.count.fetch_add(1, Ordering::SeqCst)
    }

    pub(crate) fn replace(&self, path: &str, bytes: Vec<u8>) {
        self.files.lock().expect("no thread panicked").insert(path.to_owned(), content(bytes));
    }

    fn serve(&self, mut stream: TcpStream) {
        let Ok(read) = stream.try_clone() else { return };
        let mut read = BufReader::new(read);
        loop {
            let mut head: Vec<String> = Vec::new();
            loop {
                let mut line = String::new();
                if read.read_line(&mut line).unwrap_or(0) == 0 {
                    return;
                }
                match line.trim_end() {
                    "" => break,
                    line => head.push(line.to_owned()),
                }
            }
            let first = head.remove(0);
            let mut words = first.split(' ').map(str::to_owned);
            let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let asked = Asked { method, path, headers: head };
            self.asked.lock().expect("no thread panicked").push(asked.clone());
            if (self.fault)(&asked, &mut stream, self) {
                return;
            }
            if !self.answer(&asked, &mut stream) {
                return;
            }
        }
    }

    /// Answers as a hub does; false when the client has gone.
    pub(crate) fn answer(&self, asked: &Asked, stream: &mut TcpStream) -> bool {
        let files = self.files.lock().expect("no thread panicked").clone();
        let body = asked.method == "GET";
        if asked.path.starts_with(&format!("/api/models/{REPOSITORY}/revision/")) {
            let siblings: Vec<_> = files
                .iter()
                .map(|(path, content)| {
                    let (bytes, hash) = &**content;
                    json!({ "rfilename": path, "size": bytes.len(), "blobId": "x",
                        "lfs": { "sha256": hash, "size": bytes.len(), "pointerSize": 135 } })
                })
                .collect();
            let listing = json!({ "id": REPOSITORY, "sha": COMMIT, "siblings": siblings }).to_string();
            return respond(stream, "200 OK", "Content-Type: application/json", listing.as_bytes());
        }
        if let Some(rest) = asked.path.strip_prefix(&format!("/{REPOSITORY}/resolve/")) {
            let path = rest.split_once('/').map_or("", |(_, path)| path);
            let Some(content) = files.get(path) else { return respond(stream, "404 Not Found", "", b"") };
            let (bytes, hash) = &**content;
            let header = format!(
                "Location: /cdn/{hash}?signature=secret&number={}\r\nX-Repo-Commit: {COMMIT}\r\nX-Linked-Etag: \"{hash}\"\r\n\
                 X-Linked-Size: {}",
                self.addresses.fetch_add(1, Ordering::SeqCst),
                bytes.len()
            );
            return respond(stream, "302 Found", &header, b"");
        }
        let content = match asked.path.strip_prefix("/plain/") {
            Some(name) => files.get(name),
            None => files.values().find(|content| asked.path.contains(&content.1.to_string())),
        };
        match content {
            Some(content) => self.send(asked, stream, content, body),
            None => respond(stream, "404 Not Found", "", b""),
        }
    }

    /// Sends a part of a file, as slowly as the server is.
    fn send(&self, asked: &Asked, stream: &mut TcpStream, content: &Content, body: bool) -> bool {
        let (bytes, hash) = &**content;
        let range = asked.range().map(|range| range.start..range.end.min(bytes.len() as u64));
        let etag = &hash.to_string()[..16];
        let head = match &range {
            Some(range) => format!(
                "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {}-{}/{}\r\nContent-Length: {}\r\n",
                range.start,
                range.end - 1,
                bytes.len(),
                range.end - range.start
            ),
            None => format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n", bytes.len()),
        };
        let head = format!("{head}Accept-Ranges: bytes\r\nETag: \"{etag}\"\r\n\r\n");
        if stream.write_all(head.as_bytes()).is_err() {
            return false;
        }
        !body
            || self.write(
                stream,
                &bytes[range.map_or(0..bytes.len(), |range| range.start as usize..range.end as usize)],
            )
    }

    /// Writes bytes of a file and counts them.
    pub(crate) fn write(&self, stream: &mut TcpStream, bytes: &[u8]) -> bool {
        let (step, pause) = self.limit.unwrap_or((bytes.len().max(1), Duration::ZERO));
        for part in bytes.chunks(step) {
            if stream.write_all(part).is_err() {
                return false;
            }
            self.sent.fetch_add(part.len() as u64, Ordering::SeqCst);
            thread::sleep(pause);
        }
        true
    }
}

/// Writes an answer; the client may have hung up, which is its right.
pub(crate) fn respond(stream: &mut TcpStream, status: &str, header: &str, body: &[u8]) -> bool {
    let header = if header.is_empty() { String::new() } else { format!("{header}\r\n") };
    let head =
        format!("HTTP/1.1 {status}\r\n{header}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).is_ok()
}

/// A home without anything in it, and the program run there.
pub(crate) struct Home {
    pub(crate) folder: tempfile::TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn cache(&self) -> PathBuf {
        self.path("hub")
    }

    pub(crate) fn blob(&self, hash: Sha256) -> PathBuf {
        self.cache().join("models--maker--Tiny-R1-GGUF/blobs").join(hash.to_string())
    }

    pub(crate) fn snapshot(&self, file: &str) -> PathBuf {
        self.cache().join("models--maker--Tiny-R1-GGUF/snapshots").join(COMMIT).join(file)
    }

    pub(crate) fn command(&self, hub: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_r1-advisor"));
        for name in [
            "HF_TOKEN",
            "HF_HOME",
            "HF_HUB_OFFLINE",
            "OLLAMA_MODELS",
            "R1_ADVISOR_MODEL_DIR",
            "HF_TOKEN_PATH",
        ] {
            command.env_remove(name);
        }
        command
            .args(arguments)
            .env("HOME", self.folder.path())
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("XDG_CACHE_HOME", self.path("cache"))
            .env("XDG_DATA_HOME", self.path("data"))
            .env("HF_HUB_CACHE", self.cache())
            .env("HF_ENDPOINT", hub)
            .env("NO_PROXY", "*")
            .env("R1_ADVISOR_ENGINE", "fake")
            .env("R1_ADVISOR_SEGMENT_BYTES", "262144")
            .env("R1_ADVISOR_PATIENCE_MS", PATIENCE_MS.to_string());
        command
    }

    pub(crate) fn run(&self, hub: &str, arguments: &[&str]) -> Ran {
        Ran(self.command(hub, arguments).output().expect("the program starts"))
    }

    /// Pulls the tiny model by its repository, without asking for its header first.
    pub(crate) fn pull(&self, hub: &Hub) -> Ran {
        self.run(&hub.endpoint, &["pull", "hf.co/maker/Tiny-R1-GGUF:Q4_K_M", "--format", "json", "--force"])
    }

    /// A folder of the catalog with the tiny model, whose file has this hash.
    pub(crate) fn catalog(&self, hash: Option<Sha256>) -> PathBuf {
        self.catalog_of(hash, TINY)
    }

    /// A folder of the catalog with a model of that name that is far larger.
    pub(crate) fn catalog_of_a_giant(&self) -> PathBuf {
        let giant = TINY.replace("layers = 2", "layers = 400").replace("= 256", "= 16384");
        self.catalog_of(None, &giant.replace("intermediate_size = 1024", "intermediate_size = 65536"))
    }

    fn catalog_of(&self, hash: Option<Sha256>, shape: &str) -> PathBuf {
        let folder = self.path("catalog");
        fs::create_dir_all(folder.join("models")).expect("a folder");
        let architecture: Architecture = toml::from_str(shape).expect("an architecture");
        let sha256 = hash.map_or_else(String::new, |hash| format!(", sha256 = \"{hash}\""));
        let text = format!(
            r#"
id = "tiny-r1"
name = "Tiny-R1"
aliases = ["tiny"]
size = "tiny"
kind = "distill"
repository = "maker/Tiny-R1"
base_model = "maker/Tiny"
released = "2026-11-01"
parameters = {parameters}
active_parameters = {parameters}
architecture_source = "made for a test"
licence = {{ id = "MIT", source = "made for a test" }}
sampling = {{ temperature = 0.6, top_p = 0.95, longest_answer_tokens = 4096, source = "made for a test" }}

[[artifacts]]
quant = "Q4_K_M"
repository = "{REPOSITORY}"
files = [{{ path = "{FILE}"{sha256} }}]
source = "made for a test"

[architecture]
{shape}"#,
            parameters = architecture.parameters(),
        );
        fs::write(folder.join("models/tiny.toml"), text).expect("a file");
        folder
    }

    /// Everything under the cache that a pull leaves when it is not whole.
    pub(crate) fn leftovers(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder").flatten() {
                let path = entry.path();
                if path.is_dir() && !path.is_symlink() {
                    folders.push(path);
                } else if path.to_string_lossy().contains(".incomplete") {
                    found.push(path.file_name().expect("a name").to_string_lossy().into_owned());
                }
            }
        }
        found
    }
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Ran(pub(crate) Output);

impl Ran {
    pub(crate) fn code(&self) -> Option<i32> {
        self.0.status.code()
    }

    pub(crate) fn errors(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    pub(crate) fn out(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.0.stdout).unwrap_or_else(|error| panic!("{error}\n{}", self.errors()))
    }

    /// The one file that a pull brought, by its content.
    pub(crate) fn file(&self) -> Vec<u8> {
        assert_eq!(self.code(), Some(0), "{}", self.errors());
        let json = self.json();
        let complaints: Vec<String> =
            validator("pull").iter_errors(&json).map(|error| error.to_string()).collect();
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
        fs::read(Path::new(json["files"][0]["path"].as_str().expect("a path"))).expect("the file")
    }
}
