use std::borrow::Cow;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use crate::message::{steers, without_secrets};
use crate::render::{BAD, BOLD, GOOD, PLAIN};

/// A text that came from anywhere, as it may be shown: what would steer the terminal is replaced, and secrets are left
/// out.
pub(super) fn harmless(text: &str) -> Cow<'_, str> {
    match without_secrets(text) {
        Cow::Borrowed(text) => unsteered(text),
        Cow::Owned(text) => unsteered(&text).into_owned().into(),
    }
}

/// The same with its secrets, for what a model writes.
pub(super) fn unsteered(text: &str) -> Cow<'_, str> {
    if !text.chars().any(steers) {
        return Cow::Borrowed(text);
    }
    // The other half of an end of line on Windows is none of those.
    let shown = text.chars().filter(|character| *character != '\r');
    shown.map(|character| if steers(character) { char::REPLACEMENT_CHARACTER } else { character }).collect()
}

/// A stream of which each line is made harmless; what the drawing marks gets its style.
#[derive(Debug)]
pub(super) struct Harmless<W: Write> {
    out: W,
    /// The beginning of a line.
    held: Vec<u8>,
}

impl<W: Write> Harmless<W> {
    pub(super) const fn new(out: W) -> Self {
        Self { out, held: Vec::new() }
    }

    fn pass(&mut self, bytes: &[u8]) -> io::Result<()> {
        let text = String::from_utf8_lossy(bytes);
        let text = harmless(&text);
        if text.contains([BOLD, GOOD, BAD, PLAIN]) {
            let bold = Style::new().bold();
            let coloured = |colour: AnsiColor| bold.fg_color(Some(colour.into()));
            let styles = [(BOLD, bold), (GOOD, coloured(AnsiColor::Green)), (BAD, coloured(AnsiColor::Red))];
            let plain = text.replace(PLAIN, &format!("{bold:#}"));
            let drawn =
                styles.iter().fold(plain, |text, (mark, style)| text.replace(*mark, &style.to_string()));
            return self.out.write_all(drawn.as_bytes());
        }
        self.out.write_all(text.as_bytes())
    }
}

impl<W: Write> Write for Harmless<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let ends = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        self.held.extend_from_slice(&bytes[..ends]);
        if ends > 0 {
            let lines = std::mem::take(&mut self.held);
            self.pass(&lines)?;
        }
        self.held.extend_from_slice(&bytes[ends..]);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.held);
        self.pass(&rest)?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(parts: &[&str]) -> String {
        let mut out = Vec::new();
        let mut stream = Harmless::new(&mut out);
        for part in parts {
            stream.write_all(part.as_bytes()).unwrap();
        }
        stream.flush().unwrap();
        drop(stream);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn escape_sequences_of_others_are_shown_and_do_nothing() {
        assert_eq!(
            passed(&["a\u{1b}]0;title\u{7}b\n", "\u{9b}2Jc"]),
            "a\u{fffd}]0;title\u{fffd}b\n\u{fffd}2Jc"
        );
        assert_eq!(passed(&["gnp.\u{202e}exe\u{202c}\r\n"]), "gnp.\u{fffd}exe\u{fffd}\n");
        assert_eq!(passed(&["思", "考\t好"]), "思考\t好");
    }

    #[test]
    fn styles_of_our_own_are_styles() {
        assert_eq!(passed(&[&format!("{BOLD}run this{PLAIN}\n")]), "\u{1b}[1mrun this\u{1b}[0m\n");
        assert_eq!(passed(&[&format!("{GOOD}yes{PLAIN}")]), "\u{1b}[1m\u{1b}[32myes\u{1b}[0m");
    }

    #[test]
    fn a_secret_that_comes_in_two_writes_is_left_out() {
        crate::message::keep_secret("sk-in-two-parts");
        assert_eq!(passed(&["key sk-in", "-two-parts!\n"]), "key ***!\n");
    }
}
