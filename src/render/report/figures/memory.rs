use maud::html;

use super::{Figure, LEFT};
use crate::i18n::Locale;
use crate::message::percent;
use crate::render::svg::{Axis, Frame, Label, Scale, Ticks, bar, end_labels};
use crate::report::MemoryChart;
use crate::units::Bytes;
use crate::{message, say};

/// What the memory of one replica is for.
pub(in crate::render::report) fn memory(chart: &MemoryChart, locale: &Locale) -> Figure {
    let all = chart.parts.iter().map(|part| part.bytes).sum::<Bytes>().as_gib();
    let frame = Frame {
        locale,
        x: Axis {
            scale: Scale::linear([0.0, 1.0], [LEFT, LEFT + 150.0]),
            title: String::new(),
            ticks: Ticks::Unnamed,
        },
        y: Axis {
            scale: Scale::linear([0.0, all], [260.0, 26.0]),
            title: "GiB".to_owned(),
            ticks: Ticks::Numbers,
        },
    };
    let mut below = 0.0;
    let mut bars = Vec::new();
    let mut labels = Vec::new();
    for (series, part) in chart.parts.iter().enumerate() {
        let gib = part.bytes.as_gib();
        bars.push((series, frame.at(0.12, below), frame.at(0.88, below + gib)));
        labels.push(Label {
            series: None,
            at: (0.88, below + gib / 2.0),
            name: say!(
                locale,
                ReportMemoryPart { what: &part.what, bytes: part.bytes, share: percent(gib / all, 0) }
            ),
        });
        below += gib;
    }
    let parts = html! {
        (frame.rows())
        @for (series, from, to) in bars { (bar(&format!("part p{series}"), from, to)) }
        (end_labels(&frame, &labels, 60))
    };
    let gpus = message!(ReportGpus { count: chart.gpus });
    Figure::new(
        "memory",
        say!(locale, ReportChartMemory { gpus, name: &chart.name }),
        locale.say(&chart.reading),
        290.0,
        &parts,
    )
}
