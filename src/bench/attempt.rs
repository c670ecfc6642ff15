//! Benches from the plan to the end, whichever end that is.

use super::run::{Run, load_request, plan_memory, run_in_session};
use super::synthetic::Placed;
use super::watch::{Step, Watch};
use super::{Available, BenchError, BenchPlan, Shortage, shortage};
use crate::engine::{Crash, Engine, EngineError, LoadMode, MemoryPlan};
use crate::error::Failure as _;
use crate::message::Message;
use crate::units::Seconds;

/// Where a model's file comes from.
pub trait ModelSource {
    /// A file whose header is whole, to plan memory for.
    fn header(&self) -> Result<Placed, BenchError>;

    /// A file that can run, where running it takes what is planned.
    fn whole(&self, planned: &MemoryPlan) -> Result<Placed, BenchError>;
}

/// What came of trying.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// What the engine planned, unless it came to an end before.
    pub planned_memory: Option<MemoryPlan>,
    /// What was measured, all of it or what there was before the end.
    pub run: Option<Run>,
    /// How it went on.
    pub end: End,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// It ran.
    Done,
    /// It would not fit, and nothing was written or loaded.
    TooLarge(Shortage),
    /// The engine's process came to an end.
    Crashed(Crash),
    /// The engine's process did not answer in this time.
    Stalled(Seconds),
    /// The engine refused these settings, while others were to be tried too.
    Refused(Message),
}

/// What it takes to run a model.
pub struct Runner<'a> {
    /// Runs it.
    pub engine: &'a mut dyn Engine,
    /// Where its file comes from.
    pub source: &'a dyn ModelSource,
    /// The memory that is free.
    pub available: &'a Available,
    /// Who looks on.
    pub watch: Watch<'a>,
}

impl Runner<'_> {
    /// [`Self::attempts`] for a single plan.
    pub fn attempt(&mut self, plan: &BenchPlan) -> Result<Attempt, BenchError> {
        let mut all = self.attempts(std::slice::from_ref(plan))?;
        Ok(all.remove(0))
    }

    /// Plans, checks memory, gets the file and measures by each of `plans`, in their order. A model is loaded again, and
    /// a session opened again, only where the next plan asks for another. What ends the engine ends one run of several;
    /// the engine begins anew for the next.
    pub fn attempts(&mut self, plans: &[BenchPlan]) -> Result<Vec<Attempt>, BenchError> {
        let planned = self.planned(plans)?;
        let mut file = None;
        let mut all: Vec<Attempt> = Vec::with_capacity(plans.len());
        while let Some(planned) = planned.get(all.len()..).filter(|left| !left.is_empty()) {
            let memory = match &planned[0].memory {
                Ok(memory) => memory,
                Err(attempt) => {
                    all.push(attempt.clone());
                    continue;
                }
            };
            let file = match &file {
                Some(file) => file,
                None => file.insert(self.source.whole(memory)?),
            };
            let loaded = planned.iter().take_while(|other| other.shares_loading(&planned[0])).count();
            let runs = plans.len();
            let Err(error) = self.run_loaded(file, &planned[..loaded], &mut all, runs) else {
                continue;
            };
            let end = ended(self.engine, error, runs)?;
            match all.last_mut().filter(|attempt| attempt.is_cut_short()) {
                Some(cut_short) => cut_short.end = end,
                None => all.push(Attempt { planned_memory: Some(memory.clone()), run: None, end }),
            }
        }
        Ok(all)
    }

    fn planned<'p>(&mut self, plans: &'p [BenchPlan]) -> Result<Vec<Planned<'p>>, BenchError> {
        let header = self.source.header()?;
        let mut all: Vec<Planned<'_>> = Vec::with_capacity(plans.len());
        for plan in plans {
            if let Some(last) = all.last().filter(|last| last.plan.shares_session(plan)) {
                let memory = last.memory.clone();
                all.push(Planned { plan, memory });
                continue;
            }
            let memory = match plan_memory(self.engine, header.path(), plan) {
                Ok(memory) => match shortage(&memory, self.available) {
                    None => Ok(memory),
                    Some(shortage) => {
                        Err(Attempt { planned_memory: Some(memory), run: None, end: End::TooLarge(shortage) })
                    }
                },
                Err(error) => {
                    let end = ended(self.engine, error, plans.len())?;
                    Err(Attempt { planned_memory: None, run: None, end })
                }
            };
            all.push(Planned { plan, memory });
        }
        Ok(all)
    }

    /// Runs plans that share how the model is loaded, some of `runs` in all, and adds what came of them to `all`.
    fn run_loaded(
        &mut self,
        file: &Placed,
        planned: &[Planned<'_>],
        all: &mut Vec<Attempt>,
        runs: usize,
    ) -> Result<(), EngineError> {
        let watch = self.watch;
        let Some(first) = planned.first() else { return Ok(()) };
        (watch.progress)(Step::Load);
        let mut model = self.engine.load(&load_request(file.path(), LoadMode::Run, first.plan))?;
        for session in planned.chunk_by(|a, b| a.plan.shares_session(b.plan)) {
            let plans: Vec<_> = session.iter().map(|planned| planned.plan).collect();
            let memory = session[0].memory.as_ref().ok();
            let begun = all.len();
            let progress = |step: Step| match step {
                Step::Run { number, .. } if runs > 1 => {
                    (watch.progress)(Step::Run { number: begun + number, of: runs });
                }
                Step::Run { .. } => {}
                step => (watch.progress)(step),
            };
            let watch = Watch { progress: &progress, ..watch };
            run_in_session(&mut *model, &plans, watch, &mut |run| {
                all.push(Attempt { planned_memory: memory.cloned(), run: Some(run), end: End::Done });
            })?;
        }
        Ok(())
    }
}

/// A plan and what memory it takes, or why it cannot run.
struct Planned<'a> {
    plan: &'a BenchPlan,
    memory: Result<MemoryPlan, Attempt>,
}

impl Planned<'_> {
    fn shares_loading(&self, other: &Self) -> bool {
        self.memory.is_ok() && self.plan.loading == other.plan.loading
    }
}

impl Attempt {
    /// Whether the engine was gone before the run was over.
    fn is_cut_short(&self) -> bool {
        self.end == End::Done && self.run.as_ref().is_some_and(|run| run.process.is_none())
    }
}

/// The end that an engine's failure makes of one of several runs; an error where there is nothing else to try.
fn ended(engine: &mut dyn Engine, error: EngineError, runs: usize) -> Result<End, BenchError> {
    let end = match error {
        EngineError::Crashed(crash) => End::Crashed(crash),
        EngineError::Stalled { limit } => End::Stalled(limit),
        error @ (EngineError::Open { .. }
        | EngineError::Compute { .. }
        | EngineError::Host { .. }
        | EngineError::HostsSilent { .. })
            if runs > 1 =>
        {
            return Ok(End::Refused(error.message()));
        }
        error => return Err(error.into()),
    };
    if runs > 1 {
        engine.restart()?;
    }
    Ok(end)
}
