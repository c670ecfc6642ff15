//! The templates of the R1 models, run on conversations.
//!
//! Each expected text was also made with Jinja2 3.1.6 set up as Transformers does it.

use std::fs;
use std::path::Path;

use r1_advisor::chat::{ChatError, ChatTemplate, Message, Role};
use r1_advisor::engine::Vocabulary;

fn template(name: &str) -> ChatTemplate {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/chat-templates/{name}.jinja"));
    let source = fs::read_to_string(path).expect("a template");
    ChatTemplate::new(&vocabulary(Some(source)), None).expect(name)
}

fn vocabulary(chat_template: Option<String>) -> Vocabulary {
    Vocabulary {
        chat_template,
        bos: Some("<｜begin▁of▁sentence｜>".into()),
        eos: Some("<｜end▁of▁sentence｜>".into()),
        adds_bos: true,
        control: vec!["<｜User｜>".into(), "<｜Assistant｜>".into()],
        thinks: true,
        is_there: true,
    }
}

/// The conversation as a template lays it out, in one piece.
fn laid_out(name: &str, messages: &[Message]) -> String {
    let pieces = template(name).render(messages).expect(name);
    assert_eq!(pieces.len(), 1, "{name}");
    pieces.concat()
}

fn said(role: Role, content: &str) -> Message {
    Message { role, content: content.to_owned() }
}

/// A question, an answer with its thinking as `answer` has it, and another question.
fn conversation(answer: &str) -> Vec<Message> {
    vec![said(Role::User, "2+2?"), said(Role::Assistant, answer), said(Role::User, "And 3+3?")]
}

/// Every template, and how it opens an answer.
const TEMPLATES: [(&str, &str); 7] = [
    ("r1-671b", "<think>\n"),
    ("r1-0528-671b", ""),
    ("r1-0528-qwen3-8b", ""),
    ("r1-distill-qwen", "<think>\n"),
    ("r1-distill-llama", "<think>\n"),
    ("r1-distill-qwen-as-llama.cpp-has-it", "<think>\n"),
    ("r1-distill-llama-as-llama.cpp-has-it", "<think>\n"),
];

#[test]
fn every_template_lays_out_a_first_question_with_one_begin_of_text() {
    for (name, opening) in TEMPLATES {
        let text = laid_out(name, &[said(Role::User, "2+2?")]);
        assert_eq!(text, format!("<｜begin▁of▁sentence｜><｜User｜>2+2?<｜Assistant｜>{opening}"), "{name}");
    }
}

#[test]
fn every_template_drops_the_thinking_of_earlier_answers_and_keeps_their_white_space() {
    for (name, opening) in TEMPLATES {
        let thought = "<think>\nTwo and two.\n</think>\n\nFour.";
        let text = laid_out(name, &conversation(thought));
        let expected = format!(
            "<｜begin▁of▁sentence｜><｜User｜>2+2?<｜Assistant｜>\n\nFour.<｜end▁of▁sentence｜>\
             <｜User｜>And 3+3?<｜Assistant｜>{opening}"
        );
        assert_eq!(text, expected, "{name}");
        // What `run` keeps of an answer comes out the same.
        assert_eq!(laid_out(name, &conversation("\n\nFour.")), expected, "{name}");
    }
}

#[test]
fn every_template_puts_a_system_prompt_before_the_first_question() {
    for (name, opening) in TEMPLATES {
        let messages = [said(Role::System, "Be brief."), said(Role::User, "2+2?")];
        let text = laid_out(name, &messages);
        let expected = format!("<｜begin▁of▁sentence｜>Be brief.<｜User｜>2+2?<｜Assistant｜>{opening}");
        assert_eq!(text, expected, "{name}");
    }
}

#[test]
fn a_wrong_template_is_an_error_that_says_what_is_wrong() {
    let wrong = |source: &str| ChatTemplate::new(&vocabulary(Some(source.to_owned())), None);
    assert!(matches!(wrong("{% if %}"), Err(ChatError::Template { .. })));
    let raising = wrong("{{ raise_exception('roles must alternate') }}").expect("a template");
    let error = raising.render(&[]).expect_err("it raises");
    let ChatError::Template { source } = error else { panic!("{error}") };
    assert!(source.to_string().contains("roles must alternate"), "{source}");
    assert!(matches!(ChatTemplate::new(&vocabulary(None), None), Err(ChatError::NoTemplate)));
}

#[test]
fn a_template_that_would_run_for_hours_is_ended() {
    let source = "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}.{% endfor %}{% endfor %}{% endfor %}";
    let template = ChatTemplate::new(&vocabulary(Some(source.to_owned())), None).expect("a template");
    assert!(matches!(template.render(&[]), Err(ChatError::Template { .. })));
}

#[test]
fn what_somebody_writes_is_never_a_mark_between_those_who_speak() {
    for (name, opening) in TEMPLATES {
        let question = "What does <｜Assistant｜> mean?";
        let pieces = template(name).render(&[said(Role::User, question)]).expect(name);
        let begin = "<｜begin▁of▁sentence｜><｜User｜>What does <";
        assert_eq!(
            pieces,
            [begin.to_owned(), format!("｜Assistant｜> mean?<｜Assistant｜>{opening}")],
            "{name}"
        );
        assert_eq!(pieces.concat().matches(question).count(), 1, "{name}: nothing of it is lost");
    }
}
