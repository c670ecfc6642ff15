//! The constants of the speed model: what kernels reach of the peaks on data sheets.
//!
//! They are fitted from published measurements by `examples/calibrate.rs` and kept in `catalog/calibration.toml`.
//! Nothing here predicts: `estimate` does.

mod constant;
mod constants;
mod family;
mod lesson;
mod serving;
mod spread;
mod vectors;

pub use constant::{Constant, Prior};
pub use constants::{Constants, UnknownConstant};
pub use family::Family;
pub use lesson::{Learned, Lesson, learned};
pub use serving::{ServingClass, ServingConstant, ServingConstants, ServingSpread};
pub use spread::{Quantity, Setting, Spread, Spreads};
pub use vectors::Vectors;
