//! The table of tests: a row for each test of each run, and one for each run without a result.

use super::{ending, name};
use crate::bench::{BenchReport, Compared, Measurement, Settings, Test, Timed, Verdict};
use crate::i18n::Locale;
use crate::message;
use crate::message::{Message, fixed};
use crate::render::{Cell, Column, Grid, Reader, Table};
use crate::units::TokenRate;

/// A test of a run, and how the prediction compares.
#[derive(Clone, Copy)]
pub(super) struct TestResult<'a> {
    pub(super) test: Test,
    pub(super) timed: &'a Timed,
    pub(super) compared: Option<Compared>,
}

/// The tests of a run.
pub(super) fn tests(run: &Measurement) -> impl Iterator<Item = TestResult<'_>> {
    let Measurement { prefill, decode, predicted, .. } = run;
    [
        prefill.as_ref().map(|timed| TestResult {
            test: Test::Prefill,
            timed,
            compared: predicted.and_then(|all| all.prefill),
        }),
        decode.as_ref().map(|timed| TestResult {
            test: Test::Decode,
            timed,
            compared: predicted.and_then(|all| all.decode),
        }),
    ]
    .into_iter()
    .flatten()
}

struct Row<'a> {
    run: &'a Measurement,
    /// None of a run that came to nothing, or not to its end.
    test: Option<TestResult<'a>>,
}

/// All tests of a report. People see the settings in which runs differ, programs all.
pub(super) fn table(report: &BenchReport, reader: Reader, locale: &Locale) -> Grid {
    let rows: Vec<Row<'_>> = report.measurements().flat_map(rows).collect();
    let mut table = Table::<Row<'_>>::new();
    let has_depth = rows.iter().any(|row| row.test.is_some_and(|result| result.timed.depth > 0));
    results(&mut table, has_depth || report.runs.len() > 1);
    let first = &report.first.settings;
    for (key, title, value) in SETTINGS {
        let cell = move |row: &Row<'_>| value(&row.run.settings);
        if report.measurements().any(|run| value(&run.settings) != value(first)) {
            table.right(key, Message::verbatim(title), cell);
        } else {
            table.plain(key, cell);
        }
    }
    table.plain("verdict", |row| row.run.verdict.kind());
    table.grid(&rows, reader, locale)
}

fn rows(run: &Measurement) -> impl Iterator<Item = Row<'_>> {
    let failed = (!run.verdict.is_measured()).then_some(Row { run, test: None });
    tests(run).map(move |test| Row { run, test: Some(test) }).chain(failed)
}

fn results(table: &mut Table<'_, Row<'_>>, shows_depth: bool) {
    let compared = |row: &Row<'_>| row.test.and_then(|result| result.compared);
    table.left("test", message!(BenchTest), |row| match row.test {
        Some(result) => Cell::from(name(result.test)).plain(result.test.key()),
        None => Cell::from(failure(&row.run.verdict)).plain(""),
    });
    table.right("tokens", message!(BenchTokens), |row| row.test.map(|result| result.timed.tokens));
    let depth = |row: &Row<'_>| row.test.map(|result| result.timed.depth);
    if shows_depth {
        table.right("depth", message!(BenchDepth), depth);
    } else {
        table.plain("depth", depth);
    }
    table.plain("repetitions", |row| row.test.map(|result| result.timed.tokens_per_second.repetitions()));
    table.right("tokens_per_second", message!(BenchMeasured), |row| {
        row.test.map(|result| result.timed.tokens_per_second.mean)
    });
    table.right("stddev", Message::verbatim("±"), |row| {
        row.test.map(|result| match result.timed.tokens_per_second.stddev {
            Some(stddev) => Cell::from(fixed(stddev.0, 2)).plain(fixed(stddev.0, 3)),
            None => Cell::default().or(message!(BenchOneRun)),
        })
    });
    table.right("predicted_tokens_per_second", message!(BenchPredicted), move |row| {
        let rate = Cell::from(compared(row).map(|compared| TokenRate(compared.tokens_per_second)));
        if row.test.is_some() { rate.or("–") } else { rate }
    });
    let interval = move |row: &Row<'_>| {
        compared(row).map(|compared| {
            let [low, high] = [compared.interval.low, compared.interval.high].map(|rate| fixed(rate, 1));
            message!(BenchRange { low, high })
        })
    };
    table.push(Column::right("interval", message!(BenchInterval), interval).for_people());
    table.plain("predicted_low", move |row| compared(row).map(|it| fixed(it.interval.low, 3)));
    table.plain("predicted_high", move |row| compared(row).map(|it| fixed(it.interval.high, 3)));
}

/// A setting that runs may differ in: its key, llama-bench's word for it, and its value.
type Setting = (&'static str, &'static str, fn(&Settings) -> Cell);

const SETTINGS: [Setting; 11] = [
    ("threads", "threads", |settings| settings.threads.into()),
    ("batch", "batch", |settings| settings.run.batch.into()),
    ("micro_batch", "ubatch", |settings| settings.run.micro_batch.into()),
    ("gpu_layers", "ngl", |settings| Cell::from(settings.gpu_layers).or(message!(BenchAll))),
    ("kv_type_k", "ctk", |settings| settings.run.kv_type.to_string().into()),
    ("kv_type_v", "ctv", |settings| settings.run.value_type().to_string().into()),
    ("flash_attention", "fa", |settings| switch(settings.run.flash_attention)),
    ("n_cpu_moe", "ncmoe", |settings| settings.expert_layers_in_ram.into()),
    ("split_mode", "sm", |settings| settings.split_mode.to_string().into()),
    ("tensor_split", "ts", |settings| {
        let shares: Vec<_> = settings.tensor_split.iter().map(f32::to_string).collect();
        shares.join("/").into()
    }),
    ("mmap", "mmap", |settings| switch(settings.mapped)),
];

fn switch(on: bool) -> Cell {
    Cell::from(if on { message!(BenchOn) } else { message!(BenchOff) }).plain(on.to_string())
}

/// Why a run has no result, or not all of it.
fn failure(verdict: &Verdict) -> Option<Message> {
    Some(match verdict {
        Verdict::TooLarge(shortage) => {
            message!(BenchTooLargeRow { shortfall: shortage.shortfall_bytes, device: &shortage.device })
        }
        Verdict::Crashed(crash) => ending(crash),
        Verdict::Stalled { limit_seconds } => message!(BenchStalledRow { limit: limit_seconds }),
        Verdict::Refused { reason } => message!(BenchRefused { reason }),
        Verdict::Measured | Verdict::Confirmed | Verdict::Corrected | Verdict::Disturbed => return None,
    })
}
