use std::io;

use serde::Serialize;
use serde_json::Value as Json;

use super::text::paragraph;
use super::{Cell, Column, Grid, Reader, Style, Table, View};
use crate::bench::{
    Difference, Figure, Metric, MetricComparison, PastResult, ResultComparison, ServedFigure, Test, Unit,
};
use crate::message;
use crate::message::{Message, Value, clauses, fixed};
use crate::units::{Seconds, TokenRate};

/// What was measured before.
#[derive(Clone, Debug, Serialize)]
pub struct PastList {
    /// The results, the latest first.
    pub results: Vec<PastResult>,
}

/// What was measured before, drawn.
#[derive(Debug)]
pub struct PastListView<'a> {
    /// The list.
    pub list: &'a PastList,
}

/// One result in full.
#[derive(Clone, Debug, Serialize)]
pub struct ShownResult {
    /// In a line.
    pub summary: PastResult,
    /// As the command wrote it then.
    pub document: Json,
}

/// One result, drawn.
#[derive(Debug)]
pub struct ShownResultView<'a> {
    /// The result.
    pub shown: &'a ShownResult,
}

/// Two results, drawn.
#[derive(Debug)]
pub struct ComparisonView<'a> {
    /// The two.
    pub comparison: &'a ResultComparison,
}

/// A row of the list: for people a whole result, for programs one metric of it.
struct PastRow<'a> {
    result: &'a PastResult,
    metrics: &'a [Metric],
}

impl View for PastListView<'_> {
    type Data = PastList;

    fn data(&self) -> &PastList {
        self.list
    }

    fn table(&self, reader: Reader, style: Style<'_>) -> Grid {
        let mut table = Table::<PastRow<'_>>::new();
        table.right("id", message!(HistoryId), |row| row.result.id);
        table.left("started_at", message!(HistoryWhen), |row| {
            let started_at = row.result.started_at;
            Cell::from(started_at.strftime("%Y-%m-%d %H:%M").to_string()).plain(started_at.to_string())
        });
        table.plain("kind", |row| row.result.kind.word());
        table.left("subject", message!(HistorySubject), |row| row.result.subject.clone());
        table.plain("metric", |row| row.metrics.first().map(|metric| metric.figure.to_string()));
        table.plain("unit", |row| row.metrics.first().map(|metric| metric.unit.key()));
        table.plain("mean", |row| row.metrics.first().map(|metric| fixed(metric.mean, 6)));
        table.plain("samples", |row| row.metrics.first().map(|metric| metric.samples.len()));
        table.push(
            Column::left("measured", message!(HistoryMeasured), |row: &PastRow<'_>| measured(row.metrics))
                .for_people(),
        );
        table.left("verdict", message!(HistoryVerdict), |row| row.result.verdict.as_deref().map(verdict));
        let mut rows = Vec::new();
        for result in &self.list.results {
            match reader {
                Reader::Program => {
                    rows.extend(result.metrics.chunks(1).map(|metrics| PastRow { result, metrics }));
                }
                Reader::Terminal | Reader::Document => {
                    rows.push(PastRow { result, metrics: &result.metrics });
                }
            }
        }
        table.grid(&rows, reader, style.locale)
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        if self.list.results.is_empty() {
            return paragraph(message!(HistoryEmpty), style, out);
        }
        self.table(Reader::Terminal, style).text(style, out)?;
        writeln!(out)?;
        paragraph(message!(HistoryNext), style, out)
    }
}

impl View for ShownResultView<'_> {
    type Data = ShownResult;

    fn data(&self) -> &ShownResult {
        self.shown
    }

    fn table(&self, reader: Reader, style: Style<'_>) -> Grid {
        let mut table = Table::<(String, String)>::new();
        table.left("key", message!(HistoryKey), |(key, _)| key.clone());
        table.left("value", message!(HistoryValue), |(_, value)| value.clone());
        let mut rows = Vec::new();
        flatten("", &self.shown.document, &mut rows);
        table.grid(&rows, reader, style.locale)
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let PastResult { id, started_at, subject, .. } = &self.shown.summary;
        let when = started_at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
        paragraph(message!(HistoryShown { id, subject, when }), style, out)?;
        writeln!(out)?;
        self.table(Reader::Terminal, style).text(style, out)
    }
}

impl View for ComparisonView<'_> {
    type Data = ResultComparison;

    fn data(&self) -> &ResultComparison {
        self.comparison
    }

    fn table(&self, reader: Reader, style: Style<'_>) -> Grid {
        let same = Message::verbatim;
        let mut table = Table::<MetricComparison>::new();
        table.left("metric", same(""), |metric| {
            Cell::from(figure(&metric.figure)).plain(metric.figure.to_string())
        });
        table.plain("unit", |metric| metric.unit.key());
        table.right("a", same("A"), |it| Cell::from(quantity(it.unit, it.a)).plain(fixed(it.a, 6)));
        table.right("b", same("B"), |it| Cell::from(quantity(it.unit, it.b)).plain(fixed(it.b, 6)));
        table.right("b_over_a", same("B / A"), |it| {
            Cell::from(fixed(it.b_over_a, 3)).plain(fixed(it.b_over_a, 6))
        });
        let interval = |metric: &MetricComparison| {
            metric.welch_t_test.map(|test| {
                let [low, high] =
                    [test.difference_low, test.difference_high].map(|limit| format!("{limit:+.2}"));
                message!(HistoryRange { low, high })
            })
        };
        table.push(Column::right("difference", message!(HistoryDifference), interval).for_people());
        table.plain("difference_low", |it| it.welch_t_test.map(|test| fixed(test.difference_low, 6)));
        table.plain("difference_high", |it| it.welch_t_test.map(|test| fixed(test.difference_high, 6)));
        table.right("p", same("p"), |it| {
            it.welch_t_test.map(|test| Cell::from(fixed(test.p, 3)).plain(fixed(test.p, 6)))
        });
        table.left("verdict", same(""), |it| difference(it.verdict));
        table.grid(&self.comparison.metrics, reader, style.locale)
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        for (letter, result) in [("A", &self.comparison.a), ("B", &self.comparison.b)] {
            let PastResult { id, subject, .. } = result;
            let when = result.started_at.strftime("%Y-%m-%d %H:%M").to_string();
            let said = match result.verdict.as_deref() {
                Some("disturbed") => message!(HistoryComparedDisturbed { letter, id, subject, when }),
                _ => message!(HistoryCompared { letter, id, subject, when }),
            };
            paragraph(said, style, out)?;
        }
        writeln!(out)?;
        self.table(Reader::Terminal, style).text(style, out)?;
        writeln!(out)?;
        paragraph(message!(HistoryWelch), style, out)
    }
}

fn difference(difference: Difference) -> Cell {
    let (said, key) = match difference {
        Difference::Better => (message!(HistoryBetter), "better"),
        Difference::Worse => (message!(HistoryWorse), "worse"),
        Difference::WithinChance => (message!(HistoryWithinChance), "within_chance"),
        Difference::Untested => (message!(HistoryUntested), "untested"),
    };
    Cell::from(said).plain(key)
}

/// A verdict as its document has it.
fn verdict(kind: &str) -> Cell {
    let said = match kind {
        "confirmed" => message!(BenchVerdictConfirmed),
        "corrected" => message!(BenchVerdictCorrected),
        "disturbed" => message!(BenchVerdictDisturbed),
        "measured" => message!(BenchVerdictMeasured),
        "met" => message!(BenchVerdictMet),
        "missed" => message!(BenchVerdictMissed),
        other => Message::verbatim(other),
    };
    Cell::from(said).plain(kind)
}

/// The figures of a result; of a sweep with many loads the first and the last, which show its range.
fn measured(metrics: &[Metric]) -> Value {
    let value = |metric: &Metric| {
        message!(HistoryFigure { name: figure(&metric.figure), value: quantity(metric.unit, metric.mean) })
    };
    match metrics {
        [first, .., last] if metrics.len() > 3 => {
            clauses([value(first).into(), Value::from("…"), value(last).into()])
        }
        all => clauses(all.iter().map(value)),
    }
}

fn figure(figure: &Figure) -> Message {
    match figure {
        Figure::Test { test, tokens, depth, sliced } => {
            let test = match test {
                Test::Prefill => message!(BenchPrefill),
                Test::Decode => message!(BenchDecode),
            };
            let test = match depth {
                0 => message!(HistoryTest { test, tokens }),
                depth => message!(HistoryTestAtDepth { test, tokens, depth }),
            };
            if *sliced { message!(HistorySliced { test }) } else { test }
        }
        Figure::Crowd { tokens, users } => {
            let test = message!(HistoryTest { test: message!(BenchDecode), tokens });
            message!(HistoryUnderLoad { figure: test, load: message!(ServedAtOnce { users }) })
        }
        Figure::Served { figure, load } => {
            let figure: Value = match figure {
                ServedFigure::Output => message!(HistoryOutput).into(),
                ServedFigure::Ttft => "TTFT p95".into(),
                ServedFigure::Tpot => "TPOT p95".into(),
            };
            message!(HistoryUnderLoad { figure, load: load.to_message() })
        }
    }
}

fn quantity(unit: Unit, value: f64) -> Value {
    match unit {
        Unit::Seconds => Seconds(value).into(),
        Unit::TokensPerSecond => TokenRate(value).into(),
    }
}

/// A document as lines of a path and a value.
fn flatten(path: &str, value: &Json, lines: &mut Vec<(String, String)>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Json::Object(keys) => keys.iter().for_each(|(key, value)| flatten(&below(key), value, lines)),
        Json::Array(items) if items.iter().any(Json::is_object) => {
            items.iter().enumerate().for_each(|(at, value)| flatten(&below(&at.to_string()), value, lines));
        }
        Json::Array(items) => {
            let items: Vec<_> = items.iter().map(plain).collect();
            lines.push((path.to_owned(), items.join(", ")));
        }
        Json::Null => {}
        value => lines.push((path.to_owned(), plain(value))),
    }
}

fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
