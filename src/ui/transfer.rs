use std::cell::Cell;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::Printer;
use super::harmless::harmless;
use crate::i18n::Locale;
use crate::message::{Message, file_size};
use crate::say;
use crate::units::{Bytes, Seconds};

/// How often a line is written where no bar can be drawn.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Progress of files that are fetched: one bar for all of them on a terminal, a line now and then elsewhere.
#[derive(Debug)]
pub struct Transfer<'a> {
    printer: &'a Printer,
    bar: ProgressBar,
    total: Bytes,
    /// What was there at the start, which says nothing of the speed.
    before: Bytes,
    began: Instant,
    told: Cell<Instant>,
}

impl<'a> Transfer<'a> {
    /// Progress over `total` bytes, of which `before` are there.
    #[must_use]
    pub fn new(printer: &'a Printer, total: Bytes, before: Bytes) -> Self {
        let bar = if printer.draws_progress() {
            let style = ProgressStyle::with_template(
                "{msg} [{bar:30}] {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} {eta}",
            );
            ProgressBar::new(total.0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        } else {
            ProgressBar::hidden()
        };
        bar.set_position(before.0);
        bar.reset_eta();
        let now = Instant::now();
        Self { printer, bar, total, before, began: now, told: Cell::new(now) }
    }

    /// Tells which file it is.
    pub fn file(&self, name: &str) {
        if self.bar.is_hidden() {
            self.printer.say(name);
        } else {
            self.bar.set_message(harmless(name).into_owned());
        }
    }

    /// Tells how much of all is there.
    pub fn advance_to(&self, present: Bytes) {
        self.bar.set_position(present.0);
        let now = Instant::now();
        if self.bar.is_hidden() && now.duration_since(self.told.get()) >= LINE_EVERY {
            self.told.set(now);
            let elapsed = now.duration_since(self.began);
            let fetched = present - self.before;
            self.printer.say(line(self.printer.locale(), present, self.total, fetched, elapsed));
        }
    }

    /// Says something beside the bar.
    pub fn note(&self, text: impl Into<Message>) {
        self.bar.suspend(|| self.printer.note(text));
    }
}

impl Drop for Transfer<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// How far it is, how fast, and how long it still takes.
fn line(locale: &Locale, present: Bytes, total: Bytes, fetched: Bytes, elapsed: Duration) -> String {
    let percent = 100.0 * present.as_f64() / total.as_f64().max(1.0);
    let rate = fetched.as_f64() / elapsed.as_secs_f64().max(1e-3);
    say!(
        locale,
        UiTransfer {
            // One below the other.
            percent: format!("{percent:4.0}"),
            present: file_size(present),
            total: file_size(total),
            rate: file_size(Bytes(1).share(rate)),
            left: Seconds((total - present).as_f64() / rate),
        }
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    #[test]
    fn a_line_tells_how_far_how_fast_and_how_long() {
        let gigabytes = |count: u64| Bytes(count * 1_000_000_000);
        let line = |language| {
            let locale = Locale::new(Lang::of_locale(language));
            line(&locale, gigabytes(3), gigabytes(4), gigabytes(1), Duration::from_secs(10))
        };
        assert_eq!(line("en"), "  75 %  3.00 GB of 4.00 GB, 100 MB/s, 10 s left");
        assert_eq!(line("zh"), "  75%  3.00 GB / 4.00 GB，100 MB/s，还需 10 秒");
    }
}
