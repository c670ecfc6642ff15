//! A file that is not whole yet, and the journal beside it of which parts are safe.
//!
//! Two things are kept, because two things can go wrong. After `kill -9` all that was written is still in the
//! system's page cache, so the **marks** (how much of each segment was written, noted after each write) hold as long
//! as the system runs. After a power loss only what was synced to the disk is certain; the **journal** records that, and
//! which run of the system the marks are of.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::positioned::{begin_writing_at, read_exact_at, write_all_at};
use super::segments::Segments;
use crate::fetch::Identity;
use crate::fetch::checksum::{Checksum, ChecksumState};

/// The version of the journal's layout.
const VERSION: u32 = 1;

/// What is known of a partial file without the right to write it.
#[derive(Clone, Debug)]
pub struct PartialFile {
    /// The path.
    pub path: PathBuf,
    /// The folder that it was found under.
    pub root: PathBuf,
    /// The file's name at its source.
    pub source: String,
    /// The length that it will have.
    pub bytes: u64,
    /// How much of it is there.
    pub present: u64,
}

/// What is durable of a download, and the file it belongs to.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Journal {
    version: u32,
    identity: Identity,
    source: String,
    segment_bytes: u64,
    /// The run of the system that the marks are of.
    boot: Option<String>,
    /// How much of each segment is on the disk.
    synced: Vec<u64>,
    checksum: ChecksumState,
}

/// A file that is being fetched. Its owner holds the lock of its place.
#[derive(Debug)]
pub(super) struct Partial {
    path: PathBuf,
    data: File,
    marks: File,
    journal: Journal,
}

/// Where the files beside a partial file are: its name with another ending.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

fn journal_path(path: &Path) -> PathBuf {
    beside(path, ".journal")
}

fn marks_path(path: &Path) -> PathBuf {
    beside(path, ".marks")
}

/// Takes a partial file and what belongs to it away.
pub fn remove_partial(path: &Path) -> io::Result<()> {
    // The journal first: without it, nothing is believed of the rest.
    let kept = [journal_path(path), marks_path(path)];
    let halves = kept.iter().map(|path| half_written(path)).collect::<Vec<_>>();
    for path in kept.into_iter().chain(halves).chain([path.to_owned()]) {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Whether there is a partial file, or anything that belonged to one.
pub(super) fn has_remains(path: &Path) -> bool {
    [path.to_owned(), journal_path(path), marks_path(path)].iter().any(|path| path.exists())
}

/// What is known of the partial file at `path` under `root`, if it is one.
#[must_use]
pub fn inspect_partial(root: &Path, path: &Path) -> Option<PartialFile> {
    let (journal, marks) = believed(path)?;
    Some(PartialFile {
        path: path.to_owned(),
        root: root.to_owned(),
        source: journal.source,
        bytes: journal.identity.bytes,
        present: marks.iter().sum(),
    })
}

/// How many bytes of a file with that identity are in the partial file at `path`.
#[must_use]
pub fn present_bytes(path: &Path, identity: &Identity) -> u64 {
    believed(path)
        .filter(|(journal, _)| journal.identity.is_same(identity))
        .map_or(0, |(_, marks)| marks.iter().sum())
}

/// The journal and how much of each segment can be believed, where all files are there and agree.
fn believed(path: &Path) -> Option<(Journal, Vec<u64>)> {
    let journal: Journal = serde_json::from_slice(&fs::read(journal_path(path)).ok()?).ok()?;
    // Not what a link leads to, which is not the program's to write.
    let data = fs::symlink_metadata(path).ok()?;
    let is_own_marks = fs::symlink_metadata(marks_path(path)).is_ok_and(|marks| marks.is_file());
    let (length, size) = (journal.identity.bytes, journal.segment_bytes);
    if journal.version != VERSION || !data.is_file() || !is_own_marks || data.len() != length || size == 0 {
        return None;
    }
    let count = Segments::count(length, size);
    if journal.synced.len() != count {
        return None;
    }
    let segments = Segments::new(length, size, &[]);
    let mut marks = journal.synced.clone();
    if journal.boot.is_some() && journal.boot == boot() {
        let mut kept = Vec::new();
        File::open(marks_path(path)).ok()?.read_to_end(&mut kept).ok()?;
        for (mark, bytes) in marks.iter_mut().zip(kept.as_chunks::<8>().0) {
            *mark = (*mark).max(u64::from_le_bytes(*bytes));
        }
    }
    let possible = marks.iter().enumerate().all(|(index, mark)| {
        let range = segments.range(index);
        *mark <= range.end - range.start
    });
    possible.then_some((journal, marks))
}

/// The run of the system, where it has a name: page caches do not outlive it.
fn boot() -> Option<String> {
    let name = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

impl Partial {
    /// Opens the partial file at `path`, or begins it where there is none of the same content. Gives how much of each
    /// segment is there.
    pub(super) fn open(
        path: &Path,
        identity: &Identity,
        source: &str,
        segment_bytes: u64,
    ) -> io::Result<(Self, Segments)> {
        if let Some((journal, marks)) =
            believed(path).filter(|(journal, _)| journal.identity.is_same(identity))
        {
            return Self::go_on(path, journal, &marks);
        }
        remove_partial(path)?;
        let data = OpenOptions::new().read(true).write(true).create_new(true).open(path)?;
        data.set_len(identity.bytes)?;
        let count = Segments::count(identity.bytes, segment_bytes);
        let marks = File::create_new(marks_path(path))?;
        let journal = Journal {
            version: VERSION,
            identity: identity.clone(),
            source: source.to_owned(),
            segment_bytes,
            boot: boot(),
            synced: vec![0; count],
            checksum: Checksum::new().state(),
        };
        let partial = Self { path: path.to_owned(), data, marks, journal };
        partial.write_journal(&partial.journal)?;
        Ok((partial, Segments::new(identity.bytes, segment_bytes, &[])))
    }

    fn go_on(path: &Path, mut journal: Journal, marks: &[u64]) -> io::Result<(Self, Segments)> {
        let data = OpenOptions::new().read(true).write(true).open(path)?;
        let now = boot();
        let same_run = now.is_some() && now == journal.boot;
        if !same_run {
            // The marks of another run must not be believed in this one, so they go before the journal names it.
            let bytes: Vec<u8> = marks.iter().flat_map(|mark| mark.to_le_bytes()).collect();
            replace(&marks_path(path), &bytes)?;
            journal.boot = now;
        }
        let marks_file = OpenOptions::new().write(true).open(marks_path(path))?;
        let segments = Segments::new(journal.identity.bytes, journal.segment_bytes, marks);
        let partial = Self { path: path.to_owned(), data, marks: marks_file, journal };
        if !same_run {
            partial.write_journal(&partial.journal)?;
        }
        Ok((partial, segments))
    }

    /// The path.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes bytes that belong at `at`.
    pub(super) fn write(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        write_all_at(&self.data, bytes, at)
    }

    /// Notes that so much of a segment was written.
    pub(super) fn mark(&self, segment: usize, written: u64) -> io::Result<()> {
        write_all_at(&self.marks, &written.to_le_bytes(), 8 * segment as u64)
    }

    /// Reads what was written at `at`.
    pub(super) fn read(&self, buffer: &mut [u8], at: u64) -> io::Result<()> {
        read_exact_at(&self.data, buffer, at)
    }

    /// A checksum of the beginning of the file, as far as one is kept; `front` is how far the file is there.
    pub(super) fn checksum(&self, front: u64) -> Checksum {
        let kept = Some(&self.journal.checksum).filter(|state| state.bytes <= front);
        kept.and_then(Checksum::resume).unwrap_or_default()
    }

    /// Asks the system to begin writing what is there to the disk, without waiting for it. It would in its own time.
    pub(super) fn begin_writing(&self, range: Range<u64>) {
        begin_writing_at(&self.data, range);
    }

    /// Syncs the file to the disk, and notes that what was written before is there for good.
    pub(super) fn sync(&self, marks: Vec<u64>, checksum: ChecksumState) -> io::Result<()> {
        self.data.sync_data()?;
        self.write_journal(&Journal { synced: marks, checksum, ..self.journal.clone() })
    }

    /// Syncs the file and gives it its name.
    pub(super) fn finish(&self, to: &Path) -> io::Result<()> {
        self.data.sync_all()?;
        fs::rename(&self.path, to)?;
        sync_folder(to);
        remove_partial(&self.path)
    }

    fn write_journal(&self, journal: &Journal) -> io::Result<()> {
        replace(&journal_path(&self.path), &serde_json::to_vec(journal)?)
    }
}

/// Where a small file is while it is written. One name, so that a kill leaves no more than one behind; the owner of the
/// partial file holds its lock.
fn half_written(path: &Path) -> PathBuf {
    beside(path, ".new")
}

/// Writes a small file whole or not at all, for good.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let half = half_written(path);
    match fs::remove_file(&half) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = File::create_new(&half)?;
    file.write_all(bytes)?;
    file.sync_data()?;
    fs::rename(half, path)
}

/// Makes a new name in a folder last; where folders cannot be synced, the system does it in its own time.
fn sync_folder(file: &Path) {
    if let Some(folder) = file.parent().and_then(|folder| File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(etag: &str) -> Identity {
        Identity { bytes: 10, sha256: None, etag: Some(etag.to_owned()) }
    }

    fn begun(path: &Path) {
        let (partial, _) = Partial::open(path, &identity("a"), "a file", 4).unwrap();
        partial.write(b"0123", 0).unwrap();
        partial.mark(0, 4).unwrap();
        let mut checksum = Checksum::new();
        checksum.update(b"0123");
        partial.sync(vec![4, 0, 0], checksum.state()).unwrap();
        partial.write(b"45", 4).unwrap();
        partial.mark(1, 2).unwrap();
    }

    #[test]
    fn after_a_kill_all_that_was_written_is_believed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.incomplete");
        begun(&path);
        let (partial, segments) = Partial::open(&path, &identity("a"), "a file", 99).unwrap();
        let written = if boot().is_some() { vec![4, 2, 0] } else { vec![4, 0, 0] };
        assert_eq!(segments.marks(), written);
        assert_eq!(segments.size(), 4);
        assert_eq!(partial.checksum(segments.front()).bytes(), 4);
        assert_eq!(partial.checksum(3).bytes(), 0);
    }

    #[test]
    fn after_a_power_loss_only_what_was_synced_is_believed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.incomplete");
        begun(&path);
        let text = fs::read_to_string(journal_path(&path)).unwrap();
        let mut journal: Journal = serde_json::from_str(&text).unwrap();
        journal.boot = Some("another run".to_owned());
        fs::write(journal_path(&path), serde_json::to_vec(&journal).unwrap()).unwrap();
        assert_eq!(inspect_partial(folder.path(), &path).unwrap().present, 4);
        let (_, segments) = Partial::open(&path, &identity("a"), "a file", 4).unwrap();
        assert_eq!(segments.marks(), [4, 0, 0]);
        // And it stays so: the old marks do not come back to life.
        assert_eq!(inspect_partial(folder.path(), &path).unwrap().present, 4);
    }

    #[test]
    fn other_content_begins_anew_and_so_does_what_nobody_can_tell() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.incomplete");
        let anonymous = Identity { bytes: 10, sha256: None, etag: None };
        for other in [identity("b"), Identity { bytes: 11, ..identity("a") }, anonymous] {
            begun(&path);
            assert_eq!(present_bytes(&path, &other), 0);
            let (_, segments) = Partial::open(&path, &other, "a file", 4).unwrap();
            assert_eq!(segments.present(), 0);
            assert_eq!(fs::read(&path).unwrap(), vec![0; other.bytes as usize]);
        }
    }

    #[test]
    fn a_journal_that_lies_is_not_believed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.incomplete");
        for (from, to) in
            [("[4,0,0]", "[5,0,0]"), ("[4,0,0]", "[4,0]"), ("{", "<"), ("\"version\":1", "\"version\":2")]
        {
            begun(&path);
            let text = fs::read_to_string(journal_path(&path)).unwrap().replacen(from, to, 1);
            fs::write(journal_path(&path), text).unwrap();
            assert!(inspect_partial(folder.path(), &path).is_none(), "{to}");
            assert_eq!(Partial::open(&path, &identity("a"), "a file", 4).unwrap().1.present(), 0);
        }
        begun(&path);
        fs::write(&path, b"short").unwrap();
        assert!(inspect_partial(folder.path(), &path).is_none());
    }
}
