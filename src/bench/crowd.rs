//! Several users at once, answered side by side by one engine: what each gets, what all get, and from where on more
//! users add nothing.

use serde::Serialize;

use super::run::{load_request, plan_memory, session_request};
use super::{BenchError, BenchPlan, Compared, RateStatistics, Runner, Shortage, Step, Test, shortage};
use crate::engine::{Crowd, LoadMode};
use crate::estimate::PredictedRate;
use crate::run_config::RunConfig;
use crate::units::Seconds;

/// Results for several numbers of users, from few to many.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Crowds {
    /// Tokens of each one's prompt.
    pub prompt_tokens: u32,
    /// Tokens of each one's answer.
    pub output_tokens: u32,
    /// Each measured number of users.
    pub levels: Vec<CrowdLevel>,
    /// The number of users from which more add less than a tenth to the total; none where that was not reached.
    pub saturates_at: Option<u32>,
}

/// The result for one number of users.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CrowdLevel {
    /// How many.
    pub users: u32,
    /// From the common start to the first token: the mean over all.
    pub mean_first_token_seconds: Option<f64>,
    /// The same of the last.
    pub last_first_token_seconds: Option<f64>,
    /// Decode speed of all together.
    pub tokens_per_second: Option<RateStatistics>,
    /// Decode speed of each.
    pub tokens_per_second_per_user: Option<f64>,
    /// The predicted total, where the model is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predicted: Option<Compared>,
    /// The memory that is short, where they do not fit.
    pub shortage: Option<Shortage>,
}

/// The factor that more users must add to the total to be worth it.
const WORTH: f64 = 1.1;

/// llama.cpp rounds the room of each sequence up to a multiple of this many tokens.
const ROOM: u32 = 256;

impl Runner<'_> {
    /// Measures concurrent users, each number of them in a session of its own.
    pub fn crowds(&mut self, plan: &BenchPlan, users: &[u32]) -> Result<Crowds, BenchError> {
        let Self { engine, source, available, watch } = self;
        let (prompt_tokens, output_tokens) = (plan.prefill_tokens.max(1), plan.decode_tokens.max(1));
        let plans: Vec<_> = users.iter().map(|users| for_users(plan, *users)).collect();
        let header = source.header()?;
        let mut lacking = Vec::new();
        let mut largest = None;
        for plan in &plans {
            let memory = plan_memory(*engine, header.path(), plan)?;
            lacking.push(shortage(&memory, available));
            largest = Some(memory);
        }
        let Some(largest) = largest else { return Err(BenchError::Cancelled) };
        let file = source.whole(&largest)?;
        (watch.progress)(Step::Load);
        let mut model = engine.load(&load_request(file.path(), LoadMode::Run, plan))?;
        let mut levels = Vec::new();
        for ((users, plan), lacking) in users.iter().zip(&plans).zip(lacking) {
            let crowd = Crowd { users: *users, prompt_tokens, output_tokens };
            if lacking.is_some() {
                levels.push(CrowdLevel {
                    users: *users,
                    shortage: lacking,
                    ..CrowdLevel::of(crowd, &[], &[], &[])
                });
                continue;
            }
            (watch.progress)(Step::Run { number: levels.len() + 1, of: plans.len() });
            let mut session = model.open(&session_request(plan))?;
            (watch.progress)(Step::WarmUp(Test::Decode));
            session.serve(Crowd { prompt_tokens: prompt_tokens.min(32), output_tokens: 1, ..crowd })?;
            let (mut means, mut lasts, mut decodes) = (Vec::new(), Vec::new(), Vec::<Seconds>::new());
            while plan.repetitions.goes_on_after(&decodes) {
                let number = decodes.len() + 1;
                (watch.progress)(Step::Repetition {
                    test: Test::Decode,
                    number,
                    most: plan.repetitions.most(),
                });
                let times = session.serve(crowd)?;
                means.push(times.prompts.iter().map(|time| time.0).sum::<f64>() / f64::from(*users));
                lasts.push(times.prompts.last().map_or(0.0, |time| time.0));
                decodes.push(times.decode);
            }
            levels.push(CrowdLevel::of(crowd, &means, &lasts, &decodes));
        }
        let saturates_at = saturation(&levels);
        Ok(Crowds { prompt_tokens, output_tokens, levels, saturates_at })
    }
}

/// The plan by which one engine serves `users`.
#[must_use]
pub fn for_users(plan: &BenchPlan, users: u32) -> BenchPlan {
    let each = (plan.prefill_tokens.max(1) + plan.decode_tokens.max(1)).next_multiple_of(ROOM);
    let config = RunConfig { context: each * users, sequences: users, ..plan.config.clone() };
    BenchPlan { config, ..plan.clone() }
}

impl CrowdLevel {
    fn of(crowd: Crowd, means: &[f64], lasts: &[f64], decodes: &[Seconds]) -> Self {
        let mean = |all: &[f64]| (!all.is_empty()).then(|| all.iter().sum::<f64>() / all.len() as f64);
        let tokens_per_second = RateStatistics::of(crowd.users * crowd.output_tokens, decodes);
        Self {
            users: crowd.users,
            mean_first_token_seconds: mean(means),
            last_first_token_seconds: mean(lasts),
            tokens_per_second_per_user: tokens_per_second
                .as_ref()
                .map(|rates| rates.mean.0 / f64::from(crowd.users)),
            tokens_per_second,
            predicted: None,
            shortage: None,
        }
    }

    fn beside(self, predicted: Option<PredictedRate>) -> Self {
        let measured = self.tokens_per_second.as_ref().map(|rates| rates.mean);
        let compared =
            predicted.zip(measured).map(|(predicted, measured)| Compared::with(predicted, measured));
        Self { predicted: compared, ..self }
    }
}

impl Crowds {
    /// The same beside the predicted totals.
    #[must_use]
    pub fn beside(self, predict: impl Fn(u32) -> Option<PredictedRate>) -> Self {
        let beside = |level: CrowdLevel| {
            let predicted = predict(level.users);
            level.beside(predicted)
        };
        Self { levels: self.levels.into_iter().map(beside).collect(), ..self }
    }
}

/// The first number of users after which the next one adds less than a tenth.
fn saturation(levels: &[CrowdLevel]) -> Option<u32> {
    let speed = |level: &CrowdLevel| level.tokens_per_second.as_ref().map(|rates| rates.mean.0);
    levels.windows(2).find_map(|pair| {
        let (fewer, more) = (speed(&pair[0])?, speed(&pair[1])?);
        (pair[1].users > pair[0].users && more < WORTH * fewer).then_some(pair[0].users)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_too_many_where_they_add_nothing() {
        let level = |users: u32, seconds: f64| {
            let crowd = Crowd { users, prompt_tokens: 1, output_tokens: 10 };
            CrowdLevel::of(crowd, &[0.5], &[1.0], &[Seconds(seconds)])
        };
        // 10, 20, 40 and 42 tokens a second.
        let levels = [level(1, 1.0), level(2, 1.0), level(4, 1.0), level(8, 80.0 / 42.0)];
        assert_eq!(saturation(&levels), Some(4));
        assert_eq!(saturation(&levels[..3]), None);
        assert!((levels[2].tokens_per_second_per_user.unwrap() - 10.0).abs() < 1e-9);
    }
}
