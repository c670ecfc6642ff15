use maud::{Markup, html};

use super::{BOTTOM, Figure, HEIGHT, TOP};
use crate::lang::Lang;
use crate::render::svg::{Axis, Frame, Scale, WIDTH, line, marker, note, rule_across, rule_up, short};
use crate::report::{LoadCharts, LoadCurve, LoadPoint, milliseconds};
use crate::tr;

/// What a panel shows of a replica at a load.
type Quantity = fn(&LoadPoint) -> f64;

/// Latency against requests in flight: time between tokens at the left, wait for the first one at the right.
pub(in crate::render::report) fn latency(charts: &LoadCharts, lang: Lang) -> Option<Figure> {
    let curve = charts.curves.first()?;
    let middle = WIDTH / 2.0;
    let tpot = Panel {
        lang,
        title: tr!(lang, "TPOT for 95 of 100, in milliseconds", "TPOT（p95），毫秒"),
        of: |point| point.tpot_p95.0 * 1e3,
        promised: charts.promise.tpot.0 * 1e3,
        promise: tr!(lang, "promised: {}", "目标：{}", milliseconds(charts.promise.tpot, lang)),
        range: [52.0, middle - 18.0],
    };
    let ttft = Panel {
        lang,
        title: tr!(lang, "TTFT for 95 of 100, in seconds", "TTFT（p95），秒"),
        of: |point| point.ttft_p95.0,
        promised: charts.promise.ttft.0,
        promise: tr!(lang, "promised: {}", "目标：{}", charts.promise.ttft.display(lang)),
        range: [middle + 44.0, WIDTH - 18.0],
    };
    let parts = html! {
        (tpot.draw(curve, &charts.at_peak))
        (ttft.draw(curve, &charts.at_peak))
    };
    let title = tr!(
        lang,
        "Latency of {} × {} against requests in flight",
        "{} × {} 的时延与在途请求",
        curve.gpus,
        curve.name
    );
    Some(Figure::new("latency", title, &charts.latency_reading, HEIGHT, &parts))
}

struct Panel {
    lang: Lang,
    title: String,
    of: Quantity,
    promised: f64,
    promise: String,
    range: [f64; 2],
}

impl Panel {
    fn draw(&self, curve: &LoadCurve, at_peak: &LoadPoint) -> Markup {
        let lang = self.lang;
        let last = curve.points.last().map_or(1.0, |point| point.in_flight);
        let has_wall = curve.cache_wall <= last * 1.3;
        let most = if has_wall { last.max(curve.cache_wall * 1.05) } else { last };
        let frame = Frame {
            x: Axis {
                scale: Scale::linear([0.0, most], self.range),
                title: tr!(lang, "requests in flight, of one replica", "单个副本的在途请求"),
                label: short,
            },
            y: Axis {
                scale: Scale::linear([0.0, self.promised * 1.8], [BOTTOM, TOP]),
                title: self.title.clone(),
                label: short,
            },
        };
        let shown: Vec<(f64, f64)> =
            curve.points.iter().map(|point| (point.in_flight, (self.of)(point))).collect();
        let cache =
            tr!(lang, "cache: {:.0} at full length", "KV 缓存：{:.0} 个最大长度的请求", curve.cache_wall);
        let place = |point: &LoadPoint| (point.in_flight, (self.of)(point));
        html! {
            (frame.draw())
            (rule_across(&frame, self.promised, &self.promise))
            @if has_wall { (rule_up(&frame, curve.cache_wall, &cache)) }
            @else { (note(&frame, (most, self.promised * 1.8), (-4.0, 12.0), &format!("{cache} →"))) }
            (line(&frame, 0, &shown))
            (marker(&frame, 0, place(at_peak)))
            (note(&frame, place(at_peak), self.beside(at_peak, -24.0), &tr!(lang, "planned peak", "计划峰值")))
            (marker(&frame, 1, place(&curve.limit)))
            (note(&frame, place(&curve.limit), self.beside(&curve.limit, -9.0), &tr!(lang, "limit", "上限")))
        }
    }

    /// Where the name of a point goes: right of it, below where there is room, else so far above.
    fn beside(&self, point: &LoadPoint, above: f64) -> (f64, f64) {
        (9.0, if (self.of)(point) < self.promised * 0.25 { above } else { 16.0 })
    }
}
