use maud::html;

use super::{BOTTOM, Figure, HEIGHT, LEFT, TOP};
use crate::render::svg::{Axis, Frame, Scale, WIDTH, area, note, rule_across, rule_up, short};
use crate::report::GrowthChart;

/// What is carried against a load that grows.
pub(in crate::render::report) fn growth(chart: &GrowthChart) -> Figure {
    let most = chart.years.iter().map(|year| year.peak).fold(chart.limit, f64::max);
    let count = chart.years.len() as f64;
    let frame = Frame {
        x: Axis {
            scale: Scale::linear([0.0, count], [LEFT, WIDTH - 24.0]),
            title: "years from the day of this report; ticks are quarters".to_owned(),
            label: short,
        },
        y: Axis {
            scale: Scale::linear([0.0, most * 1.12], [BOTTOM, TOP]),
            title: "requests a second when it is busiest".to_owned(),
            label: short,
        },
    };
    let steps: Vec<(f64, f64, f64)> = chart
        .years
        .iter()
        .enumerate()
        .map(|(year, load)| (year as f64, year as f64 + 1.0, load.peak))
        .collect();
    let quarters: Vec<f64> =
        (0..=chart.years.len() * 4).map(|quarter| frame.x.scale.at(quarter as f64 / 4.0)).collect();
    let parts = html! {
        (area(&frame, "load", &steps))
        (frame.draw())
        @for x in quarters { path class="frame" d=(format!("M{x:.1} {BOTTOM}V{:.1}", BOTTOM + 3.0)) {} }
        @for (year, load) in chart.years.iter().enumerate() {
            (note(&frame, (year as f64, 0.0), (6.0, -8.0), &chart.counted(load.units)))
        }
        @for (year, pair) in chart.years.windows(2).enumerate() {
            @if pair[1].units > pair[0].units {
                (note(&frame, (year as f64 + 1.0, pair[1].peak), (6.0, 15.0), &format!("+{} by {}", pair[1].units - pair[0].units, pair[1].from)))
            }
        }
        (rule_across(&frame, chart.usable, "what is planned, as far as it may be used"))
        (rule_across(&frame, chart.limit, "its limit within the promise"))
        (rule_up(&frame, f64::from(chart.term), "end of the term"))
    };
    Figure::new("growth", "Capacity against growth".to_owned(), &chart.reading, HEIGHT, &parts)
}
