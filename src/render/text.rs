use std::io;

use unicode_linebreak::linebreaks;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr as _};

use super::Style;
use crate::message::Message;

/// Stand around what is bold, and says yes or no; the printer makes styles of them. Code points that Unicode keeps out of all texts
/// (noncharacters): an escape sequence in a text is then always somebody else's.
pub(crate) const BOLD: char = '\u{FDD1}';
pub(crate) const GOOD: char = '\u{FDD2}';
pub(crate) const BAD: char = '\u{FDD3}';
pub(crate) const PLAIN: char = '\u{FDD4}';

/// The columns of a terminal that a text takes: a Chinese character takes two.
pub(crate) fn columns(text: &str) -> usize {
    text.width()
}

/// A text with spaces after it, up to so many columns.
pub(crate) fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(text.width())))
}

/// A text that takes at most so many columns: what has no room ends in an ellipsis.
pub(crate) fn shortened(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut taken = 1;
    let fits = text.chars().take_while(|letter| {
        taken += letter.width().unwrap_or_default();
        taken <= columns
    });
    let mut short = fits.collect::<String>().trim_end().to_owned();
    short.push('…');
    short
}

/// A text in lines of at most so many columns, broken at spaces and between Chinese characters, but not where Chinese
/// typography forbids it, as before a full stop. A word that is longer stays whole: it may be for copying.
pub(crate) fn lines(text: &str, columns: usize) -> Vec<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut lines = vec![String::new()];
    let mut start = 0;
    for (end, _) in linebreaks(&text).filter(|(at, _)| may_break(&text, *at)) {
        let piece = &text[start..end];
        start = end;
        let last = lines.len() - 1;
        let line = &mut lines[last];
        if !line.is_empty() && line.width() + piece.trim_end().width() > columns {
            lines.push(piece.to_owned());
        } else {
            line.push_str(piece);
        }
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

/// Whether a line may end at `at`, where the Unicode rules let it: at a space or beside a Chinese character, but not
/// within a path, an address or a flag.
fn may_break(text: &str, at: usize) -> bool {
    let is_wide = |character: Option<char>| character.and_then(UnicodeWidthChar::width) == Some(2);
    let (before, after) = text.split_at(at);
    after.is_empty()
        || before.ends_with(' ')
        || is_wide(before.chars().next_back())
        || is_wide(after.chars().next())
}

/// Writes a text in lines that fit, the first after `mark` and the others under it.
pub(super) fn wrapped(mark: &str, text: &str, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let indent = mark.width();
    let room = usize::from(style.width).saturating_sub(indent).max(20);
    for (number, line) in lines(text, room).iter().enumerate() {
        match number {
            0 => writeln!(out, "{mark}{line}")?,
            _ => writeln!(out, "{}{line}", " ".repeat(indent))?,
        }
    }
    Ok(())
}

/// Writes a message in lines that fit.
pub(super) fn paragraph(
    message: impl Into<Message>,
    style: Style<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    wrapped("", &style.locale.say(&message.into()), style, out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn english_breaks_at_spaces_and_nowhere_else() {
        assert_eq!(lines("see https://a.example/b-c/d  now", 10), ["see", "https://a.example/b-c/d", "now"]);
    }

    #[test]
    fn chinese_breaks_between_characters_and_not_before_a_full_stop() {
        assert_eq!(lines("权重放得下。还剩余量", 10), ["权重放得", "下。还剩余", "量"]);
        assert_eq!(lines("占用 18.5 GiB 内存", 10), ["占用 18.5", "GiB 内存"]);
    }

    #[test]
    fn a_chinese_label_is_padded_by_its_columns() {
        assert_eq!(padded("权重", 6), "权重  ");
    }

    proptest! {
        #[test]
        fn what_is_shortened_has_room_and_begins_as_before(text in "[a-z 权重缓存]{0,30}", width in 1..20usize) {
            let short = shortened(&text, width);
            prop_assert!(short.width() <= width);
            prop_assert!(text.starts_with(short.trim_end_matches('…')));
            prop_assert_eq!(short.ends_with('…'), text.width() > width);
        }

        #[test]
        fn no_line_is_too_long_and_no_word_is_lost(
            words in prop::collection::vec("[a-z][a-z/-]{0,8}|[权重缓存]{1,9}", 0..20),
            columns in 12..40usize,
        ) {
            let text = words.join(" ");
            let lines = lines(&text, columns);
            for line in &lines {
                prop_assert!(line.width() <= columns, "{line}");
            }
            let bare = |text: &str| text.replace(' ', "");
            prop_assert_eq!(bare(&lines.concat()), bare(&text));
        }
    }
}
