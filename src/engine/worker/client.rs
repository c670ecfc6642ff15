//! The parent's side.

use std::collections::VecDeque;
use std::env;
use std::io::{self, BufRead, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::super::{
    Crash, Crowd, CrowdTimes, Device, Ending, Engine, EngineBuild, EngineError, EngineKind, Extended,
    Extension, LoadRequest, LoadedModel, MemoryPlan, ModelFacts, ProcessUsage, RpcHost, Sampling, Session,
    SessionRequest, Token, Vocabulary,
};
use super::protocol::{Reply, Request};
use crate::units::Seconds;

/// Lines of the child's log that an error report shows.
const LOG_LINES: usize = 12;

/// How long servers of other machines may take to answer at all.
const ATTACHING: Duration = Duration::from_secs(15);

/// How often the parent checks whether to stop waiting.
const PATIENCE: Duration = Duration::from_millis(50);

/// An engine in a child process, which ends with this value.
#[derive(Debug)]
pub struct WorkerEngine {
    program: PathBuf,
    kind: EngineKind,
    time_limit: Option<Duration>,
    hosts: Vec<RpcHost>,
    is_attached: bool,
    child: Child,
    requests: Option<ChildStdin>,
    replies: Receiver<String>,
    log: Log,
    log_reader: Option<JoinHandle<()>>,
    cancelled: Arc<AtomicBool>,
}

impl WorkerEngine {
    /// Starts this program again as an engine. Once `cancelled` is set, the child is killed and whatever was
    /// asked of it is [`EngineError::Cancelled`].
    pub fn start(kind: EngineKind, cancelled: Arc<AtomicBool>) -> Result<Self, EngineError> {
        let program = env::current_exe().map_err(|source| EngineError::Start { source })?;
        Self::start_program(&program, kind, cancelled)
    }

    /// Starts `program`, which must understand `worker --engine KIND`, as an engine.
    pub fn start_program(
        program: &Path,
        kind: EngineKind,
        cancelled: Arc<AtomicBool>,
    ) -> Result<Self, EngineError> {
        if kind == EngineKind::Llama && !cfg!(feature = "llama") {
            return Err(EngineError::NotBuilt);
        }
        let mut child = Command::new(program)
            .args(["worker", "--engine", &kind.to_string()])
            // Otherwise ggml starts a debugger on itself when it aborts.
            .env("GGML_NO_BACKTRACE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|source| EngineError::Start { source })?;
        let requests = child.stdin.take();
        let log = Log::default();
        let log_reader = child.stderr.take().map(|stderr| log.follow(stderr));
        let (sender, replies) = mpsc::channel();
        if let Some(stdout) = child.stdout.take() {
            // Ends with the child: its stdout closes, or the receiver is dropped.
            thread::spawn(move || {
                let lines = BufReader::new(stdout).lines().map_while(Result::ok);
                let _ = lines.into_iter().try_for_each(|line| sender.send(line));
            });
        }
        Ok(Self {
            program: program.to_owned(),
            kind,
            time_limit: None,
            hosts: Vec::new(),
            is_attached: true,
            child,
            requests,
            replies,
            log,
            log_reader,
            cancelled,
        })
    }

    /// The same engine, whose child is killed when it does not answer a request in `limit`.
    #[must_use]
    pub fn with_time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = Some(limit);
        self
    }

    fn ask(&mut self, request: &Request) -> Result<Reply, EngineError> {
        self.ask_until(request, None)
    }

    /// Asks, and hands on `stop` once it is set.
    fn ask_until(&mut self, request: &Request, stop: Option<&AtomicBool>) -> Result<Reply, EngineError> {
        if self.send(request).is_err() {
            return Err(self.ended());
        }
        let asked = Instant::now();
        let mut stop = stop;
        loop {
            match self.replies.recv_timeout(PATIENCE) {
                Ok(line) => match serde_json::from_str(&line) {
                    Ok(Reply::Failed { error }) => return Err(error),
                    Ok(reply) => return Ok(reply),
                    // Some backends print to stdout: that is log too.
                    Err(_) => self.log.push(line),
                },
                Err(RecvTimeoutError::Timeout) if self.cancelled.load(Ordering::Relaxed) => {
                    self.kill();
                    return Err(EngineError::Cancelled);
                }
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(limit) = self.time_limit.filter(|limit| asked.elapsed() > *limit) {
                        self.kill();
                        return Err(EngineError::Stalled { limit: limit.into() });
                    }
                    if stop.take_if(|stop| stop.load(Ordering::Relaxed)).is_some() {
                        self.interrupt();
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return Err(self.ended()),
            }
        }
    }

    fn send(&mut self, request: &Request) -> io::Result<()> {
        let stdin = self.requests.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        stdin.write_all(&line)?;
        stdin.flush()
    }

    /// Has the child compute on the devices of `hosts`, too, which have a time of their own to answer.
    fn attach_to(&mut self, hosts: &[RpcHost]) -> Result<(), EngineError> {
        if hosts.is_empty() {
            return Ok(());
        }
        let limit = self.time_limit.replace(ATTACHING);
        let reply = self.ask(&Request::Attach { hosts: hosts.to_vec() });
        self.time_limit = limit;
        match reply {
            Ok(Reply::Done) => {
                self.is_attached = true;
                Ok(())
            }
            Ok(other) => Err(unexpected(&other)),
            Err(EngineError::Stalled { limit }) => {
                let hosts: Vec<_> = hosts.iter().map(ToString::to_string).collect();
                Err(EngineError::HostsSilent { hosts: hosts.join(", "), limit })
            }
            Err(error) => Err(error),
        }
    }

    fn took(&mut self, request: &Request) -> Result<Seconds, EngineError> {
        match self.ask(request)? {
            Reply::Took { seconds } => Ok(seconds),
            other => Err(unexpected(&other)),
        }
    }

    fn done(&mut self, request: &Request) -> Result<(), EngineError> {
        match self.ask(request)? {
            Reply::Done => Ok(()),
            other => Err(unexpected(&other)),
        }
    }

    /// The error that the end of the child means.
    fn ended(&mut self) -> EngineError {
        // A Ctrl-C of the terminal reaches the child too, perhaps before our own handler has run.
        let Ok(status) = self.child.wait() else { return EngineError::Cancelled };
        if let Some(reader) = self.log_reader.take() {
            // Its last words may still be in the pipe.
            let _ = reader.join();
        }
        let ending = ending(status);
        let interrupted = matches!(ending, Ending::Signal { number: 2 | 15 });
        if interrupted || self.cancelled.load(Ordering::Relaxed) {
            return EngineError::Cancelled;
        }
        EngineError::Crashed(Crash { ending, last_log_lines: self.log.last_lines() })
    }

    /// Asks the child to give up what it computes, and to live on.
    fn interrupt(&self) {
        #[cfg(unix)]
        if let Ok(process) = libc::pid_t::try_from(self.child.id()) {
            // SAFETY: `kill` takes two numbers and touches no memory; the process is our child, which nobody has
            // waited for, so that the number is still its own.
            unsafe {
                libc::kill(process, libc::SIGINT);
            }
        }
    }

    fn kill(&mut self) {
        self.requests = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for WorkerEngine {
    fn drop(&mut self) {
        self.kill();
    }
}

fn unexpected(reply: &Reply) -> EngineError {
    EngineError::Unexpected { line: format!("{reply:?}") }
}

#[cfg(unix)]
fn ending(status: ExitStatus) -> Ending {
    use std::os::unix::process::ExitStatusExt as _;
    match status.signal() {
        Some(number) => Ending::Signal { number },
        None => Ending::Exit { status: status.code().unwrap_or_default() },
    }
}

#[cfg(not(unix))]
fn ending(status: ExitStatus) -> Ending {
    Ending::Exit { status: status.code().unwrap_or_default() }
}

/// The last lines that the child wrote to stderr.
#[derive(Clone, Debug, Default)]
struct Log(Arc<Mutex<VecDeque<String>>>);

impl Log {
    fn follow(&self, stderr: impl Read + Send + 'static) -> JoinHandle<()> {
        let log = self.clone();
        thread::spawn(move || {
            let mut stderr = BufReader::new(stderr);
            let mut line = Vec::new();
            while stderr.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                log.push(String::from_utf8_lossy(&line).trim_end().to_owned());
                line.clear();
            }
        })
    }

    fn push(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // llama.cpp draws its progress with lines of dots.
        if line.trim_matches('.').is_empty() {
            return;
        }
        if lines.len() == LOG_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    fn last_lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

impl Engine for WorkerEngine {
    fn build(&mut self) -> Result<EngineBuild, EngineError> {
        match self.ask(&Request::Build)? {
            Reply::Build { build } => Ok(build),
            other => Err(unexpected(&other)),
        }
    }

    fn devices(&mut self) -> Result<Vec<Device>, EngineError> {
        match self.ask(&Request::Devices)? {
            Reply::Devices { devices } => Ok(devices),
            other => Err(unexpected(&other)),
        }
    }

    fn restart(&mut self) -> Result<(), EngineError> {
        self.kill();
        let mut fresh = Self::start_program(&self.program, self.kind, Arc::clone(&self.cancelled))?;
        fresh.time_limit = self.time_limit;
        fresh.hosts = std::mem::take(&mut self.hosts);
        // Servers that went away refuse what is loaded next, not what was measured before.
        fresh.is_attached = fresh.hosts.is_empty();
        *self = fresh;
        Ok(())
    }

    fn attach(&mut self, hosts: &[RpcHost]) -> Result<(), EngineError> {
        self.hosts.extend_from_slice(hosts);
        self.attach_to(hosts)
    }

    fn load<'e>(&'e mut self, request: &LoadRequest) -> Result<Box<dyn LoadedModel + 'e>, EngineError> {
        if !self.is_attached {
            let hosts = self.hosts.clone();
            self.attach_to(&hosts)?;
        }
        match self.ask(&Request::Load(request.clone()))? {
            Reply::Loaded { facts } => Ok(Box::new(WorkerModel { engine: self, facts })),
            other => Err(unexpected(&other)),
        }
    }
}

struct WorkerModel<'e> {
    engine: &'e mut WorkerEngine,
    facts: ModelFacts,
}

impl LoadedModel for WorkerModel<'_> {
    fn facts(&self) -> &ModelFacts {
        &self.facts
    }

    fn open<'m>(&'m mut self, request: &SessionRequest) -> Result<Box<dyn Session + 'm>, EngineError> {
        self.engine.done(&Request::Open(request.clone()))?;
        Ok(Box::new(WorkerSession { engine: self.engine }))
    }
}

impl Drop for WorkerModel<'_> {
    fn drop(&mut self) {
        // A child that is gone has closed everything.
        let _ = self.engine.done(&Request::Close);
    }
}

struct WorkerSession<'m> {
    engine: &'m mut WorkerEngine,
}

impl Drop for WorkerSession<'_> {
    fn drop(&mut self) {
        let _ = self.engine.done(&Request::Close);
    }
}

impl Session for WorkerSession<'_> {
    fn memory(&mut self) -> Result<MemoryPlan, EngineError> {
        match self.engine.ask(&Request::Memory)? {
            Reply::Memory { plan } => Ok(plan),
            other => Err(unexpected(&other)),
        }
    }

    fn clear(&mut self) -> Result<(), EngineError> {
        self.engine.done(&Request::Clear)
    }

    fn truncate(&mut self, tokens: u32) -> Result<(), EngineError> {
        self.engine.done(&Request::Truncate { tokens })
    }

    fn prefill(&mut self, tokens: u32) -> Result<Seconds, EngineError> {
        self.engine.took(&Request::Prefill { tokens })
    }

    fn decode(&mut self, tokens: u32) -> Result<Seconds, EngineError> {
        self.engine.took(&Request::Decode { tokens })
    }

    fn serve(&mut self, crowd: Crowd) -> Result<CrowdTimes, EngineError> {
        match self.engine.ask(&Request::Serve(crowd))? {
            Reply::Served { times } => Ok(times),
            other => Err(unexpected(&other)),
        }
    }

    fn vocabulary(&mut self) -> Result<Vocabulary, EngineError> {
        match self.engine.ask(&Request::Vocabulary)? {
            Reply::Vocabulary { vocabulary } => Ok(vocabulary),
            other => Err(unexpected(&other)),
        }
    }

    fn tokenize(&mut self, text: &str, bos: bool) -> Result<Vec<Token>, EngineError> {
        match self.engine.ask(&Request::Tokenize { text: text.to_owned(), bos })? {
            Reply::Tokens { tokens } => Ok(tokens),
            other => Err(unexpected(&other)),
        }
    }

    fn sample_by(&mut self, sampling: &Sampling) -> Result<(), EngineError> {
        self.engine.done(&Request::SampleBy(*sampling))
    }

    fn extend(&mut self, extension: &Extension, stop: &AtomicBool) -> Result<Extended, EngineError> {
        match self.engine.ask_until(&Request::Extend(extension.clone()), Some(stop))? {
            Reply::Extended { extended } => Ok(extended),
            other => Err(unexpected(&other)),
        }
    }

    fn usage(&mut self) -> Result<ProcessUsage, EngineError> {
        match self.engine.ask(&Request::Usage)? {
            Reply::Usage { usage } => Ok(usage),
            other => Err(unexpected(&other)),
        }
    }
}
