//! `run` with the real llama.cpp, on a model of random weights with a real tokenizer: nonsense, but by the rules.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use r1_advisor::chat::{Chat, Ended, Renderer, Settings};
use r1_advisor::engine::llama::LlamaEngine;
use r1_advisor::engine::{
    Engine as _, EngineError, Extension, LoadMode, LoadRequest, Sampling, Session, SessionRequest,
};
use r1_advisor::run_config::{Loading, RunConfig};

use crate::support::{Ran, program, talking_model, tiny_model};

const GREEDY: Sampling = Sampling { temperature: 0.0, top_p: 1.0, top_k: 0, min_p: 0.0, seed: 0 };

fn config() -> RunConfig {
    RunConfig { context: 512, micro_batch: 64, ..RunConfig::default() }
}

fn with_session<T>(test: impl FnOnce(Box<dyn Session + '_>) -> T) -> T {
    let folder = tempfile::tempdir().expect("a folder");
    let path = talking_model::write(folder.path());
    let mut engine = LlamaEngine::new();
    let mut model = engine
        .load(&LoadRequest { path, mode: LoadMode::Run, loading: Loading::without_gpus() })
        .expect("a model");
    let request = SessionRequest { config: config(), threads: 2, outputs: Some(1) };
    test(model.open(&request).expect("a session"))
}

fn settings() -> Settings {
    Settings {
        context: 512,
        batch: 64,
        sampling: GREEDY,
        most_tokens: Some(24),
        opening: None,
        system: None,
        template: None,
        renderer: Renderer::Here,
    }
}

fn run(path: &Path, arguments: &[&str]) -> Ran {
    program(["run"]).with([path]).with(arguments).engine("llama").run()
}

#[test]
fn the_tokenizer_of_the_file_is_the_one_that_is_used() {
    with_session(|mut session| {
        let vocabulary = session.vocabulary().expect("a vocabulary");
        assert!(vocabulary.is_there && vocabulary.thinks && vocabulary.adds_bos);
        assert_eq!(vocabulary.bos.as_deref(), Some("<｜begin▁of▁sentence｜>"));
        assert_eq!(vocabulary.eos.as_deref(), Some("<｜end▁of▁sentence｜>"));
        assert!(vocabulary.chat_template.expect("a template").contains("<｜Assistant｜>"));
        // Merges make tokens of what the tokenizer was trained on.
        let text = " the light of the sun";
        let tokens = session.tokenize(text, false).expect("tokens");
        assert!(tokens.len() <= text.len() / 2, "{tokens:?}");
        // Special tokens are one token each, and the one that begins a text comes when asked for.
        let marked = session.tokenize("<｜User｜>a<｜Assistant｜><think>", false).expect("tokens");
        assert_eq!(marked.len(), 4);
        let begun = session.tokenize("a", true).expect("tokens");
        let written = session.tokenize("<｜begin▁of▁sentence｜>a", false).expect("tokens");
        assert_eq!(begun, written);
    });
}

#[test]
fn what_looks_like_a_control_token_in_a_question_is_read_as_its_letters() {
    with_session(|mut session| {
        let control = session.vocabulary().expect("a vocabulary").control;
        assert!(control.contains(&"<｜Assistant｜>".to_owned()), "{control:?}");
        let letters = session.tokenize("｜Assistant｜>", false).expect("tokens").len() as u32;
        let mut chat = Chat::new(session, settings(), Vec::new()).expect("a chat");
        let mut prompt_tokens = |question: &str| {
            chat.forget();
            let answer = chat.ask(question, &AtomicBool::new(false), &mut |_| Ok(())).expect("an answer");
            answer.timings.prompt_tokens
        };
        // As a mark it would be one token.
        assert_eq!(prompt_tokens("a<｜Assistant｜>"), prompt_tokens("a<") + letters);
    });
}

#[test]
fn the_token_that_begins_a_text_is_there_once() {
    with_session(|session| {
        let mut chat = Chat::new(session, settings(), Vec::new()).expect("a chat");
        let answer = chat.ask("a", &AtomicBool::new(false), &mut |_| Ok(())).expect("an answer");
        // Begin of text, the person's mark, `a`, the model's mark, `<think>` and the new line.
        assert_eq!(answer.timings.prompt_tokens, 6);
    });
}

#[test]
fn what_stays_in_the_cache_gives_the_same_tokens_as_reading_all_again() {
    with_session(|mut session| {
        let stop = AtomicBool::new(false);
        session.sample_by(&GREEDY).expect("a sampler");
        let prompt = session.tokenize("The sky is blue because the air", true).expect("tokens");
        let mut follow = |keep: usize| {
            let extension = Extension { keep: keep as u32, tokens: prompt[keep..].to_vec(), sample: true };
            session.extend(&extension, &stop).expect("it runs").sampled.expect("a token").token
        };
        let whole = follow(0);
        let last = prompt.len() - 1;
        assert_eq!([follow(last), follow(last / 2), follow(0)], [whole; 3]);
    });
}

#[test]
fn a_computation_is_given_up_when_that_is_asked_and_the_session_lives_on() {
    with_session(|mut session| {
        session.sample_by(&GREEDY).expect("a sampler");
        let tokens = session.tokenize("The sky is blue", true).expect("tokens");
        let extension = Extension { keep: 0, tokens, sample: true };
        let stopped = session.extend(&extension, &AtomicBool::new(true));
        assert!(matches!(stopped, Err(EngineError::Stopped)), "{stopped:?}");
        session.extend(&extension, &AtomicBool::new(false)).expect("it runs");
    });
}

#[test]
fn the_program_answers_and_the_same_seed_answers_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = talking_model::write(folder.path());
    let arguments =
        ["Why is the sky blue? 天空", "--seed", "11", "-n", "40", "-c", "512", "--format", "json", "--quiet"];
    let answer = |arguments: &[&str]| run(&path, arguments).exits(0).json_of("run");
    let first = answer(&arguments);
    assert_eq!(first["engine"]["name"], "llama.cpp");
    assert!(first["output_tokens"].as_u64() > Some(0));
    // Nobody taught it to end a thought, so that what it says is most likely thinking.
    let said = |json: &serde_json::Value| format!("{}{}", json["thinking"], json["answer"]);
    assert!(said(&first).len() > 4, "{first}");
    assert_eq!(said(&first), said(&answer(&arguments)));
    let mut other = arguments;
    other[2] = "12";
    assert_ne!(said(&first), said(&answer(&other)));
}

#[test]
fn a_conversation_goes_on_with_the_real_engine() {
    with_session(|session| {
        let mut chat =
            Chat::new(session, Settings { opening: Some(String::new()), ..settings() }, Vec::new())
                .expect("a chat");
        let mut ask = |question: &str| {
            let answer = chat.ask(question, &AtomicBool::new(false), &mut |_| Ok(())).expect("an answer");
            assert!(matches!(answer.ended, Ended::Whole | Ended::MostTokens), "{answer:?}");
            answer.timings
        };
        let first = ask("What is the answer?");
        assert!(first.output_tokens > 0 && first.ttft_seconds.0 > 0.0);
        let second = ask("And the question?");
        assert!(second.reused_tokens > 0, "{second:?}");
    });
}

#[test]
fn random_weights_without_a_tokenizer_cannot_be_talked_to() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("model.gguf");
    std::fs::write(&path, tiny_model(1)).expect("a file");
    let output = run(&path, &["Hi", "--quiet"]);
    output.exits(4);
    let errors = output.errors();
    assert!(errors.contains("the model has no tokenizer"), "{errors}");
}
