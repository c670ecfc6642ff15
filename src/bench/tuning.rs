//! The settings that are fastest here: one after the other is varied while the rest stays, and the best value stays,
//! so that the number of runs is bounded by the sum of the choices and not by their product.

use serde::Serialize;

use super::{Attempt, BenchError, BenchPlan, Predictions, Runner, Timed};
use crate::estimate::PredictedRate;
use crate::units::Seconds;

/// A setting and what to try for it.
pub struct Axis {
    /// Its name, in llama-bench's word.
    pub name: &'static str,
    /// What a plan has it set to, as people write it.
    pub value: fn(&BenchPlan) -> String,
    /// The choices.
    pub choices: Vec<Choice>,
}

/// A choice, as a change of a plan.
pub type Choice = Box<dyn Fn(&BenchPlan) -> BenchPlan>;

/// A search for the fastest settings.
pub struct Search<'a> {
    /// The settings, those first that matter most.
    pub axes: &'a [Axis],
    /// What is to be fast.
    pub goal: Goal,
    /// The most runs.
    pub most_runs: usize,
    /// The time to reach the goal by a prediction, where there is one.
    pub predict: &'a dyn Fn(&BenchPlan) -> Option<Seconds>,
}

/// The best plan of a search, and how it was found.
pub struct Best {
    /// The plan.
    pub plan: BenchPlan,
    /// How it was found.
    pub tuning: Tuning,
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
    /// What was not run, for it is predicted to be hopeless.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
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

/// A choice that was not worth a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LeftOut {
    /// The setting.
    pub setting: String,
    /// What it would have been set to.
    pub choice: String,
    /// How many times longer than with the best choice the goal is predicted to take.
    pub predicted_times_slower: f64,
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

/// A choice that is predicted to be this many times slower is not tried: no prediction errs by as much, and it would take
/// longer than all others together, as layers in RAM beside a GPU that holds all of them.
const HOPELESS: f64 = 3.0;

impl Goal {
    /// The time to reach it by a prediction; none of what does not fit.
    #[must_use]
    pub fn predicted(self, predictions: &Predictions) -> Option<Seconds> {
        let time =
            |tokens: u32, rate: Option<PredictedRate>| Some(f64::from(tokens) / rate?.tokens_per_second);
        let prompt = time(self.prompt_tokens, predictions.prefill).filter(|_| predictions.fits)?;
        Some(Seconds(prompt + time(self.output_tokens, predictions.decode)?))
    }

    fn time(self, prefill: Option<&Timed>, decode: Option<&Timed>) -> Option<Seconds> {
        let time =
            |tokens: u32, timed: Option<&Timed>| Some(f64::from(tokens) / timed?.tokens_per_second.mean.0);
        let prompt = if self.prompt_tokens == 0 { 0.0 } else { time(self.prompt_tokens, prefill)? };
        let answer = if self.output_tokens == 0 { 0.0 } else { time(self.output_tokens, decode)? };
        Some(Seconds(prompt + answer))
    }
}

impl Runner<'_> {
    /// Tries every choice of each axis in turn, from `plan` on. The plan that is the best so far runs again beside each
    /// axis's choices, so that what a noisy machine does in between falls on both. What is predicted to be hopeless is
    /// left out.
    pub fn tune(&mut self, plan: &BenchPlan, search: &Search<'_>) -> Result<Best, BenchError> {
        let goal = search.goal;
        let mut best = plan.clone();
        let mut tuning =
            Tuning { goal, trials: Vec::new(), left_out: Vec::new(), worth: Vec::new(), gain: 1.0 };
        for axis in search.axes {
            let mut plans: Vec<BenchPlan> = axis.choices.iter().map(|choice| choice(&best)).collect();
            plans.retain(|plan| *plan != best);
            tuning.left_out.extend(LeftOut::of(axis, &mut plans, &best, search.predict));
            let left = search.most_runs.saturating_sub(tuning.trials.len());
            plans.truncate(left.saturating_sub(1));
            if plans.is_empty() {
                continue;
            }
            plans.insert(0, best.clone());
            let tried = self.attempts(&plans)?;
            let trials = plans.iter().zip(&tried).map(|(plan, attempt)| Trial::of(axis, plan, attempt, goal));
            let trials: Vec<_> = trials.collect();
            if let Some((index, worth)) = Worth::of(axis.name, &trials) {
                tuning.gain *= worth.times_the_former;
                best = plans.swap_remove(index);
                tuning.worth.push(worth);
            }
            tuning.trials.extend(trials);
        }
        Ok(Best { plan: best, tuning })
    }
}

impl LeftOut {
    /// Takes the hopeless out of `plans`, beside which there is `former`.
    fn of(
        axis: &Axis,
        plans: &mut Vec<BenchPlan>,
        former: &BenchPlan,
        predict: &dyn Fn(&BenchPlan) -> Option<Seconds>,
    ) -> Vec<Self> {
        let times: Option<Vec<f64>> =
            plans.iter().chain([former]).map(|plan| Some(predict(plan)?.0)).collect();
        let Some(times) = times else { return Vec::new() };
        let best = times.iter().copied().fold(f64::INFINITY, f64::min);
        let mut left_out = Vec::new();
        let mut slower = times.into_iter().map(|time| time / best);
        plans.retain(|plan| {
            let times = slower.next().unwrap_or(1.0);
            if times > HOPELESS {
                left_out.push(Self {
                    setting: axis.name.to_owned(),
                    choice: (axis.value)(plan),
                    predicted_times_slower: times,
                });
            }
            times <= HOPELESS
        });
        left_out
    }
}

impl Trial {
    fn of(axis: &Axis, plan: &BenchPlan, attempt: &Attempt, goal: Goal) -> Self {
        let test = |pick: fn(&super::Run) -> Option<&Timed>| attempt.run.as_ref().and_then(pick);
        let (prefill, decode) = (test(|run| run.prefill.as_ref()), test(|run| run.decode.as_ref()));
        let whole = attempt.end == super::End::Done;
        Self {
            setting: axis.name.to_owned(),
            choice: (axis.value)(plan),
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
    fn what_is_predicted_to_be_hopeless_is_not_tried() {
        let plan = |threads| BenchPlan {
            prefill_tokens: 512,
            decode_tokens: 128,
            depth: 0,
            repetitions: crate::bench::Repetitions::Exactly(2),
            config: crate::run_config::RunConfig::default(),
            threads,
            loading: crate::run_config::Loading::default(),
        };
        // Twice as many threads, half the time.
        let predict = |plan: &BenchPlan| Some(Seconds(16.0 / f64::from(plan.threads)));
        let axis = Axis { name: "threads", value: |plan| plan.threads.to_string(), choices: Vec::new() };
        let mut plans = vec![plan(1), plan(4), plan(8)];
        let left_out = LeftOut::of(&axis, &mut plans, &plan(6), &predict);
        assert_eq!(plans, [plan(4), plan(8)]);
        assert_eq!(left_out.len(), 1);
        assert_eq!((left_out[0].choice.as_str(), left_out[0].predicted_times_slower), ("1", 8.0));
        // Of what nothing is predicted, all is tried.
        let mut plans = vec![plan(1), plan(8)];
        assert_eq!(LeftOut::of(&axis, &mut plans, &plan(6), &|_| None), []);
        assert_eq!(plans.len(), 2);
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
