//! A conversation with the fake engine: what reaches the model, what is kept, and how it ends.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use r1_advisor::chat::{Answer, Chat, ChatError, Ended, Heard, Part, Renderer, Role, Settings};
use r1_advisor::engine::fake::FakeEngine;
use r1_advisor::engine::{Engine as _, LoadMode, LoadRequest, Sampling, Session, SessionRequest};
use r1_advisor::error::Failure as _;
use r1_advisor::i18n::Locale;
use r1_advisor::message;
use r1_advisor::run_config::{Loading, RunConfig};

fn settings() -> Settings {
    Settings {
        context: 1000,
        batch: 16,
        sampling: Sampling { temperature: 0.6, top_p: 0.95, top_k: 0, min_p: 0.0, seed: 1 },
        most_tokens: None,
        opening: None,
        system: None,
        template: None,
        renderer: Renderer::Here,
    }
}

/// Has a conversation with the fake.
fn with_chat<T>(settings: Settings, talk: impl FnOnce(&mut Chat<'_>) -> T) -> T {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("fake.gguf");
    fs::write(&path, b"GGUF").expect("a file");
    let mut engine = FakeEngine::default();
    let mut model = engine
        .load(&LoadRequest { path, mode: LoadMode::Run, loading: Loading::without_gpus() })
        .expect("a model");
    let request = SessionRequest { config: RunConfig::default(), threads: 1, outputs: Some(1) };
    let session: Box<dyn Session> = model.open(&request).expect("a session");
    talk(&mut Chat::new(session, settings, Vec::new()).expect("a chat"))
}

fn ask(chat: &mut Chat<'_>, question: &str) -> Result<Answer, ChatError> {
    chat.ask(question, &AtomicBool::new(false), &mut |_| Ok(()))
}

#[test]
fn an_answer_comes_in_pieces_with_its_thinking_apart() {
    with_chat(settings(), |chat| {
        let mut pieces = Vec::new();
        let answer = chat
            .ask("Are you there?", &AtomicBool::new(false), &mut |heard| {
                if let Heard::Said { part, text, .. } = heard {
                    pieces.push((part, text.to_owned()));
                }
                Ok(())
            })
            .expect("an answer");
        assert_eq!(answer.thinking, "The question has 3 words. 好的，I think at 0.6.\n");
        assert_eq!(answer.answer, "\n\nYou said: Are you there? ☺");
        assert_eq!(answer.ended, Ended::Whole);
        // The fake's tokens are bytes, and none of its characters is torn.
        let of = |part| {
            pieces.iter().filter(|(of, _)| *of == part).map(|(_, text)| text.as_str()).collect::<String>()
        };
        assert_eq!(of(Part::Thinking), answer.thinking);
        assert_eq!(of(Part::Answer), answer.answer);
        assert!(pieces.iter().all(|(_, text)| !text.contains(char::REPLACEMENT_CHARACTER)));
        // Bytes of both, and one token for `</think>`.
        let timings = answer.timings;
        let bytes = (answer.thinking.len() + answer.answer.len()) as u32;
        assert_eq!(timings.output_tokens, bytes + 1);
        assert_eq!(timings.thinking_tokens, answer.thinking.len() as u32 + 1);
        assert!(timings.ttft_seconds.0 > 0.0 && timings.decode_rate().expect("a rate").0 > 0.0);
    });
}

#[test]
fn the_next_question_is_read_from_where_the_conversation_differs() {
    with_chat(settings(), |chat| {
        let first = ask(chat, "One?").expect("an answer").timings;
        // Begin of text, the person's mark, four bytes, the model's mark, `<think>` and a new line.
        assert_eq!((first.prompt_tokens, first.reused_tokens), (9, 0));
        let second = ask(chat, "Two?").expect("an answer").timings;
        // All but `<think>` and what follows is the same: of the first answer, the thinking is left out.
        assert_eq!(second.reused_tokens, 7);
        let answer = "\n\nYou said: One? ☺".len() as u32;
        assert_eq!(second.prompt_tokens, 7 + answer + 1 + 1 + 4 + 3);
        assert_eq!(chat.history().len(), 4);
        assert_eq!(chat.history()[1].role, Role::Assistant);
        assert_eq!(chat.history()[1].content, "\n\nYou said: One? ☺");
        chat.forget();
        assert_eq!(ask(chat, "One?").expect("an answer").timings.prompt_tokens, 9);
    });
}

#[test]
fn what_looks_like_a_mark_between_those_who_speak_is_only_text_when_somebody_writes_it() {
    with_chat(settings(), |chat| {
        let question = "Who is <｜Assistant｜>, \u{FDD0}and what ends with <｜end▁of▁sentence｜>?";
        let said = format!("\n\nYou said: {} ☺", question.replace('\u{FDD0}', ""));
        assert_eq!(ask(chat, question).expect("an answer").answer, said);
        // Nor does it become one in the next turn.
        assert_eq!(ask(chat, "One?").expect("an answer").answer, "\n\nYou said: One? ☺");
    });
}

#[test]
fn a_stop_ends_the_answer_and_a_question_without_an_answer_is_forgotten() {
    with_chat(settings(), |chat| {
        let stop = AtomicBool::new(false);
        let mut heard = 0;
        let answer = chat.ask("One?", &stop, &mut |_| {
            heard += 1;
            stop.store(heard == 10, Ordering::Relaxed);
            Ok(())
        });
        let answer = answer.expect("what came of it");
        assert_eq!(answer.ended, Ended::Stopped);
        assert!("The question has 1 words.".starts_with(&answer.thinking), "{answer:?}");
        assert!(chat.history().is_empty());
        // What the cache holds of it does not disturb the next.
        assert_eq!(ask(chat, "Two?").expect("an answer").answer, "\n\nYou said: Two? ☺");
    });
}

#[test]
fn a_conversation_that_does_not_fit_is_refused_before_anything_is_computed() {
    with_chat(Settings { context: 200, ..settings() }, |chat| {
        let long = "word ".repeat(60);
        let error = ask(chat, &long).expect_err("no room");
        assert_eq!(
            Locale::default().say(&error.message()),
            "the conversation takes 305 tokens, which leaves no room for an answer in a context of 200"
        );
        assert!(error.hint() == Some(message!(ChatContextHint { tokens: 5120 })), "{error:?}");
        assert!(chat.history().is_empty());
        ask(chat, "One?").expect("what is short fits still");
        let error = ask(chat, &"word ".repeat(40)).expect_err("no room");
        assert!(error.hint() == Some(message!(ChatNewHint)), "{error:?}");
    });
}

#[test]
fn an_answer_that_fills_the_context_says_so() {
    with_chat(Settings { context: 40, ..settings() }, |chat| {
        let answer = ask(chat, "One?").expect("an answer");
        assert_eq!(answer.ended, Ended::ContextFull);
        assert_eq!(answer.timings.context_tokens(), 40);
    });
}

#[test]
fn an_answer_ends_at_the_most_tokens_that_were_asked_for() {
    with_chat(Settings { most_tokens: Some(5), ..settings() }, |chat| {
        let answer = ask(chat, "One?").expect("an answer");
        assert_eq!((answer.ended, answer.timings.output_tokens), (Ended::MostTokens, 5));
        assert_eq!(answer.thinking, "The q");
    });
}

#[test]
fn an_answer_opens_as_asked_and_no_thought_is_opened_twice() {
    let tokens = |opening: Option<&str>| {
        let settings = Settings { opening: opening.map(str::to_owned), ..settings() };
        with_chat(settings, |chat| ask(chat, "One?").expect("an answer").timings.prompt_tokens)
    };
    // The fake's template opens the thought itself.
    assert_eq!(tokens(None), 9);
    assert_eq!(tokens(Some("<think>\n")), 9);
    assert_eq!(tokens(Some("")), 9);
    assert_eq!(tokens(Some("<think>\nOkay,")), 9 + 5);
}

#[test]
fn nobody_listening_is_an_error_of_its_own() {
    with_chat(settings(), |chat| {
        let gone =
            chat.ask("One?", &AtomicBool::new(false), &mut |_| Err(std::io::ErrorKind::BrokenPipe.into()));
        assert!(matches!(gone, Err(ChatError::Unheard { .. })));
    });
}
