//! The program, without a home, a catalog, a history and a language of the user's, and without a network.

use std::ffi::OsStr;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::fixtures::ROOT;
use super::schema;

/// Longer than anything takes here.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a program and the libraries of a GPU need of the environment.
const KEPT: &[&str] = &["PATH", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH", "R1_ADVISOR_BROWSER"];

pub(crate) const NOWHERE: &str = "http://nowhere.invalid";

/// The clean environment, for `cargo test`'s own programs and for the cases of `tests/cmd` alike.
pub(crate) const ENVIRONMENT: &[(&str, &str)] = &[
    ("HOME", "/nonexistent"),
    ("XDG_CONFIG_HOME", "/nonexistent"),
    ("XDG_DATA_HOME", "/nonexistent"),
    ("XDG_CACHE_HOME", "/nonexistent"),
    ("R1_ADVISOR_HISTORY", "off"),
    // The engine that needs no model, so that tests hold in every build.
    ("R1_ADVISOR_ENGINE", "fake"),
    // clap asks for the width of a terminal.
    ("COLUMNS", "100"),
    ("LC_ALL", "C"),
    ("NO_PROXY", "*"),
];

/// A command line to run.
pub(crate) struct Program(Command);

/// The program with these arguments, in the folder of the repository.
pub(crate) fn program<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_r1-advisor"));
    let kept = KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
    command.env_clear().envs(kept).envs(ENVIRONMENT.iter().copied()).env("HF_ENDPOINT", NOWHERE);
    command.args(arguments).current_dir(ROOT).stdin(Stdio::null());
    Program(command)
}

/// What comes of the program with these arguments.
pub(crate) fn run<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Ran {
    program(arguments).run()
}

impl Program {
    pub(crate) fn with<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.0.args(arguments);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.0.env(name, value);
        self
    }

    #[cfg(feature = "llama")]
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.env_remove(name);
        self
    }

    pub(crate) fn engine(self, engine: &str) -> Self {
        self.env("R1_ADVISOR_ENGINE", engine)
    }

    pub(crate) fn history(self, file: impl AsRef<OsStr>) -> Self {
        self.env("R1_ADVISOR_HISTORY", file)
    }

    /// With a home in `folder`, where it keeps its history too.
    pub(crate) fn home(mut self, folder: &Path) -> Self {
        self.0.env_remove("R1_ADVISOR_HISTORY");
        let variables = ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"];
        variables.into_iter().fold(self, |program, name| program.env(name, folder))
    }

    /// Under what a shell sets first, such as a limit.
    #[cfg(unix)]
    pub(crate) fn under(self, preparation: &str) -> Self {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("{preparation}; exec \"$0\" \"$@\"")).arg(self.0.get_program());
        shell.args(self.0.get_args()).env_clear().current_dir(ROOT).stdin(Stdio::null());
        shell.envs(self.0.get_envs().filter_map(|(name, value)| Some((name, value?))));
        Self(shell)
    }

    pub(crate) fn run(mut self) -> Ran {
        self.0.output().expect("the program starts").into()
    }

    /// With `text` on its standard input.
    pub(crate) fn piped(mut self, text: &str) -> Ran {
        self.0.stdin(Stdio::piped());
        let mut running = self.start();
        running.0.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("a reader");
        running.end()
    }

    pub(crate) fn start(mut self) -> Running {
        Running(self.0.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts"))
    }

    pub(crate) fn command(self) -> Command {
        self.0
    }
}

/// The program while it runs.
pub(crate) struct Running(Child);

impl Running {
    /// Waits for `reached`, which must come before the end.
    #[track_caller]
    pub(crate) fn wait_until(&mut self, mut reached: impl FnMut() -> bool) {
        let start = Instant::now();
        while !reached() {
            assert!(self.0.try_wait().expect("a status").is_none(), "it ended too early");
            assert!(start.elapsed() < PATIENCE, "it never came so far");
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Waits for this many bytes of its output.
    pub(crate) fn wait_for_output(&mut self, count: usize) {
        let pipe = self.0.stdout.as_mut().expect("a pipe");
        pipe.read_exact(&mut vec![0; count]).expect("output");
    }

    /// Closes the end of the pipe where its output is read.
    pub(crate) fn stop_reading(&mut self) {
        drop(self.0.stdout.take());
    }

    /// Ends it at once, whatever it does.
    pub(crate) fn kill(mut self) {
        self.0.kill().expect("it can be ended");
        assert!(!self.0.wait().expect("an end").success());
    }

    /// Ends it at once, unless it has ended by itself.
    pub(crate) fn kill_if_running(mut self) {
        let _ = self.0.kill();
        self.0.wait().expect("an end");
    }

    /// Presses Ctrl-C.
    #[cfg(unix)]
    pub(crate) fn interrupt(&self) {
        signal(&self.0, "INT");
    }

    pub(crate) fn end(self) -> Ran {
        self.0.wait_with_output().expect("an end").into()
    }
}

#[cfg(unix)]
pub(crate) fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args(["-s", name, &child.id().to_string()]).status();
    assert!(status.expect("kill runs").success());
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Ran {
    code: Option<i32>,
    out: String,
    errors: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            errors: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Ran {
    pub(crate) fn code(&self) -> Option<i32> {
        self.code
    }

    pub(crate) fn out(&self) -> &str {
        &self.out
    }

    pub(crate) fn errors(&self) -> &str {
        &self.errors
    }

    /// Holds the exit code.
    #[track_caller]
    pub(crate) fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.errors);
        self
    }

    /// Holds that it answered, be it yes or no.
    #[track_caller]
    pub(crate) fn answers(&self) -> &Self {
        assert!(matches!(self.code, Some(0 | 1)), "{:?}: {}", self.code, self.errors);
        self
    }

    /// Holds that its output has `text` in it.
    #[track_caller]
    pub(crate) fn says(&self, text: &str) -> &Self {
        assert!(self.out.contains(text), "no {text:?} in {}{}", self.out, self.errors);
        self
    }

    /// Holds that what it wrote to people has `text` in it.
    #[track_caller]
    pub(crate) fn complains(&self, text: &str) -> &Self {
        assert!(self.errors.contains(text), "no {text:?} in {}", self.errors);
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}\n{}", self.errors))
    }

    /// The JSON, which keeps a schema of `tests/schema`.
    #[track_caller]
    pub(crate) fn json_of(&self, schema: &str) -> Value {
        let value = self.json();
        schema::assert_keeps(schema, &value);
        value
    }
}
