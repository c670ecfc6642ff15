const OPENING: &str = "<think>";
const CLOSING: &str = "</think>";

/// The part of an answer that a text belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Thinking that a tag has marked as such.
    Thinking,
    /// The answer, or thinking whose end has not come: R1's template opens the thought in the prompt, so that only its
    /// end is in the text.
    Unmarked,
    /// The piece in which the thought ends; all before was thinking.
    End,
}

/// Separates thinking from the answer in text with `<think>` tags, whose letters may come in several pieces.
#[derive(Debug, Default)]
pub(super) struct Thinking {
    /// The end of what came, as much as a tag may be in.
    tail: String,
    opened: bool,
    ended: bool,
}

impl Thinking {
    pub(super) fn part(&mut self, text: &str) -> Part {
        if self.ended {
            return Part::Unmarked;
        }
        self.tail.push_str(text);
        let part = if self.tail.contains(CLOSING) {
            self.ended = true;
            Part::End
        } else {
            self.opened |= self.tail.contains(OPENING);
            if self.opened { Part::Thinking } else { Part::Unmarked }
        };
        let keep = self.tail.len().saturating_sub(CLOSING.len());
        let keep = (keep..=self.tail.len()).find(|at| self.tail.is_char_boundary(*at)).unwrap_or_default();
        self.tail.drain(..keep);
        part
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(pieces: &[&str]) -> Vec<Part> {
        let mut thinking = Thinking::default();
        pieces.iter().map(|piece| thinking.part(piece)).collect()
    }

    #[test]
    fn tags_are_found_wherever_tokens_cut_them() {
        use Part::{End, Thinking, Unmarked};
        assert_eq!(
            parts(&["<think>", "\n", "hm", "</think>", "42"]),
            [Thinking, Thinking, Thinking, End, Unmarked]
        );
        assert_eq!(
            parts(&["<", "think", ">嗯", "</th", "ink>", "四"]),
            [Unmarked, Unmarked, Thinking, Thinking, End, Unmarked]
        );
        // The opening tag was in the prompt.
        assert_eq!(parts(&["hm", "</think>", "42"]), [Unmarked, End, Unmarked]);
        assert_eq!(parts(&["no", " thought"]), [Unmarked, Unmarked]);
    }
}
