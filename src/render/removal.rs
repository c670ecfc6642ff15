use std::io;
use std::path::PathBuf;

use serde::Serialize;

use super::{Align, Grid, Style, View};
use crate::message::{Message, file_size};
use crate::say;
use crate::units::Bytes;

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

    fn grid(&self) -> Grid {
        let mut grid = Grid::new(&[("path", Align::Left)]);
        for path in &self.report.paths {
            grid.push(vec![path.display().to_string()]);
        }
        grid
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        for name in &self.report.removed {
            writeln!(out, "{}", say!(style.locale, CommandsRemoved { name }))?;
        }
        writeln!(out, "{}", say!(style.locale, CommandsFreed { size: file_size(self.report.freed_bytes) }))
    }
}
