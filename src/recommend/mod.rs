//! The recommendation: every model in every quant judged against the needs, and the decision with its reasons.
//!
//! Nothing here probes, reads a file or a clock: a machine, a catalog and needs go in, a decision comes out.

mod compare;
mod cost;
mod decide;
mod explain;
mod judge;
mod needs;
mod outlook;
mod quality;
mod remedy;
mod upgrade;
mod verdict;
mod verification;

pub use compare::{Comparison, Contender};
pub use cost::{ApiCost, Cost};
pub use decide::{Decision, Memory, QuantVerdict, Recommendation, Rejection, TunedSettings, decide};
pub use judge::{Court, Docket, Judged};
pub use needs::{Exchange, Needs, Priority};
pub use outlook::{NearestMiss, Outlook, Pick};
pub use quality::{PublishedScore, Quality};
pub use remedy::{Change, CostKind, DatedPrice, Outcome, Remedy, with_ram};
pub use upgrade::{Budget, HardwareChange, PriceOfChange, Upgrade, Upgrades, changes};
pub use verdict::{CostLimit, Verdict};
pub use verification::{MeasuredAgainst, Verification};
