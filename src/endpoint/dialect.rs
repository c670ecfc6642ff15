use serde::Serialize;

/// The kind of request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Api {
    /// `/chat/completions`: a message, which the server puts into the model's template.
    #[default]
    Chat,
    /// `/completions`: a text, which the model goes on with.
    Completions,
}

impl Api {
    /// The end of its address.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Chat => "/chat/completions",
            Self::Completions => "/completions",
        }
    }
}

/// What a server understands beyond the bare request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Dialect {
    /// `stream_options.include_usage`: it counts the tokens at the end of a stream.
    pub include_usage: bool,
    /// `ignore_eos`: the answer goes on to the asked length, as vLLM, SGLang and llama-server know it.
    pub ignore_eos: bool,
    /// Whether the longest answer is `max_completion_tokens`, as `OpenAI` has renamed `max_tokens`.
    pub renamed_limit: bool,
}

impl Dialect {
    /// What to try in turn with a server that refuses what it does not know, from the richest on.
    #[must_use]
    pub fn to_try(ignore_eos: bool) -> Vec<Self> {
        let rich = Self { include_usage: true, ignore_eos, renamed_limit: false };
        let mut dialects = vec![rich];
        if ignore_eos {
            dialects.push(Self { ignore_eos: false, ..rich });
        }
        dialects.push(Self { ignore_eos: false, renamed_limit: true, ..rich });
        dialects.push(Self { include_usage: false, ignore_eos: false, renamed_limit: false });
        dialects
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_thing_to_try_is_the_bare_request() {
        for ignore_eos in [true, false] {
            let dialects = Dialect::to_try(ignore_eos);
            assert_eq!(dialects[0].ignore_eos, ignore_eos);
            let bare = Dialect { include_usage: false, ignore_eos: false, renamed_limit: false };
            assert_eq!(dialects.last(), Some(&bare));
        }
    }
}
