//! The settings that `bench --tune` found fastest, one small file for each machine, model and quant.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use serde::{Deserialize, Serialize};

use super::Fingerprint;
use crate::machine::{Machine, Origin};
use crate::run_config::{KvType, Loading, RunConfig};

/// The version of the files.
const SCHEMA_VERSION: u32 = 1;

/// Settings that were found fastest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tuned {
    /// Version of this layout.
    pub schema_version: u32,
    /// The day.
    pub date: jiff::civil::Date,
    /// The machine.
    pub machine: Fingerprint,
    /// The engine's version.
    pub engine: String,
    /// The model's id.
    pub model: String,
    /// The quant.
    pub quant: String,
    /// Threads.
    pub threads: u32,
    /// Tokens that a call may hand over.
    pub batch: u32,
    /// Tokens that go through the graph at once.
    pub micro_batch: u32,
    /// Whether attention runs as one fused kernel.
    pub flash_attention: bool,
    /// Type of the cached keys and values, where the user let it be chosen.
    pub kv_type: Option<KvType>,
    /// Where the parts of the model go.
    pub loading: Loading,
    /// How many times faster than with the settings before.
    pub gain: f64,
}

impl Tuned {
    /// The version of the files that this program writes.
    pub const SCHEMA_VERSION: u32 = SCHEMA_VERSION;

    /// `config` with what was found fastest; the cache stays as it is where its type was not tuned.
    #[must_use]
    pub fn applied(&self, config: &RunConfig) -> RunConfig {
        RunConfig {
            kv_type: self.kv_type.unwrap_or(config.kv_type),
            micro_batch: self.micro_batch,
            batch: self.batch,
            flash_attention: self.flash_attention,
            ..config.clone()
        }
    }
}

/// Where they are: `r1-advisor/tuned` in the user's data folder; nowhere without a home.
#[must_use]
pub fn tuned_folder() -> Option<PathBuf> {
    let places = etcetera::choose_base_strategy().ok()?;
    Some(places.data_dir().join("r1-advisor").join("tuned"))
}

/// What an earlier `bench --tune` found fastest on this machine for a model in a quant.
#[must_use]
pub fn tuned_here(machine: &Machine, model: &str, quant: &str) -> Option<Tuned> {
    tuned(&tuned_folder()?, &Fingerprint::of(machine), model, quant)
}

/// All that earlier runs of `bench --tune` found fastest on this machine; nothing of one that is only described.
#[must_use]
pub fn all_tuned_here(machine: &Machine) -> Vec<Tuned> {
    if machine.origin == Origin::Described {
        return Vec::new();
    }
    let Some(files) = tuned_folder().and_then(|folder| std::fs::read_dir(folder).ok()) else {
        return Vec::new();
    };
    let machine = Fingerprint::of(machine);
    let read = |path: std::path::PathBuf| serde_json::from_slice::<Tuned>(&std::fs::read(path).ok()?).ok();
    let kept = files.flatten().filter_map(|file| read(file.path()));
    kept.filter(|tuned| tuned.schema_version == SCHEMA_VERSION && tuned.machine.is_same(&machine)).collect()
}

/// Saves settings in place of earlier ones of the same machine, model and quant.
pub fn keep_tuned(folder: &Path, tuned: &Tuned) -> io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer_pretty(&mut file, tuned)?;
    writeln!(file)?;
    file.as_file().sync_all()?;
    let path = folder.join(file_name(&tuned.machine, &tuned.model, &tuned.quant));
    file.persist(&path)?;
    Ok(path)
}

/// What was found fastest for a model in a quant on a machine, if that was tried.
#[must_use]
pub fn tuned(folder: &Path, machine: &Fingerprint, model: &str, quant: &str) -> Option<Tuned> {
    let text = std::fs::read(folder.join(file_name(machine, model, quant))).ok()?;
    let tuned: Tuned = serde_json::from_slice(&text).ok()?;
    let same =
        tuned.machine.is_same(machine) && (tuned.model.as_str(), tuned.quant.as_str()) == (model, quant);
    (tuned.schema_version == SCHEMA_VERSION && same).then_some(tuned)
}

/// Main memory is left out, of which kernels keep a little more or less after an update.
fn file_name(machine: &Fingerprint, model: &str, quant: &str) -> String {
    let mut hasher = DefaultHasher::new();
    (&machine.cpu, machine.physical_cores, &machine.gpus).hash(&mut hasher);
    format!("{model}-{quant}-{:016x}.json", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Bytes;

    #[test]
    fn settings_are_found_again_on_the_same_machine_only() {
        let folder = tempfile::tempdir().unwrap();
        let machine = Fingerprint {
            cpu: "a CPU".into(),
            physical_cores: 8,
            ram_bytes: Bytes::gib(64),
            gpus: Vec::new(),
        };
        let kept = Tuned {
            schema_version: SCHEMA_VERSION,
            date: jiff::civil::date(2026, 11, 25),
            machine: machine.clone(),
            engine: "llama.cpp".into(),
            model: "r1-distill-qwen-7b".into(),
            quant: "Q4_K_M".into(),
            threads: 6,
            batch: 2048,
            micro_batch: 256,
            flash_attention: true,
            kv_type: None,
            loading: Loading::default(),
            gain: 1.2,
        };
        keep_tuned(folder.path(), &kept).unwrap();
        assert_eq!(tuned(folder.path(), &machine, "r1-distill-qwen-7b", "Q4_K_M"), Some(kept));
        assert_eq!(tuned(folder.path(), &machine, "r1-distill-qwen-7b", "Q8_0"), None);
        let other = Fingerprint { physical_cores: 4, ..machine };
        assert_eq!(tuned(folder.path(), &other, "r1-distill-qwen-7b", "Q4_K_M"), None);
    }
}
