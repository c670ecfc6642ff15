use clap::Args;

use crate::catalog::Catalog;
use crate::error::{Error, Exit};
use crate::estimate::Task;
use crate::recommend::{Needs, Priority};
use crate::run_config::{KvType, RunConfig};
use crate::units::{Bytes, Seconds, TokenRate};

/// The use-case that stands where none is named.
const DEFAULT_USE_CASE: &str = "general";

/// What the user needs; the use-case gives what is not said.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Needs (default: those of the use-case)")]
pub struct NeedsArgs {
    /// What it is for: `general`, `chat`, `coding`, `documents`, `research` …
    #[arg(long, value_name = "NAME", default_value = DEFAULT_USE_CASE)]
    pub use_case: String,
    /// Context length to size the KV cache for, in tokens
    #[arg(long, short = 'c', value_name = "N", value_parser = context_length)]
    pub context: Option<u32>,
    /// Length of a typical question, in tokens
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub prompt_tokens: Option<u32>,
    /// Length of a typical answer with its thinking, in tokens
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub output_tokens: Option<u32>,
    /// The slowest decode that is still usable, in tokens per second
    #[arg(long, value_name = "RATE", value_parser = positive)]
    pub min_decode: Option<f64>,
    /// The longest that a whole answer may take, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = positive)]
    pub max_answer_time: Option<f64>,
    /// Type of the cached keys and values
    #[arg(long, value_enum, value_name = "TYPE", default_value_t)]
    pub kv_type: KvType,
    /// Memory to leave for other programs, such as 8GiB
    #[arg(long, value_name = "SIZE")]
    pub reserve_ram: Option<Bytes>,
    /// What counts most among what meets the limits
    #[arg(long, value_enum, value_name = "WHAT", default_value_t)]
    pub priority: Priority,
}

impl NeedsArgs {
    /// The needs, with the use-case's figures where no flag says otherwise.
    pub fn needs(&self, catalog: &Catalog) -> Result<Needs, Error> {
        let use_case = catalog.use_case(&self.use_case).map_err(|error| {
            Error::new(Exit::Usage, &error).hint(Some(known_use_cases(catalog))).hint(error.hint())
        })?;
        let task = Task {
            prompt_tokens: self.prompt_tokens.unwrap_or(use_case.prompt_tokens),
            output_tokens: self.output_tokens.unwrap_or(use_case.output_tokens),
        };
        let length = task.prompt_tokens.saturating_add(task.output_tokens);
        let context = match self.context {
            Some(context) if context < length => {
                return Err(Error::usage(format!(
                    "a context of {context} tokens cannot hold a question of {} and an answer of {}",
                    task.prompt_tokens, task.output_tokens
                ))
                .hint(Some(format!(
                    "raise `--context` to {length}, or lower `--prompt-tokens` or `--output-tokens`"
                ))));
            }
            Some(context) => context,
            None => use_case.context_tokens.max(length),
        };
        Ok(Needs {
            use_case: use_case.id.clone(),
            run: RunConfig { context, kv_type: self.kv_type, ..RunConfig::default() },
            task,
            minimum_decode_tokens_per_second: TokenRate(
                self.min_decode.unwrap_or(use_case.minimum_decode_tokens_per_second),
            ),
            maximum_answer_seconds: self.max_answer_time.map(Seconds),
            reserved_ram_bytes: self.reserve_ram,
            priority: self.priority,
        })
    }
}

fn known_use_cases(catalog: &Catalog) -> String {
    let known: Vec<_> = catalog.use_cases().iter().map(|use_case| format!("`{}`", use_case.id)).collect();
    format!("there are {}", known.join(", "))
}

/// A text that a flag cannot take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlagError {
    /// Not a length in tokens.
    #[error("`{text}` is not a number of tokens; write it like `8192` or `32k`")]
    Tokens {
        /// What was typed.
        text: String,
    },
    /// Not a share.
    #[error("`{text}` is not a share; write it like `0.1` or `10%`")]
    Share {
        /// What was typed.
        text: String,
    },
    /// Not a date.
    #[error("`{text}` is no date; write it like `2024-10-31`, `2024-10` or `2024`")]
    Date {
        /// What was typed.
        text: String,
    },
    /// Not a rate or a time.
    #[error("`{text}` is not a number above zero")]
    Positive {
        /// What was typed.
        text: String,
    },
}

/// A context length as people type it: `8192`, `8k`, `128K`, `1M`.
pub fn context_length(text: &str) -> Result<u32, FlagError> {
    let lower = text.trim().to_ascii_lowercase();
    let (number, scale) = match (lower.strip_suffix('k'), lower.strip_suffix('m')) {
        (Some(number), _) => (number, 1 << 10),
        (None, Some(number)) => (number, 1 << 20),
        (None, None) => (lower.as_str(), 1),
    };
    let tokens = number.parse::<u32>().ok().and_then(|number| number.checked_mul(scale));
    tokens.filter(|tokens| *tokens > 0).ok_or_else(|| FlagError::Tokens { text: text.to_owned() })
}

/// A number above zero.
fn positive(text: &str) -> Result<f64, FlagError> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| FlagError::Positive { text: text.to_owned() })
}

/// A share of one: `0.1`, or `10%`.
pub fn share(text: &str) -> Result<f64, FlagError> {
    let (number, scale) = text.strip_suffix('%').map_or((text, 1.0), |number| (number.trim(), 0.01));
    let number = number.parse::<f64>().ok().map(|number| number * scale);
    let number = number.filter(|number| (0.0..=10.0).contains(number) && (scale < 1.0 || *number <= 1.0));
    number.ok_or_else(|| FlagError::Share { text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_parse_with_and_without_percent() {
        assert_eq!((share("0.1"), share("10 %")), (Ok(0.1), Ok(0.1)));
        assert!(share("-1").is_err() && share("ten").is_err());
    }

    #[test]
    fn context_lengths_parse_as_people_type_them() {
        assert_eq!(context_length("8192"), Ok(8192));
        assert_eq!(context_length("32k"), Ok(32_768));
        assert_eq!(context_length("128K"), Ok(131_072));
        assert_eq!(context_length("1M"), Ok(1_048_576));
        for wrong in ["0", "-1", "k", "many", "99999999k"] {
            assert!(context_length(wrong).is_err(), "{wrong}");
        }
    }
}
