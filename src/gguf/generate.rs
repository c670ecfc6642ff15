//! GGUF files without trained weights: header-only ones, for llama.cpp's memory planner, and ones with random
//! weights, which run at the same speed as the real ones since no kernel's time depends on the values.

use std::fs::File;
use std::io::{self, BufWriter};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;

use fastrand::Rng;

use super::random_blocks;
use super::{GgmlType, GgufWriter, Layout, MetadataValue, Tensor, TensorKind};
use crate::error::{Exit, Failure};
use crate::message;
use crate::message::Message;
use crate::units::Bytes;

/// A model to generate: its metadata and its tensors.
#[derive(Clone, Debug)]
pub struct SyntheticModel {
    tensors: Vec<Tensor>,
    writer: GgufWriter,
}

/// What a thread writes at once, between reports of progress and checks for cancellation.
const CHUNK: usize = 8 << 20;

/// Random blocks are made once a type and repeated from there: making them all would be slower than the
/// disk, and no kernel notices. Large enough that no cache holds it.
const POOL: usize = 16 << 20;

/// Why a file could not be generated.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum GenerateError {
    /// The disk refused.
    Write {
        /// The file.
        path: std::path::PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Cancelled; what was written is for the caller to remove.
    Cancelled,
}

impl Failure for GenerateError {
    fn message(&self) -> Message {
        match self {
            Self::Write { path, source } => message!(GgufWrite { path }).because(source),
            Self::Cancelled => message!(GgufWriteInterrupted),
        }
    }

    fn hint(&self) -> Option<Message> {
        matches!(self, Self::Write { .. }).then(|| message!(GgufWriteHint))
    }

    fn exit(&self) -> Exit {
        match self {
            Self::Write { .. } => Exit::Output,
            Self::Cancelled => Exit::Interrupted,
        }
    }
}

impl SyntheticModel {
    /// A model with this metadata (see [`super::metadata`]) and these tensors.
    #[must_use]
    pub fn new(metadata: &[(String, MetadataValue)], layout: &Layout) -> Self {
        Self { tensors: layout.tensors.clone(), writer: GgufWriter::new(metadata, &layout.tensors) }
    }

    /// The length of the file.
    #[must_use]
    pub fn file_bytes(&self) -> Bytes {
        self.writer.file_bytes()
    }

    /// Writes the header, and the weights as a hole of the right length: llama.cpp plans memory for it and
    /// it takes a few kilobytes of disk.
    pub fn write_header_only(&self, path: &Path) -> Result<(), GenerateError> {
        let create = || {
            let mut file = BufWriter::new(File::create(path)?);
            self.writer.write_header(&mut file)?;
            file.into_inner().map_err(io::IntoInnerError::into_error)?.set_len(self.file_bytes().0)
        };
        create().map_err(|source| GenerateError::Write { path: path.to_owned(), source })
    }

    /// Writes the whole file with random weights on `threads` threads; the same `seed` gives the same file.
    /// `progress` hears how many bytes are written; nothing more is written once `cancelled` is set.
    pub fn write_random_weights(
        &self,
        path: &Path,
        seed: u64,
        threads: usize,
        progress: &(dyn Fn(Bytes) + Sync),
        cancelled: &AtomicBool,
    ) -> Result<(), GenerateError> {
        self.write_header_only(path)?;
        let write_error = |source| GenerateError::Write { path: path.to_owned(), source };
        let file = File::options().write(true).open(path).map_err(write_error)?;
        let pools = Pools::new(&self.tensors, seed);
        let work =
            Work { model: self, file: &file, pools: &pools, progress, cancelled, written: AtomicU64::new(0) };
        let next = AtomicUsize::new(0);
        let chunks = self.chunks();
        thread::scope(|scope| {
            let workers: Vec<_> =
                (0..threads.max(1)).map(|_| scope.spawn(|| work.run(&chunks, &next))).collect();
            workers.into_iter().try_for_each(|worker| {
                worker.join().unwrap_or_else(|_| Err(io::Error::other("a writing thread panicked")))
            })
        })
        .map_err(write_error)?;
        if cancelled.load(Ordering::Relaxed) { Err(GenerateError::Cancelled) } else { Ok(()) }
    }

    /// The file's weights in pieces that a thread writes at once.
    fn chunks(&self) -> Vec<Chunk> {
        let mut chunks = Vec::new();
        for (index, (tensor, position)) in self.tensors.iter().zip(self.writer.positions()).enumerate() {
            let whole = tensor.bytes().0;
            let block = tensor.ggml_type.block_bytes();
            let step = CHUNK as u64 / block * block;
            let mut start = 0;
            while start < whole {
                let length = step.min(whole - start);
                chunks.push(Chunk { tensor: index, position: position + start, start, length });
                start += length;
            }
        }
        chunks
    }
}

struct Chunk {
    tensor: usize,
    position: u64,
    start: u64,
    length: u64,
}

struct Work<'a> {
    model: &'a SyntheticModel,
    file: &'a File,
    pools: &'a Pools,
    progress: &'a (dyn Fn(Bytes) + Sync),
    cancelled: &'a AtomicBool,
    written: AtomicU64,
}

impl Work<'_> {
    fn run(&self, chunks: &[Chunk], next: &AtomicUsize) -> io::Result<()> {
        while let Some(chunk) = chunks.get(next.fetch_add(1, Ordering::Relaxed)) {
            if self.cancelled.load(Ordering::Relaxed) {
                break;
            }
            self.write(chunk)?;
            let written = self.written.fetch_add(chunk.length, Ordering::Relaxed) + chunk.length;
            (self.progress)(Bytes(written));
        }
        Ok(())
    }

    fn write(&self, chunk: &Chunk) -> io::Result<()> {
        let tensor = &self.model.tensors[chunk.tensor];
        if is_norm(tensor.kind) {
            // Norms scale by one, so that the activations of a random model keep their size.
            let ones = 1f32.to_le_bytes().repeat(chunk.length as usize / 4);
            return self.file.write_all_at(&ones, chunk.position);
        }
        let pool = self.pools.of(tensor.ggml_type);
        let block = tensor.ggml_type.block_bytes();
        // Every piece starts elsewhere in the pool, so that tensors differ.
        let blocks = pool.len() as u64 / block;
        let mut at = (chunk.tensor as u64 * 7919 + chunk.start / block) % blocks * block;
        let mut position = chunk.position;
        let mut left = chunk.length;
        while left > 0 {
            let piece = left.min(pool.len() as u64 - at);
            self.file.write_all_at(&pool[at as usize..(at + piece) as usize], position)?;
            (position, left, at) = (position + piece, left - piece, 0);
        }
        Ok(())
    }
}

/// Random blocks of every type that a model uses.
struct Pools(Vec<(GgmlType, Vec<u8>)>);

impl Pools {
    fn new(tensors: &[Tensor], seed: u64) -> Self {
        let used =
            GgmlType::ALL.into_iter().filter(|kind| tensors.iter().any(|tensor| tensor.ggml_type == *kind));
        Self(
            used.map(|kind| {
                let mut pool = vec![0; POOL / kind.block_bytes() as usize * kind.block_bytes() as usize];
                random_blocks::fill(kind, &mut pool, &mut Rng::with_seed(seed ^ u64::from(kind.id())));
                (kind, pool)
            })
            .collect(),
        )
    }

    fn of(&self, kind: GgmlType) -> &[u8] {
        self.0.iter().find(|(pooled, _)| *pooled == kind).map_or(&[], |(_, pool)| pool)
    }
}

const fn is_norm(kind: TensorKind) -> bool {
    matches!(
        kind,
        TensorKind::OutputNorm
            | TensorKind::RopeFrequencies
            | TensorKind::AttentionNorm
            | TensorKind::AttentionQNorm
            | TensorKind::AttentionKNorm
            | TensorKind::LatentQNorm
            | TensorKind::LatentKvNorm
            | TensorKind::FeedForwardNorm
    )
}
