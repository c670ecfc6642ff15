//! A server on loopback that answers as a test tells it to, and keeps what it was asked.

use std::io::{BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    headers: Vec<String>,
    /// Null where it is no JSON.
    pub(crate) body: Value,
}

impl Asked {
    fn read(reader: &mut impl std::io::BufRead) -> Option<Self> {
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
            match line.trim_end() {
                "" => break,
                line => headers.push(line.to_owned()),
            }
        }
        let first = headers.remove(0);
        let mut words = first.split(' ').map(str::to_owned);
        let (method, path) = (words.next()?, words.next()?);
        let mut asked = Self { method, path, headers, body: Value::Null };
        let length = asked.header("content-length").and_then(|length| length.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).ok()?;
        asked.body = serde_json::from_slice(&body).unwrap_or_default();
        Some(asked)
    }

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

    /// Whether it asks for bytes of a file of a hub.
    pub(crate) fn is_for_bytes(&self) -> bool {
        self.method == "GET" && (self.path.starts_with("/cdn/") || self.path.starts_with("/plain/"))
    }
}

/// A port of loopback, and its address.
pub(crate) fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    (listener, address)
}

/// An address where nobody listens.
pub(crate) fn nobody() -> String {
    listener().1
}

/// Answers the requests of each connection until `answer` says that it is at its end.
pub(crate) fn serve(
    listener: TcpListener,
    answer: impl Fn(&Asked, &mut TcpStream) -> bool + Send + Sync + 'static,
) {
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            thread::spawn(move || {
                stream.set_nodelay(true).expect("a socket");
                let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
                while let Some(asked) = Asked::read(&mut reader)
                    && answer(&asked, &mut stream)
                {}
            });
        }
    });
}

/// A server that answers one request of each connection, until the test's process ends.
pub(crate) struct Server {
    pub(crate) address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    pub(crate) fn new<T>(answer: impl Fn(&Asked, &mut TcpStream) -> T + Send + Sync + 'static) -> Self {
        let (listener, address) = listener();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        serve(listener, move |request, stream| {
            log.lock().expect("no thread panicked").push(request.clone());
            answer(request, stream);
            false
        });
        Self { address, asked }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no thread panicked").clone()
    }
}

/// Writes an answer; the client may have hung up, which is its right.
pub(crate) fn respond(stream: &mut TcpStream, status: &str, header: &str, body: &[u8]) -> bool {
    let header = if header.is_empty() { String::new() } else { format!("{header}\r\n") };
    let head =
        format!("HTTP/1.1 {status}\r\n{header}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).is_ok()
}
