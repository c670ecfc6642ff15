//! A model's file with random weights: written where there is none, and gone afterwards unless it is to stay.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use tempfile::TempPath;

use super::BenchError;
use super::slices::{Slice, layout};
use crate::catalog::{Model, Quant};
use crate::gguf::generate::SyntheticModel;
use crate::gguf::{FileType, LatentLayout, Mix, metadata};
use crate::units::Bytes;

/// A seed like any other: the same file every time.
const SEED: u64 = 0x0052_315f_6164_7631;

/// What a synthetic file is made of, and where it goes.
#[derive(Clone, Debug)]
pub struct SyntheticFile {
    model: SyntheticModel,
    folder: PathBuf,
    name: String,
    stands_in_by: Option<FileType>,
}

/// A file to run, removed with this value unless it is to stay.
#[derive(Debug)]
pub enum Placed {
    /// It was there before, or is to stay.
    Kept(PathBuf),
    /// It goes when this value does.
    Temporary(TempPath),
    /// It is in main memory, and goes when this value does.
    InMemory(PathBuf, File),
}

/// What becomes of a file afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Afterwards {
    /// It is removed.
    Remove,
    /// It stays for the next time.
    Keep,
}

impl Placed {
    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Kept(path) | Self::InMemory(path, _) => path,
            Self::Temporary(path) => path,
        }
    }
}

impl SyntheticFile {
    /// The file that llama.cpp's quantizer would make of `model` in `quant`, but for the weights' values; or what stands
    /// in for it.
    pub fn new(model: &Model, quant: &Quant, folder: &Path) -> Result<Self, BenchError> {
        let (mix, layout) = layout(model, quant)?;
        let keys = metadata(&model.name, &model.architecture, mix, LatentLayout::default());
        Ok(Self {
            model: SyntheticModel::new(&keys, &layout),
            folder: folder.to_owned(),
            name: format!("{}-{}-random", model.id, quant.id),
            stands_in_by: is_no_rule(quant).then_some(mix.file_type),
        })
    }

    /// The same with the layers of a slice only.
    pub fn slice(model: &Model, quant: &Quant, folder: &Path, slice: &Slice) -> Result<Self, BenchError> {
        let (mix, layout) = layout(model, quant)?;
        let architecture = slice.of(&model.architecture);
        let keys = metadata(&model.name, &architecture, mix, LatentLayout::default());
        Ok(Self {
            model: SyntheticModel::new(&keys, &layout.pick(slice.layers())),
            folder: folder.to_owned(),
            name: format!("{}-{}-{}-layers-random", model.id, quant.id, slice.layers().len()),
            stands_in_by: is_no_rule(quant).then_some(mix.file_type),
        })
    }

    /// The rule that it is made by where the quant's makers followed none.
    #[must_use]
    pub const fn stands_in_by(&self) -> Option<FileType> {
        self.stands_in_by
    }

    /// Where it goes.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The length of the file.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        self.model.file_bytes()
    }

    /// The file of an earlier run that was kept, if it is whole.
    #[must_use]
    pub fn kept(&self) -> Option<PathBuf> {
        let path = self.kept_path();
        let length = fs::metadata(&path).ok()?.len();
        (length == self.bytes().0).then_some(path)
    }

    /// The header alone, which takes a few kilobytes and is enough to plan memory for.
    pub fn place_header(&self) -> Result<Placed, BenchError> {
        let path = self.temporary()?;
        self.model.write_header_only(&path)?;
        Ok(Placed::Temporary(path))
    }

    /// The whole file, on a disk with `free` bytes. Whatever goes wrong, no part of it stays.
    pub fn place(
        &self,
        free: Option<Bytes>,
        afterwards: Afterwards,
        writing: &Writing<'_>,
    ) -> Result<Placed, BenchError> {
        if let Some(free) = free.filter(|free| *free < self.bytes()) {
            return Err(BenchError::DiskFull { folder: self.folder.clone(), free, needed: self.bytes() });
        }
        let path = self.temporary()?;
        self.model.write_random_weights(&path, SEED, writing.threads, writing.progress, writing.cancelled)?;
        match afterwards {
            Afterwards::Remove => Ok(Placed::Temporary(path)),
            Afterwards::Keep => {
                let kept = self.kept_path();
                path.persist(&kept).map_err(|error| self.folder_error(error.error))?;
                Ok(Placed::Kept(kept))
            }
        }
    }

    /// The whole file in main memory, under a path that lives as long as what is returned: nothing of it is left when
    /// this process ends, however it ends. None where the system has no such files.
    pub fn place_in_memory(&self, writing: &Writing<'_>) -> Result<Option<Placed>, BenchError> {
        let Some(file) = memory_file(&self.name) else { return Ok(None) };
        let path = path_of(&file);
        self.model.write_random_weights(&path, SEED, writing.threads, writing.progress, writing.cancelled)?;
        Ok(Some(Placed::InMemory(path, file)))
    }

    fn kept_path(&self) -> PathBuf {
        self.folder.join(&self.name).with_added_extension("gguf")
    }

    fn temporary(&self) -> Result<TempPath, BenchError> {
        fs::create_dir_all(&self.folder).map_err(|error| self.folder_error(error))?;
        tempfile::Builder::new()
            .prefix(&format!("{}-", self.name))
            .suffix(".part.gguf")
            .tempfile_in(&self.folder)
            .map(tempfile::NamedTempFile::into_temp_path)
            .map_err(|error| self.folder_error(error))
    }

    fn folder_error(&self, source: io::Error) -> BenchError {
        BenchError::Folder { folder: self.folder.clone(), source }
    }
}

/// Whether its makers chose the types of the tensors themselves.
fn is_no_rule(quant: &Quant) -> bool {
    Mix::named(&quant.id, quant.importance_matrix).is_none()
}

/// Holds so much main memory until what is returned is dropped, so that others get what lies behind it; none where the
/// system cannot.
#[must_use]
pub fn set_aside(bytes: Bytes) -> Option<File> {
    memory_file("set-aside").filter(|file| fill(file, bytes))
}

#[cfg(target_os = "linux")]
fn fill(file: &File, bytes: Bytes) -> bool {
    rustix::fs::fallocate(file, rustix::fs::FallocateFlags::empty(), 0, bytes.0).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn fill(_: &File, _: Bytes) -> bool {
    false
}

/// A file without a name in any folder.
#[cfg(target_os = "linux")]
fn memory_file(name: &str) -> Option<File> {
    let flags = rustix::fs::MemfdFlags::CLOEXEC;
    rustix::fs::memfd_create(name, flags).ok().map(File::from)
}

#[cfg(not(target_os = "linux"))]
fn memory_file(_: &str) -> Option<File> {
    None
}

/// Where any process of this user finds it.
#[cfg(unix)]
fn path_of(file: &File) -> PathBuf {
    use std::os::fd::AsRawFd as _;
    PathBuf::from(format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd()))
}

#[cfg(not(unix))]
fn path_of(_: &File) -> PathBuf {
    PathBuf::new()
}

/// How a file is written.
pub struct Writing<'a> {
    /// Threads to write with.
    pub threads: usize,
    /// Hears how many bytes are written.
    pub progress: &'a (dyn Fn(Bytes) + Sync),
    /// Stops the writing once set.
    pub cancelled: &'a AtomicBool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_set_aside_takes_its_memory_at_once() {
        use std::os::unix::fs::MetadataExt as _;
        let aside = set_aside(Bytes::mib(4)).unwrap();
        assert_eq!(Bytes(aside.metadata().unwrap().blocks() * 512), Bytes::mib(4));
    }

    #[test]
    fn a_quant_without_a_rule_is_made_by_the_nearest_at_its_published_size() {
        let catalog = Catalog::embedded().unwrap();
        let model = catalog.model("r1-671b").unwrap();
        let file =
            |quant: &str| SyntheticFile::new(model, catalog.quant(quant).unwrap(), Path::new("")).unwrap();
        let ud = file("UD-Q2_K_XL");
        assert_eq!(ud.stands_in_by(), Some(FileType::Q2_K));
        let published = model.artifacts.iter().find(|artifact| artifact.quant == "UD-Q2_K_XL").unwrap();
        let share = ud.bytes().as_f64() / published.bytes().unwrap().as_f64();
        assert!((share - 1.0).abs() < 0.001, "{share}");
        assert_eq!(file("Q2_K").stands_in_by(), None);
    }
}
