//! The folders that files are put into: the cache that all tools for the hub share, or a folder of the user's.
//!
//! The cache has each content once, under its hash, and a link to it for each revision that has it:
//! `models--OWNER--REPO/{blobs/HASH, snapshots/COMMIT/PATH, refs/BRANCH}`, with locks in `.locks`. A folder has the
//! files under their names, and what must be kept of them in `.cache/huggingface/download`. Both are as
//! `huggingface_hub` lays them out, so that its tools find what is fetched here, and the other way round.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::checksum::Checksum;
use super::error::Doing;
use super::place::{MAIN, safe_path};
use super::{FetchError, Found, Place};

/// How a partial file's name ends. The hub's tools take away what ends so when they are asked to tidy up, and never
/// go on from one of another's, which may have gaps.
pub(super) const PARTIAL: &str = ".r1-advisor.incomplete";

/// The longest name of what is kept beside a file: the journal of a partial file must have a name, too.
const LONGEST_NAME_BESIDE: usize = 235;

/// How often a lock that another process holds is tried.
const LOCK_TRIES: Duration = Duration::from_millis(200);

/// Marks a folder as a cache, which backups may leave out (<https://bford.info/cachedir/>).
const CACHE_TAG: &str = "Signature: 8a477f597d28d172789f06886806bc55\n\
    # This folder is a cache of files that can be fetched again.\n";

/// The place that downloads go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Store {
    /// The cache that tools for the hub share.
    HubCache(PathBuf),
    /// A folder.
    Folder(PathBuf),
}

/// The paths of one download.
#[derive(Clone, Debug)]
pub struct Spot {
    lock: PathBuf,
    /// The partial download.
    pub(super) partial: PathBuf,
    /// The whole content: a blob, or the file itself.
    pub(super) whole: PathBuf,
    named: Named,
}

/// How the content gets its public name.
#[derive(Clone, Debug)]
enum Named {
    /// By a link from a snapshot, and a ref for the branch.
    Link { link: PathBuf, reference: Option<(PathBuf, String)>, cache: PathBuf },
    /// It has it already; beside it is kept where it came from.
    Itself { kept: PathBuf, origin: Option<String> },
}

/// A lock that is held until this is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Store {
    /// The paths of a file.
    pub fn spot(&self, found: &Found) -> Result<Spot, FetchError> {
        let path = found.place.relative_path()?;
        match (self, &found.place) {
            (Self::HubCache(root), Place::Hub { repository, revision, .. }) => {
                Ok(in_cache(root, repository, revision, &path, found))
            }
            (Self::HubCache(folder) | Self::Folder(folder), _) => Ok(in_folder(folder, &path, found)),
        }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        match self {
            Self::HubCache(folder) | Self::Folder(folder) => folder,
        }
    }

    /// A file of the hub that is there already, found without a request.
    #[must_use]
    pub fn present(&self, place: &Place) -> Option<PathBuf> {
        let relative = place.relative_path().ok()?;
        let path = match (self, place) {
            (Self::HubCache(root), Place::Hub { repository, revision, .. }) => {
                let folder = root.join(repository_folder(repository));
                let commit = fs::read_to_string(folder.join("refs").join(safe_path(revision).ok()?))
                    .map_or_else(|_| revision.clone(), |commit| commit.trim().to_owned());
                folder.join("snapshots").join(safe_path(&commit).ok()?).join(relative)
            }
            (Self::HubCache(folder) | Self::Folder(folder), _) => folder.join(relative),
        };
        path.is_file().then_some(path)
    }

    /// The folder with the files of the main branch of a repository, as far as the cache has any.
    #[must_use]
    pub fn snapshot(&self, repository: &str) -> Option<PathBuf> {
        let Self::HubCache(root) = self else { return None };
        let folder = root.join(repository_folder(repository));
        let commit = fs::read_to_string(folder.join("refs").join(MAIN)).unwrap_or_else(|_| MAIN.to_owned());
        Some(folder.join("snapshots").join(safe_path(commit.trim()).ok()?))
    }
}

/// Enough of a hash to tell a few names apart.
fn short_hash(text: &str) -> String {
    let mut checksum = Checksum::new();
    checksum.update(text.as_bytes());
    let mut hash = checksum.finish().to_string();
    hash.truncate(16);
    hash
}

/// The folder of a repository in the cache.
pub(super) fn repository_folder(repository: &str) -> String {
    format!("models--{}", repository.replace('/', "--"))
}

fn in_cache(root: &Path, repository: &str, revision: &str, path: &Path, found: &Found) -> Spot {
    let name = repository_folder(repository);
    let folder = root.join(&name);
    // The hub names large files by their hash. Where a mirror gives neither, one is made up.
    let is_name = |etag: &&String| {
        (8..=128).contains(&etag.len())
            && etag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let blob = found.identity.sha256.map(|hash| hash.to_string());
    let blob = blob.or_else(|| found.identity.etag.as_ref().filter(is_name).cloned()).unwrap_or_else(|| {
        let mut checksum = Checksum::new();
        let commit = found.commit.as_deref().unwrap_or(revision);
        checksum.update(format!("{commit} {} {}", path.display(), found.identity.bytes).as_bytes());
        checksum.finish().to_string()
    });
    let commit = found.commit.clone().unwrap_or_else(|| revision.to_owned());
    let whole = folder.join("blobs").join(&blob);
    Spot {
        lock: root.join(".locks").join(&name).join(format!("{blob}.lock")),
        partial: folder.join("blobs").join(format!("{blob}{PARTIAL}")),
        named: Named::Link {
            link: folder.join("snapshots").join(&commit).join(path),
            reference: (revision != commit || revision == MAIN)
                .then(|| (folder.join("refs").join(revision), commit.clone())),
            cache: root.to_owned(),
        },
        whole,
    }
}

fn in_folder(folder: &Path, path: &Path, found: &Found) -> Spot {
    let kept = folder.join(".cache/huggingface/download");
    let name = path.file_name().unwrap_or_default();
    let beside = |ending: &str| {
        let mut name = name.to_owned();
        name.push(ending);
        if name.len() > LONGEST_NAME_BESIDE {
            name = format!("{}{ending}", short_hash(&name.to_string_lossy())).into();
        }
        kept.join(path.with_file_name(name))
    };
    // What came of other content stays until this one is whole: the answer that named it may have been a portal's.
    let identity = &found.identity;
    let content = format!("{} {:?} {:?}", identity.bytes, identity.sha256, identity.etag);
    Spot {
        lock: beside(".lock"),
        partial: beside(&format!(".{}{PARTIAL}", short_hash(&content))),
        whole: folder.join(path),
        named: Named::Itself {
            kept: beside(".metadata"),
            origin: found.commit.clone().zip(found.identity.etag.clone()).map(|(a, b)| format!("{a}\n{b}\n")),
        },
    }
}

impl Spot {
    /// The path by which the file is used.
    #[must_use]
    pub fn path(&self) -> &Path {
        match &self.named {
            Named::Link { link, .. } => link,
            Named::Itself { .. } => &self.whole,
        }
    }

    /// The partial download.
    #[must_use]
    pub fn partial(&self) -> &Path {
        &self.partial
    }

    /// Whether a file of that length is there, under the name that it is used by.
    #[must_use]
    pub fn is_settled(&self, bytes: u64) -> bool {
        fs::metadata(self.path()).is_ok_and(|metadata| metadata.is_file() && metadata.len() == bytes)
    }

    /// Where the content may be: the blob, or, where there are no links, the file in the snapshot itself.
    pub(super) fn contents(&self) -> impl Iterator<Item = &Path> {
        let itself = match &self.named {
            Named::Link { link, .. } => {
                fs::symlink_metadata(link).is_ok_and(|link| link.is_file()).then_some(link)
            }
            Named::Itself { .. } => None,
        };
        std::iter::once(self.whole.as_path()).chain(itself.map(PathBuf::as_path))
    }

    /// Takes partial files of the same name and other content away, now that the file is there.
    pub(super) fn drop_other_partials(&self) {
        let Named::Itself { .. } = self.named else { return };
        let Some(folder) = self.partial.parent() else { return };
        let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let stem = |name: &str| Some(name.strip_suffix(PARTIAL)?.rsplit_once('.')?.0.to_owned());
        let own = stem(&name(&self.partial));
        for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if own.is_some() && stem(&name(&path)) == own {
                // It is only in the way, and `models remove` would remove it, too.
                let _ = super::download::remove_partial(&path);
            }
        }
    }

    /// Whether it is in the cache, whose files are this program's to replace.
    pub(super) const fn is_in_cache(&self) -> bool {
        matches!(self.named, Named::Link { .. })
    }

    /// Makes the folders that are needed, and so finds out whether they may be written.
    pub(super) fn prepare(&self) -> Result<(), FetchError> {
        let beside = |path: &Path| path.parent().map(Path::to_owned);
        // The hub's tools complain of a repository without this folder.
        let snapshots = self.is_in_cache().then(|| Some(self.whole.parent()?.parent()?.join("snapshots")));
        let folders = [beside(&self.lock), beside(&self.partial), beside(&self.whole), snapshots.flatten()];
        for folder in folders.iter().flatten() {
            fs::create_dir_all(folder)
                .map_err(|source| FetchError::disk(Doing::CreateFolder, folder, source))?;
        }
        match &self.named {
            Named::Link { cache, .. } => write_new(&cache.join("CACHEDIR.TAG"), CACHE_TAG),
            Named::Itself { kept, .. } => {
                if let Some(folder) = kept.ancestors().find(|folder| folder.ends_with(".cache/huggingface")) {
                    write_new(&folder.join(".gitignore"), "*");
                }
            }
        }
        Ok(())
    }

    /// Waits until no other process downloads the same content; `wait` decides each time whether to go on waiting.
    pub(super) fn lock(&self, wait: impl Fn() -> bool) -> Result<Lock, FetchError> {
        lock_at(&self.lock, wait)
    }

    /// Gives `content`, which is there, whole and right, the name that it is used by.
    pub(super) fn settle(&self, content: &Path) -> Result<PathBuf, FetchError> {
        match &self.named {
            Named::Link { link, reference, .. } => {
                let leads_to = |path: &Path| fs::canonicalize(path).ok();
                // One that leads elsewhere is another file's, whatever its name says.
                if content != link && (leads_to(link).is_none() || leads_to(link) != leads_to(content)) {
                    self.link(link).map_err(|source| FetchError::disk(Doing::CreateLink, link, source))?;
                }
                if let Some((path, commit)) = reference {
                    // As the hub's tools have it: a cache that may only be read is good to read from.
                    let _ = write_reference(path, commit);
                }
                Ok(link.clone())
            }
            Named::Itself { kept, origin } => {
                if let Some(origin) = origin {
                    let now = jiff::Timestamp::now().as_millisecond() as f64 / 1e3;
                    // Only a note for the hub's tools, which ask the hub again where it is missing.
                    let _ = write_small(kept, &format!("{origin}{now}\n"));
                }
                Ok(self.whole.clone())
            }
        }
    }

    /// A link from the snapshot to the blob, relative so that the cache can be moved.
    fn link(&self, link: &Path) -> io::Result<()> {
        if let Some(folder) = link.parent() {
            fs::create_dir_all(folder)?;
        }
        #[cfg(unix)]
        {
            let folder = self.whole.parent().and_then(Path::parent).unwrap_or(Path::new("/"));
            let depth =
                link.strip_prefix(folder).map_or(0, |path| path.components().count().saturating_sub(1));
            let target = self.whole.strip_prefix(folder).map_err(io::Error::other)?;
            let up: PathBuf = std::iter::repeat_n("..", depth).collect();
            let target = up.join(target);
            // In place of what is there, in one step.
            let beside = link.parent().unwrap_or(Path::new("."));
            let new = tempfile::Builder::new()
                .make_in(beside, |path| std::os::unix::fs::symlink(&target, path))?
                .into_temp_path();
            new.persist(link).map_err(|error| error.error)
        }
        // Elsewhere links need rights that few users have; the hub's tools then put the file itself there, too.
        #[cfg(not(unix))]
        fs::rename(&self.whole, link)
    }
}

/// Takes the lock at `path`, or waits for it as long as `wait` says so.
pub(super) fn lock_at(path: &Path, wait: impl Fn() -> bool) -> Result<Lock, FetchError> {
    loop {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)
            .map_err(|source| FetchError::disk(Doing::Lock, path, source))?;
        match file.try_lock() {
            // Some programs take the file away with their lock; a lock on a file without a name excludes no one.
            Ok(()) if is_at(&file, path) => return Ok(Lock { _file: file }),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                if !wait() {
                    return Err(FetchError::Interrupted);
                }
                thread::sleep(LOCK_TRIES);
            }
            // A file system without locks: as the hub's tools, go on without one.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                return Ok(Lock { _file: file });
            }
            Err(TryLockError::Error(source)) => return Err(FetchError::disk(Doing::Lock, path, source)),
        }
    }
}

/// Writes a ref where it is another one, whole or not at all.
fn write_reference(path: &Path, commit: &str) -> io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|there| there.trim() == commit) {
        return Ok(());
    }
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    write_small(path, commit)
}

/// Writes a small file whole or not at all, in place of what is there, be that a link.
fn write_small(path: &Path, text: &str) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    readable_by_all(file.as_file())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Others who share the cache must be able to read it; temporary files are their maker's alone.
#[cfg(unix)]
fn readable_by_all(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_all(_file: &File) -> io::Result<()> {
    Ok(())
}

/// A small file that need not be there.
fn write_new(path: &Path, text: &str) {
    if let Ok(mut file) = OpenOptions::new().write(true).create_new(true).open(path) {
        let _ = file.write_all(text.as_bytes());
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    match (file.metadata(), fs::metadata(path)) {
        (Ok(held), Ok(named)) => identity(held) == identity(named),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_at(_file: &File, path: &Path) -> bool {
    path.exists()
}
