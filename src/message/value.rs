use std::path::{Display, Path, PathBuf};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Message;
use crate::units::{
    Bandwidth, Bytes, Flops, Joules, Seconds, TokenRate, Usd, UsdPerHour, UsdPerMillionTokens,
};

/// An amount or a name in a message. How it is written is the drawing's: by language and currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A name, a path, or the words of another program.
    Text(String),
    /// A whole number; plurals go by it.
    Count(i64),
    /// The same with separators of thousands.
    Grouped(i64),
    /// A number with so many decimals.
    Fixed(f64, usize),
    /// A share, as percent with so many decimals.
    Percent(f64, usize),
    /// Memory, in binary units.
    Bytes(Bytes),
    /// The size of a file, in decimal units.
    FileSize(Bytes),
    /// Speed of prefill or decode.
    TokenRate(TokenRate),
    /// Speed of memory.
    Bandwidth(Bandwidth),
    /// Speed of compute.
    Flops(Flops),
    /// A span of time.
    Seconds(Seconds),
    /// Energy.
    Joules(Joules),
    /// Money.
    Usd(Usd),
    /// Money an hour.
    UsdPerHour(UsdPerHour),
    /// Money a million tokens.
    UsdPerMillionTokens(UsdPerMillionTokens),
    /// The same with all decimals that it is quoted with.
    Quoted(UsdPerMillionTokens),
    /// A day.
    Date(Date),
    /// A sentence of the catalog, in English; other languages have their own where their folder knows it.
    Fact(String),
    /// A sentence within the sentence.
    Message(Box<Message>),
    /// Several of these.
    List(Joint, Vec<Value>),
}

/// A value that JSON carries as text, the same for every reader: in English and US dollars.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown(pub Value);

/// The key by which the drawing finds a sentence of the catalog.
pub const FACT_KEY: &str = "$fact";
/// The key by which the drawing finds a [`Shown`] value.
pub const SHOWN_KEY: &str = "$shown";

impl Serialize for Shown {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [(SHOWN_KEY, &self.0)].into_iter().collect::<std::collections::BTreeMap<_, _>>().serialize(serializer)
    }
}

/// Serializes a sentence of the catalog so that it is drawn in the reader's language.
pub fn as_fact<S: serde::Serializer>(sentence: &str, serializer: S) -> Result<S::Ok, S::Error> {
    [(FACT_KEY, sentence)].into_iter().collect::<std::collections::BTreeMap<_, _>>().serialize(serializer)
}

/// How the items of a list are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Joint {
    /// `a, b and c`
    And,
    /// `a, b or c`
    Or,
    /// `a, b, c`
    Comma,
    /// `a, b, c`, of parts that are phrases themselves: Chinese joins those by another comma.
    Phrase,
    /// `a; b; c`
    Semicolon,
}

/// A number with so many decimals.
#[must_use]
pub fn fixed(number: f64, decimals: usize) -> Value {
    Value::Fixed(number, decimals)
}

/// A whole number with separators of thousands.
#[must_use]
pub fn grouped(number: u64) -> Value {
    Value::Grouped(number.try_into().unwrap_or(i64::MAX))
}

/// A share as percent, with so many decimals.
#[must_use]
pub fn percent(share: f64, decimals: usize) -> Value {
    Value::Percent(share, decimals)
}

/// The size of a file, in decimal units as hubs print it.
#[must_use]
pub fn file_size(size: Bytes) -> Value {
    Value::FileSize(size)
}

/// A price with all decimals that it is quoted with.
#[must_use]
pub fn quoted(price: UsdPerMillionTokens) -> Value {
    Value::Quoted(price)
}

/// A sentence of the catalog.
#[must_use]
pub fn fact(sentence: impl Into<String>) -> Value {
    Value::Fact(sentence.into())
}

/// `a, b and c`
pub fn list<T: Into<Value>>(items: impl IntoIterator<Item = T>) -> Value {
    Value::List(Joint::And, items.into_iter().map(Into::into).collect())
}

/// `a, b or c`
pub fn alternatives<T: Into<Value>>(items: impl IntoIterator<Item = T>) -> Value {
    Value::List(Joint::Or, items.into_iter().map(Into::into).collect())
}

/// `a, b, c`
pub fn enumeration<T: Into<Value>>(items: impl IntoIterator<Item = T>) -> Value {
    Value::List(Joint::Comma, items.into_iter().map(Into::into).collect())
}

/// `a, b, c`, of parts that are phrases themselves.
pub fn phrases<T: Into<Value>>(items: impl IntoIterator<Item = T>) -> Value {
    Value::List(Joint::Phrase, items.into_iter().map(Into::into).collect())
}

/// `a; b; c`
pub fn clauses<T: Into<Value>>(items: impl IntoIterator<Item = T>) -> Value {
    Value::List(Joint::Semicolon, items.into_iter().map(Into::into).collect())
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&&str> for Value {
    fn from(text: &&str) -> Self {
        Self::Text((*text).to_owned())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<Display<'_>> for Value {
    fn from(path: Display<'_>) -> Self {
        Self::Text(path.to_string())
    }
}

impl From<&Path> for Value {
    fn from(path: &Path) -> Self {
        Self::Text(path.display().to_string())
    }
}

impl From<&PathBuf> for Value {
    fn from(path: &PathBuf) -> Self {
        path.as_path().into()
    }
}

impl From<Message> for Value {
    fn from(message: Message) -> Self {
        Self::Message(Box::new(message))
    }
}

impl From<&Message> for Value {
    fn from(message: &Message) -> Self {
        message.clone().into()
    }
}

impl From<&Value> for Value {
    fn from(value: &Value) -> Self {
        value.clone()
    }
}

macro_rules! from {
    ($($kind:ident $type:ty),+ $(,)?) => {
        $(impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$kind(value)
            }
        }
        impl From<&$type> for Value {
            fn from(value: &$type) -> Self {
                Self::$kind(*value)
            }
        })+
    };
}

from!(
    Bytes Bytes,
    TokenRate TokenRate,
    Bandwidth Bandwidth,
    Flops Flops,
    Seconds Seconds,
    Joules Joules,
    Usd Usd,
    UsdPerHour UsdPerHour,
    UsdPerMillionTokens UsdPerMillionTokens,
    Date Date,
);

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

macro_rules! from_count {
    ($($type:ty),+) => {
        $(impl From<$type> for Value {
            fn from(count: $type) -> Self {
                Self::Count(i64::try_from(count).unwrap_or(i64::MAX))
            }
        }
        impl From<&$type> for Value {
            fn from(count: &$type) -> Self {
                Self::from(*count)
            }
        })+
    };
}

from_count!(u8, u16, u32, u64, usize, i32, i64);
