//! What a pull survives, against a server on loopback that does it.

use std::collections::HashMap;
use std::fs;
use std::io::Write as _;
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::hub::FILE;
use crate::support::{Asked, Home, Hub, Ran, respond, sha256, tiny_model};

/// Pulls from a hub whose first answers with bytes are broken by `fault`, and expects the file to come nevertheless.
/// Gives how often bytes were asked for.
fn survives(fault: impl Fn(&Asked, &mut TcpStream, &Hub, u64) -> bool + Send + Sync + 'static) -> u64 {
    let (hub, bytes) = Hub::faulty(move |asked, stream, hub| {
        asked.is_for_bytes() && {
            let number = hub.next();
            fault(asked, stream, hub, number)
        }
    });
    let home = Home::new();
    assert_eq!(home.pull(&hub).file(), bytes);
    assert_eq!(home.leftovers(), Vec::<String>::new());
    hub.next()
}

/// Pulls from a hub that never gets it right, and expects an error with this exit code, message and hint.
fn fails(
    code: i32,
    message: &str,
    hint: &str,
    fault: impl Fn(&Asked, &mut TcpStream, &Hub) -> bool + Send + Sync + 'static,
) -> (Ran, Home) {
    let (hub, bytes) = Hub::faulty(fault);
    let home = Home::new();
    let ran = home.pull(&hub);
    ran.exits(code).complains(message).complains(hint);
    assert!(!home.snapshot(FILE).exists() && !home.blob(sha256(&bytes)).exists());
    (ran, home)
}

/// The head of a good answer to a range, with another `Content-Range` or length where they are given.
fn head(asked: &Asked, range: Option<&str>, length: Option<u64>, of: u64) -> String {
    let there = asked.range().expect("a range");
    let said = format!("bytes {}-{}/{of}", there.start, there.end - 1);
    let length = length.unwrap_or(there.end - there.start);
    format!(
        "HTTP/1.1 206 Partial Content\r\nContent-Range: {}\r\nContent-Length: {length}\r\n\r\n",
        range.unwrap_or(&said)
    )
}

#[test]
fn a_connection_that_is_reset_in_mid_body_is_taken_up_where_it_broke() {
    let length = tiny_model(1).len() as u64;
    survives(move |asked, stream, hub, number| {
        if number >= 6 {
            return false;
        }
        let _ = stream.write_all(head(asked, None, None, length).as_bytes());
        let range = asked.range().unwrap();
        let part = &tiny_model(1)
            [range.start as usize..range.start as usize + 70_000.min((range.end - range.start) as usize / 2)];
        hub.write(stream, part);
        let _ = stream.shutdown(Shutdown::Both);
        true
    });
}

#[test]
fn a_server_that_falls_silent_is_asked_again() {
    let length = tiny_model(1).len() as u64;
    survives(move |asked, stream, _, number| {
        if number >= 3 {
            return false;
        }
        let _ = stream.write_all(head(asked, None, None, length).as_bytes());
        let _ = stream.write_all(&tiny_model(1)[asked.range().unwrap().start as usize..][..100]);
        thread::sleep(Duration::from_secs(4));
        true
    });
}

#[test]
fn a_server_that_asks_for_patience_gets_it() {
    for status in ["429 Too Many Requests", "503 Service Unavailable"] {
        let began = Instant::now();
        survives(move |_, stream, _, number| {
            number < 2 && {
                respond(stream, status, "Retry-After: 1", b"later");
                true
            }
        });
        assert!(began.elapsed() >= Duration::from_secs(1), "{status}");
    }
}

#[test]
fn a_hub_that_asks_for_patience_before_the_first_byte_gets_it_too() {
    let count = AtomicU64::new(0);
    let (hub, bytes) = Hub::faulty(move |asked, stream, _| {
        asked.path.starts_with("/api/") && count.fetch_add(1, Ordering::SeqCst) < 2 && {
            respond(stream, "429 Too Many Requests", "Retry-After: 1", b"later");
            true
        }
    });
    assert_eq!(Home::new().pull(&hub).file(), bytes);
}

#[test]
fn a_server_that_asks_for_an_hour_is_not_waited_for() {
    let (ran, _) = fails(5, "HTTP 429", "try again in 60 min", |asked, stream, _| {
        asked.is_for_bytes() && respond(stream, "429 Too Many Requests", "Retry-After: 3600", b"")
    });
    assert!(ran.errors().contains("run the same command again to resume"));
}

#[test]
fn a_server_that_turns_some_connections_away_is_asked_over_fewer() {
    let served = Arc::new(AtomicU64::new(0));
    let busy = Arc::clone(&served);
    let hub = Hub::start(
        [(FILE, tiny_model(1))],
        Some((1024, Duration::from_millis(2))),
        move |asked, stream, hub| {
            if !asked.is_for_bytes() {
                return false;
            }
            // Two at a time.
            if busy.fetch_add(1, Ordering::SeqCst) < 2 {
                hub.answer(asked, stream);
            } else {
                respond(stream, "503 Service Unavailable", "", b"busy");
            }
            busy.fetch_sub(1, Ordering::SeqCst);
            true
        },
    );
    let home = Home::new();
    assert_eq!(home.pull(&hub).file(), tiny_model(1));
    assert_eq!(hub.sent(), tiny_model(1).len() as u64);
}

#[test]
fn a_server_without_ranges_sends_the_file_once() {
    let (hub, bytes) = Hub::faulty(|asked, stream, hub| {
        asked.is_for_bytes() && {
            let bytes = tiny_model(1);
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", bytes.len());
            let _ = stream.write_all(head.as_bytes());
            hub.write(stream, &bytes);
            true
        }
    });
    assert_eq!(Home::new().pull(&hub).file(), bytes);
    assert_eq!(hub.sent(), bytes.len() as u64);
}

#[test]
fn a_whole_file_that_breaks_off_is_sent_again_and_only_what_was_missing_is_written() {
    let (hub, bytes) = Hub::faulty(|asked, stream, hub| {
        asked.is_for_bytes() && {
            let bytes = tiny_model(1);
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", bytes.len());
            let _ = stream.write_all(head.as_bytes());
            let sent = if hub.next() < 2 { bytes.len() / 2 } else { bytes.len() };
            hub.write(stream, &bytes[..sent]);
            true
        }
    });
    assert_eq!(Home::new().pull(&hub).file(), bytes);
    assert_eq!(hub.sent(), 2 * bytes.len() as u64);
}

#[test]
fn a_range_that_is_answered_with_the_whole_file_now_and_then_does_no_harm() {
    survives(|_, stream, hub, number| {
        number % 3 == 1 && {
            let bytes = tiny_model(1);
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", bytes.len());
            let _ = stream.write_all(head.as_bytes());
            hub.write(stream, &bytes);
            true
        }
    });
}

#[test]
fn an_answer_that_is_another_part_than_was_asked_for_is_refused() {
    for lie in ["bytes 1-9/LENGTH", "bytes 9-1/LENGTH", "items 0-9/LENGTH", "none"] {
        let length = tiny_model(1).len() as u64;
        let lie = lie.replace("LENGTH", &length.to_string());
        fails(5, "for bytes 0-262143, got", "try another", move |asked, stream, hub| {
            asked.is_for_bytes() && {
                let _ = stream.write_all(head(asked, Some(&lie), Some(9), length).as_bytes());
                hub.write(stream, b"123456789");
                true
            }
        });
    }
}

#[test]
fn a_body_that_is_shorter_than_promised_is_completed() {
    let length = tiny_model(1).len() as u64;
    survives(move |asked, stream, hub, number| {
        if number >= 4 {
            return false;
        }
        // A range may be answered with its beginning; a length may not be missed.
        let range = asked.range().unwrap();
        let (promised, sent) = if number < 2 { (1000, 1000) } else { (5000, 4000) };
        let said = format!("bytes {}-{}/{length}", range.start, range.start + promised - 1);
        let _ = stream.write_all(head(asked, Some(&said), Some(promised), length).as_bytes());
        hub.write(stream, &tiny_model(1)[range.start as usize..(range.start + sent) as usize]);
        true
    });
}

#[test]
fn a_body_that_is_longer_than_promised_is_refused() {
    let length = tiny_model(1).len() as u64;
    fails(5, ", got \"", "try another", move |asked, stream, _| {
        asked.is_for_bytes() && {
            let _ = stream.write_all(head(asked, None, Some(300_000), length).as_bytes());
            let _ = stream.write_all(&vec![0; 300_000]);
            true
        }
    });
}

/// Sends a part in a chunk, of which no length is promised but the range, and `more` after it.
fn send_chunk(asked: &Asked, stream: &mut TcpStream, more: &[u8]) -> bool {
    let (range, bytes) = (asked.range().expect("a part"), tiny_model(1));
    let end = range.end.min(bytes.len() as u64);
    let head = format!(
        "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {}-{}/{}\r\nTransfer-Encoding: chunked\r\n\r\n",
        range.start,
        end - 1,
        bytes.len()
    );
    let _ = stream.write_all(head.as_bytes());
    let part = [&bytes[range.start as usize..end as usize], more].concat();
    let _ = stream.write_all(format!("{:x}\r\n", part.len()).as_bytes());
    let _ = stream.write_all(&part).and_then(|()| stream.write_all(b"\r\n0\r\n\r\n"));
    true
}

#[test]
fn bytes_too_many_cost_nothing_where_a_hash_says_what_the_file_is_and_are_refused_where_none_does() {
    let (hub, bytes) = Hub::faulty(|asked, stream, _| {
        asked.is_for_bytes() && asked.range().is_some() && send_chunk(asked, stream, b"ten bytes!")
    });
    let home = Home::new();
    assert_eq!(home.pull(&hub).file(), bytes);
    let url = format!("{}/plain/{FILE}", hub.endpoint);
    home.run(&hub.endpoint, &["pull", &url, "--force"])
        .exits(5)
        .complains("sent more data than requested")
        .complains("try another");
    assert_eq!(home.leftovers(), Vec::<String>::new());
}

fn flipped() -> Vec<u8> {
    let mut bytes = tiny_model(1);
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    bytes
}

fn send_part(asked: &Asked, stream: &mut TcpStream, hub: &Hub, bytes: &[u8]) -> bool {
    let range = asked.range().expect("a range");
    let _ = stream.write_all(head(asked, None, None, bytes.len() as u64).as_bytes());
    hub.write(stream, &bytes[range.start as usize..range.end as usize]);
    true
}

#[test]
fn a_byte_that_is_flipped_on_the_way_is_noticed_and_the_file_fetched_once_more() {
    let segments = tiny_model(1).len().div_ceil(262_144) as u64;
    let wrong = flipped();
    let (hub, bytes) = Hub::faulty(move |asked, stream, hub| {
        asked.is_for_bytes() && hub.next() < segments && send_part(asked, stream, hub, &wrong)
    });
    let home = Home::new();
    let ran = home.pull(&hub);
    assert_eq!(ran.file(), bytes);
    ran.complains("downloading it again");
}

#[test]
fn a_file_that_is_always_wrong_never_gets_its_name() {
    let wrong = flipped();
    let (ran, home) =
        fails(5, "is corrupted: its SHA-256 is", "the file was discarded", move |asked, stream, hub| {
            asked.is_for_bytes() && send_part(asked, stream, hub, &wrong)
        });
    assert!(ran.errors().contains(&sha256(&flipped()).to_string()));
    assert_eq!(home.leftovers(), Vec::<String>::new());
}

#[test]
fn the_token_is_told_to_the_endpoint_and_to_no_host_that_it_redirects_to_and_in_no_word() {
    let store = Hub::good().0;
    let elsewhere = store.endpoint.clone();
    let (hub, bytes) = Hub::faulty(move |asked, stream, _| {
        asked.path.contains("/resolve/") && {
            let hash = sha256(&tiny_model(1));
            respond(stream, "302 Found", &format!("Location: {elsewhere}/cdn/{hash}?signature=secret"), b"")
        }
    });
    let home = Home::new();
    let arguments = ["pull", "hf.co/maker/Tiny-R1-GGUF:Q4_K_M", "--format", "json", "--force"];
    let run = || home.program(&hub.endpoint, &arguments).env("HF_TOKEN", "hf_confidential").run();
    let ran = run();
    assert_eq!(ran.file(), bytes);
    assert!(!hub.asked().is_empty() && !store.asked().is_empty());
    assert!(hub.asked().iter().all(|asked| asked.header("authorization") == Some("Bearer hf_confidential")));
    assert!(store.asked().iter().all(|asked| asked.header("authorization").is_none()));
    // The redirect is followed once and not for each segment.
    assert_eq!(hub.asked().iter().filter(|asked| asked.path.contains("/resolve/")).count(), 1);
    let refusing = Hub::faulty(|_, stream, _| respond(stream, "401 Unauthorized", "", b"")).0;
    let refused = home
        .program(&refusing.endpoint, &["pull", "hf.co/maker/Other-GGUF:Q4_K_M"])
        .env("HF_TOKEN", "hf_confidential")
        .run();
    refused.exits(5);
    for words in [ran.errors(), ran.out(), refused.errors()] {
        assert!(!words.contains("hf_confidential") && !words.contains("signature"), "{words}");
    }
}

#[test]
fn a_signed_address_that_expires_is_asked_for_anew() {
    let asked_at = Mutex::new(HashMap::<String, u32>::new());
    let (hub, bytes) = Hub::faulty(move |asked, stream, _| {
        if !asked.is_for_bytes() || !asked.path.contains("signature=") {
            return false;
        }
        // Each address is good for two requests.
        let times = {
            let mut asked_at = asked_at.lock().expect("no thread panicked");
            let times = asked_at.entry(asked.path.clone()).or_default();
            *times += 1;
            *times
        };
        times > 2 && respond(stream, "403 Forbidden", "", b"Request has expired")
    });
    assert_eq!(Home::new().pull(&hub).file(), bytes);
    assert!(hub.asked().iter().filter(|asked| asked.path.contains("/resolve/")).count() > 1);
}

#[test]
fn redirects_in_a_circle_end() {
    fails(5, "redirects too many times", "a proxy misbehaves", |asked, stream, _| {
        asked.path.contains("/resolve/")
            && respond(stream, "302 Found", &format!("Location: {}", asked.path), b"")
    });
}

#[test]
fn a_page_to_log_in_at_is_no_model() {
    let page = b"<!DOCTYPE html><title>Log in</title>";
    fails(5, "is a web page, not a model file", "networks with a login page", move |asked, stream, _| {
        asked.is_for_bytes() && respond(stream, "200 OK", "Content-Type: text/html", page)
    });
    // Whatever it is called.
    fails(
        5,
        "changed during the download: its size was",
        "the server or a proxy misbehaves",
        move |asked, stream, _| asked.is_for_bytes() && respond(stream, "200 OK", "", page),
    );
}

#[test]
fn gated_and_private_repositories_say_what_to_do() {
    for (status, code) in [("401 Unauthorized", "401"), ("403 Forbidden", "403")] {
        fails(5, &format!("HTTP {code}"), "accept its terms on its page", move |_, stream, _| {
            respond(stream, status, "", b"")
        });
        // The list of a gated repository is open, and its files are not.
        fails(5, &format!("HTTP {code}"), "set `HF_TOKEN`", move |asked, stream, _| {
            asked.path.contains("/resolve/") && respond(stream, status, "", b"")
        });
    }
}

#[test]
fn what_is_not_there_brings_the_nearest_that_is() {
    let (hub, _) = Hub::good();
    let home = Home::new();
    let ran = home.run(&hub.endpoint, &["pull", "hf.co/maker/Tiny-R1-GGUF/Tiny-R1-Q4_K_S.gguf"]);
    ran.exits(5);
    assert_eq!(
        ran.errors(),
        "error: `maker/Tiny-R1-GGUF` has no file `Tiny-R1-Q4_K_S.gguf`\n hint: did you mean \
         `Tiny-R1-Q4_K_M.gguf`?\n"
    );
    let ran = home.run(&hub.endpoint, &["pull", "hf.co/maker/Tiny-R1-GGUF:Q8_0"]);
    ran.exits(2);
    assert_eq!(ran.errors(), "error: `maker/Tiny-R1-GGUF` has no `Q8_0` GGUF\n hint: available: Q4_K_M\n");
    let ran = home.run(&hub.endpoint, &["pull", "hf.co/bartowski/DeepSeek-R1-Distil-Qwen-7B-GGUF:Q8_0"]);
    ran.exits(5);
    assert!(
        ran.errors().ends_with(" hint: did you mean `hf.co/bartowski/DeepSeek-R1-Distill-Qwen-7B-GGUF`?\n"),
        "{}",
        ran.errors()
    );
}

/// Answers as a server whose file gets another `ETag` after each three answers.
fn send_renamed(asked: &Asked, stream: &mut TcpStream, hub: &Hub) -> bool {
    if !asked.path.starts_with("/plain/") && !asked.path.starts_with("/cdn/") {
        return false;
    }
    let bytes = tiny_model(1);
    let range = asked.range().map(|range| range.start..range.end.min(bytes.len() as u64));
    let (status, said) = match &range {
        Some(range) => (
            "206 Partial Content",
            format!("Content-Range: bytes {}-{}/{}\r\n", range.start, range.end - 1, bytes.len()),
        ),
        None => ("200 OK", String::new()),
    };
    let part = range.map_or(0..bytes.len(), |range| range.start as usize..range.end as usize);
    let etag = hub.next() / 3;
    let length = part.len();
    let head =
        format!("HTTP/1.1 {status}\r\n{said}Content-Length: {length}\r\nETag: \"version-{etag}\"\r\n\r\n");
    let _ = stream.write_all(head.as_bytes());
    asked.method == "HEAD" || hub.write(stream, &bytes[part])
}

#[test]
fn content_that_changes_between_segments_is_not_mixed() {
    let (hub, _) = Hub::faulty(send_renamed);
    let home = Home::new();
    let url = format!("{}/plain/{FILE}", hub.endpoint);
    let ran = home.run(&hub.endpoint, &["pull", &url, "--force"]);
    ran.exits(5).complains("was replaced on the server").complains("the old file was discarded");
    assert_eq!(home.leftovers(), Vec::<String>::new());
    let length = tiny_model(1).len() as u64;
    fails(5, "its size was", "run the same command again", move |asked, stream, hub| {
        asked.is_for_bytes()
            && hub.next() > 2
            && stream.write_all(head(asked, None, None, length + 1).as_bytes()).is_ok()
    });
}

#[test]
fn nodes_of_a_mirror_that_call_equal_bytes_by_different_etags_deliver_them() {
    let (hub, bytes) = Hub::faulty(send_renamed);
    assert_eq!(Home::new().pull(&hub).file(), bytes);
    assert_eq!(hub.sent(), bytes.len() as u64);
}

#[test]
fn content_that_changes_between_two_runs_is_fetched_from_its_beginning() {
    let half = Arc::new(AtomicU64::new(1));
    let broken = Arc::clone(&half);
    let hub = Hub::start([(FILE, tiny_model(1))], None, move |asked, stream, hub| {
        asked.is_for_bytes()
            && broken.load(Ordering::SeqCst) == 1
            && hub.next() > 3
            && respond(stream, "404 Not Found", "", b"")
    });
    let home = Home::new();
    let url = format!("{}/plain/{FILE}", hub.endpoint);
    let pull = || home.run(&hub.endpoint, &["pull", &url, "--format", "json", "--force"]);
    assert_eq!(pull().code(), Some(5));
    assert!(!home.leftovers().is_empty());
    half.store(0, Ordering::SeqCst);
    let (new, before) = (tiny_model(2), hub.sent());
    hub.replace(FILE, new.clone());
    assert_eq!(pull().file(), new);
    assert!(hub.sent() - before >= new.len() as u64);
}

#[test]
fn another_endpoint_goes_on_where_the_first_one_ended() {
    let (first, bytes) = Hub::faulty(|asked, stream, hub| {
        asked.is_for_bytes() && hub.next() > 4 && respond(stream, "404 Not Found", "", b"")
    });
    let home = Home::new();
    assert_eq!(home.pull(&first).code(), Some(5));
    let (second, _) = Hub::good();
    let ran = home.run(
        "http://nowhere.invalid",
        &[
            "pull",
            "hf.co/maker/Tiny-R1-GGUF:Q4_K_M",
            "--format",
            "json",
            "--force",
            "--endpoint",
            &second.endpoint,
        ],
    );
    assert_eq!(ran.file(), bytes);
    assert!(first.sent() > 0 && second.sent() + first.sent() < bytes.len() as u64 + 262_144);
}

#[test]
fn names_that_lead_out_of_the_folder_are_refused() {
    for path in ["../../../escape-Q4_K_M.gguf", "/tmp/escape-Q4_K_M.gguf", "a\\..\\escape-Q4_K_M.gguf"] {
        let hub = Hub::start([(path, tiny_model(1))], None, |_, _, _| false);
        let home = Home::new();
        let ran = home.pull(&hub);
        ran.exits(5).complains("unsafe file name");
        assert_eq!(hub.sent(), 0);
    }
    let ran =
        Home::new().run("http://nowhere.invalid", &["pull", "hf.co/o/r/resolve/main/../../../../x.gguf"]);
    ran.complains("unsafe file name");
}

#[test]
fn a_server_that_is_gone_for_a_while_is_asked_again_until_enough_is_enough() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    Home::new()
        .run(&format!("http://{nobody}"), &["pull", "hf.co/maker/Tiny-R1-GGUF:Q4_K_M"])
        .exits(5)
        .complains("check the network");
}

#[test]
fn a_plain_mirror_without_lists_is_enough_for_the_catalog() {
    let (hub, bytes) = Hub::faulty(|asked, stream, _| {
        asked.path.starts_with("/api/") && respond(stream, "404 Not Found", "", b"")
    });
    let home = Home::new();
    let catalog = home.catalog(Some(sha256(&bytes)));
    let catalog = catalog.to_str().unwrap();
    let ran = home.run(&hub.endpoint, &["pull", "tiny:Q4_K_M", "--catalog", catalog, "--format", "json"]);
    assert_eq!(ran.file(), bytes);
    assert_eq!(ran.json()["files"][0]["verified"], "catalog");
    assert!(home.snapshot(FILE).is_file());
}

#[test]
fn a_file_that_its_makers_replaced_is_noticed_before_the_first_byte() {
    let (hub, _) = Hub::good();
    let home = Home::new();
    let catalog = home.catalog(Some(sha256(b"another file")));
    let ran = home.run(&hub.endpoint, &["pull", "tiny:Q4_K_M", "--catalog", catalog.to_str().unwrap()]);
    ran.exits(5)
        .complains("is not the file in the catalog: its SHA-256 is")
        .complains("hf.co/OWNER/REPO:QUANT");
    assert_eq!(hub.sent(), 0);
}

#[test]
fn a_file_that_nobody_hashed_is_said_to_be_so_and_a_file_that_is_no_gguf_does_not_get_its_name() {
    let (hub, bytes) = Hub::good();
    let home = Home::new();
    let url = format!("{}/plain/{FILE}", hub.endpoint);
    let ran = home.run(&hub.endpoint, &["pull", &url, "--format", "json"]);
    assert_eq!(ran.file(), bytes);
    ran.complains("no hash is published for this file");
    assert_eq!(ran.json()["files"][0]["verified"], "nothing");
    assert_eq!(
        ran.json()["files"][0]["path"],
        home.path("data/r1-advisor/models").join(FILE).to_str().unwrap()
    );

    hub.replace("other.gguf", b"safetensors, or what not".to_vec());
    let url = format!("{}/plain/other.gguf", hub.endpoint);
    home.run(&hub.endpoint, &["pull", &url, "--force"]).exits(4).complains("not a GGUF file");
    assert!(!home.path("data/r1-advisor/models/other.gguf").exists());
    assert_eq!(home.leftovers(), Vec::<String>::new());
}

#[test]
fn a_folder_that_may_not_be_written_is_told_before_the_first_byte() {
    let (hub, _) = Hub::good();
    let home = Home::new();
    // A file in the way, which even those whom no rights keep out cannot write into.
    fs::write(home.cache(), "in the way").unwrap();
    home.pull(&hub).exits(7).complains("could not create the folder");
    assert_eq!(hub.sent(), 0);
}
