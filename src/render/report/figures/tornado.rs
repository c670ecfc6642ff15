use maud::html;

use super::Figure;
use crate::i18n::Locale;
use crate::render::svg::{Axis, Frame, Scale, Ticks, WIDTH, bar, money};
use crate::report::TornadoChart;
use crate::say;

/// From one bar to the next.
const ROW: f64 = 30.0;

/// What moves the cost of owning, the most above.
pub(in crate::render::report) fn tornado(chart: &TornadoChart, locale: &Locale) -> Figure {
    let costs = || chart.swings.iter().flat_map(|swing| swing.costs).map(|cost| cost.0);
    let (low, high) =
        costs().fold((chart.usual.0, chart.usual.0), |(low, high), cost| (low.min(cost), high.max(cost)));
    let bottom = 30.0 + ROW * chart.swings.len() as f64;
    let margin = (high - low).max(1.0) * 0.12;
    let frame = Frame {
        locale,
        x: Axis {
            scale: Scale::linear([(low - margin).max(0.0), high + margin], [300.0, WIDTH - 30.0]),
            title: say!(locale, ReportAxisYearly),
            ticks: Ticks::Money,
        },
        y: Axis {
            scale: Scale::linear([0.0, 1.0], [bottom, 26.0]),
            title: String::new(),
            ticks: Ticks::Unnamed,
        },
    };
    let [_, top] = frame.y.scale.range();
    let usual = frame.x.scale.at(chart.usual.0);
    let parts = html! {
        @for tick in frame.x.scale.ticks() {
            @let x = frame.x.scale.at(tick);
            path class="grid" d=(format!("M{x:.1} {bottom:.1}V{top:.1}")) {}
            text class="axis" x=(format!("{x:.1}")) y=(format!("{:.1}", bottom + 18.0)) text-anchor="middle" { (money(tick, locale)) }
        }
        text class="axis" x=(format!("{usual:.1}")) y="14" text-anchor="middle" { (say!(locale, ReportAsPlanned { amount: money(chart.usual.0, locale) })) }
        @for (row, swing) in chart.swings.iter().enumerate() {
            @let y = top + 6.0 + ROW * row as f64;
            text class="label" x="292" y=(format!("{:.1}", y + 14.0)) text-anchor="end" { (locale.say(&swing.driver.message())) }
            @for (class, cost, value) in [
                ("low", swing.costs[0].0, swing.values[0]), ("high", swing.costs[1].0, swing.values[2]),
            ] {
                @let x = frame.x.scale.at(cost);
                (bar(&format!("swing {class}"), (usual, y), (x, y + ROW - 12.0)))
                text class="note" x=(format!("{:.1}", if x < usual { x - 4.0 } else { x + 4.0 }))
                    y=(format!("{:.1}", y + 13.0)) text-anchor=(if x < usual { "end" } else { "start" }) { (locale.show(swing.driver.value(value))) }
            }
        }
        path class="frame" d=(format!("M{usual:.1} {bottom:.1}V{top:.1}")) {}
    };
    Figure::new(
        "tornado",
        say!(locale, ReportChartTornado { name: &chart.name }),
        locale.say(&chart.reading),
        bottom + 28.0,
        &parts,
    )
}
