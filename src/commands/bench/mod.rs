//! `r1-advisor bench`: measures a model's speed in the bundled llama.cpp, and holds the prediction against it.

mod devices;
mod keep;
mod local;
mod meter;
mod model_args;
mod numbers;
mod past;
mod run_args;
mod served;
mod shape_args;
mod sliced;
mod source;
mod steps;
mod target;
mod test_args;
mod tuning;
mod words;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Args;

use super::Context;
use super::interrupt::interrupts;
use crate::bench::BenchError;
use crate::engine::Engine as _;
use crate::engine::worker::WorkerEngine;
use crate::error::{Error, Exit};
use model_args::ModelArgs;
pub(crate) use numbers::NumbersError;
pub use past::PastCommand;
use run_args::RunArgs;
pub use served::ServedArgs;
use shape_args::ShapeArgs;
use test_args::TestArgs;
use tuning::TuneArgs;

pub(crate) use words::translated;

/// Flags of `bench`.
#[derive(Clone, Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(after_help = "\
Examples:
  r1-advisor bench 1.5b:Q4_K_M --synthetic              measure before downloading
  r1-advisor bench 7b:Q4_K_M --synthetic -d 0,8192      how it slows down behind a long thought
  r1-advisor bench 671b:Q4_K_M --synthetic              by slices of its layers, as it does not fit
  r1-advisor bench 7b:Q4_K_M --synthetic --tune         the settings that are fastest here
  r1-advisor bench 7b:Q4_K_M --workload coding          a question, its thinking and answer in one go
  r1-advisor bench 7b:Q4_K_M --needs needs.toml         the same, checked against needs of `recommend`
  r1-advisor bench 7b:Q4_K_M --concurrency 1,2,4,8      several people at once
  r1-advisor bench 7b:Q4_K_M                            a downloaded file
  r1-advisor bench 70b:Q4_K_M --rpc 10.0.0.7,10.0.0.8    across machines that run llama.cpp's rpc-server
  r1-advisor bench ./model.gguf -p 512 -n 128 -r 5      as llama-bench does
  r1-advisor bench ./model.gguf -t 1-8*2 -fa on,off     every combination
  r1-advisor bench ./model.gguf --format llama-bench    rows to post where people post llama-bench's

Earlier results, and whether they differ by more than chance:
  r1-advisor bench history
  r1-advisor bench compare 3 7

A model served by any OpenAI-compatible server:
  r1-advisor bench --endpoint http://localhost:8000/v1 --model r1 --concurrency 1,4,16
  r1-advisor bench --endpoint http://localhost:8000/v1 --workload chat --rate 0.5 --slo-ttft 2s
  r1-advisor bench --endpoint http://localhost:8000/v1 --sweep concurrency --slo-tpot 50ms

Random weights in the true shapes and types run at the same speed as the real ones.
`--format` also takes llama-bench, jsonl and sqlite: a row for each test, with llama-bench's columns.
Exit code 1: it does not fit in memory, or misses a need or the SLO; 6: the engine or server failed.")]
pub struct BenchArgs {
    /// Earlier results.
    #[command(subcommand)]
    pub past: Option<PastCommand>,
    /// What to measure.
    #[command(flatten)]
    pub model: ModelArgs,
    /// What is timed, and how often.
    #[command(flatten)]
    pub tests: TestArgs,
    /// How the model is run.
    #[command(flatten)]
    pub run: RunArgs,
    /// The shape of the load.
    #[command(flatten)]
    pub shape: ShapeArgs,
    /// Finding the fastest settings.
    #[command(flatten)]
    pub tune: TuneArgs,
    /// List what the engine can compute on, and measure nothing
    #[arg(long)]
    pub devices: bool,
    /// Flags of `bench --endpoint`.
    #[command(flatten)]
    pub served: ServedArgs,
}

/// What a command line asks for.
enum Mode<'a> {
    /// To look at earlier results.
    Past(&'a PastCommand),
    /// To measure the server there.
    Served { endpoint: &'a str },
    /// To list what the engine can compute on.
    Devices,
    /// To measure in the bundled engine.
    Local,
}

impl BenchArgs {
    fn mode(&self) -> Mode<'_> {
        match (&self.past, &self.served.endpoint) {
            (Some(command), _) => Mode::Past(command),
            (None, Some(endpoint)) => Mode::Served { endpoint },
            (None, None) if self.devices => Mode::Devices,
            (None, None) => Mode::Local,
        }
    }
}

/// Runs the command.
pub fn run(context: &Context, args: &BenchArgs) -> Result<Exit, Error> {
    match args.mode() {
        Mode::Past(command) => past::run(context, command),
        Mode::Served { endpoint } => served::run(context, args, endpoint),
        Mode::Devices => devices::show(context, &mut start(args, &cancelled_by_signal()?)?),
        Mode::Local => local::run(context, args),
    }
}

fn start(args: &BenchArgs, cancelled: &Arc<AtomicBool>) -> Result<WorkerEngine, BenchError> {
    let engine = WorkerEngine::start(args.run.engine, Arc::clone(cancelled))?;
    let mut engine = engine.with_time_limit(args.tests.time_limit());
    engine.attach(&args.run.rpc)?;
    Ok(engine)
}

/// A flag that Ctrl-C and a request to terminate set.
pub(super) fn cancelled_by_signal() -> Result<Arc<AtomicBool>, Error> {
    Ok(Arc::clone(&interrupts()?.cancelled))
}
