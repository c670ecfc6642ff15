//! `run` for scripts, with the fake engine: what goes to stdout, what to stderr, and with which exit code.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use super::hub::{FILE, Home, Hub, Ran, sha256, tiny_model};
use super::json_schema::validator;

const NOWHERE: &str = "http://nowhere.invalid";

/// A home with the tiny model in a file of its own.
fn with_model() -> (Home, String) {
    let home = Home::new();
    let path = home.path("model.gguf");
    fs::write(&path, tiny_model(1)).expect("a file");
    let path = path.to_str().expect("UTF-8").to_owned();
    (home, path)
}

fn run(engine: &str, arguments: &[&str], piped: Option<&str>) -> Ran {
    let (home, path) = with_model();
    let arguments: Vec<&str> =
        ["run", path.as_str(), "--quiet"].into_iter().chain(arguments.iter().copied()).collect();
    let mut command = home.command(NOWHERE, &arguments);
    command.env("R1_ADVISOR_ENGINE", engine).stdout(Stdio::piped()).stderr(Stdio::piped());
    let Some(text) = piped else { return Ran(command.output().expect("the program starts")) };
    let mut child = command.stdin(Stdio::piped()).spawn().expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("a reader");
    Ran(child.wait_with_output().expect("an end"))
}

#[test]
fn a_script_gets_the_answer_and_nothing_else() {
    let ran = run("fake", &["How are you?"], None);
    assert_eq!((ran.code(), ran.out().as_str()), (Some(0), "You said: How are you? ☺\n"), "{}", ran.errors());
    assert_eq!(ran.errors(), "");
}

#[test]
fn thoughts_go_to_a_file_where_they_are_asked_for() {
    let ran = run("fake", &["How are you?", "--show-thinking", "--temperature", "0.2"], None);
    let expected =
        "<think>\nThe question has 3 words. 好的，I think at 0.2.\n</think>\n\nYou said: How are you? ☺\n";
    assert_eq!((ran.code(), ran.out().as_str()), (Some(0), expected), "{}", ran.errors());
}

#[test]
fn what_is_piped_in_comes_behind_the_prompt_and_a_file_in_place_of_it() {
    let piped = run("fake", &["Review this:"], Some("+ a line\n"));
    assert_eq!(piped.out(), "You said: Review this:\n\n+ a line ☺\n");
    let alone = run("fake", &[], Some("Only this\n"));
    assert_eq!(alone.out(), "You said: Only this ☺\n");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("prompt.txt");
    fs::write(&file, "From a file\n").expect("a file");
    let file = run("fake", &["--prompt-file", file.to_str().expect("UTF-8")], Some("not read"));
    assert_eq!(file.out(), "You said: From a file ☺\n");
}

#[test]
fn nothing_to_ask_is_a_mistake_that_says_what_to_do() {
    for piped in [None, Some(" \n")] {
        let ran = run("fake", &[], piped);
        assert_eq!(ran.code(), Some(2), "{}", ran.errors());
        assert_eq!(
            ran.errors(),
            "error: the prompt is empty\n hint: give one behind the model, with `--prompt-file`, or by a pipe\n"
        );
    }
}

#[test]
fn json_is_one_document_with_the_answer_the_thinking_and_the_times() {
    let ran = run("fake", &["How are you?", "--format", "json", "--seed", "7", "--context", "1k"], None);
    let json = ran.json();
    let complaints: Vec<String> =
        validator("run").iter_errors(&json).map(|error| error.to_string()).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert_eq!(json["answer"], "You said: How are you? ☺");
    assert_eq!(json["thinking"], "The question has 3 words. 好的，I think at 0.6.");
    assert_eq!(json["ended"], "whole");
    assert_eq!(json["prompt_tokens"], 17);
    assert_eq!(json["settings"]["sampling"]["seed"], 7);
    assert_eq!(json["settings"]["run"]["context"], 1024);
    // The fake takes its time from the length of the file: 2.7 MB at 40 GB/s for each token.
    let rate = json["decode_tokens_per_second"].as_f64().expect("a rate");
    assert!((14_000.0..16_000.0).contains(&rate), "{rate}");
}

#[test]
fn an_answer_that_does_not_fit_the_context_is_shown_and_is_no_success() {
    let ran = run("fake", &["How are you?", "--context", "50"], None);
    assert_eq!(ran.code(), Some(1), "{}", ran.errors());
    let long = run("fake", &["How are you, and yours?", "--context", "20"], None);
    assert_eq!(long.code(), Some(1), "{}", long.errors());
    assert!(
        long.errors().contains("takes 28 tokens, and the context of 20 has no room"),
        "{}",
        long.errors()
    );
}

#[test]
fn more_context_than_the_model_was_trained_for_is_refused() {
    let ran = run("fake", &["Hi", "--context", "8k"], None);
    assert_eq!(ran.code(), Some(2));
    assert!(ran.errors().contains("trained for 4096 tokens of context"), "{}", ran.errors());
}

#[test]
fn an_engine_that_breaks_down_in_mid_answer_is_reported_with_its_last_words() {
    let (home, path) = with_model();
    let ran = Ran(home
        .command(NOWHERE, &["run", &path, "How are you?", "--show-thinking"])
        .env("R1_ADVISOR_ENGINE", "fake:collapse")
        .output()
        .expect("the program starts"));
    assert_eq!(ran.code(), Some(6), "{}", ran.errors());
    assert_eq!(ran.out(), "<think>\nThe question has 3 w\n");
    assert!(ran.errors().contains("fake: out of memory"), "{}", ran.errors());
    assert!(ran.errors().contains("the engine's process aborted (SIGABRT)"), "{}", ran.errors());
}

#[test]
fn a_reader_that_has_enough_ends_the_run_quietly() {
    let (home, path) = with_model();
    let mut command = home.command(NOWHERE, &["run", &path, "Hi", "--show-thinking", "--quiet"]);
    command.env("R1_ADVISOR_ENGINE", "fake:endless").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut first = [0; 20];
    std::io::Read::read_exact(child.stdout.as_mut().expect("a pipe"), &mut first).expect("text");
    drop(child.stdout.take());
    let ran = Ran(child.wait_with_output().expect("an end"));
    assert_eq!((ran.code(), ran.errors().as_str()), (Some(0), ""));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_script_with_what_was_said() {
    let (home, path) = with_model();
    let mut command = home.command(NOWHERE, &["run", &path, "Hi", "--show-thinking", "--quiet"]);
    command.env("R1_ADVISOR_ENGINE", "fake:endless").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut first = [0; 20];
    std::io::Read::read_exact(child.stdout.as_mut().expect("a pipe"), &mut first).expect("text");
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(killed.expect("kill").success());
    let ran = Ran(child.wait_with_output().expect("an end"));
    assert_eq!(ran.code(), Some(130), "{}", ran.errors());
    assert!(ran.out().ends_with('\n'));
}

#[test]
fn a_model_that_is_not_here_is_fetched_when_that_is_asked_for_and_run() {
    let (hub, bytes) = Hub::good();
    let home = Home::new();
    let catalog = home.catalog(Some(sha256(&bytes)));
    let run = |extra: &[&str]| {
        let arguments =
            ["run", "tiny:Q4_K_M", "Hi", "--quiet", "--catalog", catalog.to_str().expect("UTF-8")];
        home.run(&hub.endpoint, &[&arguments, extra].concat())
    };
    let without = run(&[]);
    assert_eq!(without.code(), Some(2));
    assert_eq!(
        without.errors(),
        "error: `tiny-r1:Q4_K_M` is not on this machine\n hint: `--pull` fetches about 2.64 MB from \
         hf.co/maker/Tiny-R1-GGUF first, and so does `r1-advisor pull tiny-r1:Q4_K_M`\n"
    );
    let with = run(&["--pull"]);
    assert_eq!((with.code(), with.out().as_str()), (Some(0), "You said: Hi ☺\n"), "{}", with.errors());
    assert!(home.snapshot(FILE).exists());
    // Now it is here, and the name of the model is enough.
    let arguments = ["run", "tiny", "Hi", "--quiet", "--catalog", catalog.to_str().expect("UTF-8")];
    let again = home.run(NOWHERE, &arguments);
    assert_eq!((again.code(), again.out().as_str()), (Some(0), "You said: Hi ☺\n"), "{}", again.errors());
}

#[test]
fn what_does_not_fit_is_not_loaded_unless_it_must_be() {
    let home = Home::new();
    let catalog = home.catalog_of_a_giant();
    let arguments = ["run", "tiny", "Hi", "--catalog", catalog.to_str().expect("UTF-8")];
    let ran = home.run(NOWHERE, &arguments);
    assert_eq!(ran.code(), Some(1), "{}", ran.errors());
    assert!(ran.errors().contains("in no quant"), "{}", ran.errors());
}
