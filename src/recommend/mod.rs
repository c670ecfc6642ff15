//! The recommendation: every model in every quant held against a machine and the needs, what to choose, and what would
//! make the others fit.
//!
//! Nothing here probes, reads a file or a clock, or says a word: a machine, a catalog and needs go in, a decision comes
//! out, and `render` words it.

mod ability;
mod alternatives;
mod assessment;
mod candidates;
mod compare;
mod cost;
mod decide;
mod evaluation;
mod outlook;
mod quality;
mod quant_loss;
mod reason;
mod remedy;
mod standing;
mod upgrade;
mod verdict;
mod verification;

pub use crate::needs::{Exchange, Needs, Priority};
pub use ability::{Abilities, AbilityBasis, AbilityScore};
pub use alternatives::Role;
pub use assessment::{Assessment, Difference};
pub use candidates::Candidates;
pub use compare::{Comparison, Contender};
pub use cost::{ApiCost, Cost};
pub use decide::{Choice, Decision, Rejection, decide};
pub use evaluation::Evaluation;
pub use outlook::Outlook;
pub use quality::{Quality, WeightedAbility};
pub use quant_loss::{CountedLoss, LossCurve, WORST_LOSS_PERCENT};
pub use reason::Reason;
pub use remedy::{Change, CostKind, DatedPrice, Remedy};
pub use standing::Standing;
pub use upgrade::{Budget, HardwareChange, PriceOfChange, Step, Upgrade, Upgrades, changes, with_ram};
pub use verdict::{CostLimit, Verdict};
pub use verification::{MeasuredAgainst, Verification};
