use std::sync::OnceLock;

use super::remedy::Offer;
use super::verdict::Evidence;
use super::{Cost, Needs, Quality, Verdict};
use crate::catalog::{Calibration, Catalog, Model, Quant};
use crate::estimate::{
    AnswerTime, EstimatedMemory, Fit, Placement, PredictedRate, Reserve, Site, Subject, answer_time, place,
    place_layers,
};
use crate::history::Tuned;
use crate::machine::{GpuMemory, Machine};
use crate::run_config::{KvType, RunConfig};
use crate::units::Bytes;

/// A model in a quant, judged.
#[derive(Clone, Debug)]
pub struct Judged<'a> {
    /// The model.
    pub model: &'a Model,
    /// The quant.
    pub quant: &'a Quant,
    /// Every need that it does not meet, the farthest from being met first.
    pub lacks: Vec<Verdict>,
    /// What it takes as llama.cpp would be told to run it, or would take if it fit.
    pub placement: Placement,
    /// All weights.
    pub weights_bytes: Bytes,
    /// Whether the size is a published one rather than computed from the tensors.
    pub published_size: bool,
    /// The CPU backend's second copy, beside the mapped file.
    pub repack_bytes: Bytes,
    /// What is held while it runs, where there is room.
    pub held_bytes: Bytes,
    /// Decode speed in the middle of the task's answer.
    pub decode: Option<PredictedRate>,
    /// Prefill speed over the task's prompt.
    pub prefill: Option<PredictedRate>,
    /// Time of the task.
    pub answer: Option<AnswerTime>,
    /// How good its answers are.
    pub quality: Option<Quality>,
    /// What it costs in electricity.
    pub cost: Option<Cost>,
    /// The settings that it runs with, where they were tuned here.
    pub tuned: Option<Tuned>,
}

impl Judged<'_> {
    /// Whether it meets every need.
    #[must_use]
    pub fn is_yes(&self) -> bool {
        self.lacks.is_empty()
    }

    /// That it fits, or the need that it is farthest from.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let fits = || Verdict::Fits { headroom_bytes: self.placement.headroom() };
        self.lacks.first().cloned().unwrap_or_else(fits)
    }

    /// Weights, KV cache and intermediate values: what must stay in memory.
    #[must_use]
    pub fn needed_bytes(&self) -> Bytes {
        let devices = &self.placement.devices;
        let beside = devices.iter().map(|device| device.kv_cache_bytes + device.compute_bytes).sum::<Bytes>();
        self.weights_bytes + beside
    }

    /// What it is worth: its quality in points, more for every halving of what the priority counts.
    #[must_use]
    pub fn utility(&self, needs: &Needs) -> f64 {
        let quality = self.quality.as_ref().map_or(0.0, |quality| quality.score);
        let exchange = needs.priority.exchange();
        // Nobody waits less for an answer that is there at once: under ten seconds, quicker is worth nothing more.
        let minutes = (self.seconds(needs) / 60.0).max(1.0 / 6.0);
        // Where the power is unknown, the time stands for it, as if every device drew 100 W.
        let energy = self
            .cost
            .as_ref()
            .map_or_else(|| self.seconds(needs) / 36.0, |cost| cost.watt_hours_per_answer(needs))
            .max(1e-3);
        quality
            - exchange.time * minutes.log2()
            - exchange.energy * energy.log2()
            - exchange.memory * self.needed_bytes().as_gib().max(1e-3).log2()
    }

    /// Time to the whole answer. Where a card's compute is unknown, the time of writing stands for the whole: it is
    /// nearly all of it.
    fn seconds(&self, needs: &Needs) -> f64 {
        let writing =
            || self.decode.map(|decode| f64::from(needs.task.output_tokens) / decode.tokens_per_second);
        self.answer.map(|answer| answer.whole.seconds.0).or_else(writing).unwrap_or(6e10)
    }

    /// Whether it is at least as good as `other` in quality, time and memory, and better in one: then nobody would
    /// choose the other.
    #[must_use]
    pub fn beats(&self, other: &Self) -> bool {
        let of = |judged: &Self| {
            Some((judged.quality.as_ref()?.score, judged.answer?.whole.seconds.0, judged.needed_bytes()))
        };
        let (Some(mine), Some(theirs)) = (of(self), of(other)) else { return false };
        mine != theirs && mine.0 >= theirs.0 && mine.1 <= theirs.1 && mine.2 <= theirs.2
    }
}

/// Every model of the catalog in every quant that it is published in: the tensors are laid out once, however many
/// machines and needs they are then held against.
#[derive(Debug)]
pub struct Docket<'a> {
    /// The facts.
    catalog: &'a Catalog,
    /// The quants of a model one after another.
    cases: Vec<Case<'a>>,
    /// The machines that can be bought, found when somebody needs another.
    pub(super) offers: OnceLock<Vec<Offer<'a>>>,
}

/// A model in a quant.
#[derive(Debug)]
struct Case<'a> {
    model: &'a Model,
    quant: &'a Quant,
    subject: Subject<'a>,
}

impl<'a> Docket<'a> {
    /// The docket of a catalog.
    #[must_use]
    pub fn of(catalog: &'a Catalog) -> Self {
        let quants_of = |model: &'a Model| {
            let published =
                |quant: &&Quant| model.artifacts.iter().any(|artifact| artifact.quant == quant.id);
            let quants = catalog.quants().iter().filter(published);
            quants.filter_map(move |quant| Some(Case { model, quant, subject: Subject::of(model, quant)? }))
        };
        let cases = catalog.models().iter().flat_map(quants_of).collect();
        Self { catalog, cases, offers: OnceLock::new() }
    }
}

/// What models are judged by.
#[derive(Clone, Copy, Debug)]
pub struct Court<'a, 'm> {
    /// The models.
    pub docket: &'a Docket<'a>,
    /// The machine.
    pub machine: &'m Machine,
    /// What is asked.
    pub needs: &'m Needs,
    /// The constants that speeds are predicted with.
    pub calibration: &'m Calibration,
    /// The settings that `bench --tune` found fastest on this machine, which `run` and `bench` then use.
    pub tuned: &'m [Tuned],
}

impl<'a> Court<'a, '_> {
    /// The facts.
    #[must_use]
    pub fn catalog(&self) -> &'a Catalog {
        self.docket.catalog
    }

    /// Judges every model of the catalog in every quant that it is published in.
    #[must_use]
    pub fn judge(&self) -> Vec<Judged<'a>> {
        self.docket.cases.iter().map(|case| self.judge_case(case)).collect()
    }

    /// Judges one model in every quant that it is published in.
    pub fn judge_model(&self, model: &Model) -> impl Iterator<Item = Judged<'a>> {
        self.cases_of(model).map(|case| self.judge_case(case))
    }

    /// The best quant of a model that meets the needs. What cannot fit is not looked at closely.
    #[must_use]
    pub fn best_of(&self, model: &Model) -> Option<Judged<'a>> {
        let machine = self.machine;
        let room = match machine.gpus.first().map(|gpu| gpu.memory) {
            Some(GpuMemory::Unified { .. }) | None => machine.ram.available_bytes,
            Some(GpuMemory::Dedicated { .. }) => {
                let gpus = machine.gpus.iter().map(|gpu| gpu.memory.free()).sum::<Bytes>();
                if self.needs.gpu_only { gpus } else { gpus + machine.ram.available_bytes }
            }
        };
        let cases = self.cases_of(model).filter(|case| case.subject.weights_bytes() < room);
        let accepted = cases.map(|case| self.judge_case(case)).filter(Judged::is_yes);
        accepted.max_by(|a, b| a.utility(self.needs).total_cmp(&b.utility(self.needs)))
    }

    fn cases_of(&self, model: &Model) -> impl Iterator<Item = &'a Case<'a>> {
        self.docket.cases.iter().filter(move |case| case.model.id == model.id)
    }

    fn judge_case(&self, case: &'a Case<'a>) -> Judged<'a> {
        let Self { machine, needs, calibration, .. } = *self;
        let Case { model, quant, subject } = case;
        let catalog = self.catalog();
        let tuned = self.tuned.iter().find(|tuned| tuned.model == model.id && tuned.quant == quant.id);
        let config = tuned.map_or_else(|| needs.run.clone(), |tuned| self.settings(tuned));
        let mut slower;
        let machine = match tuned {
            Some(tuned) if tuned.threads != machine.cpu.usable_threads => {
                slower = machine.clone();
                slower.cpu.usable_threads = tuned.threads;
                &slower
            }
            _ => machine,
        };
        let site =
            Site { subject, machine, config: &config, reserve: self.reserve(), backend: None, calibration };
        let (placement, shortfall) = match self.place(&site, tuned) {
            Fit::Fits(placement) => (placement, None),
            Fit::TooLarge { nearest, shortfall } => (nearest, Some(shortfall)),
        };
        let speed = site.speed(&placement).prepared();
        let answer = answer_time(&speed, needs.task);
        // A card's compute may be unknown where its bandwidth is not.
        let decode =
            answer.map_or_else(|| speed.decode(f64::from(needs.task.middle())), |answer| Some(answer.decode));
        let memory = EstimatedMemory::of(subject, machine, &placement, &config);
        let quality = Quality::of(catalog, model, quant, &needs.benchmark_weights);
        // Answers at once share the reading, so that none takes more energy than one that is written alone.
        let alone = if needs.run.sequences > 1 { answer_time(&speed.alone(), needs.task) } else { answer };
        let cost = alone.and_then(|answer| Cost::of(catalog, model, machine, &placement, &answer, needs));
        let evidence = Evidence {
            model,
            shortfall,
            no_gpu: needs.gpu_only && machine.gpus.is_empty(),
            disk: subject.weights_bytes(),
            decode,
            answer,
            quality: quality.as_ref(),
            cost: cost.as_ref(),
        };
        Judged {
            model,
            quant,
            lacks: evidence.lacks(needs),
            weights_bytes: subject.weights_bytes(),
            published_size: subject.is_published_size(),
            repack_bytes: memory.repack_bytes,
            held_bytes: memory.total_bytes,
            decode,
            prefill: answer.map(|answer| answer.prefill),
            answer,
            quality,
            cost,
            placement,
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

    /// What is asked, with what was found fastest; a cache of another type only where that was tuned, and only instead
    /// of the usual one.
    fn settings(&self, tuned: &Tuned) -> RunConfig {
        let asked = &self.needs.run;
        let config = tuned.applied(asked);
        if asked.kv_type == KvType::default() {
            config
        } else {
            RunConfig { kv_type: asked.kv_type, ..config }
        }
    }

    /// The fastest placement, the one that was found so before others; with every layer on GPUs, where that is asked.
    fn place(&self, site: &Site<'_>, tuned: Option<&Tuned>) -> Fit {
        let layers = tuned.and_then(|tuned| tuned.loading.gpu_layers);
        let fit = match layers.map(|layers| place_layers(site, layers)) {
            // What is asked may take more than what it was tuned for.
            Some(fit @ Fit::Fits(_)) => fit,
            _ => place(site),
        };
        let (Fit::Fits(placement) | Fit::TooLarge { nearest: placement, .. }) = &fit;
        if self.needs.gpu_only && placement.computes_in_ram() && !self.machine.gpus.is_empty() {
            return place_layers(site, u32::MAX);
        }
        fit
    }
}
