//! What ends a command: an answer of "no", or an error with what to do about it.

use std::fmt;
use std::process::ExitCode;

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
    /// The same, ending the process in another way: a name of the catalog that was typed wrong is a wrong command line.
    #[must_use]
    pub fn exiting(self, exit: Exit) -> Self {
        Self { exit, ..self }
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
