use maud::html;

use super::Figure;
use crate::lang::Lang;
use crate::render::svg::{Axis, Frame, Scale, WIDTH, bar, money};
use crate::report::TornadoChart;
use crate::tr;

/// From one bar to the next.
const ROW: f64 = 30.0;

/// What moves the cost of owning, the most above.
pub(in crate::render::report) fn tornado(chart: &TornadoChart, lang: Lang) -> Figure {
    let costs = || chart.swings.iter().flat_map(|swing| swing.costs).map(|cost| cost.0);
    let (low, high) =
        costs().fold((chart.usual.0, chart.usual.0), |(low, high), cost| (low.min(cost), high.max(cost)));
    let bottom = 30.0 + ROW * chart.swings.len() as f64;
    let margin = (high - low).max(1.0) * 0.12;
    let frame = Frame {
        x: Axis {
            scale: Scale::linear([(low - margin).max(0.0), high + margin], [300.0, WIDTH - 30.0]),
            title: tr!(lang, "a year of owning", "自有年成本"),
            label: money,
        },
        y: Axis {
            scale: Scale::linear([0.0, 1.0], [bottom, 26.0]),
            title: String::new(),
            label: |_| String::new(),
        },
    };
    let [_, top] = frame.y.scale.range();
    let usual = frame.x.scale.at(chart.usual.0);
    let parts = html! {
        @for tick in frame.x.scale.ticks() {
            @let x = frame.x.scale.at(tick);
            path class="grid" d=(format!("M{x:.1} {bottom:.1}V{top:.1}")) {}
            text class="axis" x=(format!("{x:.1}")) y=(format!("{:.1}", bottom + 18.0)) text-anchor="middle" { (money(tick)) }
        }
        text class="axis" x=(format!("{usual:.1}")) y="14" text-anchor="middle" { (tr!(lang, "as planned {}", "按计划 {}", money(chart.usual.0))) }
        @for (row, swing) in chart.swings.iter().enumerate() {
            @let y = top + 6.0 + ROW * row as f64;
            text class="label" x="292" y=(format!("{:.1}", y + 14.0)) text-anchor="end" { (swing.driver.name(lang)) }
            @for (class, cost, value) in [
                ("low", swing.costs[0].0, swing.values[0]), ("high", swing.costs[1].0, swing.values[2]),
            ] {
                @let x = frame.x.scale.at(cost);
                (bar(&format!("swing {class}"), (usual, y), (x, y + ROW - 12.0)))
                text class="note" x=(format!("{:.1}", if x < usual { x - 4.0 } else { x + 4.0 }))
                    y=(format!("{:.1}", y + 13.0)) text-anchor=(if x < usual { "end" } else { "start" }) { (swing.driver.value(value, lang)) }
            }
        }
        path class="frame" d=(format!("M{usual:.1} {bottom:.1}V{top:.1}")) {}
    };
    Figure::new(
        "tornado",
        tr!(
            lang,
            "What moves a year of owning {}: filled at the low value, hollow at the high one",
            "自有年成本的影响因素（{}）：实心为低值，空心为高值",
            chart.name
        ),
        &chart.reading,
        bottom + 28.0,
        &parts,
    )
}
