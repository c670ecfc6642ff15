//! llama-bench's method: each test is warmed up, then repeated on a KV cache that holds nothing but the tokens of its
//! depth; the prompt goes through in batches, the answer token by token, all tokens random.

use std::path::Path;
use std::time::Instant;

use super::watch::{Step, Test, Watch};
use super::{BenchPlan, Energy, RateStatistics, Timed};
use crate::engine::{
    Engine, EngineError, LoadMode, LoadRequest, LoadedModel, MemoryPlan, ModelFacts, ProcessUsage, Session,
    SessionRequest,
};
use crate::units::Seconds;

/// How long prefill is warmed up at least. A GPU takes some runs to raise its clocks: of prefills of 54 ms on an H200, the
/// first after one to warm up had 0.83 of the speed of the others, llama-bench's too (2026-11-27).
const WARM_UP: Seconds = Seconds(0.5);

/// What was measured: all of it, unless the engine came to an end before.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What the file turned out to be.
    pub facts: ModelFacts,
    /// Prefill, where the plan has it.
    pub prefill: Option<Timed>,
    /// Decode, where the plan has it.
    pub decode: Option<Timed>,
    /// What the engine's process took, unless it is gone.
    pub process: Option<ProcessUsage>,
}

/// Asks the engine what running the model in `path` takes, of which it reads the header only.
pub fn plan_memory(
    engine: &mut dyn Engine,
    path: &Path,
    plan: &BenchPlan,
) -> Result<MemoryPlan, EngineError> {
    engine.load(&load_request(path, LoadMode::Plan, plan))?.open(&session_request(plan))?.memory()
}

pub(super) fn load_request(path: &Path, mode: LoadMode, plan: &BenchPlan) -> LoadRequest {
    LoadRequest { path: path.to_owned(), mode, loading: plan.loading.clone() }
}

pub(super) fn session_request(plan: &BenchPlan) -> SessionRequest {
    SessionRequest { config: plan.config.clone(), threads: plan.threads, outputs: None }
}

/// Measures by `plans`, which share a session, and hands each run to `done`, the last one with what was measured
/// before the engine failed, if it did.
pub(super) fn run_in_session(
    model: &mut dyn LoadedModel,
    plans: &[&BenchPlan],
    watch: Watch<'_>,
    done: &mut dyn FnMut(Run),
) -> Result<(), EngineError> {
    let Some(first) = plans.first() else { return Ok(()) };
    let facts = model.facts().clone();
    let mut session = model.open(&session_request(first))?;
    let mut cache = Cache { session: &mut *session, depth: 0 };
    for (index, plan) in plans.iter().enumerate() {
        (watch.progress)(Step::Run { number: index + 1, of: plans.len() });
        let mut run = Run { facts: facts.clone(), prefill: None, decode: None, process: None };
        let measured = Tests { cache: &mut cache, plan, watch }.measure(&mut run);
        done(run);
        measured?;
    }
    Ok(())
}

/// A session whose cache holds the tokens of a depth, which are prefilled once and stay from run to run.
struct Cache<'a> {
    session: &'a mut dyn Session,
    depth: u32,
}

impl Cache<'_> {
    fn reach(&mut self, depth: u32) -> Result<(), EngineError> {
        let kept = self.depth.min(depth);
        match kept {
            0 => self.session.clear()?,
            kept => self.session.truncate(kept)?,
        }
        self.depth = kept;
        if depth > kept {
            self.session.prefill(depth - kept)?;
            self.depth = depth;
        }
        Ok(())
    }
}

struct Tests<'a, 's> {
    cache: &'a mut Cache<'s>,
    plan: &'a BenchPlan,
    watch: Watch<'a>,
}

impl Tests<'_, '_> {
    fn measure(&mut self, run: &mut Run) -> Result<(), EngineError> {
        self.test(Test::Prefill, &mut run.prefill)?;
        self.test(Test::Decode, &mut run.decode)?;
        run.process = Some(self.cache.session.usage()?);
        Ok(())
    }

    /// What was timed is in `result` after each repetition, whatever becomes of the next.
    fn test(&mut self, test: Test, result: &mut Option<Timed>) -> Result<(), EngineError> {
        let (tokens, warm_up) = match test {
            Test::Prefill => (self.plan.prefill_tokens, self.plan.prefill_tokens),
            Test::Decode => (self.plan.decode_tokens, 1),
        };
        if tokens == 0 {
            return Ok(());
        }
        (self.watch.progress)(Step::WarmUp(test));
        let mut warmed = self.once(test, warm_up)?;
        while test == Test::Prefill && warmed.0 < WARM_UP.0 {
            // What takes no time at all would warm up for ever.
            warmed += Seconds(self.once(test, warm_up)?.0.max(WARM_UP.0 / 20.0));
        }
        let mut times = Vec::new();
        let mut energy = Energy::default();
        let (mut wall, mut processor) = (0.0, Some(0.0));
        while self.plan.repetitions.goes_on_after(&times) {
            let number = times.len() + 1;
            (self.watch.progress)(Step::Repetition { test, number, most: self.plan.repetitions.most() });
            self.cache.reach(self.plan.depth)?;
            let processor_before = self.cache.session.usage()?.processor_seconds;
            let (begun, energy_before) = (Instant::now(), self.watch.energy.read());
            times.push(self.tokens(test, tokens)?);
            energy.add(energy_before, self.watch.energy.read(), u64::from(tokens));
            wall += f64::from(self.plan.threads) * begun.elapsed().as_secs_f64();
            let processor_after = self.cache.session.usage()?.processor_seconds;
            processor = processor
                .zip(processor_before.zip(processor_after))
                .map(|(sum, (before, after))| sum + after.0 - before.0);
            *result = RateStatistics::of(tokens, &times).map(|tokens_per_second| Timed {
                tokens,
                depth: self.plan.depth,
                tokens_per_second,
                processor_share: processor.map(|processor| processor / wall),
                energy: energy.per_token(),
            });
        }
        Ok(())
    }

    fn once(&mut self, test: Test, tokens: u32) -> Result<Seconds, EngineError> {
        self.cache.reach(self.plan.depth)?;
        self.tokens(test, tokens)
    }

    fn tokens(&mut self, test: Test, tokens: u32) -> Result<Seconds, EngineError> {
        match test {
            Test::Prefill => self.cache.session.prefill(tokens),
            Test::Decode => self.cache.session.decode(tokens),
        }
    }
}
