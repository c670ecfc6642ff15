//! The settings that are fastest here: one setting after the other is tried while the rest stays, and the best is kept,
//! so that the number of runs is bounded by the sum of the choices and not by their product.

use serde::Serialize;

use super::{Attempt, Available, BenchError, BenchPlan, ModelSource, Timed, Watch, attempts};
use crate::engine::Engine;
use crate::units::Seconds;

/// A setting and what to try for it.
pub struct Axis {
    /// Its name, in llama-bench's word.
    pub name: &'static str,
    /// The choices, in words and as changes of a plan.
    pub choices: Vec<Choice>,
}

/// A choice for a setting.
pub struct Choice {
    /// In words.
    pub label: String,
    /// Changes a plan to it.
    pub apply: Box<dyn Fn(&BenchPlan) -> BenchPlan>,
}

/// What a run is for: the lengths by which prefill and decode are weighed against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Goal {
    /// Tokens of a prompt.
    pub prompt_tokens: u32,
    /// Tokens of an answer.
    pub output_tokens: u32,
}

/// What came of tuning.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tuning {
    /// What was weighed.
    pub goal: Goal,
    /// Each run, in its order.
    pub trials: Vec<Trial>,
    /// What the best choice of each setting is worth over the worst that ran.
    pub worth: Vec<Worth>,
    /// How many times faster the goal is reached than with the settings that it began with.
    pub gain: f64,
}

/// A run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trial {
    /// The setting that was tried.
    pub setting: String,
    /// What it was set to.
    pub choice: String,
    /// Prefill, where it ran.
    pub prefill_tokens_per_second: Option<f64>,
    /// Decode, where it ran.
    pub decode_tokens_per_second: Option<f64>,
    /// Time to reach the goal, where it ran.
    pub goal_seconds: Option<f64>,
}

/// What a setting is worth.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Worth {
    /// The setting.
    pub setting: String,
    /// The best choice.
    pub best: String,
    /// How many times faster than the slowest choice that ran.
    pub times_the_slowest: f64,
    /// How many times faster than what was set before.
    pub times_the_former: f64,
}

/// A gain under this is noise, and what was set before stays.
const NOTICEABLE: f64 = 1.02;

impl Goal {
    fn time(self, prefill: Option<&Timed>, decode: Option<&Timed>) -> Option<Seconds> {
        let time =
            |tokens: u32, timed: Option<&Timed>| Some(f64::from(tokens) / timed?.tokens_per_second.mean.0);
        let prompt = if self.prompt_tokens == 0 { 0.0 } else { time(self.prompt_tokens, prefill)? };
        let answer = if self.output_tokens == 0 { 0.0 } else { time(self.output_tokens, decode)? };
        Some(Seconds(prompt + answer))
    }
}

/// Tries every choice of each of `axes` in turn, from `plan` on, in at most `runs` runs; tells the best plan and how it
/// was found. The plan that is the best so far runs again beside each axis's choices, so that what a noisy machine does
/// in between falls on both.
pub fn tune(
    engine: &mut dyn Engine,
    source: &dyn ModelSource,
    plan: &BenchPlan,
    (axes, goal, runs): (&[Axis], Goal, usize),
    available: &Available,
    watch: Watch<'_>,
) -> Result<(BenchPlan, Tuning), BenchError> {
    let mut best = plan.clone();
    let mut tuning = Tuning { goal, trials: Vec::new(), worth: Vec::new(), gain: 1.0 };
    for axis in axes {
        let mut choices: Vec<(&str, BenchPlan)> =
            axis.choices.iter().map(|choice| (choice.label.as_str(), (choice.apply)(&best))).collect();
        choices.retain(|(_, plan)| *plan != best);
        let left = runs.saturating_sub(tuning.trials.len());
        choices.truncate(left.saturating_sub(1));
        if choices.is_empty() {
            continue;
        }
        let former = axis.choices.iter().find(|choice| (choice.apply)(&best) == best);
        choices.insert(0, (former.map_or("as before", |choice| choice.label.as_str()), best.clone()));
        let plans: Vec<_> = choices.iter().map(|(_, plan)| plan.clone()).collect();
        let tried = attempts(engine, source, &plans, available, watch)?;
        let trials: Vec<_> = choices
            .iter()
            .zip(&tried)
            .map(|((label, _), attempt)| Trial::of(axis.name, label, attempt, goal))
            .collect();
        if let Some((index, worth)) = Worth::of(axis.name, &trials) {
            tuning.gain *= worth.times_the_former;
            best = plans[index].clone();
            tuning.worth.push(worth);
        }
        tuning.trials.extend(trials);
    }
    Ok((best, tuning))
}

impl Trial {
    fn of(setting: &str, choice: &str, attempt: &Attempt, goal: Goal) -> Self {
        let test = |pick: fn(&super::Run) -> Option<&Timed>| attempt.run.as_ref().and_then(pick);
        let (prefill, decode) = (test(|run| run.prefill.as_ref()), test(|run| run.decode.as_ref()));
        let whole = attempt.end == super::End::Done;
        Self {
            setting: setting.to_owned(),
            choice: choice.to_owned(),
            prefill_tokens_per_second: prefill.map(|timed| timed.tokens_per_second.mean.0),
            decode_tokens_per_second: decode.map(|timed| timed.tokens_per_second.mean.0),
            goal_seconds: goal.time(prefill, decode).filter(|_| whole).map(|time| time.0),
        }
    }
}

impl Worth {
    /// Which of the trials of a setting is the best, the first being what was set before.
    fn of(setting: &str, trials: &[Trial]) -> Option<(usize, Self)> {
        let ran: Vec<(usize, f64)> = trials
            .iter()
            .enumerate()
            .filter_map(|(index, trial)| Some((index, trial.goal_seconds?)))
            .collect();
        let slowest = ran.iter().map(|(_, time)| *time).fold(0.0, f64::max);
        let former = trials.first()?.goal_seconds;
        let (fastest, time) = ran.iter().copied().min_by(|(_, a), (_, b)| a.total_cmp(b))?;
        let (index, time) = match former {
            Some(former) if former < time * NOTICEABLE => (0, former),
            _ => (fastest, time),
        };
        let worth = Self {
            setting: setting.to_owned(),
            best: trials[index].choice.clone(),
            times_the_slowest: slowest / time,
            times_the_former: former.map_or(1.0, |former| former / time),
        };
        Some((index, worth))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trial(choice: &str, goal_seconds: Option<f64>) -> Trial {
        Trial {
            setting: "threads".into(),
            choice: choice.into(),
            prefill_tokens_per_second: None,
            decode_tokens_per_second: None,
            goal_seconds,
        }
    }

    #[test]
    fn the_fastest_is_the_best_unless_the_gain_is_noise() {
        let (index, worth) =
            Worth::of("threads", &[trial("2", Some(10.0)), trial("4", Some(8.0)), trial("1", Some(20.0))])
                .unwrap();
        assert_eq!((index, worth.best.as_str()), (1, "4"));
        assert!((worth.times_the_slowest - 2.5).abs() < 1e-9 && (worth.times_the_former - 1.25).abs() < 1e-9);
        let (index, _) = Worth::of("threads", &[trial("2", Some(10.0)), trial("4", Some(9.95))]).unwrap();
        assert_eq!(index, 0);
        // What did not run is not the best, whatever was set before.
        let (index, worth) = Worth::of("threads", &[trial("2", None), trial("4", Some(9.0))]).unwrap();
        assert_eq!((index, worth.times_the_former), (1, 1.0));
        assert_eq!(Worth::of("threads", &[trial("2", None)]), None);
    }
}
