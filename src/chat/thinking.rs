/// The part of an answer that a text belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The model thinks.
    Thinking,
    /// It answers.
    Answer,
}

const BEGINS: &str = "<think>";
const ENDS: &str = "</think>";

/// Takes thinking apart from the answer, in text that comes in pieces.
#[derive(Clone, Debug)]
pub struct Split {
    part: Part,
    /// Whether anything was said yet: only then may an answer still begin with a thought.
    begun: bool,
    /// A text that may be the beginning of a mark.
    held: String,
}

impl Split {
    /// A stream that begins in the midst of a thought, or not.
    #[must_use]
    pub fn new(part: Part) -> Self {
        Self { part, begun: part == Part::Thinking, held: String::new() }
    }

    /// What belongs to what, as far as is known yet. The marks themselves are left out.
    pub fn push(&mut self, text: &str) -> Vec<(Part, String)> {
        self.held.push_str(text);
        let mut said = Vec::new();
        loop {
            let mark = match self.part {
                Part::Thinking => ENDS,
                Part::Answer if !self.begun => BEGINS,
                // What an answer says of thinking is its own.
                Part::Answer => {
                    self.say(self.held.len(), &mut said);
                    return said;
                }
            };
            if self.part == Part::Answer && !self.may_begin_with(mark) {
                self.begun = true;
                continue;
            }
            if let Some(at) = self.held.find(mark) {
                if self.part == Part::Thinking {
                    self.say(at, &mut said);
                    self.part = Part::Answer;
                } else {
                    self.part = Part::Thinking;
                    self.held.drain(..at);
                }
                self.begun = true;
                self.held.drain(..mark.len());
                continue;
            }
            if self.part == Part::Thinking {
                let kept = longest_end_that_begins(&self.held, mark);
                self.say(self.held.len() - kept, &mut said);
            }
            return said;
        }
    }

    /// The text held back, once nothing more comes.
    pub fn finish(&mut self) -> Vec<(Part, String)> {
        let mut said = Vec::new();
        self.say(self.held.len(), &mut said);
        said
    }

    /// The current part.
    #[must_use]
    pub const fn part(&self) -> Part {
        self.part
    }

    fn may_begin_with(&self, mark: &str) -> bool {
        let begin = self.held.trim_start();
        begin.starts_with(mark) || mark.starts_with(begin)
    }

    fn say(&mut self, bytes: usize, said: &mut Vec<(Part, String)>) {
        if bytes > 0 {
            said.push((self.part, self.held.drain(..bytes).collect()));
        }
    }
}

/// How many bytes at the end of `text` are the beginning of `mark`.
fn longest_end_that_begins(text: &str, mark: &str) -> usize {
    (1..mark.len().min(text.len() + 1)).rev().find(|length| text.ends_with(&mark[..*length])).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Part, Split};

    fn split(from: Part, text: &str, cut: usize) -> (String, String) {
        let mut split = Split::new(from);
        let characters: Vec<char> = text.chars().collect();
        let mut said: Vec<(Part, String)> = Vec::new();
        for piece in characters.chunks(cut) {
            said.extend(split.push(&piece.iter().collect::<String>()));
        }
        said.extend(split.finish());
        let of =
            |wanted| said.iter().filter(|(part, _)| *part == wanted).map(|(_, text)| text.as_str()).collect();
        (of(Part::Thinking), of(Part::Answer))
    }

    #[test]
    fn thinking_ends_at_its_mark_wherever_the_text_is_cut() {
        for cut in 1..12 {
            assert_eq!(
                split(Part::Thinking, "a < b, so </thin air</think>\n\nYes", cut),
                ("a < b, so </thin air".into(), "\n\nYes".into())
            );
            assert_eq!(split(Part::Answer, "\n<think>hm</think>ok", cut), ("hm".into(), "ok".into()));
            assert_eq!(
                split(Part::Answer, "Write <think> and </think>", cut),
                (String::new(), "Write <think> and </think>".into())
            );
        }
    }

    proptest! {
        #[test]
        fn no_character_is_lost(text in "[a<>/think \n]{0,60}", cut in 1_usize..9) {
            let (thought, answer) = split(Part::Thinking, &text, cut);
            let marked = text.contains("</think>");
            let whole = if marked { format!("{thought}</think>{answer}") } else { thought + &answer };
            prop_assert_eq!(whole, text);
        }
    }
}
