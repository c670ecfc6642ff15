//! How well slices of a model foretell the whole: at most a quarter of its layers and all of them in turns, round by round
//! in one run, so that whatever else the machine does falls on both alike. Prefill and decode, on the CPU.
//!
//!     cargo bench --bench slices [-- [ROUNDS] [MODEL:QUANT…]]
//!
//! It takes some minutes, and three times as much memory as the largest of the models. The ratio is what the slices
//! foretell over what the whole ran at, both by the middle half of the rounds. Free memory in small pieces is set aside
//! meanwhile: whatever is placed first gets the most of it, slices or whole, and is slower there by more than slices err.

use std::error::Error;
use std::io;
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;

use r1_advisor::bench::synthetic::{SyntheticFile, Writing, set_aside};
use r1_advisor::bench::{
    BenchPlan, Cut, NoMeter, Repetitions, Watch, extrapolate_tests, midmean, time_slices,
};
use r1_advisor::catalog::Catalog;
use r1_advisor::engine::EngineKind;
use r1_advisor::engine::worker::WorkerEngine;
use r1_advisor::probe;
use r1_advisor::run_config::{Loading, RunConfig};

const PROGRAM: &str = env!("CARGO_BIN_EXE_r1-advisor");

/// What is measured where nobody says.
const MODELS: [&str; 2] = ["1.5b:Q4_K_M", "7b:Q4_K_M"];

/// A quarter of 28.
const LAYERS: u32 = 7;

/// How far a foretold speed may be off.
const TARGET: f64 = 0.05;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let rounds = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(30);
    let named: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|argument| argument.contains(':')).collect();
    let models = if named.is_empty() { &MODELS[..] } else { &named };
    let mut out = io::stdout().lock();
    for model in models {
        measure(model, rounds, &mut out)?;
    }
    Ok(())
}

fn measure(name: &str, rounds: u32, out: &mut dyn io::Write) -> Result<(), Box<dyn Error>> {
    let _aside = set_aside(probe::scattered_memory(Path::new("/")));
    let catalog = Catalog::embedded()?;
    let (model, quant) = catalog.target(name)?;
    let quant = quant.ok_or("name a quant, too")?;
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let plan = BenchPlan {
        prefill_tokens: 128,
        decode_tokens: 16,
        depth: 0,
        repetitions: Repetitions::Exactly(rounds),
        config: RunConfig { context: 512, ..RunConfig::default() },
        threads: u32::try_from(threads)?,
        loading: Loading::without_gpus(),
    };
    let cut = Cut::of(model, quant, Some(LAYERS), |_| true)?.ok_or("too large")?;
    let folder = Path::new("");
    let slices = cut.slices.iter().map(|slice| SyntheticFile::slice(model, quant, folder, slice));
    let mut files = slices.collect::<Result<Vec<_>, _>>()?;
    files.push(SyntheticFile::new(model, quant, folder)?);
    let writing = Writing { threads, progress: &|_| {}, cancelled: &AtomicBool::new(false) };
    let placed =
        files.iter().map(|file| Ok(file.place_in_memory(&writing)?.ok_or("no files in memory here")?));
    let placed = placed.collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    let engine = |_| {
        WorkerEngine::start_program(Path::new(PROGRAM), EngineKind::Llama, Arc::new(AtomicBool::new(false)))
    };
    let mut engines = placed.iter().map(engine).collect::<Result<Vec<_>, _>>()?;
    let watch = Watch { progress: &|_| {}, energy: &NoMeter };
    let mut times = time_slices(&mut engines, &placed, &plan, 1, watch)?;
    let whole = times.pop().unwrap_or_default();
    let (prefill, decode) = extrapolate_tests(&cut, &times, &plan);
    let counts: Vec<_> = cut.counts.iter().map(|counts| counts[0].to_string()).collect();
    writeln!(
        out,
        "{name}: {} of {} layers against all, {rounds} rounds",
        counts.join(" and "),
        model.architecture.layers
    )?;
    for (test, foretold, seconds, tokens) in [
        ("prefill", prefill, midmean(&whole.prefill), plan.prefill_tokens),
        ("decode", decode, midmean(&whole.decode), plan.decode_tokens),
    ] {
        let (Some((foretold, _)), Some(seconds)) = (foretold, seconds) else {
            writeln!(out, "  {test:<7} the rounds contradict each other")?;
            continue;
        };
        let measured = f64::from(tokens) / seconds;
        let ratio = foretold.mean.0 / measured;
        let error = foretold.stddev.map_or(0.0, |stddev| stddev.0 / foretold.mean.0);
        let verdict = if (ratio - 1.0).abs() <= TARGET { "ok" } else { "ABOVE 5 %" };
        writeln!(
            out,
            "  {test:<7} {:>7.2} tok/s foretold (± {:.1} % by the rounds), {measured:>7.2} measured, {ratio:.3}   {verdict}",
            foretold.mean.0,
            error * 100.0
        )?;
    }
    Ok(())
}
