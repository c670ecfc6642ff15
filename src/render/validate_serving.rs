use std::io;

use serde::Serialize;

use super::validate::percent;
use super::{Align, Gate, Grid, Style, View, digits, wrapped};
use crate::validate::{Accuracy, ServingPerRow, ServingValidation};

/// How many of the worst rows a person sees.
const WORST: usize = 10;

/// A class whose median error is above this is named as badly predicted, if it has a few rows.
const BAD: f64 = 0.25;

/// Predictions of served engines held against measurements.
#[derive(Debug)]
pub struct ServingValidationView {
    /// What came of it.
    pub data: ServingValidationData,
}

/// What came of it, and what was asked of it.
#[derive(Debug, Serialize)]
pub struct ServingValidationData {
    /// What came of it.
    #[serde(flatten)]
    pub validation: ServingValidation,
    /// What was asked.
    pub gates: Vec<Gate>,
}

impl View for ServingValidationView {
    type Data = ServingValidationData;

    fn data(&self) -> &ServingValidationData {
        &self.data
    }

    fn grid(&self) -> Grid {
        accuracy_grid(&self.data.validation)
    }

    fn records(&self) -> Grid {
        let mut grid = Grid::new(&[
            ("id", Align::Left),
            ("hardware", Align::Left),
            ("model", Align::Left),
            ("engine", Align::Left),
            ("concurrency", Align::Right),
            ("resolved", Align::Left),
            ("predicted_tpot_ms", Align::Right),
            ("measured_tpot_ms", Align::Right),
            ("predicted_output_tokens_per_second", Align::Right),
            ("measured_output_tokens_per_second", Align::Right),
        ]);
        let number = |figure: Option<f64>| figure.map(|figure| format!("{figure:.3}")).unwrap_or_default();
        for row in &self.data.validation.per_row {
            grid.push(vec![
                row.id.clone(),
                row.hardware.clone(),
                row.model.clone(),
                row.engine.clone(),
                row.concurrency.map(|count| count.to_string()).unwrap_or_default(),
                row.resolved.clone().unwrap_or_default(),
                number(row.predicted_tpot_ms),
                number(row.measured_tpot_ms),
                number(row.predicted_output_tokens_per_second),
                number(row.measured_output_tokens_per_second),
            ]);
        }
        grid
    }

    fn draw(&self, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
        let ServingValidation { rows, resolved, leaving_out_the_deployment, .. } = &self.data.validation;
        writeln!(out, "{resolved} of {rows} rows of served engines predicted, each by simulating its run")?;
        let basis = if *leaving_out_the_deployment {
            "each deployment by constants that were fitted without its own rows"
        } else {
            "by the constants of the catalog"
        };
        writeln!(out, "{basis}\n")?;
        accuracy_grid(&self.data.validation).text(style, out)?;
        wrapped(
            "",
            "TPOT: the time between tokens. Errors are |predicted − measured| / measured: the median, and what nine of ten \
             are below. Bias: the median of predicted over measured, less one. All: rows with a stated concurrency; \
             unbounded ones are told of by themselves.",
            style,
            out,
        )?;
        let bad = badly_predicted(&self.data.validation);
        if !bad.is_empty() {
            wrapped("", &format!("Badly predicted: {}.", bad.join("; ")), style, out)?;
        }
        self.draw_worst(style, out)?;
        for row in &self.data.validation.unresolved {
            wrapped(
                "  ",
                &format!("{} not predicted, {}: {}", row.id, row.hardware, row.reason),
                style,
                out,
            )?;
        }
        if !self.data.gates.is_empty() {
            writeln!(out)?;
        }
        for gate in &self.data.gates {
            let reached = gate.reached.map_or_else(|| "nothing measured".to_owned(), percent);
            let verdict = if gate.is_kept { "kept" } else { "MISSED" };
            writeln!(out, "{verdict:6} {}: {reached}, asked for {}", gate.name, percent(gate.limit))?;
        }
        Ok(())
    }
}

impl ServingValidationView {
    fn draw_worst(&self, style: Style, out: &mut dyn io::Write) -> io::Result<()> {
        let mut worst: Vec<&ServingPerRow> =
            self.data.validation.per_row.iter().filter(|row| row.worst_error() > 0.0).collect();
        worst.sort_by(|a, b| b.worst_error().total_cmp(&a.worst_error()));
        worst.truncate(WORST);
        if worst.is_empty() {
            return Ok(());
        }
        writeln!(out, "\nWorst rows, predicted against measured")?;
        let mut grid = Grid::new(&[
            ("id", Align::Left),
            ("hardware", Align::Left),
            ("engine", Align::Left),
            ("in flight", Align::Right),
            ("TPOT ms", Align::Right),
            ("tok/s", Align::Right),
        ]);
        let pair = |predicted: Option<f64>, measured: Option<f64>| match (predicted, measured) {
            (Some(predicted), Some(measured)) => format!("{}/{}", digits(predicted), digits(measured)),
            _ => "–".to_owned(),
        };
        for row in worst {
            grid.push(vec![
                row.id.clone(),
                row.hardware.clone(),
                row.engine.clone(),
                row.concurrency.map_or_else(|| "–".to_owned(), |count| count.to_string()),
                pair(row.predicted_tpot_ms, row.measured_tpot_ms),
                pair(row.predicted_output_tokens_per_second, row.measured_output_tokens_per_second),
            ]);
        }
        grid.text(style, out)
    }
}

/// The kinds of rows that the model does badly on, with their errors.
fn badly_predicted(validation: &ServingValidation) -> Vec<String> {
    let bad = |what: &str, accuracy: &Option<Accuracy>| {
        accuracy
            .filter(|accuracy| accuracy.rows >= 2 && accuracy.median_abs_error > BAD)
            .map(|accuracy| format!("{what} {}", percent(accuracy.median_abs_error)))
    };
    validation
        .classes
        .iter()
        .filter_map(|class| {
            let told: Vec<String> = [bad("TPOT", &class.tpot), bad("throughput", &class.output_throughput)]
                .into_iter()
                .flatten()
                .collect();
            (!told.is_empty()).then(|| format!("{} {} ({})", class.by, class.class, told.join(", ")))
        })
        .collect()
}

/// The accuracy of everything and of each kind of row.
fn accuracy_grid(validation: &ServingValidation) -> Grid {
    let mut grid = Grid::new(&[
        ("rows", Align::Left),
        ("", Align::Left),
        ("TPOT", Align::Right),
        ("median", Align::Right),
        ("p90", Align::Right),
        ("covered", Align::Right),
        ("bias", Align::Right),
        ("output", Align::Right),
        ("median", Align::Right),
        ("p90", Align::Right),
        ("covered", Align::Right),
        ("bias", Align::Right),
    ]);
    let cells = |accuracy: &Option<Accuracy>| match accuracy {
        Some(accuracy) => vec![
            accuracy.rows.to_string(),
            percent(accuracy.median_abs_error),
            percent(accuracy.p90_abs_error),
            percent(accuracy.interval_coverage),
            format!("{:+.0} %", accuracy.bias * 100.0),
        ],
        None => vec![String::new(); 5],
    };
    let mut row = |by: &str, class: &str, tpot: &Option<Accuracy>, throughput: &Option<Accuracy>| {
        // A space that does not break: a class is read as one.
        let mut all = vec![by.to_owned(), class.replace(' ', "\u{a0}")];
        all.extend(cells(tpot));
        all.extend(cells(throughput));
        grid.push(all);
    };
    row("all", "", &validation.tpot, &validation.output_throughput);
    let mut before = "";
    for class in &validation.classes {
        let by = if class.by == before { "" } else { class.by };
        before = class.by;
        row(by, &class.class, &class.tpot, &class.output_throughput);
    }
    grid
}
