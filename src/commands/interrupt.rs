//! Ctrl-C and requests to terminate: one handler for the whole process, since a command may be made of several.
//!
//! A signal sets a flag, at which most waits look, so that what was measured is shown and nothing is left half. Some waits
//! cannot look: for a server within a system call, for a lock, for a disk. So the process ends in any case: [`GRACE`] after
//! the first signal, [`SECOND_GRACE`] after a second one. Workers end with it, and partial files go on where they were, as
//! after a power cut.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, OnceLock};
use std::thread;
use std::time::Duration;

use crate::error::{Error, Exit};
use crate::ui;

/// How long a command may take to end in order.
const GRACE: Duration = Duration::from_secs(4);

/// The same once a person has asked twice. Some wrappers send every signal twice, so it is not nothing.
const SECOND_GRACE: Duration = Duration::from_millis(500);

/// What Ctrl-C and a request to terminate set.
#[derive(Debug, Default)]
pub(super) struct Interrupts {
    /// Set when the command is to end.
    pub(super) cancelled: Arc<AtomicBool>,
    /// Set when only an answer is to end.
    pub(super) stop: AtomicBool,
    answering: AtomicBool,
    /// Signals whose end has yet to come.
    pending: AtomicU32,
}

static FLAGS: LazyLock<Interrupts> = LazyLock::new(Interrupts::default);

/// The flags, with the handler that sets them.
pub(super) fn interrupts() -> Result<&'static Interrupts, Error> {
    static HANDLER: OnceLock<Result<(), ctrlc::Error>> = OnceLock::new();
    match HANDLER.get_or_init(|| ctrlc::set_handler(|| FLAGS.signal())) {
        Ok(()) => Ok(&FLAGS),
        Err(error) => Err(Error::plain(Exit::Engine, error.to_string())),
    }
}

impl Interrupts {
    /// Runs `answer`, which a signal stops without ending the command.
    pub(super) fn while_answering<T>(&self, answer: impl FnOnce(&AtomicBool) -> T) -> T {
        self.stop.store(false, Ordering::Relaxed);
        self.answering.store(true, Ordering::Relaxed);
        let answer = answer(&self.stop);
        self.answering.store(false, Ordering::Relaxed);
        // A signal that stopped the answer has done what it was for.
        if self.stop.load(Ordering::Relaxed) {
            self.pending.store(0, Ordering::Relaxed);
        }
        answer
    }

    fn signal(&'static self) {
        if self.answering.load(Ordering::Relaxed) {
            self.stop.store(true, Ordering::Relaxed);
        } else {
            self.cancelled.store(true, Ordering::Relaxed);
        }
        let number = self.pending.fetch_add(1, Ordering::Relaxed) + 1;
        let grace = if number == 1 { GRACE } else { SECOND_GRACE };
        thread::spawn(move || {
            thread::sleep(grace);
            if self.pending.load(Ordering::Relaxed) >= number {
                ui::end_now(Exit::Interrupted);
            }
        });
    }
}
