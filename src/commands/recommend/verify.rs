//! `recommend --verify`: the pick is measured by this very program, as a person would go on to do, and the ranking done
//! again with what was learned.

use std::ffi::OsStr;
use std::io;
use std::process::{Command, ExitStatus, Stdio};

use serde::Deserialize;

use crate::catalog::Catalog;
use crate::commands::Context;
use crate::commands::local::{self, LocalArgs};
use crate::error::{Error, Exit};
use crate::estimate::Interval;
use crate::message;
use crate::recommend::{Assessment, MeasuredAgainst, Verification};
use crate::units::TokenRate;

/// What of `bench --format json` is read here.
#[derive(Deserialize)]
struct Benched {
    #[serde(default)]
    decode: Option<Timed>,
    #[serde(default)]
    predicted: Option<Predictions>,
    verdict: BenchVerdict,
}

#[derive(Deserialize)]
struct Timed {
    tokens_per_second: Mean,
}

#[derive(Deserialize)]
struct Mean {
    mean: TokenRate,
}

#[derive(Deserialize)]
struct Predictions {
    #[serde(default)]
    decode: Option<Prediction>,
}

#[derive(Deserialize)]
struct Prediction {
    tokens_per_second: TokenRate,
    interval: Ends,
}

#[derive(Deserialize)]
struct Ends {
    low: f64,
    high: f64,
}

#[derive(Deserialize)]
struct BenchVerdict {
    kind: String,
}

/// Fetches the files of the pick; what is there stays, and what was begun goes on.
pub(super) fn pull(context: &Context, pick: &Assessment<'_>) -> Result<Option<Exit>, Error> {
    let target = pick.target();
    context.printer.say(context.locale().say(&message!(RecommendFetching { target: &target })));
    let status = this_program(context, ["pull", target.as_str()]).stdout(Stdio::null()).status();
    Ok(failure(status.map_err(|error| not_started(&error))?))
}

/// Measures the pick: its files where they are here, else random weights in its shapes.
pub(super) fn measure(
    context: &Context,
    catalog: &Catalog,
    pick: &Assessment<'_>,
) -> Result<Measured, Error> {
    let synthetic = !is_here(catalog, pick);
    let target = pick.target();
    context.printer.say(context.locale().say(&if synthetic {
        message!(RecommendMeasuringRandom { target: &target })
    } else {
        message!(RecommendMeasuring { target: &target })
    }));
    let mut command = this_program(context, ["bench", target.as_str(), "--format", "json"]);
    command.args(synthetic.then_some("--synthetic"));
    let output = command
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| not_started(&error))?;
    let Ok(benched) = serde_json::from_slice::<Benched>(&output.stdout) else {
        return Ok(Measured::Failed(failure(output.status).unwrap_or(Exit::Engine)));
    };
    let predicted =
        benched.predicted.and_then(|predicted| predicted.decode).map(|predicted| MeasuredAgainst {
            tokens_per_second: predicted.tokens_per_second,
            interval: Interval { low: predicted.interval.low, high: predicted.interval.high },
        });
    let measured = benched.decode.map(|timed| timed.tokens_per_second.mean);
    let promise = predicted.zip(measured);
    Ok(Measured::Ran(Verification {
        model: pick.model.id.clone(),
        quant: pick.quant.id.clone(),
        synthetic,
        predicted,
        measured_tokens_per_second: measured,
        disturbed: benched.verdict.kind == "disturbed",
        holds: promise.is_some_and(|(predicted, measured)| predicted.is_reached_by(measured)),
    }))
}

/// What became of a measurement.
pub(super) enum Measured {
    /// It ran, well or badly.
    Ran(Verification),
    /// It failed, and the reason was printed.
    Failed(Exit),
}

fn is_here(catalog: &Catalog, pick: &Assessment<'_>) -> bool {
    local::find(&LocalArgs::default().places(), catalog, pick.model, pick.quant)
        .is_some_and(|known| known.stored.is_some())
}

/// This program with other arguments, and the flags that every command takes.
fn this_program<'a>(context: &Context, arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let program = std::env::current_exe().unwrap_or_else(|_| "r1-advisor".into());
    let mut command = Command::new(program);
    command.args(arguments);
    command.args(["--lang", context.locale().lang.short()]);
    if let Some(folder) = &context.global.catalog {
        command.args([OsStr::new("--catalog"), folder.as_os_str()]);
    }
    if context.global.quiet {
        command.arg("--quiet");
    }
    command
}

fn not_started(error: &io::Error) -> Error {
    Error::plain(Exit::Engine, error).hint(Some(message!(RecommendNotStartedHint)))
}

/// The exit code of a command that failed; it said why itself.
fn failure(status: ExitStatus) -> Option<Exit> {
    Some(match status.code() {
        Some(0) => return None,
        Some(1) => Exit::No,
        Some(2) => Exit::Usage,
        Some(3) => Exit::Probe,
        Some(4) => Exit::Input,
        Some(5) => Exit::Download,
        Some(7) => Exit::Output,
        Some(130) | None => Exit::Interrupted,
        Some(_) => Exit::Engine,
    })
}
