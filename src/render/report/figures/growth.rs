use maud::html;

use super::{BOTTOM, Figure, HEIGHT, LEFT, TOP};
use crate::lang::Lang;
use crate::render::svg::{Axis, Frame, Scale, WIDTH, area, note, rule_across, rule_up, short};
use crate::report::GrowthChart;
use crate::tr;

/// What is carried against a load that grows.
pub(in crate::render::report) fn growth(chart: &GrowthChart, lang: Lang) -> Figure {
    let most = chart.years.iter().map(|year| year.peak).fold(chart.limit, f64::max);
    let count = chart.years.len() as f64;
    let frame = Frame {
        x: Axis {
            scale: Scale::linear([0.0, count], [LEFT, WIDTH - 24.0]),
            title: tr!(
                lang,
                "years from the day of this report; ticks are quarters",
                "自报告日起的年数；刻度为季度"
            ),
            label: short,
        },
        y: Axis {
            scale: Scale::linear([0.0, most * 1.12], [BOTTOM, TOP]),
            title: tr!(lang, "requests a second when it is busiest", "峰值每秒请求数"),
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
            (note(&frame, (year as f64, 0.0), (6.0, -8.0), &chart.unit.counted(load.units, lang)))
        }
        @for (year, pair) in chart.years.windows(2).enumerate() {
            @if pair[1].units > pair[0].units {
                (note(&frame, (year as f64 + 1.0, pair[1].peak), (6.0, 15.0), &step(pair[1].units - pair[0].units, pair[1].from, lang)))
            }
        }
        (rule_across(&frame, chart.usable, &tr!(lang, "what is planned, as far as it may be used", "计划容量的可用部分")))
        (rule_across(&frame, chart.limit, &tr!(lang, "its limit within the promise", "满足 SLO 的上限")))
        (rule_up(&frame, f64::from(chart.term), &tr!(lang, "end of the term", "期末")))
    };
    Figure::new("growth", tr!(lang, "Capacity against growth", "容量与增长"), &chart.reading, HEIGHT, &parts)
}

/// How many more by when.
fn step(more: u32, by: jiff::civil::Date, lang: Lang) -> String {
    tr!(lang, "+{more} by {by}", "{by} 前 +{more}")
}
