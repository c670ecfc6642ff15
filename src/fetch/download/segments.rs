use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// A segment is at most this long: the redirect that each begins with is then a small part of it.
const LONGEST: u64 = 32 << 20;

/// And no shorter, where the file is not.
const SHORTEST: u64 = 1 << 20;

/// The number of segments of a short file, so that many connections end at about the same time.
const MOST_OF_A_SHORT_FILE: u64 = 64;

/// The segments that a file is fetched in, and how much of each is in the partial file, from its beginning on.
#[derive(Debug)]
pub(super) struct Segments {
    length: u64,
    size: u64,
    written: Vec<AtomicU64>,
    /// Segments that are being downloaded.
    taken: Mutex<Vec<bool>>,
    /// All segments before this one are whole.
    whole: AtomicU64,
}

impl Segments {
    /// The length of segments that suits a file of `length` bytes.
    pub(super) fn size_for(length: u64) -> u64 {
        length.div_ceil(MOST_OF_A_SHORT_FILE).next_multiple_of(SHORTEST).clamp(SHORTEST, LONGEST)
    }

    /// How many segments there are.
    pub(super) fn count(length: u64, size: u64) -> usize {
        length.div_ceil(size) as usize
    }

    /// The segments of a file of which so much is there.
    pub(super) fn new(length: u64, size: u64, written: &[u64]) -> Self {
        let count = Self::count(length, size);
        let written: Vec<_> =
            (0..count).map(|index| AtomicU64::new(written.get(index).copied().unwrap_or(0))).collect();
        Self { length, size, written, taken: Mutex::new(vec![false; count]), whole: AtomicU64::new(0) }
    }

    /// The bytes of a segment.
    pub(super) fn range(&self, segment: usize) -> Range<u64> {
        let start = segment as u64 * self.size;
        start..self.length.min(start + self.size)
    }

    /// The part of a segment that is still missing.
    pub(super) fn missing(&self, segment: usize) -> Range<u64> {
        let range = self.range(segment);
        range.start + self.written[segment].load(Ordering::Acquire)..range.end
    }

    /// The first segment that is incomplete and free; it then belongs to the caller.
    pub(super) fn take(&self) -> Option<usize> {
        self.front();
        let first = self.whole.load(Ordering::Acquire) as usize;
        let mut taken = self.taken.lock().expect("no holder panics");
        let free =
            (first..taken.len()).find(|segment| !taken[*segment] && !self.missing(*segment).is_empty())?;
        taken[free] = true;
        Some(free)
    }

    /// Whether there is a segment to take.
    pub(super) fn has_free(&self) -> bool {
        let taken = self.taken.lock().expect("no holder panics");
        taken.iter().enumerate().any(|(segment, taken)| !taken && !self.missing(segment).is_empty())
    }

    /// Gives back a segment that was taken, whole or not.
    pub(super) fn give_back(&self, segment: usize) {
        self.taken.lock().expect("no holder panics")[segment] = false;
    }

    /// Notes that so much of a segment is in the file.
    pub(super) fn note(&self, segment: usize, written: u64) {
        self.written[segment].fetch_max(written, Ordering::AcqRel);
    }

    /// Up to where the file is there without a gap.
    pub(super) fn front(&self) -> u64 {
        let mut segment = self.whole.load(Ordering::Acquire) as usize;
        while segment < self.written.len() && self.missing(segment).is_empty() {
            segment += 1;
        }
        self.whole.fetch_max(segment as u64, Ordering::AcqRel);
        if segment < self.written.len() { self.missing(segment).start } else { self.length }
    }

    /// How many bytes of the file are there.
    pub(super) fn present(&self) -> u64 {
        self.written.iter().map(|written| written.load(Ordering::Acquire)).sum()
    }

    /// How much of each segment is there.
    pub(super) fn marks(&self) -> Vec<u64> {
        self.written.iter().map(|written| written.load(Ordering::Acquire)).collect()
    }

    /// The length of the file.
    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    /// The length of each segment but the last.
    pub(super) const fn size(&self) -> u64 {
        self.size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_free_segment_is_taken_and_whole_ones_never() {
        let segments = Segments::new(10, 4, &[4, 1, 0]);
        assert_eq!((segments.front(), segments.present()), (5, 5));
        assert_eq!(segments.take(), Some(1));
        assert_eq!(segments.missing(1), 5..8);
        assert_eq!(segments.take(), Some(2));
        assert_eq!(segments.range(2), 8..10);
        assert_eq!((segments.take(), segments.has_free()), (None, false));
        segments.give_back(1);
        assert_eq!(segments.take(), Some(1));
        segments.note(2, 2);
        assert_eq!(segments.front(), 5);
        segments.note(1, 4);
        assert_eq!(segments.front(), 10);
        assert_eq!(segments.marks(), [4, 4, 2]);
    }

    #[test]
    fn an_empty_file_is_whole() {
        let segments = Segments::new(0, 4, &[]);
        assert_eq!((segments.front(), segments.take()), (segments.length(), None));
    }

    #[test]
    fn segments_suit_the_file() {
        assert_eq!(Segments::size_for(5 << 10), 1 << 20);
        assert_eq!(Segments::size_for(1 << 30), 16 << 20);
        assert_eq!(Segments::size_for(404 << 30), 32 << 20);
    }
}
