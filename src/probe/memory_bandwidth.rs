//! Measures what memory gives: bytes per second that a number of threads read from it.
//!
//! A peer's probe reads buffers that fit the cache and reports 53–110 GB/s on machines whose memory gives 9–30.
//! So the buffer here is several times the last-level cache, and the threads stream through all of it, going on
//! from where they stopped: nothing is read again before everything else was.

use std::hint::black_box;
use std::sync::{Barrier, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::machine::ThreadBandwidth;
use crate::units::{Bandwidth, Bytes};

/// Times that each number of threads is measured; the best counts, because noise only slows down.
const PASSES: u32 = 4;
/// What all passes together may take, beside touching the buffer first.
const BUDGET: Duration = Duration::from_millis(900);
/// The longest pass: over a hundred of a scheduler's time slices add nothing.
const LONGEST_PASS: Duration = Duration::from_millis(80);
/// What a thread reads between looks at the clock: 1 MiB takes tens of microseconds, a look tens of nanoseconds.
const BLOCK: usize = (1 << 20) / size_of::<u64>();

/// How memory will be measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    buffer: Bytes,
    threads: Vec<u32>,
    /// Whether memory is too scarce for a buffer that the cache cannot help with.
    pub(super) cache_may_help: bool,
}

impl Plan {
    /// A buffer of four times the cache, and at least 1 GiB because a virtual machine may see less of the
    /// cache than there is (the largest has 504 MiB, Xeon 6980P); at most a quarter of available memory.
    pub(super) fn new(last_level_cache: Option<Bytes>, available: Bytes, usable_threads: u32) -> Self {
        let cache = last_level_cache.unwrap_or(Bytes::ZERO);
        let wanted = (cache * 4).max(Bytes::gib(1));
        let allowed = available.share(0.25);
        let doubling = std::iter::successors(Some(1), |count| Some(count * 2));
        let mut threads: Vec<u32> = doubling.take_while(|count| *count < usable_threads).collect();
        threads.push(usable_threads.max(1));
        Self { buffer: wanted.min(allowed), threads, cache_may_help: allowed < wanted }
    }

    fn pass(&self) -> Duration {
        let passes = u32::try_from(self.threads.len()).unwrap_or(u32::MAX).saturating_mul(PASSES);
        (BUDGET / passes.max(1)).min(LONGEST_PASS)
    }
}

/// Measures every planned number of threads. Takes about a second, and as much memory as the plan says.
pub(super) fn measure(plan: &Plan) -> Vec<ThreadBandwidth> {
    let words = usize::try_from(plan.buffer.0).unwrap_or(usize::MAX / 2) / size_of::<u64>();
    let mut buffer = vec![0u64; words.max(BLOCK)];
    touch(&mut buffer, plan.threads.last().copied().unwrap_or(1));
    plan.threads.iter().map(|threads| read(&buffer, *threads, plan.pass())).collect()
}

/// Writes every page once, each thread its own part: the pages then lie near the threads that touched them,
/// spread over all memory controllers, and no page fault falls into the measurement.
fn touch(buffer: &mut [u64], threads: u32) {
    let part = part(buffer.len(), threads);
    thread::scope(|scope| {
        for part in buffer.chunks_mut(part) {
            scope.spawn(|| part.fill(1));
        }
    });
}

fn part(words: usize, threads: u32) -> usize {
    words.div_ceil(usize::try_from(threads.max(1)).unwrap_or(1)).max(1)
}

fn read(buffer: &[u64], threads: u32, pass: Duration) -> ThreadBandwidth {
    let parts: Vec<&[u64]> = buffer.chunks(part(buffer.len(), threads)).collect();
    let start = Barrier::new(parts.len());
    let rates = Mutex::new([0.0; PASSES as usize]);
    thread::scope(|scope| {
        for part in &parts {
            scope.spawn(|| {
                let mut blocks = part.chunks(BLOCK).cycle();
                for index in 0..PASSES as usize {
                    start.wait();
                    let rate = stream(&mut blocks, pass);
                    rates.lock().unwrap_or_else(PoisonError::into_inner)[index] += rate;
                }
            });
        }
    });
    let rates = rates.into_inner().unwrap_or_else(PoisonError::into_inner);
    ThreadBandwidth { threads, bytes_per_second: Bandwidth(rates.into_iter().fold(0.0, f64::max)) }
}

/// Bytes per second of reading blocks for `pass`.
fn stream<'a>(blocks: &mut impl Iterator<Item = &'a [u64]>, pass: Duration) -> f64 {
    let start = Instant::now();
    let mut bytes = 0;
    loop {
        let Some(block) = blocks.next() else { return 0.0 };
        black_box(sum(block));
        bytes += size_of_val(block);
        let elapsed = start.elapsed();
        if elapsed >= pass {
            return bytes as f64 / elapsed.as_secs_f64();
        }
    }
}

/// Adds up a block. The plainest loop is the one that the compiler unrolls into four vectors of sums: 116 GB/s from
/// the second-level cache of a Zen 4 core, against 24 for sums spelt out in an array, which slows memory down too.
fn sum(block: &[u64]) -> u64 {
    block.iter().fold(0, |sum, word| sum.wrapping_add(*word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_buffer_is_several_times_the_cache_and_a_quarter_of_memory_at_most() {
        let plan = |cache, available, threads| Plan::new(cache, available, threads);
        assert_eq!(
            plan(Some(Bytes::mib(768)), Bytes::gib(500), 96),
            Plan { buffer: Bytes::gib(3), threads: vec![1, 2, 4, 8, 16, 32, 64, 96], cache_may_help: false }
        );
        assert_eq!(plan(Some(Bytes::mib(32)), Bytes::gib(22), 2).buffer, Bytes::gib(1));
        assert_eq!(
            plan(Some(Bytes::mib(260)), Bytes::gib(2), 1),
            Plan { buffer: Bytes::mib(512), threads: vec![1], cache_may_help: true }
        );
    }

    #[test]
    fn all_passes_stay_within_their_budget() {
        for threads in [1, 2, 64, 1024] {
            let plan = Plan::new(None, Bytes::gib(64), threads);
            let passes = PASSES * u32::try_from(plan.threads.len()).unwrap();
            assert!(plan.pass() * passes <= BUDGET);
        }
    }

    #[test]
    fn every_planned_number_of_threads_reads_something() {
        let plan = Plan { buffer: Bytes::mib(16), threads: vec![1, 2], cache_may_help: true };
        let measured = measure(&plan);
        assert_eq!(measured.iter().map(|reading| reading.threads).collect::<Vec<_>>(), [1, 2]);
        assert!(measured.iter().all(|reading| reading.bytes_per_second.as_gb_per_second() > 0.01));
    }
}
