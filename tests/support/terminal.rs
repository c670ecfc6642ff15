//! A terminal of the test's own.

use std::io::{Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::fixtures::ROOT;
use super::program::signal;

/// Longer than anything takes here.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) const CTRL_C: &str = "\u{3}";

/// A program in a terminal that keeps what it was beforehand.
pub(crate) struct Terminal {
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
    pub(crate) fn open(command: &Command) -> Self {
        let (pty, pts) = pty_process::blocking::open().expect("a terminal");
        pty.resize(pty_process::Size::new(30, 100)).expect("a size");
        let before = settings(&pty);
        let variables = command.get_envs().filter_map(|(name, value)| Some((name, value?)));
        let child = pty_process::blocking::Command::new(command.get_program())
            .args(command.get_args())
            .env_clear()
            .envs(variables)
            .env("TERM", "xterm-256color")
            .env("LC_ALL", "C.UTF-8")
            .current_dir(ROOT)
            .spawn(pts)
            .expect("the program starts");
        let pty = Arc::new(pty);
        let (sender, output) = mpsc::channel();
        let is_over = Arc::new(AtomicBool::new(false));
        let (from, over) = (Arc::clone(&pty), Arc::clone(&is_over));
        let reader = thread::spawn(move || read_all(&from, &over, &sender));
        Self { pty, before, child, output, reader, is_over, seen: String::new(), at: 0 }
    }

    /// Waits until `text` is drawn, behind what was waited for before, and gives what came up to its end.
    pub(crate) fn wait_for(&mut self, text: &str) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = self.seen[self.at..].find(text) {
                let from = self.at;
                self.at += found + text.len();
                return self.seen[from..self.at].to_owned();
            }
            let left = end.saturating_duration_since(Instant::now());
            let Ok(bytes) = self.output.recv_timeout(left) else {
                panic!("{text:?} never came; what was drawn is:\n{:?}", self.seen);
            };
            self.seen.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    pub(crate) fn press(&self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).expect("a terminal");
    }

    pub(crate) fn signal(&self, name: &str) {
        signal(&self.child, name);
    }

    /// Waits for the end, and gives all that was drawn.
    pub(crate) fn end(mut self) -> (ExitStatus, String) {
        let status = wait(&mut self.child);
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(200)) {
            self.seen.push_str(&String::from_utf8_lossy(&bytes));
        }
        (status, self.seen)
    }

    /// Waits for the end as [`Self::end`] does, and holds that the terminal's settings are what they were before.
    pub(crate) fn end_as_found(self) -> (ExitStatus, String) {
        let (pty, before) = (Arc::clone(&self.pty), self.before.clone());
        let ended = self.end();
        assert_eq!(settings(&pty), before, "the terminal's settings");
        ended
    }

    /// Takes the terminal away, as closing its window does, and waits for the end.
    pub(crate) fn vanish(self) -> ExitStatus {
        let Self { pty, mut child, reader, is_over, .. } = self;
        is_over.store(true, Ordering::Relaxed);
        reader.join().expect("a reader that ends");
        drop(Arc::into_inner(pty).expect("nobody else has it"));
        wait(&mut child)
    }
}

fn wait(child: &mut Child) -> ExitStatus {
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
