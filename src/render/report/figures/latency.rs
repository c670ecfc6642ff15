use maud::{Markup, html};

use super::{BOTTOM, Figure, HEIGHT, TOP};
use crate::i18n::Locale;
use crate::message::fixed;
use crate::render::svg::{Axis, Frame, Scale, Ticks, WIDTH, line, marker, note, rule_across, rule_up};
use crate::report::{LoadCharts, LoadCurve, LoadPoint, milliseconds};
use crate::say;

/// What a panel shows of a replica at a load.
type Quantity = fn(&LoadPoint) -> f64;

/// Latency against requests in flight: time between tokens at the left, wait for the first one at the right.
pub(in crate::render::report) fn latency(charts: &LoadCharts, locale: &Locale) -> Option<Figure> {
    let curve = charts.curves.first()?;
    let middle = WIDTH / 2.0;
    let tpot = Panel {
        locale,
        title: say!(locale, ReportAxisTpot),
        of: |point| point.tpot_p95.0 * 1e3,
        promised: charts.promise.tpot.0 * 1e3,
        promise: say!(locale, ReportTarget { target: milliseconds(charts.promise.tpot) }),
        range: [52.0, middle - 18.0],
    };
    let ttft = Panel {
        locale,
        title: say!(locale, ReportAxisTtft),
        of: |point| point.ttft_p95.0,
        promised: charts.promise.ttft.0,
        promise: say!(locale, ReportTarget { target: charts.promise.ttft }),
        range: [middle + 44.0, WIDTH - 18.0],
    };
    let parts = html! {
        (tpot.draw(curve, &charts.at_peak))
        (ttft.draw(curve, &charts.at_peak))
    };
    let title = say!(locale, ReportChartLatency { gpus: curve.gpus, name: &curve.name });
    Some(Figure::new("latency", title, locale.say(&charts.latency_reading), HEIGHT, &parts))
}

struct Panel<'a> {
    locale: &'a Locale,
    title: String,
    of: Quantity,
    promised: f64,
    promise: String,
    range: [f64; 2],
}

impl Panel<'_> {
    fn draw(&self, curve: &LoadCurve, at_peak: &LoadPoint) -> Markup {
        let locale = self.locale;
        let last = curve.points.last().map_or(1.0, |point| point.in_flight);
        let has_wall = curve.cache_wall <= last * 1.3;
        let most = if has_wall { last.max(curve.cache_wall * 1.05) } else { last };
        let frame = Frame {
            locale,
            x: Axis {
                scale: Scale::linear([0.0, most], self.range),
                title: say!(locale, ReportAxisInFlight),
                ticks: Ticks::Numbers,
            },
            y: Axis {
                scale: Scale::linear([0.0, self.promised * 1.8], [BOTTOM, TOP]),
                title: self.title.clone(),
                ticks: Ticks::Numbers,
            },
        };
        let shown: Vec<(f64, f64)> =
            curve.points.iter().map(|point| (point.in_flight, (self.of)(point))).collect();
        let cache = say!(locale, ReportCacheWall { count: fixed(curve.cache_wall, 0) });
        let place = |point: &LoadPoint| (point.in_flight, (self.of)(point));
        html! {
            (frame.draw())
            (rule_across(&frame, self.promised, &self.promise))
            @if has_wall { (rule_up(&frame, curve.cache_wall, &cache)) }
            @else { (note(&frame, (most, self.promised * 1.8), (-4.0, 12.0), &format!("{cache} →"))) }
            (line(&frame, 0, &shown))
            (marker(&frame, 0, place(at_peak)))
            (note(&frame, place(at_peak), self.beside(at_peak, -24.0), &say!(locale, ReportPlannedPeak)))
            (marker(&frame, 1, place(&curve.limit)))
            (note(&frame, place(&curve.limit), self.beside(&curve.limit, -9.0), &say!(locale, ReportLimit)))
        }
    }

    /// Where the name of a point goes: right of it, below where there is room, else so far above.
    fn beside(&self, point: &LoadPoint, above: f64) -> (f64, f64) {
        (9.0, if (self.of)(point) < self.promised * 0.25 { above } else { 16.0 })
    }
}
