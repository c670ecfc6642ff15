use std::io::{self, IsTerminal as _, Write as _};

use rustyline::Editor;
use rustyline::config::{BellStyle, Config};
use rustyline::error::ReadlineError;
use rustyline::history::MemHistory;

/// Where a person types, with the keys that shells have; lines stay until the program ends, and in no file.
pub struct LineEditor(Option<Editor<(), MemHistory>>);

/// What a person typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// A line, or several that were pasted.
    Line(String),
    /// Nothing more: Ctrl-C or Ctrl-D.
    End,
}

impl Default for LineEditor {
    fn default() -> Self {
        Self::new()
    }
}

impl LineEditor {
    /// An editor, where the terminal can be edited on.
    #[must_use]
    pub fn new() -> Self {
        if !io::stdout().is_terminal() {
            return Self(None);
        }
        let config = Config::builder().auto_add_history(true).bell_style(BellStyle::None).build();
        Self(Editor::with_history(config, MemHistory::new()).ok())
    }

    /// Reads what a person types behind `prompt`.
    pub fn read(&mut self, prompt: &str) -> io::Result<Typed> {
        let Some(editor) = &mut self.0 else { return plain(prompt) };
        match editor.readline(prompt) {
            Ok(line) => Ok(Typed::Line(line)),
            Err(ReadlineError::Eof | ReadlineError::Interrupted) => Ok(Typed::End),
            Err(ReadlineError::Io(error)) => Err(error),
            Err(error) => Err(io::Error::other(error)),
        }
    }
}

/// Reads a line where nothing can be edited, such as where stdout goes to a file.
fn plain(prompt: &str) -> io::Result<Typed> {
    let mut stderr = io::stderr();
    stderr.write_all(prompt.as_bytes()).and_then(|()| stderr.flush())?;
    let mut line = String::new();
    Ok(if io::stdin().read_line(&mut line)? == 0 {
        Typed::End
    } else {
        Typed::Line(line.trim_end().to_owned())
    })
}
