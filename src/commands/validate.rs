//! `r1-advisor validate`: predictions held against a table of measurements.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::Context;
use super::typed::{FlagError, ratio};
use crate::both;
use crate::catalog::Catalog;
use crate::error::{Error, Exit};
use crate::render::{ValidationData, ValidationView};
use crate::validate::{
    Case, Limits, LocalCase, Predictions, ServedCase, TableError, Validation, cases, gates, is_served_table,
    leaving_out_each_group, predictions, read_table, validation,
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
    /// Show the accuracy by these only: shape, age, place, backend, vendor, model, quant, depth; of served engines
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
    fn count(self, case: &LocalCase<'_>) -> bool {
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
    let catalog = context.catalog()?;
    let (mut validation, limits) = if is_served_table(&table) {
        let rows = read_table(table.as_bytes()).map_err(unreadable)?;
        let calibration = catalog.serving_calibration().map_err(|error| {
            let hint = error.hint();
            Error::new(Exit::Input, &error).hint(hint)
        })?;
        let all = |_: &ServedCase<'_>, two| Some(two);
        let median = [args.max_tpot_median, args.max_throughput_median];
        let p90 = [args.max_tpot_p90, args.max_throughput_p90];
        (validated(&rows, &catalog, calibration, args.leave_device_out, all), (median, p90))
    } else {
        let rows = read_table(table.as_bytes()).map_err(unreadable)?;
        let chosen = |case: &LocalCase<'_>, [decode, prefill]: Predictions| {
            let old = args.prefill_since.as_ref().is_some_and(|since| case.row.is_before(since));
            args.shapes.count(case).then_some([decode, prefill.filter(|_| !old)])
        };
        let median = [args.max_decode_median, args.max_prefill_median];
        let p90 = [args.max_decode_p90, args.max_prefill_p90];
        let calibration = catalog.calibration();
        (validated(&rows, &catalog, calibration, args.leave_device_out, chosen), (median, p90))
    };
    if !args.by.is_empty() {
        validation.classes.retain(|class| args.by.iter().any(|by| by == class.by));
    }
    let (median, p90) = limits;
    let coverage = [args.min_coverage, args.max_coverage];
    let gates = gates(&Limits { median, p90, coverage, unresolved: args.max_unresolved }, &validation);
    let missed = gates.iter().any(|gate| !gate.is_kept);
    context.show(&ValidationView { data: ValidationData { validation, gates } })?;
    Ok(if missed { Exit::No } else { Exit::Yes })
}

/// Predicts the rows, of which `chosen` keeps some and what counts of them.
fn validated<'a, C: Case<'a>>(
    rows: &'a [C::Row],
    catalog: &'a Catalog,
    calibration: &C::Calibration,
    leaving_out: bool,
    chosen: impl Fn(&C, Predictions) -> Option<Predictions>,
) -> Validation {
    let (cases, unresolved) = cases::<C>(rows, catalog);
    let predicted: Vec<Predictions> = if leaving_out {
        leaving_out_each_group(&cases).without_group
    } else {
        cases.iter().map(|case| predictions(case, calibration)).collect()
    };
    let (cases, predicted): (Vec<C>, Vec<Predictions>) = cases
        .into_iter()
        .zip(predicted)
        .filter_map(|(case, two)| chosen(&case, two).map(|two| (case, two)))
        .unzip();
    validation(&cases, &predicted, &unresolved, leaving_out)
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

fn unreadable(error: TableError) -> Error {
    let hint = error.hint();
    Error::new(Exit::Input, &error).hint(hint)
}
