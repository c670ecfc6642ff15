//! Bytes on their way from the threads that fetch to the one that hashes, so that they need not be read back from the
//! file: that costs more than to receive them.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::Duration;

/// Buffers that may wait to be hashed.
const MOST: usize = 32;

/// How often who waits for room looks whether it is to stop.
const LOOK_UP: Duration = Duration::from_millis(50);

/// Bytes of the file, in the buffer that they came in.
#[derive(Debug)]
pub(super) struct Chunk {
    at: u64,
    bytes: usize,
    buffer: Vec<u8>,
}

impl Chunk {
    const fn end(&self) -> u64 {
        self.at + self.bytes as u64
    }

    /// The bytes from `at` on.
    pub(super) fn from(&self, at: u64) -> &[u8] {
        &self.buffer[(at - self.at) as usize..self.bytes]
    }
}

/// The chunks that follow what is hashed, without a gap.
#[derive(Debug, Default)]
pub(super) struct Handed {
    inner: Mutex<Inner>,
    room: Condvar,
}

#[derive(Debug, Default)]
struct Inner {
    /// The next bytes to hash.
    next: u64,
    chunks: VecDeque<Chunk>,
    spare: Vec<Vec<u8>>,
}

impl Handed {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("no holder panics")
    }

    /// Hands over the first `bytes` of `buffer`, which are at `at` of the file, and gives an empty buffer for it: where
    /// they follow what was handed over before. Where there is no room for more, waits as long as that may be.
    pub(super) fn hand(&self, at: u64, bytes: usize, buffer: &mut Vec<u8>, may_wait: impl Fn() -> bool) {
        let mut inner = self.inner();
        loop {
            if at != inner.chunks.back().map_or(inner.next, Chunk::end) {
                return;
            }
            if inner.chunks.len() < MOST {
                break;
            }
            if !may_wait() {
                return;
            }
            inner = self.room.wait_timeout(inner, LOOK_UP).expect("no holder panics").0;
        }
        let empty = inner.spare.pop().unwrap_or_else(|| vec![0; buffer.len()]);
        inner.chunks.push_back(Chunk { at, bytes, buffer: std::mem::replace(buffer, empty) });
    }

    /// The chunk that has the byte at `at`, up to which all is hashed.
    pub(super) fn take(&self, at: u64) -> Option<Chunk> {
        let mut inner = self.inner();
        while inner.chunks.front().is_some_and(|chunk| chunk.end() <= at) {
            let late = inner.chunks.pop_front()?;
            inner.spare.push(late.buffer);
        }
        let chunk = inner.chunks.pop_front();
        inner.next = chunk.as_ref().map_or(at, Chunk::end);
        drop(inner);
        self.room.notify_all();
        chunk
    }

    /// What is before `at` is read from the file: what follows it may be handed over.
    pub(super) fn skip_to(&self, at: u64) {
        self.inner().next = at;
    }

    /// Gives the buffer of a chunk back.
    pub(super) fn give_back(&self, chunk: Chunk) {
        self.inner().spare.push(chunk.buffer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hand(handed: &Handed, at: u64, text: &str) -> bool {
        let mut buffer = text.as_bytes().to_vec();
        handed.hand(at, text.len(), &mut buffer, || false);
        buffer != text.as_bytes()
    }

    #[test]
    fn only_what_follows_is_taken_over() {
        let handed = Handed::default();
        assert!(handed.take(10).is_none());
        assert!(!hand(&handed, 9, "abc"));
        assert!(hand(&handed, 10, "abc"));
        assert!(!hand(&handed, 14, "e"));
        assert!(hand(&handed, 13, "d"));
        let chunk = handed.take(10).unwrap();
        assert_eq!(chunk.from(10), b"abc");
        handed.give_back(chunk);
        assert_eq!(handed.take(13).unwrap().from(13), b"d");
        // A thread that reads the file itself may be in the middle of one, or behind it.
        assert!(hand(&handed, 14, "efg"));
        assert_eq!(handed.take(15).unwrap().from(15), b"fg");
        assert!(handed.take(17).is_none());
        assert!(hand(&handed, 17, "h"));
        assert!(handed.take(17).is_some());
        handed.skip_to(20);
        assert!(!hand(&handed, 18, "ij"));
        assert!(hand(&handed, 20, "k"));
    }

    #[test]
    fn no_more_waits_than_there_is_room_for() {
        let handed = Handed::default();
        let taken = (0..100).filter(|at| hand(&handed, *at, "x")).count();
        assert_eq!(taken, MOST);
        assert!(handed.take(0).is_some());
        assert!(hand(&handed, MOST as u64, "x"));
    }
}
