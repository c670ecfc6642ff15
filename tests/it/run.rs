//! `run` for scripts, with the fake engine: what goes to stdout, what to stderr, and with which exit code.

use std::fs;

use r1_advisor::catalog::Catalog;
use r1_advisor::history::{Fingerprint, Tuned, keep_tuned};
use r1_advisor::probe::{self, Bandwidths, Surroundings};
use r1_advisor::run_config::{KvType, Loading};

use crate::support::hub::FILE;
use crate::support::program::{NOWHERE, Running};
use crate::support::{Home, Hub, Place, Ran, program, sha256};

fn run(engine: &str, arguments: &[&str], piped: Option<&str>) -> Ran {
    let (home, path) = Home::with_model();
    let program = home.program(NOWHERE, &["run", &path, "--quiet"]).with(arguments).engine(engine);
    match piped {
        Some(text) => program.piped(text),
        None => program.run(),
    }
}

/// The program while it writes an endless answer.
fn endless() -> (Home, Running) {
    let (home, path) = Home::with_model();
    let arguments = ["run", &path, "Hi", "--show-thinking", "--quiet"];
    let mut running = home.program(NOWHERE, &arguments).engine("fake:endless").start();
    running.wait_for_output(20);
    (home, running)
}

#[test]
fn a_script_gets_the_answer_and_nothing_else() {
    let ran = run("fake", &["How are you?"], None);
    assert_eq!((ran.code(), ran.out()), (Some(0), "You said: How are you? ☺\n"), "{}", ran.errors());
    assert_eq!(ran.errors(), "");
}

#[test]
fn thoughts_go_to_a_file_where_they_are_asked_for() {
    let ran = run("fake", &["How are you?", "--show-thinking", "--temperature", "0.2"], None);
    let expected =
        "<think>\nThe question has 3 words. 好的，I think at 0.2.\n</think>\n\nYou said: How are you? ☺\n";
    assert_eq!((ran.code(), ran.out()), (Some(0), expected), "{}", ran.errors());
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
        ran.exits(2);
        assert_eq!(
            ran.errors(),
            "error: the prompt is empty\n hint: give one after the model, with `--prompt-file`, or through a pipe\n"
        );
    }
}

#[test]
fn json_is_one_document_with_the_answer_the_thinking_and_the_times() {
    let ran = run("fake", &["How are you?", "--format", "json", "--seed", "7", "--context", "1k"], None);
    let json = ran.json_of("run");
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
    ran.exits(1);
    let long = run("fake", &["How are you, and yours?", "--context", "20"], None);
    long.exits(1).complains("takes 28 tokens, which leaves no room for an answer in a context of 20");
}

#[test]
fn more_context_than_the_model_was_trained_for_is_refused() {
    run("fake", &["Hi", "--context", "8k"], None).exits(2).complains("trained for 4096 tokens of context");
}

#[test]
fn an_engine_that_breaks_down_in_mid_answer_is_reported_with_its_last_words() {
    let (home, path) = Home::with_model();
    let arguments = ["run", &path, "How are you?", "--show-thinking"];
    let ran = home.program(NOWHERE, &arguments).engine("fake:collapse").run();
    ran.exits(6);
    assert_eq!(ran.out(), "<think>\nThe question has 3 w\n");
    ran.complains("fake: out of memory").complains("the engine process aborted (SIGABRT)");
}

#[test]
fn a_reader_that_has_enough_ends_the_run_quietly() {
    let (_home, mut running) = endless();
    running.stop_reading();
    let ran = running.end();
    assert_eq!((ran.code(), ran.errors()), (Some(0), ""));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_script_with_what_was_said() {
    let (_home, running) = endless();
    running.interrupt();
    let ran = running.end();
    ran.exits(130);
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
    without.exits(2);
    assert_eq!(
        without.errors(),
        "error: `tiny-r1:Q4_K_M` is not on this machine\n hint: add `--pull` to fetch it (about \
         2.64 MB from hf.co/maker/Tiny-R1-GGUF), or run `r1-advisor pull tiny-r1:Q4_K_M`\n"
    );
    let with = run(&["--pull"]);
    assert_eq!((with.code(), with.out()), (Some(0), "You said: Hi ☺\n"), "{}", with.errors());
    assert!(home.snapshot(FILE).exists());
    // Now it is here, and the name of the model is enough.
    let arguments = ["run", "tiny", "Hi", "--quiet", "--catalog", catalog.to_str().expect("UTF-8")];
    let again = home.run(NOWHERE, &arguments);
    assert_eq!((again.code(), again.out()), (Some(0), "You said: Hi ☺\n"), "{}", again.errors());
}

#[test]
fn what_does_not_fit_is_not_loaded_unless_it_must_be() {
    let home = Home::new();
    let catalog = home.catalog_of_a_giant();
    let arguments = ["run", "tiny", "Hi", "--catalog", catalog.to_str().expect("UTF-8")];
    home.run(NOWHERE, &arguments).exits(1).complains("no quant of `tiny-r1`");
}

#[test]
fn the_settings_that_tuning_found_are_used_unless_flags_say_otherwise() {
    let place = Place::new();
    place.bench("fake", &["tiny:Q4_K_M", "--synthetic", "--keep", "-r", "1", "-p", "0"]).exits(0);
    let catalog = Catalog::embedded().expect("the catalog");
    let machine = probe::machine(&Surroundings::here(), Bandwidths::AsKnown, &catalog).expect("this machine");
    let tuned = Tuned {
        schema_version: Tuned::SCHEMA_VERSION,
        date: jiff::civil::date(2026, 11, 25),
        machine: Fingerprint::of(&machine),
        engine: "llama.cpp".into(),
        model: "tiny".into(),
        quant: "Q4_K_M".into(),
        threads: 3,
        batch: 1024,
        micro_batch: 128,
        flash_attention: true,
        kv_type: Some(KvType::Q8_0),
        loading: Loading { gpu_layers: Some(0), ..Loading::default() },
        gain: 1.2,
    };
    keep_tuned(&place.data().join("r1-advisor/tuned"), &tuned).expect("a file");
    let settings = |flags: &[&str]| {
        let file = place.files().join("tiny-Q4_K_M-random.gguf");
        let answer = program(["run"])
            .with([file])
            .with(["Hi", "--format", "json", "--context", "512", "--catalog"])
            .with([place.catalog()])
            .with(flags)
            .home(&place.data())
            .run()
            .exits(0)
            .json();
        let settings = &answer["settings"];
        (
            settings["threads"].clone(),
            settings["run"]["micro_batch"].clone(),
            settings["run"]["kv_type"].clone(),
        )
    };
    assert_eq!(settings(&[]), (3.into(), 128.into(), "q8_0".into()));
    let threads_by_flag = settings(&["--threads", "1", "--kv-type", "f16"]);
    assert_eq!(threads_by_flag, (1.into(), 128.into(), "f16".into()));
    assert_eq!(settings(&["--untuned", "--threads", "1"]), (1.into(), 512.into(), "f16".into()));
}
