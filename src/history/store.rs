use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

use super::record::{Fingerprint, RECORD_SCHEMA_VERSION, Record};

/// Where measurements are kept: `r1-advisor/measurements` in the user's data folder; none without a home.
#[must_use]
pub fn folder() -> Option<PathBuf> {
    let places = etcetera::choose_base_strategy().ok()?;
    Some(places.data_dir().join("r1-advisor").join("measurements"))
}

/// Keeps a measurement, in place of an earlier one of the same thing.
pub fn keep(folder: &Path, record: &Record) -> io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer_pretty(&mut file, record)?;
    writeln!(file)?;
    file.as_file().sync_all()?;
    let path = folder.join(file_name(record));
    file.persist(&path)?;
    Ok(path)
}

/// What was measured on a machine, the oldest first. A file that cannot be read, or is of another version, is passed
/// over: it is one measurement less.
#[must_use]
pub fn kept(folder: &Path, machine: &Fingerprint) -> Vec<Record> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut records: Vec<Record> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let text = (path.extension()? == "json").then(|| std::fs::read(&path).ok())??;
            serde_json::from_slice(&text).ok()
        })
        .filter(|record: &Record| {
            record.schema_version == RECORD_SCHEMA_VERSION && record.machine.is_same(machine)
        })
        .collect();
    records.sort_by(|a, b| a.date.cmp(&b.date).then_with(|| file_name(a).cmp(&file_name(b))));
    records
}

/// The same for the same thing measured in the same way.
fn file_name(record: &Record) -> String {
    let mut hasher = DefaultHasher::new();
    let Record { machine, threads, gpu_layers, on_gpus, run, prefill, decode, .. } = record;
    (&machine.cpu, machine.physical_cores, &machine.gpus).hash(&mut hasher);
    (threads, gpu_layers, on_gpus, format!("{run:?}")).hash(&mut hasher);
    let shape = |rate: &Option<super::MeasuredRate>| rate.map(|rate| (rate.tokens, rate.depth));
    (shape(prefill), shape(decode)).hash(&mut hasher);
    format!("{}-{}-{:016x}.json", record.model, record.quant, hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::MeasuredRate;
    use crate::run_config::RunConfig;
    use crate::units::{Bytes, TokenRate};

    fn record(quant: &str, speed: f64) -> Record {
        let rate = MeasuredRate {
            tokens: 128,
            depth: 0,
            tokens_per_second: TokenRate(speed),
            stddev: TokenRate(0.1),
        };
        Record {
            schema_version: RECORD_SCHEMA_VERSION,
            date: jiff::civil::date(2026, 11, 25),
            machine: Fingerprint {
                cpu: "a CPU".into(),
                physical_cores: 2,
                ram_bytes: Bytes::gib(24),
                gpus: Vec::new(),
            },
            engine: "llama.cpp".into(),
            model: "r1-distill-qwen-1.5b".into(),
            quant: quant.into(),
            threads: 2,
            on_gpus: false,
            gpu_layers: None,
            run: RunConfig::default(),
            prefill: None,
            decode: Some(rate),
        }
    }

    #[test]
    fn a_second_measurement_of_the_same_thing_takes_the_first_ones_place() {
        let folder = tempfile::tempdir().unwrap();
        for (quant, speed) in [("Q4_K_M", 20.0), ("Q8_0", 12.0), ("Q4_K_M", 21.0)] {
            keep(folder.path(), &record(quant, speed)).unwrap();
        }
        // What is no measurement, or half of one, is passed over.
        std::fs::write(folder.path().join("half.json"), "{\"schema_version\": 1,").unwrap();
        std::fs::write(folder.path().join("notes.txt"), "by hand").unwrap();
        let here = record("Q4_K_M", 0.0).machine;
        let speeds: Vec<f64> = kept(folder.path(), &here)
            .iter()
            .map(|record| record.decode.unwrap().tokens_per_second.0)
            .collect();
        assert_eq!(speeds, [21.0, 12.0]);
        let other = Fingerprint { physical_cores: 4, ..here };
        assert_eq!(kept(folder.path(), &other), []);
        assert_eq!(kept(Path::new("/nonexistent"), &other), []);
    }

    #[test]
    fn two_writers_at_once_leave_whole_files() {
        let folder = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let folder = folder.path();
                scope.spawn(move || {
                    for round in 0..20 {
                        keep(folder, &record("Q4_K_M", f64::from(writer * 100 + round))).unwrap();
                    }
                });
            }
        });
        assert_eq!(kept(folder.path(), &record("Q4_K_M", 0.0).machine).len(), 1);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
