//! The figures behind the document's charts, each with the line that says what to see in it.
//!
//! They come from the same plans and sums as the tables; drawing them is for `render`.

mod cash;
mod growth;
mod load;
mod memory;
mod tornado;
mod unit_cost;

pub use cash::{CashChart, CashLine, Crossing};
pub use growth::{GrowthChart, GrowthUnit, GrowthYear};
pub use load::{LoadCharts, LoadCurve, LoadPoint};
pub use memory::{MemoryChart, MemoryPart};
pub use tornado::TornadoChart;
pub use unit_cost::{PriceLine, UnitCostChart};

use super::document::Report;
use super::study::Study;

/// The charts of a document; one that has nothing to show is not there.
#[derive(Clone, Debug, PartialEq)]
pub struct Charts {
    /// Speed for a user against throughput, and latency against requests in flight.
    pub load: Option<LoadCharts>,
    /// What is paid by when.
    pub cash: Option<CashChart>,
    /// A million tokens against utilisation.
    pub unit_cost: Option<UnitCostChart>,
    /// What the memory is for.
    pub memory: Option<MemoryChart>,
    /// What moves the cost of owning.
    pub tornado: Option<TornadoChart>,
    /// What is carried against a load that grows.
    pub growth: Option<GrowthChart>,
}

impl Charts {
    pub(super) fn of(study: &Study<'_>, report: &Report) -> Self {
        let sized = report.sized().map(|at| &study.candidates[at]);
        Self {
            load: sized.and_then(|sized| LoadCharts::of(study, sized)),
            cash: CashChart::of(report),
            unit_cost: UnitCostChart::of(report),
            memory: sized.and_then(|sized| MemoryChart::of(&study.site, sized)),
            tornado: TornadoChart::of(report),
            growth: sized.and_then(|sized| GrowthChart::of(&study.site, sized)),
        }
    }
}
