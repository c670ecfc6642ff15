//! The constants of the speed models: what kernels reach of the peaks on data sheets.
//!
//! Each is one row of a table ([`Constant`] of one machine, [`ServingConstant`] of served engines) with its unit, its
//! prior and where that comes from. The values are fitted to published measurements by `examples/calibrate.rs` and stand
//! in `catalog/calibration.toml` and `catalog/serving-calibration.toml`. Nothing here predicts: `estimate` and `capacity`
//! do.

mod constant;
mod kernels;
mod lesson;
mod serving;
mod spread;
mod table;
mod values;

pub use constant::Constant;
pub use kernels::{Family, Vectors};
pub use lesson::{Learned, Lesson, learned};
pub use serving::{
    Multiplied, ServingClass, ServingConstant, ServingConstants, ServingKernels, ServingSpread,
    ServingSpreads, Tuning,
};
pub use spread::{Quantity, Setting, Spread, Spreads};
pub use table::{Key, Keys, Phase, Prior, Row, Table};
pub use values::{Constants, UnknownConstant, Values};
