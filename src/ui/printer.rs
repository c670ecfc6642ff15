use std::io::{self, IsTerminal as _, Write};

use anstyle::{AnsiColor, Style};

use super::harmless::{Harmless, harmless};
use crate::error::Error;
use crate::i18n::Locale;
use crate::message::Message;
use crate::say;

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Writes data to stdout and words to stderr.
#[derive(Debug)]
pub struct Printer {
    quiet: bool,
    locale: Locale,
}

impl Printer {
    /// A printer that with `quiet` says nothing but data and errors.
    #[must_use]
    pub fn new(color: ColorChoice, quiet: bool, locale: Locale) -> Self {
        match color {
            ColorChoice::Auto => anstream::ColorChoice::Auto,
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
        }
        .write_global();
        Self { quiet, locale }
    }

    /// The language and currency of what people read.
    #[must_use]
    pub fn locale(&self) -> &Locale {
        &self.locale
    }

    /// The stream for data, without styles where it is not a terminal. Names and words of others do nothing there but be
    /// read.
    #[must_use]
    pub fn data(&self) -> impl Write + use<> {
        Harmless::new(io::BufWriter::new(anstream::stdout()))
    }

    /// The stream for what has styles of its own and nothing of others, such as help, and for what is no text.
    #[must_use]
    pub fn own(&self) -> impl Write + use<> {
        io::BufWriter::new(anstream::stdout())
    }

    /// How wide a table may be: as `R1_ADVISOR_WIDTH` says, else the terminal's width, or wide enough for a file.
    #[must_use]
    pub fn width(&self) -> u16 {
        let asked = std::env::var("R1_ADVISOR_WIDTH").ok().and_then(|width| width.trim().parse::<u16>().ok());
        let here = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0);
        asked.or_else(here).map_or(120, |width| width.clamp(40, 160))
    }

    /// Whether progress may be drawn over: stderr is a terminal, and `--quiet` is not given.
    #[must_use]
    pub fn draws_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Says something to the person.
    pub fn say(&self, text: impl std::fmt::Display) {
        self.styled(harmless(&text.to_string()));
    }

    fn styled(&self, text: impl std::fmt::Display) {
        if !self.quiet {
            // There is no way to report that stderr is gone.
            let _ = writeln!(anstream::stderr(), "{text}");
        }
    }

    /// Says a message to the person.
    pub fn tell(&self, message: impl Into<Message>) {
        self.say(self.locale.say(&message.into()));
    }

    /// Says something that matters less than what stands around it.
    pub fn aside(&self, text: impl std::fmt::Display) {
        let dim = Style::new().dimmed();
        self.styled(format!("{dim}{}{dim:#}", harmless(&text.to_string())));
    }

    /// Says something that the person should not miss.
    pub fn note(&self, text: impl Into<Message>) {
        let label = say!(self.locale, LabelNote);
        self.styled(labelled(&label, AnsiColor::Yellow, &self.locale.say(&text.into())));
    }

    /// Says why a command gave up and what to do now, even when quiet.
    pub fn error(&self, error: &Error) {
        let mut stderr = anstream::stderr();
        let label = say!(self.locale, LabelError);
        let message = self.locale.say(error.message());
        let _ = writeln!(stderr, "{}", labelled(&label, AnsiColor::Red, &message));
        if let Some(hint) = error.hint_text() {
            let label = say!(self.locale, LabelHint);
            let _ = writeln!(stderr, "{}", labelled(&label, AnsiColor::Cyan, &self.locale.say(hint)));
        }
    }
}

fn labelled(label: &str, color: AnsiColor, text: &str) -> String {
    let style = Style::new().bold().fg_color(Some(color.into()));
    // A full-width colon brings its space along.
    let space = if label.ends_with('：') { "" } else { " " };
    format!("{style}{label}{style:#}{space}{}", harmless(text))
}
