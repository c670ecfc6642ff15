use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::Failure as _;
use crate::fetch::{FetchError, Watcher};
use crate::message;
use crate::ui::Transfer;
use crate::units::Bytes;

/// Shows how far a set of files is.
#[derive(Debug)]
pub(super) struct Watch<'a> {
    pub(super) transfer: Transfer<'a>,
    /// Bytes of the files before this one.
    pub(super) before: Cell<Bytes>,
    pub(super) cancelled: &'a AtomicBool,
}

impl Watcher for Watch<'_> {
    fn present(&self, bytes: Bytes) {
        self.transfer.advance_to(self.before.get() + bytes);
    }

    fn checked(&self, _bytes: Bytes) {}

    fn waiting(&self) {
        self.transfer.note(message!(PullWaiting));
    }

    fn again(&self, why: &FetchError) {
        self.transfer.note(message!(PullAgain { why: why.message() }));
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}
