//! The command line: flags and their help, nothing that acts.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::commands::{bench, estimate, models, probe, pull, recommend, report, run, upgrade, validate};
use crate::engine::EngineKind;
use crate::i18n::Lang;
use crate::render::Format;
use crate::ui::ColorChoice;
use crate::units::{Bytes, ParseBytesError};

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

/// Flags that every command takes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// How to write the result
    #[arg(long, global = true, value_enum, default_value_t)]
    pub format: Format,
    /// A folder whose TOML files add to the catalog or replace entries of it
    #[arg(long, global = true, value_name = "DIR", env = "R1_ADVISOR_CATALOG")]
    pub catalog: Option<PathBuf>,
    /// The language of what people read [default: that of the locale, else en]
    #[arg(long, global = true, value_enum, env = "R1_ADVISOR_LANG")]
    pub lang: Option<Lang>,
    /// When to colour
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: ColorChoice,
    /// Say nothing but the result and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
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
    /// Run the engine for another process (the other end of `bench`)
    #[command(hide = true)]
    Worker {
        /// The engine
        #[arg(long)]
        engine: EngineKind,
    },
}

/// The machine to reckon with: the one at hand unless told otherwise.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Machine (default: this one)")]
pub struct MachineArgs {
    /// A machine file that `probe --save` wrote; or a machine in words: 'raspberry pi 5', 'mac studio m3 ultra 512',
    /// 'dgx h100', '2x RTX 4090, 128GB'
    #[arg(long, value_name = "FILE|NAME", conflicts_with_all = ["gpu", "ram", "cpu"])]
    pub machine: Option<PathBuf>,
    /// A GPU by name: 4090, '2x RTX 3090', 'mi300x x8', '4060 ti 16gb', 'm2 ultra 192'; '3090 + 4090', or the flag
    /// twice, for two kinds; 'none' for no GPU
    #[arg(long, value_name = "NAME")]
    pub gpu: Vec<String>,
    /// How many of that GPU
    #[arg(long, value_name = "N", requires = "gpu", value_parser = clap::value_parser!(u32).range(1..=64))]
    pub gpu_count: Option<u32>,
    /// Main memory, such as 64GiB; 64 is 64 GiB
    #[arg(long, value_name = "SIZE", value_parser = memory_size)]
    pub ram: Option<Bytes>,
    /// A CPU by name, such as 'EPYC 9654', 7950x or 'i7-8750H'; '2x EPYC 9654' for two sockets
    #[arg(long, value_name = "NAME")]
    pub cpu: Option<String>,
    /// Threads to decode with
    #[arg(long, short = 't', value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: Option<u32>,
}

impl MachineArgs {
    /// Whether another machine than the one at hand is meant.
    #[must_use]
    pub fn is_another(&self) -> bool {
        self.machine.is_some() || !self.gpu.is_empty() || self.ram.is_some() || self.cpu.is_some()
    }
}

/// More GiB of main memory than any machine has.
const MOST_RAM_GIB: u64 = 65_536;

/// A size of main memory: a bare number is GiB, as memory is sold.
fn memory_size(text: &str) -> Result<Bytes, ParseBytesError> {
    match text.trim().parse() {
        Ok(gib) if (1..=MOST_RAM_GIB).contains(&gib) => Ok(Bytes::gib(gib)),
        _ => text.parse(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn main_memory_may_be_written_without_its_unit() {
        for text in ["64", "64g", "64GB", "64 GiB", " 64 "] {
            assert_eq!(memory_size(text), Ok(Bytes::gib(64)), "{text}");
        }
        for text in ["0", "137438953472", "lots", "-4"] {
            assert!(memory_size(text).is_err(), "{text}");
        }
    }
}
