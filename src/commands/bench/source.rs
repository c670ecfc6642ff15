//! The target's file, written when it is asked for.

use std::num::NonZero;
use std::sync::atomic::AtomicBool;
use std::thread;

use super::target::Target;
use crate::bench::synthetic::{Afterwards, Placed, Writing};
use crate::bench::{BenchError, ModelSource};
use crate::commands::Context;
use crate::engine::MemoryPlan;
use crate::probe;
use crate::ui::Progress;

pub(super) struct Source<'a> {
    pub(super) target: &'a Target<'a>,
    pub(super) context: &'a Context,
    pub(super) cancelled: &'a AtomicBool,
    pub(super) afterwards: Afterwards,
}

impl ModelSource for Source<'_> {
    fn header(&self) -> Result<Placed, BenchError> {
        self.target.header()
    }

    fn whole(&self, _: &MemoryPlan) -> Result<Placed, BenchError> {
        let file = match self.target {
            Target::File { path, .. } => return Ok(Placed::Kept(path.clone())),
            Target::Synthetic { file, .. } => file,
        };
        if let Some(path) = file.kept() {
            return Ok(Placed::Kept(path));
        }
        let what = format!("writing {} of random weights", file.bytes().decimal());
        let progress = Progress::bytes(&self.context.printer, file.bytes().0, &what);
        let writing = Writing {
            threads: thread::available_parallelism().map_or(1, NonZero::get),
            progress: &|written| progress.advance_to(written.0),
            cancelled: self.cancelled,
        };
        let free = probe::disk(file.folder()).map(|disk| disk.free_bytes);
        file.place(free, self.afterwards, &writing)
    }
}
