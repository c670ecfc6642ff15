use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::Printer;
use super::harmless::harmless;
use crate::message::Message;

/// Progress of something that takes more than a second: a bar on a terminal, plain lines elsewhere.
#[derive(Debug)]
pub struct Progress<'a> {
    printer: &'a Printer,
    bar: ProgressBar,
}

impl<'a> Progress<'a> {
    /// Progress over `total` bytes.
    #[must_use]
    pub fn bytes(printer: &'a Printer, total: u64, what: impl Into<Message>) -> Self {
        let bar = if printer.draws_progress() {
            ProgressBar::new(total).with_style(
                ProgressStyle::with_template(
                    "{msg} [{bar:30}] {binary_bytes}/{binary_total_bytes} {binary_bytes_per_sec} {eta}",
                )
                .unwrap_or_else(|_| ProgressStyle::default_bar()),
            )
        } else {
            ProgressBar::hidden()
        };
        Self::started(printer, bar, what.into())
    }

    /// Progress of steps whose length is not known beforehand.
    #[must_use]
    pub fn steps(printer: &'a Printer, what: impl Into<Message>) -> Self {
        let bar = if printer.draws_progress() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        bar.enable_steady_tick(Duration::from_millis(120));
        Self::started(printer, bar, what.into())
    }

    fn started(printer: &'a Printer, bar: ProgressBar, what: Message) -> Self {
        let progress = Self { printer, bar };
        progress.now(what);
        progress
    }

    /// Moves the bar.
    pub fn advance_to(&self, position: u64) {
        self.bar.set_position(position);
    }

    /// Says what is being done now.
    pub fn now(&self, what: impl Into<Message>) {
        if self.bar.is_hidden() {
            self.printer.tell(what);
        } else {
            self.tick(what);
        }
    }

    /// Says how far that is, where it can be drawn over: many times a second it is no news for a log.
    pub fn tick(&self, what: impl Into<Message>) {
        if !self.bar.is_hidden() {
            let what = self.printer.locale().say(&what.into());
            self.bar.set_message(harmless(&what).into_owned());
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
