//! `bench` in the bundled engine: of a file, or of random weights, of the whole model or of slices of it.

use std::cell::OnceCell;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::meter::Meter;
use super::model_args::Layers;
use super::run_args::Defaults;
use super::sliced::Slicing;
use super::source::Source;
use super::steps::Steps;
use super::target::{Predictor, Target};
use super::tuning::TuneArgs;
use super::{BenchArgs, cancelled_by_signal, keep, shape_args, start};
use crate::bench::{
    Attempt, Available, BenchError, BenchPlan, BenchReport, Circumstances, End, Measurement, Runner, Search,
    Shortage, Verdict, Watch,
};
use crate::commands::{Context, lessons, machine_source};
use crate::engine::worker::WorkerEngine;
use crate::engine::{DeviceKind, Engine as _, EngineBuild, EngineKind, ProcessUsage};
use crate::error::{Error, Exit};
use crate::history;
use crate::machine::{Conditions, Machine};
use crate::message;
use crate::probe::{Activity, Bandwidths, Surroundings};
use crate::render::BenchView;
use crate::units::Seconds;

/// How plans are measured.
enum Way {
    /// One plan, by slices on request or where that is the only way.
    Alone { plan: BenchPlan, layers: Option<Layers> },
    /// The fastest settings are searched from here on, and measured.
    Tuned { start: BenchPlan },
    /// One after the other, and whatever else is asked.
    Each(Vec<BenchPlan>),
}

/// What came of it.
struct Measured {
    report: BenchReport,
    plan: BenchPlan,
    /// The memory that a whole task lacks, where one was to be done.
    lacking: Option<Shortage>,
}

/// A bench in the engine of this machine.
struct Bench<'a> {
    context: &'a Context,
    args: &'a BenchArgs,
    predictor: Predictor<'a>,
    available: Available,
    engine: EngineBuild,
    task: Option<shape_args::WholeTask>,
    cancelled: Arc<AtomicBool>,
    started_at: jiff::Timestamp,
}

/// Runs it.
pub(super) fn run(context: &Context, args: &BenchArgs) -> Result<Exit, Error> {
    let started_at = jiff::Timestamp::now();
    let cancelled = cancelled_by_signal()?;
    let catalog = context.catalog()?;
    let task = shape_args::whole_task(args, &catalog)?;
    let target = Target::of(context, &args.model, &catalog)?;
    let machine = machine_source::here(Bandwidths::AsKnown, &catalog)?;
    let way = Way::of(args, &defaults(context, args, &target, &machine))?;
    way.plans().iter().try_for_each(|plan| target.check_context(plan))?;
    let mut engine = start(args, &cancelled)?;
    let build = engine.build().map_err(BenchError::from)?;
    let devices = engine.devices().map_err(BenchError::from)?;
    let bench = Bench {
        context,
        args,
        predictor: Predictor {
            target: &target,
            machine: &machine,
            devices: &devices,
            calibration: lessons::calibration(&catalog, &machine),
        },
        available: Available { ram: machine.ram.available_bytes, devices: devices.clone() },
        engine: build,
        task,
        cancelled,
        started_at,
    };
    let measured = bench.measure(way, &mut engine)?;
    bench.finish(&measured)
}

impl Way {
    /// The plans to begin with.
    const fn plans(&self) -> &[BenchPlan] {
        match self {
            Self::Alone { plan, .. } | Self::Tuned { start: plan } => std::slice::from_ref(plan),
            Self::Each(plans) => plans.as_slice(),
        }
    }

    fn of(args: &BenchArgs, defaults: &Defaults) -> Result<Self, Error> {
        let asks_for_more = shape_args::is_some(args);
        let mut plans = args.run.plans(&args.tests, asks_for_more, defaults)?;
        // Each slice has an engine of its own, and a server of `--rpc` computes for one at a time.
        let is_plain = plans.len() == 1 && !asks_for_more && !args.tune.tune && args.run.rpc.is_empty();
        if is_plain {
            return Ok(Self::Alone { plan: plans.remove(0), layers: args.model.layers });
        }
        if matches!(args.model.layers, Some(Layers::Count(_))) {
            return Err(Error::usage(message!(BenchSlicesAlone)).hint(Some(message!(BenchSlicesAloneHint))));
        }
        if !args.tune.tune {
            return Ok(Self::Each(plans));
        }
        match plans.as_slice() {
            [plan] if plan.prefill_tokens > 0 && plan.decode_tokens > 0 => {
                Ok(Self::Tuned { start: plan.clone() })
            }
            [_] => Err(Error::usage(message!(BenchTuneTests)).hint(Some(message!(BenchTuneTestsHint)))),
            _ => Err(Error::usage(message!(BenchTuneAlone)).hint(Some(message!(BenchTuneAloneHint)))),
        }
    }
}

impl Bench<'_> {
    fn measure(&self, way: Way, engine: &mut WorkerEngine) -> Result<Measured, Error> {
        let steps = Steps::new(self.context);
        let meter = Meter::beside(&self.available.devices);
        let watch = Watch { progress: &|step| steps.show(step), energy: &meter };
        let root = Surroundings::here().root;
        let before = Activity::under(&root);
        let source = Source {
            target: self.predictor.target,
            context: self.context,
            cancelled: &self.cancelled,
            args: &self.args.model,
            free_memory: self.available.ram,
            file: OnceCell::new(),
        };
        if let Way::Alone { plan, layers } = &way
            && let Some(report) = self.slices(plan, *layers, engine, watch)?
        {
            return Ok(Measured { report, plan: plan.clone(), lacking: None });
        }
        let mut runner = Runner { engine, source: &source, available: &self.available, watch };
        let (plans, tuning) = match way {
            Way::Alone { plan, .. } => (vec![plan], None),
            Way::Tuned { start } => {
                let best = self.tune(&mut runner, &start)?;
                let plan = BenchPlan { repetitions: start.repetitions, ..best.plan };
                (vec![plan], Some(best.tuning))
            }
            Way::Each(plans) => (plans, None),
        };
        let attempts = if plans.iter().all(BenchPlan::has_no_tests) {
            vec![Attempt { planned_memory: None, run: None, end: End::Done }]
        } else {
            runner.attempts(&plans)?
        };
        let conditions = Some(before.until(&Activity::under(&root), own_time(&attempts)));
        let measurements = plans
            .iter()
            .zip(attempts)
            .map(|(plan, attempt)| Measurement::of(self.circumstances(plan, conditions), plan, attempt));
        let report = BenchReport::of(measurements.collect(), &self.args.tests.need);
        let mut report = report.ok_or_else(|| Error::usage(message!(BenchNothing)))?.tuned(tuning);
        let plan = plans[0].clone();
        let users = &self.args.served.concurrency;
        if !users.is_empty() {
            let plan = &self.args.tests.crowd(&plan);
            let predict = |users| self.predictor.crowd(plan, users);
            report.concurrency = Some(runner.crowds(plan, users)?.beside(predict));
        }
        let mut lacking = None;
        if let Some(task) = &self.task {
            match runner.work(&plan, &task.workload, self.args.shape.within())? {
                Ok(result) => {
                    report.needs.extend(task.limits.iter().flat_map(|limits| result.held_against(limits)));
                    report.workload = Some(result);
                }
                Err(shortage) => lacking = Some(shortage),
            }
        }
        Ok(Measured { report, plan, lacking })
    }

    /// The report of slices, where the model is measured by those.
    fn slices(
        &self,
        plan: &BenchPlan,
        layers: Option<Layers>,
        engine: &mut WorkerEngine,
        watch: Watch<'_>,
    ) -> Result<Option<BenchReport>, Error> {
        let around = self.circumstances(plan, None);
        let slicing = Slicing {
            context: self.context,
            args: &self.args.model,
            layers,
            plan,
            available: &self.available,
            cancelled: &self.cancelled,
            expected: plan.expected_time(around.predictions.as_ref()),
        };
        let start = || start(self.args, &self.cancelled);
        let Some(sliced) = slicing.measure(self.predictor.target, engine, start, watch)? else {
            return Ok(None);
        };
        let measurement =
            Measurement::of(around, plan, sliced.attempt).with_predicted_memory(sliced.peak_memory);
        let report = BenchReport::of(vec![measurement], &self.args.tests.need);
        Ok(report.map(|report| report.predicted_from(sliced.extrapolation)))
    }

    fn tune(&self, runner: &mut Runner<'_>, start: &BenchPlan) -> Result<crate::bench::Best, BenchError> {
        let args = &self.args.tune;
        let Predictor { target, machine, devices, .. } = self.predictor;
        let search = Search {
            axes: &args.axes(machine, devices, target.model()),
            goal: TuneArgs::GOAL,
            most_runs: args.tune_runs.into(),
            predict: &|plan| TuneArgs::GOAL.predicted(&self.predictor.predictions(plan)?),
        };
        let trial = BenchPlan { repetitions: self.args.tests.trial_repetitions(), ..start.clone() };
        runner.tune(&trial, &search)
    }

    fn circumstances(&self, plan: &BenchPlan, conditions: Option<Conditions>) -> Circumstances {
        let machine = self.predictor.machine;
        let gpus = self.available.devices.iter().filter(|device| device.kind != DeviceKind::Cpu);
        Circumstances {
            subject: self.predictor.target.subject(),
            predictions: self.predictor.predictions(plan),
            engine: self.engine.clone(),
            machine: machine.name.clone(),
            cpu: machine.cpu.model.clone(),
            gpus: gpus.map(|device| device.description.clone()).collect(),
            started_at: self.started_at,
            conditions,
        }
    }

    /// Shows what came of it, and saves it.
    fn finish(&self, measured: &Measured) -> Result<Exit, Error> {
        let Measured { report, plan, lacking } = measured;
        let (context, machine) = (self.context, self.predictor.machine);
        context.show(&BenchView { report, devices: &self.available.devices })?;
        keep::local(context, report, machine, &self.args.run);
        if self.args.run.engine == EngineKind::Llama {
            self.args.tune.keep(context, plan, report, machine);
        }
        let Some((shortage, task)) = lacking.as_ref().zip(self.task.as_ref()) else {
            return Ok(exit(report));
        };
        context.printer.note(message!(BenchTaskTooLarge {
            task: &task.workload.id,
            shortfall: shortage.shortfall_bytes,
            device: &shortage.device,
            tokens: task.workload.prompt_tokens + task.workload.output_tokens,
        }));
        Ok(Exit::No)
    }
}

/// The settings of those that no flag gives: what was found fastest, or llama.cpp's defaults.
fn defaults(context: &Context, args: &BenchArgs, target: &Target<'_>, machine: &Machine) -> Defaults {
    let cores = machine.cpu.physical_cores.min(machine.cpu.usable_threads).max(1);
    let subject = target.subject();
    let tuned = subject
        .model
        .zip(subject.quant)
        .filter(|_| !args.tune.untuned && !args.tune.tune && args.run.rpc.is_empty());
    match tuned.and_then(|(model, quant)| history::tuned_here(machine, &model, &quant)) {
        Some(tuned) => {
            context.printer.tell(message!(BenchTuned { date: tuned.date }));
            Defaults::tuned(&tuned)
        }
        None => Defaults::of_llama_cpp(cores),
    }
}

/// The processor time of this program and its engine.
fn own_time(attempts: &[Attempt]) -> Option<Seconds> {
    let engine = attempts.iter().rev().find_map(|attempt| attempt.run.as_ref()?.process?.processor_seconds);
    engine.zip(ProcessUsage::of_this_process().processor_seconds).map(|(engine, own)| engine + own)
}

/// By the worst run that says something of the engine or, of a grid, whether anything ran at all.
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
