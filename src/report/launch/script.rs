use crate::lang::Text;

/// A file whose comments are told in every language, and whose other lines are the same in all.
#[derive(Clone, Debug, Default)]
pub(in crate::report) struct Script {
    en: String,
    zh: String,
}

impl Script {
    /// A shell script that stops at the first mistake.
    pub(in crate::report) fn shell() -> Self {
        let mut script = Self::default();
        script.line("#!/bin/sh");
        script
    }

    pub(in crate::report) fn line(&mut self, line: &str) {
        for text in [&mut self.en, &mut self.zh] {
            text.push_str(line);
            text.push('\n');
        }
    }

    pub(in crate::report) fn comment(&mut self, comment: &Text) {
        for (text, comment) in [(&mut self.en, &comment.en), (&mut self.zh, &comment.zh)] {
            text.push_str("# ");
            text.push_str(comment);
            text.push('\n');
        }
    }

    /// A command, one flag with its value a line.
    pub(in crate::report) fn command(&mut self, words: &[String]) {
        self.line(&words.join(" \\\n  "));
    }
}

impl From<Script> for Text {
    fn from(script: Script) -> Self {
        Self { en: script.en, zh: script.zh }
    }
}
