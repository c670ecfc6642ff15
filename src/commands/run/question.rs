use std::io::{self, IsTerminal as _, Read as _};
use std::path::Path;

use super::RunArgs;
use crate::commands::Context;
use crate::error::{Error, Exit};
use crate::input_file;
use crate::message;

/// Where the questions come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// A person types them.
    Chat,
    /// There is one.
    Asked(String),
}

impl Question {
    /// What the flags, a file and the standard input ask, in this order; a chat where they ask nothing and a person
    /// is there.
    pub(super) fn of(context: &Context, args: &RunArgs) -> Result<Self, Error> {
        let file = args.prompt_file.as_deref().map(read).transpose()?;
        let piped = if io::stdin().is_terminal() || file.is_some() { None } else { Some(piped()?) };
        let is_chat = args.prompt.is_none() && file.is_none() && piped.is_none();
        let parts: Vec<String> = [args.prompt.clone(), file, piped]
            .into_iter()
            .flatten()
            .filter(|part| !part.trim().is_empty())
            .map(|part| part.trim_end().to_owned())
            .collect();
        match (is_chat, parts.is_empty()) {
            (true, _) if !context.is_table() => {
                Err(Error::usage(message!(RunChatFormat)).hint(Some(message!(RunChatFormatHint))))
            }
            (true, _) => Ok(Self::Chat),
            (false, true) => {
                Err(Error::usage(message!(RunEmptyPrompt)).hint(Some(message!(RunEmptyPromptHint))))
            }
            (false, false) => Ok(Self::Asked(parts.join("\n\n"))),
        }
    }
}

fn read(path: &Path) -> Result<String, Error> {
    input_file::read_to_string(path).map_err(|error| unreadable(path, &error))
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> Error {
    let hint = match error.kind() {
        io::ErrorKind::InvalidData => message!(RunNotUtf8),
        _ => message!(RunCheckPath),
    };
    let message = message!(CommandsUnreadable { path: path.display() });
    Error::plain(Exit::Input, message.because(error)).hint(Some(hint))
}

fn piped() -> Result<String, Error> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).map_err(|error| unreadable(Path::new("standard input"), &error))?;
    Ok(text)
}
