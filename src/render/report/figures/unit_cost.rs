use maud::html;

use super::{BOTTOM, Figure, HEIGHT, LEFT, LETTERS, RIGHT, TOP};
use crate::i18n::Locale;
use crate::message::percent;
use crate::render::svg::{Axis, Frame, Label, Scale, Ticks, end_labels, line, marker, note};
use crate::report::UnitCostChart;
use crate::say;

/// Points that the curve is drawn through.
const POINTS: u32 = 48;

/// What a million tokens cost by how busy machines are.
pub(in crate::render::report) fn unit_cost(chart: &UnitCostChart, locale: &Locale) -> Figure {
    let least = (chart.planned / 2.0).clamp(0.002, 0.02);
    let cheapest = chart.prices.iter().map(|line| line.price.0).fold(chart.cost_at(1.0).0, f64::min);
    let dearest = chart.prices.iter().map(|line| line.price.0).fold(chart.cost_at(least).0, f64::max);
    let frame = Frame {
        locale,
        x: Axis {
            scale: Scale::log([least, 1.0], [LEFT, RIGHT]),
            title: say!(locale, ReportAxisUtilisation),
            ticks: Ticks::Shares,
        },
        y: Axis {
            scale: Scale::log([cheapest.max(1e-3), dearest], [BOTTOM, TOP]),
            title: say!(locale, ReportAxisPerMillion),
            ticks: Ticks::Money,
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
        name: say!(locale, ReportOwnAlwaysBusy),
    }];
    for (at, price) in chart.prices.iter().enumerate() {
        let (what, amount) = (&price.name, price.price.amount());
        labels.push(Label {
            series: Some(at + 1),
            at: (1.0, price.price.0),
            name: if price.excluded {
                say!(locale, ReportLabelExcluded { what, amount })
            } else {
                say!(locale, ReportLabelAmount { what, amount })
            },
        });
    }
    let parts = html! {
        (frame.draw())
        (line(&frame, 0, &own))
        (marker(&frame, 0, planned))
        (note(&frame, planned, (9.0, -7.0), &say!(locale, ReportUnitCostPlanned { share: percent(planned.0, 0), cost: chart.cost_at(chart.planned).amount() })))
        @for (at, price) in chart.prices.iter().enumerate() {
            (line(&frame, at + 1, &[(least, price.price.0), (1.0, price.price.0)]))
            @if price.crossing <= 1.0 {
                @let meet = (price.crossing, price.price.0);
                (marker(&frame, at + 1, meet))
                (note(&frame, meet, (-7.0, 16.0), &locale.show(percent(price.crossing, 0))))
            }
        }
        (end_labels(&frame, &labels, LETTERS))
    };
    Figure::new(
        "unit-cost",
        say!(locale, ReportChartUnitCost { name: &chart.name }),
        locale.say(&chart.reading),
        HEIGHT,
        &parts,
    )
}
