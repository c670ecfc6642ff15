use std::borrow::Cow;

use crate::message::Message;

/// A text as one word of a shell, whatever stands in it.
pub(in crate::report) fn word(text: &str) -> Cow<'_, str> {
    // A zero byte can be in no word; it is left out.
    let text = if text.contains('\0') { Cow::Owned(text.replace('\0', "")) } else { Cow::Borrowed(text) };
    match shlex::try_quote(&text) {
        Ok(quoted) => Cow::Owned(quoted.into_owned()),
        Err(_) => text,
    }
}

/// A file, line by line. Its comments are words, which the drawing writes; what a program reads is the same in every
/// language.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script(Vec<Line>);

/// A line of a [`Script`], or several that belong together.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// For the program.
    Text(String),
    /// For the reader, behind a `#`.
    Comment(Message),
}

impl Script {
    /// A shell script.
    pub(in crate::report) fn shell() -> Self {
        Self(vec![Line::Text("#!/bin/sh".to_owned())])
    }

    pub(in crate::report) fn line(&mut self, line: &str) {
        self.0.push(Line::Text(line.to_owned()));
    }

    pub(in crate::report) fn comment(&mut self, comment: Message) {
        self.0.push(Line::Comment(comment));
    }

    /// A command, one flag with its value a line.
    pub(in crate::report) fn command(&mut self, words: &[String]) {
        self.line(&words.join(" \\\n  "));
    }

    /// The lines.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.0
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::word;

    #[test]
    fn a_shell_reads_a_word_as_it_is_and_runs_nothing_of_it() {
        for text in [
            "deepseek-ai/DeepSeek-R1",
            "a/b$(touch PWNED)",
            "`touch PWNED`",
            "it's; touch PWNED",
            "\"a\" b\\",
            "a\nb",
        ] {
            let ran = std::process::Command::new("sh")
                .args(["-c", &format!("printf %s {}", word(text))])
                .output()
                .unwrap();
            assert_eq!(String::from_utf8(ran.stdout).unwrap(), text);
            // As it stands in the scripts.
            let script = format!("MODEL=${{MODEL:-{}}}; printf %s \"$MODEL\"", word(text));
            let ran =
                std::process::Command::new("sh").args(["-c", &script]).env_remove("MODEL").output().unwrap();
            assert_eq!(String::from_utf8(ran.stdout).unwrap(), text);
        }
        assert!(!std::path::Path::new("PWNED").exists());
    }
}
