//! Predictions held against measurements that were made elsewhere, and the constants fitted to them.
//!
//! Nothing here reads a file or a clock: a table and a catalog go in, errors come out.

mod case;
mod fit;
mod hardware;
mod report;
mod row;
mod serving;
mod summary;

pub use case::{Case, Unresolved, cases, predictions};
pub use fit::{Fitted, fit, leaving_out_each_device};
pub use hardware::machine;
pub use report::{ClassAccuracy, PerRow, UnresolvedRow, Validation, validation};
pub use row::{Measurement, TableError, read_table};
pub use serving::{
    ServedMeasurement, ServingCase, ServingClassAccuracy, ServingFitted, ServingPerRow, ServingPredictions,
    ServingUnresolved, ServingValidation, fit_leaving_out_each_deployment, is_served_table,
    read_served_table, serving_cases, serving_predictions, serving_validation,
};
pub use summary::{Accuracy, Prediction, Predictions};
