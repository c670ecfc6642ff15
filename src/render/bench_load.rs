//! What tuning, several people at once, and a whole task came to, drawn.

use std::io;

use super::{Align, Grid, Style};
use crate::bench::{Crowds, LeftOut, Method, Tuning, WorkloadResult};
use crate::units::{Seconds, TokenRate};

/// The trials of each setting and what the best is worth.
pub(super) fn tuning(tuning: &Tuning, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let rate = |rate: Option<f64>| rate.map_or_else(|| "–".to_owned(), |rate| TokenRate(rate).to_string());
    let mut grid = Grid::new(&[
        ("setting", Align::Left),
        ("to", Align::Right),
        ("prefill", Align::Right),
        ("decode", Align::Right),
        ("answer", Align::Right),
        ("", Align::Left),
    ]);
    for trial in &tuning.trials {
        let best =
            tuning.worth.iter().any(|worth| worth.setting == trial.setting && worth.best == trial.choice);
        grid.push(vec![
            trial.setting.clone(),
            trial.choice.clone(),
            rate(trial.prefill_tokens_per_second),
            rate(trial.decode_tokens_per_second),
            trial.goal_seconds.map_or_else(|| "did not run".to_owned(), |time| Seconds(time).to_string()),
            if best { "best".to_owned() } else { String::new() },
        ]);
    }
    grid.text(style, out)?;
    writeln!(
        out,
        "answer: {} tokens after a prompt of {}",
        tuning.goal.output_tokens, tuning.goal.prompt_tokens
    )?;
    for left_out in &tuning.left_out {
        let LeftOut { setting, choice, predicted_times_slower: times } = left_out;
        writeln!(out, "{setting} {choice} was not tried: predicted to be {times:.1} times slower")?;
    }
    let worth = tuning.worth.iter().map(|worth| {
        format!("{} {} ({:.2} times the slowest)", worth.setting, worth.best, worth.times_the_slowest)
    });
    writeln!(out, "fastest: {}", worth.collect::<Vec<_>>().join(", "))?;
    writeln!(out, "{:.2} times as fast as what it began with\n", tuning.gain)
}

/// What several people at once got.
pub(super) fn crowds(crowds: &Crowds, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut grid = Grid::new(&[
        ("people", Align::Right),
        ("each", Align::Right),
        ("all", Align::Right),
        ("±", Align::Right),
        ("predicted", Align::Right),
        ("×", Align::Right),
        ("first token", Align::Right),
        ("of the last", Align::Right),
    ]);
    let known = |time: Option<f64>| time.map_or_else(|| "–".to_owned(), |time| Seconds(time).to_string());
    for level in &crowds.levels {
        let rates = level.tokens_per_second.as_ref();
        grid.push(vec![
            level.users.to_string(),
            level.tokens_per_second_per_user.map_or_else(
                || match &level.shortage {
                    Some(shortage) => format!("{} missing", shortage.shortfall_bytes),
                    None => "–".to_owned(),
                },
                |rate| TokenRate(rate).to_string(),
            ),
            rates.map_or_else(|| "–".to_owned(), |rates| rates.mean.to_string()),
            rates
                .and_then(|rates| rates.stddev)
                .map_or_else(|| "–".to_owned(), |stddev| format!("{:.2}", stddev.0)),
            level.predicted.map_or_else(
                || "–".to_owned(),
                |predicted| TokenRate(predicted.tokens_per_second).to_string(),
            ),
            level.predicted.map_or_else(
                || "–".to_owned(),
                |predicted| format!("{:.2}", predicted.measured_over_predicted),
            ),
            known(level.mean_first_token_seconds),
            known(level.last_first_token_seconds),
        ]);
    }
    writeln!(
        out,
        "\npeople at once, each with a prompt of {} and an answer of {} tokens",
        crowds.prompt_tokens, crowds.output_tokens
    )?;
    grid.text(style, out)?;
    match crowds.saturates_at {
        Some(users) => {
            writeln!(out, "saturated at {users}: more people add less than a tenth to what all get")
        }
        None => writeln!(out, "not saturated: each step brought a tenth or more"),
    }
}

/// How long a task took.
pub(super) fn workload(result: &WorkloadResult, out: &mut dyn io::Write) -> io::Result<()> {
    let WorkloadResult { workload, method, first_token_seconds, answer_seconds, decode_tokens_per_second } =
        result;
    writeln!(
        out,
        "\n{}: a prompt of {} tokens, thinking and answer of {}",
        workload.id, workload.prompt_tokens, workload.output_tokens
    )?;
    writeln!(
        out,
        "first token after {}, all of it after {}, {} over the whole answer",
        Seconds(*first_token_seconds),
        Seconds(*answer_seconds),
        TokenRate(*decode_tokens_per_second)
    )?;
    match method {
        Method::Whole => writeln!(out, "measured from the first token to the last"),
        Method::AtDepths { tokens, depths, fit } => {
            let depths: Vec<_> = depths.iter().map(u32::to_string).collect();
            writeln!(
                out,
                "the whole would take longer than allowed: {tokens} tokens were measured at depths {}, and summed up \
                 along a line through them (within {:.1} %)",
                depths.join(", "),
                fit.worst_error * 100.0
            )
        }
    }
}
