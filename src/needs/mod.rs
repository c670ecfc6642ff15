//! What is needed of a model, of one machine or of an organisation.
//!
//! [`NEEDS`] defines each need once: the flag, the key of the file, the default, the limits and the help. A flag goes
//! before the key of a file, the key before what the use-case has, and that before the default; whoever resolves needs
//! knows which of them it was. Nothing here measures, ranks or plans.

mod args;
mod error;
mod file;
mod machine;
mod organisation;
mod region;
mod table;
pub mod typed;
mod vendors;

pub use args::{Audience, MachineNeedsArgs, NeedsArgs, OfMachine, OfOrganisation, OrganisationNeedsArgs};
pub use error::NeedsError;
pub use file::{Mistake, Wrong, template};
pub use machine::{Exchange, Needs, Priority};
pub use organisation::{
    HeldMachine, Inventory, Measured, MeasuredOf, Origin, Privacy, ReportCurrency, ReportNeeds, Tagged,
};
pub use region::is_in;
pub use table::{GivenNeeds, NEEDS, Need, Standing, Who};
pub use vendors::is_maker;
