//! `r1-advisor validate`: predictions held against a table of measurements.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::Context;
use super::typed::{FlagError, ratio};
use crate::both;
use crate::error::{Error, Exit};
use crate::render::{Gate, ServingValidationData, ServingValidationView, ValidationData, ValidationView};
use crate::validate::{
    Accuracy, Case, Predictions, TableError, cases, fit_leaving_out_each_deployment, is_served_table,
    leaving_out_each_device, predictions, read_served_table, read_table, serving_cases, serving_predictions,
    serving_validation, validation,
};

/// Flags of `validate`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  r1-advisor validate mine.csv                          your own measurements, predicted blind
  r1-advisor validate measurements/throughput.csv --leave-device-out
  r1-advisor validate mine.csv --max-decode-median 0.1 --max-decode-p90 0.3
  r1-advisor validate measurements/serving.csv --by engine,arrivals --max-tpot-median 15%

The table has a header line. Columns: id, date, hardware, gpu_count (0: processors alone), backend (CUDA, Vulkan,
ROCm, Metal, SYCL, CPU, CUDA+CPU), engine, shape (a model), quant, prompt_tokens, prefill_tokens_per_second,
output_tokens, decode_tokens_per_second, flash_attention (0, 1), threads, context_depth, note. What is not known
may be left out or empty, but for hardware, shape, quant and the two rates' columns.

A table with a column tpot_ms is of served engines (vLLM, SGLang, TensorRT-LLM, …), a row a load: id, model, params_b,
quant, hardware, n_accelerators, engine, concurrency, isl, osl, total_tok_s, output_tok_s, ttft_ms, tpot_ms, note.
Model, quant, hardware, engine, concurrency and tpot_ms must be there. Each is run in a simulation of its engine.

Exit code 1 means that a gate was missed.")]
pub struct ValidateArgs {
    /// The table, as CSV; `-` reads standard input
    #[arg(value_name = "FILE.csv")]
    pub table: PathBuf,
    /// Which models to count: R1s, shapes that scoreboards measure with, or both
    #[arg(long, value_enum, default_value_t)]
    pub shapes: Shapes,
    /// Count prefill only of rows from this day, month or year on
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub prefill_since: Option<String>,
    /// Tell the accuracy by these only: shape, age, place, backend, vendor, model, quant, depth; of served engines
    /// arrivals, experts, engine, gpus, class, precision, concurrency, speculative
    #[arg(long, value_name = "KIND,…", value_delimiter = ',', value_parser = CLASSES)]
    pub by: Vec<String>,
    /// Fit the constants again without each device, or served deployment, before predicting it (takes some seconds)
    #[arg(long)]
    pub leave_device_out: bool,
    /// Miss if the median of decode's errors is above this share
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub max_decode_median: Option<f64>,
    /// Miss if one in ten of decode's errors is above this share
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub max_decode_p90: Option<f64>,
    /// Miss if the median of prefill's errors is above this share
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub max_prefill_median: Option<f64>,
    /// Miss if one in ten of prefill's errors is above this share
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub max_prefill_p90: Option<f64>,
    /// Miss if the median of the errors of the time between tokens is above this share (served engines)
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub max_tpot_median: Option<f64>,
    /// Miss if one in ten of them is above this share
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub max_tpot_p90: Option<f64>,
    /// Miss if the median of output throughput's errors is above this share (served engines)
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub max_throughput_median: Option<f64>,
    /// Miss if one in ten of them is above this share
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub max_throughput_p90: Option<f64>,
    /// Miss if fewer measurements lie inside of their intervals
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub min_coverage: Option<f64>,
    /// Miss if more lie inside: intervals that are too wide say nothing
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub max_coverage: Option<f64>,
    /// Miss if more rows cannot be understood
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub max_unresolved: Option<f64>,
}

/// What rows are told apart by.
const CLASSES: [&str; 16] = [
    "shape",
    "age",
    "place",
    "backend",
    "vendor",
    "model",
    "quant",
    "depth",
    "arrivals",
    "experts",
    "engine",
    "gpus",
    "class",
    "precision",
    "concurrency",
    "speculative",
];

/// Which rows count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Shapes {
    /// Every row.
    #[default]
    All,
    /// Those of R1 models.
    R1,
    /// Those of other models that scoreboards measure with.
    Reference,
}

impl Shapes {
    fn count(self, case: &Case<'_>) -> bool {
        match self {
            Self::All => true,
            Self::R1 => case.is_r1(),
            Self::Reference => !case.is_r1(),
        }
    }
}

/// A day, a month or a year.
fn date(text: &str) -> Result<String, FlagError> {
    let whole = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    match whole.parse::<jiff::civil::Date>() {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(FlagError::Date { text: text.to_owned() }),
    }
}

/// Runs the command.
pub fn run(context: &Context, args: &ValidateArgs) -> Result<Exit, Error> {
    let table = table(&args.table)?;
    if is_served_table(&table) { run_served(context, args, &table) } else { run_local(context, args, &table) }
}

/// Of llama.cpp on one machine.
fn run_local(context: &Context, args: &ValidateArgs, table: &str) -> Result<Exit, Error> {
    let catalog = context.catalog()?;
    let rows = not_empty(read_table(table.as_bytes()))?;
    let (cases, unresolved) = cases(&rows, &catalog);
    let mut predicted: Vec<Predictions> = if args.leave_device_out {
        leaving_out_each_device(&cases).without_device
    } else {
        cases.iter().map(|case| predictions(case, catalog.calibration())).collect()
    };
    if let Some(since) = &args.prefill_since {
        for (case, two) in cases.iter().zip(&mut predicted) {
            if case.row.is_before(since) {
                two[1] = None;
            }
        }
    }
    let (cases, predicted): (Vec<_>, Vec<_>) =
        cases.into_iter().zip(predicted).filter(|(case, _)| args.shapes.count(case)).unzip();
    let mut validation = validation(&cases, &predicted, &unresolved, args.leave_device_out);
    if !args.by.is_empty() {
        validation.classes.retain(|class| args.by.iter().any(|by| by == class.by));
    }
    let gates = gates(args, &validation);
    let missed = gates.iter().any(|gate| !gate.is_kept);
    context.show(&ValidationView { data: ValidationData { validation, gates } })?;
    Ok(if missed { Exit::No } else { Exit::Yes })
}

/// Of engines that serve many at once.
fn run_served(context: &Context, args: &ValidateArgs, table: &str) -> Result<Exit, Error> {
    let catalog = context.catalog()?;
    let rows = not_empty(read_served_table(table.as_bytes()))?;
    let (cases, unresolved) = serving_cases(&rows, &catalog);
    let predicted = if args.leave_device_out {
        fit_leaving_out_each_deployment(&cases).without_deployment
    } else {
        let calibration = catalog.serving_calibration().map_err(|error| {
            let hint = error.hint();
            Error::new(Exit::Input, &error).hint(hint)
        })?;
        cases.iter().map(|case| serving_predictions(case, calibration)).collect()
    };
    let mut validation = serving_validation(&cases, &predicted, &unresolved, args.leave_device_out);
    if !args.by.is_empty() {
        validation.classes.retain(|class| args.by.iter().any(|by| by == class.by));
    }
    let gates = served_gates(args, &validation);
    let missed = gates.iter().any(|gate| !gate.is_kept);
    context.show(&ServingValidationView { data: ServingValidationData { validation, gates } })?;
    Ok(if missed { Exit::No } else { Exit::Yes })
}

/// The table, whole: its header tells what it is of.
fn table(path: &Path) -> Result<String, Error> {
    let mut text = String::new();
    let read = if path.as_os_str() == "-" {
        io::stdin().lock().read_to_string(&mut text)
    } else {
        File::open(path).and_then(|mut file| file.read_to_string(&mut text))
    };
    read.map_err(|error| {
        let path = path.display();
        Error::new(Exit::Input, &error).hint(Some(both!(
            "is `{path}` there, and may you read it?",
            "`{path}` 是否存在，是否有读取权限？"
        )))
    })?;
    Ok(text)
}

fn not_empty<T>(rows: Result<Vec<T>, TableError>) -> Result<Vec<T>, Error> {
    let rows = rows.and_then(|rows| if rows.is_empty() { Err(TableError::Empty) } else { Ok(rows) });
    rows.map_err(|error| {
        let hint = error.hint();
        Error::new(Exit::Input, &error).hint(hint)
    })
}

/// A limit that was asked for, if it was.
fn at_most(name: &'static str, limit: Option<f64>, reached: Option<f64>) -> Option<Gate> {
    Some(Gate {
        name,
        limit: limit?,
        reached,
        is_kept: reached.is_some_and(|reached| Some(reached) <= limit),
    })
}

/// The same of a table of served engines.
fn served_gates(args: &ValidateArgs, validation: &crate::validate::ServingValidation) -> Vec<Gate> {
    let median = |accuracy: Option<Accuracy>| accuracy.map(|accuracy| accuracy.median_abs_error);
    let p90 = |accuracy: Option<Accuracy>| accuracy.map(|accuracy| accuracy.p90_abs_error);
    let (tpot, throughput) = (validation.tpot, validation.output_throughput);
    let unresolved = validation.unresolved.len() as f64 / validation.rows.max(1) as f64;
    [
        at_most("time between tokens, median error", args.max_tpot_median, median(tpot)),
        at_most("time between tokens, p90 error", args.max_tpot_p90, p90(tpot)),
        at_most("output throughput, median error", args.max_throughput_median, median(throughput)),
        at_most("output throughput, p90 error", args.max_throughput_p90, p90(throughput)),
        at_most("unresolved rows", args.max_unresolved, Some(unresolved)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What the flags ask for, and whether it is kept.
fn gates(args: &ValidateArgs, validation: &crate::validate::Validation) -> Vec<Gate> {
    let (decode, prefill) = (validation.decode, validation.prefill);
    let unresolved = validation.unresolved.len() as f64 / validation.rows.max(1) as f64;
    let most = at_most;
    let least = |name, limit: Option<f64>, reached: Option<f64>| {
        Some(Gate {
            name,
            limit: limit?,
            reached,
            is_kept: reached.is_some_and(|reached| Some(reached) >= limit),
        })
    };
    let decode_covered = decode.map(|accuracy| accuracy.interval_coverage);
    let prefill_covered = prefill.map(|accuracy| accuracy.interval_coverage);
    [
        most(
            "decode, median error",
            args.max_decode_median,
            decode.map(|accuracy| accuracy.median_abs_error),
        ),
        most("decode, p90 error", args.max_decode_p90, decode.map(|accuracy| accuracy.p90_abs_error)),
        most(
            "prefill, median error",
            args.max_prefill_median,
            prefill.map(|accuracy| accuracy.median_abs_error),
        ),
        most("prefill, p90 error", args.max_prefill_p90, prefill.map(|accuracy| accuracy.p90_abs_error)),
        least("decode, least coverage", args.min_coverage, decode_covered),
        least("prefill, least coverage", args.min_coverage.filter(|_| prefill.is_some()), prefill_covered),
        most("decode, most coverage", args.max_coverage, decode_covered),
        most("prefill, most coverage", args.max_coverage.filter(|_| prefill.is_some()), prefill_covered),
        most("unresolved rows", args.max_unresolved, Some(unresolved)),
    ]
    .into_iter()
    .flatten()
    .collect()
}
