//! llama-bench's method: each test is warmed up, then repeated on an emptied KV cache; the prompt goes through
//! in batches, the answer token by token, all tokens random.

use std::path::Path;
use std::time::Instant;

use super::{BenchPlan, RateStatistics, Timed};
use crate::engine::{
    Engine, EngineError, LoadMode, LoadRequest, MemoryPlan, ModelFacts, ProcessUsage, Session, SessionRequest,
};
use crate::units::Seconds;

/// What is being done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The model is read.
    Load,
    /// A test runs for the first time, and is not counted.
    WarmUp(Test),
    /// A test runs for the `number`th time.
    Repetition {
        /// The test.
        test: Test,
        /// Which repetition, from one.
        number: usize,
        /// The most that there will be.
        most: u32,
    },
}

/// A test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// llama-bench's pp.
    Prefill,
    /// llama-bench's tg.
    Decode,
}

/// What was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What the file turned out to be.
    pub facts: ModelFacts,
    /// Prefill, where asked for.
    pub prefill: Option<Timed>,
    /// Decode, where asked for.
    pub decode: Option<Timed>,
    /// What the engine's process took.
    pub process: ProcessUsage,
}

/// Asks the engine what running the model in `path` takes, of which it reads the header only.
pub fn plan_memory(
    engine: &mut dyn Engine,
    path: &Path,
    plan: &BenchPlan,
) -> Result<MemoryPlan, EngineError> {
    engine.load(&load(path, LoadMode::Plan, plan))?.open(&session(plan))?.memory()
}

/// Measures the model in `path`; `progress` hears of each step before it begins.
pub fn run(
    engine: &mut dyn Engine,
    path: &Path,
    plan: &BenchPlan,
    progress: &dyn Fn(Step),
) -> Result<Run, EngineError> {
    progress(Step::Load);
    let mut model = engine.load(&load(path, LoadMode::Run, plan))?;
    let facts = model.facts().clone();
    let mut session = model.open(&session(plan))?;
    let mut tests = Tests { session: &mut *session, plan, progress };
    let prefill = tests.test(Test::Prefill)?;
    let decode = tests.test(Test::Decode)?;
    Ok(Run { facts, prefill, decode, process: session.usage()? })
}

fn load(path: &Path, mode: LoadMode, plan: &BenchPlan) -> LoadRequest {
    LoadRequest { path: path.to_owned(), mode, gpu_layers: plan.gpu_layers }
}

fn session(plan: &BenchPlan) -> SessionRequest {
    SessionRequest { config: plan.config.clone(), threads: plan.threads, outputs: None }
}

struct Tests<'a> {
    session: &'a mut dyn Session,
    plan: &'a BenchPlan,
    progress: &'a dyn Fn(Step),
}

impl Tests<'_> {
    fn test(&mut self, test: Test) -> Result<Option<Timed>, EngineError> {
        let (tokens, warm_up) = match test {
            Test::Prefill => (self.plan.prefill_tokens, self.plan.prefill_tokens),
            Test::Decode => (self.plan.decode_tokens, 1),
        };
        if tokens == 0 {
            return Ok(None);
        }
        (self.progress)(Step::WarmUp(test));
        self.once(test, warm_up)?;
        let mut times = Vec::new();
        let (begun, processor_before) = (Instant::now(), self.session.usage()?.processor_seconds);
        while self.plan.repetitions.goes_on_after(&times) {
            let number = times.len() + 1;
            (self.progress)(Step::Repetition { test, number, most: self.plan.repetitions.most() });
            times.push(self.once(test, tokens)?);
        }
        let wall = f64::from(self.plan.threads) * begun.elapsed().as_secs_f64();
        let processor_after = self.session.usage()?.processor_seconds;
        let processor_share =
            processor_before.zip(processor_after).map(|(before, after)| (after.0 - before.0) / wall);
        let depth = self.plan.depth;
        let statistics = RateStatistics::of(tokens, &times);
        Ok(statistics.map(|tokens_per_second| Timed { tokens, depth, tokens_per_second, processor_share }))
    }

    fn once(&mut self, test: Test, tokens: u32) -> Result<Seconds, EngineError> {
        self.session.clear()?;
        if self.plan.depth > 0 {
            self.session.prefill(self.plan.depth)?;
        }
        match test {
            Test::Prefill => self.session.prefill(tokens),
            Test::Decode => self.session.decode(tokens),
        }
    }
}
