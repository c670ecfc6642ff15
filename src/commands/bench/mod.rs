//! `r1-advisor bench`: measures a model's speed in the bundled llama.cpp, and holds the prediction against it.

mod devices;
mod keep;
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

use std::cell::OnceCell;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Args;

use super::interrupt::interrupts;
use super::{Context, lessons, machine_source};
use crate::bench::{
    self, Attempt, Available, BenchError, BenchPlan, BenchReport, Circumstances, End, Measurement, Shortage,
    Tuning, Verdict, Watch, Workload,
};
use crate::engine::worker::WorkerEngine;
use crate::engine::{Device, DeviceKind, Engine as _, EngineError, EngineKind, ProcessUsage};
use crate::error::{Error, Exit};
use crate::history;
use crate::machine::Machine;
use crate::probe::{Activity, Bandwidths, Surroundings};
use crate::render::BenchView;
use crate::units::Seconds;
use meter::Meter;
use model_args::{Layers, ModelArgs};
pub(super) use numbers::NumbersError;
pub use past::PastCommand;
use run_args::{Defaults, RunArgs};
pub use served::ServedArgs;
use shape_args::ShapeArgs;
use sliced::{Sliced, Slicing};
use source::Source;
use steps::Steps;
use target::Target;
use test_args::TestArgs;
use tuning::TuneArgs;

pub(super) use words::translated;

/// Flags of `bench`.
#[derive(Clone, Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(after_help = "\
Examples:
  r1-advisor bench 1.5b:Q4_K_M --synthetic              measure before downloading
  r1-advisor bench 7b:Q4_K_M --synthetic -d 0,8192      how it slows down behind a long thought
  r1-advisor bench 671b:Q4_K_M --synthetic              by slices of its layers, for it does not fit
  r1-advisor bench 7b:Q4_K_M --synthetic --tune         the settings that are fastest here
  r1-advisor bench 7b:Q4_K_M --workload coding          a question, its thinking and answer in one go
  r1-advisor bench 7b:Q4_K_M --needs needs.toml         the same, held against the needs of `recommend`
  r1-advisor bench 7b:Q4_K_M --concurrency 1,2,4,8      several people at once
  r1-advisor bench 7b:Q4_K_M                            a file that `pull` brought, or that is here anyway
  r1-advisor bench 70b:Q4_K_M --rpc 10.0.0.7,10.0.0.8    over machines that run llama.cpp's rpc-server
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

/// Runs the command.
pub fn run(context: &Context, args: &BenchArgs) -> Result<Exit, Error> {
    if let Some(command) = &args.past {
        return past::run(context, command);
    }
    if let Some(endpoint) = &args.served.endpoint {
        return served::run(context, args, endpoint);
    }
    local(context, args)
}

/// Measures in the bundled engine.
fn local(context: &Context, args: &BenchArgs) -> Result<Exit, Error> {
    let started_at = jiff::Timestamp::now();
    let cancelled = cancelled_by_signal()?;
    if args.devices {
        return devices::show(context, &mut start(args, &cancelled).map_err(engine_error)?);
    }
    let catalog = context.catalog()?;
    let workload = shape_args::workload(context, args, &catalog)?;
    let target = Target::of(context, &args.model, &catalog)?;
    let machine = machine_source::here(Bandwidths::AsKnown, &catalog)?;
    let defaults = defaults(context, args, &target, &machine);
    let plans = args.run.plans(&args.tests, shape_args::is_some(args), &defaults)?;
    let mut engine = start(args, &cancelled).map_err(engine_error)?;
    let build = engine.build().map_err(engine_error)?;
    let available =
        Available { ram: machine.ram.available_bytes, devices: engine.devices().map_err(engine_error)? };
    let calibration = lessons::calibration(&catalog, &machine);
    let here = (&machine, available.devices.as_slice());
    let circumstances = |plan: &BenchPlan| Circumstances {
        subject: target.subject(),
        predictions: target.predictions(here, plan, &calibration),
        engine: build.clone(),
        machine: machine.name.clone(),
        cpu: machine.cpu.model.clone(),
        gpus: gpus(&available.devices),
        started_at,
        conditions: None,
    };
    let steps = Steps::new(context);
    let meter = Meter::beside(&available.devices);
    let watch = Watch { progress: &|step| steps.show(step), energy: &meter };
    let root = Surroundings::here().root;
    let before = Activity::under(&root);
    let source = Source {
        target: &target,
        context,
        cancelled: &cancelled,
        args: &args.model,
        free_memory: available.ram,
        file: OnceCell::new(),
    };
    if let Some(report) = in_slices(args, &plans, circumstances, |plan, expected| {
        let slicing = Slicing {
            context,
            args: &args.model,
            plan,
            available: &available,
            cancelled: &cancelled,
            expected,
        };
        slicing.measure(&target, &mut engine, || start(args, &cancelled), watch)
    })? {
        drop(steps);
        finish(context, args, &report, (&plans[0], &machine, &available.devices))?;
        return Ok(exit(&report));
    }
    let (plans, tuning) = tuned_plans(args, plans, |plan| {
        let axes = args.tune.axes(&machine, &available.devices, target.model());
        let runs = usize::from(args.tune.tune_runs);
        let predict = |plan: &_| TuneArgs::GOAL.predicted(&target.predictions(here, plan, &calibration)?);
        let how = (axes.as_slice(), TuneArgs::GOAL, runs);
        bench::tune(&mut engine, &source, plan, how, &predict, &available, watch)
    })?;
    let attempts = if plans.iter().all(BenchPlan::has_no_tests) {
        vec![Attempt { planned_memory: None, run: None, end: End::Done }]
    } else {
        bench::attempts(&mut engine, &source, &plans, &available, watch).map_err(bench_error)?
    };
    let conditions = Some(before.until(&Activity::under(&root), own_time(&attempts)));
    let measurements = plans.iter().zip(attempts).map(|(plan, attempt)| {
        Measurement::of(Circumstances { conditions, ..circumstances(plan) }, plan, attempt)
    });
    let report = BenchReport::of(measurements.collect(), &args.tests.need);
    let report = report.map(|report| report.tuned(tuning)).zip(plans.first());
    let (mut report, plan) = report.ok_or_else(|| Error::usage("there is nothing to measure"))?;
    let users = &args.served.concurrency;
    if !users.is_empty() {
        let plan = &args.tests.crowd(plan);
        let crowds =
            bench::crowds(&mut engine, &source, plan, users, &available, watch).map_err(bench_error)?;
        let predict = |users| target.crowd_prediction(here, plan, users, &calibration);
        report.concurrency = Some(crowds.beside(predict));
    }
    let mut lacking = None;
    if let Some((workload, limits)) = &workload {
        let limit = args.shape.within();
        let work = bench::work(&mut engine, &source, plan, (workload, limit), &available, watch);
        match work.map_err(bench_error)? {
            Ok(result) => {
                report.needs.extend(limits.iter().flat_map(|limits| result.held_against(limits)));
                report.workload = Some(result);
            }
            Err(shortage) => lacking = Some(shortage),
        }
    }
    drop(steps);
    finish(context, args, &report, (plan, &machine, &available.devices))?;
    Ok(match lacking.zip(workload) {
        Some((shortage, (workload, _))) => too_long(context, &shortage, &workload),
        None => exit(&report),
    })
}

/// Shows what came of it, and keeps it.
fn finish(
    context: &Context,
    args: &BenchArgs,
    report: &BenchReport,
    (plan, machine, devices): (&BenchPlan, &Machine, &[Device]),
) -> Result<(), Error> {
    context.show(&BenchView { report, devices })?;
    keep::local(context, report, machine, &args.run);
    if let Some(tuning) = report.tuning.as_ref().filter(|_| args.run.engine == EngineKind::Llama) {
        tuning::keep(context, (plan, tuning, args.tune.tune_kv_type), &report.first, machine);
    }
    Ok(())
}

/// Says that a task's tokens do not fit.
fn too_long(context: &Context, shortage: &Shortage, workload: &Workload) -> Exit {
    context.printer.note(format!(
        "`{}` does not fit: {} of {} are missing for its {} tokens",
        workload.id,
        shortage.shortfall_bytes,
        shortage.device,
        workload.prompt_tokens + workload.output_tokens
    ));
    Exit::No
}

/// What is run where no flag says otherwise: what was found fastest, or llama.cpp's defaults.
fn defaults(context: &Context, args: &BenchArgs, target: &Target<'_>, machine: &Machine) -> Defaults {
    let cores = machine.cpu.physical_cores.min(machine.cpu.usable_threads).max(1);
    let subject = target.subject();
    let tuned = subject
        .model
        .zip(subject.quant)
        .filter(|_| !args.tune.untuned && !args.tune.tune && args.run.rpc.is_empty());
    match tuned.and_then(|(model, quant)| history::tuned_here(machine, &model, &quant)) {
        Some(tuned) => {
            context.printer.say(format!(
                "with the settings that `--tune` found on {}; `--untuned` runs llama.cpp's defaults",
                tuned.date
            ));
            Defaults::tuned(&tuned)
        }
        None => Defaults::of_llama_cpp(cores),
    }
}

/// The report of slices, where the model is measured by those.
fn in_slices(
    args: &BenchArgs,
    plans: &[BenchPlan],
    circumstances: impl Fn(&BenchPlan) -> Circumstances,
    measure: impl FnOnce(&BenchPlan, Option<Seconds>) -> Result<Option<Sliced>, BenchError>,
) -> Result<Option<BenchReport>, Error> {
    // Each slice has an engine of its own, and a server of `--rpc` computes for one at a time.
    let alone = plans.len() == 1 && !shape_args::is_some(args) && !args.tune.tune && args.run.rpc.is_empty();
    if !alone {
        if matches!(args.model.layers, Some(Layers::Count(_))) {
            return Err(Error::usage("slices are measured in one way at a time").hint(Some(
                "leave lists, `--tune`, `--rpc`, `--concurrency`, `--workload` and `--needs` out, or `--layers`",
            )));
        }
        return Ok(None);
    }
    let around = circumstances(&plans[0]);
    let expected = plans[0].expected_time(around.predictions.as_ref());
    let Some(sliced) = measure(&plans[0], expected).map_err(bench_error)? else { return Ok(None) };
    let measurement =
        Measurement::of(around, &plans[0], sliced.attempt).with_foretold_memory(sliced.peak_memory);
    let report = BenchReport::of(vec![measurement], &args.tests.need);
    Ok(report.map(|report| report.foretold(sliced.extrapolation)))
}

/// The plans, or the best one where it is to be found.
fn tuned_plans(
    args: &BenchArgs,
    plans: Vec<BenchPlan>,
    tune: impl FnOnce(&BenchPlan) -> Result<(BenchPlan, Tuning), BenchError>,
) -> Result<(Vec<BenchPlan>, Option<Tuning>), Error> {
    if !args.tune.tune {
        return Ok((plans, None));
    }
    let [plan] = plans.as_slice() else {
        return Err(Error::usage("`--tune` tries settings by itself")
            .hint(Some("give one value for each flag; tuning begins there")));
    };
    if plan.prefill_tokens == 0 || plan.decode_tokens == 0 {
        return Err(
            Error::usage("`--tune` weighs prefill against decode").hint(Some("leave `-p 0` and `-n 0` out"))
        );
    }
    let trial = BenchPlan { repetitions: args.tests.trial_repetitions(), ..plan.clone() };
    let (best, tuning) = tune(&trial).map_err(bench_error)?;
    Ok((vec![BenchPlan { repetitions: plan.repetitions, ..best }], Some(tuning)))
}

/// What this program and its engine took of the processors.
fn own_time(attempts: &[Attempt]) -> Option<Seconds> {
    let engine = attempts.iter().rev().find_map(|attempt| attempt.run.as_ref()?.process?.processor_seconds);
    engine.zip(ProcessUsage::of_this_process().processor_seconds).map(|(engine, own)| engine + own)
}

/// The GPUs and accelerators that the engine sees.
fn gpus(devices: &[Device]) -> Vec<String> {
    let others = devices.iter().filter(|device| device.kind != DeviceKind::Cpu);
    others.map(|device| device.description.clone()).collect()
}

fn start(args: &BenchArgs, cancelled: &Arc<AtomicBool>) -> Result<WorkerEngine, EngineError> {
    let engine = WorkerEngine::start(args.run.engine, Arc::clone(cancelled))?;
    let mut engine = engine.with_time_limit(args.tests.time_limit());
    engine.attach(&args.run.rpc)?;
    Ok(engine)
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
    Ok(Arc::clone(&interrupts()?.cancelled))
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
