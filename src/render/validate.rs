use std::io;

use serde::Serialize;

use super::accuracy::{self, Accuracies, WORST, draw_gates, draw_unresolved, pair};
use super::{Align, Grid, Style, View, wrapped};
use crate::validate::{PerRow, Validation};

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
    /// What was asked.
    pub gates: Vec<Gate>,
}

/// A limit that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Gate {
    /// Of what.
    pub name: &'static str,
    /// The limit.
    pub limit: f64,
    /// What was reached; none where nothing was measured.
    pub reached: Option<f64>,
    /// Whether it is kept.
    pub is_kept: bool,
}

impl View for ValidationView {
    type Data = ValidationData;

    fn data(&self) -> &ValidationData {
        &self.data
    }

    fn grid(&self) -> Grid {
        self.data.validation.accuracy_grid()
    }

    fn records(&self) -> Grid {
        let columns = [
            ("id", Align::Left),
            ("hardware", Align::Left),
            ("target", Align::Left),
            ("resolved", Align::Left),
            ("predicted_decode_tokens_per_second", Align::Right),
            ("measured_decode_tokens_per_second", Align::Right),
            ("predicted_prefill_tokens_per_second", Align::Right),
            ("measured_prefill_tokens_per_second", Align::Right),
        ];
        let mut grid = Grid::new(&columns);
        let number = |rate: Option<f64>| rate.map(|rate| format!("{rate:.3}")).unwrap_or_default();
        for row in &self.data.validation.per_row {
            grid.push(vec![
                row.id.clone(),
                row.hardware.clone(),
                row.target.clone(),
                row.resolved.clone().unwrap_or_default(),
                number(row.predicted_decode),
                number(row.measured_decode),
                number(row.predicted_prefill),
                number(row.measured_prefill),
            ]);
        }
        grid
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let Validation { rows, resolved, leaving_out_the_device, .. } = &self.data.validation;
        writeln!(out, "{resolved} of {rows} rows predicted")?;
        let basis = if *leaving_out_the_device {
            "each device by constants that were fitted without its own rows"
        } else {
            "by the constants of the catalog"
        };
        writeln!(out, "{basis}\n")?;
        self.data.validation.accuracy_grid().text(style, out)?;
        wrapped(
            "",
            "Errors are |predicted − measured| / measured: the median, and what nine of ten are below. Covered: measurements \
             inside of the interval, meant to be 80 %. Bias: the median of predicted over measured, less one.",
            style,
            out,
        )?;
        self.draw_worst(style, out)?;
        draw_unresolved("not understood", &self.data.validation.unresolved, style, out)?;
        draw_gates(&self.data.gates, out)
    }
}

impl ValidationView {
    fn draw_worst(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let mut worst: Vec<&PerRow> =
            self.data.validation.per_row.iter().filter(|row| row.worst_error() > 0.0).collect();
        worst.sort_by(|a, b| b.worst_error().total_cmp(&a.worst_error()));
        worst.truncate(WORST);
        if worst.is_empty() {
            return Ok(());
        }
        writeln!(out, "\nWorst rows, predicted against measured in tok/s")?;
        let mut grid = Grid::new(&[
            ("id", Align::Left),
            ("hardware", Align::Left),
            ("model", Align::Left),
            ("decode", Align::Right),
            ("prefill", Align::Right),
        ]);
        for row in worst {
            grid.push(vec![
                row.id.clone(),
                row.hardware.clone(),
                row.target.clone(),
                pair(row.predicted_decode, row.measured_decode),
                pair(row.predicted_prefill, row.measured_prefill),
            ]);
        }
        grid.text(style, out)
    }
}

impl Validation {
    fn accuracy_grid(&self) -> Grid {
        let all = Accuracies { by: "all", class: "", of: [self.decode.as_ref(), self.prefill.as_ref()] };
        let classes = self.classes.iter().map(|class| Accuracies {
            by: class.by,
            class: &class.class,
            of: [class.decode.as_ref(), class.prefill.as_ref()],
        });
        accuracy::grid(["decode", "prefill"], std::iter::once(all).chain(classes))
    }
}
