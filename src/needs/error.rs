use std::io;
use std::path::PathBuf;

use super::file::{Mistake, Wrong};
use super::region::region_ids;
use super::table::NEEDS;
use super::typed::FlagError;
use crate::catalog::CatalogError;
use crate::error::{Exit, Failure, nearest};
use crate::message;
use crate::message::{Message, Value, enumeration, list, percent};

/// Why needs cannot be read, or not be met as they are stated.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum NeedsError {
    /// The file cannot be read.
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file is no TOML, or not of needs.
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong in it.
        wrong: Box<Wrong>,
    },
    /// No use-case, or model, has that name.
    Name {
        /// The catalog's word on it.
        source: CatalogError,
        /// What there is.
        known: Vec<String>,
    },
    /// The catalog is wrong.
    Catalog(CatalogError),
    /// A need that has no default.
    Missing {
        /// Its key.
        key: &'static str,
    },
    /// A number that no organisation has.
    OutOfRange {
        /// The key.
        key: &'static str,
        /// What was given.
        value: f64,
        /// The least and the most.
        range: [f64; 2],
    },
    /// A share of time that cannot be planned for.
    Availability {
        /// What was given.
        share: f64,
    },
    /// A conversation does not fit into its context.
    ContextTooShort {
        /// Tokens of the context.
        context: u32,
        /// Tokens of the prompt.
        prompt_tokens: u32,
        /// Tokens of the answer.
        output_tokens: u32,
    },
    /// More tokens in all conversations than llama.cpp can count.
    ContextTooLong,
    /// Neither a maker nor a provider.
    Vendor {
        /// What was given.
        name: String,
        /// The nearest that there is.
        nearest: Option<String>,
    },
    /// Neither a region nor a place of a provider.
    Region {
        /// What was given.
        name: String,
        /// The nearest that there is.
        nearest: Option<String>,
    },
    /// A currency that the catalog has no rate of.
    Currency {
        /// Its code.
        code: String,
        /// The codes of those that there are.
        known: Vec<String>,
    },
}

impl From<CatalogError> for NeedsError {
    fn from(error: CatalogError) -> Self {
        Self::Catalog(error)
    }
}

impl Failure for NeedsError {
    fn message(&self) -> Message {
        match self {
            Self::Read { path, source } => message!(NeedsUnreadable { path: path.display() }).because(source),
            Self::Malformed { path, wrong } => {
                message!(NeedsMalformed { path: path.display(), line: wrong.line, wrong: wrong.message() })
            }
            Self::Name { source, .. } | Self::Catalog(source) => source.message(),
            Self::Missing { key } => message!(NeedsMissing { flag: flag(key) }),
            Self::OutOfRange { key, value, range: [least, most] } => message!(NeedsOutOfRange {
                flag: flag(key),
                value: value.to_string(),
                least: least.to_string(),
                most: most.to_string(),
            }),
            Self::Availability { share } => message!(NeedsAvailabilityOutOfRange {
                share: percent(*share, 4),
                least: percent(0.5, 0),
                most: percent(0.999_999, 4),
            }),
            Self::ContextTooShort { context, prompt_tokens, output_tokens } => {
                message!(NeedsContextTooShort {
                    context: *context,
                    prompt: *prompt_tokens,
                    output: *output_tokens,
                })
            }
            Self::ContextTooLong => message!(NeedsContextTooLong),
            Self::Vendor { name, .. } => message!(NeedsUnknownVendor { name }),
            Self::Region { name, .. } => message!(NeedsUnknownRegion { name }),
            Self::Currency { code, .. } => message!(NeedsUnknownCurrency { code }),
        }
    }

    fn hint(&self) -> Option<Message> {
        Some(match self {
            Self::Malformed { wrong, .. } => wrong.hint().unwrap_or_else(|| message!(NeedsInitHint)),
            Self::Read { .. } => message!(NeedsInitHint),
            Self::Name { source, known } => match source.hint() {
                Some(hint) => hint,
                None if known.is_empty() => return None,
                None => choose_from(known),
            },
            Self::Catalog(source) => return source.hint(),
            Self::Missing { .. } => message!(NeedsMissingHint),
            Self::OutOfRange { key, .. } => correct(key),
            Self::Availability { .. } => correct("availability"),
            Self::ContextTooShort { prompt_tokens, output_tokens, .. } => {
                message!(NeedsContextTooShortHint { length: prompt_tokens.saturating_add(*output_tokens) })
            }
            Self::ContextTooLong => message!(NeedsContextTooLongHint),
            Self::Vendor { nearest, .. } => did_you_mean(nearest.as_deref()?),
            Self::Region { nearest: Some(near), .. } => did_you_mean(near),
            Self::Region { nearest: None, .. } => {
                message!(NeedsUnknownRegionHint {
                    known: enumeration(region_ids().map(|id| format!("`{id}`")))
                })
            }
            Self::Currency { code, known } => {
                message!(NeedsUnknownCurrencyHint { code, known: list(known.iter().map(String::as_str)) })
            }
        })
    }

    fn exit(&self) -> Exit {
        match self {
            Self::Read { .. } | Self::Malformed { .. } | Self::Catalog(_) => Exit::Input,
            _ => Exit::Usage,
        }
    }
}

impl Wrong {
    fn message(&self) -> Message {
        let key = &self.key;
        match &self.mistake {
            Mistake::Unknown => message!(NeedsUnknownKey { key }),
            Mistake::NotOne => message!(NeedsNotOneValue { key }),
            Mistake::NotASwitch => message!(NeedsNotASwitch { key }),
            Mistake::NotWith(other) => message!(NeedsNotWith { key, other: *other }),
            Mistake::Value(FlagError::Choice { text, .. }) => message!(NeedsCannotBe { key, text }),
            Mistake::Value(error) => message!(NeedsWrongValue { key }).because(error.message()),
            Mistake::Syntax(message) => message.clone(),
        }
    }

    fn hint(&self) -> Option<Message> {
        match &self.mistake {
            Mistake::Unknown => nearest(&self.key, NEEDS.iter().map(|need| need.key)).map(did_you_mean),
            Mistake::Value(FlagError::Choice { text, known }) => {
                let near = nearest(text, known.iter().map(String::as_str));
                Some(near.map_or_else(|| choose_from(known), did_you_mean))
            }
            _ => None,
        }
    }
}

fn flag(key: &str) -> String {
    format!("--{}", key.replace('_', "-"))
}

fn correct(key: &str) -> Message {
    message!(NeedsOutOfRangeHint { flag: flag(key), key })
}

fn did_you_mean(near: &str) -> Message {
    message!(NeedsDidYouMean { near })
}

fn choose_from(known: &[String]) -> Message {
    let known: Value = list(known.iter().map(|word| format!("`{word}`")));
    message!(NeedsChooseFrom { known })
}
