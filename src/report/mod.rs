//! The document that a purchase is decided by: what to buy, rent or call, how many, what it costs, and when another way
//! would win.
//!
//! needs → plan → cost → study → document: needs, a catalog and a day go in, typed facts come out. No sentence, no language,
//! no currency: what people read is drawn from them.

mod acceptance;
mod assumptions;
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
mod name;
mod offer;
mod option;
mod parallel;
mod phrase;
mod plan;
mod risks;
mod sensitivity;
mod steps;
mod study;
mod way;
mod what_if;

use crate::needs;
pub use acceptance::AcceptanceLine;
pub use assumptions::Assumption;
pub use bill::BillLine;
pub use chart::{
    CashChart, CashLine, Charts, Crossing, GrowthChart, GrowthUnit, GrowthYear, LoadCharts, LoadCurve,
    LoadPoint, MemoryChart, MemoryPart, PriceLine, TornadoChart, UnitCostChart,
};
pub use checks::Check;
pub use compliance::Finding;
pub use document::{BreakEven, LoadSummary, Recommended, Report, report};
pub use driver::Driver;
pub use hybrid::OwnedBase;
pub use illustrated::{Illustrated, PageFigures, illustrated};
pub use launch::{LaunchFile, Line, Script};
pub use measured::MeasurementUse;
pub use models::{COMPARED, ModelFacts, PublishedResult};
pub use name::Name;
pub use needs::{
    HeldMachine, Inventory, Measured, MeasuredOf, Origin, Privacy, ReportCurrency, ReportNeeds, Tagged,
};
pub use offer::usual_service;
pub use option::{
    Bill, CostLine, CostPart, Installation, Means, OptionKind, PlanOption, PlannedDeployment, PlannedPrice,
    Quote, Waits,
};
pub use phrase::milliseconds;
pub use sensitivity::Sensitivity;
pub use what_if::{Cell, Slider, WhatIf, WhatIfOption};
