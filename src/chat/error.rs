use crate::both;
use crate::engine::EngineError;
use crate::lang::Text;

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
    pub fn hint(&self) -> Option<Text> {
        match self {
            Self::NoTokenizer => Some(both!(
                "fetch the real model with `r1-advisor pull`, or measure this one with `bench`",
                "请用 `r1-advisor pull` 下载真正的模型，或用 `bench` 测量这一个"
            )),
            Self::NoTemplate | Self::Template { .. } => Some(both!(
                "give a template with `--chat-template FILE`, or take the file of another publisher",
                "请用 `--chat-template FILE` 给出模板，或改用其他发布者的文件"
            )),
            Self::ContextFull { has_history: true, .. } => Some(both!(
                "`/new` starts a new conversation; or start again with a larger `--context`",
                "`/new` 开始新对话；或用更大的 `--context` 重新启动"
            )),
            Self::ContextFull { prompt_tokens, .. } => {
                let tokens = prompt_tokens.saturating_add(4096).next_multiple_of(1024);
                Some(both!(
                    "raise `--context`, to {tokens} for instance, or shorten the prompt",
                    "请提高 `--context`，如 {tokens}，或缩短提示词"
                ))
            }
            Self::Engine(error) => error.hint(),
            Self::Unheard { .. } => None,
        }
    }
}
