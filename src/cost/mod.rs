//! What a way of getting tokens costs: owning, renting, calling, year by year; where one becomes cheaper than another;
//! and which assumption moves the answer most.
//!
//! Pure sums. Prices and loads come in as values; nothing here knows where a price was seen.

mod break_even;
mod demand;
mod ownership;
mod present_value;
mod sensitivity;

pub use break_even::{break_even_utilisation, break_even_volume, payback};
pub use demand::{ApiRates, TokenVolume, rent_per_year};
pub use ownership::{Capex, Finance, Ownership, YearlyCost};
pub use present_value::{CashFlow, capital_recovery, present_value};
pub use sensitivity::{Swing, flip_point, tornado};
