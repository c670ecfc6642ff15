//! What comes from strangers does nothing to a terminal, and no secret is repeated.

use std::fs;
use std::io::Write as _;

use r1_advisor::history::Database;
use serde_json::json;

use crate::support::program::NOWHERE;
use crate::support::{Asked, Home, Ran, Server, program, respond};

/// Moves the cursor, sets the title, turns the order of letters, and a control of one byte.
const HOSTILE: &str = "a\u{1b}[2J\u{1b}]0;owned\u{7}\u{202e}gnp\u{2066}\u{9b}31m\u{7f}\u{8}z";

/// What must not reach a terminal.
fn steers(text: &str) -> Option<char> {
    text.chars().find(|c| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    })
}

/// Holds that nothing of it steers, but for the styles of the program's own.
#[track_caller]
fn is_harmless(ran: &Ran) {
    for text in [ran.out(), ran.errors()] {
        let mut plain = text.to_owned();
        for style in ["0", "1", "2", "31", "33", "36"] {
            plain = plain.replace(&format!("\u{1b}[{style}m"), "");
        }
        assert_eq!(steers(&plain), None, "{text:?}");
    }
}

fn gguf_named(name: &str) -> Vec<u8> {
    let mut bytes = b"GGUF\x03\0\0\0".to_vec();
    let text = |bytes: &mut Vec<u8>, text: &str| {
        bytes.extend((text.len() as u64).to_le_bytes());
        bytes.extend(text.as_bytes());
    };
    bytes.extend(0_u64.to_le_bytes());
    bytes.extend(2_u64.to_le_bytes());
    for (key, value) in [("general.architecture", name), ("general.name", name)] {
        text(&mut bytes, key);
        bytes.extend(8_u32.to_le_bytes());
        text(&mut bytes, value);
    }
    bytes
}

#[test]
fn names_in_files_and_of_files_steer_no_terminal() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(format!("{}.gguf", HOSTILE.replace('/', "")));
    fs::write(&path, gguf_named(HOSTILE)).expect("a file");
    let path = path.to_str().expect("UTF-8");
    let commands: [&[&str]; 4] =
        [&["estimate", path], &["run", path, "Hi"], &["bench", path], &["models", "show", HOSTILE]];
    for command in commands {
        for color in ["always", "never"] {
            is_harmless(&program(command).with(["--color", color]).run());
        }
    }
    let home = Home::new();
    let models = home.path("models");
    fs::create_dir_all(&models).expect("a folder");
    fs::write(models.join("x\u{1b}[35m\u{202e}.gguf"), gguf_named(HOSTILE)).expect("a file");
    for format in ["table", "csv", "markdown", "json"] {
        let list = ["models", "--local", "--color", "always", "--format", format];
        let ran = home.program(NOWHERE, &list).env("R1_ADVISOR_MODEL_DIR", &models).run();
        is_harmless(&ran);
    }
}

#[test]
fn names_and_words_of_servers_steer_no_terminal_and_neither_does_the_history() {
    let server = Server::new(|asked: &Asked, stream| {
        if asked.method == "GET" {
            let list = json!({ "data": [{ "id": HOSTILE }] }).to_string();
            return respond(stream, "200 OK", "Content-Type: application/json", list.as_bytes());
        }
        let good = "data: {\"choices\":[{\"delta\":{\"content\":\"so\"},\"finish_reason\":\"length\"}]}\n\ndata: [DONE]\n\n";
        if asked.body["max_tokens"] == 4 {
            return respond(stream, "200 OK", "Content-Type: text/event-stream", good.as_bytes());
        }
        respond(stream, "500 Oops", "Content-Type: text/plain", HOSTILE.as_bytes())
    });
    let folder = tempfile::tempdir().expect("a folder");
    let history = folder.path().join("history.sqlite3");
    for format in ["table", "csv", "markdown", "json"] {
        let bench = ["--requests", "2", "--warm-up", "0", "--color", "always", "--format", format];
        let ran = program(["bench", "--endpoint", &server.address]).with(bench).history(&history).run();
        ran.exits(6);
        is_harmless(&ran);
        if format == "json" {
            // A program reads what was there.
            assert_eq!(ran.json()["model"], HOSTILE);
        }
    }
    let answered = ["--requests", "2", "--warm-up", "0", "--output-tokens", "4"];
    program(["bench", "--endpoint", &server.address]).with(answered).history(&history).run().exits(0);
    for command in [&["bench", "history"][..], &["bench", "show", "1"], &["bench", "compare", "1", "1"]] {
        let ran = program(command).with(["--color", "always"]).history(&history).run();
        is_harmless(&ran);
    }
    let list = program(["bench", "history"]).history(&history).run();
    list.exits(0).says("owned");
    let error = program(["bench", "--endpoint", &server.address, "--model", "x", "--color", "always"]).run();
    is_harmless(&error);
}

#[test]
fn a_key_that_a_server_repeats_is_on_no_screen_in_no_json_and_in_no_history() {
    const KEY: &str = "sk-very-secret-0123456789";
    let server = Server::new(|asked: &Asked, stream| {
        let key = asked.header("authorization").unwrap_or_default().to_owned();
        let good = "data: {\"choices\":[{\"delta\":{\"content\":\"so\"},\"finish_reason\":\"length\"}]}\n\ndata: [DONE]\n\n";
        match asked.body["max_tokens"].as_u64() {
            Some(4) => respond(stream, "200 OK", "Content-Type: text/event-stream", good.as_bytes()),
            Some(8)
                if asked.body["messages"][0]["content"].as_str().map_or(0, str::len).is_multiple_of(2) =>
            {
                respond(stream, "200 OK", "Content-Type: text/event-stream", good.as_bytes())
            }
            _ => respond(stream, "401 No", "Content-Type: text/plain", format!("bad key {key}").as_bytes()),
        }
    });
    let folder = tempfile::tempdir().expect("a folder");
    let history = folder.path().join("history.sqlite3");
    let bench = |more: &[&str]| {
        program(["bench", "--endpoint", &server.address, "--model", "r1", "--api-key-env", "MY_KEY"])
            .env("MY_KEY", KEY)
            .history(&history)
            .with(more)
            .run()
    };
    let mut all = String::new();
    for format in ["table", "json", "csv"] {
        for tokens in ["8", "9"] {
            let ran =
                bench(&["--requests", "12", "--warm-up", "0", "--output-tokens", tokens, "--format", format]);
            all += ran.out();
            all += ran.errors();
        }
        let refused = bench(&["--requests", "1", "--output-tokens", "9", "--format", format]);
        refused.exits(6).complains("bad key Bearer ***");
        all += refused.errors();
    }
    assert!(all.contains("***"), "the server's words are there: {all}");
    assert!(!all.contains(KEY), "{all}");
    let kept = Database::open(&history).expect("a history").latest(9).expect("results");
    assert!(!kept.is_empty());
    for bytes in
        fs::read_dir(folder.path()).expect("a folder").map(|file| fs::read(file.expect("a file").path()))
    {
        let bytes = bytes.expect("a file");
        assert!(!bytes.windows(KEY.len()).any(|window| window == KEY.as_bytes()), "it is in the history");
    }
}

#[test]
fn a_key_in_an_address_is_refused_without_being_shown() {
    for address in
        ["http://me:topsecret1@host/v1", "https://topsecret1@host", "http://host/v1?key=topsecret1&x=1"]
    {
        let ran = program(["bench", "--endpoint", address, "--model", "r1"]).run();
        ran.exits(2).complains("is not a server address").complains("***");
        assert!(!ran.errors().contains("topsecret1"), "{}", ran.errors());
    }
}

#[test]
fn a_token_that_a_hub_repeats_is_not_shown() {
    const TOKEN: &str = "hf_veryverysecret0123";
    let hub = Server::new(|asked: &Asked, stream| {
        let told = format!("no: {}", asked.header("authorization").unwrap_or_default());
        let header = format!("X-Error-Message: {told}");
        respond(stream, "401 No", &header, told.as_bytes())
    });
    let ran = Home::new()
        .program(&hub.url(), &["pull", "hf.co/maker/Tiny-R1-GGUF:Q4_K_M", "--force"])
        .env("HF_TOKEN", TOKEN)
        .run();
    assert_ne!(ran.code(), Some(0));
    assert!(!ran.out().contains(TOKEN) && !ran.errors().contains(TOKEN), "{}", ran.errors());
    let mut written = std::io::sink();
    written.write_all(ran.errors().as_bytes()).expect("a sink");
}
