use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::Printer;

/// Progress of something that takes more than a second: a bar on a terminal, plain lines elsewhere.
#[derive(Debug)]
pub struct Progress<'a> {
    printer: &'a Printer,
    bar: ProgressBar,
}

impl<'a> Progress<'a> {
    /// Progress over so many bytes.
    #[must_use]
    pub fn bytes(printer: &'a Printer, total: u64, what: &str) -> Self {
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
        Self::started(printer, bar.with_message(what.to_owned()))
    }

    /// Progress of steps whose length is not known beforehand.
    #[must_use]
    pub fn steps(printer: &'a Printer, what: &str) -> Self {
        let bar = if printer.draws_progress() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        bar.enable_steady_tick(Duration::from_millis(120));
        Self::started(printer, bar.with_message(what.to_owned()))
    }

    fn started(printer: &'a Printer, bar: ProgressBar) -> Self {
        if bar.is_hidden() {
            printer.say(bar.message());
        }
        Self { printer, bar }
    }

    /// Tells how far it is.
    pub fn advance_to(&self, position: u64) {
        self.bar.set_position(position);
    }

    /// Tells what is being done now.
    pub fn now(&self, what: &str) {
        if self.bar.is_hidden() {
            self.printer.say(what);
        } else {
            self.bar.set_message(what.to_owned());
        }
    }

    /// Tells how far that is, where it can be drawn over: many times a second it is no news for a log.
    pub fn tick(&self, what: &str) {
        if !self.bar.is_hidden() {
            self.bar.set_message(what.to_owned());
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
