//! Messages within JSON, drawn at the edge.

use serde_json::{Map, Value};

use super::Locale;
use crate::message::{self, FACT_KEY, KEY, Message, SHOWN_KEY};

/// The document with every message as a sentence, and its code in a key beside: `hint` gets `hint_code`, and a list of
/// sentences such as `reasons` gets `reasons_codes`.
#[must_use]
pub fn drawn(document: Value, locale: &Locale) -> Value {
    match document {
        Value::Object(mut fields) => match (fields.remove(SHOWN_KEY), fields.get(FACT_KEY)) {
            (Some(value), _) => shown(value),
            (None, Some(Value::String(sentence))) => locale.show(message::fact(sentence)).into(),
            (None, _) => Value::Object(object(fields, locale)),
        },
        Value::Array(items) => Value::Array(items.into_iter().map(|item| drawn(item, locale)).collect()),
        other => other,
    }
}

fn object(fields: Map<String, Value>, locale: &Locale) -> Map<String, Value> {
    let mut drawn_fields = Map::new();
    for (key, value) in fields {
        match value {
            Value::Object(_) if is_message(&value) => {
                let (sentence, code) = sentence(value, locale);
                drawn_fields.insert(key.clone(), sentence);
                drawn_fields.insert(format!("{key}_code"), code);
            }
            Value::Array(items) if items.iter().any(is_message) => {
                let (sentences, codes): (Vec<Value>, Vec<Value>) =
                    items.into_iter().map(|item| sentence(item, locale)).unzip();
                drawn_fields.insert(key.clone(), Value::Array(sentences));
                drawn_fields.insert(format!("{key}_codes"), Value::Array(codes));
            }
            other => {
                drawn_fields.insert(key, drawn(other, locale));
            }
        }
    }
    drawn_fields
}

fn shown(value: Value) -> Value {
    match serde_json::from_value::<message::Value>(value.clone()) {
        Ok(amount) => Locale::default().show(amount).into(),
        Err(_) => value,
    }
}

fn is_message(value: &Value) -> bool {
    value.as_object().is_some_and(|fields| fields.len() == 1 && fields.contains_key(KEY))
}

/// A message in words, and its code. A string is the words of another program.
fn sentence(value: Value, locale: &Locale) -> (Value, Value) {
    match serde_json::from_value::<Message>(value.clone()) {
        Ok(message) => (locale.say(&message).into(), message.code().into()),
        Err(_) => (value, Value::Null),
    }
}
