//! What tables of predictions held against measurements have in common, whatever was measured.

use std::io;

use super::validate::Gate;
use super::{Align, Grid, Style, digits, wrapped};
use crate::validate::{Accuracy, UnresolvedRow};

/// How many of the worst rows are shown.
pub(super) const WORST: usize = 10;

/// The accuracy of two quantities over some rows.
pub(super) struct Accuracies<'a> {
    /// What the rows are told apart by.
    pub by: &'a str,
    /// Which of them they are.
    pub class: &'a str,
    /// The accuracy of each quantity, where it was measured.
    pub of: [Option<&'a Accuracy>; 2],
}

/// The accuracy of everything, which comes first, and of each kind of row.
pub(super) fn grid<'a>(quantities: [&str; 2], rows: impl Iterator<Item = Accuracies<'a>>) -> Grid {
    let mut columns = vec![("rows", Align::Left), ("", Align::Left)];
    for quantity in quantities {
        columns.extend([quantity, "median", "p90", "covered", "bias"].map(|name| (name, Align::Right)));
    }
    let mut grid = Grid::new(&columns);
    let mut before = "";
    for row in rows {
        let by = if row.by == before { "" } else { row.by };
        before = row.by;
        // A space that does not break: a class is read as one.
        let names = [by.to_owned(), row.class.replace(' ', "\u{a0}")];
        grid.push(names.into_iter().chain(row.of.into_iter().flat_map(cells)).collect());
    }
    grid
}

fn cells(accuracy: Option<&Accuracy>) -> Vec<String> {
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

/// What was predicted and what was measured, in a cell.
pub(super) fn pair(predicted: Option<f64>, measured: Option<f64>) -> String {
    match (predicted, measured) {
        (Some(predicted), Some(measured)) => format!("{}/{}", digits(predicted), digits(measured)),
        _ => "–".to_owned(),
    }
}

/// The rows that could not be predicted, `how` they were not, and why.
pub(super) fn draw_unresolved(
    how: &str,
    rows: &[UnresolvedRow],
    style: Style<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    rows.iter().try_for_each(|row| {
        wrapped("  ", &format!("{} {how}, {}: {}", row.id, row.hardware, row.reason), style, out)
    })
}

/// Which limits were kept.
pub(super) fn draw_gates(gates: &[Gate], out: &mut dyn io::Write) -> io::Result<()> {
    if !gates.is_empty() {
        writeln!(out)?;
    }
    for gate in gates {
        let reached = gate.reached.map_or_else(|| "nothing measured".to_owned(), percent);
        let verdict = if gate.is_kept { "kept" } else { "MISSED" };
        writeln!(out, "{verdict:6} {}: {reached}, asked for {}", gate.name, percent(gate.limit))?;
    }
    Ok(())
}

/// A share in whole percent.
pub(super) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}
