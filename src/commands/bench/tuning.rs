//! `bench --tune`: which settings to try on this machine, and keeping what is best.

use clap::Args;

use crate::bench::{Axis, BenchPlan, Choice, Goal, Measurement, Tuning};
use crate::catalog::{FeedForward, Model};
use crate::commands::Context;
use crate::engine::{Device, DeviceKind};
use crate::history::{self, Fingerprint, Tuned};
use crate::machine::Machine;
use crate::run_config::{KvType, Loading, RunConfig};

/// Finding the fastest settings.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Tuning")]
pub struct TuneArgs {
    /// Find the settings that are fastest here, and keep them for later runs of the model
    #[arg(long)]
    pub tune: bool,
    /// The most runs for that
    #[arg(long, value_name = "N", default_value_t = 24, requires = "tune", value_parser = clap::value_parser!(u16).range(2..=500))]
    pub tune_runs: u16,
    /// Try quantized KV caches too: they are smaller, and answers lose a little
    #[arg(long, requires = "tune")]
    pub tune_kv_type: bool,
    /// Run with llama.cpp's defaults, whatever an earlier `--tune` found
    #[arg(long)]
    pub untuned: bool,
}

impl TuneArgs {
    /// What the best settings are to be best at: one prompt and eight times as much of an answer, as R1 models think.
    pub(super) const GOAL: Goal = Goal { prompt_tokens: 512, output_tokens: 4096 };

    /// The settings to try, those first that matter most.
    pub(super) fn axes(&self, machine: &Machine, devices: &[Device], model: Option<&Model>) -> Vec<Axis> {
        let mut axes = Vec::new();
        if devices.iter().any(|device| device.kind != DeviceKind::Cpu) {
            axes.extend(offload_axes(model));
        }
        axes.push(threads(machine));
        axes.push(axis(
            "fa",
            ["on", "off"].map(|when| config(when, move |run| run.flash_attention = when == "on")),
        ));
        axes.push(axis(
            "ubatch",
            [512, 256, 128, 1024].map(|tokens| {
                config(&tokens.to_string(), move |run| {
                    run.micro_batch = tokens;
                    run.batch = run.batch.max(tokens);
                })
            }),
        ));
        axes.push(axis(
            "batch",
            [2048, 512].map(|tokens| {
                config(&tokens.to_string(), move |run| run.batch = tokens.max(run.micro_batch))
            }),
        ));
        if self.tune_kv_type {
            axes.push(axis(
                "kv type",
                [KvType::F16, KvType::Q8_0, KvType::Q4_0].map(|kind| {
                    config(&kind.to_string(), move |run| (run.kv_type, run.kv_value_type) = (kind, None))
                }),
            ));
        }
        axes
    }
}

/// All physical cores, half of them, one less for everything else, and every thread of the processor.
fn threads(machine: &Machine) -> Axis {
    let usable = machine.cpu.usable_threads.max(1);
    let cores = machine.cpu.physical_cores.min(usable).max(1);
    let mut counts = vec![cores, (cores / 2).max(1), cores.saturating_sub(1).max(1), usable];
    counts.sort_unstable();
    counts.dedup();
    let choices = counts
        .into_iter()
        .map(|threads| choice(&threads.to_string(), move |plan| BenchPlan { threads, ..plan.clone() }));
    Axis { name: "threads", choices: choices.collect() }
}

/// Where layers and experts go, where there is a device beside the processors.
fn offload_axes(model: Option<&Model>) -> Vec<Axis> {
    let Some(model) = model else { return Vec::new() };
    let layers = model.architecture.layers;
    let loading = |label: String, change: fn(&mut Loading, u32), value: u32| {
        choice(&label, move |plan| {
            let mut loading = plan.loading.clone();
            change(&mut loading, value);
            BenchPlan { loading, ..plan.clone() }
        })
    };
    let gpu_layers: fn(&mut Loading, u32) = |loading, layers| loading.gpu_layers = Some(layers);
    let experts: fn(&mut Loading, u32) = |loading, layers| loading.expert_layers_in_ram = layers;
    let mut axes = Vec::new();
    if matches!(model.architecture.feed_forward, FeedForward::Experts { .. }) {
        let choices = [0, layers / 2, layers].map(|count| loading(count.to_string(), experts, count));
        axes.push(Axis { name: "ncmoe", choices: choices.into() });
    }
    let choices = [layers + 1, layers * 3 / 4, layers / 2, 0]
        .map(|count| loading(count.to_string(), gpu_layers, count));
    axes.push(Axis { name: "ngl", choices: choices.into() });
    axes
}

fn axis<const N: usize>(name: &'static str, choices: [Choice; N]) -> Axis {
    Axis { name, choices: choices.into() }
}

fn choice(label: &str, apply: impl Fn(&BenchPlan) -> BenchPlan + 'static) -> Choice {
    Choice { label: label.to_owned(), apply: Box::new(apply) }
}

fn config(label: &str, change: impl Fn(&mut RunConfig) + 'static) -> Choice {
    choice(label, move |plan| {
        let mut config = plan.config.clone();
        change(&mut config);
        BenchPlan { config, ..plan.clone() }
    })
}

/// Keeps what was found best.
pub(super) fn keep(
    context: &Context,
    (best, tuning, kv_type_too): (&BenchPlan, &Tuning, bool),
    measurement: &Measurement,
    machine: &Machine,
) {
    let (Some(model), Some(quant)) = (&measurement.subject.model, &measurement.subject.quant) else { return };
    let Some(folder) = history::tuned_folder() else { return };
    let tuned = Tuned {
        schema_version: Tuned::SCHEMA_VERSION,
        date: measurement.date,
        machine: Fingerprint::of(machine),
        engine: format!("{} ({})", measurement.engine.name, measurement.engine.version),
        model: model.clone(),
        quant: quant.clone(),
        threads: best.threads,
        batch: best.config.batch,
        micro_batch: best.config.micro_batch,
        flash_attention: best.config.flash_attention,
        kv_type: kv_type_too.then_some(best.config.kv_type),
        loading: best.loading.clone(),
        gain: tuning.gain,
    };
    match history::keep_tuned(&folder, &tuned) {
        Ok(_) => context.printer.note("kept: these settings are used for this model from now on"),
        Err(error) => {
            context
                .printer
                .note(format!("the settings could not be kept in `{}`: {error}", folder.display()));
        }
    }
}
