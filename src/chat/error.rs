use crate::engine::EngineError;
use crate::error::{Exit, Failure};
use crate::message;
use crate::message::Message;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum ChatError {
    /// The file has no tokenizer, as those of random weights.
    NoTokenizer,
    /// The file has no chat template.
    NoTemplate,
    /// The template is wrong, or asks for what is not there.
    Template {
        /// The template engine's error, and what caused it.
        causes: Vec<String>,
    },
    /// The template went beyond a limit, and was ended.
    TemplateLimit {
        /// Which.
        limit: TemplateLimit,
    },
    /// The process for the template cannot be started.
    TemplateProcess {
        /// The system's error.
        source: std::io::Error,
    },
    /// The conversation leaves no room for an answer.
    ContextFull {
        /// Tokens of the conversation with the question.
        prompt_tokens: u32,
        /// Size of the context, in tokens.
        context: u32,
        /// Whether earlier turns are part of it.
        has_history: bool,
    },
    /// The engine failed.
    Engine(#[from] EngineError),
    /// The reader of the answer has gone.
    Unheard {
        /// The system's error.
        source: std::io::Error,
    },
}

/// What a template may not have more of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateLimit {
    /// Time.
    Time,
    /// Main memory, or stack.
    Memory,
    /// Text that it writes.
    Output,
}

impl Failure for ChatError {
    fn message(&self) -> Message {
        match self {
            Self::NoTokenizer => message!(ChatNoTokenizer),
            Self::NoTemplate => message!(ChatNoTemplate),
            Self::Template { causes } => {
                let all =
                    |message: Message, cause: &String| message.because(Message::verbatim(cause.as_str()));
                causes.iter().fold(message!(ChatTemplate), all)
            }
            Self::TemplateLimit { limit } => message!(ChatTemplate).because(match limit {
                TemplateLimit::Time => message!(ChatTemplateTime),
                TemplateLimit::Memory => message!(ChatTemplateMemory),
                TemplateLimit::Output => message!(ChatTemplateOutput),
            }),
            Self::TemplateProcess { source } => message!(ChatTemplate).because(source),
            Self::ContextFull { prompt_tokens, context, .. } => {
                message!(ChatContextFull { prompt_tokens, context })
            }
            Self::Engine(error) => error.message(),
            Self::Unheard { source } => message!(ChatUnheard).because(source),
        }
    }

    fn hint(&self) -> Option<Message> {
        Some(match self {
            Self::NoTokenizer => message!(ChatNoTokenizerHint),
            Self::NoTemplate
            | Self::Template { .. }
            | Self::TemplateLimit { .. }
            | Self::TemplateProcess { .. } => message!(ChatTemplateHint),
            Self::ContextFull { has_history: true, .. } => message!(ChatNewHint),
            Self::ContextFull { prompt_tokens, .. } => {
                message!(ChatContextHint {
                    tokens: prompt_tokens.saturating_add(4096).next_multiple_of(1024)
                })
            }
            Self::Engine(error) => return error.hint(),
            Self::Unheard { .. } => return None,
        })
    }

    fn exit(&self) -> Exit {
        match self {
            Self::NoTokenizer | Self::NoTemplate | Self::Template { .. } | Self::TemplateLimit { .. } => {
                Exit::Input
            }
            Self::TemplateProcess { .. } => Exit::Engine,
            Self::ContextFull { .. } => Exit::No,
            Self::Engine(error) => error.exit(),
            Self::Unheard { .. } => Exit::Output,
        }
    }
}
