use std::io;

use serde::Serialize;

use super::text::wrapped;
use super::{Align, Grid, Style, View, digits};
use crate::validate::{About, Accuracy, Gate, Named, PerRow, Validation};

/// How many of the worst rows are shown.
const WORST: usize = 10;

/// A class whose median error is above this is named as badly predicted, if it has a few rows.
const BAD: f64 = 0.25;

/// Predictions held against measurements.
#[derive(Debug)]
pub struct ValidationView {
    /// What came of it.
    pub data: ValidationData,
}

/// What came of it, and what was asked of it.
#[derive(Debug, Serialize)]
pub struct ValidationData {
    /// What came of it.
    #[serde(flatten)]
    pub validation: Validation,
    /// Limits, and whether they were met.
    pub gates: Vec<Gate>,
}

impl View for ValidationView {
    type Data = ValidationData;

    fn data(&self) -> &ValidationData {
        &self.data
    }

    fn grid(&self) -> Grid {
        accuracy(&self.data.validation)
    }

    fn records(&self) -> Grid {
        let Validation { kind, per_row, .. } = &self.data.validation;
        let figures = kind.figures.map(|key| format!("{key}{}", kind.column_suffix));
        let mut columns = vec![("id", Align::Left), ("hardware", Align::Left)];
        columns.extend(match is_served(&self.data.validation) {
            true => vec![("model", Align::Left), ("engine", Align::Left), ("concurrency", Align::Right)],
            false => vec![("target", Align::Left)],
        });
        columns.push(("resolved", Align::Left));
        columns.extend(figures.iter().map(|name| (name.as_str(), Align::Right)));
        let mut grid = Grid::new(&columns);
        for row in per_row {
            let mut cells = vec![row.id.clone(), row.hardware.clone()];
            cells.extend(match &row.about {
                About::Local { target } => vec![target.clone()],
                About::Served { model, engine, concurrency } => {
                    let concurrency = concurrency.map(|count| count.to_string()).unwrap_or_default();
                    vec![model.clone(), engine.clone(), concurrency]
                }
            });
            cells.push(row.resolved.clone().unwrap_or_default());
            let number = |figure: Option<f64>| figure.map(|value| format!("{value:.3}")).unwrap_or_default();
            cells.extend(row.figures.values.map(number));
            grid.push(cells);
        }
        grid
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let validation = &self.data.validation;
        let Validation { rows, resolved, leaving_out, .. } = validation;
        let served = is_served(validation);
        let what = if served { " of served engines, each by simulating its run" } else { "" };
        writeln!(out, "{resolved} of {rows} rows predicted{what}")?;
        let basis = match (leaving_out.values[0], served) {
            (false, _) => "by the constants of the catalog",
            (true, false) => "each device by constants that were fitted without its own rows",
            (true, true) => "each deployment by constants that were fitted without its own rows",
        };
        writeln!(out, "{basis}\n")?;
        accuracy(validation).text(style, out)?;
        let legend = "Errors are |predicted − measured| / measured. Covered: measurements inside of the 80 % interval. \
                      Bias: median of predicted / measured − 1; above zero, predictions are too fast.";
        wrapped("", legend, style, out)?;
        if served {
            wrapped("", "Rows without a stated concurrency are a class of their own.", style, out)?;
        }
        let bad = badly_predicted(validation);
        if !bad.is_empty() {
            wrapped("", &format!("Badly predicted: {}.", bad.join("; ")), style, out)?;
        }
        draw_worst(validation, style, out)?;
        for row in &validation.unresolved {
            let line = format!("{} not predicted, {}: {}", row.id, row.hardware, row.reason);
            wrapped("  ", &line, style, out)?;
        }
        draw_gates(&self.data.gates, out)
    }
}

fn is_served(validation: &Validation) -> bool {
    validation.kind.measures[0] == "tpot"
}

/// The names of the two measures, in the accuracy and with the unit.
fn titles(validation: &Validation) -> [[&'static str; 2]; 2] {
    if is_served(validation) {
        [["TPOT", "output"], ["TPOT ms", "tok/s"]]
    } else {
        [["decode", "prefill"], ["decode", "prefill"]]
    }
}

/// The accuracy of everything, which comes first, and of each class of rows.
fn accuracy(validation: &Validation) -> Grid {
    let mut columns = vec![("rows", Align::Left), ("", Align::Left)];
    for measure in titles(validation)[0] {
        columns.extend([measure, "median", "p90", "covered", "bias"].map(|name| (name, Align::Right)));
    }
    let mut grid = Grid::new(&columns);
    let mut push = |by: &str, class: &str, of: &Named<Option<Accuracy>, 2>| {
        // A space that does not break: a class is read as one.
        let names = [by.to_owned(), class.replace(' ', "\u{a0}")];
        grid.push(names.into_iter().chain(of.values.iter().flat_map(cells)).collect());
    };
    push("all", "", &validation.all);
    let mut before = "";
    for class in &validation.classes {
        push(if class.by == before { "" } else { class.by }, &class.class.0, &class.of);
        before = class.by;
    }
    grid
}

fn cells(accuracy: &Option<Accuracy>) -> Vec<String> {
    match accuracy {
        Some(accuracy) => vec![
            accuracy.rows.to_string(),
            percent(accuracy.median_abs_error),
            percent(accuracy.p90_abs_error),
            percent(accuracy.interval_coverage),
            format!("{:+.0} %", accuracy.bias * 100.0),
        ],
        None => vec![String::new(); 5],
    }
}

/// The classes with a large median error.
fn badly_predicted(validation: &Validation) -> Vec<String> {
    let titles = titles(validation)[0];
    let bad = |(title, accuracy): (&&str, &Option<Accuracy>)| {
        accuracy
            .filter(|accuracy| accuracy.rows >= 2 && accuracy.median_abs_error > BAD)
            .map(|accuracy| format!("{title} {}", percent(accuracy.median_abs_error)))
    };
    let classes = validation.classes.iter().filter_map(|class| {
        let errors: Vec<String> = titles.iter().zip(&class.of.values).filter_map(bad).collect();
        (!errors.is_empty()).then(|| format!("{} {} ({})", class.by, class.class.0, errors.join(", ")))
    });
    classes.collect()
}

fn draw_worst(validation: &Validation, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut worst: Vec<&PerRow> = validation.per_row.iter().filter(|row| row.worst_error() > 0.0).collect();
    worst.sort_by(|a, b| b.worst_error().total_cmp(&a.worst_error()));
    worst.truncate(WORST);
    if worst.is_empty() {
        return Ok(());
    }
    let (unit, about) = match is_served(validation) {
        true => ("", vec![("engine", Align::Left), ("in flight", Align::Right)]),
        false => (" in tok/s", vec![("model", Align::Left)]),
    };
    writeln!(out, "\nWorst rows, predicted/measured{unit}")?;
    let mut columns = vec![("id", Align::Left), ("hardware", Align::Left)];
    columns.extend(about);
    columns.extend(titles(validation)[1].map(|title| (title, Align::Right)));
    let mut grid = Grid::new(&columns);
    for row in worst {
        let mut cells = vec![row.id.clone(), row.hardware.clone()];
        cells.extend(match &row.about {
            About::Local { target } => vec![target.clone()],
            About::Served { engine, concurrency, .. } => {
                vec![engine.clone(), concurrency.map_or_else(|| "–".to_owned(), |count| count.to_string())]
            }
        });
        cells.extend(row.figures.values.chunks(2).map(pair));
        grid.push(cells);
    }
    grid.text(style, out)
}

/// What was predicted and what was measured, in a cell.
fn pair(figures: &[Option<f64>]) -> String {
    match figures {
        [Some(predicted), Some(measured)] => format!("{}/{}", digits(*predicted), digits(*measured)),
        _ => "–".to_owned(),
    }
}

/// Which limits were met.
fn draw_gates(gates: &[Gate], out: &mut dyn io::Write) -> io::Result<()> {
    if !gates.is_empty() {
        writeln!(out)?;
    }
    for gate in gates {
        let reached = gate.reached.map_or_else(|| "nothing measured".to_owned(), percent);
        let verdict = if gate.is_kept { "kept" } else { "MISSED" };
        writeln!(out, "{verdict:6} {}: {reached}, limit {}", gate.name, percent(gate.limit))?;
    }
    Ok(())
}

/// A share in whole percent.
fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}
