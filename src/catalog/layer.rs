//! The user's files: folders laid out as the catalog's own, and files of prices.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::kind::Kind;
use super::raw::{self, RawEntry};
use super::{CatalogError, Problem};
use crate::input_file;

/// Files that go over everything before them.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) documents: Vec<Document>,
    /// Whether entries are meant by any of their names, as people write offers down, rather than by their ids.
    pub(super) by_any_name: bool,
}

impl Layer {
    pub(super) fn of_folder(folder: &Path) -> Result<Self, CatalogError> {
        let mut documents = Vec::new();
        for path in toml_files(folder)? {
            let relative = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            if relative.starts_with(SENTENCES) {
                Document::open(&path, Vec::new())?.sentences()?;
                continue;
            }
            let kind = Kind::of(&relative).ok_or_else(|| CatalogError::Misplaced { path: path.clone() })?;
            documents.push(Document::open(&path, vec![kind])?);
        }
        Ok(Self { documents, by_any_name: false })
    }

    /// A file with prices of all kinds.
    pub(super) fn of_prices(path: &Path) -> Result<Self, CatalogError> {
        let is_priced =
            |(kind, files, _): &(Kind, &str, _)| files.starts_with("prices/") || *kind == Kind::Accelerator;
        let kinds = Kind::FILES.iter().filter(|row| is_priced(row)).map(|(kind, ..)| *kind).collect();
        Ok(Self { documents: vec![Document::open(path, kinds)?], by_any_name: true })
    }

    pub(super) fn has(&self, kind: Kind) -> bool {
        self.documents.iter().any(|document| document.kinds.contains(&kind))
    }
}

/// The folder of translations in a folder of the user's.
const SENTENCES: &str = "i18n/";

/// The user's own translations of sentences into a language, by their English: `i18n/LANGUAGE.toml` of the catalog's folders.
/// What is wrong with a file is an error when the catalog is read.
#[must_use]
pub fn own_sentences(overlay: Option<&Path>, language: &str) -> BTreeMap<String, String> {
    let folders = user_folder().into_iter().chain(overlay.map(Path::to_owned));
    let files = folders.map(|folder| folder.join(SENTENCES).join(format!("{language}.toml")));
    let documents = files.filter_map(|path| Document::open(&path, Vec::new()).ok());
    documents.filter_map(|document| document.sentences().ok()).flatten().collect()
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

/// One TOML file.
#[derive(Debug)]
pub(super) struct Document {
    /// What to call it in errors: a path that can be opened.
    pub(super) name: String,
    text: String,
    /// What it may have entries of.
    kinds: Vec<Kind>,
}

impl Document {
    fn open(path: &Path, kinds: Vec<Kind>) -> Result<Self, CatalogError> {
        let text = input_file::read_to_string(path)
            .map_err(|source| CatalogError::Read { path: path.to_owned(), source })?;
        Ok(Self { name: path.display().to_string(), text, kinds })
    }

    /// It as a table of translations.
    fn sentences(&self) -> Result<BTreeMap<String, String>, CatalogError> {
        toml::from_str(&self.text).map_err(|error| {
            let fault = raw::toml(&error);
            self.at(fault.span, Problem::of(fault.wrong, None))
        })
    }

    /// Its entries of a kind.
    pub(super) fn entries(&self, kind: Kind) -> Result<Vec<RawEntry<'_>>, CatalogError> {
        if !self.kinds.contains(&kind) {
            return Ok(Vec::new());
        }
        let mut all = raw::entries(&self.text, &self.kinds)
            .map_err(|fault| self.at(fault.span, Problem::of(fault.wrong, None)))?;
        all.retain(|entry| entry.kind == kind);
        Ok(all)
    }

    /// `problem` at the value of `path`, such as `accelerator.3.memory_gib`; where the file does not have that,
    /// at the nearest thing around it.
    pub(super) fn problem(&self, path: &str, problem: Problem) -> CatalogError {
        self.at(self.locate(path), problem)
    }

    pub(super) fn at(&self, span: Range<usize>, problem: Problem) -> CatalogError {
        let (line, column) = self.position(span.start);
        CatalogError::Invalid { file: self.name.clone(), line, column, problem }
    }

    /// The line of the value of `path`, from 1.
    pub(super) fn line(&self, path: &str) -> usize {
        self.position(self.locate(path).start).0
    }

    /// Line and column of a byte, from 1.
    fn position(&self, byte: usize) -> (usize, usize) {
        let before = &self.text[..byte.min(self.text.len())];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }

    fn locate(&self, path: &str) -> Range<usize> {
        // Only after an error, so the file is parsed once more rather than keeping every span at hand.
        let Ok(root) = DeTable::parse(&self.text) else { return 0..0 };
        let mut span = 0..0;
        let mut here = Spanned::new(root.span(), DeValue::Table(root.into_inner()));
        for step in path.split('.').filter(|step| !step.is_empty()) {
            let next = match here.into_inner() {
                DeValue::Table(mut table) => table.remove(step),
                DeValue::Array(items) => {
                    step.parse().ok().and_then(|index: usize| items.into_iter().nth(index))
                }
                _ => None,
            };
            let Some(next) = next else { break };
            span = next.span();
            here = next;
        }
        span
    }
}
