//! Files that start what was chosen on the engines that are there: nothing has to be translated from a plan by hand.

mod kubernetes;
mod llama;
mod script;
mod servers;

use std::path::Path;

pub(in crate::report) use script::word;
pub use script::{Line, Script};

use super::offer::is_routed;
use super::plan::Planned;
use super::study::{Candidate, Study};
use super::way::Way;
use crate::capacity::{Precision, ServingEngine};
use crate::catalog::Model;
use crate::machine::Vendor;
use crate::message::Message;

/// A file that an engine is started with.
#[derive(Clone, Debug, PartialEq)]
pub struct LaunchFile {
    /// What to call it.
    pub name: &'static str,
    /// What it is for.
    pub what: Message,
    /// What is in it.
    pub script: Script,
}

impl LaunchFile {
    /// Whether a shell runs it.
    #[must_use]
    pub fn is_script(&self) -> bool {
        Path::new(self.name).extension().is_some_and(|extension| extension == "sh")
    }
}

/// What is to be started, and on how much.
#[derive(Clone, Copy, Debug)]
struct Service<'a> {
    model: &'a Model,
    planned: &'a Planned,
    /// Who made the accelerators.
    vendor: Vendor,
    /// GPUs of one machine.
    machine_gpus: u32,
    /// Machines in all, spare ones included.
    machines: u32,
    /// The longest prompt and answer together that a request may have.
    context: u32,
    /// The most requests that a replica works at.
    sequences: u32,
}

/// The port that every file here makes its engine listen on.
pub(super) const PORT: u16 = 8000;

/// GPUs of a machine that is rented.
const RENTED_GPUS: u32 = 8;

/// The usual longest answer of R1, by its makers' advice on how to run it.
const LONG_ANSWER: u32 = 32_768;

/// The files for a candidate; none for what somebody else runs.
pub(super) fn files(study: &Study<'_>, candidate: &Candidate<'_>) -> Vec<LaunchFile> {
    let Some(service) = Service::of(study, candidate) else { return Vec::new() };
    if service.engine() == ServingEngine::LlamaCpp {
        return llama::files(&service);
    }
    let mut files = servers::files(&service);
    if service.machines > 1 {
        files.push(kubernetes::file(&service));
    }
    files
}

impl<'a> Service<'a> {
    fn of(study: &Study<'a>, candidate: &'a Candidate<'a>) -> Option<Self> {
        let planned = candidate.planned.as_ref()?;
        let machines = candidate.way.machines()?;
        let quantity = candidate.option.quantity()?;
        let (machine_gpus, count) = match candidate.way {
            Way::Buy { offer, .. } => (offer.gpus, quantity),
            _ => (quantity.min(RENTED_GPUS), quantity.div_ceil(RENTED_GPUS)),
        };
        let accelerators = study.site.catalog.accelerators().ok()?;
        let vendor = accelerators.iter().find(|one| one.id == machines.accelerator)?.vendor;
        let needs = study.site.needs;
        let usual = needs.prompt_tokens.value + needs.output_tokens.value;
        let cached = planned.deployment.cache_tokens()?;
        let is_small = planned.deployment.engine == ServingEngine::LlamaCpp;
        Some(Self {
            model: machines.model,
            planned,
            vendor,
            machine_gpus,
            machines: count,
            context: context(usual, if is_small { 0 } else { LONG_ANSWER }, machines.model, cached),
            sequences: sequences(planned),
        })
    }

    const fn engine(&self) -> ServingEngine {
        self.planned.deployment.engine
    }

    /// GPUs of a replica.
    fn replica_gpus(&self) -> u32 {
        self.planned.deployment.gpus()
    }

    /// Machines that one replica lies over.
    fn nodes(&self) -> u32 {
        self.replica_gpus().div_ceil(self.machine_gpus)
    }

    /// Replicas that one machine has room for.
    fn replicas_of_machine(&self) -> u32 {
        (self.machine_gpus / self.replica_gpus()).max(1)
    }

    fn is_routed(&self) -> bool {
        is_routed(self.model)
    }

    /// The repository of weights in the planned precision; none where the makers publish none in it.
    fn checkpoint(&self) -> Option<&'a str> {
        (![Precision::INT4, Precision::NVFP4].contains(&self.planned.deployment.precision))
            .then_some(self.model.repository.as_str())
    }
}

/// Room for a prompt and a long answer, in powers of two, as far as the model and the cache of one replica go.
#[expect(clippy::cast_sign_loss, reason = "tokens are not negative")]
fn context(usual: f64, least: u32, model: &Model, cached: f64) -> u32 {
    let wanted = ((usual * 2.0) as u32).next_power_of_two().max(least);
    // Engines refuse to start with a context that the cache does not hold.
    let held = (cached as u32 / 1024).max(1) * 1024;
    wanted.min(model.architecture.context_trained).min(held)
}

/// What is in flight at the limit of a replica, and three deviations of a Poisson number more: fewer would make those wait
/// whom the plan lets in.
#[expect(clippy::cast_sign_loss, reason = "a count of requests is not negative")]
fn sequences(planned: &Planned) -> u32 {
    let mean = planned.capacity.in_flight;
    let most = (mean + 3.0 * mean.sqrt()).ceil() as u32;
    most.max(16).next_multiple_of(8).min(planned.deployment.most_sequences())
}
