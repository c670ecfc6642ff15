use std::cell::OnceCell;
use std::rc::Rc;

use super::assessment::{Worth, crowding, tightness};
use super::candidates::Candidate;
use super::cost::Power;
use super::verdict::{Evidence, inherent_lacks};
use super::{Assessment, Candidates, Cost, Needs, Quality, Step, changes};
use crate::catalog::{Calibration, Catalog, Model};
use crate::estimate::{
    Fit, Memory, Placement, PlacementKind, Reserve, Site, answer_time, largest_context, place_layers,
    place_or_raise,
};
use crate::history::Tuned;
use crate::machine::{GpuMemory, Machine};
use crate::run_config::{KvType, RunConfig};
use crate::units::Bytes;

/// Candidates held against one machine and one set of needs.
#[derive(Clone, Debug)]
pub struct Evaluation<'a, 'm> {
    pub(super) candidates: &'m Candidates<'a>,
    pub(super) machine: &'m Machine,
    pub(super) needs: &'m Needs,
    calibration: &'m Calibration,
    tuned: &'m [Tuned],
    power: Power,
    /// The changes of the machine, found when a model first needs one; other needs share them.
    steps: Rc<OnceCell<Vec<Step>>>,
}

impl<'a, 'm> Evaluation<'a, 'm> {
    /// Of `machine`, with speeds predicted by the constants of `calibration`; `tuned` are the settings that
    /// `bench --tune` found fastest on it, which `run` and `bench` then use.
    #[must_use]
    pub fn new(
        candidates: &'m Candidates<'a>,
        machine: &'m Machine,
        needs: &'m Needs,
        calibration: &'m Calibration,
        tuned: &'m [Tuned],
    ) -> Self {
        let power = Power::of(candidates.catalog, machine);
        Self { candidates, machine, needs, calibration, tuned, power, steps: Rc::default() }
    }

    /// The same with other needs.
    pub(super) fn with_needs<'n>(&self, needs: &'n Needs) -> Evaluation<'a, 'n>
    where
        'm: 'n,
    {
        Evaluation { needs, ..self.clone() }
    }

    /// The same on hardware that is not here: what was measured and tuned on this machine says nothing of it.
    pub(super) fn on<'n>(&self, machine: &'n Machine) -> Evaluation<'a, 'n>
    where
        'm: 'n,
    {
        Evaluation::new(self.candidates, machine, self.needs, self.catalog().calibration(), &[])
    }

    /// What could be bought for the machine or in its place, the cheapest first.
    pub(super) fn steps(&self) -> &[Step] {
        self.steps.get_or_init(|| changes(self.machine, self.catalog()).unwrap_or_default())
    }

    /// The facts.
    #[must_use]
    pub fn catalog(&self) -> &'a Catalog {
        self.candidates.catalog
    }

    /// Every model of the catalog in every quant that it is published in.
    #[must_use]
    pub fn assess(&self) -> Vec<Assessment<'a>> {
        self.candidates.all.iter().map(|candidate| self.assess_one(candidate)).collect()
    }

    /// One model in every quant that it is published in.
    pub fn assess_model(&self, model: &Model) -> impl Iterator<Item = Assessment<'a>> {
        self.candidates.of_model(model).map(|candidate| self.assess_one(candidate))
    }

    /// The best quant of a model that meets the needs. What cannot meet them on any machine, or is larger than this
    /// one's memory, is not placed.
    #[must_use]
    pub fn best_of(&self, model: &Model) -> Option<Assessment<'a>> {
        let machine = self.machine;
        let room = match machine.gpus.first().map(|gpu| gpu.memory) {
            Some(GpuMemory::Unified { .. }) | None => machine.ram.available_bytes,
            Some(GpuMemory::Dedicated { .. }) => {
                let gpus = machine.gpus.iter().map(|gpu| gpu.memory.free()).sum::<Bytes>();
                if self.needs.gpu_only { gpus } else { gpus + machine.ram.available_bytes }
            }
        };
        let may_do = |candidate: &&Candidate<'a>| {
            let quality = Quality::of(candidate, &self.needs.ability_weights);
            candidate.subject.weights_bytes() < room
                && inherent_lacks(model, quality.as_ref(), self.needs).is_empty()
        };
        let assessed = self.candidates.of_model(model).filter(may_do).map(|one| self.assess_one(one));
        assessed.filter(Assessment::meets_needs).max_by(|a, b| a.utility.total_cmp(&b.utility))
    }

    /// What an assessed model takes in memory.
    #[must_use]
    pub(super) fn memory(&self, assessment: &Assessment<'a>) -> Option<Memory> {
        let is_it = |candidate: &&Candidate<'a>| {
            candidate.model.id == assessment.model.id && candidate.quant.id == assessment.quant.id
        };
        let candidate = self.candidates.all.iter().find(is_it)?;
        let config = self.config(assessment.tuned.as_ref());
        Some(Memory::of(&candidate.subject, self.machine, assessment.placement.clone(), &config))
    }

    /// The longest context of each sequence that fits as an assessed model is placed, in tokens.
    #[must_use]
    pub(super) fn longest_context(&self, assessment: &Assessment<'a>) -> Option<u32> {
        let is_it = |candidate: &&Candidate<'a>| {
            candidate.model.id == assessment.model.id && candidate.quant.id == assessment.quant.id
        };
        let candidate = self.candidates.all.iter().find(is_it)?;
        let config = self.config(assessment.tuned.as_ref());
        let placed = |config: &RunConfig| {
            let Self { machine, calibration, .. } = *self;
            let subject = &candidate.subject;
            let reserve = self.reserve();
            let task = assessment.task;
            let site = Site { subject, machine, config, task, reserve, backend: None, calibration };
            self.place(&site, None)
        };
        let longest = largest_context(&candidate.subject, &config, &placed, &|_, _| None);
        longest.tokens.map(|tokens| tokens / config.sequences.max(1))
    }

    fn assess_one(&self, candidate: &Candidate<'a>) -> Assessment<'a> {
        let Self { machine, needs, calibration, .. } = *self;
        let Candidate { model, quant, ref subject, .. } = *candidate;
        let tuned = self.tuned.iter().find(|tuned| tuned.model == model.id && tuned.quant == quant.id);
        let (config, task) = (self.config(tuned), needs.task_of(model));
        let mut slower;
        let machine = match tuned {
            Some(tuned) if tuned.threads != machine.cpu.usable_threads => {
                slower = machine.clone();
                slower.cpu.usable_threads = tuned.threads;
                &slower
            }
            _ => machine,
        };
        let site = Site {
            subject,
            machine,
            config: &config,
            task,
            reserve: self.reserve(),
            backend: None,
            calibration,
        };
        let (placement, shortfall) = match self.place(&site, tuned) {
            Fit::Fits(placement) => (placement, None),
            Fit::TooLarge { nearest, shortfall } => (nearest, Some(shortfall)),
        };
        let speed = site.speed(&placement).prepared();
        let answer = answer_time(&speed, task);
        // A card's compute may be unknown where its bandwidth is not.
        let decode =
            answer.map_or_else(|| speed.decode(f64::from(task.middle())), |answer| Some(answer.decode));
        let quality = Quality::of(candidate, &needs.ability_weights);
        // Answers at once share the reading, so that none takes more energy than one that is written alone.
        let alone = if needs.run.sequences > 1 { answer_time(&speed.alone(), task) } else { answer };
        let watts = self.power.of_placement(&placement);
        let cost =
            alone.zip(watts).map(|(answer, watts)| Cost::of(watts, candidate.api, &answer, task, needs));
        let evidence = Evidence {
            model,
            shortfall,
            takes: placement.used(),
            no_gpu: needs.gpu_only && machine.gpus.is_empty(),
            disk: subject.weights_bytes(),
            decode,
            answer,
            quality: quality.as_ref(),
            cost: cost.as_ref(),
        };
        let lacks = evidence.lacks(needs);
        let beside = placement.sum(|device| device.kv_cache_bytes + device.compute_bytes);
        let worth = Worth {
            quality: quality.as_ref().map(Quality::counted_on),
            commonness: quant.commonness,
            task,
            decode,
            answer,
            cost: cost.as_ref(),
            needed: subject.weights_bytes() + beside,
            untried_loss_percent: quality
                .as_ref()
                .filter(|quality| quality.measured_loss.is_none())
                .map_or(0.0, |quality| quality.counted_loss_percent),
            crowding: crowded(machine, &placement),
            spills: placement.kind == PlacementKind::PartialOffload,
        };
        Assessment {
            model,
            quant,
            lacks,
            weights_bytes: subject.weights_bytes(),
            published_size: subject.is_published_size(),
            decode,
            answer,
            utility: worth.utility(needs),
            quality,
            cost,
            placement,
            task,
            tuned: tuned.cloned(),
        }
    }

    fn reserve(&self) -> Reserve {
        let usual = Reserve::for_machine(self.machine);
        Reserve {
            gpu: self.needs.reserved_gpu_bytes.unwrap_or(usual.gpu),
            ram: self.needs.reserved_ram_bytes.unwrap_or(usual.ram),
        }
    }

    /// The run of the needs, with what was found fastest; a cache of another type only where that was tuned, and only
    /// instead of the usual one.
    fn config(&self, tuned: Option<&Tuned>) -> RunConfig {
        let asked = &self.needs.run;
        let Some(tuned) = tuned else { return asked.clone() };
        let config = tuned.applied(asked);
        if asked.kv_type == KvType::default() {
            config
        } else {
            RunConfig { kv_type: asked.kv_type, ..config }
        }
    }

    /// The placement that answers soonest, the tuned one before others; under `--gpu-only` with every layer on GPUs.
    fn place(&self, site: &Site<'_>, tuned: Option<&Tuned>) -> Fit {
        let layers = tuned.and_then(|tuned| tuned.loading.gpu_layers);
        let fit = match layers.map(|layers| place_layers(site, layers)) {
            // The needs may take more than what it was tuned for.
            Some(fit @ Fit::Fits(_)) => fit,
            _ => place_or_raise(site),
        };
        let (Fit::Fits(placement) | Fit::TooLarge { nearest: placement, .. }) = &fit;
        if self.needs.gpu_only && placement.computes_in_ram() && !self.machine.gpus.is_empty() {
            return place_layers(site, u32::MAX);
        }
        fit
    }
}

/// Points that a model must be better by for somebody to raise the limit of what a GPU may take: a setting of the system,
/// gone with the next start.
const RAISING_LIMIT: f64 = 1.5;

/// What it costs the rest of the system that a placement leaves little of what they share, in points.
fn crowded(machine: &Machine, placement: &Placement) -> f64 {
    let is_shared = machine.gpus.iter().any(|gpu| matches!(gpu.memory, GpuMemory::Unified { .. }));
    let shares = placement.devices.iter().filter(|device| is_shared || device.gpu().is_none());
    let in_ram = shares.map(|device| device.weights_bytes + device.kv_cache_bytes + device.compute_bytes);
    let in_ram = in_ram.sum::<Bytes>();
    let of_ram = crowding(machine.ram.total_bytes.saturating_sub(in_ram), machine.ram.total_bytes);
    match placement.kind {
        PlacementKind::SingleGpu | PlacementKind::SplitGpus if !is_shared => tightness(placement.headroom()),
        _ => of_ram + if placement.raised_limit.is_some() { RAISING_LIMIT } else { 0.0 },
    }
}
