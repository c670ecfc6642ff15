//! A task as people give it: a prompt, then the thinking and the answer, token by token at growing depth.

use serde::Serialize;

use super::run::{load_request, plan_memory, session_request};
use super::{BenchError, BenchPlan, DepthFit, NeedResult, Runner, Shortage, Step, Test, shortage};
use crate::engine::{EngineError, LoadMode, Session};
use crate::run_config::RunConfig;
use crate::units::{Seconds, TokenRate};

/// A task's lengths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Workload {
    /// Its name in the catalog.
    pub id: String,
    /// Tokens of the prompt.
    pub prompt_tokens: u32,
    /// Tokens of thinking and answer.
    pub output_tokens: u32,
}

/// How long a task took.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorkloadResult {
    /// The task.
    #[serde(flatten)]
    pub workload: Workload,
    /// How it was measured.
    pub method: Method,
    /// Until the first token.
    pub first_token_seconds: f64,
    /// Until the last.
    pub answer_seconds: f64,
    /// Decode speed over the whole answer.
    pub decode_tokens_per_second: f64,
}

/// What a task may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The slowest decode over the whole answer.
    pub minimum_decode: TokenRate,
    /// The longest until the first token.
    pub maximum_ttft: Option<Seconds>,
    /// The longest until the last.
    pub maximum_answer: Option<Seconds>,
}

impl WorkloadResult {
    /// Holds it against limits.
    #[must_use]
    pub fn held_against(&self, limits: &Limits) -> Vec<NeedResult> {
        let minimum = limits.minimum_decode.0;
        let decode = NeedResult {
            need: format!("decode>={minimum}"),
            measured: Some(self.decode_tokens_per_second),
            met: self.decode_tokens_per_second >= minimum,
        };
        let within = |name: &str, limit: Option<Seconds>, measured: f64| {
            limit.map(|Seconds(limit)| NeedResult {
                need: format!("{name}<={limit}"),
                measured: Some(measured),
                met: measured <= limit,
            })
        };
        [
            Some(decode),
            within("ttft", limits.maximum_ttft, self.first_token_seconds),
            within("answer", limits.maximum_answer, self.answer_seconds),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// How a task was measured.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Method {
    /// From the first token to the last.
    Whole,
    /// At several depths, and summed up along a line through them: the whole would have taken longer than allowed.
    AtDepths {
        /// Tokens decoded at each.
        tokens: u32,
        /// The depths.
        depths: Vec<u32>,
        /// The line.
        fit: DepthFit,
    },
}

/// Tokens decoded at a depth to learn how long one takes there.
const SAMPLE: u32 = 16;

impl Runner<'_> {
    /// Measures `workload`, whole where it takes no longer than `limit`; or tells what is missing for it.
    pub fn work(
        &mut self,
        plan: &BenchPlan,
        workload: &Workload,
        limit: Seconds,
    ) -> Result<Result<WorkloadResult, Shortage>, BenchError> {
        let Self { engine, source, available, watch } = self;
        let context = workload.prompt_tokens + workload.output_tokens + SAMPLE;
        let plan = BenchPlan { config: RunConfig { context, ..plan.config.clone() }, ..plan.clone() };
        let memory = plan_memory(*engine, source.header()?.path(), &plan)?;
        if let Some(shortage) = shortage(&memory, available) {
            return Ok(Err(shortage));
        }
        let file = source.whole(&memory)?;
        (watch.progress)(Step::Load);
        let mut model = engine.load(&load_request(file.path(), LoadMode::Run, &plan))?;
        let mut session = model.open(&session_request(&plan))?;
        (watch.progress)(Step::WarmUp(Test::Prefill));
        session.prefill(workload.prompt_tokens.clamp(1, 32))?;
        session.decode(1)?;
        session.clear()?;
        (watch.progress)(Step::Repetition { test: Test::Prefill, number: 1, most: 1 });
        let prompt = session.prefill(workload.prompt_tokens)?;
        (watch.progress)(Step::Repetition { test: Test::Decode, number: 1, most: 1 });
        let sample = session.decode(SAMPLE)?;
        session.truncate(workload.prompt_tokens)?;
        let expected = sample * (f64::from(workload.output_tokens) / f64::from(SAMPLE));
        let (method, answer) = if expected <= limit {
            (Method::Whole, session.decode(workload.output_tokens)?)
        } else {
            at_depths(&mut *session, workload, sample)?
        };
        Ok(Ok(WorkloadResult {
            workload: workload.clone(),
            method,
            first_token_seconds: prompt.0,
            answer_seconds: prompt.0 + answer.0,
            decode_tokens_per_second: f64::from(workload.output_tokens) / answer.0,
        }))
    }
}

/// A token's time in the middle and at the end of the answer, beside that at its start.
fn at_depths(
    session: &mut dyn Session,
    workload: &Workload,
    at_start: Seconds,
) -> Result<(Method, Seconds), EngineError> {
    let (prompt, output) = (workload.prompt_tokens, workload.output_tokens);
    let depths = vec![prompt, prompt + output / 2, prompt + output];
    let a_token = |time: Seconds| time * (1.0 / f64::from(SAMPLE));
    let mut points = vec![(f64::from(prompt), a_token(at_start))];
    let mut reached = prompt;
    for depth in &depths[1..] {
        session.prefill(depth - reached)?;
        points.push((f64::from(*depth), a_token(session.decode(SAMPLE)?)));
        session.truncate(*depth)?;
        reached = *depth;
    }
    let fit = DepthFit::of(&points).unwrap_or(DepthFit {
        seconds_per_token_at_zero: points[0].1.0,
        seconds_per_token_per_thousand_depth: 0.0,
        worst_error: 0.0,
    });
    // Along a line the mean is that of the middle.
    let middle = fit.at(f64::from(prompt) + f64::from(output) / 2.0);
    Ok((Method::AtDepths { tokens: SAMPLE, depths, fit }, middle * f64::from(output)))
}
