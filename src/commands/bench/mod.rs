//! `r1-advisor bench`: measures a model's speed in the bundled llama.cpp, and holds the prediction against it.

mod keep;
mod model_args;
mod numbers;
mod past;
mod run_args;
mod served;
mod source;
mod steps;
mod target;
mod test_args;
mod words;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;

use super::{Context, lessons, machine_source};
use crate::bench::{
    self, Available, BenchError, BenchReport, Circumstances, Measurement, NoMeter, Verdict, Watch,
};
use crate::engine::worker::WorkerEngine;
use crate::engine::{DeviceKind, Engine as _, EngineError, ProcessUsage};
use crate::error::{Error, Exit};
use crate::probe::{Activity, Bandwidths, Surroundings};
use crate::render::BenchView;
use model_args::ModelArgs;
pub use past::PastCommand;
use run_args::RunArgs;
pub use served::ServedArgs;
use source::Source;
use steps::Steps;
use target::Target;
use test_args::TestArgs;

pub(super) use words::translated;

/// Flags of `bench`.
#[derive(Clone, Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(after_help = "\
Examples:
  r1-advisor bench 1.5b:Q4_K_M --synthetic              measure before downloading
  r1-advisor bench 7b:Q4_K_M --synthetic -d 0,8192      how it slows down behind a long thought
  r1-advisor bench 7b:Q4_K_M                            a file that `pull` brought, or that is here anyway
  r1-advisor bench ./model.gguf -p 512 -n 128 -r 5      as llama-bench does
  r1-advisor bench ./model.gguf -t 1-8*2 -fa on,off     every combination
  r1-advisor bench ./model.gguf --format llama-bench    rows to post where people post llama-bench's

What was measured before, and whether it differs by more than chance:
  r1-advisor bench history
  r1-advisor bench compare 3 7

A model that is served, by any OpenAI-compatible server:
  r1-advisor bench --endpoint http://localhost:8000/v1 --model r1 --concurrency 1,4,16
  r1-advisor bench --endpoint http://localhost:8000/v1 --workload chat --rate 0.5 --slo-ttft 2s
  r1-advisor bench --endpoint http://localhost:8000/v1 --sweep concurrency --slo-tpot 50ms

Random weights in the true shapes and types run at the same speed as the real ones.
`--format` also takes llama-bench, jsonl and sqlite: a row for each test, with llama-bench's columns.
Exit code 1 means that it does not fit in memory, or misses a need or the SLO, 6 that the engine or server failed.")]
pub struct BenchArgs {
    /// What was measured before.
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
    /// Flags of `bench --endpoint`.
    #[command(flatten)]
    pub served: ServedArgs,
}

/// Runs the command.
pub fn run(context: &Context, args: &BenchArgs) -> Result<Exit, Error> {
    if let Some(command) = &args.past {
        return past::run(context, command);
    }
    if let Some(endpoint) = &args.served.endpoint {
        return served::run(context, args, endpoint);
    }
    let started_at = jiff::Timestamp::now();
    let catalog = context.catalog()?;
    let target = Target::of(context, &args.model, &catalog)?;
    let machine = machine_source::here(Bandwidths::AsKnown, &catalog)?;
    let cores = machine.cpu.physical_cores.min(machine.cpu.usable_threads).max(1);
    let plans = args.run.plans(&args.tests, cores)?;
    let cancelled = cancelled_by_signal()?;
    let engine = WorkerEngine::start(args.run.engine, Arc::clone(&cancelled)).map_err(engine_error)?;
    let mut engine = engine.with_time_limit(args.tests.time_limit());
    let build = engine.build().map_err(engine_error)?;
    let available =
        Available { ram: machine.ram.available_bytes, devices: engine.devices().map_err(engine_error)? };
    let gpus: Vec<_> = available
        .devices
        .iter()
        .filter(|device| device.kind != DeviceKind::Cpu)
        .map(|device| device.description.clone())
        .collect();
    let source =
        Source { target: &target, context, cancelled: &cancelled, afterwards: args.model.afterwards() };
    let steps = Steps::new(context);
    let watch = Watch { progress: &|step| steps.show(step), energy: &NoMeter };
    let root = Surroundings::here().root;
    let before = Activity::under(&root);
    let attempts = bench::attempts(&mut engine, &source, &plans, &available, watch).map_err(bench_error)?;
    drop(steps);
    let of_engine =
        attempts.iter().rev().find_map(|attempt| attempt.run.as_ref()?.process?.processor_seconds);
    let own =
        of_engine.zip(ProcessUsage::of_this_process().processor_seconds).map(|(engine, own)| engine + own);
    let conditions = Some(before.until(&Activity::under(&root), own));
    let calibration = lessons::calibration(&catalog, &machine);
    let measurements = plans.iter().zip(attempts).map(|(plan, attempt)| {
        let circumstances = Circumstances {
            subject: target.subject(),
            predictions: target.predictions(&machine, plan, &calibration),
            engine: build.clone(),
            machine: machine.name.clone(),
            cpu: machine.cpu.model.clone(),
            gpus: gpus.clone(),
            started_at,
            conditions,
        };
        Measurement::of(circumstances, plan, attempt)
    });
    let Some(report) = BenchReport::of(measurements.collect(), &args.tests.need) else {
        return Err(Error::usage("there is nothing to measure"));
    };
    context.show(&BenchView { report: &report, devices: &available.devices })?;
    for measurement in report.measurements() {
        keep::local(context, measurement, &machine, args.run.engine);
    }
    Ok(exit(&report))
}

/// What came of the worst run that says something of the engine or, of a grid, whether anything ran at all.
fn exit(report: &BenchReport) -> Exit {
    let mut verdicts = report.measurements().map(|measurement| &measurement.verdict);
    if verdicts.clone().any(|verdict| matches!(verdict, Verdict::Crashed(_) | Verdict::Stalled { .. })) {
        Exit::Engine
    } else if verdicts.clone().any(Verdict::is_measured) {
        if report.needs.iter().all(|need| need.met) { Exit::Yes } else { Exit::No }
    } else if verdicts.all(|verdict| matches!(verdict, Verdict::TooLarge(_))) {
        Exit::No
    } else {
        Exit::Engine
    }
}

/// A flag that Ctrl-C and a request to terminate set.
pub(super) fn cancelled_by_signal() -> Result<Arc<AtomicBool>, Error> {
    let cancelled = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&cancelled);
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed))
        .map_err(|error| Error::new(Exit::Engine, &error))?;
    Ok(cancelled)
}

fn engine_error(error: EngineError) -> Error {
    bench_error(error.into())
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` wants")]
fn bench_error(error: BenchError) -> Error {
    let exit = match &error {
        BenchError::Cancelled | BenchError::Engine(EngineError::Cancelled) => Exit::Interrupted,
        BenchError::Engine(EngineError::Load { .. })
        | BenchError::NoMix { .. }
        | BenchError::Unreadable { .. } => Exit::Input,
        BenchError::Engine(_) => Exit::Engine,
        BenchError::Folder { .. } | BenchError::DiskFull { .. } | BenchError::Generate(_) => Exit::Output,
    };
    Error::new(exit, &error).hint(error.hint())
}
