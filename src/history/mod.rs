//! What was measured on this machine, kept for later predictions: a small file for each way of running a model.
//!
//! A file is written whole or not at all, and the next measurement of the same thing takes its place; so two programs
//! may write at once, and what a crash leaves is what was there before.

mod record;
mod store;

pub use record::{Fingerprint, MeasuredRate, RECORD_SCHEMA_VERSION, Record};
pub use store::{folder, keep, kept};
