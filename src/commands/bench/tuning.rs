//! `bench --tune`: which settings to try on this machine, and keeping what is best.

use clap::Args;

use crate::bench::{Axis, BenchPlan, BenchReport, Choice, Goal};
use crate::catalog::{FeedForward, Model};
use crate::commands::Context;
use crate::commands::typed::whole;
use crate::engine::{Device, DeviceKind};
use crate::history::{self, Fingerprint, Tuned};
use crate::machine::Machine;
use crate::message;
use crate::run_config::{KvType, Loading, RunConfig};

/// Finding the fastest settings.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Tuning")]
pub struct TuneArgs {
    /// Find the settings that are fastest here, and use them for later runs of the model
    #[arg(long)]
    pub tune: bool,
    /// Maximum number of tuning runs
    #[arg(long, value_name = "N", default_value_t = 24, requires = "tune", value_parser = whole::<u16>(2..=500))]
    pub tune_runs: u16,
    /// Also try quantized KV caches, which are smaller and cost a little quality
    #[arg(long, requires = "tune")]
    pub tune_kv_type: bool,
    /// Run with llama.cpp's defaults instead of what an earlier `--tune` found
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
        axes.push(Axis {
            name: "fa",
            value: |plan| if plan.config.flash_attention { "on" } else { "off" }.to_owned(),
            choices: vec![
                config(|run| run.flash_attention = true),
                config(|run| run.flash_attention = false),
            ],
        });
        let micro_batch = |tokens: u32| {
            config(move |run| {
                run.micro_batch = tokens;
                run.batch = run.batch.max(tokens);
            })
        };
        axes.push(Axis {
            name: "ubatch",
            value: |plan| plan.config.micro_batch.to_string(),
            choices: [512, 256, 128, 1024].map(micro_batch).into(),
        });
        let batch = |tokens: u32| config(move |run| run.batch = tokens.max(run.micro_batch));
        axes.push(Axis {
            name: "batch",
            value: |plan| plan.config.batch.to_string(),
            choices: [2048, 512].map(batch).into(),
        });
        if self.tune_kv_type {
            let both = |kind| config(move |run| (run.kv_type, run.kv_value_type) = (kind, None));
            axes.push(Axis {
                name: "kv type",
                value: |plan| plan.config.kv_type.to_string(),
                choices: [KvType::F16, KvType::Q8_0, KvType::Q4_0].map(both).into(),
            });
        }
        axes
    }

    /// Saves what was found best, where it was searched.
    pub(super) fn keep(&self, context: &Context, best: &BenchPlan, report: &BenchReport, machine: &Machine) {
        let measurement = &report.first;
        let (Some(tuning), Some(folder)) = (&report.tuning, history::tuned_folder()) else { return };
        let (Some(model), Some(quant)) = (&measurement.subject.model, &measurement.subject.quant) else {
            return;
        };
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
            kv_type: self.tune_kv_type.then_some(best.config.kv_type),
            loading: best.loading.clone(),
            gain: tuning.gain,
        };
        context.printer.note(match history::keep_tuned(&folder, &tuned) {
            Ok(_) => message!(BenchTunedSaved),
            Err(error) => message!(BenchTunedUnsaved { folder: &folder }).because(error),
        });
    }
}

/// All physical cores, half of them, one less for everything else, and every thread of the processor.
fn threads(machine: &Machine) -> Axis {
    let usable = machine.cpu.usable_threads.max(1);
    let cores = machine.cpu.physical_cores.min(usable).max(1);
    let mut counts = vec![cores, (cores / 2).max(1), cores.saturating_sub(1).max(1), usable];
    counts.sort_unstable();
    counts.dedup();
    let choice = |threads| -> Choice { Box::new(move |plan| BenchPlan { threads, ..plan.clone() }) };
    Axis {
        name: "threads",
        value: |plan| plan.threads.to_string(),
        choices: counts.into_iter().map(choice).collect(),
    }
}

/// Where layers and experts go, where there is a device beside the processors.
fn offload_axes(model: Option<&Model>) -> Vec<Axis> {
    let Some(model) = model else { return Vec::new() };
    let layers = model.architecture.layers;
    let mut axes = Vec::new();
    if matches!(model.architecture.feed_forward, FeedForward::Experts { .. }) {
        let choice = |layers| loading(move |loading| loading.expert_layers_in_ram = layers);
        axes.push(Axis {
            name: "ncmoe",
            value: |plan| plan.loading.expert_layers_in_ram.to_string(),
            choices: [0, layers / 2, layers].map(choice).into(),
        });
    }
    let choice = |layers| loading(move |loading| loading.gpu_layers = Some(layers));
    axes.push(Axis {
        name: "ngl",
        value: |plan| plan.loading.gpu_layers.map_or_else(|| "all".to_owned(), |layers| layers.to_string()),
        choices: [layers + 1, layers * 3 / 4, layers / 2, 0].map(choice).into(),
    });
    axes
}

fn config(change: impl Fn(&mut RunConfig) + 'static) -> Choice {
    Box::new(move |plan| {
        let mut plan = plan.clone();
        change(&mut plan.config);
        plan
    })
}

fn loading(change: impl Fn(&mut Loading) + 'static) -> Choice {
    Box::new(move |plan| {
        let mut plan = plan.clone();
        change(&mut plan.loading);
        plan
    })
}
