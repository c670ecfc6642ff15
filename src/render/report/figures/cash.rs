use maud::html;

use super::{BOTTOM, Figure, HEIGHT, LEFT, LETTERS, RIGHT, TOP};
use crate::lang::Lang;
use crate::render::svg::{Axis, Frame, Label, Scale, end_labels, line, marker, money, note, short};
use crate::report::CashChart;
use crate::tr;

/// What each kind of way has cost by when.
pub(in crate::render::report) fn cash(chart: &CashChart, lang: Lang) -> Figure {
    let years = f64::from(chart.months) / 12.0;
    let most = chart.lines.iter().map(|line| line.paid(f64::from(chart.months)).0).fold(0.0, f64::max);
    let frame = Frame {
        x: Axis {
            scale: Scale::linear([0.0, years], [LEFT, RIGHT]),
            title: tr!(lang, "years", "年"),
            label: short,
        },
        y: Axis {
            scale: Scale::linear([0.0, most], [BOTTOM, TOP]),
            title: tr!(lang, "paid since the start", "累计支出"),
            label: money,
        },
    };
    let labels: Vec<Label> = chart
        .lines
        .iter()
        .enumerate()
        .map(|(series, line)| {
            let paid = line.paid(f64::from(chart.months));
            let barred = if line.excluded { tr!(lang, ", excluded", "，排除") } else { String::new() };
            let name = format!("{} {}{barred}", line.kind.name(lang), money(paid.0));
            Label { series: Some(series), at: (years, paid.0), name }
        })
        .collect();
    let parts = html! {
        (frame.draw())
        @for (series, one) in chart.lines.iter().enumerate() {
            @let at = |month: f64| (month / 12.0, one.paid(month).0);
            @let ends: Vec<_> = (0..=chart.months).step_by(12).map(|month| at(f64::from(month))).collect();
            (line(&frame, series, &ends))
            @for end in ends { (marker(&frame, series, end)) }
        }
        @for crossing in &chart.crossings {
            @let at = (crossing.months / 12.0, crossing.paid.0);
            @let (x, y) = frame.at(at.0, at.1);
            circle class="crossing" cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="8" {}
            (note(&frame, at, (-6.0, -12.0), &tr!(lang, "{:.0} months", "{:.0} 个月", crossing.months)))
        }
        (end_labels(&frame, &labels, LETTERS))
    };
    Figure::new("cash", tr!(lang, "Paid by when", "累计现金支出"), &chart.reading, HEIGHT, &parts)
}
