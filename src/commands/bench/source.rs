//! The target's file, written when it is needed.

use std::cell::OnceCell;
use std::num::NonZero;
use std::sync::atomic::AtomicBool;
use std::thread;

use super::model_args::ModelArgs;
use super::sliced::goes_into_memory;
use super::target::Target;
use crate::bench::synthetic::{Placed, Writing};
use crate::bench::{BenchError, ModelSource};
use crate::commands::Context;
use crate::engine::MemoryPlan;
use crate::message;
use crate::message::file_size;
use crate::probe;
use crate::ui::Progress;
use crate::units::Bytes;

pub(super) struct Source<'a> {
    pub(super) target: &'a Target<'a>,
    pub(super) context: &'a Context,
    pub(super) cancelled: &'a AtomicBool,
    pub(super) args: &'a ModelArgs,
    pub(super) free_memory: Bytes,
    pub(super) file: OnceCell<Placed>,
}

impl ModelSource for Source<'_> {
    fn header(&self) -> Result<Placed, BenchError> {
        self.target.header()
    }

    /// It is made once, and stays until all is measured.
    fn whole(&self, planned: &MemoryPlan) -> Result<Placed, BenchError> {
        let file = if let Some(file) = self.file.get() {
            file
        } else {
            let placed = self.place(planned)?;
            self.file.get_or_init(|| placed)
        };
        Ok(Placed::Kept(file.path().to_owned()))
    }
}

impl Source<'_> {
    fn place(&self, planned: &MemoryPlan) -> Result<Placed, BenchError> {
        let file = match self.target {
            Target::File { path, .. } => return Ok(Placed::Kept(path.clone())),
            Target::Synthetic { file, .. } => file,
        };
        if let Some(path) = file.kept() {
            return Ok(Placed::Kept(path));
        }
        let what = message!(BenchWriting { size: file_size(file.bytes()) });
        let progress = Progress::bytes(&self.context.printer, file.bytes().0, what);
        let writing = Writing {
            threads: thread::available_parallelism().map_or(1, NonZero::get),
            progress: &|written| progress.advance_to(written.0),
            cancelled: self.cancelled,
        };
        if goes_into_memory(self.args, file.bytes(), planned, self.free_memory)
            && let Some(placed) = file.place_in_memory(&writing)?
        {
            return Ok(placed);
        }
        let free = probe::disk(file.folder()).map(|disk| disk.free_bytes);
        file.place(free, self.args.afterwards(), &writing)
    }
}
