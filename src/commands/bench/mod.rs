//! `r1-advisor bench`: measures a model's speed in the bundled llama.cpp, and holds the prediction against it.

mod target;

use std::cell::RefCell;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use clap::{Args, ValueEnum};

use super::{Context, lessons, machine_source};
use crate::bench::synthetic::{Afterwards, Placed, Writing};
use crate::bench::{
    self, Available, BenchError, BenchPlan, Circumstances, Measurement, ModelSource, Repetitions, Step, Test,
    Verdict,
};
use crate::engine::worker::WorkerEngine;
use crate::engine::{Engine as _, EngineError, EngineKind};
use crate::error::{Error, Exit};
use crate::history;
use crate::machine::Machine;
use crate::probe::{self, Bandwidths, Surroundings};
use crate::render::BenchView;
use crate::run_config::{KvType, RunConfig};
use crate::ui::Progress;
use crate::units::Seconds;
use target::Target;

/// Time for the repetitions of one test, where nobody says how many: two tests and their warm-ups then take
/// about a minute.
const TEST_TIME: Seconds = Seconds(25.0);

/// Flags of `bench`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  r1-advisor bench 1.5b:Q4_K_M --synthetic              measure before downloading
  r1-advisor bench 7b:Q4_K_M --synthetic -d 8192        how it slows down behind a long thought
  r1-advisor bench 7b:Q4_K_M                            a file that `pull` brought, or that is here anyway
  r1-advisor bench ./model.gguf -p 512 -n 128 -r 5      as llama-bench does

Random weights in the true shapes and types run at the same speed as the real ones.
Exit code 1 means that it does not fit in memory, 6 that the engine failed.")]
pub struct BenchArgs {
    /// Model and quant, such as `7b:Q4_K_M`, or the path of a GGUF file
    #[arg(value_name = "TARGET")]
    pub target: String,
    /// Write a file of the model's exact shapes with random weights, and measure that
    #[arg(long)]
    pub synthetic: bool,
    /// Keep that file for the next time
    #[arg(long, requires = "synthetic")]
    pub keep: bool,
    /// Where that file goes [default: r1-advisor in the user's cache folder]
    #[arg(long, value_name = "DIR", env = "R1_ADVISOR_CACHE")]
    pub cache_dir: Option<PathBuf>,
    /// Tokens of the prompt; 0 leaves prefill out
    #[arg(short = 'p', long, value_name = "N", default_value_t = 512, value_parser = tokens())]
    pub prefill_tokens: u32,
    /// Tokens to decode one by one; 0 leaves decode out
    #[arg(short = 'n', long, value_name = "N", default_value_t = 128, value_parser = tokens())]
    pub decode_tokens: u32,
    /// Tokens in the KV cache before either begins
    #[arg(short = 'd', long, value_name = "N", default_value_t = 0, value_parser = tokens())]
    pub depth: u32,
    /// Repetitions of each test [default: 5, or fewer to stay near a minute]
    #[arg(short = 'r', long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub repetitions: Option<u32>,
    /// Threads to compute with [default: the physical cores]
    #[arg(short = 't', long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: Option<u32>,
    /// Tokens that a call may hand over
    #[arg(short = 'b', long, alias = "batch-size", value_name = "N", default_value_t = 2048, value_parser = clap::value_parser!(u32).range(1..=65536))]
    pub batch: u32,
    /// Tokens that go through the graph at once
    #[arg(long, alias = "ubatch-size", value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=65536))]
    pub micro_batch: u32,
    /// Layers to put on GPUs [default: all]
    #[arg(long, alias = "n-gpu-layers", value_name = "N")]
    pub gpu_layers: Option<u32>,
    /// Whether attention runs as one fused kernel
    #[arg(long, alias = "flash-attn", value_enum, value_name = "WHEN", default_value_t = Switch::On)]
    pub flash_attention: Switch,
    /// Type of the cached keys and values
    #[arg(long, value_enum, value_name = "TYPE", default_value_t)]
    pub kv_type: KvType,
    /// The engine to run
    #[arg(long, hide = true, env = "R1_ADVISOR_ENGINE", default_value_t)]
    pub engine: EngineKind,
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// Yes.
    On,
    /// No.
    Off,
}

fn tokens() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(0..=1_048_576)
}

/// Runs the command.
pub fn run(context: &Context, args: &BenchArgs) -> Result<Exit, Error> {
    if args.prefill_tokens == 0 && args.decode_tokens == 0 {
        return Err(Error::usage("there is nothing to measure with `-p 0 -n 0`"));
    }
    let catalog = context.catalog()?;
    let target = Target::of(context, args, &catalog)?;
    let machine = machine_source::here(Bandwidths::AsKnown, &catalog)?;
    let plan = args.plan(&machine);
    let cancelled = cancelled_by_signal()?;
    let mut engine = WorkerEngine::start(args.engine, Arc::clone(&cancelled)).map_err(engine_error)?;
    let circumstances = Circumstances {
        subject: target.subject(),
        predictions: target.predictions(&machine, &plan, &lessons::calibration(&catalog, &machine)),
        engine: engine.build().map_err(engine_error)?,
        machine: machine.name.clone(),
        cpu: machine.cpu.model.clone(),
        date: Surroundings::here().today,
    };
    let available =
        Available { ram: machine.ram.available_bytes, devices: engine.devices().map_err(engine_error)? };
    let source = Source { target: &target, context, cancelled: &cancelled, afterwards: args.afterwards() };
    let steps = Steps::new(context);
    let attempt = bench::attempt(&mut engine, &source, &plan, &available, &|step| steps.show(step));
    drop(steps);
    let measurement = Measurement::of(circumstances, &plan, attempt.map_err(bench_error)?);
    if args.engine == EngineKind::Llama {
        keep(context, &measurement, &machine);
    }
    context.show(&BenchView { measurement: &measurement })?;
    Ok(match measurement.verdict {
        Verdict::Measured | Verdict::Confirmed | Verdict::Corrected | Verdict::Disturbed => Exit::Yes,
        Verdict::TooLarge(_) => Exit::No,
        Verdict::Crashed(_) => Exit::Engine,
    })
}

/// Keeps what was measured for later predictions on this machine.
fn keep(context: &Context, measurement: &Measurement, machine: &Machine) {
    let Some(record) = lessons::record(measurement, machine) else {
        if measurement.verdict == Verdict::Disturbed {
            context.printer.note("not kept for later predictions: something else used the machine");
        }
        return;
    };
    let Some(folder) = history::folder() else { return };
    match history::keep(&folder, &record) {
        Ok(_) => {
            let what = match (&record.prefill, &record.decode) {
                (Some(_), Some(_)) => "kept",
                (Some(_), None) => "prefill is kept",
                _ => "decode is kept",
            };
            context.printer.note(format!("{what}: predictions on this machine rest on it from now on"));
        }
        Err(error) => context
            .printer
            .note(format!("the measurement could not be kept in `{}`: {error}", folder.display())),
    }
}

impl BenchArgs {
    fn plan(&self, machine: &Machine) -> BenchPlan {
        let cores = machine.cpu.physical_cores.min(machine.cpu.usable_threads).max(1);
        BenchPlan {
            prefill_tokens: self.prefill_tokens,
            decode_tokens: self.decode_tokens,
            depth: self.depth,
            repetitions: self.repetitions.map_or(Repetitions::Within(TEST_TIME), Repetitions::Exactly),
            config: RunConfig {
                context: self.depth + self.prefill_tokens.max(self.decode_tokens),
                kv_type: self.kv_type,
                micro_batch: self.micro_batch.min(self.batch),
                batch: self.batch,
                sequences: 1,
                flash_attention: self.flash_attention == Switch::On,
                ..RunConfig::default()
            },
            threads: self.threads.unwrap_or(cores),
            gpu_layers: self.gpu_layers,
        }
    }

    const fn afterwards(&self) -> Afterwards {
        if self.keep { Afterwards::Keep } else { Afterwards::Remove }
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

/// The target's file, written when it is asked for.
struct Source<'a> {
    target: &'a Target<'a>,
    context: &'a Context,
    cancelled: &'a AtomicBool,
    afterwards: Afterwards,
}

impl ModelSource for Source<'_> {
    fn header(&self) -> Result<Placed, BenchError> {
        self.target.header()
    }

    fn whole(&self) -> Result<Placed, BenchError> {
        let file = match self.target {
            Target::File { path, .. } => return Ok(Placed::Kept(path.clone())),
            Target::Synthetic { file, .. } => file,
        };
        if let Some(path) = file.kept() {
            return Ok(Placed::Kept(path));
        }
        let what = format!("writing {} of random weights", file.bytes().decimal());
        let progress = Progress::bytes(&self.context.printer, file.bytes().0, &what);
        let writing = Writing {
            threads: thread::available_parallelism().map_or(1, NonZero::get),
            progress: &|written| progress.advance_to(written.0),
            cancelled: self.cancelled,
        };
        let free = probe::disk(file.folder()).map(|disk| disk.free_bytes);
        file.place(free, self.afterwards, &writing)
    }
}

/// The steps of a run as the person sees them. The spinner starts with the first, after the file's own bar.
struct Steps<'a> {
    context: &'a Context,
    progress: RefCell<Option<Progress<'a>>>,
}

impl<'a> Steps<'a> {
    const fn new(context: &'a Context) -> Self {
        Self { context, progress: RefCell::new(None) }
    }

    fn show(&self, step: Step) {
        let name = |test| if test == Test::Prefill { "prefill" } else { "decode" };
        let text = match step {
            Step::Load => "loading".to_owned(),
            Step::WarmUp(test) => format!("{}: warming up", name(test)),
            Step::Repetition { test, number, most } => {
                format!("{}: run {number} of {most} at most", name(test))
            }
        };
        let mut progress = self.progress.borrow_mut();
        match &*progress {
            Some(progress) => progress.now(&text),
            None => *progress = Some(Progress::steps(&self.context.printer, &text)),
        }
    }
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
