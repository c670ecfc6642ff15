use maud::html;

use super::{BOTTOM, Figure, HEIGHT, LEFT, LETTERS, RIGHT, TOP};
use crate::render::svg::{Axis, Frame, Label, Scale, end_labels, line, marker, money, note, percent};
use crate::report::UnitCostChart;

/// Points that the curve is drawn through.
const POINTS: u32 = 48;

/// What a million tokens cost by how busy machines are.
pub(in crate::render::report) fn unit_cost(chart: &UnitCostChart) -> Figure {
    let least = (chart.planned / 2.0).clamp(0.002, 0.02);
    let cheapest = chart.prices.iter().map(|line| line.price.0).fold(chart.cost_at(1.0).0, f64::min);
    let dearest = chart.prices.iter().map(|line| line.price.0).fold(chart.cost_at(least).0, f64::max);
    let frame = Frame {
        x: Axis {
            scale: Scale::log([least, 1.0], [LEFT, RIGHT]),
            title: "mean use over the year, of what the machines carry within the promise".to_owned(),
            label: percent,
        },
        y: Axis {
            scale: Scale::log([cheapest.max(1e-3), dearest], [BOTTOM, TOP]),
            title: "US dollars for a million tokens".to_owned(),
            label: money,
        },
    };
    let own: Vec<(f64, f64)> = (0..=POINTS)
        .map(|at| least.powf(1.0 - f64::from(at) / f64::from(POINTS)))
        .map(|used| (used, chart.cost_at(used).0))
        .collect();
    let planned = (chart.planned, chart.cost_at(chart.planned).0);
    let mut labels = vec![Label {
        series: Some(0),
        at: (1.0, chart.cost_at(1.0).0),
        name: "own machines, always busy".to_owned(),
    }];
    for (at, price) in chart.prices.iter().enumerate() {
        let barred = if price.excluded { ", excluded" } else { "" };
        labels.push(Label {
            series: Some(at + 1),
            at: (1.0, price.price.0),
            name: format!("{} ${:.2}{barred}", price.name, price.price.0),
        });
    }
    let parts = html! {
        (frame.draw())
        (line(&frame, 0, &own))
        (marker(&frame, 0, planned))
        (note(&frame, planned, (9.0, -7.0), &format!("planned: {:.0} %, ${:.2}", planned.0 * 100.0, planned.1)))
        @for (at, price) in chart.prices.iter().enumerate() {
            (line(&frame, at + 1, &[(least, price.price.0), (1.0, price.price.0)]))
            @if price.crossing <= 1.0 {
                @let meet = (price.crossing, price.price.0);
                (marker(&frame, at + 1, meet))
                (note(&frame, meet, (-7.0, 16.0), &format!("{:.0} %", price.crossing * 100.0)))
            }
        }
        (end_labels(&frame, &labels, LETTERS))
    };
    Figure::new(
        "unit-cost",
        format!("A million tokens on {}, and by API", chart.name),
        &chart.reading,
        HEIGHT,
        &parts,
    )
}
