use std::io;

use serde::Serialize;

use super::accuracy::{self, Accuracies, WORST, draw_gates, draw_unresolved, pair, percent};
use super::{Align, Gate, Grid, Style, View, wrapped};
use crate::validate::{Accuracy, ServingPerRow, ServingValidation};

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

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
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
        draw_unresolved("not predicted", &self.data.validation.unresolved, style, out)?;
        draw_gates(&self.data.gates, out)
    }
}

impl ServingValidationView {
    fn draw_worst(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
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

fn accuracy_grid(validation: &ServingValidation) -> Grid {
    let all = Accuracies {
        by: "all",
        class: "",
        of: [validation.tpot.as_ref(), validation.output_throughput.as_ref()],
    };
    let classes = validation.classes.iter().map(|class| Accuracies {
        by: class.by,
        class: &class.class,
        of: [class.tpot.as_ref(), class.output_throughput.as_ref()],
    });
    accuracy::grid(["TPOT", "output"], std::iter::once(all).chain(classes))
}
