//! Headers of files on other machines, against a server of the test's own that behaves, errs and lies.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use r1_advisor::catalog::Catalog;
use r1_advisor::error::Failure as _;
use r1_advisor::fetch::{Client, FetchError, Misdirection};
use r1_advisor::gguf::{
    GgufWriter, Header, LatentLayout, Layout, Mix, ReadError, StoredModel, metadata, read_header,
};
use r1_advisor::i18n::Locale;
use r1_advisor::units::Bytes;

use crate::support::{Asked, Program, Ran, Server, program, respond};

const PATIENCE: Duration = Duration::from_millis(500);
const MIB: u64 = 1 << 20;

fn said(error: &FetchError) -> String {
    Locale::default().say(&error.message())
}

/// A file of the length that its header tells, of which only the header is there.
struct Remote {
    header: Vec<u8>,
    length: u64,
}

impl Remote {
    /// The 671B in `Q4_K_M`: 404 GB with a vocabulary of `words` words, as much header as real files have.
    fn of_671b(words: u64) -> Self {
        let catalog = Catalog::load(None).expect("the embedded catalog");
        let model = catalog.model("671b").expect("a model");
        let (mix, latent) = (Mix::named("Q4_K_M", false).expect("a mix"), LatentLayout::Split);
        let layout = Layout::new(&model.architecture, mix, latent);
        let keys = metadata(&model.name, &model.architecture, mix, latent);
        let writer = GgufWriter::new(&keys, &layout.tensors);
        let mut plain = Vec::new();
        writer.write_header(&mut plain).expect("memory can be written");
        let length = writer.file_bytes().0 - plain.len() as u64;
        // The vocabulary stands first: magic, version, two counts, then one key more.
        let mut header = plain[..16].to_vec();
        header.extend_from_slice(&(keys.len() as u64 + 1).to_le_bytes());
        let key = b"tokenizer.ggml.tokens";
        header.extend_from_slice(&(key.len() as u64).to_le_bytes());
        header.extend_from_slice(key);
        header.extend_from_slice(&9_u32.to_le_bytes());
        header.extend_from_slice(&8_u32.to_le_bytes());
        header.extend_from_slice(&words.to_le_bytes());
        for word in 0..words {
            header.extend_from_slice(&8_u64.to_le_bytes());
            header.extend_from_slice(format!("{word:08}").as_bytes());
        }
        header.extend_from_slice(&plain[24..]);
        header.resize(header.len().next_multiple_of(32), 0);
        let length = length + header.len() as u64;
        Self { header, length }
    }

    fn part(&self, range: Range<u64>) -> Vec<u8> {
        let there = |at: u64| (at.min(self.header.len() as u64)) as usize;
        let mut bytes = self.header[there(range.start)..there(range.end)].to_vec();
        bytes.resize((range.end - range.start) as usize, 0);
        bytes
    }

    fn read(&self) -> Header {
        read_header(&self.header[..], Bytes(self.length)).expect("a header")
    }

    /// Answers like a server that knows ranges.
    fn answer(&self, asked: &Asked, stream: &mut TcpStream) -> bool {
        let range = asked.range().expect("a range");
        let range = range.start..range.end.min(self.length);
        let said = format!("Content-Range: bytes {}-{}/{}", range.start, range.end - 1, self.length);
        respond(stream, "206 Partial Content", &said, &self.part(range))
    }
}

impl Server {
    fn read(&self) -> Result<Header, FetchError> {
        let client = Client::new(&self.url(), None, PATIENCE);
        client.read_header(&client.url("hf.co/o/r/q4/model.gguf").expect("a URL"))
    }

    fn estimate(&self, target: &str) -> Ran {
        estimate(target).env("HF_ENDPOINT", self.url()).env("HF_TOKEN", "secret").run()
    }
}

fn estimate(target: &str) -> Program {
    program(["estimate", target, "--ram", "1TiB", "--gpu", "RTX 4090", "--format", "json"])
}

#[test]
fn a_header_is_read_by_ranges_that_grow_until_it_is_whole() {
    let remote = Remote::of_671b(300_000);
    let (header, length) = (remote.read(), remote.header.len() as u64);
    assert!(length > 3 * MIB);
    let server = Server::new(move |asked, stream| remote.answer(asked, stream));
    assert_eq!(server.read().unwrap(), header);
    let ranges: Vec<_> = server.asked().iter().map(|asked| asked.range().unwrap()).collect();
    assert_eq!(ranges, [0..MIB, MIB..3 * MIB, 3 * MIB..7 * MIB]);
    assert_eq!(server.asked()[0].path, "/o/r/resolve/main/q4/model.gguf");
}

#[test]
fn a_small_header_takes_one_request() {
    let remote = Remote::of_671b(3);
    let header = remote.read();
    let server = Server::new(move |asked, stream| remote.answer(asked, stream));
    assert_eq!(server.read().unwrap(), header);
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn a_server_that_knows_no_ranges_is_hung_up_on_once_the_header_is_whole() {
    let remote = Remote::of_671b(200_000);
    let header = remote.read();
    let sent = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&sent);
    let server = Server::new(move |_, stream| {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", remote.length);
        let _ = stream.write_all(head.as_bytes());
        let mut at = 0;
        // 404 GB, if nobody hangs up.
        while at < remote.length {
            let end = remote.length.min(at + 65_536);
            if stream.write_all(&remote.part(at..end)).is_err() {
                break;
            }
            at = end;
            *counted.lock().unwrap() = at;
        }
    });
    assert_eq!(server.read().unwrap(), header);
    thread::sleep(Duration::from_millis(300));
    let sent = *sent.lock().unwrap();
    // What the sockets' buffers hold was sent and not taken.
    assert!(sent < 32 * MIB, "{sent} bytes were sent");
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn the_token_is_told_to_the_endpoint_and_to_nobody_that_it_redirects_to() {
    let remote = Remote::of_671b(100_000);
    let header = remote.read();
    let store = Server::new(move |asked, stream| remote.answer(asked, stream));
    let elsewhere = format!("Location: {}/signed?key=x", store.url());
    let hub = Server::new(move |asked, stream| {
        // A renamed repository first: the same host, told without its name.
        let renamed = asked.path.starts_with("/old/");
        let location = if renamed { "Location: /new/r/resolve/main/a.gguf" } else { elsewhere.as_str() };
        respond(stream, "302 Found", location, b"");
    });
    let client = Client::new(&hub.url(), Some("secret\n"), PATIENCE);
    let url = client.url("hf.co/old/r/a.gguf").unwrap();
    assert_eq!(client.read_header(&url).unwrap(), header);
    let told: Vec<_> =
        hub.asked().iter().map(|asked| asked.header("authorization").map(str::to_owned)).collect();
    assert_eq!(told, vec![Some("Bearer secret".to_owned()); 4]);
    assert_eq!(store.asked().len(), 2);
    assert!(store.asked().iter().all(|asked| asked.header("authorization").is_none()));
    assert_eq!(store.asked()[0].path, "/signed?key=x");

    // Nor is it told to a host that is named outright.
    let remote = Remote::of_671b(3);
    let stranger = Server::new(move |asked, stream| remote.answer(asked, stream));
    client.read_header(&format!("{}/a.gguf", stranger.url())).unwrap();
    assert!(stranger.asked()[0].header("authorization").is_none());
}

#[test]
fn redirects_in_a_circle_and_to_nowhere_end() {
    let circle = Server::new(|_, stream| respond(stream, "302 Found", "Location: /again", b""));
    let error = circle.read().unwrap_err();
    assert!(matches!(error, FetchError::Redirect { problem: Misdirection::TooOften, .. }), "{error}");
    assert_eq!(circle.asked().len(), 11);
    let nowhere = Server::new(|_, stream| respond(stream, "302 Found", "", b""));
    let error = nowhere.read().unwrap_err();
    assert!(matches!(error, FetchError::Redirect { problem: Misdirection::ToNowhere, .. }), "{error}");
}

#[test]
fn a_web_page_is_told_from_a_file() {
    let server = Server::new(|_, stream| {
        respond(
            stream,
            "200 OK",
            "Content-Type: text/html; charset=utf-8",
            b"<!DOCTYPE html><title>Log in</title>",
        );
    });
    let error = server.read().unwrap_err();
    assert_eq!(
        said(&error),
        format!("`{}/o/r/resolve/main/q4/model.gguf` is a web page, not a model file", server.url())
    );
    let unlabelled = Server::new(|_, stream| respond(stream, "200 OK", "", b"<!DOCTYPE html><title>"));
    assert!(matches!(unlabelled.read(), Err(FetchError::Header { source: ReadError::WebPage, .. })));
}

#[test]
fn a_refusal_tells_what_to_do() {
    for (status, hint) in [
        ("401 Unauthorized", "HF_TOKEN"),
        ("403 Forbidden", "HF_TOKEN"),
        ("404 Not Found", "file name"),
        ("429 Too Many Requests", "later"),
        ("503 Service Unavailable", "later"),
    ] {
        let server = Server::new(move |_, stream| respond(stream, status, "", b"no"));
        let error = server.read().unwrap_err();
        assert!(said(&error).ends_with(&format!("HTTP {}", &status[..3])), "{error}");
        let said = Locale::default().say(&error.hint().unwrap());
        assert!(said.contains(hint), "{status}: {said}");
    }
}

#[test]
fn a_connection_that_breaks_off_or_falls_silent_is_not_a_short_file() {
    let remote = Remote::of_671b(10_000);
    let broken = Server::new(move |asked, stream| {
        let range = asked.range().unwrap();
        let head = format!(
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {}-{}/{}\r\nContent-Length: {}\r\n\r\n",
            range.start,
            range.end - 1,
            remote.length,
            range.end - range.start
        );
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&remote.part(0..50_000)));
    });
    let error = broken.read().unwrap_err();
    assert!(matches!(error, FetchError::BrokenOff { at: 50_000, .. }), "{error:?}");

    let silent = Server::new(|_, _| thread::sleep(PATIENCE * 3));
    assert!(matches!(silent.read().unwrap_err(), FetchError::Request { .. }));

    let stalled = Server::new(|_, stream| {
        let head = "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-1048575/9999999\r\n\r\nGGUF";
        let _ = stream.write_all(head.as_bytes());
        thread::sleep(PATIENCE * 3);
    });
    assert!(matches!(stalled.read().unwrap_err(), FetchError::BrokenOff { at: 4, .. }));

    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = Client::new("", None, PATIENCE);
    let error = client.read_header(&format!("http://{nobody}/a.gguf")).unwrap_err();
    assert!(matches!(error, FetchError::Request { .. }));
}

#[test]
fn an_answer_that_is_another_part_than_was_asked_for_is_refused() {
    for lie in [
        "Content-Range: bytes 1-1048575/9999999",
        "Content-Range: bytes 0-1048576/9999999",
        "Content-Range: bytes 0-1048575/100",
        "Content-Range: bytes 5-3/9999999",
        "Content-Range: bytes 0-18446744073709551615/18446744073709551615",
        "Content-Range: items 0-1048575/9999999",
        "Content-Type: multipart/byteranges; boundary=x",
    ] {
        let server =
            Server::new(move |_, stream| respond(stream, "206 Partial Content", lie, &vec![0; 1 << 20]));
        assert!(matches!(server.read().unwrap_err(), FetchError::WrongRange { .. }), "{lie}");
    }
    // A file that is replaced by another one while it is read.
    let remote = Remote::of_671b(200_000);
    let server = Server::new(move |asked, stream| {
        let range = asked.range().unwrap();
        let length = if range.start == 0 { remote.length } else { remote.length + 1 };
        let said = format!("Content-Range: bytes {}-{}/{length}", range.start, range.end - 1);
        respond(stream, "206 Partial Content", &said, &remote.part(range));
    });
    assert!(matches!(server.read().unwrap_err(), FetchError::WrongRange { .. }));
    // One that sends the whole file when it is asked for its second part.
    let remote = Remote::of_671b(200_000);
    let server = Server::new(move |asked, stream| match asked.range().unwrap().start {
        0 => remote.answer(asked, stream),
        _ => respond(stream, "200 OK", "", &remote.part(0..MIB)),
    });
    assert!(matches!(server.read().unwrap_err(), FetchError::WrongRange { .. }));
}

#[test]
fn an_empty_file_and_one_that_is_shorter_than_its_header_claims_are_told_so() {
    let empty = Server::new(|_, stream| {
        respond(stream, "416 Range Not Satisfiable", "Content-Range: bytes */0", b"");
    });
    assert!(matches!(empty.read(), Err(FetchError::Header { source: ReadError::Empty, .. })));
    let mut remote = Remote::of_671b(3);
    remote.length -= MIB;
    let cut = Server::new(move |asked, stream| remote.answer(asked, stream));
    assert!(matches!(cut.read(), Err(FetchError::Header { source: ReadError::CutShort { .. }, .. })));
    let mut remote = Remote::of_671b(3);
    remote.length = 5000;
    let cut = Server::new(move |asked, stream| remote.answer(asked, stream));
    assert!(matches!(cut.read(), Err(FetchError::Header { source: ReadError::Truncated { at: _ }, .. })));
}

#[test]
fn a_remote_671b_is_estimated_from_its_header_alone() {
    let remote = Remote::of_671b(129_280);
    let server = Server::new(move |asked, stream| remote.answer(asked, stream));
    let estimate = server.estimate("hf.co/o/DeepSeek-R1-0528-GGUF/model.gguf").exits(0).json();
    assert_eq!(estimate["memory"]["weights_bytes"], 404_488_847_360_u64);
    assert_eq!(estimate["model"], "r1-0528-671b");
    assert_eq!(estimate["quant"], "Q4_K_M");
    assert_eq!(estimate["file"], "hf.co/o/DeepSeek-R1-0528-GGUF/model.gguf");
    assert_eq!(estimate["basis"]["weights"], "read from the file's header");
    assert_eq!(server.asked()[0].header("authorization"), Some("Bearer secret"));
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn a_failed_download_ends_with_5_and_a_damaged_file_with_4() {
    let refused = Server::new(|_, stream| respond(stream, "404 Not Found", "", b""));
    let output = refused.estimate("hf.co/o/r/typo.gguf");
    output.exits(5);
    assert_eq!(
        output.errors(),
        format!(
            "error: `{}/o/r/resolve/main/typo.gguf` returned HTTP 404\n hint: check owner, repository and file name; \
             files of a split model end in `-00001-of-0000N.gguf`\n",
            refused.url()
        )
    );
    let damaged = Server::new(|_, stream| respond(stream, "200 OK", "", b"GGUF\x03\0\0\0"));
    damaged.estimate("hf.co/o/r/a.gguf").exits(4);
    damaged.estimate("hf.co/o/r").exits(2);
}

#[test]
fn the_shards_of_a_remote_model_are_all_read_and_a_missing_one_is_named() {
    let header = Remote::of_671b(3);
    let stored = StoredModel::new(&[header.read()]).unwrap();
    let layout = stored.layout.clone();
    let shards = move |asked: &Asked, stream: &mut TcpStream| {
        let second = asked.path.contains("-00002-of-00002.gguf");
        let mix = Mix::named("Q4_K_M", false).unwrap();
        let mut keys = metadata("R1", &stored.architecture, mix, LatentLayout::Split);
        for (key, value) in [
            ("split.no", u32::from(second)),
            ("split.count", 2),
            ("split.tensors.count", layout.tensors.len() as u32),
        ] {
            keys.push((key.to_owned(), r1_advisor::gguf::MetadataValue::U32(value)));
        }
        let (first_half, second_half) = layout.tensors.split_at(500);
        let writer = GgufWriter::new(&keys, if second { second_half } else { first_half });
        let mut header = Vec::new();
        writer.write_header(&mut header).unwrap();
        Remote { header, length: writer.file_bytes().0 }.answer(asked, stream);
    };
    let whole = Server::new(shards.clone());
    let output = whole.estimate("hf.co/o/r/R1-00001-of-00002.gguf");
    let estimate = output.json();
    assert_eq!(estimate["memory"]["weights_bytes"], 404_488_847_360_u64);

    let lacking = Server::new(move |asked, stream| {
        if asked.path.contains("-00002-") {
            respond(stream, "404 Not Found", "", b"");
        } else {
            shards(asked, stream);
        }
    });
    let output = lacking.estimate("hf.co/o/r/R1-00001-of-00002.gguf");
    output.exits(5);
    let message = output.errors();
    assert!(message.contains("/R1-00002-of-00002.gguf` returned HTTP 404"), "{message}");
}
