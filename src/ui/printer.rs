use std::io::{self, IsTerminal as _, Write};

use anstyle::{AnsiColor, Style};

use crate::error::Error;

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
}

impl Printer {
    /// A printer that colours as told, and with `quiet` says nothing but data and errors.
    #[must_use]
    pub fn new(color: ColorChoice, quiet: bool) -> Self {
        match color {
            ColorChoice::Auto => anstream::ColorChoice::Auto,
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
        }
        .write_global();
        Self { quiet }
    }

    /// The stream for data; styles are taken out where nobody would see them.
    #[must_use]
    pub fn data(&self) -> impl Write + use<> {
        io::BufWriter::new(anstream::stdout())
    }

    /// How wide a table may be: the terminal's width, or wide enough for a file.
    #[must_use]
    pub fn width(&self) -> u16 {
        terminal_size::terminal_size_of(io::stdout()).map_or(120, |(width, _)| width.0.clamp(60, 160))
    }

    /// Whether progress may be drawn over: stderr is a terminal and nobody asked for quiet.
    #[must_use]
    pub fn draws_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Says something to the person.
    pub fn say(&self, text: impl std::fmt::Display) {
        if !self.quiet {
            // Nobody is left to tell when stderr is gone.
            let _ = writeln!(anstream::stderr(), "{text}");
        }
    }

    /// Says something that the person should not miss.
    pub fn note(&self, text: impl std::fmt::Display) {
        self.say(labelled("note", AnsiColor::Yellow, text));
    }

    /// Says why a command gave up and what to do now, even when quiet.
    pub fn error(&self, error: &Error) {
        let mut stderr = anstream::stderr();
        let _ = writeln!(stderr, "{}", labelled("error", AnsiColor::Red, error));
        if let Some(hint) = error.hint_text() {
            let _ = writeln!(stderr, "{}", labelled(" hint", AnsiColor::Cyan, hint));
        }
    }
}

fn labelled(label: &str, color: AnsiColor, text: impl std::fmt::Display) -> String {
    let style = Style::new().bold().fg_color(Some(color.into()));
    format!("{style}{label}:{style:#} {text}")
}
