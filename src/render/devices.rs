//! What the engine can compute on, drawn.

use std::io;

use super::{Align, Grid, Style, View};
use crate::bench::EngineDevices;
use crate::engine::DeviceKind;

/// What the engine can compute on.
#[derive(Debug)]
pub struct DevicesView<'a> {
    /// What was found.
    pub found: &'a EngineDevices,
}

impl View for DevicesView<'_> {
    type Data = EngineDevices;

    fn data(&self) -> &EngineDevices {
        self.found
    }

    fn grid(&self) -> Grid {
        let mut grid = Grid::new(&[
            ("device", Align::Left),
            ("what", Align::Left),
            ("name", Align::Left),
            ("memory", Align::Right),
            ("free", Align::Right),
        ]);
        for device in &self.found.devices {
            grid.push(vec![
                device.name.clone(),
                match device.kind {
                    DeviceKind::Cpu => "CPU",
                    DeviceKind::Gpu => "GPU",
                    DeviceKind::IntegratedGpu => "GPU in main memory",
                    DeviceKind::Accelerator => "accelerator",
                }
                .to_owned(),
                device.description.clone(),
                device.total_bytes.to_string(),
                device.free_bytes.to_string(),
            ]);
        }
        grid
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let EngineDevices { engine, backends, .. } = self.found;
        let built = if backends.is_empty() { "no GPU backend".to_owned() } else { backends.join(", ") };
        writeln!(out, "{} {}, built with {built}\n", engine.name, engine.version)?;
        self.grid().text(style, out)
    }
}
