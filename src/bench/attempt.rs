//! A bench from the plan to the end, whichever end that is.

use super::run::{Run, Step, plan_memory, run};
use super::synthetic::Placed;
use super::{Available, BenchError, BenchPlan, Shortage, shortage};
use crate::engine::{Crash, Engine, EngineError, MemoryPlan};

/// Where a model's file comes from.
pub trait ModelSource {
    /// A file whose header is whole, to plan memory for.
    fn header(&self) -> Result<Placed, BenchError>;

    /// A file that can run.
    fn whole(&self) -> Result<Placed, BenchError>;
}

/// What came of trying.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// What the engine planned, unless it came to an end before.
    pub planned_memory: Option<MemoryPlan>,
    /// How it went on.
    pub end: End,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// It ran.
    Ran(Run),
    /// It would not fit, and nothing was written or loaded.
    TooLarge(Shortage),
    /// The engine's process came to an end.
    Crashed(Crash),
}

/// Plans, checks memory, gets the file and measures; `progress` hears of each step before it begins.
pub fn attempt(
    engine: &mut dyn Engine,
    source: &dyn ModelSource,
    plan: &BenchPlan,
    available: &Available,
    progress: &dyn Fn(Step),
) -> Result<Attempt, BenchError> {
    let planned = plan_memory(engine, source.header()?.path(), plan);
    let planned_memory = match planned {
        Err(EngineError::Crashed(crash)) => {
            return Ok(Attempt { planned_memory: None, end: End::Crashed(crash) });
        }
        planned => planned?,
    };
    let end = match shortage(&planned_memory, available) {
        Some(shortage) => End::TooLarge(shortage),
        None => match run(engine, source.whole()?.path(), plan, progress) {
            Err(EngineError::Crashed(crash)) => End::Crashed(crash),
            run => End::Ran(run?),
        },
    };
    Ok(Attempt { planned_memory: Some(planned_memory), end })
}
