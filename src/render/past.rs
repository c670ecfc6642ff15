use std::io;

use serde::Serialize;
use serde_json::Value;

use super::{Align, Grid, Style, View, wrapped};
use crate::bench::{Difference, Metric, MetricComparison, PastResult, ResultComparison};
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

/// One result, in all.
#[derive(Clone, Debug, Serialize)]
pub struct ShownResult {
    /// In a line.
    pub summary: PastResult,
    /// As the command wrote it then.
    pub document: Value,
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

impl View for PastListView<'_> {
    type Data = PastList;

    fn data(&self) -> &PastList {
        self.list
    }

    fn grid(&self) -> Grid {
        let mut grid = Grid::new(&[
            ("id", Align::Right),
            ("when", Align::Left),
            ("what", Align::Left),
            ("measured", Align::Left),
            ("verdict", Align::Left),
        ]);
        for result in &self.list.results {
            // A sweep has many loads; the first and the last show its range.
            let figures = match &result.metrics[..] {
                [first, .., last] if result.metrics.len() > 3 => {
                    vec![figure(first), "…".into(), figure(last)]
                }
                all => all.iter().map(figure).collect(),
            };
            grid.push(vec![
                result.id.to_string(),
                result.started_at.strftime("%Y-%m-%d %H:%M").to_string(),
                result.subject.clone(),
                figures.join(", "),
                result.verdict.clone().unwrap_or_default(),
            ]);
        }
        grid
    }

    fn records(&self) -> Grid {
        let mut grid = Grid::new(&[
            ("id", Align::Right),
            ("started_at", Align::Left),
            ("kind", Align::Left),
            ("subject", Align::Left),
            ("metric", Align::Left),
            ("unit", Align::Left),
            ("mean", Align::Right),
            ("samples", Align::Right),
            ("verdict", Align::Left),
        ]);
        for result in &self.list.results {
            for metric in &result.metrics {
                grid.push(vec![
                    result.id.to_string(),
                    result.started_at.to_string(),
                    result.kind.word().to_owned(),
                    result.subject.clone(),
                    metric.name.clone(),
                    metric.unit.to_owned(),
                    format!("{:.6}", metric.mean),
                    metric.samples.len().to_string(),
                    result.verdict.clone().unwrap_or_default(),
                ]);
            }
        }
        grid
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        if self.list.results.is_empty() {
            return writeln!(
                out,
                "nothing was measured on this machine yet; try `r1-advisor bench 1.5b:Q4_K_M --synthetic`"
            );
        }
        self.grid().text(style, out)?;
        writeln!(
            out,
            "\nAll of one: `r1-advisor bench show ID`. Two beside each other: `r1-advisor bench compare A B`"
        )
    }
}

impl View for ShownResultView<'_> {
    type Data = ShownResult;

    fn data(&self) -> &ShownResult {
        self.shown
    }

    fn grid(&self) -> Grid {
        let mut grid = Grid::new(&[("key", Align::Left), ("value", Align::Left)]);
        flatten("", &self.shown.document, &mut grid);
        grid
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let PastResult { id, started_at, subject, .. } = &self.shown.summary;
        writeln!(out, "result {id}: {subject}, {}\n", started_at.strftime("%Y-%m-%d %H:%M:%S UTC"))?;
        self.grid().text(style, out)
    }
}

impl View for ComparisonView<'_> {
    type Data = ResultComparison;

    fn data(&self) -> &ResultComparison {
        self.comparison
    }

    fn grid(&self) -> Grid {
        let mut grid = Grid::new(&[
            ("", Align::Left),
            ("A", Align::Right),
            ("B", Align::Right),
            ("B / A", Align::Right),
            ("B - A, 95 %", Align::Right),
            ("p", Align::Right),
            ("", Align::Left),
        ]);
        for metric in &self.comparison.metrics {
            let test = metric.welch_t_test;
            grid.push(vec![
                metric.name.clone(),
                quantity(metric.unit, metric.a),
                quantity(metric.unit, metric.b),
                format!("{:.3}", metric.b_over_a),
                test.map_or_else(String::new, |test| {
                    format!("{:+.2} to {:+.2}", test.difference_low, test.difference_high)
                }),
                test.map_or_else(String::new, |test| format!("{:.3}", test.p)),
                words(metric).to_owned(),
            ]);
        }
        grid
    }

    fn records(&self) -> Grid {
        let mut grid = Grid::new(&[
            ("metric", Align::Left),
            ("unit", Align::Left),
            ("a", Align::Right),
            ("b", Align::Right),
            ("b_over_a", Align::Right),
            ("difference_low", Align::Right),
            ("difference_high", Align::Right),
            ("p", Align::Right),
        ]);
        for metric in &self.comparison.metrics {
            let test = metric.welch_t_test;
            let known = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.6}"));
            grid.push(vec![
                metric.name.clone(),
                metric.unit.to_owned(),
                format!("{:.6}", metric.a),
                format!("{:.6}", metric.b),
                format!("{:.6}", metric.b_over_a),
                known(test.map(|test| test.difference_low)),
                known(test.map(|test| test.difference_high)),
                known(test.map(|test| test.p)),
            ]);
        }
        grid
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        for (name, result) in [("A", &self.comparison.a), ("B", &self.comparison.b)] {
            let disturbed = if result.verdict.as_deref() == Some("disturbed") { ", disturbed" } else { "" };
            let when = result.started_at.strftime("%Y-%m-%d %H:%M");
            writeln!(out, "{name}: result {}, {}, {when}{disturbed}", result.id, result.subject)?;
        }
        writeln!(out)?;
        self.grid().text(style, out)?;
        writeln!(out)?;
        wrapped(
            "",
            "By Welch's t-test of the repetitions: p is how often chance alone would show such a difference, and the true \
             one lies in the interval 19 times of 20. It knows nothing of what changed from one run to the next.",
            style,
            out,
        )
    }
}

fn words(metric: &MetricComparison) -> &'static str {
    match metric.verdict {
        Difference::Better => "B is better",
        Difference::Worse => "B is worse",
        Difference::WithinChance => "no difference beyond chance",
        Difference::Untested => "too few repetitions to tell",
    }
}

fn figure(metric: &Metric) -> String {
    format!("{} {}", metric.name, quantity(metric.unit, metric.mean))
}

fn quantity(unit: &str, value: f64) -> String {
    if unit == "seconds" { Seconds(value).to_string() } else { TokenRate(value).to_string() }
}

/// A document as lines of a path and a value.
fn flatten(path: &str, value: &Value, grid: &mut Grid) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Object(keys) => keys.iter().for_each(|(key, value)| flatten(&below(key), value, grid)),
        Value::Array(items) if items.iter().any(Value::is_object) => {
            items.iter().enumerate().for_each(|(at, value)| flatten(&below(&at.to_string()), value, grid));
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(plain).collect();
            grid.push(vec![path.to_owned(), items.join(", ")]);
        }
        Value::Null => {}
        value => grid.push(vec![path.to_owned(), plain(value)]),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
