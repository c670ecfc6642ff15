//! Predictions of served engines held against published measurements, and the constants fitted to them.

mod case;
mod fit;
mod hardware;
mod report;
mod row;
mod shape;

pub use case::{ServingCase, ServingPredictions, ServingUnresolved, serving_cases, serving_predictions};
pub use fit::{ServingFitted, fit_leaving_out_each_deployment};
pub use report::{ServingClassAccuracy, ServingPerRow, ServingValidation, serving_validation};
pub use row::{ServedMeasurement, is_served_table, read_served_table};
