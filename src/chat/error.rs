use crate::engine::EngineError;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ChatError {
    /// The file has no tokenizer.
    #[error("the model has no tokenizer: its weights are random, as `bench --synthetic` writes them")]
    NoTokenizer,
    /// The file brings no chat template.
    #[error("the model brings no chat template, so how a conversation is laid out for it is not known")]
    NoTemplate,
    /// The template is wrong, or asks for what is not there.
    #[error("the model's chat template could not be used")]
    Template {
        /// What is wrong.
        source: minijinja::Error,
    },
    /// The conversation leaves no room for an answer.
    #[error(
        "the conversation takes {prompt_tokens} tokens, and the context of {context} has no room for an answer"
    )]
    ContextFull {
        /// What the conversation takes with the question.
        prompt_tokens: u32,
        /// What there is room for.
        context: u32,
        /// Whether earlier turns are part of it.
        has_history: bool,
    },
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Whoever listens has gone.
    #[error("nobody reads the answer any more")]
    Unheard {
        /// What the system said.
        source: std::io::Error,
    },
}

impl ChatError {
    /// What the user can do now.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoTokenizer => Some(
                "fetch the real model with `r1-advisor pull`, or measure this one with `bench`".to_owned(),
            ),
            Self::NoTemplate | Self::Template { .. } => Some(
                "give a template with `--chat-template FILE`, or take the file of another publisher"
                    .to_owned(),
            ),
            Self::ContextFull { has_history: true, .. } => {
                Some("`/new` starts a new conversation; or start again with a larger `--context`".to_owned())
            }
            Self::ContextFull { prompt_tokens, .. } => Some(format!(
                "raise `--context`, to {} for instance, or shorten the prompt",
                prompt_tokens.saturating_add(4096).next_multiple_of(1024)
            )),
            Self::Engine(error) => error.hint(),
            Self::Unheard { .. } => None,
        }
    }
}
