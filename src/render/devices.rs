//! What the engine can compute on.

use std::io;

use super::text::paragraph;
use super::{Cell, Grid, Reader, Style, Table, View};
use crate::bench::EngineDevices;
use crate::engine::{Device, DeviceKind};
use crate::message;
use crate::message::enumeration;

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

    fn table(&self, reader: Reader, style: Style<'_>) -> Grid {
        let mut table = Table::<Device>::new();
        table.left("device", message!(BenchDevice), |device| device.name.clone());
        table.left("what", message!(BenchDeviceKind), |device| kind(device.kind));
        table.left("name", message!(BenchDeviceName), |device| device.description.clone());
        table.right("memory", message!(BenchDeviceMemory), |device| {
            Cell::from(device.total_bytes).plain(device.total_bytes.to_string())
        });
        table.right("free", message!(BenchDeviceFree), |device| {
            Cell::from(device.free_bytes).plain(device.free_bytes.to_string())
        });
        table.plain("total_bytes", |device| device.total_bytes);
        table.plain("free_bytes", |device| device.free_bytes);
        table.grid(&self.found.devices, reader, style.locale)
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let EngineDevices { engine, backends, .. } = self.found;
        let (version, engine) = (&engine.version, &engine.name);
        let built = if backends.is_empty() {
            message!(BenchDevicesBare { engine, version })
        } else {
            message!(BenchDevicesBuilt { engine, version, backends: enumeration(backends) })
        };
        paragraph(built, style, out)?;
        writeln!(out)?;
        self.table(Reader::Terminal, style).text(style, out)
    }
}

fn kind(kind: DeviceKind) -> Cell {
    match kind {
        DeviceKind::Cpu => Cell::from(message!(BenchDeviceCpu)).plain("CPU"),
        DeviceKind::Gpu => Cell::from(message!(BenchDeviceGpu)).plain("GPU"),
        DeviceKind::IntegratedGpu => Cell::from(message!(BenchDeviceIntegrated)).plain("GPU in main memory"),
        DeviceKind::Accelerator => Cell::from(message!(BenchDeviceAccelerator)).plain("accelerator"),
    }
}
