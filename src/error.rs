//! What ends a command: an answer of "no", or an error with what to do about it.

use std::fmt;
use std::process::ExitCode;

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

/// An error at the edge: what happened, what to do now, and how the process ends.
///
/// Each module has an enum of its own; this is what they become when a command gives up.
#[derive(Debug)]
pub struct Error {
    message: String,
    hint: Option<String>,
    exit: Exit,
}

impl Error {
    /// An error that ends the process with `exit`. Causes are appended to the message.
    pub fn new(exit: Exit, error: &dyn std::error::Error) -> Self {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            message = format!("{message}: {error}");
            cause = error.source();
        }
        Self { message, hint: None, exit }
    }

    /// A mistake on the command line that clap cannot see.
    #[must_use]
    pub fn usage(message: impl Into<String>) -> Self {
        Self::plain(Exit::Usage, message)
    }

    /// An error that is told in a sentence and has no cause.
    #[must_use]
    pub fn plain(exit: Exit, message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, exit }
    }

    /// Adds what the user can do now.
    #[must_use]
    pub fn hint(mut self, hint: Option<impl Into<String>>) -> Self {
        self.hint = hint.map(Into::into).or(self.hint);
        self
    }

    /// How the process ends.
    #[must_use]
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// What the user can do now.
    #[must_use]
    pub fn hint_text(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
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
