use std::io;

use super::{Style, wrapped};
use crate::machine::{Assumption, BandwidthBasis, BandwidthReading, Gpu, GpuMemory, Machine};
use crate::message;
use crate::message::{Message, Value, phrases};

/// The machine in a line: CPU, memory and GPUs.
pub(super) fn headline(machine: &Machine, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let (cpu, ram) = (&machine.cpu, &machine.ram);
    let is_assumed = |part| machine.assumed.contains(&part);
    let (total, free) = (ram.total_bytes, ram.available_bytes);
    let mut parts: Vec<Value> = vec![
        match counted(cpu.sockets as usize, &cpu.model) {
            model if is_assumed(Assumption::Cpu) => message!(ProbeAssumed { part: model }).into(),
            model => model.into(),
        },
        message!(ProbeThreads { count: cpu.usable_threads }).into(),
        if is_assumed(Assumption::Ram) {
            message!(ProbeLineRamAssumed { total, free }).into()
        } else {
            message!(ProbeLineRam { total, free }).into()
        },
    ];
    parts.extend(ram.bandwidth.as_ref().map(|reading| bandwidth(reading).into()));
    if machine.gpus.is_empty() {
        parts.push(message!(ProbeLineNoGpu).into());
    }
    let is_same = |a: &Gpu, b: &Gpu| a.name == b.name && a.memory.total() == b.memory.total();
    parts.extend(machine.gpus.chunk_by(is_same).map(|same| gpus(same).into()));
    wrapped("", &style.locale.show(phrases(parts)), style, out)
}

fn bandwidth(reading: &BandwidthReading) -> Message {
    let rate = reading.bytes_per_second;
    match &reading.basis {
        BandwidthBasis::Measured { date } => message!(ProbeLineBandwidthMeasured { rate, date }),
        BandwidthBasis::Specified { .. } => message!(ProbeLineBandwidthPeak { rate }),
        BandwidthBasis::Assumed => message!(ProbeLineBandwidthAssumed { rate }),
    }
}

fn gpus(same: &[Gpu]) -> Message {
    let memory: Value = match same[0].memory {
        GpuMemory::Dedicated { total_bytes, .. } => total_bytes.into(),
        GpuMemory::Unified { limit_bytes } => message!(ProbeLineUnified { limit: limit_bytes }).into(),
    };
    message!(ProbeLineGpu { name: counted(same.len(), &same[0].name), memory })
}

/// A name, with how many there are where that is not one.
fn counted(count: usize, name: &str) -> String {
    if count > 1 { format!("{count} × {name}") } else { name.to_owned() }
}
