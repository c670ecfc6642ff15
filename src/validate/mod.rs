//! Predictions held against measurements that were made elsewhere, and the constants fitted to them.
//!
//! What a row of a table is differs between llama.cpp on one machine (`local`) and engines that serve many requests
//! (`served`); how rows are read, fitted, left out, summed up and shown does not. Nothing here reads a file or a clock:
//! a table and a catalog go in, errors come out.

mod case;
mod fit;
mod gate;
mod hardware;
mod local;
mod report;
mod served;
mod summary;
mod table;

pub use case::{Case, Class, Kind, LeftOut, Unresolved, cases, predictions};
pub use fit::{Fitted, Observation, Predict, fit, leaving_out_each, without_each};
pub use gate::{Bound, Gate, Limits, gates};
pub use local::{LocalCase, Measurement};
pub use report::{About, Basis, ClassAccuracy, Named, PerRow, UnresolvedRow, Validation, validation};
pub use served::{ServedCase, ServedMeasurement};
pub use summary::{Accuracy, MEASURES, Measures, Prediction, Predictions};
pub use table::{TableError, TableRow, is_served_table, read_table};
