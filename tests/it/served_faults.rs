//! Servers as they are, and as nobody would wish them: each is told in words, within bounds.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use r1_advisor::endpoint::{Address, Api, Client, Coherence, Dialect, Failure, Question, Reply};
use r1_advisor::error;
use r1_advisor::i18n::Locale;
use serde_json::json;

use crate::support::server::listener;
use crate::support::{Asked, Server, program};

const PATIENCE: Duration = Duration::from_secs(3);
const SSE: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
const DONE: &str = "data: [DONE]\n\n";

fn say(stream: &mut TcpStream, text: &str) {
    let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
}

fn piece(text: &str) -> String {
    format!("data: {}\n\n", json!({ "choices": [{ "delta": { "content": text } }] }))
}

fn finish() -> String {
    format!("data: {}\n\n", json!({ "choices": [{ "delta": {}, "finish_reason": "length" }] }))
}

fn answer(kind: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn client(address: &str) -> Client {
    Client::new(Address::parse(address).expect("an address"), None, PATIENCE)
}

fn ask(address: &str) -> Result<Reply, Failure> {
    let dialect = Dialect { include_usage: true, ignore_eos: true, renamed_limit: false };
    let model = "r1".to_owned();
    client(address).ask(&Question {
        model,
        prompt: "why?".to_owned(),
        output_tokens: 8,
        api: Api::Chat,
        dialect,
    })
}

/// What the client makes of these bytes.
fn told(bytes: impl Into<String>) -> Result<Reply, Failure> {
    let bytes = bytes.into();
    ask(&Server::new(move |_, stream| say(stream, &bytes)).address)
}

fn words(failure: &Failure) -> String {
    Locale::default().say(&error::Failure::message(failure))
}

#[test]
fn a_stream_is_read_under_any_content_type() {
    let body = format!("{}{}{}{DONE}", piece("a"), piece("b"), finish());
    for kind in
        ["application/json", "application/json; charset=utf-8", "text/plain", "application/octet-stream"]
    {
        assert_eq!(told(answer(kind, &body)).expect(kind).answer_pieces, 2, "{kind}");
    }
}

#[test]
fn an_error_in_place_of_the_answer_is_told_in_the_servers_words() {
    let error = r#"{"error":{"message":"model is loading"}}"#;
    for kind in ["application/json", "text/event-stream", "text/plain"] {
        for body in
            [error.to_owned(), format!("\n  {error}\n"), r#"{"detail":"model is loading"}"#.to_owned()]
        {
            let failure = told(answer(kind, &body)).expect_err(kind);
            assert_eq!(failure.kind(), "refused", "{kind}: {body}");
            assert!(words(&failure).ends_with(": model is loading"), "{}", words(&failure));
        }
    }
    let whole = r#"{"choices":[{"message":{"content":"a"}}]}"#;
    assert_eq!(told(answer("text/event-stream", whole)).unwrap_err().kind(), "not_streamed");
    assert_eq!(told(answer("text/plain", "<html>Portal</html>")).unwrap_err().kind(), "web_page");
}

#[test]
fn an_error_event_is_told_in_the_servers_words() {
    for data in
        [r#"{"message":"out of memory"}"#, r#"{"error":{"message":"out of memory"}}"#, "out of memory"]
    {
        let failure = told(format!("{SSE}{}event: error\ndata: {data}\n\n", piece("a"))).unwrap_err();
        assert_eq!(failure.kind(), "error_in_stream", "{data}");
        assert!(words(&failure).ends_with(": out of memory"), "{}", words(&failure));
    }
}

#[test]
fn the_last_word_may_have_blanks_behind_it() {
    let start = Instant::now();
    let server = Server::new(|_, stream| {
        say(stream, &format!("{SSE}{}data: [DONE]   \n\n", piece("a")));
        thread::sleep(PATIENCE * 2);
    });
    assert_eq!(ask(&server.address).expect("an answer").answer_pieces, 1);
    assert!(start.elapsed() < PATIENCE);
}

#[test]
fn a_count_that_cannot_be_is_left_out_and_others_are_read_as_they_are_written() {
    let counted = |count: &str| {
        let usage = format!(
            "data: {{\"choices\":[],\"usage\":{{\"prompt_tokens\":5,\"completion_tokens\":{count}}}}}\n\n"
        );
        told(format!("{SSE}{}{}{}{usage}{DONE}", piece("a"), piece("b"), finish()))
            .expect(count)
            .tokens()
            .output
    };
    for (count, tokens) in [("\"50\"", 50), ("50.0", 50), ("-1", 2), ("18446744073709551615", 2), ("[]", 2)] {
        assert_eq!(counted(count), tokens, "{count}");
    }
}

#[test]
fn a_content_of_parts_is_text() {
    let parts = r#"data: {"choices":[{"delta":{"content":[{"type":"text","text":"a"}]}}]}"#;
    let reply = told(format!("{SSE}{parts}\n\n{}{DONE}", finish())).expect("an answer");
    assert_eq!((reply.answer_pieces, reply.coherence), (1, Coherence::Text));
}

#[test]
fn a_line_without_end_is_given_up_in_bounded_memory() {
    let server = Server::new(|_, stream| {
        say(stream, SSE);
        let letters = vec![b'x'; 1 << 16];
        while stream.write_all(&letters).is_ok() {}
    });
    let failure = ask(&server.address).unwrap_err();
    assert_eq!(failure, Failure::Endless, "{failure}");
    let document = Server::new(|_, stream| {
        say(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{");
        let letters = vec![b' '; 1 << 16];
        while stream.write_all(&letters).is_ok() {}
    });
    assert_eq!(ask(&document.address).unwrap_err(), Failure::NotStreamed);
    for status in ["500 Oops", "429 Slow"] {
        let server = Server::new(move |_, stream| {
            say(stream, &format!("HTTP/1.1 {status}\r\nContent-Type: text/plain\r\n\r\n"));
            let letters = vec![b'x'; 1 << 16];
            while stream.write_all(&letters).is_ok() {}
        });
        assert!(words(&ask(&server.address).unwrap_err()).chars().count() < 300);
    }
}

#[test]
fn an_error_whose_body_drips_is_told_in_time() {
    let server = Server::new(|_, stream| {
        say(stream, "HTTP/1.1 500 Oops\r\nContent-Type: text/plain\r\n\r\nno mem");
        for _ in 0..200 {
            thread::sleep(Duration::from_millis(100));
            say(stream, ".");
        }
    });
    let start = Instant::now();
    assert!(words(&ask(&server.address).unwrap_err()).contains("no mem"));
    assert!(start.elapsed() < PATIENCE * 3);
}

#[test]
fn a_long_list_of_models_is_read_whole() {
    let models: Vec<_> = (0..5000)
        .map(|number| json!({ "id": format!("maker/a-model-with-a-long-name-of-many-{number}") }))
        .collect();
    let list = json!({ "data": models }).to_string();
    assert!(list.len() > 200 << 10);
    let server = Server::new(move |_, stream| say(stream, &answer("application/json", &list)));
    assert_eq!(client(&server.address).models().expect("a list").len(), 5000);
}

#[test]
fn a_count_that_comes_late_slows_nothing_down() {
    let server = Server::new(|asked: &Asked, stream: &mut TcpStream| {
        say(stream, SSE);
        let tokens = asked.body["max_tokens"].as_u64().expect("a limit");
        for _ in 0..tokens {
            thread::sleep(Duration::from_millis(10));
            say(stream, &piece("so "));
        }
        say(stream, &finish());
        thread::sleep(Duration::from_secs(2));
        let usage = json!({ "choices": [], "usage": { "prompt_tokens": 9, "completion_tokens": tokens } });
        say(stream, &format!("data: {usage}\n\n{DONE}"));
    });
    let few = ["--requests", "1", "--warm-up", "0", "--output-tokens", "20", "--format", "json"];
    let report =
        program(["bench", "--endpoint", &server.address, "--model", "r1"]).with(few).run().json_of("served");
    let load = &report["loads"][0];
    assert!(load["duration_seconds"].as_f64() < Some(1.5), "{load:#}");
    assert!(load["output_tokens_per_second"].as_f64() > Some(13.0), "{load:#}");
    assert_eq!(load["tokens"]["output"], 20);
}

/// Answers each request in one write, as a proxy does that collects streams.
fn burst() -> Server {
    Server::new(|asked: &Asked, stream: &mut TcpStream| {
        let tokens = asked.body["max_tokens"].as_u64().expect("a limit");
        thread::sleep(Duration::from_millis(50));
        let words = ["sky ", "blue ", "light ", "air ", "wave ", "short ", "red ", "dust "];
        let body: String = (0..tokens).map(|at| piece(words[(at * at % 11 % 8) as usize])).collect();
        say(stream, &format!("{SSE}{body}{}{DONE}", finish()));
    })
}

#[test]
fn an_answer_in_one_burst_has_no_time_per_token_and_meets_no_slo() {
    let server = burst();
    let few = ["--requests", "3", "--output-tokens", "100"];
    let bench = |more: &[&str]| {
        program(["bench", "--endpoint", &server.address, "--model", "r1"]).with(few).with(more).run()
    };
    let plain = bench(&["--format", "json"]);
    let load = &plain.exits(0).json_of("served")["loads"][0];
    assert_eq!((&load["tpot_seconds"], &load["bursts"]), (&json!(null), &json!(3)));
    bench(&[]).exits(0).says("something buffers the stream");
    for slo in ["--slo-ttft", "--slo-tpot"] {
        bench(&[slo, "9s"]).exits(1).says("something buffers the stream").says("missed");
    }
}

#[test]
fn a_certificate_that_is_not_trusted_is_told_as_that() {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()).into();
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .expect("a certificate");
    let (config, (listener, address)) = (Arc::new(config), listener());
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut connection = rustls::ServerConnection::new(Arc::clone(&config)).expect("a connection");
            let _ = connection.complete_io(&mut stream);
        }
    });
    let ran = program(["bench", "--endpoint", &format!("https://{address}"), "--model", "r1"]).run();
    ran.exits(6).complains("certificate is not trusted").complains("hint: a self-signed certificate");
    let failure = ask(&format!("https://{address}")).unwrap_err();
    assert_eq!(failure.kind(), "untrusted_certificate", "{failure}");
}

#[test]
fn answers_that_are_empty_or_repeat_one_token_or_are_no_text_are_told() {
    let spoken: [(&str, &str, &str); 3] = [
        ("!", "repeating", "repeating one token"),
        ("\u{fffd}\u{1}", "not_text", "not text"),
        (" \n", "empty", "empty"),
    ];
    for (word, key, words) in spoken {
        let server = Server::new(move |asked: &Asked, stream: &mut TcpStream| {
            say(stream, SSE);
            for _ in 0..asked.body["max_tokens"].as_u64().expect("a limit") {
                thread::sleep(Duration::from_micros(200));
                say(stream, &piece(word));
            }
            say(stream, &format!("{}{DONE}", finish()));
        });
        let bench = |more: &[&str]| {
            let few = ["--requests", "2", "--output-tokens", "80"];
            program(["bench", "--endpoint", &server.address, "--model", "r1"]).with(few).with(more).run()
        };
        let report = bench(&["--format", "json"]).exits(0).json_of("served");
        assert_eq!(report["loads"][0]["incoherent"][key], 2, "{report:#}");
        bench(&[]).exits(0).says(words).says("is the model loaded right?");
        let off = bench(&["--format", "json", "--coherence", "off"]).json_of("served");
        assert_eq!(off["loads"][0]["incoherent"], json!(null));
    }
}

#[test]
fn a_depth_is_read_by_the_server_before_it_is_timed() {
    let server = Server::new(|asked: &Asked, stream: &mut TcpStream| {
        say(stream, SSE);
        let tokens = asked.body["max_tokens"].as_u64().expect("a limit");
        for _ in 0..tokens {
            say(stream, &piece("so "));
        }
        let words = asked.body["messages"][0]["content"].as_str().expect("a prompt").split(' ').count();
        let usage =
            json!({ "choices": [], "usage": { "prompt_tokens": words, "completion_tokens": tokens } });
        say(stream, &format!("{}data: {usage}\n\n{DONE}", finish()));
    });
    let arguments = [
        "--requests",
        "2",
        "--warm-up",
        "0",
        "--output-tokens",
        "4",
        "--prompt-tokens",
        "20",
        "-d",
        "0,300",
        "--format",
        "json",
    ];
    let report = program(["bench", "--endpoint", &server.address, "--model", "r1"]).with(arguments).run();
    let report = report.exits(0).json_of("served");
    let depths: Vec<_> =
        report["loads"].as_array().expect("loads").iter().map(|load| &load["depth_tokens"]).collect();
    assert_eq!(depths, [0, 300]);
    let asked = server.asked();
    let prompts: Vec<Vec<&str>> = asked
        .iter()
        .map(|asked| asked.body["messages"][0]["content"].as_str().expect("a prompt").split(' ').collect())
        .collect();
    // Two greetings, two at no depth, one that fills, two behind it.
    assert_eq!(prompts[2..].iter().map(Vec::len).collect::<Vec<_>>(), [20, 20, 301, 320, 320]);
    assert_eq!(prompts[4][..300], prompts[5][..300]);
    assert_eq!(prompts[5][..300], prompts[6][..300]);
    assert_ne!(prompts[5][300..], prompts[6][300..]);
    assert_eq!(asked[4].body["max_tokens"], 1);
    program(["bench", "--endpoint", &server.address, "--sweep", "rate", "--slo-ttft", "1s", "-d", "0,300"])
        .run()
        .exits(2)
        .complains("a single depth");
}

#[cfg(unix)]
#[test]
fn many_users_are_served_under_a_soft_limit_and_a_hard_one_is_told_as_this_clients() {
    let server = Server::new(|asked: &Asked, stream: &mut TcpStream| {
        say(stream, SSE);
        let tokens = asked.body["max_tokens"].as_u64().expect("a limit");
        // The load comes to stand in full before its first answer ends.
        thread::sleep(Duration::from_millis(if tokens > 4 { 700 } else { 0 }));
        say(stream, &format!("{}{}{DONE}", piece("a"), finish()));
    });
    let bench = |limit: &str| {
        program(["bench", "--endpoint", &server.address, "--model", "r1", "--format", "json"])
            .with(["--requests", "90", "--concurrency", "90", "--output-tokens", "8"])
            .under(limit)
            .run()
    };
    let soft = bench("ulimit -Sn 64").exits(0).json_of("served");
    assert_eq!(soft["loads"][0]["requests"]["completed"], 90, "{soft:#}");
    let hard = bench("ulimit -Sn 64; ulimit -Hn 64").json_of("served");
    let kinds = hard["loads"][0]["failures"].to_string();
    assert!(kinds.contains("client_out_of_files") && kinds.contains("this client"), "{kinds}");
}

#[test]
fn a_server_may_fail_in_every_way_in_turn_and_is_measured_all_the_same() {
    let count = AtomicU32::new(0);
    let server = Server::new(move |_: &Asked, stream: &mut TcpStream| {
        let number = count.fetch_add(1, Ordering::SeqCst);
        let good = format!("{SSE}{}{}{DONE}", piece("a"), finish());
        let bad = [
            answer("application/json", r#"{"error":"busy"}"#),
            format!("{SSE}event: error\ndata: x\n\n"),
            format!("{SSE}{}", piece("a")),
            "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(),
            String::new(),
            "no HTTP\r\n\r\n".to_owned(),
        ];
        say(
            stream,
            if number < 3 || number.is_multiple_of(2) {
                &good
            } else {
                &bad[number as usize / 2 % bad.len()]
            },
        );
    });
    let few = ["--requests", "12", "--concurrency", "12", "--output-tokens", "2", "--format", "json"];
    let report =
        program(["bench", "--endpoint", &server.address, "--model", "r1"]).with(few).run().json_of("served");
    let requests = &report["loads"][0]["requests"];
    assert_eq!(
        (&requests["sent"], &requests["completed"], &requests["failed"]),
        (&json!(12), &json!(6), &json!(6))
    );
}
