//! The child's side.

use std::io::{self, BufRead, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use super::super::fake::FakeEngine;
use super::super::{Engine, EngineError, EngineKind, LoadedModel, Session};
use super::protocol::{Reply, Request};
use crate::error::Exit;

/// Runs an engine for the process at the other end of stdin and stdout, until that one hangs up.
#[must_use]
pub fn serve(kind: EngineKind) -> Exit {
    die_with_parent();
    stop_when_interrupted();
    let mut line = Line { input: io::stdin().lock(), output: io::stdout().lock() };
    let served = match kind {
        EngineKind::Fake(failure) => serve_engine(&mut FakeEngine { failure }, &mut line),
        #[cfg(feature = "llama")]
        EngineKind::Llama => {
            serve_engine(&mut super::super::llama::LlamaEngine::logging_to_stderr(), &mut line)
        }
        #[cfg(not(feature = "llama"))]
        EngineKind::Llama => line.answer(Err(EngineError::NotBuilt)),
    };
    if served.is_ok() { Exit::Yes } else { Exit::Engine }
}

/// Asks the kernel to end this process when its parent ends, however that comes about. Elsewhere the end of
/// stdin has to do.
pub fn die_with_parent() {
    #[cfg(target_os = "linux")]
    // SAFETY: `prctl` with these arguments only sets the signal that this process gets.
    unsafe {
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
    }
}

/// Set when what is computed is to be given up.
static STOP: AtomicBool = AtomicBool::new(false);

/// Ctrl-C in a terminal reaches this process, too. What that means is the parent's to say: it ends this process, or
/// sends the same signal to stop an answer.
fn stop_when_interrupted() {
    #[cfg(unix)]
    {
        extern "C" fn stop(_signal: libc::c_int) {
            STOP.store(true, Ordering::Relaxed);
        }
        let handler: extern "C" fn(libc::c_int) = stop;
        // SAFETY: the handler lives forever, and only stores into an atomic, which a signal handler may.
        unsafe {
            libc::signal(libc::SIGINT, handler as libc::sighandler_t);
        }
    }
}

/// The line to the parent.
struct Line<R, W> {
    input: R,
    output: W,
}

impl<R: BufRead, W: Write> Line<R, W> {
    /// The next request, or `None` when the parent hung up. What is no request is answered here.
    fn next(&mut self) -> io::Result<Option<Request>> {
        let mut text = String::new();
        loop {
            text.clear();
            if self.input.read_line(&mut text)? == 0 {
                return Ok(None);
            }
            match serde_json::from_str(&text) {
                Ok(request) => return Ok(Some(request)),
                Err(_) => self.answer(Err(EngineError::Unexpected { line: text.trim().to_owned() }))?,
            }
        }
    }

    fn answer(&mut self, reply: Result<Reply, EngineError>) -> io::Result<()> {
        let reply = reply.unwrap_or_else(|error| Reply::Failed { error });
        serde_json::to_writer(&mut self.output, &reply)?;
        self.output.write_all(b"\n")?;
        self.output.flush()
    }

    fn refuse(&mut self, request: &Request) -> io::Result<()> {
        self.answer(Err(EngineError::Unexpected { line: format!("{request:?}") }))
    }
}

fn serve_engine<R: BufRead, W: Write>(engine: &mut dyn Engine, line: &mut Line<R, W>) -> io::Result<()> {
    while let Some(request) = line.next()? {
        match request {
            Request::Build => line.answer(engine.build().map(|build| Reply::Build { build }))?,
            Request::Devices => line.answer(engine.devices().map(|devices| Reply::Devices { devices }))?,
            Request::Attach { hosts } => line.answer(engine.attach(&hosts).map(|()| Reply::Done))?,
            Request::Load(request) => match engine.load(&request) {
                Ok(mut model) => {
                    line.answer(Ok(Reply::Loaded { facts: model.facts().clone() }))?;
                    serve_model(&mut *model, line)?;
                }
                Err(error) => line.answer(Err(error))?,
            },
            request => line.refuse(&request)?,
        }
    }
    Ok(())
}

fn serve_model<R: BufRead, W: Write>(model: &mut dyn LoadedModel, line: &mut Line<R, W>) -> io::Result<()> {
    while let Some(request) = line.next()? {
        match request {
            Request::Open(request) => match model.open(&request) {
                Ok(mut session) => {
                    line.answer(Ok(Reply::Done))?;
                    serve_session(&mut *session, line)?;
                }
                Err(error) => line.answer(Err(error))?,
            },
            Request::Close => return line.answer(Ok(Reply::Done)),
            request => line.refuse(&request)?,
        }
    }
    Ok(())
}

fn serve_session<R: BufRead, W: Write>(session: &mut dyn Session, line: &mut Line<R, W>) -> io::Result<()> {
    let took = |seconds| Reply::Took { seconds };
    while let Some(request) = line.next()? {
        let reply = match request {
            Request::Memory => session.memory().map(|plan| Reply::Memory { plan }),
            Request::Clear => session.clear().map(|()| Reply::Done),
            Request::Truncate { tokens } => session.truncate(tokens).map(|()| Reply::Done),
            Request::Prefill { tokens } => session.prefill(tokens).map(took),
            Request::Decode { tokens } => session.decode(tokens).map(took),
            Request::Serve(crowd) => session.serve(crowd).map(|times| Reply::Served { times }),
            Request::Vocabulary => session.vocabulary().map(|vocabulary| Reply::Vocabulary { vocabulary }),
            Request::Tokenize { text, bos } => {
                session.tokenize(&text, bos).map(|tokens| Reply::Tokens { tokens })
            }
            Request::SampleBy(sampling) => session.sample_by(&sampling).map(|()| Reply::Done),
            Request::Extend(extension) => {
                STOP.store(false, Ordering::Relaxed);
                session.extend(&extension, &STOP).map(|extended| Reply::Extended { extended })
            }
            Request::Usage => session.usage().map(|usage| Reply::Usage { usage }),
            Request::Close => return line.answer(Ok(Reply::Done)),
            request => Err(EngineError::Unexpected { line: format!("{request:?}") }),
        };
        line.answer(reply)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversation(requests: &str) -> String {
        let mut output = Vec::new();
        serve_engine(
            &mut FakeEngine::default(),
            &mut Line { input: requests.as_bytes(), output: &mut output },
        )
        .unwrap();
        String::from_utf8(output).unwrap()
    }

    #[test]
    fn what_is_no_request_is_answered_and_the_conversation_goes_on() {
        let said = conversation("hello\n{\"request\":\"fly\"}\n\n{\"request\":\"build\"}\n");
        let expected = [
            r#"{"reply":"failed","error":{"kind":"unexpected","line":"hello"}}"#,
            r#"{"reply":"failed","error":{"kind":"unexpected","line":"{\"request\":\"fly\"}"}}"#,
            r#"{"reply":"failed","error":{"kind":"unexpected","line":""}}"#,
            r#"{"reply":"build","build":{"name":"fake","version":"1","system":"none"}}"#,
        ];
        assert_eq!(said.lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_request_out_of_turn_is_refused() {
        let said = conversation("{\"request\":\"prefill\",\"tokens\":1}\n");
        assert_eq!(
            said,
            "{\"reply\":\"failed\",\"error\":{\"kind\":\"unexpected\",\"line\":\"Prefill { tokens: 1 }\"}}\n"
        );
    }
}
