//! What the threads of a download do: fetch segments, hash what is there from the front, sync it to the disk.

use std::io::{ErrorKind, Read as _};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

use ureq::{Body, http::Response};

use super::handed::Handed;
use super::partial::Partial;
use super::segments::Segments;
use super::source::{Sent, Source};
use crate::fetch::checksum::{Checksum, ChecksumState};
use crate::fetch::error::Doing;
use crate::fetch::retry::{MOST_FAILURES, Pace, pause};
use crate::fetch::{FetchError, Identity};

/// Bytes read from a connection at once.
const BUFFER: usize = 256 << 10;

/// What is hashed at once: small enough to stay in a core's cache between the reading and the hashing of it.
const HASHED: usize = 256 << 10;

/// After so much of a segment the system is asked to begin writing it to the disk, so that little is left to write in
/// the end.
const WRITE_OUT: u64 = 4 << 20;

/// So much must have come for a failure to count as the first one again.
const WORTH_A_TRY: u64 = 64 << 10;

/// What a GGUF file begins with.
const MAGIC: &[u8; 4] = b"GGUF";

/// How often what was written is made durable. Seldom: while a file is synced, writes to it block.
const SYNC_EVERY: Duration = Duration::from_secs(5);

/// How often a waiting thread looks whether it is to stop.
const LOOK_UP: Duration = Duration::from_millis(50);

/// State shared by the threads of a download.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) source: Source,
    pub(super) partial: Partial,
    pub(super) segments: Segments,
    pub(super) patience: Duration,
    /// Bytes that came, needed or not.
    pub(super) received: AtomicU64,
    /// Threads that fetch.
    pub(super) fetching: AtomicUsize,
    /// As many as are to.
    pub(super) wanted: AtomicUsize,
    /// Failures in a row of all threads together, with nothing worth a try in between: a thread that naps may lose its
    /// segment to a new one, which knows of none.
    fruitless: AtomicU32,
    /// Threads that gave up because the server turned them away while others were served.
    pub(super) refused: AtomicUsize,
    /// Whether the server has sent a part as it was asked to.
    pub(super) sends_parts: AtomicBool,
    /// Whether the server only sends the whole file, which one thread then reads.
    sends_whole: AtomicBool,
    stopped: AtomicBool,
    failure: Mutex<Option<FetchError>>,
    checksum: Mutex<ChecksumState>,
    /// What came and is not hashed yet, as far as it is still in memory.
    handed: Handed,
    /// Up to where the file must be there for the hashing thread to have something to do.
    awaited: AtomicU64,
    hash_ended: AtomicBool,
    lock: Mutex<()>,
    /// Something was written.
    written: Condvar,
    /// A thread ended, or is to.
    ended: Condvar,
}

/// How a fetching thread goes on.
enum Next {
    Segment,
    Nothing,
}

impl Shared {
    pub(super) fn new(source: Source, partial: Partial, segments: Segments, patience: Duration) -> Self {
        let checksum = partial.checksum(segments.front()).state();
        Self {
            source,
            partial,
            segments,
            patience,
            received: AtomicU64::new(0),
            fetching: AtomicUsize::new(0),
            wanted: AtomicUsize::new(1),
            fruitless: AtomicU32::new(0),
            refused: AtomicUsize::new(0),
            sends_parts: AtomicBool::new(false),
            sends_whole: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
            failure: Mutex::new(None),
            checksum: Mutex::new(checksum),
            handed: Handed::default(),
            awaited: AtomicU64::new(0),
            hash_ended: AtomicBool::new(false),
            lock: Mutex::new(()),
            written: Condvar::new(),
            ended: Condvar::new(),
        }
    }

    /// Asks all threads to end.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
        self.tell(&self.ended);
        self.tell(&self.written);
    }

    fn tell(&self, what: &Condvar) {
        // A thread that is about to wait holds the lock until it does, so that it cannot miss this.
        drop(self.lock.lock().expect("no holder panics"));
        what.notify_all();
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    /// Whether more than one thread is of use.
    pub(super) fn is_parallel(&self) -> bool {
        self.sends_parts.load(Ordering::Acquire) && !self.sends_whole.load(Ordering::Acquire)
    }

    /// Why the download cannot go on, if so.
    pub(super) fn take_failure(&self) -> Option<FetchError> {
        self.failure.lock().expect("no holder panics").take()
    }

    fn fail(&self, error: FetchError) {
        self.failure.lock().expect("no holder panics").get_or_insert(error);
        self.stop();
    }

    /// Sleeps for a while, or until a thread ends or is to end; not at all where the file is hashed.
    pub(super) fn wait_for_end(&self, time: Duration) {
        let held = self.lock.lock().expect("no holder panics");
        if !self.is_hashed() && !self.is_stopped() {
            drop(self.ended.wait_timeout(held, time));
        }
    }

    /// Whether the hashing thread has come to an end.
    pub(super) fn is_hashed(&self) -> bool {
        self.hash_ended.load(Ordering::Acquire)
    }

    fn identity(&self) -> &Identity {
        &self.source.found.identity
    }

    /// Fetches segments until none is left, or until it is of no use any more.
    pub(super) fn fetch(&self) {
        self.fetch_segments();
        self.fetching.fetch_sub(1, Ordering::AcqRel);
        self.tell(&self.ended);
    }

    fn fetch_segments(&self) {
        let mut buffer = vec![0; BUFFER];
        let mut failures = 0;
        let mut others_before = 0;
        while !self.is_stopped()
            && self.fetching.load(Ordering::Acquire) <= self.wanted.load(Ordering::Acquire)
        {
            let Some(segment) = self.segments.take() else { return };
            let mut came = 0;
            let result = self.fetch_segment(segment, &mut buffer, &mut came);
            self.segments.give_back(segment);
            let error = match result {
                Ok(Next::Segment) => {
                    failures = 0;
                    self.fruitless.store(0, Ordering::Release);
                    continue;
                }
                Ok(Next::Nothing) => return,
                Err(error) => error,
            };
            if error.is_doubtful() {
                // What seemed to be the whole file was none of it.
                self.sends_whole.store(false, Ordering::Release);
            }
            failures = if came >= WORTH_A_TRY { 1 } else { failures + 1 };
            let fruitless = if came >= WORTH_A_TRY { 0 } else { self.fruitless.load(Ordering::Acquire) + 1 };
            self.fruitless.store(fruitless, Ordering::Release);
            let fetching = self.fetching.load(Ordering::Acquire);
            let is_hopeless = fruitless as usize >= MOST_FAILURES as usize * fetching.max(1);
            let received = self.received.load(Ordering::Acquire);
            if failures == 1 {
                others_before = received;
            }
            // Without a hash, nothing would tell that a server which cannot count sent the right bytes.
            let is_final = matches!(error, FetchError::TooLong { .. }) && self.identity().sha256.is_none();
            match pause(&error, failures, self.patience).filter(|_| !is_final && !is_hopeless) {
                Some(time) => self.rest(time),
                // A server that turns only some away wants fewer connections.
                None if error.is_passing()
                    && fetching > 1
                    && received >= others_before + came + WORTH_A_TRY =>
                {
                    self.refused.fetch_add(1, Ordering::AcqRel);
                    return;
                }
                None => return self.fail(error),
            }
        }
    }

    fn rest(&self, time: Duration) {
        let mut left = time;
        while !left.is_zero() && !self.is_stopped() {
            let nap = left.min(LOOK_UP);
            std::thread::sleep(nap);
            left -= nap;
        }
    }

    fn fetch_segment(
        &self,
        segment: usize,
        buffer: &mut Vec<u8>,
        came: &mut u64,
    ) -> Result<Next, FetchError> {
        if self.sends_whole.load(Ordering::Acquire) {
            return self.read_whole(self.source.whole()?, buffer, came);
        }
        loop {
            let missing = self.segments.missing(segment);
            if missing.is_empty() {
                return Ok(Next::Segment);
            }
            match self.source.part(&missing)? {
                Sent::Part { body, bytes } => {
                    self.sends_parts.store(true, Ordering::Release);
                    self.read_part(segment, missing.start, body, bytes, buffer, came)?;
                }
                // A server that sends parts has no reason to send something of no length instead.
                Sent::Whole(body)
                    if self.sends_parts.load(Ordering::Acquire) && body.body().content_length().is_none() =>
                {
                    return Err(self.source.wrong_range(&missing, "no range"));
                }
                Sent::Whole(body) => {
                    // One is enough to read the whole file.
                    if self.sends_whole.swap(true, Ordering::AcqRel) {
                        return Ok(Next::Nothing);
                    }
                    return self.read_whole(body, buffer, came);
                }
            }
            if self.is_stopped() {
                return Ok(Next::Nothing);
            }
        }
    }

    fn read_part(
        &self,
        segment: usize,
        start: u64,
        body: Response<Body>,
        bytes: u64,
        buffer: &mut Vec<u8>,
        came: &mut u64,
    ) -> Result<(), FetchError> {
        let mut body = body.into_body().into_reader();
        let (mut at, mut begun) = (start, start);
        let mut pace = Pace::new(self.patience);
        while at < start + bytes {
            if self.is_stopped() {
                return Ok(());
            }
            let wanted = buffer.len().min((start + bytes - at) as usize);
            let read = self.read(&mut body, &mut buffer[..wanted], at)?;
            if read == 0 {
                return Err(self.broken_off(at, None));
            }
            self.write(segment, &buffer[..read], at)?;
            // Of one connection all comes in order: to wait for the hash is then less work than to read it back.
            let is_alone = || self.fetching.load(Ordering::Acquire) == 1 && !self.is_stopped();
            self.handed.hand(at, read, buffer, is_alone);
            *came += read as u64;
            at += read as u64;
            self.note(segment, at);
            self.keep_up(&mut pace, read, at)?;
            if at - begun >= WRITE_OUT {
                self.partial.begin_writing(begun..at);
                begun = at;
            }
        }
        // Reading the end also gives the connection back, to be used again.
        if self.read(&mut body, &mut buffer[..1], at)? > 0 {
            return Err(FetchError::TooLong { url: self.source.url() });
        }
        Ok(())
    }

    /// Reads the whole file from its beginning, and keeps what was missing of it.
    fn read_whole(
        &self,
        body: Response<Body>,
        buffer: &mut [u8],
        came: &mut u64,
    ) -> Result<Next, FetchError> {
        let has_length = body.body().content_length().is_some();
        let mut body = body.into_body().into_reader();
        let mut at = 0;
        let mut pace = Pace::new(self.patience);
        loop {
            if self.is_stopped() {
                return Ok(Next::Nothing);
            }
            let read = self.read(&mut body, buffer, at)?;
            if read == 0 {
                break;
            }
            self.keep_up(&mut pace, read, at)?;
            // Of no length, and no model: a page for people, which would otherwise be taken for the file's beginning.
            let start = read.min(MAGIC.len());
            if at == 0 && !has_length && buffer[..start] != MAGIC[..start] {
                return Err(FetchError::WebPage { url: self.source.url() });
            }
            let end = at + read as u64;
            if end > self.identity().bytes {
                return Err(FetchError::TooLong { url: self.source.url() });
            }
            while at < end {
                let segment = (at / self.segments.size()) as usize;
                let range = self.segments.range(segment);
                let missing = self.segments.missing(segment).start;
                let next = end.min(range.end);
                if missing < next && missing >= at {
                    let part = &buffer[read - (end - missing) as usize..read - (end - next) as usize];
                    self.write(segment, part, missing)?;
                    self.note(segment, next);
                    *came += part.len() as u64;
                }
                at = next;
            }
        }
        if at < self.identity().bytes { Err(self.broken_off(at, None)) } else { Ok(Next::Segment) }
    }

    fn read(&self, body: &mut ureq::BodyReader<'_>, buffer: &mut [u8], at: u64) -> Result<usize, FetchError> {
        loop {
            match body.read(buffer) {
                Ok(read) => {
                    self.received.fetch_add(read as u64, Ordering::AcqRel);
                    return Ok(read);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(self.broken_off(at, Some(error))),
            }
        }
    }

    /// Gives a connection up that drips.
    fn keep_up(&self, pace: &mut Pace, read: usize, at: u64) -> Result<(), FetchError> {
        if pace.came(read) { Ok(()) } else { Err(self.broken_off(at, Some(ErrorKind::TimedOut.into()))) }
    }

    fn broken_off(&self, at: u64, source: Option<std::io::Error>) -> FetchError {
        FetchError::BrokenOff { url: self.source.url(), at, source }
    }

    /// Writes bytes of a segment.
    fn write(&self, segment: usize, bytes: &[u8], at: u64) -> Result<(), FetchError> {
        let written = at + bytes.len() as u64 - self.segments.range(segment).start;
        let kept = self.partial.write(bytes, at).and_then(|()| self.partial.mark(segment, written));
        kept.map_err(|source| FetchError::disk(Doing::Write, self.partial.path(), source))
    }

    /// Notes that a segment is written up to a place in the file.
    fn note(&self, segment: usize, end: u64) {
        self.segments.note(segment, end - self.segments.range(segment).start);
        if self.segments.front() >= self.awaited.load(Ordering::Acquire) {
            self.tell(&self.written);
        }
    }

    /// Hashes what is there from the beginning on, until the file is whole.
    pub(super) fn hash(&self) -> Option<Checksum> {
        let checksum = self.hash_all();
        self.hash_ended.store(true, Ordering::Release);
        self.tell(&self.ended);
        checksum
    }

    fn hash_all(&self) -> Option<Checksum> {
        let mut checksum = self.partial.checksum(self.segments.front());
        let mut buffer = vec![0; HASHED];
        let length = self.segments.length();
        while checksum.bytes() < length && !self.is_stopped() {
            // Small bites would be more calls than work; the last may be of any size.
            let bite = (HASHED as u64).min(length - checksum.bytes());
            let is_short = || self.segments.front() < checksum.bytes() + bite;
            // Asked before the chunks: what comes in between is among them.
            let was_short = is_short();
            if let Some(chunk) = self.handed.take(checksum.bytes()) {
                checksum.update(chunk.from(checksum.bytes()));
                self.handed.give_back(chunk);
                self.tell_hashed(&checksum);
                continue;
            }
            if was_short {
                self.awaited.store(checksum.bytes() + bite, Ordering::Release);
                let held = self.lock.lock().expect("no holder panics");
                if is_short() && !self.is_stopped() {
                    drop(self.written.wait_timeout(held, LOOK_UP));
                }
                continue;
            }
            self.handed.skip_to(checksum.bytes() + bite);
            let bytes = &mut buffer[..bite as usize];
            if let Err(source) = self.partial.read(bytes, checksum.bytes()) {
                self.fail(FetchError::disk(Doing::Read, self.partial.path(), source));
                return None;
            }
            checksum.update(bytes);
            self.tell_hashed(&checksum);
        }
        if checksum.bytes() < length {
            return None;
        }
        Some(checksum)
    }

    fn tell_hashed(&self, checksum: &Checksum) {
        *self.checksum.lock().expect("no holder panics") = checksum.state();
    }

    /// How far the hash has come.
    pub(super) fn hashed(&self) -> u64 {
        self.checksum.lock().expect("no holder panics").bytes
    }

    /// Makes durable what was written, again and again until the download ends. So the disk works while the network
    /// does, and little is left to write in the end.
    pub(super) fn sync(&self) {
        loop {
            let latest = Instant::now() + SYNC_EVERY;
            while Instant::now() < latest {
                if self.is_stopped() || self.is_hashed() {
                    return;
                }
                self.wait_for_end(LOOK_UP);
            }
            let checksum = self.checksum.lock().expect("no holder panics").clone();
            if let Err(source) = self.partial.sync(self.segments.marks(), checksum) {
                return self.fail(FetchError::disk(Doing::Write, self.partial.path(), source));
            }
        }
    }
}
