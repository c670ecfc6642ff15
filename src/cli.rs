//! The command line: flags and their help, nothing that acts.

use std::ffi::OsString;

use clap::{Parser, Subcommand};

use crate::commands::{
    GlobalArgs, bench, estimate, models, probe, pull, recommend, report, run, upgrade, validate,
};
use crate::engine::EngineKind;

/// The variables of this program, and of the hub's tools, that are set to nothing: they count as unset, which clap does not
/// know of those that stand for flags.
#[must_use]
pub fn empty_variables() -> Vec<OsString> {
    let is_read = |name: &str| name.starts_with("R1_ADVISOR_") || name.starts_with("HF_");
    std::env::vars_os()
        .filter(|(name, value)| {
            name.to_str().is_some_and(is_read) && value.to_str().is_some_and(|value| value.trim().is_empty())
        })
        .map(|(name, _)| name)
        .collect()
}

/// Which DeepSeek-R1 can I run, on what, and what should we buy?
#[derive(Debug, Parser)]
#[command(name = "r1-advisor", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "\
Examples:
  r1-advisor recommend                              what to run on this machine
  r1-advisor recommend --gpu 'RTX 4090' --ram 64G   what to run on another one
  r1-advisor upgrade --gpu 4060 --ram 32            what to add to it, with prices
  r1-advisor bench 1.5b:Q4_K_M --synthetic          measure before downloading
  r1-advisor pull 7b:Q4_K_M                         fetch it, whole and checked
  r1-advisor run 7b:Q4_K_M                          chat with it
  r1-advisor models show 70b                        all about one size, with sources

Exit codes: 0 yes, 1 the answer is no, 2 usage, 3 probing, 4 catalog or input file,
5 download, 6 engine, 7 output, 130 interrupted.")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Flags that every command takes.
    #[command(flatten)]
    pub global: GlobalArgs,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Recommend a size and quant for this machine or another, and say why
    Recommend(Box<recommend::RecommendArgs>),
    /// Find the single change of hardware that does the most, with its price
    Upgrade(Box<upgrade::UpgradeArgs>),
    /// Tell what memory and time one model takes
    Estimate(estimate::EstimateArgs),
    /// Measure a model's speed in the bundled llama.cpp
    Bench(Box<bench::BenchArgs>),
    /// Fetch a model's files, whole and checked, going on after anything
    Pull(pull::PullArgs),
    /// Chat with a model in the terminal, or have it answer one prompt
    Run(Box<run::RunArgs>),
    /// Hold predicted speeds against a table of measurements
    Validate(validate::ValidateArgs),
    /// Tell what to buy, rent or call for an organisation, how many, and what it costs
    Report(Box<report::ReportArgs>),
    /// Show what this machine has
    Probe(probe::ProbeArgs),
    /// List the models, or tell all about one
    Models(models::ModelsArgs),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page of a command
    Man {
        /// The command, such as `recommend` or `models show`; without it the program's own page
        #[arg(value_name = "COMMAND")]
        command: Vec<String>,
    },
    /// Run the engine for another process (the other end of `bench`)
    #[command(hide = true)]
    Worker {
        /// The engine
        #[arg(long)]
        engine: EngineKind,
    },
    /// Lay out a conversation for another process (the other end of `run`)
    #[command(hide = true)]
    LayOut,
}
