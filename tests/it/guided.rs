//! `recommend --interactive` in a terminal of the test's own: keys in, commands out, and the terminal as it was.

use std::io::{Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use r1_advisor::lang::Lang;
use r1_advisor::ui::guide::{self, Guide, Purpose};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// Longer than anything takes here.
const PATIENCE: Duration = Duration::from_mins(1);

const MACHINE: &str = "tests/fixtures/machines/desktop-rtx-4090.toml";
const ENTER_ALTERNATE: &str = "\u{1b}[?1049h";
const LEAVE_ALTERNATE: &str = "\u{1b}[?1049l";
const HIDE_CURSOR: &str = "\u{1b}[?25l";
const SHOW_CURSOR: &str = "\u{1b}[?25h";
const DOWN: &str = "\u{1b}[B";
const RIGHT: &str = "\u{1b}[C";
const CTRL_C: &str = "\u{3}";

/// A program in a terminal that keeps what it was beforehand.
struct Terminal {
    pty: Arc<pty_process::blocking::Pty>,
    before: String,
    child: Child,
    output: Receiver<Vec<u8>>,
    reader: JoinHandle<()>,
    is_over: Arc<AtomicBool>,
    seen: String,
    at: usize,
}

impl Terminal {
    fn recommend(arguments: &[&str]) -> Self {
        let all = ["recommend", "--interactive", "--machine", MACHINE].iter().chain(arguments);
        Self::open(env!("CARGO_BIN_EXE_r1-advisor"), &all.copied().collect::<Vec<_>>())
    }

    fn open(program: &str, arguments: &[&str]) -> Self {
        let (pty, pts) = pty_process::blocking::open().expect("a terminal");
        pty.resize(pty_process::Size::new(30, 100)).expect("a size");
        let before = settings(&pty);
        let child = pty_process::blocking::Command::new(program)
            .args(arguments)
            .env("TERM", "xterm-256color")
            .env("LC_ALL", "C.UTF-8")
            .spawn(pts)
            .expect("the program starts");
        let pty = Arc::new(pty);
        let (sender, output) = mpsc::channel();
        let is_over = Arc::new(AtomicBool::new(false));
        let (from, over) = (Arc::clone(&pty), Arc::clone(&is_over));
        let reader = thread::spawn(move || read_all(&from, &over, &sender));
        Self { pty, before, child, output, reader, is_over, seen: String::new(), at: 0 }
    }

    /// Waits until `text` is drawn, behind what was waited for before.
    fn wait_for(&mut self, text: &str) {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = self.seen[self.at..].find(text) {
                self.at += found + text.len();
                return;
            }
            let left = end.saturating_duration_since(Instant::now());
            let Ok(bytes) = self.output.recv_timeout(left) else {
                panic!("{text:?} never came; what was drawn is:\n{:?}", self.seen);
            };
            self.seen.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    fn press(&self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).expect("a terminal");
    }

    fn signal(&self, name: &str) {
        let killed = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status();
        assert!(killed.expect("kill").success());
    }

    /// Waits for the end, and holds that the terminal was left as it was found: what comes behind the screen.
    fn end(mut self) -> (ExitStatus, String) {
        let status = wait(self.child);
        assert_eq!(settings(&self.pty), self.before, "the terminal's settings");
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(200)) {
            self.seen.push_str(&String::from_utf8_lossy(&bytes));
        }
        let seen = &self.seen;
        let entered = seen.rfind(ENTER_ALTERNATE).expect("a screen of its own");
        let left = entered + seen[entered..].find(LEAVE_ALTERNATE).expect("which was left");
        assert!(seen.rfind(HIDE_CURSOR) < seen.rfind(SHOW_CURSOR), "the cursor is hidden: {seen:?}");
        let after = seen[left..].replace(LEAVE_ALTERNATE, "").replace(SHOW_CURSOR, "");
        (status, after.replace("\r\n", "\n"))
    }

    /// Takes the terminal away, as closing its window does, and waits for the end.
    fn vanish(self) -> ExitStatus {
        let Self { pty, child, reader, is_over, .. } = self;
        is_over.store(true, Ordering::Relaxed);
        reader.join().expect("a reader that ends");
        drop(Arc::into_inner(pty).expect("nobody else has it"));
        wait(child)
    }
}

fn wait(mut child: Child) -> ExitStatus {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = child.try_wait().expect("a status") {
            return status;
        }
        if Instant::now() > end {
            child.kill().expect("it can be ended");
            panic!("it never ends");
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// Hands on what is drawn, until the program or the test is over.
fn read_all(from: &pty_process::blocking::Pty, over: &AtomicBool, sender: &Sender<Vec<u8>>) {
    let mut buffer = [0; 4096];
    let patience = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };
    while !over.load(Ordering::Relaxed) {
        let mut polled = [PollFd::new(from, PollFlags::IN)];
        if poll(&mut polled, Some(&patience)).expect("a terminal") == 0 {
            continue;
        }
        let mut reading = from;
        match reading.read(&mut buffer) {
            Ok(count) if count > 0 && sender.send(buffer[..count].to_vec()).is_ok() => {}
            _ => return,
        }
    }
}

/// The terminal's settings, as a person would compare them.
fn settings(pty: &pty_process::blocking::Pty) -> String {
    format!("{:?}", rustix::termios::tcgetattr(pty.as_fd()).expect("a terminal"))
}

#[test]
fn keys_lead_to_commands_that_say_the_same_and_leave_the_terminal_as_it_was() {
    let mut terminal = Terminal::recommend(&["--use-case", "chat"]);
    terminal.wait_for("Use-case");
    terminal.wait_for("q leave");
    terminal.press(DOWN);
    terminal.press("\r");
    terminal.wait_for("counts");
    terminal.press(RIGHT);
    terminal.press(RIGHT);
    terminal.press("\r");
    terminal.wait_for("KV cache");
    terminal.press("\r");
    let (status, left) = terminal.end();
    assert_eq!(status.code(), Some(0), "{left}");
    let commands: Vec<_> = left.lines().filter(|line| line.starts_with("r1-advisor ")).collect();
    let again =
        format!("r1-advisor recommend --machine {MACHINE} --use-case customer-service --priority latency");
    assert_eq!(commands[0], again, "{left}");
    // The same by flags names the same model next.
    let words = commands[0].split_whitespace().skip(1);
    let plain = Command::new(env!("CARGO_BIN_EXE_r1-advisor")).args(words).output().expect("it runs");
    let plain = String::from_utf8_lossy(&plain.stdout).into_owned();
    let verbs: Vec<_> = commands.iter().filter_map(|command| command.split(' ').nth(1)).collect();
    assert_eq!(verbs, ["recommend", "bench", "pull", "run"], "{left}");
    for command in &commands[1..] {
        assert!(plain.contains(command), "{command} is not in\n{plain}");
    }
}

#[test]
fn who_leaves_early_leaves_nothing_behind() {
    let mut terminal = Terminal::recommend(&["--lang", "zh"]);
    terminal.wait_for("Enter");
    terminal.press("q");
    let (status, left) = terminal.end();
    assert_eq!((status.code(), left.as_str()), (Some(0), ""));
}

#[test]
fn ctrl_c_and_signals_leave_the_terminal_as_it_was() {
    let mut terminal = Terminal::recommend(&[]);
    terminal.wait_for("q leave");
    terminal.press(CTRL_C);
    assert_eq!(terminal.end().0.code(), Some(130));
    for signal in ["TERM", "HUP", "INT"] {
        let mut terminal = Terminal::recommend(&[]);
        terminal.wait_for("q leave");
        terminal.press("\r");
        terminal.wait_for("counts");
        terminal.signal(signal);
        let (status, left) = terminal.end();
        assert_eq!((status.code(), left.as_str()), (Some(130), ""), "{signal}");
    }
}

#[test]
fn a_terminal_that_goes_away_ends_it_without_a_crash() {
    // Several times: a signal comes with it, early or late.
    for keys in ["", "\r", "\r\r"].repeat(3) {
        let mut terminal = Terminal::recommend(&[]);
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
    let mut terminal = Terminal::recommend(&["--use-case", "research"]);
    terminal.wait_for("q leave");
    terminal.press("\r");
    terminal.wait_for("counts");
    for keys in [DOWN, DOWN, DOWN, DOWN, RIGHT, "\r"] {
        terminal.press(keys);
    }
    terminal.wait_for("a context of 4096 tokens cannot hold");
    terminal.press("q");
    assert_eq!(terminal.end().0.code(), Some(0));
}

#[test]
fn a_panic_leaves_the_terminal_as_it_was() {
    let this = std::env::current_exe().expect("this test");
    let name = "guided::panics_while_it_has_the_terminal";
    let arguments = ["--ignored", "--exact", name, "--nocapture"];
    let mut terminal = Terminal::open(this.to_str().expect("a path"), &arguments);
    terminal.wait_for("q leave");
    terminal.press("\r\r");
    let (status, left) = terminal.end();
    assert!(!status.success(), "{left}");
    assert!(left.contains("nobody expected that"), "{left}");
}

#[test]
#[ignore = "another test runs it in a terminal"]
fn panics_while_it_has_the_terminal() {
    let purpose = Purpose { id: "general".to_owned(), description: "everything".into(), usual: Vec::new() };
    let mut guide = Guide::new(vec![purpose], "general", Lang::En);
    let ended = guide::run(&mut guide, &AtomicBool::new(false), |_| panic!("nobody expected that"));
    unreachable!("{ended:?}");
}

#[test]
fn without_a_terminal_it_says_what_to_do_instead() {
    let output = Command::new(env!("CARGO_BIN_EXE_r1-advisor"))
        .args(["recommend", "--interactive", "--lang", "en"])
        .stdin(Stdio::null())
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "error: `--interactive` needs a terminal for its keys and its screen, and standard input or output is none\n \
         hint: leave it out: `recommend` takes the same as flags, such as `--use-case` and `--min-decode`\n"
    );
}
