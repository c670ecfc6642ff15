use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::layout::{Laid, Sheet};
use super::{ChatError, TemplateLimit, apart};
use crate::engine::Vocabulary;

/// The speaker of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The frame of the conversation. R1's makers advise against one.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
}

/// One turn of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The speaker.
    pub role: Role,
    /// The text.
    pub content: String,
}

/// The program that lays out a conversation for a model: the model's own, in Jinja.
///
/// llama.cpp's C interface does not run these programs. It knows some conversations by their marks and lays them out
/// itself (`src/llama-chat.cpp`): for R1 without the token that begins a text, without `<think>`, and with the
/// thinking of earlier answers left in. So they are run here, as Transformers runs them.
#[derive(Clone, Debug)]
pub struct ChatTemplate {
    source: String,
    bos: String,
    eos: String,
    control: Vec<String>,
    renderer: Renderer,
}

/// Where a template's program runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Renderer {
    /// In this process, which one that is hostile takes down: for templates that are known.
    #[default]
    Here,
    /// In a process of this program, within limits.
    Apart(PathBuf),
}

/// Stands where a text must be cut before it goes to the tokenizer, so that a person's words are never read as a mark
/// between those who speak. A code point that Unicode keeps out of all texts (a noncharacter).
pub(super) const CUT: char = '\u{FDD0}';

impl ChatTemplate {
    /// The template of a model with this vocabulary, or `source` in its place.
    pub fn new(
        vocabulary: &Vocabulary,
        source: Option<String>,
        renderer: Renderer,
    ) -> Result<Self, ChatError> {
        let source = source.or_else(|| vocabulary.chat_template.clone()).ok_or(ChatError::NoTemplate)?;
        let text = |token: &Option<String>| token.clone().unwrap_or_default();
        let template = Self {
            source,
            bos: text(&vocabulary.bos),
            eos: text(&vocabulary.eos),
            control: vocabulary.control.clone(),
            renderer,
        };
        // What cannot be read is said before anybody asks something.
        template.laid(None)?;
        Ok(template)
    }

    /// The conversation as the model is to read it, up to where its answer begins: in pieces, of which each goes to the
    /// tokenizer for itself. One piece, unless a turn contains what looks like a control token.
    pub fn render(&self, messages: &[Message]) -> Result<Vec<String>, ChatError> {
        let messages = messages
            .iter()
            .map(|message| Message { content: said(&message.content, &self.control), ..message.clone() })
            .collect();
        Ok(self.laid(Some(messages))?.split(CUT).map(str::to_owned).collect())
    }

    fn laid(&self, messages: Option<Vec<Message>>) -> Result<String, ChatError> {
        let Self { source, bos, eos, .. } = self.clone();
        let sheet = Sheet { source, bos, eos, messages };
        let laid = match &self.renderer {
            Renderer::Here => sheet.laid(),
            Renderer::Apart(program) => apart::laid(program, &sheet)?,
        };
        match laid {
            Laid::Text(text) => Ok(text),
            Laid::Wrong(causes) => Err(ChatError::Template { causes }),
            Laid::TooLong => Err(ChatError::TemplateLimit { limit: TemplateLimit::Output }),
        }
    }
}

/// A turn's text, with a cut in everything that looks like a control token.
fn said(content: &str, control: &[String]) -> String {
    let content = content.replace(CUT, "");
    let met: Vec<&String> = control.iter().filter(|written| content.contains(written.as_str())).collect();
    if met.is_empty() {
        return content;
    }
    let mut cut = String::with_capacity(content.len());
    for (at, character) in content.char_indices() {
        cut.push(character);
        if met.iter().any(|written| content[at..].starts_with(written.as_str())) {
            cut.push(CUT);
        }
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_control_token_is_cut_and_nothing_else_is() {
        let control = ["<|end|>".to_owned(), "<|e".to_owned()];
        assert_eq!(said("a < b |> c", &control), "a < b |> c");
        assert_eq!(said("a<|end|>b", &control), "a<\u{FDD0}|end|>b");
        // What stands for a cut cannot be brought in from outside.
        assert_eq!(said("<|e\u{FDD0}nd|>", &control), "<\u{FDD0}|end|>");
    }
}
