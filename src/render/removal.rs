use std::io;
use std::path::PathBuf;

use serde::Serialize;

use super::{Cell, Grid, Reader, Style, Table, View};
use crate::message::{Message, file_size};
use crate::units::Bytes;
use crate::{message, say};

/// What was removed, drawn.
#[derive(Debug)]
pub struct RemovalView<'a> {
    /// What it is.
    pub report: &'a RemovalReport,
}

/// What was removed.
#[derive(Debug, Serialize)]
pub struct RemovalReport {
    /// What it was called.
    pub removed: Vec<Message>,
    /// The files.
    pub paths: Vec<PathBuf>,
    /// What was freed.
    pub freed_bytes: Bytes,
}

impl View for RemovalView<'_> {
    type Data = RemovalReport;

    fn data(&self) -> &RemovalReport {
        self.report
    }

    fn table(&self, reader: Reader, style: Style<'_>) -> Grid {
        let mut table = Table::<PathBuf>::new();
        table.left("path", message!(CommandsColumnPath), |path| Cell::from(path.display()));
        table.grid(&self.report.paths, reader, style.locale)
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        for name in &self.report.removed {
            writeln!(out, "{}", say!(style.locale, CommandsRemoved { name }))?;
        }
        writeln!(out, "{}", say!(style.locale, CommandsFreed { size: file_size(self.report.freed_bytes) }))
    }
}
