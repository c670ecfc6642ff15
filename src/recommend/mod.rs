//! The recommendation: every model in every quant judged against the needs, and the decision with its reasons.
//!
//! Nothing here probes, reads a file or a clock: a machine, a catalog and needs go in, a decision comes out.

mod decide;
mod explain;
mod judge;
mod needs;
mod quality;

pub use decide::{Decision, Recommendation, Rejection, decide};
pub use judge::{Judged, Verdict, judge};
pub use needs::{Needs, Priority};
pub use quality::Quality;
