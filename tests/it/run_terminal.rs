//! `run` in a terminal of the test's own: dimming, folding, Ctrl-C, and the lines that begin with a slash.

use std::os::unix::process::ExitStatusExt as _;
use std::thread;
use std::time::Duration;

use crate::support::Home;
use crate::support::program::NOWHERE;
use crate::support::terminal::{CTRL_C, Terminal};

const DIM: &str = "\u{1b}[2m";
const CTRL_D: &str = "\u{4}";

/// The program with the tiny model, in a terminal.
fn open(engine: &str, arguments: &[&str]) -> (Home, Terminal) {
    let (home, path) = Home::with_model();
    let command = home.program(NOWHERE, &["run", &path]).with(arguments).engine(engine).command();
    (home, Terminal::open(&command))
}

#[test]
fn thoughts_are_dim_and_the_answer_is_not() {
    let (_home, mut terminal) = open("fake", &[]);
    terminal.wait_for("> ");
    terminal.press("Are you there?\r");
    let screen = terminal.wait_for("☺");
    let thought = screen.find(&format!("{DIM}T")).expect("a dim thought");
    let answer = screen.rfind('Y').expect("an answer");
    assert!(thought < answer, "{screen:?}");
    assert!(screen[answer..].starts_with("You said: Are you there?"), "{screen:?}");
    // Between them is an empty line, and the dimming has ended.
    assert!(screen[..answer].ends_with("\r\n\u{1b}[0m\r\n"), "{screen:?}");
    let line = terminal.wait_for("context");
    assert!(line.contains("tok/s, first token after"), "{line:?}");
    terminal.wait_for("> ");
    terminal.press("/quit\r");
    assert!(terminal.end().0.success());
}

#[test]
fn folded_thoughts_are_a_line() {
    let (_home, mut terminal) = open("fake", &["--hide-thinking"]);
    terminal.wait_for("> ");
    terminal.press("Are you there?\r");
    let screen = terminal.wait_for("☺");
    assert!(screen.contains("thought for "), "{screen:?}");
    assert!(screen.contains(" tokens"), "{screen:?}");
    assert!(!screen.contains("The question has"), "{screen:?}");
    terminal.wait_for("> ");
    terminal.press("/think\r");
    terminal.wait_for("Thinking is shown");
    terminal.wait_for("> ");
    terminal.press("And now?\r");
    assert!(terminal.wait_for("☺").contains(DIM));
    terminal.wait_for("> ");
    terminal.press(CTRL_D);
    assert!(terminal.end().0.success());
}

#[test]
fn ctrl_c_stops_the_answer_and_at_the_prompt_the_program() {
    let (_home, mut terminal) = open("fake:endless", &[]);
    terminal.wait_for("> ");
    for _ in 0..2 {
        terminal.press("Say something.\r");
        terminal.wait_for("a");
        thread::sleep(Duration::from_millis(100));
        terminal.press(CTRL_C);
        terminal.wait_for("stopped");
        terminal.wait_for("so the question is dropped");
        terminal.wait_for("> ");
    }
    terminal.press(CTRL_C);
    let (status, screen) = terminal.end();
    assert!(status.success(), "{status:?}\n{screen}");
}

#[test]
fn a_question_that_takes_long_to_read_can_be_stopped_too() {
    // This engine never ends reading: only its end ends that, and a terminal's Ctrl-C reaches it, too.
    let (_home, mut terminal) = open("fake:hang", &[]);
    terminal.wait_for("> ");
    terminal.press("Hello?\r");
    terminal.wait_for("reading the prompt");
    terminal.press(CTRL_C);
    terminal.wait_for("stopped");
    terminal.wait_for("> ");
    terminal.press("/quit\r");
    assert!(terminal.end().0.success());
}

#[test]
fn a_crash_ends_an_answer_and_not_the_conversation() {
    let (_home, mut terminal) = open("fake:collapse", &[]);
    terminal.wait_for("> ");
    terminal.press("Hello?\r");
    terminal.wait_for("fake: out of memory");
    terminal.wait_for("aborted (SIGABRT)");
    terminal.wait_for("loaded again");
    terminal.wait_for("> ");
    terminal.press("/help\r");
    terminal.wait_for("start a new conversation");
    terminal.wait_for("> ");
    // Twice in a row is enough.
    terminal.press("Hello?\r");
    let (status, screen) = terminal.end();
    assert_eq!(status.code(), Some(6), "{screen}");
}

#[test]
fn what_is_typed_with_a_slash_is_a_command() {
    let (_home, mut terminal) = open("fake", &[]);
    terminal.wait_for("> ");
    terminal.press("/stats\r");
    terminal.wait_for("No answers yet.");
    terminal.press("/stat\r");
    terminal.wait_for("Unknown command `/stat`, try `/stats` or `/help`.");
    terminal.press("One two three\r");
    terminal.wait_for("☺");
    terminal.wait_for("> ");
    terminal.press("/stats\r");
    let stats = terminal.wait_for("memory");
    for said in ["answers", "1 with ", "tok/s on average", "of 4096 tokens"] {
        assert!(stats.contains(said), "{stats:?}");
    }
    terminal.press("/new\r");
    terminal.wait_for("New conversation.");
    terminal.press("/exit\r");
    assert!(terminal.end().0.success());
}

#[test]
fn a_request_to_terminate_ends_it_at_the_prompt() {
    let (_home, mut terminal) = open("fake", &[]);
    terminal.wait_for("> ");
    terminal.signal("TERM");
    assert_eq!(terminal.end().0.signal(), Some(15));
}

#[test]
fn without_colour_thoughts_stand_between_marks() {
    let (_home, mut terminal) = open("fake", &["--color", "never"]);
    terminal.wait_for("> ");
    terminal.press("Hi\r");
    let screen = terminal.wait_for("☺");
    assert!(screen.contains("<think>\r\nThe question has 1 words."), "{screen:?}");
    assert!(screen.contains("</think>\r\n\r\nYou said: Hi"), "{screen:?}");
    // While nothing is edited, the terminal takes Ctrl-D for itself.
    terminal.wait_for("> ");
    terminal.press(CTRL_D);
    assert!(terminal.end().0.success());
}
