use maud::html;

use super::{BOTTOM, Figure, HEIGHT, LEFT, LETTERS, RIGHT, TOP};
use crate::render::svg::{Axis, Frame, Label, Scale, end_labels, line, marker, money, note, short};
use crate::report::CashChart;

/// What each kind of way has cost by when.
pub(in crate::render::report) fn cash(chart: &CashChart) -> Figure {
    let years = f64::from(chart.months) / 12.0;
    let most = chart.lines.iter().map(|line| line.paid(f64::from(chart.months)).0).fold(0.0, f64::max);
    let frame = Frame {
        x: Axis {
            scale: Scale::linear([0.0, years], [LEFT, RIGHT]),
            title: "years".to_owned(),
            label: short,
        },
        y: Axis {
            scale: Scale::linear([0.0, most], [BOTTOM, TOP]),
            title: "paid since the start".to_owned(),
            label: money,
        },
    };
    let labels: Vec<Label> = chart
        .lines
        .iter()
        .enumerate()
        .map(|(series, line)| {
            let paid = line.paid(f64::from(chart.months));
            let barred = if line.excluded { ", excluded" } else { "" };
            let name = format!("{} {}{barred}", line.kind.name(), money(paid.0));
            Label { series: Some(series), at: (years, paid.0), name }
        })
        .collect();
    let parts = html! {
        (frame.draw())
        @for (series, one) in chart.lines.iter().enumerate() {
            @let at = |month: f64| (month / 12.0, one.paid(month).0);
            (line(&frame, series, &[at(0.0), at(f64::from(chart.months))]))
            @for month in (0..=chart.months).step_by(12) { (marker(&frame, series, at(f64::from(month)))) }
        }
        @for crossing in &chart.crossings {
            @let at = (crossing.months / 12.0, crossing.paid.0);
            @let (x, y) = frame.at(at.0, at.1);
            circle class="crossing" cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="8" {}
            (note(&frame, at, (-6.0, -12.0), &format!("{:.0} months", crossing.months)))
        }
        (end_labels(&frame, &labels, LETTERS))
    };
    Figure::new("cash", "Paid by when".to_owned(), &chart.reading, HEIGHT, &parts)
}
