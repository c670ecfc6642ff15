//! `r1-advisor validate`: predictions compared with a table of measurements.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::Context;
use super::typed::{FlagError, ratio};
use crate::catalog::Catalog;
use crate::error::{Error, Exit};
use crate::input_file;
use crate::render::{ValidationData, ValidationView};
use crate::validate::{
    Basis, Case, LeftOut, Limits, LocalCase, Predictions, ServedCase, TableError, Validation, cases, gates,
    is_served_table, leaving_out_each, predictions, read_table, validation,
};

/// Flags of `validate`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "\
Examples:
  r1-advisor validate mine.csv                          your own measurements
  r1-advisor validate measurements/throughput.csv --leave-device-out
  r1-advisor validate mine.csv --max-decode-median 0.1 --max-decode-p90 0.3
  r1-advisor validate measurements/serving.csv --by engine,arrivals --max-tpot-median 15%
  r1-advisor validate measurements/serving-exported.csv --leave-group-out

The table has a header line. Columns: id, date, hardware, gpu_count (0: CPU only), backend (CUDA, Vulkan,
ROCm, Metal, SYCL, CPU, CUDA+CPU), engine, shape (a model), quant, prompt_tokens, prefill_tokens_per_second,
output_tokens, decode_tokens_per_second, flash_attention (0, 1), threads, context_depth, note. Required: hardware,
shape, quant and both rates; any cell may be empty.

A table with a column tpot_ms is of served engines (vLLM, SGLang, TensorRT-LLM, …), one load a row: id, model, params_b,
quant, hardware, n_accelerators, engine, concurrency, isl, osl, total_tok_s, output_tok_s, ttft_ms, tpot_ms, note.
Required: model, quant, hardware, engine, concurrency, tpot_ms. `tuning` says whether the engine was `tuned` for the load
or as `deployed`; else the source says it. Exported benchmarks may name system, precision, tp, pp, ep, dp_attention,
engine_version, kv_precision, isl_mean, osl_mean and date in columns of their own. Each row is simulated.

Exit code 1: a limit was missed.")]
pub struct ValidateArgs {
    /// The table, as CSV; `-` reads standard input
    #[arg(value_name = "FILE.csv")]
    pub table: PathBuf,
    /// Models to count: R1 models, reference models of scoreboards, or all
    #[arg(long, value_enum, default_value_t)]
    pub shapes: Shapes,
    /// Count prefill only of rows from this day, month or year on
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub prefill_since: Option<String>,
    /// Show the accuracy only by these: shape, age, place, backend, vendor, model, quant, depth; of served engines
    /// arrivals, experts, engine, gpus, class, precision, concurrency, speculative, tuning, group
    #[arg(long, value_name = "KIND,…", value_delimiter = ',', value_parser = CLASSES)]
    pub by: Vec<String>,
    /// Leave one out: predict each device, or deployment, with constants fitted without its rows (takes some seconds)
    #[arg(long)]
    pub leave_device_out: bool,
    /// Predict all that one source published with constants fitted without it (served engines)
    #[arg(long, conflicts_with = "leave_device_out")]
    pub leave_source_out: bool,
    /// Predict each model, device, engine and precision with constants fitted without its rows (served engines)
    #[arg(long, conflicts_with_all = ["leave_device_out", "leave_source_out"])]
    pub leave_group_out: bool,
    /// Fail if the median decode error exceeds this share
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub max_decode_median: Option<f64>,
    /// Fail if the 90th percentile of the decode errors exceeds this share
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub max_decode_p90: Option<f64>,
    /// Fail if the median prefill error exceeds this share
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub max_prefill_median: Option<f64>,
    /// Fail if the 90th percentile of the prefill errors exceeds this share
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub max_prefill_p90: Option<f64>,
    /// Fail if the median TPOT error exceeds this share (served engines)
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub max_tpot_median: Option<f64>,
    /// Fail if the 90th percentile of the TPOT errors exceeds this share
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub max_tpot_p90: Option<f64>,
    /// Fail if the median error of output throughput exceeds this share (served engines)
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub max_throughput_median: Option<f64>,
    /// Fail if the 90th percentile of the throughput errors exceeds this share
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub max_throughput_p90: Option<f64>,
    /// Fail if the median TTFT error exceeds this share (served engines)
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub max_ttft_median: Option<f64>,
    /// Fail if the 90th percentile of the TTFT errors exceeds this share (served engines)
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub max_ttft_p90: Option<f64>,
    /// Fail if a smaller share of measurements lies inside the predicted intervals
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub min_coverage: Option<f64>,
    /// Fail if a larger share does: intervals that are too wide say nothing
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub max_coverage: Option<f64>,
    /// Fail if a larger share of rows cannot be predicted
    #[arg(long, value_name = "SHARE", value_parser = ratio)]
    pub max_unresolved: Option<f64>,
}

impl ValidateArgs {
    /// What is left out at once; none where the catalog's constants predict.
    fn left_out(&self) -> Option<LeftOut> {
        let [device, source, group] = [self.leave_device_out, self.leave_source_out, self.leave_group_out];
        match (device, source, group) {
            (true, _, _) => Some(LeftOut::Device),
            (_, true, _) => Some(LeftOut::Source),
            (_, _, true) => Some(LeftOut::Group),
            (false, false, false) => None,
        }
    }
}

/// The classifications of rows.
const CLASSES: [&str; 18] = [
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
    "group",
    "tuning",
];

/// Which rows count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Shapes {
    /// Every row.
    #[default]
    All,
    /// Those of R1 models.
    R1,
    /// Those of reference models, which scoreboards measure with.
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
        let rows = read_table(table.as_bytes())?;
        let calibration = catalog.serving_calibration()?;
        let all = |_: &ServedCase<'_>, two| Some(two);
        let median = [args.max_tpot_median, args.max_throughput_median, args.max_ttft_median];
        let p90 = [args.max_tpot_p90, args.max_throughput_p90, args.max_ttft_p90];
        (validated(&rows, &catalog, calibration, args.left_out(), all), (median, p90))
    } else {
        let rows = read_table(table.as_bytes())?;
        let chosen = |case: &LocalCase<'_>, [decode, prefill, _]: Predictions| {
            let old = args.prefill_since.as_ref().is_some_and(|since| case.row.is_before(since));
            args.shapes.count(case).then_some([decode, prefill.filter(|_| !old), None])
        };
        let median = [args.max_decode_median, args.max_prefill_median, None];
        let p90 = [args.max_decode_p90, args.max_prefill_p90, None];
        let calibration = catalog.calibration();
        (validated(&rows, &catalog, calibration, args.left_out(), chosen), (median, p90))
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
    left_out: Option<LeftOut>,
    chosen: impl Fn(&C, Predictions) -> Option<Predictions>,
) -> Validation {
    let (mut cases, unresolved) = cases::<C>(rows, catalog);
    let (predicted, basis): (Vec<Predictions>, Basis) = if let Some(left_out) = left_out {
        (leaving_out_each(&mut cases, left_out).without_group, Basis::LeaveOneOut(left_out))
    } else {
        let fitted = C::constants(calibration).moved().len();
        let predicted = cases.iter().map(|case| predictions(case, calibration)).collect();
        (predicted, Basis::Calibration { fitted })
    };
    let (cases, predicted): (Vec<C>, Vec<Predictions>) = cases
        .into_iter()
        .zip(predicted)
        .filter_map(|(case, two)| chosen(&case, two).map(|two| (case, two)))
        .unzip();
    validation(&cases, &predicted, &unresolved, basis)
}

/// The table, whole: its header says what it is of.
fn table(path: &Path) -> Result<String, TableError> {
    let read = if path.as_os_str() == "-" {
        io::read_to_string(io::stdin())
    } else {
        input_file::read_to_string(path)
    };
    read.map_err(|source| TableError::Read { path: path.to_owned(), source })
}
