//! What ends a command: an answer of "no", or an error with what to do about it.

use std::process::ExitCode;
use std::{fmt, io};

use crate::catalog::{CatalogError, DescribeError};
use crate::lang::Text;
use crate::message::Message;

/// How the process ends; other programs rely on the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// The answer is yes.
    Yes = 0,
    /// The answer is no: nothing fits, below the asked speed, a gate failed.
    No = 1,
    /// The command line is wrong.
    Usage = 2,
    /// The machine could not be probed.
    Probe = 3,
    /// The catalog or an input file is wrong.
    Input = 4,
    /// A download failed.
    Download = 5,
    /// The engine failed.
    Engine = 6,
    /// The output could not be written.
    Output = 7,
    /// The user asked to stop: 128 + SIGINT, as shells have it.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// What every error knows of itself; each module has an enum of its own that does.
pub trait Failure: std::error::Error {
    /// What happened, with its cause.
    fn message(&self) -> Message;

    /// What to do now.
    fn hint(&self) -> Option<Message> {
        None
    }

    /// How the process ends by it.
    fn exit(&self) -> Exit;
}

impl<E: Failure> From<E> for Error {
    fn from(error: E) -> Self {
        Self { message: error.message(), hint: error.hint(), exit: error.exit() }
    }
}

/// An error at the edge: what happened, what to do now, and how the process ends. What every [`Failure`] becomes when
/// a command gives up.
#[derive(Debug)]
pub struct Error {
    message: Message,
    hint: Option<Message>,
    exit: Exit,
}

impl Error {
    /// An error that ends the process with `exit`. Causes are appended to the message.
    pub fn new(exit: Exit, error: &(dyn std::error::Error + 'static)) -> Self {
        let mut message = told(error);
        let mut cause = error.source();
        while let Some(error) = cause {
            message = message.because(told(error));
            cause = error.source();
        }
        Self { message, hint: None, exit }
    }

    /// A mistake on the command line that clap cannot see.
    #[must_use]
    pub fn usage(message: impl Into<Message>) -> Self {
        Self::plain(Exit::Usage, message)
    }

    /// An error that is told in a sentence and has no cause.
    #[must_use]
    pub fn plain(exit: Exit, message: impl Into<Message>) -> Self {
        Self { message: message.into(), hint: None, exit }
    }

    /// Adds what the user can do now.
    #[must_use]
    pub fn hint(mut self, hint: Option<impl Into<Message>>) -> Self {
        self.hint = hint.map(Into::into).or(self.hint);
        self
    }

    /// How the process ends.
    #[must_use]
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// What happened.
    #[must_use]
    pub fn message(&self) -> &Message {
        &self.message
    }

    /// What to do now.
    #[must_use]
    pub fn hint_text(&self) -> Option<&Message> {
        self.hint.as_ref()
    }
}

/// An error in every language, where it knows itself in more than English.
fn told(error: &(dyn std::error::Error + 'static)) -> Message {
    macro_rules! where_it_is {
        ($($kind:ty),+ $(,)?) => {
            $(if let Some(error) = error.downcast_ref::<$kind>() { return error.told().into(); })+
        };
    }
    where_it_is!(CatalogError, DescribeError);
    match error.downcast_ref::<io::Error>() {
        Some(error) => error.into(),
        None => Message::verbatim(error.to_string()),
    }
}

/// What the TOML parser says is wrong, of which there is English only.
#[must_use]
pub fn told_of_toml(message: &str) -> Text {
    let known = [
        ("duplicate key", "键重复"),
        ("string values must be quoted", "没有值，或字符串没有加引号"),
        ("missing comma", "缺少逗号"),
        ("key with no value", "键没有值"),
        ("invalid basic string", "字符串的引号没有闭合"),
        ("invalid literal string", "字符串的引号没有闭合"),
        ("unclosed array", "方括号没有闭合"),
        ("unclosed inline table", "花括号没有闭合"),
        ("unclosed table", "表名的方括号没有闭合"),
    ];
    let zh = match known.iter().find(|(english, _)| message.starts_with(english)) {
        Some((_, chinese)) => format!("不是正确的 TOML：{chinese}"),
        None if message.starts_with("invalid type") => format!("值的类型不对（{message}）"),
        None => format!("不是正确的 TOML（{message}）"),
    };
    Text { en: message.to_owned(), zh }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message.fmt(f)
    }
}

/// The known name that is nearest to a mistyped one, if any is near.
#[must_use]
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    known
        .into_iter()
        .map(|name| (name.to_lowercase(), name))
        // One slip is near in the shortest names too, where it is a third or half of all letters.
        .filter(|(known, _)| {
            strsim::jaro_winkler(&typed, known) > 0.78 || strsim::osa_distance(&typed, known) == 1
        })
        .map(|(known, name)| (strsim::jaro_winkler(&typed, &known), name))
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_through_a_typo_and_not_out_of_thin_air() {
        let known = ["RTX 4090", "RTX 3090", "H100 SXM"];
        assert_eq!(nearest("rtx4090", known), Some("RTX 4090"));
        assert_eq!(nearest("voodoo", known), None);
        assert_eq!(nearest("7x", ["1.5b", "7b", "70b"]), Some("7b"));
    }
}
