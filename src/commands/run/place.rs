//! Where the model is put and how it is run: what `estimate` would choose, but for what the flags say.

use std::sync::Arc;

use super::RunArgs;
use super::target::Target;
use crate::catalog::Catalog;
use crate::commands::{Context, lessons};
use crate::engine::worker::WorkerEngine;
use crate::engine::{Device, Engine as _, LoadMode, LoadRequest, SessionRequest};
use crate::error::{Error, Exit};
use crate::estimate::{Fit, Placement, PlacementKind, Reserve, Site, Subject, Task, place, place_layers};
use crate::history::Tuned;
use crate::machine::{Backend, Machine};
use crate::message;
use crate::run_config::{KvType, Loading, RunConfig};

/// The context where none is asked for.
const CONTEXT: u32 = 8192;

/// Where a model is put.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) load: LoadRequest,
    pub(super) config: RunConfig,
    pub(super) threads: u32,
    /// Where it runs; `None` where llama.cpp itself places it.
    pub(super) kind: Option<PlacementKind>,
    /// The day on which `bench --tune` found the settings, where they are from it.
    pub(super) tuned: Option<jiff::civil::Date>,
}

impl Placed {
    pub(super) fn of(
        context: &Context,
        args: &RunArgs,
        target: &Target<'_>,
        catalog: &Catalog,
        mut machine: Machine,
    ) -> Result<Self, Error> {
        let tuned = if args.untuned { None } else { target.tuned(&machine) };
        let seen = backend(args, &machine);
        if seen.is_none() {
            if args.gpu_layers.is_some_and(|layers| layers > 0) {
                context.printer.note(message!(RunNoGpu));
            }
            machine.gpus.clear();
        }
        let default = machine.cpu.physical_cores.min(machine.cpu.usable_threads).max(1);
        let threads = args.threads.or(tuned.as_ref().map(|tuned| tuned.threads)).unwrap_or(default);
        machine.cpu.usable_threads = threads;
        let trained = target.stored.as_ref().map(|stored| stored.architecture.context_trained);
        let tokens = tokens(args, target, trained)?;
        let config = config(args, tokens, tuned.as_ref());
        let load = |loading| LoadRequest { path: target.path.clone(), mode: LoadMode::Run, loading };
        let Some(stored) = &target.stored else {
            let loading = Loading { gpu_layers: args.gpu_layers, ..Loading::default() };
            return Ok(Self { load: load(loading), config, threads, kind: None, tuned: None });
        };
        let location = target.path.display().to_string();
        let subject = Subject::of_file(stored, target.model, &location);
        let site = Site {
            subject: &subject,
            machine: &machine,
            config: &config,
            task: Task::USUAL,
            reserve: Reserve::for_machine(&machine),
            backend: seen,
            calibration: &lessons::calibration(catalog, &machine),
        };
        let tuned_layers = tuned.as_ref().and_then(|tuned| tuned.loading.gpu_layers);
        let fit = match (args.gpu_layers, tuned_layers.map(|layers| place_layers(&site, layers))) {
            (Some(layers), _) => place_layers(&site, layers),
            // The context may be longer than the one it was tuned for.
            (None, Some(fit @ Fit::Fits(_))) => fit,
            (None, _) => place(&site),
        };
        let placement = fitting(fit, args, target, tokens)?;
        let loading = Loading {
            gpu_layers: Some(placement.gpu_layers),
            expert_layers_in_ram: placement.expert_layers_in_ram,
            tensor_split: split(&placement),
            ..Loading::default()
        };
        Ok(Self {
            load: load(loading),
            config,
            threads,
            kind: Some(placement.kind),
            tuned: tuned.map(|tuned| tuned.date),
        })
    }

    /// How to open a session.
    pub(super) fn session(&self) -> SessionRequest {
        // Of a batch, only the last token's logits are asked for.
        SessionRequest { config: self.config.clone(), threads: self.threads, outputs: Some(1) }
    }
}

/// What drives the GPU that the engine sees, if there is one: a driver may well abort the process that asks.
fn backend(args: &RunArgs, machine: &Machine) -> Option<Backend> {
    if machine.gpus.is_empty() {
        return None;
    }
    let devices = WorkerEngine::start(args.engine, Arc::default()).ok()?.devices().ok()?;
    devices.iter().filter(|device| device.is_gpu()).find_map(Device::backend)
}

/// What flags say, else what was found fastest here, else llama.cpp's defaults.
fn config(args: &RunArgs, tokens: u32, tuned: Option<&Tuned>) -> RunConfig {
    let default = RunConfig { context: tokens, ..RunConfig::default() };
    let mut config = match tuned {
        Some(tuned) => tuned.applied(&default),
        None => default,
    };
    if let Some(kv_type) = args.kv_type {
        config.kv_type = kv_type;
        // Without flash attention, llama.cpp cannot read quantized values.
        config.flash_attention |= kv_type != KvType::default();
    }
    config
}

/// The layers of each GPU, where there are several to share them out to.
fn split(placement: &Placement) -> Vec<f32> {
    let split = placement.tensor_split();
    if split.len() > 1 { split.iter().map(|layers| *layers as f32).collect() } else { Vec::new() }
}

fn tokens(args: &RunArgs, target: &Target<'_>, trained: Option<u32>) -> Result<u32, Error> {
    let trained = trained.filter(|trained| *trained > 0).unwrap_or(u32::MAX);
    match args.context {
        Some(context) if context > trained => {
            let name = &target.name;
            Err(Error::usage(message!(RunBeyondTraining { name, trained, context }))
                .hint(Some(message!(RunBeyondTrainingHint { trained }))))
        }
        Some(asked) => Ok(asked),
        None => Ok(CONTEXT.min(trained)),
    }
}

fn fitting(fit: Fit, args: &RunArgs, target: &Target<'_>, tokens: u32) -> Result<Placement, Error> {
    match fit {
        Fit::Fits(placement) => Ok(placement),
        Fit::TooLarge { nearest, .. } if args.force => Ok(nearest),
        Fit::TooLarge { shortfall, .. } => Err(Error::plain(
            Exit::No,
            message!(RunTooLarge { name: &target.name, missing: shortfall, context: tokens }),
        )
        .hint(Some(message!(RunTooLargeHint)))),
    }
}
