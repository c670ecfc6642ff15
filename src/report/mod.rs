//! The document that a purchase is decided by: what to buy, rent or call, how many, what it costs, and when another way
//! would win.
//!
//! Pure: needs, a catalog and a day go in, a document comes out.

mod acceptance;
mod bill;
mod chart;
mod checks;
mod compliance;
mod costed;
mod document;
mod driver;
mod hybrid;
mod illustrated;
mod inventory;
mod launch;
mod limits;
mod measured;
mod method;
mod models;
mod needs;
mod offer;
mod option;
mod phrase;
mod plan;
mod region;
mod sensitivity;
mod steps;
mod study;
mod way;
mod what_if;
mod words;

pub use acceptance::AcceptanceLine;
pub use bill::BillLine;
pub use chart::{
    CashChart, CashLine, Charts, Crossing, GrowthChart, GrowthUnit, GrowthYear, LoadCharts, LoadCurve,
    LoadPoint, MemoryChart, MemoryPart, PriceLine, TornadoChart, UnitCostChart,
};
pub use checks::Check;
pub use compliance::Finding;
pub use document::{Assumption, BreakEven, LoadSummary, Recommended, Report, report};
pub use driver::Driver;
pub use hybrid::OwnedBase;
pub use illustrated::{Illustrated, PageFigures, illustrated};
pub use inventory::{HeldMachine, Inventory};
pub use launch::LaunchFile;
pub use limits::{MAKERS, is_maker};
pub use measured::{Measured, MeasuredOf, MeasurementUse};
pub use method::method;
pub use models::{COMPARED, ModelFacts, PublishedResult};
pub use needs::{Origin, Privacy, ReportCurrency, ReportNeeds, Tagged};
pub use offer::usual_service;
pub use option::{CostLine, CostPart, OptionKind, PlanOption, PlannedDeployment, PlannedPrice};
pub use phrase::{gpus_in_words, listed, milliseconds, percent};
pub use region::{region, region_ids};
pub use sensitivity::Sensitivity;
pub use what_if::{Cell, Slider, WhatIf, WhatIfOption};
