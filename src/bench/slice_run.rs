//! Times slices of a model in turns, so that whatever else the machine does falls on all of them alike.

use std::time::Instant;

use super::extrapolation::SliceTimes;
use super::run::{load_request, session_request};
use super::synthetic::Placed;
use super::watch::{Step, Test, Watch};
use super::{BenchPlan, Repetitions};
use crate::engine::{Engine, EngineError, LoadMode, MemoryPlan, ModelFacts, Session};
use crate::units::Seconds;

/// Tokens of a warm-up: weights are read, buffers are touched.
const WARM_UP: u32 = 32;

/// What an engine says of a model of which it reads the header only, and what memory it would take.
pub fn plan_whole(
    engine: &mut dyn Engine,
    header: &Placed,
    plan: &BenchPlan,
) -> Result<(ModelFacts, MemoryPlan), EngineError> {
    let mut model = engine.load(&load_request(header.path(), LoadMode::Plan, plan))?;
    let facts = model.facts().clone();
    let memory = model.open(&session_request(plan))?.memory()?;
    Ok((facts, memory))
}

/// Times the tests of `plan` on each file, each in an engine of its own, round by round. A repetition has `rounds` of
/// them: slices are noisier than the whole, and sooner over.
pub fn time_slices<E: Engine>(
    engines: &mut [E],
    files: &[Placed],
    plan: &BenchPlan,
    rounds_each: u32,
    watch: Watch<'_>,
) -> Result<Vec<SliceTimes>, EngineError> {
    (watch.progress)(Step::Load);
    let models = engines.iter_mut().zip(files);
    let mut models = models
        .map(|(engine, file)| engine.load(&load_request(file.path(), LoadMode::Run, plan)))
        .collect::<Result<Vec<_>, _>>()?;
    let sessions = models.iter_mut().map(|model| model.open(&session_request(plan)));
    let mut sessions = sessions.collect::<Result<Vec<_>, _>>()?;
    (watch.progress)(Step::WarmUp(Test::Prefill));
    for session in &mut sessions {
        session.prefill(plan.prefill_tokens.clamp(1, WARM_UP))?;
        session.decode(1)?;
    }
    let mut all = vec![SliceTimes::default(); sessions.len()];
    let mut repetitions = Vec::new();
    while goes_on(plan.repetitions, &repetitions) {
        let begun = Instant::now();
        let number = repetitions.len() + 1;
        (watch.progress)(Step::Repetition { test: Test::Decode, number, most: plan.repetitions.most() });
        for _ in 0..rounds_each {
            for (session, times) in sessions.iter_mut().zip(&mut all) {
                round(&mut **session, plan, times)?;
            }
        }
        repetitions.push(begun.elapsed().into());
    }
    for (session, times) in sessions.iter_mut().zip(&mut all) {
        times.peak_bytes = session.usage()?.peak_bytes;
    }
    Ok(all)
}

/// By default there are at least three: the middle of two is neither.
fn goes_on(repetitions: Repetitions, times: &[Seconds]) -> bool {
    let few = matches!(repetitions, Repetitions::Within(_)) && times.len() < 3;
    few || repetitions.goes_on_after(times)
}

fn round(session: &mut dyn Session, plan: &BenchPlan, times: &mut SliceTimes) -> Result<(), EngineError> {
    session.clear()?;
    if plan.depth > 0 {
        session.prefill(plan.depth)?;
    }
    if plan.prefill_tokens > 0 {
        times.prefill.push(session.prefill(plan.prefill_tokens)?);
        session.truncate(plan.depth)?;
    }
    if plan.decode_tokens > 0 {
        times.decode.push(session.decode(plan.decode_tokens)?);
    }
    Ok(())
}
