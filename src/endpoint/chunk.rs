use std::borrow::Cow;
use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::Failure;

/// Token counts as the server reports them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Usage {
    /// Tokens of the prompt, with the template.
    pub prompt_tokens: u64,
    /// Tokens of the output, with its thinking.
    pub output_tokens: u64,
    /// Those of them that were thinking, where it says so.
    pub reasoning_tokens: Option<u64>,
    /// Tokens of the prompt that were found in a cache, where it says so.
    pub cached_tokens: Option<u64>,
}

/// The content of one event of a stream.
#[derive(Debug, Default)]
pub(super) struct Delta<'a> {
    pub(super) reasoning: Cow<'a, str>,
    pub(super) text: Cow<'a, str>,
    pub(super) finished: bool,
    pub(super) usage: Option<Usage>,
}

impl<'a> Delta<'a> {
    /// Reads the data of an event.
    pub(super) fn read(data: &'a str) -> Result<Self, Failure> {
        let chunk: Chunk<'a> =
            serde_json::from_str(data).map_err(|error| Failure::malformed(data, &error))?;
        // As vLLM and others say it where the answer has begun: by an error, or by words without an answer.
        let is_error = chunk.error.is_some() || chunk.object.as_deref() == Some("error");
        if is_error || (chunk.choices.is_none() && chunk.usage.is_none() && chunk.message.is_some()) {
            return Err(Failure::InStream { message: error_message(data).into() });
        }
        let mut delta = Delta { usage: chunk.usage.and_then(ChunkUsage::told), ..Delta::default() };
        // One answer was requested.
        if let Some(choice) = chunk.choices.unwrap_or_default().into_iter().next() {
            let ChunkDelta { content, reasoning_content, reasoning } = choice.delta.unwrap_or_default();
            delta.text = content.or(choice.text).unwrap_or_default().0;
            delta.reasoning = reasoning_content.or(reasoning).unwrap_or_default().0;
            delta.finished = choice.finish_reason.is_some();
        }
        Ok(delta)
    }
}

/// The words of an error as servers put them: `{"error": {"message": …}}`, `{"error": …}`, `{"message": …}` or
/// `{"detail": …}`; else the text itself, as much as a line holds.
pub(super) fn error_message(body: &str) -> String {
    let told = serde_json::from_str::<Value>(body).ok().and_then(|value| {
        let places = ["/error/message", "/error", "/message", "/detail", "/detail/0/msg"];
        places.iter().find_map(|place| Some(value.pointer(place)?.as_str()?.to_owned()))
    });
    shortened(told.as_deref().unwrap_or(body))
}

/// Whether a document that came in place of a stream says why there is none.
pub(super) fn is_error(document: &str) -> bool {
    serde_json::from_str::<Value>(document).is_ok_and(|document| {
        let has = |key: &str| document.get(key).is_some_and(|value| !value.is_null());
        has("error") || (!has("choices") && (has("message") || has("detail")))
    })
}

/// A text in one line of at most 200 characters.
pub(super) fn shortened(text: &str) -> String {
    const MOST: usize = 200;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[derive(Deserialize)]
struct Chunk<'a> {
    #[serde(borrow)]
    choices: Option<Vec<Choice<'a>>>,
    usage: Option<ChunkUsage>,
    error: Option<serde::de::IgnoredAny>,
    object: Option<Cow<'a, str>>,
    message: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Choice<'a> {
    #[serde(borrow)]
    delta: Option<ChunkDelta<'a>>,
    #[serde(borrow)]
    text: Option<Said<'a>>,
    finish_reason: Option<serde::de::IgnoredAny>,
}

#[derive(Default, Deserialize)]
struct ChunkDelta<'a> {
    #[serde(borrow)]
    content: Option<Said<'a>>,
    /// As DeepSeek, vLLM and SGLang name it.
    #[serde(borrow)]
    reasoning_content: Option<Said<'a>>,
    /// As Ollama, `OpenRouter` and later vLLM name it.
    #[serde(borrow)]
    reasoning: Option<Said<'a>>,
}

/// A piece of text: as most servers send it, or as a list of parts, as Mistral and others do.
#[derive(Default)]
struct Said<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Said<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrParts)
    }
}

struct TextOrParts;

impl<'de> Visitor<'de> for TextOrParts {
    type Value = Said<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a list of its parts")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Said<'de>, E> {
        Ok(Said(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Said<'de>, E> {
        Ok(Said(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Said<'de>, A::Error> {
        let mut whole = String::new();
        while let Some(part) = parts.next_element::<Value>()? {
            whole.push_str(part["text"].as_str().or_else(|| part.as_str()).unwrap_or_default());
        }
        Ok(Said(Cow::Owned(whole)))
    }
}

/// A count as servers write it: 50, 50.0 or "50". What cannot be a count is none: negative, broken, or more tokens than
/// any answer has.
#[derive(Clone, Copy)]
struct Count(Option<u64>);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const MOST: f64 = 1e9;
        let number = match Value::deserialize(deserializer)? {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse::<f64>().ok(),
            _ => None,
        };
        let number = number.filter(|number| (0.0..=MOST).contains(number) && number.fract() == 0.0);
        #[expect(clippy::cast_sign_loss, reason = "from zero on")]
        Ok(Self(number.map(|number| number as u64)))
    }
}

#[derive(Deserialize)]
struct ChunkUsage {
    prompt_tokens: Option<Count>,
    completion_tokens: Option<Count>,
    completion_tokens_details: Option<OutputDetails>,
    prompt_tokens_details: Option<PromptDetails>,
    /// As DeepSeek names it.
    prompt_cache_hit_tokens: Option<Count>,
}

#[derive(Deserialize)]
struct OutputDetails {
    reasoning_tokens: Option<Count>,
}

#[derive(Deserialize)]
struct PromptDetails {
    cached_tokens: Option<Count>,
}

impl ChunkUsage {
    fn told(self) -> Option<Usage> {
        let count = |count: Option<Count>| count.and_then(|count| count.0);
        let cached = count(self.prompt_tokens_details.and_then(|details| details.cached_tokens));
        Some(Usage {
            prompt_tokens: count(self.prompt_tokens)?,
            output_tokens: count(self.completion_tokens).unwrap_or(0),
            reasoning_tokens: count(
                self.completion_tokens_details.and_then(|details| details.reasoning_tokens),
            ),
            cached_tokens: cached.or(count(self.prompt_cache_hit_tokens)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinking_and_answer_are_read_under_all_their_names() {
        for (data, reasoning, text) in [
            (r#"{"choices":[{"delta":{"role":"assistant","content":null}}]}"#, "", ""),
            (r#"{"choices":[{"delta":{"content":"a\nb"},"finish_reason":null}]}"#, "", "a\nb"),
            (r#"{"choices":[{"delta":{"reasoning_content":"hm","content":null}}]}"#, "hm", ""),
            (r#"{"choices":[{"delta":{"reasoning":"嗯","content":""}}]}"#, "嗯", ""),
            (r#"{"choices":[{"text":"plain"}],"usage":null}"#, "", "plain"),
            (r#"{"choices":[]}"#, "", ""),
            (
                r#"{"choices":[{"delta":{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}}]}"#,
                "",
                "ab",
            ),
            (r#"{"choices":[{"delta":{"content":["a"],"reasoning":[]}}]}"#, "", "a"),
        ] {
            let delta = Delta::read(data).unwrap();
            assert_eq!((&*delta.reasoning, &*delta.text, delta.finished), (reasoning, text, false), "{data}");
        }
    }

    #[test]
    fn the_servers_count_is_read_with_its_details() {
        let data = r#"{"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,
            "completion_tokens":12,"total_tokens":21,"completion_tokens_details":{"reasoning_tokens":7},
            "prompt_cache_hit_tokens":4}}"#;
        let delta = Delta::read(data).unwrap();
        assert!(delta.finished);
        let usage =
            Usage { prompt_tokens: 9, output_tokens: 12, reasoning_tokens: Some(7), cached_tokens: Some(4) };
        assert_eq!(delta.usage, Some(usage));
    }

    #[test]
    fn a_count_is_read_as_servers_write_it_and_one_that_cannot_be_is_none() {
        let counted = |output: &str| {
            let data = format!(r#"{{"usage":{{"prompt_tokens":9,"completion_tokens":{output}}}}}"#);
            Delta::read(&data).unwrap().usage.map(|usage| usage.output_tokens)
        };
        for (written, tokens) in [
            ("50", 50),
            ("50.0", 50),
            (r#""50""#, 50),
            ("-1", 0),
            ("18446744073709551615", 0),
            ("1e300", 0),
            ("2.5", 0),
            ("null", 0),
            (r#""many""#, 0),
            ("[]", 0),
        ] {
            assert_eq!(counted(written), Some(tokens), "{written}");
        }
    }

    #[test]
    fn errors_are_told_in_the_servers_words() {
        assert!(is_error(r#"{"error":{"message":"model is loading"}}"#) && is_error(r#"{"detail":"no"}"#));
        assert!(!is_error(r#"{"error":null,"choices":[]}"#) && !is_error("{}") && !is_error("no JSON"));
        let told = |data: &str| Delta::read(data).unwrap_err().to_string();
        assert!(told(r#"{"error":{"message":"out of memory","code":500}}"#).ends_with("out of memory"));
        assert!(matches!(Delta::read(r#"{"choices":[{"de"#), Err(Failure::Malformed { .. })));
        assert!(told(r#"{"object":"error","message":"out of memory"}"#).ends_with("out of memory"));
        assert!(told(r#"{"message":"overloaded","code":3}"#).ends_with("overloaded"));
        assert_eq!(error_message(r#"{"detail":"Not Found"}"#), "Not Found");
        assert_eq!(error_message("upstream\n timed out"), "upstream timed out");
        assert_eq!(error_message(&"é".repeat(500)).chars().count(), 201);
    }
}
