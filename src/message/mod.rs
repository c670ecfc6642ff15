//! What there is to say, without the words: a code and its amounts. The words are in `i18n/`, and the drawing puts
//! them together in the reader's language and currency.

mod foreign;
mod system;
mod value;

use std::fmt;

use serde::de::{Deserializer, Error as _};
use serde::ser::{SerializeMap as _, Serializer};
use serde::{Deserialize, Serialize};

pub use foreign::{keep_secret, steers, without_secrets};
pub use value::{
    FACT_KEY, Joint, SHOWN_KEY, Shown, Value, alternatives, as_fact, clauses, enumeration, fact, file_size,
    fixed, grouped, list, percent, phrases, quoted,
};

/// A sentence without its words.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    content: Content,
    because: Option<Box<Message>>,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A message of `i18n/`: its place in the table, and its arguments in alphabetical order of their names.
    Known(usize, Vec<Value>),
    /// The words of another program, which stay as they are.
    Verbatim(String),
}

/// A row of the table of messages.
#[derive(Debug)]
struct Entry {
    code: &'static str,
    file: usize,
    arguments: &'static [&'static str],
}

/// The words of a language, as compiled in.
#[derive(Debug)]
pub struct Language {
    /// Its tag, such as `zh-CN`.
    pub name: &'static str,
    /// What it calls itself.
    pub own_name: &'static str,
    /// The texts of flags and commands; English has them in the code.
    pub help: Option<&'static str>,
    /// Its Fluent files, in the same order in every language.
    pub files: &'static [&'static str],
    /// The sentences of the catalog in it, in the order of their English.
    pub facts: &'static [(&'static str, &'static str)],
}

impl Language {
    /// A sentence of the catalog in this language, where it has one.
    #[must_use]
    pub fn fact(&self, english: &str) -> Option<&'static str> {
        self.facts.binary_search_by_key(&english, |(known, _)| known).ok().map(|at| self.facts[at].1)
    }
}

/// The messages, each a struct with a field for every argument.
#[expect(clippy::doc_markdown, reason = "the docs are the texts")]
pub mod messages {
    use super::{Entry, Language, Message, Value};

    include!(concat!(env!("OUT_DIR"), "/messages.rs"));
}

/// A [`Message`] of `i18n/` by its name and arguments.
///
/// ```
/// use r1_advisor::{message, units::Bytes};
///
/// let free = Bytes::gib(3);
/// let message = message!(Cause { what: "no room", why: free });
/// assert_eq!(message.code(), "cause");
/// ```
#[macro_export]
macro_rules! message {
    (@value $field:ident) => { $crate::message::Value::from($field) };
    (@value $field:ident, $value:expr) => { $crate::message::Value::from($value) };
    ($name:ident) => { $crate::message::Message::from($crate::message::messages::$name {}) };
    ($name:ident { $($field:ident $(: $value:expr)?),* $(,)? }) => {
        $crate::message::Message::from($crate::message::messages::$name {
            $($field: $crate::message!(@value $field $(, $value)?)),*
        })
    };
}

impl Message {
    fn known(at: usize, arguments: Vec<Value>) -> Self {
        Self { content: Content::Known(at, arguments), because: None }
    }

    /// The words of another program.
    #[must_use]
    pub fn verbatim(words: impl Into<String>) -> Self {
        Self { content: Content::Verbatim(words.into()), because: None }
    }

    /// The message with a cause, drawn behind a colon.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Self>) -> Self {
        let cause = Box::new(cause.into());
        self.because = Some(match self.because.take() {
            Some(earlier) => Box::new(earlier.because(*cause)),
            None => cause,
        });
        self
    }

    /// The id for programs; `verbatim` for the words of another one.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.content {
            Content::Known(at, _) => messages::ENTRIES[*at].code,
            Content::Verbatim(_) => "verbatim",
        }
    }

    /// What it says.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// Why it is so.
    #[must_use]
    pub fn cause(&self) -> Option<&Self> {
        self.because.as_deref()
    }

    /// The Fluent file that it is in, and its arguments by name; none of what is verbatim.
    #[must_use]
    pub fn place(&self) -> Option<(usize, impl Iterator<Item = (&'static str, &Value)>)> {
        let Content::Known(at, values) = &self.content else { return None };
        let entry = &messages::ENTRIES[*at];
        Some((entry.file, entry.arguments.iter().copied().zip(values)))
    }
}

/// The code and amounts, for logs and failed tests; the words are the drawing's.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.content {
            Content::Verbatim(words) => f.write_str(words)?,
            Content::Known(..) => {
                f.write_str(self.code())?;
                for (name, value) in self.place().into_iter().flat_map(|(_, values)| values) {
                    write!(f, " {name}={value:?}")?;
                }
            }
        }
        self.because.iter().try_for_each(|cause| write!(f, ": {cause}"))
    }
}

impl From<&str> for Message {
    fn from(words: &str) -> Self {
        Self::verbatim(words)
    }
}

impl From<String> for Message {
    fn from(words: String) -> Self {
        Self::verbatim(words)
    }
}

impl From<&Message> for Message {
    fn from(message: &Message) -> Self {
        message.clone()
    }
}

/// The key by which the drawing finds the messages of a JSON document.
pub const KEY: &str = "$message";

#[derive(Serialize, Deserialize)]
struct Written {
    code: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    arguments: Vec<(String, Value)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    because: Option<Box<Message>>,
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let code = match &self.content {
            Content::Known(..) => self.code().to_owned(),
            Content::Verbatim(words) if self.because.is_none() => return serializer.serialize_str(words),
            Content::Verbatim(words) => words.clone(),
        };
        let arguments = self.place().into_iter().flat_map(|(_, values)| values);
        let arguments = arguments.map(|(name, value)| (name.to_owned(), value.clone())).collect();
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(KEY, &Written { code, arguments, because: self.because.clone() })?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Words(String),
            Object {
                #[serde(rename = "$message")]
                message: Written,
            },
        }
        let Written { code, arguments, because } = match Form::deserialize(deserializer)? {
            Form::Words(words) => return Ok(Self::verbatim(words)),
            Form::Object { message } => message,
        };
        // What another version wrote is shown by its code.
        let Some(at) = messages::ENTRIES.iter().position(|entry| entry.code == code) else {
            return Ok(Self { content: Content::Verbatim(code), because });
        };
        let value =
            |name: &&str| arguments.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone());
        let values: Option<Vec<Value>> = messages::ENTRIES[at].arguments.iter().map(value).collect();
        let values = values.ok_or_else(|| D::Error::custom(format!("arguments are missing of `{code}`")))?;
        Ok(Self { content: Content::Known(at, values), because })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Bytes;

    #[test]
    fn a_message_survives_a_file() {
        let inner = message!(Cause { what: "a", why: fixed(1.5, 2) });
        let message =
            message!(Cause { what: Bytes::gib(2), why: list([Value::from("x"), Value::from(3_u32)]) })
                .because(inner)
                .because(Message::verbatim("killed"));
        let text = serde_json::to_string(&message).unwrap();
        assert_eq!(serde_json::from_str::<Message>(&text).unwrap(), message, "{text}");
        assert_eq!(serde_json::from_str::<Message>("\"as it was\"").unwrap(), Message::verbatim("as it was"));
    }
}
