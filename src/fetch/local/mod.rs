//! Models that are on this machine already: in the cache that tools for the hub share, in LM Studio's folder, in
//! Ollama's, and in folders that the user names. Only looks.

mod folder;
mod hub_cache;
mod ollama;

use std::fs;
use std::path::{Path, PathBuf};

use super::Sha256;
use super::download::{PartialFile, inspect_partial};
use super::store::PARTIAL;
use crate::units::Bytes;

/// Folders in folders are followed so deep.
const DEEPEST: usize = 8;

/// Whose folder a file is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// The cache of the hub's tools, which this program writes, too.
    HubCache,
    /// A folder that the user named, or that files from elsewhere were fetched into.
    Folder,
    /// LM Studio.
    LmStudio,
    /// Ollama, which keeps GGUF files under their hash.
    Ollama,
}

impl Keeper {
    /// The key in JSON.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::HubCache => "hub_cache",
            Self::Folder => "folder",
            Self::LmStudio => "lm_studio",
            Self::Ollama => "ollama",
        }
    }
}

/// A model on this machine: one file, or all that it is split into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalModel {
    /// Whose it is.
    pub keeper: Keeper,
    /// The folder that it was found under.
    pub root: PathBuf,
    /// What its keeper calls it: `OWNER/REPO/FILE`, `deepseek-r1:7b`, or a path in the folder.
    pub name: String,
    /// The files, in order.
    pub files: Vec<LocalFile>,
    /// How many files it is split into, whether they are there or not.
    pub parts: u32,
}

/// One file of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalFile {
    /// The path to use it by.
    pub path: PathBuf,
    /// Its length.
    pub bytes: Bytes,
    /// Its hash, where its keeper names it by that.
    pub sha256: Option<Sha256>,
}

impl LocalModel {
    /// Whether all of its files are there.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.files.len() == self.parts as usize
    }

    /// Size of its files together.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// Folders with models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalPlaces {
    /// The cache of the hub's tools.
    pub hub_cache: PathBuf,
    /// Folders of the user's.
    pub folders: Vec<PathBuf>,
    /// LM Studio's.
    pub lm_studio: Vec<PathBuf>,
    /// Ollama's.
    pub ollama: Vec<PathBuf>,
}

impl LocalPlaces {
    /// The places that programs of these names use in that home, beside the cache and the user's folders.
    #[must_use]
    pub fn new(hub_cache: PathBuf, folders: Vec<PathBuf>, home: &Path, ollama: Option<PathBuf>) -> Self {
        // LM Studio notes a folder other than the usual here.
        let moved = fs::read_to_string(home.join(".lmstudio-home-pointer")).ok();
        let moved = moved.map(|path| PathBuf::from(path.trim()).join("models"));
        Self {
            hub_cache,
            folders,
            lm_studio: moved
                .into_iter()
                .chain([home.join(".lmstudio/models"), home.join(".cache/lm-studio/models")])
                .collect(),
            ollama: ollama.map_or_else(
                // Its service has a home of its own on Linux.
                || vec![home.join(".ollama/models"), PathBuf::from("/usr/share/ollama/.ollama/models")],
                |folder| vec![folder],
            ),
        }
    }

    /// The models that are there; a file that two folders lead to is listed once.
    #[must_use]
    pub fn models(&self) -> Vec<LocalModel> {
        let mut models = hub_cache::models(&self.hub_cache);
        let in_folders = |folders: &[PathBuf], keeper| {
            folders.iter().flat_map(move |path| folder::models(path, keeper)).collect::<Vec<_>>()
        };
        models.extend(in_folders(&self.folders, Keeper::Folder));
        models.extend(in_folders(&self.lm_studio, Keeper::LmStudio));
        models.extend(self.ollama.iter().flat_map(|path| ollama::models(path)));
        let mut seen = Vec::new();
        models.retain(|model| {
            let first = model.files.first().and_then(|file| fs::canonicalize(&file.path).ok());
            let is_new = !seen.contains(&first);
            seen.push(first);
            is_new
        });
        models
    }

    /// Files that are not whole yet, in the cache and in the user's folders.
    #[must_use]
    pub fn partials(&self) -> Vec<PartialFile> {
        let mut found = Vec::new();
        for root in std::iter::once(&self.hub_cache).chain(&self.folders) {
            walk(root, DEEPEST, &mut |path| {
                if path.to_string_lossy().ends_with(PARTIAL) {
                    found.extend(inspect_partial(root, path));
                }
            });
        }
        found
    }
}

/// Calls `visit` for each file under `folder`, by its path. What cannot be read is left out.
fn walk(folder: &Path, depth: usize, visit: &mut dyn FnMut(&Path)) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        // By what a link leads to: the cache is made of links.
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() && depth > 0 => walk(&path, depth - 1, visit),
            Ok(metadata) if metadata.is_file() => visit(&path),
            _ => {}
        }
    }
}

fn is_gguf(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gguf"))
}
