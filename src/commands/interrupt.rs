//! Ctrl-C: one handler for the whole process, since a command may be made of several.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, OnceLock};

use crate::error::{Error, Exit};

/// What Ctrl-C and a request to terminate set.
#[derive(Debug, Default)]
pub(super) struct Interrupts {
    /// Set when the command is to end.
    pub(super) cancelled: Arc<AtomicBool>,
    /// Set when only an answer is to end.
    pub(super) stop: AtomicBool,
    answering: AtomicBool,
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
        answer
    }

    fn signal(&self) {
        if self.answering.load(Ordering::Relaxed) {
            self.stop.store(true, Ordering::Relaxed);
        } else {
            self.cancelled.store(true, Ordering::Relaxed);
        }
    }
}
