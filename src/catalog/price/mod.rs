//! What things cost: tokens of an API, hours of a rented GPU, machines, power, space. Each price with its day, its
//! source and how far it is to be believed.

mod api;
mod bill;
mod currency;
mod date;
mod hardware;
mod machine;
mod rental;
mod site;

pub use api::ApiPrice;
pub use bill::{Bill, PricedPart};
pub use currency::{Currency, QuotedPrice, QuotedRent};
pub(super) use date::oldest;
pub use date::{STALE_AFTER_DAYS, is_stale};
pub use hardware::{HardwarePrice, PriceKind};
pub use machine::{MachineKind, MachinePrice};
pub use rental::{Billing, ProviderKind, Rental};
pub use site::{PowerPrice, Site};
