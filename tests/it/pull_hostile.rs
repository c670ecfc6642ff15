//! What hubs, mirrors, portals and other programs do to a pull, and what must hold all the same: right bytes under the
//! right name, a partial file that no one bad answer costs, and the truth about what went wrong.

use std::fs;
use std::io::Write as _;
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use r1_advisor::fetch::Checksum;
use serde_json::{Value, json};

use crate::support::hub::{COMMIT, FILE, REPOSITORY};
use crate::support::{Asked, Home, Hub, Ran, respond, sha256, tiny_model};

const TARGET: &str = "hf.co/maker/Tiny-R1-GGUF:Q4_K_M";
const SEGMENT: u64 = 262_144;

/// Holds that a pull says the truth of the file that it names: its bytes, their hash, and who published that.
#[track_caller]
fn brings(ran: &Ran, bytes: &[u8]) {
    assert_eq!(ran.file(), bytes);
    let file = &ran.json()["files"][0];
    assert_eq!((&file["verified"], &file["sha256"]), (&"hub".into(), &sha256(bytes).to_string().into()));
}

/// A file of another length with a good header.
fn longer_model() -> Vec<u8> {
    let mut bytes = tiny_model(2);
    bytes.extend_from_slice(&[7; 4096]);
    bytes
}

#[test]
fn a_file_that_a_mirror_without_commits_replaced_is_fetched_and_gets_the_name() {
    for new in [tiny_model(2), longer_model()] {
        let (hub, old) = Hub::without_commits();
        let home = Home::new();
        brings(&home.pull(&hub), &old);
        hub.replace(FILE, new.clone());
        brings(&home.pull(&hub), &new);
        assert_eq!(fs::read(home.main(FILE)).unwrap(), new);
        // And back: the first one is still there under its hash.
        hub.replace(FILE, old.clone());
        let sent = hub.sent();
        brings(&home.pull(&hub), &old);
        assert_eq!(hub.sent(), sent);
    }
}

#[test]
fn what_is_under_the_name_in_a_snapshot_is_checked_and_replaced_where_it_is_something_else() {
    let (hub, bytes) = Hub::good();
    let elsewhere = tempfile::tempdir().unwrap();
    let mine = elsewhere.path().join("mine.gguf");
    fs::write(&mine, tiny_model(2)).unwrap();
    for other in ["a truncated file", "another file", "a link elsewhere", "a link to nowhere", "another blob"]
    {
        let home = Home::new();
        let name = home.snapshot(FILE);
        fs::create_dir_all(name.parent().unwrap()).unwrap();
        match other {
            "a truncated file" => fs::write(&name, &bytes[..1000]).unwrap(),
            "another file" => fs::write(&name, tiny_model(2)).unwrap(),
            "a link elsewhere" => std::os::unix::fs::symlink(&mine, &name).unwrap(),
            "a link to nowhere" => std::os::unix::fs::symlink("../../blobs/none", &name).unwrap(),
            _ => {
                let blob = home.blob(sha256(&tiny_model(2)));
                fs::create_dir_all(blob.parent().unwrap()).unwrap();
                fs::write(&blob, tiny_model(2)).unwrap();
                std::os::unix::fs::symlink(blob, &name).unwrap();
            }
        }
        brings(&home.pull(&hub), &bytes);
        assert_eq!(fs::read(&name).unwrap(), bytes, "{other}");
        assert_eq!(fs::read(&mine).unwrap(), tiny_model(2), "{other}");
    }
}

#[test]
fn a_right_file_in_a_snapshot_is_used_as_it_is() {
    let (hub, bytes) = Hub::good();
    let home = Home::new();
    let name = home.snapshot(FILE);
    fs::create_dir_all(name.parent().unwrap()).unwrap();
    fs::write(&name, &bytes).unwrap();
    brings(&home.pull(&hub), &bytes);
    assert_eq!(hub.sent(), 0);
    assert!(fs::symlink_metadata(name).unwrap().is_file());
}

#[test]
fn a_blob_of_the_right_length_and_other_bytes_is_fetched_again() {
    let (hub, bytes) = Hub::good();
    let zeros = vec![0; bytes.len()];
    let mut flipped = bytes.clone();
    *flipped.last_mut().unwrap() ^= 1;
    for damaged in [zeros, flipped, bytes[..100].to_vec()] {
        let home = Home::new();
        brings(&home.pull(&hub), &bytes);
        fs::write(home.blob(sha256(&bytes)), &damaged).unwrap();
        brings(&home.pull(&hub), &bytes);
        assert_eq!(fs::read(home.blob(sha256(&bytes))).unwrap(), bytes);
    }
}

#[test]
fn a_damaged_blob_of_a_model_of_the_catalog_is_fetched_again_too() {
    let (hub, bytes) = Hub::good();
    let home = Home::new();
    let catalog = home.catalog(Some(sha256(&bytes)));
    let arguments =
        ["pull", "tiny:Q4_K_M", "--catalog", catalog.to_str().unwrap(), "--format", "json", "--force"];
    assert_eq!(home.run(&hub.endpoint, &arguments).file(), bytes);
    let mut flipped = bytes.clone();
    *flipped.last_mut().unwrap() ^= 1;
    for damaged in [flipped, vec![0; bytes.len()]] {
        fs::write(home.blob(sha256(&bytes)), damaged).unwrap();
        let ran = home.run(&hub.endpoint, &arguments);
        assert_eq!(ran.file(), bytes);
        assert_eq!(ran.json()["files"][0]["verified"], "catalog");
    }
    // And what is right needs no server.
    let ran = home.run("http://nowhere.invalid", &arguments);
    assert_eq!(ran.file(), bytes);
    assert_eq!(ran.json()["files"][0]["sha256"], sha256(&bytes).to_string());
}

/// What a hub does wrong, for as long as it does.
pub(crate) type Fault = fn(&Asked, &mut TcpStream, &Hub) -> bool;

fn part_of(asked: &Asked, total: u64, header: &str, body: &[u8]) -> String {
    let range = asked.range().expect("a range");
    let end = range.end.min(tiny_model(1).len() as u64);
    format!(
        "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {}-{}/{total}\r\n{header}Content-Length: {}\r\n\r\n",
        range.start,
        end - 1,
        if body.is_empty() { end - range.start } else { body.len() as u64 }
    )
}

/// Answers of portals, proxies and nodes that know no better.
pub(crate) const BAD_ANSWERS: [(&str, Fault); 9] = [
    ("a page in plain text", |_, stream, _| {
        respond(stream, "200 OK", "Content-Type: text/plain", &[b'x'; 512])
    }),
    ("a page in HTML", |_, stream, _| respond(stream, "200 OK", "Content-Type: text/html", b"<html>")),
    ("a page of no length", |_, stream, _| {
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nlogin\r\n0\r\n\r\n")
            .is_ok()
    }),
    ("no such range", |_, stream, _| {
        respond(stream, "416 Range Not Satisfiable", "Content-Range: bytes */512", b"")
    }),
    ("another total", |asked, stream, hub| {
        let length = tiny_model(1).len() as u64;
        stream.write_all(part_of(asked, length + 1, "", b"").as_bytes()).is_ok() && hub.write(stream, b"x")
    }),
    ("another range", |_, stream, _| {
        respond(stream, "206 Partial Content", "Content-Range: bytes 0-4/5", b"login")
    }),
    ("a compressed part", |asked, stream, _| {
        let head = part_of(asked, tiny_model(1).len() as u64, "Content-Encoding: gzip\r\n", b"gzip!");
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(b"gzip!")).is_ok()
    }),
    ("a redirect to a page", |_, stream, _| respond(stream, "302 Found", "Location: /login", b"")),
    ("nothing", |_, _, _| true),
];

/// What a hub does now.
const BREAKS: u8 = 0;
const FAULTY: u8 = 1;
const GOOD: u8 = 2;

#[test]
fn no_bad_answer_costs_what_is_there_and_the_pull_goes_on_when_the_answers_are_good_again() {
    for (name, fault) in BAD_ANSWERS {
        let mode = Arc::new(AtomicU8::new(BREAKS));
        let now = Arc::clone(&mode);
        let (hub, bytes) = Hub::faulty(move |asked, stream, hub| {
            if asked.path == "/login" {
                return respond(stream, "200 OK", "Content-Type: text/html", b"<html>");
            }
            asked.is_for_bytes()
                && match now.load(Ordering::SeqCst) {
                    BREAKS => hub.next() >= 5 && respond(stream, "404 Not Found", "", b""),
                    FAULTY => fault(asked, stream, hub),
                    _ => false,
                }
        });
        let home = Home::new();
        home.pull(&hub).exits(5);
        let before = hub.sent();
        assert!(before >= 4 * SEGMENT, "{name}: {before}");
        mode.store(FAULTY, Ordering::SeqCst);
        home.pull(&hub).exits(5).complains("run the same command again to resume");
        assert!(!home.leftovers().is_empty(), "{name}");
        mode.store(GOOD, Ordering::SeqCst);
        let before_last = hub.sent();
        brings(&home.pull(&hub), &bytes);
        let last = hub.sent() - before_last;
        assert!(last + before <= bytes.len() as u64 + SEGMENT, "{name}: {last} bytes after {before}");
        assert_eq!(home.leftovers(), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn two_bad_answers_in_the_middle_are_overlooked() {
    for (name, fault) in BAD_ANSWERS {
        let (hub, bytes) = Hub::faulty(move |asked, stream, hub| {
            if asked.path == "/login" {
                return respond(stream, "200 OK", "Content-Type: text/html", b"<html>");
            }
            asked.is_for_bytes() && matches!(hub.next(), 3 | 4) && fault(asked, stream, hub)
        });
        brings(&Home::new().pull(&hub), &bytes);
        assert!(hub.sent() <= bytes.len() as u64 + SEGMENT, "{name}: {}", hub.sent());
    }
}

#[test]
fn a_partial_file_of_a_url_survives_a_portal_that_answers_for_its_server() {
    let portal = Arc::new(AtomicU8::new(BREAKS));
    let now = Arc::clone(&portal);
    let (hub, bytes) = Hub::faulty(move |asked, stream, hub| match now.load(Ordering::SeqCst) {
        BREAKS => asked.is_for_bytes() && hub.next() >= 5 && respond(stream, "404 Not Found", "", b""),
        FAULTY => respond(stream, "200 OK", "Content-Type: text/plain", &[b'x'; 512]),
        _ => false,
    });
    let home = Home::new();
    let url = format!("{}/plain/{FILE}", hub.endpoint);
    let pull = || home.run(&hub.endpoint, &["pull", &url, "--format", "json", "--force"]);
    pull().exits(5);
    portal.store(FAULTY, Ordering::SeqCst);
    assert_ne!(pull().code(), Some(0));
    portal.store(GOOD, Ordering::SeqCst);
    let before = hub.sent();
    assert_eq!(pull().file(), bytes);
    assert!(hub.sent() - before <= bytes.len() as u64 - 4 * SEGMENT, "{}", hub.sent() - before);
    assert_eq!(home.leftovers(), Vec::<String>::new());
}

#[test]
fn a_weak_etag_after_a_strong_one_is_the_same_file() {
    let (hub, bytes) = Hub::faulty(|asked, stream, hub| {
        let weak = asked.is_for_bytes() && asked.range().is_some() && hub.next() % 2 == 1;
        weak && {
            let etag = &sha256(&tiny_model(1)).to_string()[..16];
            let head = part_of(asked, tiny_model(1).len() as u64, &format!("ETag: W/\"{etag}\"\r\n"), b"");
            let range = asked.range().unwrap();
            let end = range.end.min(tiny_model(1).len() as u64);
            let _ = stream.write_all(head.as_bytes());
            hub.write(stream, &tiny_model(1)[range.start as usize..end as usize])
        }
    });
    let url = format!("{}/plain/{FILE}", hub.endpoint);
    let home = Home::new();
    assert_eq!(home.run(&hub.endpoint, &["pull", &url, "--format", "json", "--force"]).file(), bytes);
    assert_eq!(hub.sent(), bytes.len() as u64);
}

#[test]
fn a_partial_file_with_every_byte_is_checked_and_named_and_no_byte_is_asked_for() {
    let (hub, bytes) = Hub::faulty(|asked, stream, _| {
        asked.is_for_bytes() && respond(stream, "416 Range Not Satisfiable", "", b"")
    });
    let home = Home::new();
    let hash = sha256(&bytes).to_string();
    let partial = home.blob(sha256(&bytes)).with_file_name(format!("{hash}.r1-advisor.incomplete"));
    fs::create_dir_all(partial.parent().unwrap()).unwrap();
    fs::write(&partial, &bytes).unwrap();
    let beside = |ending: &str| partial.with_file_name(format!("{hash}.r1-advisor.incomplete.{ending}"));
    fs::write(beside("marks"), "").unwrap();
    let journal = json!({
        "version": 1,
        "identity": { "bytes": bytes.len(), "sha256": hash, "etag": hash },
        "source": "a test", "segment_bytes": bytes.len(), "boot": null, "synced": [bytes.len()],
        "checksum": Checksum::new().state(),
    });
    fs::write(beside("journal"), journal.to_string()).unwrap();
    brings(&home.pull(&hub), &bytes);
    assert_eq!(hub.asked().iter().filter(|asked| asked.is_for_bytes()).count(), 0);
}

fn list(siblings: &Value) -> Vec<u8> {
    json!({ "sha": COMMIT, "siblings": siblings }).to_string().into_bytes()
}

fn sibling(bytes: &[u8]) -> Value {
    json!({ "rfilename": FILE, "lfs": { "sha256": sha256(bytes).to_string(), "size": bytes.len() } })
}

/// Sends the head of a list, and then only a part of it.
fn cut(stream: &mut TcpStream, list: &[u8]) -> bool {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", list.len());
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&list[..list.len() / 2]));
    let _ = stream.shutdown(std::net::Shutdown::Both);
    true
}

#[test]
fn a_list_of_files_that_is_cut_once_is_asked_for_again() {
    let (hub, bytes) = Hub::faulty(|asked, stream, hub| {
        asked.path.starts_with("/api/") && hub.next() == 0 && cut(stream, &list(&json!([sibling(&[])])))
    });
    brings(&Home::new().pull(&hub), &bytes);
}

#[test]
fn a_list_of_files_that_cannot_be_read_is_told_and_not_taken_for_a_missing_repository() {
    let answers: [(&str, &str); 11] = [
        ("text/html", "<html>log in</html>"),
        ("application/json", ""),
        ("application/json", "null"),
        ("application/json", "[]"),
        ("application/json", "{}"),
        ("application/json", "{\"error\": \"busy\"}"),
        ("application/json", "{\"siblings\": null}"),
        ("application/json", "{\"siblings\": [{\"rfilename\": \"a"),
        ("application/json", "{\"siblings\": []} and more"),
        ("application/json", "\u{feff}"),
        ("text/plain", "service unavailable"),
    ];
    for (kind, body) in answers {
        let (hub, _) = Hub::faulty(move |asked, stream, _| {
            respond(
                stream,
                if asked.path.starts_with("/api/") { "200 OK" } else { "404 Not Found" },
                &format!("Content-Type: {kind}"),
                body.as_bytes(),
            )
        });
        for target in [TARGET, "hf.co/maker/Tiny-R1-GGUF/Tiny-R1-Q4_K_M.gguf"] {
            let ran = Home::new().run(&hub.endpoint, &["pull", target]);
            ran.exits(5).complains("did not return a list of files").complains("misbehaves");
            assert!(!ran.errors().contains("(404)"), "{}", ran.errors());
        }
    }
    let cut_lists = Hub::faulty(|asked, stream, _| {
        if asked.path.starts_with("/api/") {
            cut(stream, &list(&json!([sibling(&[])])))
        } else {
            respond(stream, "404 Not Found", "", b"")
        }
    })
    .0;
    let ran = Home::new().run(&cut_lists.endpoint, &["pull", TARGET]);
    ran.exits(5).complains("broke");
    assert!(!ran.errors().contains("(404)"), "{}", ran.errors());
}

#[test]
fn a_list_that_nobody_could_read_is_not_missed_where_the_file_itself_is_found() {
    let (hub, bytes) = Hub::faulty(|asked, stream, _| {
        asked.path.starts_with("/api/") && respond(stream, "200 OK", "Content-Type: text/html", b"<html>")
    });
    let target = format!("hf.co/{REPOSITORY}/{FILE}");
    brings(&Home::new().run(&hub.endpoint, &["pull", &target, "--format", "json", "--force"]), &bytes);
}

#[test]
fn entries_of_a_list_that_are_no_files_are_passed_over() {
    let (hub, bytes) = Hub::faulty(|asked, stream, _| {
        asked.path.starts_with("/api/") && {
            let siblings = json!([{ "size": 5 }, null, { "rfilename": 7 }, sibling(&tiny_model(1))]);
            respond(stream, "200 OK", "", &list(&siblings))
        }
    });
    brings(&Home::new().pull(&hub), &bytes);
}

/// 90,000 names of parts of models that are split into a thousand files each.
fn endless_list() -> Vec<u8> {
    let siblings: Vec<_> = (0..90_000)
        .map(|number| json!({ "rfilename": format!("p{number}-Q4_K_M-00001-of-01000.gguf") }))
        .collect();
    list(&siblings.into())
}

#[test]
fn a_list_of_ninety_thousand_split_models_takes_neither_memory_nor_time() {
    let answer = endless_list();
    assert!(answer.len() > 4_000_000);
    let (hub, _) = Hub::faulty(move |asked, stream, _| {
        asked.path.starts_with("/api/") && respond(stream, "200 OK", "", &answer)
    });
    let began = Instant::now();
    for target in [TARGET, "hf.co/maker/Tiny-R1-GGUF:Q8_0"] {
        let ran = Home::new().program(&hub.endpoint, &["pull", target]).under("ulimit -v 1000000").run();
        assert!(matches!(ran.code(), Some(2 | 5)), "{:?} {}", ran.code(), ran.errors());
        ran.complains("error: ");
    }
    assert!(began.elapsed() < Duration::from_secs(40), "{:?}", began.elapsed());
}

#[test]
fn a_list_longer_than_any_repository_has_is_refused() {
    let (hub, _) = Hub::faulty(|asked, stream, _| {
        asked.path.starts_with("/api/") && {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n{\"siblings\": [");
            let blanks = vec![b' '; 65_536];
            while stream.write_all(&blanks).is_ok() {}
            true
        }
    });
    Home::new()
        .program(&hub.endpoint, &["pull", TARGET])
        .under("ulimit -v 1000000")
        .run()
        .exits(5)
        .complains("the list of files")
        .complains("is longer than 32.0 MiB");
}

#[test]
fn a_hub_that_tells_the_hash_and_not_the_size_is_asked_for_that_too() {
    let (hub, bytes) = Hub::faulty(|asked, stream, _| {
        if asked.path.starts_with("/api/") {
            return respond(stream, "404 Not Found", "", b"");
        }
        asked.path.contains("/resolve/") && {
            let hash = sha256(&tiny_model(1));
            let header =
                format!("Location: /cdn/{hash}\r\nX-Repo-Commit: {COMMIT}\r\nX-Linked-Etag: \"{hash}\"");
            respond(stream, "302 Found", &header, b"moved, and this text has a length of its own")
        }
    });
    let target = format!("hf.co/{REPOSITORY}/{FILE}");
    brings(&Home::new().run(&hub.endpoint, &["pull", &target, "--format", "json", "--force"]), &bytes);
}

#[test]
fn a_store_that_refuses_after_the_hub_has_agreed_is_not_called_gated() {
    for status in ["403 Forbidden", "401 Unauthorized"] {
        let (hub, _) = Hub::faulty(move |asked, stream, _| {
            asked.path.starts_with("/cdn/") && respond(stream, status, "", b"")
        });
        let ran = Home::new().pull(&hub);
        ran.exits(5).complains(&status[..3]).complains("the server that stores the file refused");
        assert!(!ran.errors().contains("gated") && !ran.errors().contains("HF_TOKEN"), "{}", ran.errors());
    }
}

#[test]
fn a_proxy_that_compresses_is_told_of() {
    let (hub, _) = Hub::faulty(|asked, stream, _| {
        asked.is_for_bytes() && respond(stream, "200 OK", "Content-Encoding: gzip", b"\x1f\x8b")
    });
    Home::new()
        .pull(&hub)
        .exits(5)
        .complains("was compressed on its way (gzip)")
        .complains("a proxy misbehaves");
    let (hub, _) = Hub::faulty(|asked, stream, _| {
        asked.path.starts_with("/api/") && respond(stream, "200 OK", "Content-Encoding: br", b"\x1f\x8b")
    });
    Home::new().run(&hub.endpoint, &["pull", TARGET]).exits(5).complains("was compressed on its way (br)");
}

#[test]
fn a_redirect_leads_to_http_and_not_into_this_machine_or_its_neighbourhood() {
    let cases = [
        ("file:///etc/hostname", "redirects to something other than HTTP"),
        ("ftp://127.0.0.1/x", "redirects to something other than HTTP"),
        ("data:text/plain,x", "redirects to something other than HTTP"),
        ("http://169.254.0.1/", "redirects to a link-local address"),
        ("http://169.254.169.254/latest/meta-data", "redirects to a link-local address"),
        ("http://2852039166/", "redirects to a link-local address"),
        ("http://[fe80::1]/", "redirects to a link-local address"),
        ("http://[::ffff:169.254.169.254]/", "redirects to a link-local address"),
        ("//169.254.0.1/x", "redirects to a link-local address"),
    ];
    for (location, message) in cases {
        let (hub, _) = Hub::faulty(move |asked, stream, _| {
            asked.is_for_bytes() && respond(stream, "302 Found", &format!("Location: {location}"), b"")
        });
        let began = Instant::now();
        Home::new().pull(&hub).exits(5).complains(message);
        // A request would have waited a second for an answer, at least.
        assert!(began.elapsed() < Duration::from_secs(10), "{location}: {:?}", began.elapsed());
    }
}

#[test]
fn a_redirect_may_be_relative() {
    for start in ["/cdn/", "../../../../cdn/", "./../../../../cdn/"] {
        let (hub, bytes) = Hub::faulty(move |asked, stream, _| {
            asked.path.contains("/resolve/") && {
                let location = format!("Location: {start}{}", sha256(&tiny_model(1)));
                respond(stream, "302 Found", &location, b"")
            }
        });
        brings(&Home::new().pull(&hub), &bytes);
    }
}

#[test]
fn a_day_of_patience_is_told_and_not_slept() {
    for (path, when) in [("/api/", "the list"), ("/cdn/", "the bytes")] {
        for status in ["429 Too Many Requests", "503 Service Unavailable"] {
            let (hub, _) = Hub::faulty(move |asked, stream, _| {
                asked.path.starts_with(path) && respond(stream, status, "Retry-After: 86400", b"")
            });
            let began = Instant::now();
            let ran = Home::new().pull(&hub);
            ran.exits(5).complains(&status[..3]).complains("try again in 24 h");
            assert!(began.elapsed() < Duration::from_secs(10), "{when}: {:?}", began.elapsed());
        }
    }
}

/// Sends the head of a part, and then a byte each quarter of a second, which is never silent for the second that is
/// borne here.
fn drip(asked: &Asked, stream: &mut TcpStream) -> bool {
    let head = part_of(asked, tiny_model(1).len() as u64, "", b"");
    let _ = stream.write_all(head.as_bytes());
    let start = asked.range().expect("a part").start as usize;
    for byte in &tiny_model(1)[start..start + 100] {
        if stream.write_all(&[*byte]).is_err() {
            break;
        }
        thread::sleep(Duration::from_millis(250));
    }
    true
}

#[test]
fn a_connection_that_drips_is_given_up_for_another_one() {
    let (hub, bytes) =
        Hub::faulty(|asked, stream, hub| asked.is_for_bytes() && hub.next() < 3 && drip(asked, stream));
    let began = Instant::now();
    brings(&Home::new().pull(&hub), &bytes);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[test]
fn a_server_that_only_drips_is_told_of() {
    let (hub, _) = Hub::faulty(|asked, stream, _| asked.is_for_bytes() && drip(asked, stream));
    let began = Instant::now();
    let home = Home::new();
    home.pull(&hub).exits(5).complains("nothing came for too long").complains("to resume");
    assert!(began.elapsed() < Duration::from_secs(40), "{:?}", began.elapsed());
    assert!(!home.leftovers().is_empty());
}

#[test]
fn a_list_that_drips_is_told_of() {
    let (hub, _) = Hub::faulty(|asked, stream, _| {
        asked.path.starts_with("/api/") && {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
            while stream.write_all(b" ").is_ok() {
                thread::sleep(Duration::from_millis(250));
            }
            true
        }
    });
    let began = Instant::now();
    Home::new().run(&hub.endpoint, &["pull", TARGET]).exits(5).complains("nothing came for too long");
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[test]
fn nothing_outside_of_the_cache_is_removed_whatever_its_links_say() {
    let elsewhere = tempfile::tempdir().unwrap();
    let blobs = elsewhere.path().join("precious/blobs");
    fs::create_dir_all(&blobs).unwrap();
    let mine = blobs.join(sha256(&tiny_model(1)).to_string());
    fs::write(&mine, tiny_model(1)).unwrap();
    let target = format!("{REPOSITORY}/{FILE}");
    // A link to a file in some folder called `blobs`: the link goes, the file stays.
    let home = Home::new();
    let name = home.snapshot(FILE);
    fs::create_dir_all(name.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(&mine, &name).unwrap();
    home.run("http://nowhere.invalid", &["models", "remove", "--yes", &target]).exits(0);
    assert!(mine.exists() && fs::symlink_metadata(&name).is_err());
    // The cache's own folder of blobs is a link elsewhere.
    let home = Home::new();
    let name = home.snapshot(FILE);
    fs::create_dir_all(name.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(&blobs, home.cache().join("models--maker--Tiny-R1-GGUF/blobs")).unwrap();
    std::os::unix::fs::symlink(Path::new("../../blobs").join(mine.file_name().unwrap()), &name).unwrap();
    home.run("http://nowhere.invalid", &["models", "remove", "--yes", &target])
        .exits(1)
        .complains("a link leads there");
    assert!(mine.exists());
    // A whole revision is a link elsewhere.
    let home = Home::new();
    let snapshots = home.cache().join("models--maker--Tiny-R1-GGUF/snapshots");
    fs::create_dir_all(&snapshots).unwrap();
    let folder = elsewhere.path().join("folder");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(FILE), tiny_model(1)).unwrap();
    std::os::unix::fs::symlink(&folder, snapshots.join(COMMIT)).unwrap();
    home.run("http://nowhere.invalid", &["models", "remove", "--yes", &target])
        .exits(1)
        .complains("a link leads there");
    assert!(folder.join(FILE).exists());
    // And so is a folder among the user's own.
    let home = Home::new();
    let models = home.path("models");
    fs::create_dir_all(&models).unwrap();
    std::os::unix::fs::symlink(&folder, models.join("more")).unwrap();
    let target = models.join("more").join(FILE);
    let arguments =
        ["models", "remove", "--yes", target.to_str().unwrap(), "--model-dir", models.to_str().unwrap()];
    home.run("http://nowhere.invalid", &arguments).exits(1).complains("a link leads there");
    assert!(folder.join(FILE).exists());
}

#[test]
fn what_a_cache_holds_is_removed_with_its_blob_also_where_the_cache_is_reached_by_a_link() {
    let (hub, bytes) = Hub::good();
    let home = Home::new();
    fs::create_dir_all(home.path("big-disk")).unwrap();
    std::os::unix::fs::symlink(home.path("big-disk"), home.cache()).unwrap();
    home.pull(&hub).file();
    let target = format!("{REPOSITORY}/{FILE}");
    home.run(&hub.endpoint, &["models", "remove", "--yes", &target]).exits(0);
    assert!(!home.blob(sha256(&bytes)).exists() && fs::symlink_metadata(home.snapshot(FILE)).is_err());
}

#[test]
fn notes_and_partial_files_beside_a_folder_of_the_users_never_write_through_a_link() {
    let (hub, bytes) = Hub::good();
    let home = Home::new();
    let folder = home.path("models");
    let kept = folder.join(".cache/huggingface/download");
    fs::create_dir_all(&kept).unwrap();
    let mine = home.path("mine");
    fs::write(&mine, "precious").unwrap();
    for ending in [".metadata", ".r1-advisor.incomplete"] {
        std::os::unix::fs::symlink(&mine, kept.join(format!("{FILE}{ending}"))).unwrap();
    }
    let ran = home.run(
        &hub.endpoint,
        &["pull", TARGET, "--format", "json", "--force", "--to", folder.to_str().unwrap()],
    );
    brings(&ran, &bytes);
    assert_eq!(fs::read(&mine).unwrap(), b"precious");
    let metadata = kept.join(format!("{FILE}.metadata"));
    assert!(fs::read_to_string(metadata).unwrap().starts_with(COMMIT));
    // A partial file of the cache.
    let home = Home::new();
    let partial = home.blob(sha256(&bytes)).with_extension("r1-advisor.incomplete");
    fs::create_dir_all(partial.parent().unwrap()).unwrap();
    let mine = home.path("mine");
    fs::write(&mine, vec![1; bytes.len()]).unwrap();
    std::os::unix::fs::symlink(&mine, &partial).unwrap();
    brings(&home.pull(&hub), &bytes);
    assert_eq!(fs::read(&mine).unwrap(), vec![1; bytes.len()]);
}

#[test]
fn a_name_that_no_file_system_takes_is_told_before_the_first_byte() {
    let name: &'static str = format!("{}-Q4_K_M.gguf", "x".repeat(300)).leak();
    let hub = Hub::start([(name, tiny_model(1))], None, |_, _, _| false);
    let home = Home::new();
    let to = home.path("models");
    for more in [&[][..], &["--to", to.to_str().unwrap()]] {
        let arguments = [&["pull", TARGET, "--force"], more].concat();
        home.run(&hub.endpoint, &arguments).exits(5).complains("is too long: 312 bytes");
    }
    assert_eq!(hub.sent(), 0);
    // One that just fits is fetched, though what is kept beside it has longer names.
    let name: &'static str = format!("{}-Q4_K_M.gguf", "x".repeat(243)).leak();
    let hub = Hub::start([(name, tiny_model(1))], None, |_, _, _| false);
    for more in [&[][..], &["--to", to.to_str().unwrap()]] {
        let arguments = [&["pull", TARGET, "--force", "--format", "json"], more].concat();
        assert_eq!(home.run(&hub.endpoint, &arguments).file(), tiny_model(1));
    }
}

#[test]
fn offline_a_quant_of_a_repository_is_found_in_the_cache() {
    let (hub, bytes) = Hub::good();
    let home = Home::new();
    home.pull(&hub).file();
    let asked = hub.asked().len();
    let offline = |target: &str| {
        let arguments = ["pull", target, "--format", "json"];
        home.program(&hub.endpoint, &arguments).env("HF_HUB_OFFLINE", "1").run()
    };
    let ran = offline(TARGET);
    assert_eq!(ran.file(), bytes);
    // Nothing was read of it now, so nothing is said of its hash.
    let file = &ran.json()["files"][0];
    assert_eq!((&file["verified"], &file["sha256"]), (&"not_now".into(), &Value::Null));
    assert_eq!(hub.asked().len(), asked);
    offline("hf.co/maker/Tiny-R1-GGUF:Q8_0").exits(5).complains("is not on this machine");
    // A file without a header is not a model that is there.
    fs::write(home.blob(sha256(&bytes)), vec![0; bytes.len()]).unwrap();
    offline(TARGET).exits(4).complains("not a GGUF file");
}

#[test]
fn a_limit_on_the_size_of_files_is_an_error_and_not_the_end() {
    let (hub, _) = Hub::good();
    let home = Home::new();
    let arguments = ["pull", TARGET, "--format", "json", "--force"];
    home.program(&hub.endpoint, &arguments)
        .under("ulimit -f 1024")
        .run()
        .exits(7)
        .complains("could not write")
        .complains("file size limit reached")
        .complains("ulimit -f unlimited");
}

#[test]
fn a_size_that_no_disk_has_is_no_size() {
    for size in ["18446744073709551615", "9223372036854775807", "-1", "1e3"] {
        let (hub, bytes) = Hub::faulty(move |asked, stream, _| {
            if asked.path.starts_with("/api/") {
                let siblings = format!(
                    "{{\"siblings\": [{{\"rfilename\": \"{FILE}\", \"size\": {size}, \"lfs\": {{\"size\": {size}}}}}]}}"
                );
                return respond(stream, "200 OK", "", siblings.as_bytes());
            }
            asked.path.contains("/resolve/") && asked.method == "HEAD" && {
                let hash = sha256(&tiny_model(1));
                let header = format!(
                    "Location: /cdn/{hash}\r\nX-Linked-Etag: \"{hash}\"\r\nX-Linked-Size: {size}\r\n\
                     X-Repo-Commit: {COMMIT}"
                );
                respond(stream, "302 Found", &header, b"")
            }
        });
        let home = Home::new();
        let ran = home.pull(&hub);
        match ran.code() {
            Some(0) => brings(&ran, &bytes),
            _ => {
                ran.exits(5).complains("does not report its size");
            }
        }
    }
}
