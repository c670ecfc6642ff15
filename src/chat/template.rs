use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Error, ErrorKind, Value, context};
use serde::Serialize;

use super::ChatError;
use crate::engine::Vocabulary;

/// The speaker of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
#[derive(Debug)]
pub struct ChatTemplate {
    environment: Environment<'static>,
    bos: String,
    eos: String,
    control: Vec<String>,
}

/// Stands where a text must be cut before it goes to the tokenizer, so that a person's words are never read as a mark
/// between those who speak. A code point that Unicode keeps out of all texts (a noncharacter).
pub(super) const CUT: char = '\u{FDD0}';

const NAME: &str = "chat";

/// A file's program may be hostile; one that does more than this for a conversation is ended.
const MOST_STEPS: u64 = 50_000_000;

impl ChatTemplate {
    /// The template of a model with this vocabulary, or `source` in its place.
    pub fn new(vocabulary: &Vocabulary, source: Option<String>) -> Result<Self, ChatError> {
        let source = source.or_else(|| vocabulary.chat_template.clone()).ok_or(ChatError::NoTemplate)?;
        let wrong = |source| ChatError::Template { source };
        let mut environment = Environment::new();
        // As Transformers sets Jinja up (`_compile_jinja_template`).
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().map_err(wrong)?;
        environment.set_syntax(syntax);
        environment.set_fuel(Some(MOST_STEPS));
        environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.add_function("raise_exception", |message: String| -> Result<String, Error> {
            Err(Error::new(ErrorKind::InvalidOperation, message))
        });
        environment.add_template_owned(NAME, source).map_err(wrong)?;
        let text = |token: &Option<String>| token.clone().unwrap_or_default();
        Ok(Self {
            environment,
            bos: text(&vocabulary.bos),
            eos: text(&vocabulary.eos),
            control: vocabulary.control.clone(),
        })
    }

    /// The conversation as the model is to read it, up to where its answer begins: in pieces, of which each goes to the
    /// tokenizer for itself. One piece, unless a turn contains what looks like a control token.
    pub fn render(&self, messages: &[Message]) -> Result<Vec<String>, ChatError> {
        let messages: Vec<Message> = messages
            .iter()
            .map(|message| Message { content: said(&message.content, &self.control), ..message.clone() })
            .collect();
        let render = || {
            self.environment.get_template(NAME)?.render(context! {
                messages => Value::from(Serde(&messages)),
                bos_token => self.bos.as_str(),
                eos_token => self.eos.as_str(),
                add_generation_prompt => true,
                // Some copies of the templates close the thought at once where this is not said.
                enable_thinking => true,
            })
        };
        let text: String = render().map_err(|source| ChatError::Template { source })?;
        Ok(text.split(CUT).map(str::to_owned).collect())
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
