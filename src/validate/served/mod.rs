//! Engines that serve many requests at once: TPOT and output throughput, each row by simulating its run.

mod case;
mod hardware;
mod resolve;
mod row;
mod shape;

pub use case::ServedCase;
pub use row::ServedMeasurement;
