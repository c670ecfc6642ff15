use maud::html;

use super::{BOTTOM, Figure, HEIGHT, LEFT, LETTERS, RIGHT, TOP};
use crate::lang::Lang;
use crate::render::svg::{Axis, Frame, Label, Scale, end_labels, line, marker, money, note, percents};
use crate::report::{UnitCostChart, percent};
use crate::tr;

/// Points that the curve is drawn through.
const POINTS: u32 = 48;

/// What a million tokens cost by how busy machines are.
pub(in crate::render::report) fn unit_cost(chart: &UnitCostChart, lang: Lang) -> Figure {
    let least = (chart.planned / 2.0).clamp(0.002, 0.02);
    let cheapest = chart.prices.iter().map(|line| line.price.0).fold(chart.cost_at(1.0).0, f64::min);
    let dearest = chart.prices.iter().map(|line| line.price.0).fold(chart.cost_at(least).0, f64::max);
    let frame = Frame {
        x: Axis {
            scale: Scale::log([least, 1.0], [LEFT, RIGHT]),
            title: tr!(
                lang,
                "mean use over the year, of what the machines carry within the promise",
                "全年平均利用率（占满足 SLO 时的承载能力）"
            ),
            label: percents(lang),
        },
        y: Axis {
            scale: Scale::log([cheapest.max(1e-3), dearest], [BOTTOM, TOP]),
            title: tr!(lang, "US dollars for a million tokens", "每百万 token 成本（美元）"),
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
        name: tr!(lang, "own machines, always busy", "自有设备，满载"),
    }];
    for (at, price) in chart.prices.iter().enumerate() {
        let barred = if price.excluded { tr!(lang, ", excluded", "，排除") } else { String::new() };
        labels.push(Label {
            series: Some(at + 1),
            at: (1.0, price.price.0),
            name: format!("{} {}{barred}", price.name, price.price.amount()),
        });
    }
    let parts = html! {
        (frame.draw())
        (line(&frame, 0, &own))
        (marker(&frame, 0, planned))
        (note(&frame, planned, (9.0, -7.0), &tr!(lang, "planned: {}, {}", "计划：{}，{}", percent(planned.0, lang), chart.cost_at(chart.planned).amount())))
        @for (at, price) in chart.prices.iter().enumerate() {
            (line(&frame, at + 1, &[(least, price.price.0), (1.0, price.price.0)]))
            @if price.crossing <= 1.0 {
                @let meet = (price.crossing, price.price.0);
                (marker(&frame, at + 1, meet))
                (note(&frame, meet, (-7.0, 16.0), &percent(price.crossing, lang)))
            }
        }
        (end_labels(&frame, &labels, LETTERS))
    };
    Figure::new(
        "unit-cost",
        tr!(lang, "A million tokens on {}, and by API", "每百万 token 成本（{}）与 API 价格", chart.name),
        &chart.reading,
        HEIGHT,
        &parts,
    )
}
