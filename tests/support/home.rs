//! A home of a user's: the caches of a hub's tools, a catalog, models.

use std::fs;
use std::path::{Path, PathBuf};

use r1_advisor::catalog::Architecture;
use r1_advisor::fetch::Sha256;

use super::hub::{COMMIT, FILE, Hub, REPOSITORY, TINY, tiny_model};
use super::program::{Program, Ran, program};

/// How long the program waits for a silent server in these tests, in milliseconds.
const PATIENCE_MS: &str = "1000";

/// A home that is empty at first.
pub(crate) struct Home {
    pub(crate) folder: tempfile::TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn cache(&self) -> PathBuf {
        self.path("hub")
    }

    pub(crate) fn blob(&self, hash: Sha256) -> PathBuf {
        self.cache().join("models--maker--Tiny-R1-GGUF/blobs").join(hash.to_string())
    }

    /// The link to a file, or the file, of a revision without a commit.
    pub(crate) fn main(&self, file: &str) -> PathBuf {
        self.cache().join("models--maker--Tiny-R1-GGUF/snapshots/main").join(file)
    }

    pub(crate) fn snapshot(&self, file: &str) -> PathBuf {
        self.cache().join("models--maker--Tiny-R1-GGUF/snapshots").join(COMMIT).join(file)
    }

    /// A home with the tiny model in a file of its own, and that file.
    pub(crate) fn with_model() -> (Self, String) {
        let home = Self::new();
        let path = home.path("model.gguf");
        fs::write(&path, tiny_model(1)).expect("a file");
        let path = path.to_str().expect("UTF-8").to_owned();
        (home, path)
    }

    pub(crate) fn program(&self, hub: &str, arguments: &[&str]) -> Program {
        program(arguments)
            .home(self.folder.path())
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("XDG_CACHE_HOME", self.path("cache"))
            .env("XDG_DATA_HOME", self.path("data"))
            .env("HF_HUB_CACHE", self.cache())
            .env("HF_ENDPOINT", hub)
            .env("R1_ADVISOR_SEGMENT_BYTES", "262144")
            .env("R1_ADVISOR_PATIENCE_MS", PATIENCE_MS)
    }

    pub(crate) fn run(&self, hub: &str, arguments: &[&str]) -> Ran {
        self.program(hub, arguments).run()
    }

    /// Pulls the tiny model by its repository, without asking for its header first.
    pub(crate) fn pull(&self, hub: &Hub) -> Ran {
        self.run(&hub.endpoint, &["pull", "hf.co/maker/Tiny-R1-GGUF:Q4_K_M", "--format", "json", "--force"])
    }

    /// A folder of the catalog with the tiny model, whose file has this hash.
    pub(crate) fn catalog(&self, hash: Option<Sha256>) -> PathBuf {
        self.catalog_of(hash, TINY)
    }

    /// A folder of the catalog with a model of that name that is far larger.
    pub(crate) fn catalog_of_a_giant(&self) -> PathBuf {
        let giant = TINY.replace("layers = 2", "layers = 400").replace("= 256", "= 16384");
        self.catalog_of(None, &giant.replace("intermediate_size = 1024", "intermediate_size = 65536"))
    }

    fn catalog_of(&self, hash: Option<Sha256>, shape: &str) -> PathBuf {
        let folder = self.path("catalog");
        fs::create_dir_all(folder.join("models")).expect("a folder");
        let architecture: Architecture = toml::from_str(shape).expect("an architecture");
        let sha256 = hash.map_or_else(String::new, |hash| format!(", sha256 = \"{hash}\""));
        let text = format!(
            r#"
id = "tiny-r1"
name = "Tiny-R1"
aliases = ["tiny"]
size = "tiny"
kind = "distill"
repository = "maker/Tiny-R1"
base_model = "maker/Tiny"
released = "2026-11-01"
parameters = {parameters}
active_parameters = {parameters}
architecture_source = "made for a test"
licence = {{ id = "MIT", source = "made for a test" }}
sampling = {{ temperature = 0.6, top_p = 0.95, longest_answer_tokens = 4096, source = "made for a test" }}

[[artifacts]]
quant = "Q4_K_M"
repository = "{REPOSITORY}"
files = [{{ path = "{FILE}"{sha256} }}]
source = "made for a test"

[architecture]
{shape}"#,
            parameters = architecture.parameters(),
        );
        fs::write(folder.join("models/tiny.toml"), text).expect("a file");
        folder
    }

    /// Everything under the cache that a pull leaves when it is not whole.
    pub(crate) fn leftovers(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder").flatten() {
                let path = entry.path();
                if path.is_dir() && !path.is_symlink() {
                    folders.push(path);
                } else if path.to_string_lossy().contains(".incomplete") {
                    found.push(path.file_name().expect("a name").to_string_lossy().into_owned());
                }
            }
        }
        found
    }
}

impl Ran {
    /// The one file that a pull brought, by its content.
    #[track_caller]
    pub(crate) fn file(&self) -> Vec<u8> {
        let json = self.exits(0).json_of("pull");
        fs::read(Path::new(json["files"][0]["path"].as_str().expect("a path"))).expect("the file")
    }
}
