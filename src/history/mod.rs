//! What was measured on this machine: every result in an embedded database, for later predictions, to look at again and
//! to compare.
//!
//! The database is one file of `SQLite`. Its rollback journal and its locks make it safe under several writers and under
//! a crash; a write-ahead log would be faster, which nothing here needs, and does not work on network file systems,
//! where home folders often are. What earlier versions saved, a file for each measurement, is imported once.

mod database;
mod entry;
mod error;
mod files;
mod record;
mod tuned;

pub use database::{Database, place};
pub use entry::{Entry, Kept, Kind};
pub use error::HistoryError;
pub use record::{Fingerprint, MeasuredRate, RECORD_SCHEMA_VERSION, Record};
pub use tuned::{Tuned, all_tuned_here, keep_tuned, tuned, tuned_folder, tuned_here};
