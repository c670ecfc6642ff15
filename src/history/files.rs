//! The files of earlier versions: one for each way of running a model.

use std::path::Path;

use super::{RECORD_SCHEMA_VERSION, Record};

/// What is in the folder, the oldest first. A file that cannot be read, or is of another version, is passed over: it is
/// one measurement less.
pub(super) fn records(folder: &Path) -> Vec<Record> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut records: Vec<Record> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let text = (path.extension()? == "json").then(|| std::fs::read(&path).ok())??;
            serde_json::from_slice(&text).ok()
        })
        .filter(|record: &Record| record.schema_version == RECORD_SCHEMA_VERSION)
        .collect();
    records.sort_by(|a, b| a.date.cmp(&b.date).then_with(|| a.way().cmp(&b.way())));
    records
}
