use maud::html;

use super::{BOTTOM, Figure, HEIGHT, LEFT, LETTERS, RIGHT, TOP};
use crate::i18n::Locale;
use crate::render::report::document::payback;
use crate::render::svg::{Axis, Frame, Label, Scale, Ticks, end_labels, line, marker, money, note};
use crate::report::CashChart;
use crate::say;

/// What each kind of way has cost by when.
pub(in crate::render::report) fn cash(chart: &CashChart, locale: &Locale) -> Figure {
    let years = f64::from(chart.months) / 12.0;
    let most = chart.lines.iter().map(|line| line.paid(f64::from(chart.months)).0).fold(0.0, f64::max);
    let frame = Frame {
        locale,
        x: Axis {
            scale: Scale::linear([0.0, years], [LEFT, RIGHT]),
            title: say!(locale, ReportAxisYears),
            ticks: Ticks::Numbers,
        },
        y: Axis {
            scale: Scale::linear([0.0, most], [BOTTOM, TOP]),
            title: say!(locale, ReportAxisPaid),
            ticks: Ticks::Money,
        },
    };
    let labels: Vec<Label> = chart
        .lines
        .iter()
        .enumerate()
        .map(|(series, line)| {
            let paid = line.paid(f64::from(chart.months));
            let (what, amount) = (line.kind.message(), money(paid.0, locale));
            let name = if line.excluded {
                say!(locale, ReportLabelExcluded { what, amount })
            } else {
                say!(locale, ReportLabelAmount { what, amount })
            };
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
            (note(&frame, at, (-6.0, -12.0), &locale.say(&payback(Some(crossing.months)))))
        }
        (end_labels(&frame, &labels, LETTERS))
    };
    Figure::new("cash", say!(locale, ReportChartCash), locale.say(&chart.reading), HEIGHT, &parts)
}
