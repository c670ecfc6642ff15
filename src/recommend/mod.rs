//! The recommendation: every model in every quant judged against the needs, and the decision with its reasons.
//!
//! Nothing here probes, reads a file or a clock: a machine, a catalog and needs go in, a decision comes out.

mod cost;
mod decide;
mod explain;
mod judge;
mod needs;
mod quality;
mod remedy;
mod verdict;

pub use cost::{ApiCost, Cost};
pub use decide::{Decision, Memory, QuantVerdict, Recommendation, Rejection, decide};
pub use judge::{Court, Docket, Judged};
pub use needs::{Exchange, Needs, Priority};
pub use quality::{PublishedScore, Quality};
pub use remedy::{Change, CostKind, DatedPrice, Outcome, Remedy, with_ram};
pub use verdict::{CostLimit, Verdict};
