//! The hashes of files that were read, for as long as the files stay as they were: 404 GB need not be read again each
//! time that somebody asks whether they are there.
//!
//! Nothing but a cache: what cannot be read or written of it costs time only.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use serde::{Deserialize, Serialize};

use super::FetchError;
use super::checksum::{Checksum, Sha256};
use super::download::Watcher;
use super::error::Doing;
use crate::units::Bytes;

/// What of a file changes with its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    bytes: u64,
    /// Nanoseconds since 1970, and what the file system cannot be told: the time of the last change, and the inode.
    modified: u128,
    changed: Option<i128>,
    inode: Option<u64>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    stamp: Stamp,
    sha256: Sha256,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        let since = |time: io::Result<std::time::SystemTime>| {
            time.ok()?.duration_since(std::time::UNIX_EPOCH).ok().map(|time| time.as_nanos())
        };
        #[cfg(unix)]
        let (changed, inode) = {
            use std::os::unix::fs::MetadataExt as _;
            let changed = i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec());
            (Some(changed), Some(metadata.ino()))
        };
        #[cfg(not(unix))]
        let (changed, inode) = (None, None);
        Self { bytes: metadata.len(), modified: since(metadata.modified()).unwrap_or(0), changed, inode }
    }
}

/// The SHA-256 of a file, read now, or earlier where the file has not changed since.
pub fn hash_file(path: &Path, watcher: &dyn Watcher) -> Result<Sha256, FetchError> {
    let failed = |source| FetchError::disk(Doing::Read, path, source);
    let mut file = File::open(path).map_err(failed)?;
    let before = Stamp::of(&file.metadata().map_err(failed)?);
    let key = fs::canonicalize(path).map_err(failed)?;
    if let Some(kept) = kept().remove(&key).filter(|kept| kept.stamp == before) {
        return Ok(kept.sha256);
    }
    let mut checksum = Checksum::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer).map_err(failed)? {
            0 => break,
            read => checksum.update(&buffer[..read]),
        }
        if watcher.is_cancelled() {
            return Err(FetchError::Interrupted);
        }
        watcher.present(Bytes(checksum.bytes()));
    }
    let sha256 = checksum.finish();
    if Stamp::of(&file.metadata().map_err(failed)?) == before {
        keep(key, Kept { stamp: before, sha256 });
    }
    Ok(sha256)
}

/// Notes the hash of a file whose bytes were hashed as they came.
pub(super) fn note(path: &Path, sha256: Sha256) {
    if let (Ok(key), Ok(metadata)) = (fs::canonicalize(path), fs::metadata(path)) {
        keep(key, Kept { stamp: Stamp::of(&metadata), sha256 });
    }
}

fn place() -> Option<PathBuf> {
    let places = etcetera::choose_base_strategy().ok()?;
    Some(places.cache_dir().join("r1-advisor/checked.json"))
}

fn kept() -> BTreeMap<PathBuf, Kept> {
    let read = || serde_json::from_slice(&fs::read(place()?).ok()?).ok();
    read().unwrap_or_default()
}

fn keep(key: PathBuf, new: Kept) {
    let mut all = kept();
    all.retain(|path, _| path.exists());
    all.insert(key, new);
    let write = || {
        let place = place().ok_or(io::ErrorKind::NotFound)?;
        let folder = place.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer(&mut file, &all)?;
        file.flush()?;
        file.persist(&place)?;
        io::Result::Ok(())
    };
    // A cache that cannot be written is one that is not there.
    let _ = write();
}
