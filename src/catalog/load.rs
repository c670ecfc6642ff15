//! From files to entries: the layers of the catalog, read, checked and merged.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use include_dir::{Dir, include_dir};
use serde::Deserialize;

use super::document::Document;
use super::{CatalogError, Problem};

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/catalog");

/// What a file of the catalog holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Model,
    Quant,
    Accelerator,
    CpuPlatform,
    UseCase,
    Calibration,
    ServingCalibration,
    ReferenceShape,
    AnswerLength,
    Sentence,
    ApiPrice,
    Rental,
    MachinePrice,
    PowerPrice,
    Site,
    Currency,
    Host,
    Machine,
}

impl Kind {
    /// The kind of file at a path relative to the catalog's folder.
    fn of(path: &Path) -> Option<Self> {
        let folder = path.parent()?.to_str()?;
        let file = path.file_name()?.to_str()?;
        match (folder, file) {
            ("models", _) => Some(Self::Model),
            ("accelerators", _) => Some(Self::Accelerator),
            ("", "quants.toml") => Some(Self::Quant),
            ("", "cpus.toml") => Some(Self::CpuPlatform),
            ("", "hosts.toml") => Some(Self::Host),
            ("", "machines.toml") => Some(Self::Machine),
            ("", "use-cases.toml") => Some(Self::UseCase),
            ("", "tasks.toml") => Some(Self::AnswerLength),
            ("", "zh.toml") => Some(Self::Sentence),
            ("", "calibration.toml") => Some(Self::Calibration),
            ("", "serving-calibration.toml") => Some(Self::ServingCalibration),
            ("", "reference-shapes.toml") => Some(Self::ReferenceShape),
            ("prices", "api.toml") => Some(Self::ApiPrice),
            ("prices", "rental.toml") => Some(Self::Rental),
            ("prices", "machines.toml") => Some(Self::MachinePrice),
            ("prices", "power.toml") => Some(Self::PowerPrice),
            ("prices", "sites.toml") => Some(Self::Site),
            ("prices", "currencies.toml") => Some(Self::Currency),
            _ => None,
        }
    }
}

/// One entry of the catalog.
pub(super) trait Entry: Sized {
    /// The kind of file that it is in.
    const KIND: Kind;

    /// The entries of a file, each with the path of keys to it.
    fn read(document: &Document) -> Result<Vec<(String, Self)>, CatalogError>;

    /// What an entry of a later layer replaces it by.
    fn id(&self) -> &str;

    /// What else it may be called.
    fn aliases(&self) -> &[String];

    /// What must hold of its values.
    fn check(&self) -> Result<(), Violation>;
}

/// A value that cannot be.
#[derive(Debug)]
pub(super) struct Violation {
    /// The path of keys to it, from the entry.
    pub(super) path: String,
    /// What must hold.
    pub(super) rule: String,
}

/// One folder of catalog files; a later one goes over an earlier one.
#[derive(Debug)]
pub(super) struct Layer {
    documents: Vec<(Kind, Document)>,
}

impl Layer {
    /// What the program ships with.
    pub(super) fn embedded() -> Self {
        let folders = EMBEDDED.dirs().flat_map(Dir::files);
        let documents = EMBEDDED.files().chain(folders).filter_map(|file| {
            let text = file.contents_utf8()?;
            let name = format!("catalog/{}", file.path().display());
            Some((Kind::of(file.path())?, Document { name, text: Cow::Borrowed(text) }))
        });
        Self { documents: documents.collect() }
    }

    /// A folder of the user's.
    pub(super) fn of_folder(folder: &Path) -> Result<Self, CatalogError> {
        let mut documents = Vec::new();
        for path in toml_files(folder)? {
            let relative = path.strip_prefix(folder).unwrap_or(&path);
            let kind = Kind::of(relative).ok_or_else(|| CatalogError::Misplaced { path: path.clone() })?;
            let text = fs::read_to_string(&path)
                .map_err(|source| CatalogError::Read { path: path.clone(), source })?;
            documents.push((kind, Document { name: path.display().to_string(), text: Cow::Owned(text) }));
        }
        Ok(Self { documents })
    }
}

/// Where the user's own catalog is: `r1-advisor/catalog` in the config directory, if there is one.
pub(super) fn user_folder() -> Option<PathBuf> {
    let folder = etcetera::choose_base_strategy().ok()?.config_dir().join("r1-advisor").join("catalog");
    folder.is_dir().then_some(folder)
}

/// The TOML files in a folder and in its folders, in the order of their names.
fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, CatalogError> {
    let error = |source| CatalogError::Read { path: folder.to_owned(), source };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(error)? {
        let path = entry.map_err(error)?.path();
        if path.is_dir() {
            found.extend(toml_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// An entry and where it stands.
struct Placed<'a, T> {
    entry: T,
    layer: usize,
    document: &'a Document,
    path: String,
}

impl<T: Entry> Placed<'_, T> {
    fn place(&self) -> String {
        format!("{}:{}", self.document.name, self.document.line(&self.path))
    }

    fn problem(&self, path: &str, problem: Problem) -> CatalogError {
        self.document.problem(&format!("{}.{path}", self.path), problem)
    }
}

/// All entries of a kind: those of later layers go over those of earlier ones, new ones go to the end.
pub(super) fn entries<T: Entry>(layers: &[Layer]) -> Result<Vec<T>, CatalogError> {
    entries_that(layers, |_| Ok(()))
}

/// All entries of a kind, of which `holds` must be true too: that the things which they name are there.
pub(super) fn entries_that<T: Entry>(
    layers: &[Layer],
    holds: impl Fn(&T) -> Result<(), Violation>,
) -> Result<Vec<T>, CatalogError> {
    let mut merged: Vec<Placed<'_, T>> = Vec::new();
    let mut by_id: HashMap<String, usize> = HashMap::new();
    for (layer, Layer { documents }) in layers.iter().enumerate() {
        for (_, document) in documents.iter().filter(|(kind, _)| *kind == T::KIND) {
            for (path, entry) in T::read(document)? {
                let placed = Placed { entry, layer, document, path };
                if let Err(Violation { path, rule }) =
                    placed.entry.check().and_then(|()| holds(&placed.entry))
                {
                    return Err(placed.problem(&path, Problem::Impossible { rule }));
                }
                let id = placed.entry.id().to_lowercase();
                match by_id.get(&id) {
                    Some(&at) if merged[at].layer == layer => {
                        return Err(placed.problem("id", duplicate(placed.entry.id(), &merged[at])));
                    }
                    Some(&at) => merged[at] = placed,
                    None => {
                        by_id.insert(id, merged.len());
                        merged.push(placed);
                    }
                }
            }
        }
    }
    check_aliases(&merged)?;
    Ok(merged.into_iter().map(|placed| placed.entry).collect())
}

fn check_aliases<T: Entry>(merged: &[Placed<'_, T>]) -> Result<(), CatalogError> {
    let mut owners: HashMap<String, usize> =
        merged.iter().enumerate().map(|(at, placed)| (placed.entry.id().to_lowercase(), at)).collect();
    for (at, placed) in merged.iter().enumerate() {
        for (number, alias) in placed.entry.aliases().iter().enumerate() {
            let owner = *owners.entry(alias.to_lowercase()).or_insert(at);
            if owner != at {
                // The entry that came later is the one to change.
                let (older, newer) =
                    if placed.layer >= merged[owner].layer { (owner, placed) } else { (at, &merged[owner]) };
                let path =
                    if std::ptr::eq(newer, placed) { format!("aliases.{number}") } else { String::new() };
                return Err(newer.problem(&path, duplicate(alias, &merged[older])));
            }
        }
    }
    Ok(())
}

fn duplicate<T: Entry>(name: &str, older: &Placed<'_, T>) -> Problem {
    Problem::Duplicate { name: name.to_owned(), owner: older.entry.id().to_owned(), place: older.place() }
}

/// A file whose whole content is one entry.
pub(super) fn one<T: for<'de> Deserialize<'de>>(
    document: &Document,
) -> Result<Vec<(String, T)>, CatalogError> {
    Ok(vec![(String::new(), document.read()?)])
}

/// The entries of a file that lists them under `key`.
pub(super) fn many<T>(key: &str, entries: Vec<T>) -> Vec<(String, T)> {
    entries.into_iter().enumerate().map(|(at, entry)| (format!("{key}.{at}"), entry)).collect()
}
