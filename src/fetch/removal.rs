//! Takes files of a model away, and nothing that anything else needs.

use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};
use std::fs;
use std::path::{Path, PathBuf};

use super::download::remove_partial;
use super::error::Doing;
use super::store::{Lock, lock_at};
use super::{FetchError, Keeper, LocalModel, PartialFile};
use crate::units::Bytes;

/// Files to remove.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removal {
    /// Names of files: links of the cache, or the files themselves.
    pub names: BTreeSet<PathBuf>,
    /// Blobs that nothing else leads to.
    pub blobs: BTreeSet<PathBuf>,
    /// Partial files.
    pub partials: BTreeSet<PathBuf>,
    /// The folders that all of these must lie in.
    roots: BTreeSet<PathBuf>,
    /// Disk space that this frees.
    pub bytes: Bytes,
}

impl Removal {
    /// What goes with a model. In the cache, a file goes from all revisions that have it, and its blob with it.
    pub fn of_model(model: &LocalModel) -> Result<Self, FetchError> {
        let mut removal = Self { roots: BTreeSet::from([model.root.clone()]), ..Self::default() };
        for file in &model.files {
            if model.keeper == Keeper::HubCache {
                removal.add_cached(&model.root, &file.path)?;
            } else {
                removal.names.insert(file.path.clone());
                removal.bytes += file.bytes;
            }
        }
        Ok(removal)
    }

    /// The files of a partial download.
    #[must_use]
    pub fn of_partial(partial: &PartialFile) -> Self {
        Self {
            partials: BTreeSet::from([partial.path.clone()]),
            roots: BTreeSet::from([partial.root.clone()]),
            bytes: Bytes(partial.present),
            ..Self::default()
        }
    }

    /// Both.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.names.extend(other.names);
        self.blobs.extend(other.blobs);
        self.partials.extend(other.partials);
        self.roots.extend(other.roots);
        self.bytes += other.bytes;
        self
    }

    /// Whether there is nothing to go.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.partials.is_empty()
    }

    fn add_cached(&mut self, root: &Path, link: &Path) -> Result<(), FetchError> {
        let failed = |source| FetchError::disk(Doing::Read, link, source);
        let is_link = fs::symlink_metadata(link).map_err(failed)?.is_symlink();
        if !is_link {
            self.names.insert(link.to_owned());
            self.bytes += Bytes(fs::metadata(link).map_err(failed)?.len());
            return Ok(());
        }
        let name = parent_of(link).map_err(failed)?.join(link.file_name().unwrap_or_default());
        self.names.insert(name);
        let repository = link.strip_prefix(root).ok().and_then(|path| path.components().next());
        let Some(repository) = repository.and_then(|name| fs::canonicalize(root.join(name)).ok()) else {
            return Ok(());
        };
        let blobs = fs::canonicalize(repository.join("blobs")).ok();
        let blob = blob_of(link).map_err(failed)?;
        // A link that leads elsewhere is all that there is to remove: what it leads to is someone else's.
        if blobs.is_none() || blob.parent() != blobs.as_deref() {
            return Ok(());
        }
        for other in links_to(&repository.join("snapshots"), &blob) {
            self.names.insert(other);
        }
        if self.blobs.insert(blob.clone()) {
            self.bytes += Bytes(fs::symlink_metadata(&blob).map_err(failed)?.len());
        }
        Ok(())
    }

    /// That each file lies in one of the folders that the files were found by, whatever links lead there.
    fn check(&self) -> Result<(), FetchError> {
        let roots: Vec<PathBuf> = self.roots.iter().filter_map(|root| fs::canonicalize(root).ok()).collect();
        for path in self.names.iter().chain(&self.blobs).chain(&self.partials) {
            let folder = parent_of(path).map_err(|source| FetchError::disk(Doing::Remove, path, source))?;
            if !roots.iter().any(|root| folder.starts_with(root)) {
                let root = self.roots.first().cloned().unwrap_or_default();
                return Err(FetchError::Outside { path: path.clone(), root });
            }
        }
        Ok(())
    }

    /// Removes the files. One that is being downloaded is an error and stays.
    pub fn carry_out(&self) -> Result<(), FetchError> {
        self.check()?;
        // A blob and what came of it before have one lock, which cannot be taken twice.
        let needed = self.blobs.iter().chain(&self.partials).filter_map(|path| Some((lock_of(path)?, path)));
        let mut locks: BTreeMap<PathBuf, Lock> = BTreeMap::new();
        for (lock, path) in needed {
            let Entry::Vacant(free) = locks.entry(lock) else { continue };
            let held = lock_at(free.key(), || false).map_err(|error| match error {
                FetchError::Interrupted => FetchError::InUse { path: path.clone() },
                error => error,
            })?;
            free.insert(held);
        }
        // The names first: a name without content is worse than content without a name.
        for path in self.names.iter().chain(&self.blobs) {
            fs::remove_file(path).map_err(|source| FetchError::disk(Doing::Remove, path, source))?;
        }
        for path in &self.partials {
            remove_partial(path).map_err(|source| FetchError::disk(Doing::Remove, path, source))?;
        }
        for path in self.names.iter().chain(&self.blobs).chain(&self.partials) {
            tidy(path);
        }
        Ok(())
    }
}

/// The folder that a path lies in, without links.
fn parent_of(path: &Path) -> std::io::Result<PathBuf> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    fs::canonicalize(parent.unwrap_or(Path::new(".")))
}

/// The blob that a link leads to: its name, and not what that leads to, since newer tools share blobs between
/// repositories.
fn blob_of(link: &Path) -> std::io::Result<PathBuf> {
    let target = parent_of(link)?.join(fs::read_link(link)?);
    Ok(parent_of(&target)?.join(target.file_name().unwrap_or_default()))
}

/// The lock that a download of a blob or a partial file holds.
fn lock_of(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let name = name.strip_suffix(super::store::PARTIAL).unwrap_or(name);
    let folder = path.parent()?;
    if folder.ends_with("blobs") {
        let repository = folder.parent()?;
        let lock =
            repository.parent()?.join(".locks").join(repository.file_name()?).join(format!("{name}.lock"));
        return lock.exists().then_some(lock);
    }
    let lock = folder.join(format!("{name}.lock"));
    lock.exists().then_some(lock)
}

/// The links under `folder` that lead to `blob`.
fn links_to(folder: &Path, blob: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_symlink() {
            if blob_of(&path).is_ok_and(|target| target == blob) {
                found.push(path);
            }
        } else if path.is_dir() {
            found.extend(links_to(&path, blob));
        }
    }
    found
}

/// Takes the folders of the cache away that have become empty, and the refs to snapshots that are gone.
fn tidy(path: &Path) {
    let is_repository = |folder: &Path| {
        folder.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("models--"))
    };
    let Some(repository) = path.ancestors().find(|folder| is_repository(folder)) else { return };
    // Removing fails where something is left, which is what is wanted.
    for folder in path.ancestors().skip(1).take_while(|folder| *folder != repository) {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    drop_refs(repository);
    for folder in [repository.join("snapshots"), repository.join("refs"), repository.to_owned()] {
        let _ = fs::remove_dir(folder);
    }
}

/// Takes refs away whose snapshot is gone.
fn drop_refs(repository: &Path) {
    let Ok(entries) = fs::read_dir(repository.join("refs")) else { return };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let Ok(commit) = fs::read_to_string(&path) else { continue };
        if !commit.contains(['/', '\\', '.']) && !repository.join("snapshots").join(commit.trim()).exists() {
            let _ = fs::remove_file(path);
        }
    }
}
