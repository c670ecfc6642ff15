//! A place to measure in: a catalog with one model small enough to write in a blink, a cache and a history.

use std::fs;
use std::path::{Path, PathBuf};

use r1_advisor::catalog::Architecture;
use r1_advisor::history::Database;
use serde::Deserialize as _;

use super::fixtures::ROOT;
use super::program::{Program, Ran, program};

/// A folder with a catalog that holds one small model, `tiny`, and room for its files.
pub(crate) struct Place(tempfile::TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let models = folder.path().join("catalog/models");
        fs::create_dir_all(&models).expect("a folder");
        fs::write(models.join("tiny.toml"), tiny()).expect("a file");
        Self(folder)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn files(&self) -> PathBuf {
        self.0.path().join("files")
    }

    /// What is in the folder of the files.
    pub(crate) fn left(&self) -> Vec<String> {
        let entries = fs::read_dir(self.files()).into_iter().flatten();
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
    }

    pub(crate) fn program(&self, engine: &str, arguments: &[&str]) -> Program {
        program(["bench"])
            .with(arguments)
            .with([Path::new("--catalog"), &self.catalog()])
            .home(&self.data())
            .engine(engine)
            .env("R1_ADVISOR_CACHE", self.files())
    }

    /// The folder of the catalog.
    pub(crate) fn catalog(&self) -> PathBuf {
        self.0.path().join("catalog")
    }

    /// How many settings were kept as the fastest.
    pub(crate) fn tuned(&self) -> usize {
        fs::read_dir(self.data().join("r1-advisor/tuned")).map_or(0, Iterator::count)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    /// How many measurements were kept.
    pub(crate) fn kept(&self) -> usize {
        let history = Database::open_existing(&self.data().join("r1-advisor/history.sqlite3"));
        history.expect("a history").map_or(0, |history| history.latest(100).expect("results").len())
    }

    pub(crate) fn bench(&self, engine: &str, arguments: &[&str]) -> Ran {
        self.program(engine, arguments).run()
    }
}

/// The smallest model of the catalog, made a hundred times smaller.
fn tiny() -> String {
    let path = Path::new(ROOT).join("catalog/models/r1-distill-qwen-1.5b.toml");
    let mut model: toml::Table = fs::read_to_string(path).expect("a model").parse().expect("TOML");
    let integer = |number: u64| toml::Value::Integer(number.try_into().expect("a small number"));
    let mut set = |key: &str, value: toml::Value| model.insert(key.to_owned(), value);
    set("id", "tiny".into());
    set("aliases", toml::Value::Array(vec!["tiny-r1".into()]));
    set("artifacts", toml::Value::Array(Vec::new()));
    let architecture = model["architecture"].as_table_mut().expect("a table");
    architecture.insert("layers".into(), integer(2));
    architecture.insert("hidden_size".into(), integer(512));
    architecture.insert("vocabulary".into(), integer(2048));
    architecture["attention"].as_table_mut().expect("a table").insert("heads".into(), integer(4));
    architecture["feed_forward"]
        .as_table_mut()
        .expect("a table")
        .insert("intermediate_size".into(), integer(1024));
    let parameters = Architecture::deserialize(architecture.clone()).expect("a shape").parameters();
    model.insert("parameters".into(), integer(parameters));
    model.insert("active_parameters".into(), integer(parameters - 2048 * 512));
    toml::to_string(&model).expect("TOML")
}
