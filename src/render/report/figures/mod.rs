//! Each chart of the document, drawn.

mod cash;
mod growth;
mod latency;
mod memory;
mod pareto;
mod tornado;
mod unit_cost;

pub(super) use cash::cash;
pub(super) use growth::growth;
pub(super) use latency::latency;
pub(super) use memory::memory;
pub(super) use pareto::pareto;
pub(super) use tornado::tornado;
pub(super) use unit_cost::unit_cost;

use maud::Markup;

use crate::render::svg::Drawing;

/// A chart, and the words under it.
#[derive(Clone, Debug)]
pub(super) struct Figure {
    /// What it shows.
    pub(super) title: String,
    /// What to see in it.
    pub(super) reading: String,
    /// The drawing.
    pub(super) drawing: Markup,
}

/// The ends of the axes of a chart that has names at its right.
const LEFT: f64 = 64.0;
const RIGHT: f64 = 560.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 300.0;
const HEIGHT: f64 = 346.0;

/// Letters of a line of such a name.
const LETTERS: usize = 22;

impl Figure {
    fn new(id: &str, title: String, reading: String, height: f64, parts: &Markup) -> Self {
        let drawing = Drawing { id, title: &title, description: &reading, height }.around(parts);
        Self { title, reading, drawing }
    }
}
