use std::borrow::Cow;

use serde::{Deserialize, Serialize};
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
        if chunk.error.is_some() {
            return Err(Failure::InStream { message: error_message(data).into() });
        }
        let mut delta = Delta { usage: chunk.usage.and_then(ChunkUsage::told), ..Delta::default() };
        // One answer was requested.
        if let Some(choice) = chunk.choices.unwrap_or_default().into_iter().next() {
            let ChunkDelta { content, reasoning_content, reasoning } = choice.delta.unwrap_or_default();
            delta.text = content.or(choice.text).unwrap_or_default();
            delta.reasoning = reasoning_content.or(reasoning).unwrap_or_default();
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
}

#[derive(Deserialize)]
struct Choice<'a> {
    #[serde(borrow)]
    delta: Option<ChunkDelta<'a>>,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    finish_reason: Option<serde::de::IgnoredAny>,
}

#[derive(Default, Deserialize)]
struct ChunkDelta<'a> {
    #[serde(borrow)]
    content: Option<Cow<'a, str>>,
    /// As DeepSeek, vLLM and SGLang name it.
    #[serde(borrow)]
    reasoning_content: Option<Cow<'a, str>>,
    /// As Ollama, `OpenRouter` and later vLLM name it.
    #[serde(borrow)]
    reasoning: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct ChunkUsage {
    prompt_tokens: Option<u64>,
    completion_tokens: Option<u64>,
    completion_tokens_details: Option<OutputDetails>,
    prompt_tokens_details: Option<PromptDetails>,
    /// As DeepSeek names it.
    prompt_cache_hit_tokens: Option<u64>,
}

#[derive(Deserialize)]
struct OutputDetails {
    reasoning_tokens: Option<u64>,
}

#[derive(Deserialize)]
struct PromptDetails {
    cached_tokens: Option<u64>,
}

impl ChunkUsage {
    fn told(self) -> Option<Usage> {
        let cached = self.prompt_tokens_details.and_then(|details| details.cached_tokens);
        Some(Usage {
            prompt_tokens: self.prompt_tokens?,
            output_tokens: self.completion_tokens.unwrap_or(0),
            reasoning_tokens: self.completion_tokens_details.and_then(|details| details.reasoning_tokens),
            cached_tokens: cached.or(self.prompt_cache_hit_tokens),
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
    fn errors_are_told_in_the_servers_words() {
        let told = |data: &str| Delta::read(data).unwrap_err().to_string();
        assert!(told(r#"{"error":{"message":"out of memory","code":500}}"#).ends_with("out of memory"));
        assert!(matches!(Delta::read(r#"{"choices":[{"de"#), Err(Failure::Malformed { .. })));
        assert_eq!(error_message(r#"{"detail":"Not Found"}"#), "Not Found");
        assert_eq!(error_message("upstream\n timed out"), "upstream timed out");
        assert_eq!(error_message(&"é".repeat(500)).chars().count(), 201);
    }
}
