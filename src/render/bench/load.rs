//! What tuning, several users at once, and a whole task came to.

use std::io;

use crate::bench::{CrowdLevel, Crowds, LeftOut, Method, Trial, Tuning, WorkloadResult};
use crate::message;
use crate::message::{Message, enumeration, fixed, percent, phrases};
use crate::render::text::paragraph;
use crate::render::{Cell, Reader, Style, Table};
use crate::units::{Seconds, TokenRate};

/// The trials of each setting and what the best is worth.
pub(super) fn tuning(tuning: &Tuning, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let rate = |rate: Option<f64>| Cell::from(rate.map(TokenRate)).or("–");
    let is_best = |trial: &Trial| {
        tuning.worth.iter().any(|worth| worth.setting == trial.setting && worth.best == trial.choice)
    };
    let mut table = Table::<Trial>::new();
    table.left("setting", message!(BenchSetting), |trial| trial.setting.clone());
    table.right("choice", message!(BenchSetTo), |trial| trial.choice.clone());
    table.right("prefill_tokens_per_second", message!(BenchPrefill), |trial| {
        rate(trial.prefill_tokens_per_second)
    });
    table.right("decode_tokens_per_second", message!(BenchDecode), |trial| {
        rate(trial.decode_tokens_per_second)
    });
    table.right("goal_seconds", message!(BenchAnswer), |trial| {
        Cell::from(trial.goal_seconds.map(Seconds)).or(message!(BenchFailed))
    });
    table.left("best", Message::verbatim(""), move |trial| is_best(trial).then(|| message!(BenchBest)));
    table.grid(&tuning.trials, Reader::Terminal, style.locale).text(style, out)?;
    let (prompt, output) = (tuning.goal.prompt_tokens, tuning.goal.output_tokens);
    paragraph(message!(BenchTuningGoal { prompt, output }), style, out)?;
    for LeftOut { setting, choice, predicted_times_slower } in &tuning.left_out {
        let times = fixed(*predicted_times_slower, 1);
        paragraph(message!(BenchLeftOut { setting, choice, times }), style, out)?;
    }
    let settings = phrases(tuning.worth.iter().map(|worth| {
        let times = fixed(worth.times_the_slowest, 2);
        message!(BenchFastestSetting { setting: &worth.setting, best: &worth.best, times })
    }));
    paragraph(message!(BenchFastest { settings }), style, out)?;
    paragraph(message!(BenchGain { times: fixed(tuning.gain, 2) }), style, out)?;
    writeln!(out)
}

/// What several users at once got.
pub(super) fn crowds(crowds: &Crowds, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let time = |time: Option<f64>| Cell::from(time.map(Seconds)).or("–");
    let mut table = Table::<CrowdLevel>::new();
    table.right("users", message!(BenchUsers), |level| level.users);
    table.right("each", message!(BenchEach), |level| {
        let each = Cell::from(level.tokens_per_second_per_user.map(TokenRate));
        match &level.shortage {
            Some(shortage) => each.or(message!(BenchShortOf { shortfall: shortage.shortfall_bytes })),
            None => each.or("–"),
        }
    });
    table.right("together", message!(BenchTogether), |level| {
        Cell::from(level.tokens_per_second.as_ref().map(|rates| rates.mean)).or("–")
    });
    table.right("stddev", Message::verbatim("±"), |level| {
        let stddev = level.tokens_per_second.as_ref().and_then(|rates| rates.stddev);
        Cell::from(stddev.map(|stddev| fixed(stddev.0, 2))).or("–")
    });
    table.right("predicted", message!(BenchPredicted), |level| {
        Cell::from(level.predicted.map(|predicted| TokenRate(predicted.tokens_per_second))).or("–")
    });
    table.right("measured_over_predicted", message!(BenchRatio), |level| {
        Cell::from(level.predicted.map(|predicted| fixed(predicted.measured_over_predicted, 2))).or("–")
    });
    table.right("first_token", message!(BenchFirstToken), move |level| time(level.mean_first_token_seconds));
    table.right("last_first_token", message!(BenchLastUser), move |level| {
        time(level.last_first_token_seconds)
    });
    writeln!(out)?;
    let (prompt, output) = (crowds.prompt_tokens, crowds.output_tokens);
    paragraph(message!(BenchCrowds { prompt, output }), style, out)?;
    table.grid(&crowds.levels, Reader::Terminal, style.locale).text(style, out)?;
    let said = match crowds.saturates_at {
        Some(users) => message!(BenchSaturated { users }),
        None => message!(BenchUnsaturated),
    };
    paragraph(said, style, out)
}

/// How long a task took.
pub(super) fn workload(result: &WorkloadResult, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let WorkloadResult { workload, method, first_token_seconds, answer_seconds, decode_tokens_per_second } =
        result;
    writeln!(out)?;
    let task = message!(BenchTask {
        task: &workload.id,
        prompt: workload.prompt_tokens,
        output: workload.output_tokens,
    });
    let times = message!(BenchTaskTimes {
        first: Seconds(*first_token_seconds),
        whole: Seconds(*answer_seconds),
        rate: TokenRate(*decode_tokens_per_second),
    });
    let how = match method {
        Method::Whole => message!(BenchTaskWhole),
        Method::AtDepths { tokens, depths, fit } => message!(BenchTaskDepths {
            tokens,
            depths: enumeration(depths),
            error: percent(fit.worst_error, 1),
        }),
    };
    [task, times, how].into_iter().try_for_each(|said| paragraph(said, style, out))
}
