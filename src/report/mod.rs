//! The document that a purchase is decided by: what to buy, rent or call, how many, what it costs, and when another way
//! would win.
//!
//! Pure: needs, a catalog and a day go in, a document comes out.

mod document;
mod needs;
mod offer;
mod option;
mod plan;
mod sensitivity;
mod words;

pub use document::{Assumption, BreakEven, LoadSummary, Recommended, Report, report};
pub use needs::{Origin, Privacy, ReportNeeds, Tagged};
pub use option::{CostLine, OptionKind, PlanOption, PlannedDeployment, PlannedPrice};
pub use sensitivity::Sensitivity;
