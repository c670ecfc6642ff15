use maud::html;

use super::{Figure, LEFT};
use crate::lang::Lang;
use crate::render::svg::{Axis, Frame, Label, Scale, bar, end_labels, short};
use crate::report::{MemoryChart, gpus_in_words, percent};
use crate::tr;
use crate::units::Bytes;

/// What the memory of one replica is for.
pub(in crate::render::report) fn memory(chart: &MemoryChart, lang: Lang) -> Figure {
    let all = chart.parts.iter().map(|part| part.bytes).sum::<Bytes>().as_gib();
    let frame = Frame {
        x: Axis {
            scale: Scale::linear([0.0, 1.0], [LEFT, LEFT + 150.0]),
            title: String::new(),
            label: |_| String::new(),
        },
        y: Axis { scale: Scale::linear([0.0, all], [260.0, 26.0]), title: "GiB".to_owned(), label: short },
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
            name: tr!(lang, "{}: {} ({})", "{}：{}（{}）", part.what, part.bytes, percent(gib / all, lang)),
        });
        below += gib;
    }
    let parts = html! {
        (frame.rows())
        @for (series, from, to) in bars { (bar(&format!("part p{series}"), from, to)) }
        (end_labels(&frame, &labels, 60))
    };
    let gpus = gpus_in_words(chart.gpus, lang);
    Figure::new(
        "memory",
        tr!(lang, "Memory of one replica: {gpus} of {}", "单个副本的显存：{gpus}，{}", chart.name),
        &chart.reading,
        290.0,
        &parts,
    )
}
