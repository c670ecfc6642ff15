//! `recommend --interactive` in a terminal of the test's own: keys in, commands out, and the terminal as it was.

use std::process::{Command, ExitStatus};
use std::sync::atomic::AtomicBool;

use r1_advisor::i18n::Locale;
use r1_advisor::ui::guide::{self, Guide, Purpose};

use crate::support::terminal::{CTRL_C, Terminal};
use crate::support::{program, run};

const MACHINE: &str = "tests/fixtures/machines/desktop-rtx-4090.toml";
const ENTER_ALTERNATE: &str = "\u{1b}[?1049h";
const LEAVE_ALTERNATE: &str = "\u{1b}[?1049l";
const HIDE_CURSOR: &str = "\u{1b}[?25l";
const SHOW_CURSOR: &str = "\u{1b}[?25h";
const DOWN: &str = "\u{1b}[B";
const RIGHT: &str = "\u{1b}[C";

fn recommend(arguments: &[&str]) -> Terminal {
    let command = program(["recommend", "--interactive", "--machine", MACHINE]).with(arguments).command();
    Terminal::open(&command)
}

/// How it ended, with the terminal as it was found, and what it left behind the screen.
fn ended(terminal: Terminal) -> (ExitStatus, String) {
    let (status, seen) = terminal.end_as_found();
    let entered = seen.rfind(ENTER_ALTERNATE).expect("a screen of its own");
    let left = entered + seen[entered..].find(LEAVE_ALTERNATE).expect("which was left");
    assert!(seen.rfind(HIDE_CURSOR) < seen.rfind(SHOW_CURSOR), "the cursor is hidden: {seen:?}");
    let after = seen[left..].replace(LEAVE_ALTERNATE, "").replace(SHOW_CURSOR, "");
    (status, after.replace("\r\n", "\n"))
}

#[test]
fn keys_lead_to_commands_that_say_the_same_and_leave_the_terminal_as_it_was() {
    let mut terminal = recommend(&["--use-case", "chat"]);
    terminal.wait_for("Use-case");
    terminal.wait_for("q leave");
    terminal.press(DOWN);
    terminal.press("\r");
    terminal.wait_for("find");
    terminal.press(RIGHT);
    terminal.press(RIGHT);
    terminal.press("\r");
    terminal.wait_for("KV cache");
    terminal.press("\r");
    let (status, left) = ended(terminal);
    assert_eq!(status.code(), Some(0), "{left}");
    let commands: Vec<_> = left.lines().filter(|line| line.starts_with("r1-advisor ")).collect();
    let again =
        format!("r1-advisor recommend --machine {MACHINE} --use-case customer-service --priority latency");
    assert_eq!(commands[0], again, "{left}");
    // The same by flags names the same model next.
    let words = commands[0].split_whitespace().skip(1);
    let plain = run(words);
    let verbs: Vec<_> = commands.iter().filter_map(|command| command.split(' ').nth(1)).collect();
    assert_eq!(verbs, ["recommend", "bench", "pull", "run"], "{left}");
    for command in &commands[1..] {
        plain.says(command);
    }
}

#[test]
fn who_leaves_early_leaves_nothing_behind() {
    let mut terminal = recommend(&["--lang", "zh"]);
    terminal.wait_for("Enter");
    terminal.press("q");
    let (status, left) = ended(terminal);
    assert_eq!((status.code(), left.as_str()), (Some(0), ""));
}

#[test]
fn ctrl_c_and_signals_leave_the_terminal_as_it_was() {
    let mut terminal = recommend(&[]);
    terminal.wait_for("q leave");
    terminal.press(CTRL_C);
    assert_eq!(ended(terminal).0.code(), Some(130));
    for signal in ["TERM", "HUP", "INT"] {
        let mut terminal = recommend(&[]);
        terminal.wait_for("q leave");
        terminal.press("\r");
        terminal.wait_for("find");
        terminal.signal(signal);
        let (status, left) = ended(terminal);
        assert_eq!((status.code(), left.as_str()), (Some(130), ""), "{signal}");
    }
}

#[test]
fn a_terminal_that_goes_away_ends_it_without_a_crash() {
    // Several times: a signal comes with it, early or late.
    for keys in ["", "\r", "\r\r"].repeat(3) {
        let mut terminal = recommend(&[]);
        terminal.wait_for("q leave");
        terminal.press(keys);
        let code = terminal.vanish().code();
        // A choice may have been made by then, and nobody to tell it to.
        let was_chosen = keys == "\r\r" && matches!(code, Some(0 | 7));
        assert!(code == Some(130) || was_chosen, "after {keys:?}: {code:?}");
    }
}

#[test]
fn a_context_that_is_too_short_is_told_on_the_screen() {
    let mut terminal = recommend(&["--use-case", "research"]);
    terminal.wait_for("q leave");
    terminal.press("\r");
    terminal.wait_for("find");
    for keys in [DOWN, DOWN, DOWN, DOWN, RIGHT, "\r"] {
        terminal.press(keys);
    }
    terminal.wait_for("a context of 4096 tokens cannot hold");
    terminal.press("q");
    assert_eq!(ended(terminal).0.code(), Some(0));
}

#[test]
fn a_panic_leaves_the_terminal_as_it_was() {
    let this = std::env::current_exe().expect("this test");
    let name = "guided::panics_while_it_has_the_terminal";
    let arguments = ["--ignored", "--exact", name, "--nocapture"];
    let mut terminal = Terminal::open(Command::new(this).args(arguments));
    terminal.wait_for("q leave");
    terminal.press("\r\r");
    let (status, left) = ended(terminal);
    assert!(!status.success(), "{left}");
    assert!(left.contains("nobody expected that"), "{left}");
}

#[test]
#[ignore = "another test runs it in a terminal"]
fn panics_while_it_has_the_terminal() {
    let purpose = Purpose { id: "general".to_owned(), description: "everything".into(), usual: Vec::new() };
    let mut guide = Guide::new(vec![purpose], "general", &Locale::default());
    let ended = guide::run(&mut guide, &AtomicBool::new(false), |_| panic!("nobody expected that"));
    unreachable!("{ended:?}");
}

#[test]
fn without_a_terminal_it_says_what_to_do_instead() {
    let ran = run(["recommend", "--interactive", "--lang", "en"]);
    assert_eq!(ran.exits(2).out(), "");
    assert_eq!(
        ran.errors(),
        "error: `--interactive` needs a terminal for its keys and its screen, and standard input or output is none\n \
         hint: leave it out: `recommend` takes the same as flags, such as `--use-case` and `--min-decode`\n"
    );
}
