//! A chat template in a process of its own, within limits of time, memory and output: it is a stranger's program. One that
//! contains itself overflows the stack, and one that doubles a list takes all memory; either ends its process only.

use std::io::{Read as _, Write as _, stdin, stdout};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::layout::{Laid, MOST_BYTES, Sheet};
use super::{ChatError, TemplateLimit};
use crate::engine::worker::die_with_parent;
use crate::error::Exit;

/// The hidden command of this program that is the other side.
const COMMAND: &str = "lay-out";

/// How long a template may take; those of the models take a millisecond or two.
const TIME: Duration = Duration::from_millis(1700);

/// Lays it out in a process of `program`, which is this one.
pub(super) fn laid(program: &Path, sheet: &Sheet) -> Result<Laid, ChatError> {
    let failed = |source| ChatError::TemplateProcess { source };
    let mut child = Command::new(program)
        .arg(COMMAND)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    let request = serde_json::to_vec(sheet).map_err(|error| failed(error.into()))?;
    if let Some(mut stdin) = child.stdin.take() {
        // Ends with the child, which may end before it has read all.
        thread::spawn(move || stdin.write_all(&request));
    }
    let reader = child.stdout.take().map(|stdout| {
        thread::spawn(move || {
            let mut reply = Vec::new();
            // JSON writes a control character in six letters.
            let most = 6 * MOST_BYTES as u64 + 64;
            stdout.take(most).read_to_end(&mut reply).map(|_| reply)
        })
    });
    let is_in_time = waited(&mut child).map_err(failed)?;
    let reply = reader.and_then(|reader| reader.join().ok()).and_then(Result::ok).unwrap_or_default();
    if !is_in_time {
        return Err(ChatError::TemplateLimit { limit: TemplateLimit::Time });
    }
    // What ended without a word was ended by its limits, or by the stack.
    serde_json::from_slice(&reply).map_err(|_| ChatError::TemplateLimit { limit: TemplateLimit::Memory })
}

/// Waits for its end, and brings it about when the time is over; tells whether it came by itself.
fn waited(child: &mut Child) -> std::io::Result<bool> {
    let start = Instant::now();
    while start.elapsed() < TIME {
        if child.try_wait()?.is_some() {
            return Ok(true);
        }
        thread::sleep(Duration::from_millis(2));
    }
    child.kill()?;
    child.wait()?;
    Ok(false)
}

/// The other side: lays out what stdin says, and writes what became of it to stdout.
#[must_use]
pub fn lay_out() -> Exit {
    die_with_parent();
    limit();
    let mut request = Vec::new();
    let done =
        stdin().read_to_end(&mut request).is_ok_and(|_| match serde_json::from_slice::<Sheet>(&request) {
            Ok(sheet) => {
                drop(std::mem::take(&mut request));
                let reply = serde_json::to_vec(&sheet.laid()).unwrap_or_default();
                stdout().write_all(&reply).and_then(|()| stdout().flush()).is_ok()
            }
            Err(_) => false,
        });
    if done { Exit::Yes } else { Exit::Input }
}

/// Limits this process: beyond its memory an allocation fails, which ends it.
fn limit() {
    #[cfg(unix)]
    {
        /// How much memory it may take, beside what its process has when it starts.
        const MEMORY: u64 = 256 << 20;

        // Memory is limited on Linux alone: macOS takes the limit and lets it pass. Its first figure is what the process
        // has in pages: proc(5).
        let pages = std::fs::read_to_string("/proc/self/statm").ok();
        let pages = pages.and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
        let most = pages.map(|pages| pages * rustix::param::page_size() as u64 + MEMORY);
        let limits = [
            (libc::RLIMIT_CORE, Some(0)),
            (libc::RLIMIT_CPU, Some(TIME.as_secs() + 1)),
            (libc::RLIMIT_AS, most),
        ];
        for (resource, most) in limits {
            let Some(most) = most else { continue };
            let limit = libc::rlimit { rlim_cur: most, rlim_max: most };
            // SAFETY: the pointer is to a live `rlimit`, which the call only reads.
            unsafe {
                libc::setrlimit(resource, &raw const limit);
            }
        }
        // Ctrl-C in a terminal is the parent's to hear.
        // SAFETY: ignoring a signal runs no code.
        unsafe {
            libc::signal(libc::SIGINT, libc::SIG_IGN);
        }
    }
}
