//! Files that the user names in place of a model of the catalog, here or on another machine.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::Context;
use crate::catalog::{Catalog, Model};
use crate::error::{Error, Exit, Failure};
use crate::fetch::{Client, FetchError, is_remote};
use crate::gguf::{Header, ReadError, ShardName, StoredModel, StoredModelError, read_header};
use crate::message;
use crate::message::Message;
use crate::units::Bytes;

/// A model of the user's, as the headers of its files state it.
#[derive(Debug)]
pub struct ModelFile {
    /// The path or URL that the user named.
    pub location: String,
    /// What the headers state.
    pub stored: StoredModel,
}

/// Why a file could not be used.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub(crate) enum ModelFileError {
    /// There is no such file, or it may not be read.
    Unreadable { path: String, source: io::Error },
    /// A shard that the others need.
    MissingShard { path: String, count: u32 },
    /// A folder, pipe or device.
    NotAFile { path: String },
    /// What is in it is no header.
    Header { path: String, source: ReadError },
    /// The header is whole and describes no model of R1's families.
    Model { location: String, source: StoredModelError },
}

impl Failure for ModelFileError {
    fn message(&self) -> Message {
        match self {
            Self::Unreadable { path, source } => message!(ModelFileUnreadable { path }).because(source),
            Self::MissingShard { path, count } => message!(ModelFileMissingShard { path, count }),
            Self::NotAFile { path } => message!(ModelFileNotAFile { path }),
            Self::Header { path: location, source } => {
                message!(ModelFileUnusable { location }).because(source.message())
            }
            Self::Model { location, source } => {
                message!(ModelFileUnusable { location }).because(source.message())
            }
        }
    }

    fn hint(&self) -> Option<Message> {
        match self {
            Self::Unreadable { .. } => Some(message!(ModelFileUnreadableHint)),
            Self::MissingShard { .. } => Some(message!(ModelFileMissingShardHint)),
            Self::NotAFile { .. } => Some(message!(ModelFileNotAFileHint)),
            Self::Header { source, .. } => source.hint(),
            Self::Model { source, .. } => source.hint(),
        }
    }

    fn exit(&self) -> Exit {
        Exit::Input
    }
}

/// Whether a target is meant as a file rather than a model of the catalog: it is remote, or there, or looks like one.
pub fn is_file(target: &str, catalog: &Catalog) -> bool {
    is_remote(target)
        || target.to_ascii_lowercase().ends_with(".gguf")
        || (target.contains(['/', '\\']) && catalog.target(target).is_err())
        || Path::new(target).is_file()
}

/// Reads the header of a file on this machine for what is wrong with it.
pub(super) fn check_header(path: &Path) -> Result<(), Error> {
    Ok(read_local(&path.to_string_lossy(), 1).map(drop)?)
}

/// Whether a file on this machine begins as a GGUF file does and its header can be read.
pub fn is_gguf(path: &Path) -> bool {
    read_local(&path.to_string_lossy(), 1).is_ok()
}

impl ModelFile {
    /// Reads the header of `target`, and of the other shards where it is one of several.
    pub fn read(target: &str) -> Result<Self, Error> {
        let headers = if is_remote(target) {
            let client = Client::from_environment();
            let url = client.url(target)?;
            shards(&url).iter().map(|url| client.read_header(url)).collect::<Result<Vec<_>, _>>()?
        } else {
            let paths = shards(target);
            paths.iter().map(|path| read_local(path, paths.len() as u32)).collect::<Result<Vec<_>, _>>()?
        };
        let stored = StoredModel::new(&headers)
            .map_err(|source| ModelFileError::Model { location: target.to_owned(), source })?;
        Ok(Self { location: target.to_owned(), stored })
    }

    /// What the headers of files on this machine state, in the order of the shards.
    pub fn of_paths(paths: &[&Path]) -> Result<StoredModel, Error> {
        let read = |path: &&Path| read_local(&path.to_string_lossy(), paths.len() as u32);
        let headers = paths.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let location = paths.first().map_or_else(String::new, |path| path.display().to_string());
        StoredModel::new(&headers).map_err(|source| ModelFileError::Model { location, source }.into())
    }

    /// What the headers of files on other machines state, in the order of the shards.
    pub fn of_urls(
        client: &Client,
        urls: &[&str],
        location: &str,
    ) -> Result<Result<StoredModel, Error>, FetchError> {
        let headers = urls.iter().map(|url| client.read_header(url)).collect::<Result<Vec<_>, _>>()?;
        let model = StoredModel::new(&headers);
        Ok(model.map_err(|source| ModelFileError::Model { location: location.to_owned(), source }.into()))
    }

    /// The model of the catalog that has the same shape; among those of one shape, the one whose name the file has.
    /// Says so where the file is none of R1's, or calls itself something else.
    pub fn in_catalog<'a>(&self, context: &Context, catalog: &'a Catalog) -> Option<&'a Model> {
        let called = self.stored.name.as_deref().unwrap_or_default();
        let names = format!("{called} {}", self.location);
        let by_name = named_alike(catalog, &self.stored, &names);
        let shortest = || alike(catalog, &self.stored).min_by_key(|model| model.name.len());
        let Some(model) = by_name.or_else(shortest) else {
            let location = &self.location;
            context.printer.note(message!(CommandsNotAnR1 { path: location }));
            return None;
        };
        if by_name.is_none() && !called.is_empty() {
            let id = &model.id;
            context.printer.note(message!(CommandsOtherName { name: called, id }));
        }
        Some(model)
    }
}

/// The models of the catalog that have the shape of a file's.
fn alike<'a>(catalog: &'a Catalog, stored: &StoredModel) -> impl Iterator<Item = &'a Model> {
    catalog.models().iter().filter(|model| model.architecture.has_shape_of(&stored.architecture))
}

/// The model of the catalog that a file has the shape of, and that one of its names is the name of.
pub(super) fn named_alike<'a>(catalog: &'a Catalog, stored: &StoredModel, names: &str) -> Option<&'a Model> {
    named(alike(catalog, stored), names)
}

/// The model that these names are the name of: `DeepSeek-R1` is part of `DeepSeek-R1-0528`, so the longest counts.
pub(super) fn named<'a>(models: impl Iterator<Item = &'a Model>, names: &str) -> Option<&'a Model> {
    let names = letters(names);
    models.filter(|model| names.contains(&letters(&model.name))).max_by_key(|model| model.name.len())
}

/// The names of all shards where `name` is one of several.
fn shards(name: &str) -> Vec<String> {
    ShardName::parse(name).map_or_else(|| vec![name.to_owned()], |shard| shard.names().collect())
}

fn read_local(path: &str, shards: u32) -> Result<Header, ModelFileError> {
    let named = || path.to_owned();
    let unreadable = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound if shards > 1 => {
            ModelFileError::MissingShard { path: named(), count: shards }
        }
        _ => ModelFileError::Unreadable { path: named(), source },
    };
    // Opening a pipe would wait for somebody to write into it.
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(ModelFileError::NotAFile { path: named() });
    }
    let file = File::open(path).map_err(unreadable)?;
    read_header(file, Bytes(metadata.len()))
        .map_err(|source| ModelFileError::Header { path: named(), source })
}

fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}
