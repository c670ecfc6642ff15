use maud::html;

use super::{BOTTOM, Figure, HEIGHT, LEFT, LETTERS, RIGHT, TOP};
use crate::i18n::Locale;
use crate::render::svg::{Axis, Frame, Label, Scale, Ticks, end_labels, line, marker, note, rule_up, short};
use crate::report::{LoadCharts, LoadCurve};
use crate::say;

/// Speed for a user against what a GPU puts out.
pub(in crate::render::report) fn pareto(charts: &LoadCharts, locale: &Locale) -> Figure {
    let slo = 1.0 / charts.promise.tpot.0;
    let point = |curve: &LoadCurve, at: usize| {
        let point = &curve.points[at];
        (point.user_speed(), point.output / f64::from(curve.gpus))
    };
    let drawn: Vec<Vec<(f64, f64)>> = charts
        .curves
        .iter()
        .map(|curve| (0..curve.points.len()).map(|at| point(curve, at)).collect())
        .collect();
    let all = || drawn.iter().flatten().chain(charts.curves.iter().flat_map(|curve| &curve.measured));
    let frame = Frame {
        locale,
        x: Axis {
            scale: Scale::linear([0.0, all().map(|point| point.0).fold(slo, f64::max)], [LEFT, RIGHT]),
            title: say!(locale, ReportAxisUserSpeed),
            ticks: Ticks::Numbers,
        },
        y: Axis {
            scale: Scale::linear([0.0, all().map(|point| point.1).fold(1.0, f64::max)], [BOTTOM, TOP]),
            title: say!(locale, ReportAxisGpuOutput),
            ticks: Ticks::Numbers,
        },
    };
    let labels: Vec<Label> = charts
        .curves
        .iter()
        .zip(&drawn)
        .enumerate()
        .map(|(series, (curve, points))| Label {
            series: Some(series),
            at: points.first().copied().unwrap_or_default(),
            name: format!("{} × {}, {}", curve.gpus, curve.name, curve.layout),
        })
        .collect();
    let limit = |curve: &LoadCurve| (curve.limit.user_speed(), curve.limit.output / f64::from(curve.gpus));
    let parts = html! {
        (frame.draw())
        (rule_up(&frame, slo, &say!(locale, ReportTarget { target: format!("{} tok/s", short(slo)) })))
        @for (series, points) in drawn.iter().enumerate() { (line(&frame, series, points)) }
        @for (series, curve) in charts.curves.iter().enumerate().rev() { (marker(&frame, series, limit(curve))) }
        @for (series, curve) in charts.curves.iter().enumerate() {
            @for (speed, output) in &curve.measured {
                @let (x, y) = frame.at(*speed, *output);
                circle class=(format!("mark s{series}")) cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="2.5" {}
            }
        }
        @if let Some(chosen) = charts.curves.first() {
            @let (x, y) = frame.at(limit(chosen).0, limit(chosen).1);
            circle class="crossing" cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="9" {}
            (note(&frame, limit(chosen), (13.0, 4.0), &say!(locale, ReportChosenPoint)))
        }
        (end_labels(&frame, &labels, LETTERS))
    };
    Figure::new("pareto", say!(locale, ReportChartPareto), locale.say(&charts.pareto_reading), HEIGHT, &parts)
}
