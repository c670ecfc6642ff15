//! Quantities with their units in the type, as people type them and as they are printed.
//!
//! Memory is shown in binary units (GiB), file sizes in decimal ones (GB) as the hubs print them, and each
//! is labelled. Nothing here knows what is being measured.

mod bytes;
mod duration;
mod energy;
mod money;
mod number;
mod rate;

pub use bytes::{Bytes, ParseBytesError};
pub use duration::Seconds;
pub use energy::Joules;
pub use money::{Usd, UsdPerHour, UsdPerMillionTokens};
pub use number::{number, with_unit};
pub use rate::{Bandwidth, Flops, TokenRate};
