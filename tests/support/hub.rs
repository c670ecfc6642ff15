//! A hub on loopback: lists, redirects and files over HTTP, and every fault that a test asks for.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use r1_advisor::catalog::Architecture;
use r1_advisor::fetch::{Checksum, Sha256};
use r1_advisor::gguf::generate::SyntheticModel;
use r1_advisor::gguf::{LatentLayout, Layout, Mix, metadata};
use serde_json::json;

use super::server::{Asked, listener, respond, serve};

pub(crate) const REPOSITORY: &str = "maker/Tiny-R1-GGUF";
pub(crate) const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
pub(crate) const FILE: &str = "Tiny-R1-Q4_K_M.gguf";

/// The shape of a model that is small enough to be fetched a hundred times.
pub(super) const TINY: &str = r#"
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
    /// Whether it says of what commit its files are, as the hub does and mirrors may not.
    pub(crate) names_commits: AtomicBool,
}

impl Hub {
    pub(crate) fn start(
        files: impl IntoIterator<Item = (&'static str, Vec<u8>)>,
        limit: Option<(usize, Duration)>,
        fault: impl Fn(&Asked, &mut TcpStream, &Hub) -> bool + Send + Sync + 'static,
    ) -> Arc<Self> {
        let (listener, address) = listener();
        let hub = Arc::new(Self {
            endpoint: format!("http://{address}"),
            files: Mutex::new(
                files.into_iter().map(|(path, bytes)| (path.to_owned(), content(bytes))).collect(),
            ),
            fault: Box::new(fault),
            asked: Mutex::default(),
            sent: AtomicU64::new(0),
            limit,
            count: AtomicU64::new(0),
            addresses: AtomicU64::new(0),
            names_commits: AtomicBool::new(true),
        });
        let served = Arc::clone(&hub);
        serve(listener, move |asked, stream| {
            served.asked.lock().expect("no thread panicked").push(asked.clone());
            !(served.fault)(asked, stream, &served) && served.answer(asked, stream)
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

    /// A good hub that says nothing of commits.
    pub(crate) fn without_commits() -> (Arc<Self>, Vec<u8>) {
        let (hub, bytes) = Self::good();
        hub.names_commits.store(false, Ordering::SeqCst);
        (hub, bytes)
    }

    /// The number of this request for bytes, from 0.
    pub(crate) fn next(&self) -> u64 {
        self.count.fetch_add(1, Ordering::SeqCst)
    }

    pub(crate) fn replace(&self, path: &str, bytes: Vec<u8>) {
        self.files.lock().expect("no thread panicked").insert(path.to_owned(), content(bytes));
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
            let commit = self.names_commits.load(Ordering::SeqCst).then_some(COMMIT);
            let listing = json!({ "id": REPOSITORY, "sha": commit, "siblings": siblings }).to_string();
            return respond(stream, "200 OK", "Content-Type: application/json", listing.as_bytes());
        }
        if let Some(rest) = asked.path.strip_prefix(&format!("/{REPOSITORY}/resolve/")) {
            let path = rest.split_once('/').map_or("", |(_, path)| path);
            let Some(content) = files.get(path) else { return respond(stream, "404 Not Found", "", b"") };
            let (bytes, hash) = &**content;
            let commit = if self.names_commits.load(Ordering::SeqCst) { COMMIT } else { "" };
            let header = format!(
                "Location: /cdn/{hash}?signature=secret&number={}\r\nX-Repo-Commit: {commit}\r\nX-Linked-Etag: \"{hash}\"\r\n\
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
