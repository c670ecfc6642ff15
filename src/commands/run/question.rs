use std::io::{self, IsTerminal as _, Read as _};
use std::path::Path;

use super::RunArgs;
use crate::commands::Context;
use crate::error::{Error, Exit};

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
                Err(Error::usage("a chat has no other format than a terminal's")
                    .hint(Some("give a prompt, `--prompt-file`, or pipe one in")))
            }
            (true, _) => Ok(Self::Chat),
            (false, true) => Err(Error::usage("the prompt is empty")
                .hint(Some("give one behind the model, with `--prompt-file`, or by a pipe"))),
            (false, false) => Ok(Self::Asked(parts.join("\n\n"))),
        }
    }
}

fn read(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> Error {
    let what = if error.kind() == io::ErrorKind::InvalidData { "it is not UTF-8" } else { "check the path" };
    Error::plain(Exit::Input, format!("could not read `{}`: {error}", path.display())).hint(Some(what))
}

fn piped() -> Result<String, Error> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).map_err(|error| unreadable(Path::new("standard input"), &error))?;
    Ok(text)
}
