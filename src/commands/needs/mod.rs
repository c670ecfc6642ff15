//! What the user needs, from flags, a file, and the use-case where neither says.

mod file;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

pub(super) use file::NeedsFile;
pub(crate) use file::NeedsFileError;

use super::Context;
use super::typed::{LicenceName, Minimum, Money, Percent, Positive, Span, Tokens};
use crate::both;
use crate::catalog::Catalog;
use crate::error::{Error, Exit};
use crate::estimate::Task;
use crate::lang::{Lang, Text};
use crate::recommend::{Needs, Priority};
use crate::report::Privacy;
use crate::run_config::{KvType, RunConfig};
use crate::units::{Bytes, TokenRate, Usd, UsdPerMillionTokens};

/// The use-case that stands where none is named.
pub(super) const DEFAULT_USE_CASE: &str = "general";

/// Prints a file to fill in, with every key.
pub(super) fn init(context: &Context) -> Result<Exit, Error> {
    let mut out = context.printer.data();
    super::finish_output(out.write_all(file::TEMPLATE.as_bytes()).and_then(|()| out.flush()))?;
    Ok(Exit::Yes)
}

/// What the user needs; the use-case gives what is not said. A needs file has the same keys.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Needs (default: those of the use-case)")]
pub struct NeedsArgs {
    /// A TOML file of needs, whose keys are these flags with `_` for `-`; a flag goes before it. `report` reads the same
    /// file
    #[arg(long = "needs", value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// What it is for: `general`, `mobile`, `voice`, `chat`, `customer-service`, `writing`, `coding`, `documents` or
    /// `research` [default: general]
    #[arg(long, value_name = "NAME")]
    pub use_case: Option<String>,
    /// Context length of each conversation, in tokens
    #[arg(long, short = 'c', value_name = "N")]
    pub context: Option<Tokens>,
    /// Conversations at once, each with the whole context [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub sequences: Option<u32>,
    /// Length of a typical question, in tokens
    #[arg(long, value_name = "N")]
    pub prompt_tokens: Option<Tokens>,
    /// Length of a typical answer with its thinking, in tokens
    #[arg(long, value_name = "N")]
    pub output_tokens: Option<Tokens>,
    /// The slowest decode that is still usable, in tokens per second
    #[arg(long, value_name = "RATE")]
    pub min_decode: Option<Positive>,
    /// The longest until the first token of an answer, such as `3s`
    #[arg(long, value_name = "TIME")]
    pub max_ttft: Option<Span>,
    /// The longest that a whole answer may take, such as `2min`
    #[arg(long, value_name = "TIME")]
    pub max_answer_time: Option<Span>,
    /// Type of the cached keys and values [default: f16]
    #[arg(long, value_enum, value_name = "TYPE")]
    pub kv_type: Option<KvType>,
    /// RAM to leave for other programs, such as 8GiB
    #[arg(long, value_name = "SIZE")]
    pub reserve_ram: Option<Bytes>,
    /// Memory to leave on each GPU, such as 2GiB
    #[arg(long, value_name = "SIZE")]
    pub reserve_gpu: Option<Bytes>,
    /// Only what runs on GPUs whole
    #[arg(long)]
    pub gpu_only: bool,
    /// The most that the files may take on the disk
    #[arg(long, value_name = "SIZE")]
    pub max_disk: Option<Bytes>,
    /// The least that must be published of a benchmark, such as `aime24=50` or `gpqa=60`; may be repeated
    #[arg(long, value_name = "BENCHMARK=SCORE")]
    pub min: Vec<Minimum>,
    /// The most that the quant may lose of the quality, such as `3%`; where nobody measured it, it counts as what the
    /// next smaller one loses, or as 60 % [default: 20%]
    #[arg(long, value_name = "PERCENT")]
    pub max_quant_loss: Option<Percent>,
    /// Licences that are allowed: `MIT`, `Llama` [default: any]
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub licence: Vec<LicenceName>,
    /// Questions a day, for what they cost [default: 100]
    #[arg(long, value_name = "N")]
    pub answers_per_day: Option<Positive>,
    /// What a kilowatt-hour costs, in US dollars [default: the catalog's]
    #[arg(long, value_name = "USD")]
    pub power_price: Option<Money>,
    /// What may be spent on hardware that would make more fit, in US dollars
    #[arg(long, value_name = "USD")]
    pub budget: Option<Money>,
    /// What electricity may cost a month, in US dollars
    #[arg(long, value_name = "USD")]
    pub monthly_budget: Option<Money>,
    /// What the electricity of a million output tokens may cost, in US dollars
    #[arg(long, value_name = "USD")]
    pub max_token_price: Option<Money>,
    /// Where data may go; no API is named as a way out unless it is `open` [default: open]
    #[arg(long, value_enum, value_name = "WHERE")]
    pub privacy: Option<Privacy>,
    /// Nothing may leave the machine, as with `--privacy premises`
    #[arg(long, conflicts_with = "privacy")]
    pub local_only: bool,
    /// What counts most among what meets the limits [default: balanced]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub priority: Option<Priority>,
}

impl NeedsArgs {
    /// The needs, with the use-case's figures where neither a flag nor the file says otherwise.
    pub fn needs(&self, catalog: &Catalog, lang: Lang) -> Result<Needs, Error> {
        let asked = match &self.file {
            Some(path) => self.clone().over(NeedsFile::read(path)?.machine),
            None => self.clone(),
        };
        let name = asked.use_case.as_deref().unwrap_or(DEFAULT_USE_CASE);
        let use_case = catalog.use_case(name).map_err(|error| {
            Error::new(Exit::Usage, &error).hint(Some(known_use_cases(catalog))).hint(error.hint())
        })?;
        let usual = Needs::of(use_case, catalog, lang);
        asked.over_usual(usual.map_err(|error| Error::new(Exit::Input, &error).hint(error.hint()))?)
    }

    /// The needs as they are said, and as `usual` has them where they are not.
    fn over_usual(&self, usual: Needs) -> Result<Needs, Error> {
        let task = Task {
            prompt_tokens: self.prompt_tokens.map_or(usual.task.prompt_tokens, |asked| asked.0),
            output_tokens: self.output_tokens.map_or(usual.task.output_tokens, |asked| asked.0),
        };
        let sequences = self.sequences.unwrap_or(usual.run.sequences);
        let context = self.context_for(task, usual.run.context)?.checked_mul(sequences).ok_or_else(|| {
            Error::usage(both!(
                "so many conversations with so long a context are more than llama.cpp can count",
                "会话太多、上下文太长，超出 llama.cpp 能计的范围"
            ))
            .hint(Some(both!("lower `--context` or `--sequences`", "请调低 `--context` 或 `--sequences`")))
        })?;
        let money = |amount: Option<Money>| amount.map(|amount| Usd(amount.0));
        Ok(Needs {
            run: RunConfig {
                context,
                sequences,
                kv_type: self.kv_type.unwrap_or(usual.run.kv_type),
                ..usual.run
            },
            task,
            answers_per_day: self.answers_per_day.map_or(usual.answers_per_day, |asked| asked.0),
            minimum_decode_tokens_per_second: self
                .min_decode
                .map_or(usual.minimum_decode_tokens_per_second, |asked| TokenRate(asked.0)),
            maximum_ttft_seconds: self.max_ttft.map(|asked| asked.0),
            maximum_answer_seconds: self.max_answer_time.map(|asked| asked.0),
            reserved_ram_bytes: self.reserve_ram,
            reserved_gpu_bytes: self.reserve_gpu,
            gpu_only: self.gpu_only,
            maximum_disk_bytes: self.max_disk,
            minimum_scores: self.min.iter().map(|minimum| (minimum.benchmark, minimum.score)).collect(),
            maximum_quant_loss_percent: self
                .max_quant_loss
                .map_or(usual.maximum_quant_loss_percent, |asked| asked.0),
            licences: self.licence.iter().map(|licence| licence.0.clone()).collect(),
            power_price: money(self.power_price).unwrap_or(usual.power_price),
            budget: money(self.budget),
            monthly_budget: money(self.monthly_budget),
            maximum_token_price: self.max_token_price.map(|price| UsdPerMillionTokens(price.0)),
            local_only: self.is_local_only(),
            priority: self.priority.unwrap_or(usual.priority),
            given: self.given_in_all(),
            ..usual
        })
    }

    /// The names of what is said, of the same thing all.
    fn given_in_all(&self) -> BTreeSet<String> {
        let mut given = self.given();
        if self.is_local_only() {
            given.insert("local_only".to_owned());
        }
        given
    }

    /// Whether no API may be called.
    const fn is_local_only(&self) -> bool {
        self.local_only || matches!(self.privacy, Some(Privacy::Rented | Privacy::Premises))
    }

    /// The context of each conversation: it must hold the question and the answer.
    fn context_for(&self, task: Task, usual: u32) -> Result<u32, Error> {
        let length = task.prompt_tokens.saturating_add(task.output_tokens);
        match self.context.map(|asked| asked.0) {
            Some(context) if context < length => {
                let Task { prompt_tokens, output_tokens } = task;
                Err(Error::usage(both!(
                    "a context of {context} tokens cannot hold a question of {prompt_tokens} and an answer of \
                     {output_tokens}",
                    "{context} token 的上下文装不下 {prompt_tokens} token 的问题和 {output_tokens} token 的回答"
                ))
                .hint(Some(both!(
                    "raise `--context` to {length}, or lower `--prompt-tokens` or `--output-tokens`",
                    "请把 `--context` 提高到 {length}，或调低 `--prompt-tokens` 或 `--output-tokens`"
                ))))
            }
            Some(context) => Ok(context),
            None => Ok(usual.max(length)),
        }
    }
}

/// Lists the fields once, for what must be said of each.
macro_rules! fields {
    (options: $($option:ident),*; flags: $($flag:ident),*; lists: $($list:ident),*) => {
        impl NeedsArgs {
            /// These needs, and those of `file` where these say nothing.
            pub(super) fn over(self, file: Self) -> Self {
                Self {
                    file: self.file,
                    $($option: self.$option.or(file.$option),)*
                    $($flag: self.$flag || file.$flag,)*
                    $($list: if self.$list.is_empty() { file.$list } else { self.$list },)*
                }
            }

            /// The names of what is said.
            fn given(&self) -> BTreeSet<String> {
                let mut given = BTreeSet::new();
                $(if self.$option.is_some() { given.insert(stringify!($option).to_owned()); })*
                $(if self.$flag { given.insert(stringify!($flag).to_owned()); })*
                $(if !self.$list.is_empty() { given.insert(stringify!($list).to_owned()); })*
                given
            }
        }
    };
}

fields! {
    options: use_case, context, sequences, prompt_tokens, output_tokens, min_decode, max_ttft, max_answer_time,
        kv_type, reserve_ram, reserve_gpu, max_disk, max_quant_loss, answers_per_day, power_price, budget,
        monthly_budget, max_token_price, privacy, priority;
    flags: gpu_only, local_only;
    lists: min, licence
}

pub(super) fn known_use_cases(catalog: &Catalog) -> Text {
    let known: Vec<_> = catalog.use_cases().iter().map(|use_case| format!("`{}`", use_case.id)).collect();
    let (en, zh) = (known.join(", "), known.join("、"));
    both!("there are {en}", "有 {zh}")
}
