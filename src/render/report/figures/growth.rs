use maud::html;

use super::{BOTTOM, Figure, HEIGHT, LEFT, TOP};
use crate::i18n::Locale;
use crate::render::svg::{Axis, Frame, Scale, Ticks, WIDTH, area, note, rule_across, rule_up};
use crate::report::GrowthChart;
use crate::say;

/// What is carried against a load that grows.
pub(in crate::render::report) fn growth(chart: &GrowthChart, locale: &Locale) -> Figure {
    let most = chart.years.iter().map(|year| year.peak).fold(chart.limit, f64::max);
    let count = chart.years.len() as f64;
    let frame = Frame {
        locale,
        x: Axis {
            scale: Scale::linear([0.0, count], [LEFT, WIDTH - 24.0]),
            title: say!(locale, ReportAxisYearsFromToday),
            ticks: Ticks::Numbers,
        },
        y: Axis {
            scale: Scale::linear([0.0, most * 1.12], [BOTTOM, TOP]),
            title: say!(locale, ReportAxisPeakRequests),
            ticks: Ticks::Numbers,
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
            (note(&frame, (year as f64, 0.0), (6.0, -8.0), &locale.say(&chart.unit.counted(load.units))))
        }
        @for (year, pair) in chart.years.windows(2).enumerate() {
            @if pair[1].units > pair[0].units {
                (note(&frame, (year as f64 + 1.0, pair[1].peak), (6.0, 15.0), &say!(locale, ReportGrowthMark { more: pair[1].units - pair[0].units, by: pair[1].from })))
            }
        }
        (rule_across(&frame, chart.usable, &say!(locale, ReportGrowthUsable)))
        (rule_across(&frame, chart.limit, &say!(locale, ReportGrowthLimit)))
        (rule_up(&frame, f64::from(chart.term), &say!(locale, ReportGrowthEnd)))
    };
    Figure::new("growth", say!(locale, ReportChartGrowth), locale.say(&chart.reading), HEIGHT, &parts)
}
