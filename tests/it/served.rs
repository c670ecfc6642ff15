//! Served engines, against a server of the tests' own that streams, stalls, breaks off and talks nonsense.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use r1_advisor::endpoint::{
    Address, Api, ApiKey, Client, Dialect, Failure, Phase, Question, Reply, TokenCount,
};
use r1_advisor::error;
use r1_advisor::i18n::Locale;
use serde_json::{Value, json};

use crate::support::server::nobody;
use crate::support::{Asked, Program, Ran, Server, program, run};

const PATIENCE: Duration = Duration::from_millis(600);

const SSE: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

impl Asked {
    fn is_list(&self) -> bool {
        self.method == "GET" && self.path == "/v1/models"
    }

    fn prompt(&self) -> &str {
        self.body["messages"][0]["content"].as_str().expect("a prompt")
    }
}

impl Server {
    /// What the client makes of the answer.
    fn ask(&self) -> Result<Reply, Failure> {
        self.client(None).ask(&question())
    }

    fn client(&self, key: Option<&str>) -> Client {
        Client::new(Address::parse(&self.address).expect("an address"), key.map(ApiKey::new), PATIENCE)
    }

    fn program(&self, arguments: &[&str]) -> Program {
        program(["bench", "--endpoint", &self.address, "--model", "r1"])
            .with(arguments)
            .with(["--format", "json"])
    }

    fn bench(&self, arguments: &[&str]) -> Ran {
        self.program(arguments).run()
    }
}

fn question() -> Question {
    Question {
        model: "r1".to_owned(),
        prompt: "why?".to_owned(),
        output_tokens: 8,
        api: Api::Chat,
        dialect: Dialect { include_usage: true, ignore_eos: true, renamed_limit: false },
    }
}

/// Writes as far as anybody reads.
fn say(stream: &mut TcpStream, text: &str) {
    let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
}

fn event(data: &Value) -> String {
    format!("data: {data}\n\n")
}

fn piece(text: &str) -> String {
    event(&json!({ "choices": [{ "index": 0, "delta": { "content": text }, "finish_reason": null }] }))
}

fn thought(text: &str) -> String {
    event(&json!({ "choices": [{ "index": 0, "delta": { "reasoning_content": text } }] }))
}

fn finish() -> String {
    event(&json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": "length" }] }))
}

fn usage(prompt: usize, output: u64) -> String {
    event(&json!({ "choices": [], "usage": { "prompt_tokens": prompt, "completion_tokens": output } }))
}

fn plain(status: &str, kind: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

/// A server that behaves: a thought of a quarter of the asked length, then the answer, `each` apart after `first`.
fn behaved(first: Duration, each: Duration) -> impl Fn(&Asked, &mut TcpStream) {
    move |asked, stream| {
        if asked.is_list() {
            return say(stream, &plain("200 OK", "application/json", r#"{"data":[{"id":"r1"}]}"#));
        }
        thread::sleep(first);
        say(stream, SSE);
        let tokens = asked.body["max_tokens"].as_u64().expect("a limit");
        for token in 0..tokens {
            if token > 0 {
                thread::sleep(each);
            }
            say(stream, &if token < tokens / 4 { thought("hm ") } else { piece("so ") });
        }
        let words = asked.prompt().split(' ').count();
        say(stream, &format!("{}{}data: [DONE]\n\n", finish(), usage(words + 5, tokens)));
    }
}

fn quick() -> impl Fn(&Asked, &mut TcpStream) {
    behaved(Duration::ZERO, Duration::ZERO)
}

#[test]
fn packets_may_cut_lines_and_letters_in_two() {
    let server = Server::new(|_, stream| {
        say(stream, SSE);
        let events = [thought("嗯"), piece("第一"), piece("é"), finish(), usage(7, 9)].concat();
        for byte in format!(": ping\r\n\r\n{events}data: [DONE]\n\n").bytes() {
            let _ = stream.write_all(&[byte]).and_then(|()| stream.flush());
        }
    });
    let reply = server.ask().unwrap();
    assert_eq!((reply.reasoning_pieces, reply.answer_pieces), (1, 2));
    assert_eq!(reply.tokens(), TokenCount { output: 9, reasoning: 3 });
    assert!(reply.answer_began.is_some());
}

#[test]
fn a_server_that_does_not_count_and_forgets_its_last_word_is_understood() {
    let server =
        Server::new(|_, stream| say(stream, &format!("{SSE}{}{}{}", piece("a"), piece("b"), finish())));
    let reply = server.ask().unwrap();
    assert_eq!(reply.tokens(), TokenCount { output: 2, reasoning: 0 });
    assert!(!reply.is_counted_by_server());
}

#[test]
fn silence_is_a_time_out_before_and_within_the_answer() {
    let slow = Server::new(|_, stream| {
        thread::sleep(PATIENCE * 3);
        say(stream, SSE);
    });
    let timed_out = |phase| Failure::TimedOut { phase, silence: PATIENCE };
    assert_eq!(slow.ask().unwrap_err(), timed_out(Phase::FirstToken));
    let stalled = Server::new(|_, stream| {
        say(stream, &format!("{SSE}{}", piece("a")));
        thread::sleep(PATIENCE * 3);
    });
    assert_eq!(stalled.ask().unwrap_err(), timed_out(Phase::NextToken));
    // Words that only keep the connection open are silence too.
    let pinging = Server::new(|_, stream| {
        say(stream, SSE);
        for _ in 0..30 {
            say(stream, ": ping\n\n");
            thread::sleep(PATIENCE / 6);
        }
    });
    let start = Instant::now();
    assert_eq!(pinging.ask().unwrap_err(), timed_out(Phase::FirstToken));
    assert!(start.elapsed() < PATIENCE * 4);
}

/// What is read late came when it came: the client lets tokens of a long answer gather, and the system tells their time.
#[test]
#[cfg(target_os = "linux")]
fn tokens_that_gather_count_from_when_they_came() {
    const EACH: Duration = Duration::from_millis(2);
    let ended = Arc::new(Mutex::new(None));
    let told = Arc::clone(&ended);
    let server = Server::new(move |asked, stream| {
        say(stream, SSE);
        let tokens = asked.body["max_tokens"].as_u64().expect("a limit");
        for token in 0..tokens {
            thread::sleep(if token == tokens / 2 { PATIENCE / 2 } else { EACH });
            *told.lock().expect("no thread panicked") = Some(Instant::now());
            say(stream, &if token < tokens / 2 { thought("hm ") } else { piece("so ") });
        }
        say(stream, &format!("{}data: [DONE]\n\n", finish()));
    });
    let reply = server.client(None).ask(&Question { output_tokens: 200, ..question() }).unwrap();
    assert_eq!((reply.reasoning_pieces, reply.answer_pieces), (100, 100));
    assert!(reply.last_token - reply.first_token >= EACH * 198 + PATIENCE / 2, "{reply:?}");
    let late = reply.last_token.duration_since(ended.lock().unwrap().expect("an end"));
    assert!(late < Duration::from_millis(100), "{late:?}");
    // The silence before the answer is seen, though nobody looked when it began.
    assert!(reply.longest_gap >= PATIENCE / 2, "{reply:?}");
    let thought = reply.answer_began.expect("an answer") - reply.first_token;
    assert!(thought >= EACH * 98 + PATIENCE / 2, "{thought:?}");
}

#[test]
fn each_way_to_fail_has_its_name() {
    let failures: [(&str, String, &str); 10] = [
        ("dropped", format!("{SSE}{}", piece("a")), "after 1 token: "),
        (
            "rate_limited",
            plain("429 Too Many Requests\r\nRetry-After: 7", "text/plain", "slow down"),
            "slow down",
        ),
        (
            "status",
            plain("500 Oops", "application/json", r#"{"error":{"message":"no memory"}}"#),
            "HTTP 500: no memory",
        ),
        ("status", plain("502 Bad", "text/html", "<html>nginx</html>"), "HTTP 502: it sent a web page"),
        (
            "status",
            "HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n".into(),
            "to `/login`",
        ),
        ("web_page", plain("200 OK", "text/html", "<html>Welcome</html>"), "a web page"),
        ("not_streamed", plain("200 OK", "application/json", "{}"), "instead of streaming"),
        ("malformed", format!("{SSE}{}data: {{\"choices\": [{{\n\n", piece("a")), "invalid event"),
        (
            "error_in_stream",
            format!("{SSE}{}data: {{\"error\":\"gone\"}}\n\n", piece("a")),
            "aborted the answer: gone",
        ),
        ("empty", format!("{SSE}{}data: [DONE]\n\n", finish()), "no tokens"),
    ];
    for (kind, answer, words) in failures {
        let server = Server::new(move |_, stream| say(stream, &answer));
        let failure = server.ask().unwrap_err();
        assert_eq!(failure.kind(), kind, "{failure}");
        let said = Locale::default().say(&error::Failure::message(&failure));
        assert!(said.contains(words), "{said}");
        assert!(error::Failure::hint(&failure).is_some());
        if let Failure::RateLimited { retry_after, .. } = failure {
            assert_eq!(retry_after, Some(Duration::from_secs(7)));
        }
    }
}

#[test]
fn the_key_is_told_to_the_server_and_to_nobody_else() {
    let elsewhere = Server::new(quick());
    let to = elsewhere.address.clone();
    let server = Server::new(move |_, stream| {
        say(
            stream,
            &format!("HTTP/1.1 307 Elsewhere\r\nLocation: http://{to}/v1/x\r\nContent-Length: 0\r\n\r\n"),
        );
    });
    let failure = server.client(Some("sk-secret")).ask(&question()).unwrap_err();
    assert_eq!(failure.kind(), "status");
    assert!(server.asked()[0].header("authorization") == Some("Bearer sk-secret"));
    assert!(elsewhere.asked().is_empty(), "redirects are not followed");

    let server =
        Server::new(|_, stream| say(stream, &plain("401 No", "application/json", r#"{"error":"bad key"}"#)));
    let output = server.program(&["--api-key-env", "MY_KEY"]).env("MY_KEY", "sk-secret").run();
    output.exits(6).complains("--api-key-env");
    assert!(!output.errors().contains("sk-secret"));
    server.bench(&["--api-key-env", "NO_SUCH_KEY"]).exits(2);
}

#[test]
fn what_users_get_is_told_with_the_thinking_apart() {
    let server = Server::new(behaved(Duration::from_millis(40), Duration::from_millis(5)));
    let output = server.bench(&[
        "--concurrency",
        "2",
        "--requests",
        "6",
        "--prompt-tokens",
        "50",
        "--output-tokens",
        "20",
        "--slo-ttft",
        "5s",
        "--price-input",
        "0.5",
        "--price-output",
        "2",
    ]);
    output.exits(0);
    let report = output.json_of("served");
    let load = &report["loads"][0];
    assert_eq!(load["requests"], json!({ "sent": 6, "completed": 6, "failed": 0, "unfinished": 0 }));
    let p50 = |time: &str| load[time]["p50"].as_f64().expect("a time");
    assert!(p50("ttft_seconds") >= 0.04, "{load:#}");
    // Five thoughts 5 ms apart, then the answer begins, then come fourteen tokens more: by the server's clock, for what a
    // busy machine reads late may be followed by what it reads in time.
    assert!(p50("answer_begins_seconds") >= 0.04 + 0.025, "{load:#}");
    assert!(p50("end_to_end_seconds") >= 0.04 + 0.095, "{load:#}");
    assert!(p50("tpot_seconds") > 0.0 && p50("tpot_seconds") < p50("end_to_end_seconds"), "{load:#}");
    assert_eq!((&load["tokens"]["output"], &load["tokens"]["reasoning"]), (&json!(120), &json!(30)));
    assert_eq!(load["tokens"]["counted_by"], "server");
    // The template's five tokens were found out: 45 words.
    assert_eq!(load["tokens"]["prompt"], 6 * 50);
    assert_eq!(report["verdict"]["kind"], "met");
    // Six and a warm-up of 50 and 20 tokens, and two greetings of 21 and 85 that were answered with four.
    let (prompt, written) = (7.0 * 50.0 + 21.0 + 85.0, 7.0 * 20.0 + 8.0);
    let cost = report["cost"]["run_usd"].as_f64().expect("a cost");
    assert!((cost - (prompt * 0.5 + written * 2.0) / 1e6).abs() < 1e-12, "{cost}");
}

#[test]
fn failures_are_counted_by_kind_and_shown() {
    let count = AtomicU32::new(0);
    let behave = quick();
    let server = Server::new(move |asked, stream| {
        // The greetings and the warm-up go well.
        match count.fetch_add(1, Ordering::SeqCst) {
            4 | 6 => say(stream, &plain("500 Oops", "application/json", r#"{"error":"no memory"}"#)),
            7 => say(stream, &format!("{SSE}{}", piece("a"))),
            _ => behave(asked, stream),
        }
    });
    // So few tokens are no burst, though a busy machine reads them at once.
    let report = server
        .bench(&["--requests", "8", "--slo-ttft", "5s", "--output-tokens", "8"])
        .exits(1)
        .json_of("served");
    let load = &report["loads"][0];
    assert_eq!(load["requests"], json!({ "sent": 8, "completed": 5, "failed": 3, "unfinished": 0 }));
    assert_eq!((&load["failures"][0]["kind"], &load["failures"][0]["count"]), (&json!("status"), &json!(2)));
    assert_eq!(load["failures"][1]["kind"], "dropped");
    assert_eq!(load["goodput"]["share"], 0.625);
    assert_eq!(report["verdict"]["kind"], "missed");
}

#[test]
fn a_wrong_name_brings_the_nearest_that_is_served() {
    let server = Server::new(|asked, stream| {
        let (status, body) = if asked.is_list() {
            ("200 OK", r#"{"data":[{"id":"DeepSeek-R1"},{"id":"bge-m3"}]}"#)
        } else {
            ("404 Not Found", r#"{"error":{"message":"no such model"}}"#)
        };
        say(stream, &plain(status, "application/json", body));
    });
    let output = run(["bench", "deepseek-r1", "--endpoint", &format!("http://{}/v1", server.address)]);
    output.exits(2).complains("has no model `deepseek-r1`").complains("did you mean `DeepSeek-R1`?");
    // Which of the two is not for us to say.
    run(["bench", "--endpoint", &server.address]).exits(2).complains("the server has 2 models");
}

#[test]
fn nobody_at_home_is_the_engines_failure() {
    let output = run(["bench", "--endpoint", &nobody(), "--model", "r1"]);
    output.exits(6).complains("hint: is it running");
}

#[test]
fn a_server_that_refuses_what_it_does_not_know_is_asked_in_its_own_words() {
    let behave = quick();
    let server = Server::new(move |asked, stream| {
        if asked.body.get("ignore_eos").is_some() {
            let body = r#"{"error":"unknown: ignore_eos"}"#;
            return say(stream, &plain("400 Bad Request", "application/json", body));
        }
        behave(asked, stream);
    });
    let output = server.bench(&["--requests", "1", "--warm-up", "0"]);
    output.exits(0);
    assert_eq!(output.json_of("served")["dialect"]["ignore_eos"], false);
    assert_eq!(output.json_of("served")["dialect"]["include_usage"], true);
}

#[test]
fn no_two_prompts_begin_alike_unless_they_are_to() {
    let server = Server::new(quick());
    let beginning = |asked: &Asked| asked.prompt().split(' ').take(6).collect::<Vec<_>>().join(" ");
    let distinct =
        |asked: &[Asked]| asked.iter().map(beginning).collect::<std::collections::HashSet<_>>().len();
    server.bench(&["--requests", "6", "--prompt-tokens", "60"]);
    server.bench(&["--requests", "6", "--prompt-tokens", "60"]);
    let asked = server.asked();
    assert_eq!((asked.len(), distinct(&asked)), (18, 18), "not in the next run either");
    server.bench(&["--requests", "6", "--prompt-tokens", "60", "--shared-prefix", "30"]);
    assert_eq!(distinct(&server.asked()[20..]), 1);
}

#[test]
fn an_open_load_comes_whether_or_not_the_server_keeps_up() {
    // One request at a time: a queue forms, and the time in it counts.
    let (turn, behave) = (Mutex::new(()), behaved(Duration::from_millis(100), Duration::ZERO));
    let server = Server::new(move |asked, stream| {
        let _turn = turn.lock().expect("no thread panicked");
        behave(asked, stream);
    });
    let output = server.bench(&["--rate", "50", "--requests", "10", "--output-tokens", "4"]);
    let report = output.json_of("served");
    let load = &report["loads"][0];
    assert_eq!(load["load"], json!({ "kind": "open", "offered_requests_per_second": 50.0 }));
    assert_eq!(load["requests"]["completed"], 10);
    // Ten of 0.1 s each were all there after some 0.2 s, so the last waited for the others.
    assert!(load["ttft_seconds"]["max"].as_f64() > Some(0.5), "{load:#}");
}

#[test]
fn a_sweep_finds_what_the_server_bears() {
    // A server whose first token is late once more than five ask at once.
    let (now, behave) = (AtomicUsize::new(0), behaved(Duration::from_millis(30), Duration::ZERO));
    let late = behaved(Duration::from_secs(1), Duration::ZERO);
    let server = Server::new(move |asked, stream| {
        if now.fetch_add(1, Ordering::SeqCst) < 5 {
            behave(asked, stream);
        } else {
            late(asked, stream);
        }
        now.fetch_sub(1, Ordering::SeqCst);
    });
    let report = server
        .bench(&["--sweep", "concurrency", "--slo-ttft", "700ms", "--requests", "24", "--output-tokens", "4"])
        .exits(0)
        .json_of("served");
    let tried: Vec<_> =
        report["loads"].as_array().expect("loads").iter().map(|load| &load["load"]["concurrency"]).collect();
    assert_eq!(tried[..4], [1, 2, 4, 8], "{tried:?}");
    let found = report["sweep"]["highest_within_slo"]["concurrency"].as_u64();
    assert!((4..=5).contains(&found.expect("a load")), "{report:#}");
    assert!(report["sweep"]["lowest_beyond_slo"]["concurrency"].as_u64() > found);
}

#[test]
fn what_answers_is_kept_in_the_catalogs_words_and_a_report_rests_on_it() {
    let server = Server::new(quick());
    let folder = tempfile::tempdir().unwrap();
    let history = folder.path().join("history.sqlite3");
    let bench = |serves: &str, on: &str, more: &[&str]| {
        let few = ["--requests", "4", "--output-tokens", "8", "--serves", serves, "--served-on", on];
        server.program(&few).with(more).history(&history).run()
    };
    let output = bench("32b", "8x H200", &[]);
    output.exits(0);
    let service = output.json_of("served")["service"].clone();
    let expected = json!({ "model": "r1-distill-qwen-32b", "precision": "FP8", "accelerator": "h200-sxm-141gb",
        "gpus": 8, "engine": "vllm" });
    assert_eq!(service, expected);
    let by_llama = bench("32b:q4_k_m", "RTX 4090", &["--served-by", "ollama"]);
    let service = by_llama.json_of("served")["service"].clone();
    assert_eq!(
        (&service["precision"], &service["gpus"], &service["engine"]),
        (&json!("Q4_K_M"), &json!(1), &json!("llama_cpp"))
    );
    for (serves, on, hint) in
        [("33b", "H200", "32b"), ("32b:FP9", "H200", "`FP8`"), ("32b", "H2OO", "unknown GPU")]
    {
        let output = bench(serves, on, &[]);
        output.exits(2);
        output.complains(hint);
    }
    let needs = ["--users", "3000", "--requests-per-user-day", "20", "--model", "32b"];
    let report = program(["report", "--format", "json"]).with(needs).history(&history).run().json();
    let known = report["measurements"].as_array().expect("measurements");
    assert_eq!(known.len(), 2, "{known:?}");
    assert_eq!(known[0]["source"], "result 1 of `bench history`");
    // The options have replicas of one or two H200, for which it is scaled.
    let rests = &known[0]["options"][0];
    let note = &report["options"][rests.as_u64().expect("an option") as usize]["notes"];
    assert!(note.to_string().contains("a measurement of 8 GPUs"), "{note}");
}

#[test]
fn a_needs_file_gives_a_servers_load_and_what_it_is_held_against() {
    let server = Server::new(quick());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("needs.toml");
    let needs =
        "use_case = \"chat\"\noutput_tokens = 8\nprompt_tokens = 20\nmin_decode = 0.5\nmax_ttft = \"9s\"\n";
    std::fs::write(&file, needs).unwrap();
    let needs = file.to_str().unwrap();
    let report =
        server.bench(&["--needs", needs, "--requests", "3", "--slo-ttft", "8s"]).exits(0).json_of("served");
    let workload = &report["workload"];
    assert_eq!(
        (&workload["use_case"], &workload["prompt_tokens"], &workload["output_tokens"]),
        (&json!("chat"), &json!(20), &json!(8))
    );
    // A flag goes before the file.
    assert_eq!(report["slo"], json!({ "ttft_seconds": 8.0, "tpot_seconds": 2.0, "share": 0.95 }));
    assert_eq!(report["verdict"]["kind"], "met");
}

#[test]
fn a_sweep_without_a_promise_and_a_wrong_workload_are_usage_errors() {
    let server = Server::new(quick());
    server.bench(&["--sweep", "rate"]).exits(2).complains("--slo-ttft");
    server.bench(&["--workload", "chatt"]).exits(2).complains("`chat`");
    server.bench(&["--price", "deepseek-r1-671"]).exits(2).complains("did you mean `deepseek-r1-671b`?");
    assert!(server.asked().is_empty(), "nobody is asked before the command line is right");
}

#[test]
fn a_workload_of_the_catalog_has_lengths_that_vary() {
    let server = Server::new(quick());
    let output = server.bench(&["--workload", "voice", "--requests", "20", "--concurrency", "4"]);
    let report = output.json_of("served");
    assert_eq!(report["workload"]["use_case"], "voice");
    let asked = server.asked();
    let mut lengths: Vec<_> =
        asked[3..].iter().map(|asked| asked.body["max_tokens"].as_u64().expect("a limit")).collect();
    lengths.sort_unstable();
    assert!(lengths[0] < 900 && lengths[19] > 1100, "{lengths:?}");
    lengths.dedup();
    assert!(lengths.len() > 15, "{lengths:?}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_tells_what_was_measured_so_far() {
    let server = Server::new(behaved(Duration::from_millis(20), Duration::from_millis(1)));
    let start = Instant::now();
    let mut running =
        server.program(&["--concurrency", "2", "--duration", "60s", "--output-tokens", "8"]).start();
    running.wait_until(|| server.asked().len() >= 12);
    running.interrupt();
    let output = running.end();
    assert!(start.elapsed() < Duration::from_secs(40));
    output.exits(130);
    let report = output.json_of("served");
    assert_eq!(report["interrupted"], true);
    assert!(report["loads"][0]["requests"]["completed"].as_u64() >= Some(4), "{report:#}");
}
