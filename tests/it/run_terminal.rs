//! `run` in a terminal of the test's own: dimming, folding, Ctrl-C, and the lines that begin with a slash.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ExitStatus};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use super::hub::tiny_model;

/// Longer than anything takes here.
const PATIENCE: Duration = Duration::from_mins(1);

const DIM: &str = "\u{1b}[2m";
const CTRL_C: &str = "\u{3}";
const CTRL_D: &str = "\u{4}";

/// The program in a terminal.
struct Terminal {
    pty: Arc<pty_process::blocking::Pty>,
    child: Child,
    output: Receiver<Vec<u8>>,
    seen: String,
    /// How much of that was waited for.
    at: usize,
    _home: tempfile::TempDir,
}

impl Terminal {
    fn open(engine: &str, arguments: &[&str]) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let model = home.path().join("model.gguf");
        fs::write(&model, tiny_model(1)).expect("a file");
        let (pty, pts) = pty_process::blocking::open().expect("a terminal");
        pty.resize(pty_process::Size::new(30, 100)).expect("a size");
        let child = pty_process::blocking::Command::new(env!("CARGO_BIN_EXE_r1-advisor"))
            .arg("run")
            .arg(&model)
            .args(arguments)
            .env("HOME", home.path())
            .env("XDG_CONFIG_HOME", home.path())
            .env("XDG_DATA_HOME", home.path())
            .env("XDG_CACHE_HOME", home.path())
            .env("R1_ADVISOR_ENGINE", engine)
            .env("TERM", "xterm-256color")
            .env_remove("NO_COLOR")
            .spawn(pts)
            .expect("the program starts");
        let pty = Arc::new(pty);
        let (sender, output) = mpsc::channel();
        let reader = Arc::clone(&pty);
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count) = (&*reader).read(&mut buffer)
                && count > 0
                && sender.send(buffer[..count].to_vec()).is_ok()
            {}
        });
        Self { pty, child, output, seen: String::new(), at: 0, _home: home }
    }

    /// Waits until the screen shows `text`, behind what was waited for before, and gives what came up to its end.
    fn wait_for(&mut self, text: &str) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = self.seen[self.at..].find(text) {
                let from = self.at;
                self.at += found + text.len();
                return self.seen[from..self.at].to_owned();
            }
            let left = end.saturating_duration_since(Instant::now());
            let Ok(bytes) = self.output.recv_timeout(left) else {
                panic!("{text:?} never came; the screen shows:\n{}", self.seen);
            };
            self.seen.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    fn press(&self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).expect("a terminal");
    }

    fn end(mut self) -> (ExitStatus, String) {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("a status") {
                return (status, self.seen);
            }
            assert!(Instant::now() < end, "it never ends; the screen shows:\n{}", self.seen);
            thread::sleep(Duration::from_millis(10));
        }
    }
}

#[test]
fn thoughts_are_dim_and_the_answer_is_not() {
    let mut terminal = Terminal::open("fake", &[]);
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
    let mut terminal = Terminal::open("fake", &["--hide-thinking"]);
    terminal.wait_for("> ");
    terminal.press("Are you there?\r");
    let screen = terminal.wait_for("☺");
    assert!(screen.contains("thought for "), "{screen:?}");
    assert!(screen.contains(" tokens"), "{screen:?}");
    assert!(!screen.contains("The question has"), "{screen:?}");
    terminal.wait_for("> ");
    terminal.press("/think\r");
    terminal.wait_for("Thoughts are shown");
    terminal.wait_for("> ");
    terminal.press("And now?\r");
    assert!(terminal.wait_for("☺").contains(DIM));
    terminal.wait_for("> ");
    terminal.press(CTRL_D);
    assert!(terminal.end().0.success());
}

#[test]
fn ctrl_c_stops_the_answer_and_at_the_prompt_the_program() {
    let mut terminal = Terminal::open("fake:endless", &[]);
    terminal.wait_for("> ");
    for _ in 0..2 {
        terminal.press("Say something.\r");
        terminal.wait_for("a");
        thread::sleep(Duration::from_millis(100));
        terminal.press(CTRL_C);
        terminal.wait_for("stopped");
        terminal.wait_for("so the question is forgotten");
        terminal.wait_for("> ");
    }
    terminal.press(CTRL_C);
    let (status, screen) = terminal.end();
    assert!(status.success(), "{status:?}\n{screen}");
}

#[test]
fn a_question_that_takes_long_to_read_can_be_stopped_too() {
    // This engine never ends reading: only its end ends that, and a terminal's Ctrl-C reaches it, too.
    let mut terminal = Terminal::open("fake:hang", &[]);
    terminal.wait_for("> ");
    terminal.press("Hello?\r");
    terminal.wait_for("reading the question");
    terminal.press(CTRL_C);
    terminal.wait_for("stopped");
    terminal.wait_for("> ");
    terminal.press("/quit\r");
    assert!(terminal.end().0.success());
}

#[test]
fn a_crash_ends_an_answer_and_not_the_conversation() {
    let mut terminal = Terminal::open("fake:collapse", &[]);
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
    let mut terminal = Terminal::open("fake", &[]);
    terminal.wait_for("> ");
    terminal.press("/stats\r");
    terminal.wait_for("Nothing was answered yet.");
    terminal.press("/stat\r");
    terminal.wait_for("There is no `/stat`; try `/stats` or `/help`.");
    terminal.press("One two three\r");
    terminal.wait_for("☺");
    terminal.wait_for("> ");
    terminal.press("/stats\r");
    let stats = terminal.wait_for("memory");
    for said in ["answers", "1, of ", "tok/s on average", "of 4096 tokens"] {
        assert!(stats.contains(said), "{stats:?}");
    }
    terminal.press("/new\r");
    terminal.wait_for("A new conversation.");
    terminal.press("/exit\r");
    assert!(terminal.end().0.success());
}

#[test]
fn a_request_to_terminate_ends_it_at_the_prompt() {
    let mut terminal = Terminal::open("fake", &[]);
    terminal.wait_for("> ");
    let killed = std::process::Command::new("kill").arg(terminal.child.id().to_string()).status();
    assert!(killed.expect("kill").success());
    assert_eq!(terminal.end().0.signal(), Some(15));
}

#[test]
fn without_colour_thoughts_stand_between_marks() {
    let mut terminal = Terminal::open("fake", &["--color", "never"]);
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
