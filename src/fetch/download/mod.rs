//! Fetches one file: in segments over several connections, hashed on the way, and kept so that it can go on after
//! anything.

mod crew;
mod handed;
mod partial;
mod positioned;
mod segments;
mod source;
mod worker;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

pub use crew::Crew;
pub use partial::{PartialFile, inspect_partial, present_bytes, remove_partial};

use super::checked::{hash_file, note};
use super::checksum::{Checksum, Sha256};
use super::error::Doing;
use super::store::Spot;
use super::{Client, FetchError, Found};
use crate::gguf::read_header;
use crate::units::Bytes;
use partial::{Partial, has_remains};
use segments::Segments;
use source::Source;
use worker::Shared;

/// How often progress is reported.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// An observer of a download.
pub trait Watcher {
    /// Bytes that are there.
    fn present(&self, bytes: Bytes);
    /// Bytes that are checked, once all are there.
    fn checked(&self, bytes: Bytes);
    /// Another process downloads the same content: waiting for it.
    fn waiting(&self);
    /// The download starts over, because what came was wrong.
    fn again(&self, why: &FetchError);
    /// Whether to stop.
    fn is_cancelled(&self) -> bool;
}

/// A file that is there.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The path to use it by.
    pub path: PathBuf,
    /// Its SHA-256, where it was computed or is the file's name.
    pub sha256: Option<Sha256>,
    /// How many bytes came for it this time.
    pub received: Bytes,
}

/// Fetches a file to where it belongs, or finds that it is there. A file gets its name only when it is whole and, where
/// a hash is known, right.
pub fn fetch(
    client: &Client,
    found: &Found,
    spot: &Spot,
    crew: &mut Crew,
    watcher: &dyn Watcher,
) -> Result<Fetched, FetchError> {
    if let Look::There(there) = look(found, spot, watcher)? {
        drop_partial(spot);
        return Ok(there);
    }
    spot.prepare()?;
    let lock = {
        let told = std::cell::Cell::new(false);
        spot.lock(|| {
            if !told.replace(true) {
                watcher.waiting();
            }
            !watcher.is_cancelled()
        })?
    };
    match look(found, spot, watcher)? {
        // The previous holder of the lock has downloaded it.
        Look::There(there) => return Ok(there),
        Look::Wrong(path) => {
            fs::remove_file(&path).map_err(|source| FetchError::disk(Doing::Remove, &path, source))?;
        }
        Look::Missing => {}
    }
    let mut received = 0;
    let first = download(client, found, spot, crew, watcher, &mut received);
    let sha256 = match first {
        // A byte that fell over on the way does not do so twice; a server that has other bytes does.
        Err(error @ FetchError::WrongChecksum { .. }) => {
            watcher.again(&error);
            download(client, found, spot, crew, watcher, &mut received)?
        }
        result => result?,
    };
    note(&spot.whole, sha256);
    let path = spot.settle(&spot.whole)?;
    spot.drop_other_partials();
    drop(lock);
    Ok(Fetched { path, sha256: Some(sha256), received: Bytes(received) })
}

/// Removes the partial download of a file that is there by other means, unless it is in use.
fn drop_partial(spot: &Spot) {
    // A kill may have come between the name and the end of what was beside the partial file.
    if has_remains(&spot.partial) && spot.lock(|| false).is_ok() {
        // It is only in the way, and `models remove` would remove it, too.
        let _ = remove_partial(&spot.partial);
    }
}

/// What is there of a file.
enum Look {
    /// The file, whole and, where a hash is known, right.
    There(Fetched),
    /// Nothing.
    Missing,
    /// A file of the cache that is not what its name says: cut short by a crash, or damaged.
    Wrong(PathBuf),
}

/// Looks for the file. Only bytes that were read have a hash, so a file that nobody has read here yet is read now.
fn look(found: &Found, spot: &Spot, watcher: &dyn Watcher) -> Result<Look, FetchError> {
    let mut wrong = None;
    for content in spot.contents() {
        let Ok(metadata) = fs::metadata(content) else { continue };
        let right = if metadata.is_file() && metadata.len() == found.identity.bytes {
            let sha256 = found.identity.sha256.map(|_| hash_file(content, watcher)).transpose()?;
            (sha256 == found.identity.sha256 && has_header(content, found).is_ok()).then_some(sha256)
        } else {
            None
        };
        match right {
            Some(sha256) => {
                // A cache that may only be read is good to read from, as far as its names are right.
                let path = if spot.is_in_cache() { spot.settle(content)? } else { content.to_owned() };
                return Ok(Look::There(Fetched { path, sha256, received: Bytes::ZERO }));
            }
            None if !spot.is_in_cache() => {
                return Err(FetchError::Occupied { path: content.to_owned() });
            }
            None => wrong = wrong.or_else(|| Some(content.to_owned())),
        }
    }
    Ok(wrong.filter(|path| *path == spot.whole).map_or(Look::Missing, Look::Wrong))
}

fn download(
    client: &Client,
    found: &Found,
    spot: &Spot,
    crew: &mut Crew,
    watcher: &dyn Watcher,
    received: &mut u64,
) -> Result<Sha256, FetchError> {
    let writing = |source| FetchError::disk(Doing::Write, &spot.partial, source);
    let (partial, segments) = Partial::open(
        &spot.partial,
        &found.identity,
        &found.place.to_string(),
        segment_bytes(found.identity.bytes),
    )
    .map_err(writing)?;
    let source = Source::new(client.clone(), found.clone());
    let shared = Arc::new(Shared::new(source, partial, segments, client.patience()));
    let result = conduct(&shared, crew, watcher);
    *received += shared.received.load(Ordering::Acquire);
    if let Err(error) = &result
        && error.is_doubtful()
    {
        if is_replaced(client, found) {
            remove_partial(&spot.partial).map_err(writing)?;
            return Err(FetchError::Replaced { file: found.place.to_string() });
        }
        if found.identity.sha256.is_none() && matches!(error, FetchError::TooLong { .. }) {
            remove_partial(&spot.partial).map_err(writing)?;
        }
    }
    let sha256 = result?;
    if let Some(expected) = found.identity.sha256
        && sha256 != expected
    {
        remove_partial(&spot.partial).map_err(writing)?;
        return Err(FetchError::WrongChecksum { file: found.place.to_string(), expected, found: sha256 });
    }
    if let Err(source) = has_header(&spot.partial, found) {
        remove_partial(&spot.partial).map_err(writing)?;
        return Err(FetchError::Header { url: found.place.to_string(), source });
    }
    shared
        .partial
        .finish(&spot.whole)
        .map_err(|source| FetchError::disk(Doing::Write, &spot.whole, source))?;
    Ok(sha256)
}

/// Whether a fresh look finds another file. What the server cannot say now counts for nothing.
fn is_replaced(client: &Client, found: &Found) -> bool {
    client.find(&found.pinned()).is_ok_and(|now| found.identity.is_replaced_by(&now.identity))
}

/// Whether it is a GGUF file at all: what has no hash may be anything.
fn has_header(path: &Path, found: &Found) -> Result<(), crate::gguf::ReadError> {
    let file = fs::File::open(path)?;
    read_header(file, Bytes(found.identity.bytes)).map(drop)
}

/// The length of segments. A test sets its own, to have many in a small file.
fn segment_bytes(length: u64) -> u64 {
    let set = std::env::var("R1_ADVISOR_SEGMENT_BYTES").ok().and_then(|bytes| bytes.parse().ok());
    set.filter(|bytes| *bytes > 0).unwrap_or_else(|| Segments::size_for(length))
}

/// Runs the threads of a download until the file is whole and hashed.
fn conduct(shared: &Arc<Shared>, crew: &mut Crew, watcher: &dyn Watcher) -> Result<Sha256, FetchError> {
    crew.start();
    let hasher = {
        let shared = Arc::clone(shared);
        thread::spawn(move || shared.hash())
    };
    let syncer = {
        let shared = Arc::clone(shared);
        thread::spawn(move || shared.sync())
    };
    let length = shared.segments.length();
    let mut told: Option<Instant> = None;
    while !shared.is_hashed() {
        if watcher.is_cancelled() {
            // The threads are not waited for: one may sit in a read for as long as the server is silent.
            shared.stop();
            return Err(FetchError::Interrupted);
        }
        let now = Instant::now();
        if told.is_none_or(|told| now.duration_since(told) >= TELL_EVERY) {
            told = Some(now);
            let present = shared.segments.present();
            if present < length {
                watcher.present(Bytes(present));
            } else {
                watcher.checked(Bytes(shared.hashed()));
            }
        }
        if !shared.is_stopped() {
            let wanted = if shared.is_parallel() {
                crew.size(now, shared.received.load(Ordering::Acquire))
            } else {
                1
            };
            let refused = shared.refused.load(Ordering::Acquire);
            hire(shared, wanted.saturating_sub(refused).max(1));
        }
        shared.wait_for_end(TELL_EVERY);
    }
    let checksum = hasher.join().unwrap_or_default();
    // A sync that is going on is work that the end would have to do anyway.
    let _ = syncer.join();
    if let Some(error) = shared.take_failure() {
        return Err(error);
    }
    watcher.present(Bytes(length));
    checksum.map(Checksum::finish).ok_or(FetchError::Interrupted)
}

/// Starts threads up to the wanted number; where there are more, they end with their segments.
fn hire(shared: &Arc<Shared>, wanted: usize) {
    shared.wanted.store(wanted, Ordering::Release);
    while shared.fetching.load(Ordering::Acquire) < wanted && shared.segments.has_free() {
        shared.fetching.fetch_add(1, Ordering::AcqRel);
        let shared = Arc::clone(shared);
        thread::spawn(move || shared.fetch());
    }
}
