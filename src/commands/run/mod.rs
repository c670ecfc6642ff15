//! `r1-advisor run`: a conversation with a model in the terminal, or one answer for a script.

mod conversation;
mod once;
mod place;
mod question;
mod target;

use std::path::PathBuf;

use clap::Args;

use super::interrupt::interrupts;
use super::local::LocalArgs;
use super::typed::{FlagError, MOST, context_length, share, whole, within};
use super::{Context, machine_source};
use crate::chat::{ChatError, Renderer, Settings};
use crate::engine::{EngineError, EngineKind, Sampling};
use crate::error::{Error, Exit};
use crate::input_file;
use crate::probe::Bandwidths;
use crate::run_config::KvType;
use place::Placed;
use question::Question;
use target::Target;

/// The nucleus and temperature that R1's makers advise, for files that the catalog does not know.
const TEMPERATURE: f64 = 0.6;
const TOP_P: f64 = 0.95;

/// Flags of `run`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  r1-advisor run 7b:Q4_K_M                              chat; /help lists what can be typed
  r1-advisor run 7b                                     in the quant that is here, or that runs best here
  r1-advisor run 7b:Q4_K_M 'Why is the sky blue?'       one answer
  r1-advisor run ./model.gguf --prompt-file task.txt --format json
  git diff | r1-advisor run 14b:Q4_K_M 'Review this' > review.txt

In a chat, Ctrl-C stops the answer; at the prompt it ends the program. Into a file or a pipe goes the
answer without the thinking, unless `--show-thinking` is given.

Exit code 1 means that the model does not fit or the answer did not fit the context, 5 that a download
failed, 6 that the engine did.")]
pub struct RunArgs {
    /// Model, or model and quant, such as `7b:Q4_K_M`; or the path of a GGUF file
    #[arg(value_name = "ID[:QUANT]|FILE")]
    pub target: String,
    /// What to ask; without it the terminal becomes a chat. What is piped in comes behind it
    #[arg(value_name = "PROMPT")]
    pub prompt: Option<String>,
    /// A file with what to ask, behind PROMPT if both are given
    #[arg(long, value_name = "FILE")]
    pub prompt_file: Option<PathBuf>,
    /// Tokens that conversation and answer may take together [default: 8192]
    #[arg(long, short = 'c', value_name = "N", value_parser = context_length)]
    pub context: Option<u32>,
    /// Most tokens of an answer, thinking included [default: what the context holds]
    #[arg(long, short = 'n', value_name = "N", value_parser = whole::<u32>(1..=MOST))]
    pub max_tokens: Option<u32>,
    /// What becomes of the thoughts.
    #[command(flatten)]
    pub thoughts: ThoughtArgs,
    /// Fetch the model first where it is not on this machine
    #[arg(long)]
    pub pull: bool,
    /// Run it, and fetch it, even if it does not fit
    #[arg(long)]
    pub force: bool,
    /// Threads to compute with [default: the physical cores]
    #[arg(short = 't', long, value_name = "N", value_parser = whole::<u32>(1..=1024))]
    pub threads: Option<u32>,
    /// Layers to put on GPUs, the output counted as one more [default: what decodes fastest]
    #[arg(long, visible_alias = "ngl", value_name = "N", value_parser = whole::<u32>(0..=MOST))]
    pub gpu_layers: Option<u32>,
    /// Type of the cached keys and values [default: f16, or what `bench --tune` found]
    #[arg(long, value_enum, value_name = "TYPE")]
    pub kv_type: Option<KvType>,
    /// Leave aside what `bench --tune` found fastest here
    #[arg(long)]
    pub untuned: bool,
    /// Where else models are.
    #[command(flatten)]
    pub local: LocalArgs,
    /// The engine to run
    #[arg(long, hide = true, env = "R1_ADVISOR_ENGINE", default_value_t)]
    pub engine: EngineKind,
    /// How tokens are chosen.
    #[command(flatten)]
    pub sampling: SamplingArgs,
}

/// What becomes of the thoughts.
#[derive(Clone, Copy, Debug, Args)]
pub struct ThoughtArgs {
    /// Show a line that thinking goes on in place of the thoughts
    #[arg(long, conflicts_with = "show_thinking")]
    pub hide_thinking: bool,
    /// Write the thoughts, between `<think>` and `</think>`, where the answer goes to a file or a pipe
    #[arg(long)]
    pub show_thinking: bool,
}

/// How tokens are chosen, and how the conversation is laid out.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Sampling (default: as the makers of R1 advise)")]
pub struct SamplingArgs {
    /// How far to stray from the likeliest token; 0 never does [default: 0.6]
    #[arg(long, value_name = "T", value_parser = temperature)]
    pub temperature: Option<f64>,
    /// Draw from the likeliest tokens that have this much of the probability [default: 0.95]
    #[arg(long, value_name = "P", value_parser = share)]
    pub top_p: Option<f64>,
    /// Draw from so many of the likeliest tokens; 0 for all
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = whole::<u32>(0..=MOST))]
    pub top_k: u32,
    /// Draw from tokens at least this share as likely as the likeliest
    #[arg(long, value_name = "P", default_value = "0", value_parser = share)]
    pub min_p: f64,
    /// Makes answers repeat: the same seed, question and machine give the same answer [default: random]
    #[arg(long, value_name = "N", value_parser = whole::<u32>(0..=MOST))]
    pub seed: Option<u32>,
    /// A system prompt; R1's makers advise against one
    #[arg(long, value_name = "TEXT")]
    pub system: Option<String>,
    /// How the answer begins, `\n` for a new line; '' leaves it to the model [default: `<think>\n`]
    #[arg(long, value_name = "TEXT")]
    pub answer_start: Option<String>,
    /// A file with a chat template in Jinja, in place of the model's own
    #[arg(long, value_name = "FILE")]
    pub chat_template: Option<PathBuf>,
}

/// Runs the command.
pub fn run(context: &Context, args: &RunArgs) -> Result<Exit, Error> {
    let question = Question::of(context, args)?;
    let catalog = context.catalog()?;
    let machine = machine_source::here(Bandwidths::AsKnown, &catalog)?;
    let target = Target::of(context, args, &catalog, &machine)?;
    let placed = Placed::of(context, args, &target, &catalog, machine)?;
    // Until here nothing has to be tidied up, and a signal ends the process by itself.
    let interrupts = interrupts()?;
    let settings = args.settings(&target, &placed)?;
    match question {
        Question::Asked(text) => once::run(context, args, &target, &placed, settings, &text, interrupts),
        Question::Chat => conversation::run(context, args, &target, &placed, &settings, interrupts),
    }
}

impl RunArgs {
    fn settings(&self, target: &Target<'_>, placed: &Placed) -> Result<Settings, Error> {
        let advice = target.model.map(|model| &model.sampling);
        let sampling = &self.sampling;
        let number = |asked: Option<f64>, advised: Option<f64>, default: f64| {
            asked.or(advised).unwrap_or(default) as f32
        };
        let read = |path: &PathBuf| {
            input_file::read_to_string(path).map_err(|error| question::unreadable(path, &error))
        };
        Ok(Settings {
            context: placed.config.context,
            batch: placed.config.micro_batch,
            sampling: Sampling {
                temperature: number(
                    sampling.temperature,
                    advice.map(|advice| advice.temperature),
                    TEMPERATURE,
                ),
                top_p: number(sampling.top_p, advice.map(|advice| advice.top_p), TOP_P),
                top_k: sampling.top_k,
                min_p: sampling.min_p as f32,
                seed: sampling.seed.unwrap_or_else(|| fastrand::u32(..)),
            },
            most_tokens: self.max_tokens,
            opening: sampling.answer_start.as_ref().map(|text| text.replace("\\n", "\n")),
            system: sampling.system.clone(),
            template: sampling.chat_template.as_ref().map(read).transpose()?,
            renderer: Renderer::Apart(
                std::env::current_exe().map_err(|source| EngineError::Start { source })?,
            ),
        })
    }
}

/// Shows what an engine said last before it broke down.
fn last_words(context: &Context, error: &ChatError) {
    if let ChatError::Engine(EngineError::Crashed(crash)) = error {
        for line in &crash.last_log_lines {
            context.printer.say(format!("  {line}"));
        }
    }
}

fn temperature(text: &str) -> Result<f64, FlagError> {
    within(text, 5.0)
}
