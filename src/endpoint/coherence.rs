use serde::Serialize;

/// Characters of an answer that are looked at: enough to tell, and bounded.
const LOOKED_AT: usize = 4096;

/// A unit that repeats: of at most so many characters, so often.
const LONGEST_UNIT: usize = 24;
const REPEATS: usize = 16;

/// The share of characters that no text has, from which an answer is none.
const UNREADABLE: f64 = 0.1;

/// Whether an answer reads like one. A model that is loaded wrongly is as fast as a right one, and writes `!!!!!!!!`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Coherence {
    /// It is text.
    #[default]
    Text,
    /// It has tokens and nothing to read.
    Empty,
    /// It ends in the same token over and over.
    Repeats,
    /// Much of it is no text: broken characters and controls.
    NotText,
}

/// The beginning of an answer, to be judged at its end.
#[derive(Debug, Default)]
pub(super) struct Sample(String);

impl Sample {
    pub(super) fn push(&mut self, text: &str) {
        let room = LOOKED_AT.saturating_sub(self.0.len());
        let end = (0..=room.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        self.0.push_str(&text[..end]);
    }

    pub(super) fn judged(&self) -> Coherence {
        let text = self.0.trim();
        if text.is_empty() {
            return Coherence::Empty;
        }
        let characters: Vec<char> = text.chars().collect();
        let is_broken = |c: &char| {
            *c == char::REPLACEMENT_CHARACTER || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        };
        let broken = characters.iter().filter(|c| is_broken(c)).count();
        if broken as f64 > UNREADABLE * characters.len() as f64 {
            return Coherence::NotText;
        }
        // How it goes on, where a sensible beginning ended.
        let end = &characters[characters.len() / 2..];
        match period(end) {
            unit if unit <= LONGEST_UNIT && end.len() >= unit * REPEATS => Coherence::Repeats,
            _ => Coherence::Text,
        }
    }
}

/// The length of the shortest beginning that the whole repeats, by the failure function of Knuth, Morris and Pratt (1977).
fn period(text: &[char]) -> usize {
    let mut border = vec![0; text.len()];
    for at in 1..text.len() {
        let mut length = border[at - 1];
        while length > 0 && text[at] != text[length] {
            length = border[length - 1];
        }
        border[at] = length + usize::from(text[at] == text[length]);
    }
    text.len() - border.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str) -> Coherence {
        let mut sample = Sample::default();
        for piece in text.split_inclusive(' ') {
            sample.push(piece);
        }
        sample.judged()
    }

    #[test]
    fn an_answer_that_says_nothing_or_one_thing_is_told_from_text() {
        assert_eq!(judged(" \n\n "), Coherence::Empty);
        assert_eq!(judged(&"!".repeat(64)), Coherence::Repeats);
        assert_eq!(judged(&"好".repeat(64)), Coherence::Repeats);
        assert_eq!(judged(&format!("Well, let me see: {}", " the".repeat(99))), Coherence::Repeats);
        assert_eq!(judged(&"\u{fffd}\u{1}a".repeat(40)), Coherence::NotText);
        assert_eq!(judged(&"a\u{fffd}\u{fffd}b c d".repeat(4000)), Coherence::NotText);
    }

    #[test]
    fn prose_lists_and_short_answers_are_text() {
        for text in [
            "42",
            "No, no, no.",
            "1. one\n2. two\n3. three\n4. four\n5. five\n6. six\n7. seven\n8. eight\n9. nine\n",
            "The sky is blue because air scatters short waves more than long ones, as the fourth power of frequency.",
            "因为空气散射短波光比长波光更多，所以天空看起来是蓝色的。",
            "| a | b |\n|---|---|\n| 1 | 2 |\n",
        ] {
            assert_eq!(judged(text), Coherence::Text, "{text}");
        }
    }
}
