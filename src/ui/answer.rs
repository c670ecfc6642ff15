use std::io::{self, IsTerminal as _, Write as _};
use std::time::Duration;

use anstyle::Style;
use indicatif::ProgressBar;

use super::Printer;
use super::harmless::{harmless, unsteered};

/// What becomes of a model's thoughts on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thoughts {
    /// They are shown, dimmed where there is colour, and between marks where there is none.
    Shown,
    /// A line says that they go on.
    Folded,
    /// Nothing is said of them.
    LeftOut,
}

/// An answer that is written as it comes: to stdout, and what is only for people beside it to stderr.
#[derive(Debug)]
pub struct AnswerWriter<'a> {
    printer: &'a Printer,
    thoughts: Thoughts,
    /// For a person at a terminal, or for a program or a file.
    terminal: bool,
    coloured: bool,
    line: Option<ProgressBar>,
    at: At,
    /// Whether the text so far ends a line.
    fresh: bool,
}

/// How far an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Nothing,
    Thought,
    Gap,
    Answer,
}

impl<'a> AnswerWriter<'a> {
    /// A writer for one answer.
    #[must_use]
    pub fn new(printer: &'a Printer, thoughts: Thoughts) -> Self {
        Self {
            printer,
            thoughts,
            terminal: io::stdout().is_terminal(),
            coloured: anstream::stdout().current_choice() != anstream::ColorChoice::Never,
            line: None,
            at: At::Nothing,
            fresh: true,
        }
    }

    /// Says beside the answer what is being done, such as how much of the question is read.
    pub fn status(&mut self, text: &str) {
        if !self.printer.draws_progress() {
            return;
        }
        let line = self.line.get_or_insert_with(|| {
            let line = ProgressBar::new_spinner();
            line.enable_steady_tick(Duration::from_millis(120));
            line
        });
        line.set_message(harmless(text).into_owned());
    }

    /// Takes away what stands beside the answer.
    pub fn clear_status(&mut self) {
        if let Some(line) = self.line.take() {
            line.finish_and_clear();
        }
    }

    /// Writes a piece of a thought; `status` is what is said where thoughts are folded.
    pub fn thought(&mut self, text: &str, status: &dyn Fn() -> String) -> io::Result<()> {
        match self.thoughts {
            Thoughts::LeftOut => Ok(()),
            Thoughts::Folded => {
                self.at = At::Thought;
                self.status(&status());
                Ok(())
            }
            Thoughts::Shown => {
                self.clear_status();
                let begin = if self.at == At::Nothing && !self.coloured { "<think>\n" } else { "" };
                self.at = At::Thought;
                if self.coloured {
                    let dim = Style::new().dimmed();
                    self.write(&format!("{dim}{}{dim:#}", self.clean(text)), text)
                } else {
                    self.write(&format!("{begin}{}", self.clean(text)), text)
                }
            }
        }
    }

    /// Writes a piece of the answer; `folded` is what is said of the thoughts that were folded.
    pub fn answer(&mut self, text: &str, folded: &dyn Fn() -> String) -> io::Result<()> {
        self.clear_status();
        if self.at == At::Thought {
            match self.thoughts {
                Thoughts::Folded => self.printer.aside(folded()),
                _ if self.coloured => self.write(if self.fresh { "\n" } else { "\n\n" }, "\n")?,
                _ => self.write(if self.fresh { "</think>\n\n" } else { "\n</think>\n\n" }, "\n")?,
            }
        }
        // What stands between the thought and the answer is the model's habit.
        let text = if self.at == At::Answer { text } else { text.trim_start_matches('\n') };
        if text.is_empty() {
            self.at = At::Gap;
            return Ok(());
        }
        self.at = At::Answer;
        self.write(&self.clean(text), text)
    }

    /// Ends the answer, whole or not, with the end of a line.
    pub fn end(&mut self) -> io::Result<()> {
        self.clear_status();
        if self.fresh { Ok(()) } else { self.write("\n", "\n") }
    }

    fn write(&mut self, styled: &str, plain: &str) -> io::Result<()> {
        let mut out = anstream::stdout();
        out.write_all(styled.as_bytes())?;
        self.fresh = plain.ends_with('\n');
        out.flush()
    }

    /// A model may say anything, and what it says must not steer the terminal.
    fn clean(&self, text: &str) -> String {
        if self.terminal { unsteered(text).into_owned() } else { text.to_owned() }
    }
}
