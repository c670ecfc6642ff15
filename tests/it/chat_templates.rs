//! The templates of the R1 models, run on conversations.
//!
//! Each expected text was also made with Jinja2 3.1.6 set up as Transformers does it.

use std::fs;
use std::path::Path;

use r1_advisor::chat::{ChatError, ChatTemplate, Message, Renderer, Role};
use r1_advisor::engine::Vocabulary;

fn template(name: &str) -> ChatTemplate {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/chat-templates/{name}.jinja"));
    let source = fs::read_to_string(path).expect("a template");
    ChatTemplate::new(&vocabulary(Some(source)), None, Renderer::Here).expect(name)
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
    let wrong = |source: &str| ChatTemplate::new(&vocabulary(Some(source.to_owned())), None, Renderer::Here);
    assert!(matches!(wrong("{% if %}"), Err(ChatError::Template { .. })));
    let raising = wrong("{{ raise_exception('roles must alternate') }}").expect("a template");
    let error = raising.render(&[]).expect_err("it raises");
    let ChatError::Template { causes } = error else { panic!("{error}") };
    assert!(causes.concat().contains("roles must alternate"), "{causes:?}");
    let none = ChatTemplate::new(&vocabulary(None), None, Renderer::Here);
    assert!(matches!(none, Err(ChatError::NoTemplate)));
}

#[test]
fn a_template_that_would_run_for_hours_is_ended() {
    let source = "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}.{% endfor %}{% endfor %}{% endfor %}";
    let template =
        ChatTemplate::new(&vocabulary(Some(source.to_owned())), None, Renderer::Here).expect("a template");
    assert!(matches!(template.render(&[]), Err(ChatError::Template { .. })));
}

/// The template in a process of its own.
fn apart(source: &str) -> Result<Vec<String>, ChatError> {
    let program = env!("CARGO_BIN_EXE_r1-advisor").into();
    let template = ChatTemplate::new(&vocabulary(Some(source.to_owned())), None, Renderer::Apart(program))?;
    template.render(&[said(Role::User, "2+2?")])
}

#[test]
fn a_hostile_template_ends_within_its_limits_and_the_program_lives() {
    let doubled = format!("{{% set l = [1] %}}{}{{{{ l }}}}", "{% set l = l + l %}".repeat(40));
    let text = format!("{{% set t = 'x' %}}{}{{{{ t }}}}", "{% set t = t ~ t %}".repeat(40));
    let sum = format!("{{{{ 1{} }}}}", "+1".repeat(100_000));
    let nested = format!("{{{{ {}1{} }}}}", "(".repeat(100_000), ")".repeat(100_000));
    let hostile = [
        "{% set ns=namespace() %}{% set ns.x=ns %}{{ ns }}",
        "{% set ns=namespace() %}{% set ns.x=[ns] %}{{ ns|tojson }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        &doubled,
        &text,
        "{{ '%1000000000d'|format(1) }}",
        "{{ 'x' * 1000000000 }}",
        "{% for i in range(10**9) %}x{% endfor %}",
        "{% for i in range(9999) %}{% for j in range(9999) %}{{ 'x' * 100 }}{% endfor %}{% endfor %}",
        &sum,
        &nested,
        "{{ messages|tojson(indent=1000000000) * 1000000 }}",
    ];
    for source in hostile {
        let start = std::time::Instant::now();
        let shown: String = source.chars().take(60).collect();
        let error = apart(source).err().unwrap_or_else(|| panic!("{shown}"));
        assert!(
            matches!(error, ChatError::Template { .. } | ChatError::TemplateLimit { .. }),
            "{shown}: {error:?}"
        );
        // One to read it and one to run it, on a busy machine.
        assert!(start.elapsed() < std::time::Duration::from_secs(4), "{shown}: {:?}", start.elapsed());
    }
}

#[test]
fn a_template_apart_says_what_one_here_says() {
    for (name, _) in TEMPLATES {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/chat-templates/{name}.jinja"));
        let source = fs::read_to_string(path).expect("a template");
        assert_eq!(
            apart(&source).expect(name).concat(),
            laid_out(name, &[said(Role::User, "2+2?")]),
            "{name}"
        );
    }
    let ChatError::Template { causes } = apart("{{ raise_exception('no tools') }}").expect_err("it raises")
    else {
        panic!("another error")
    };
    assert!(causes.concat().contains("no tools"), "{causes:?}");
}

#[test]
fn templates_have_what_published_ones_use() {
    for (source, text) in [
        // As Python's `json.dumps` writes it.
        ("{{ {'b': ['<a>', 1.5, true, none]}|tojson }}", r#"{"b": ["<a>", 1.5, true, null]}"#),
        ("{{ messages|tojson }}", r#"[{"role": "user", "content": "2+2?"}]"#),
        ("{{ [1]|tojson(indent=2) }}", "[\n  1\n]"),
        (
            "{% for i in range(9) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}",
            "013",
        ),
        ("{{ 'a,b'.split(',')[-1].strip().upper() }}", "B"),
        ("{% set ns = namespace(n=1) %}{% set ns.n = 2 %}{{ ns.n }}", "2"),
        ("{{ '%s is %d'|format('x', 3) }}", "x is 3"),
    ] {
        assert_eq!(apart(source).expect(source).concat(), text, "{source}");
    }
    let year: u32 = apart("{{ strftime_now('%Y') }}").expect("a date").concat().parse().expect("a year");
    assert!((2025..2200).contains(&year), "{year}");
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
