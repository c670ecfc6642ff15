use std::io;

use crate::machine::{Assumption, BandwidthBasis, GpuMemory, Machine};

/// The machine in a line: CPU, memory and GPUs.
pub(super) fn headline(machine: &Machine, out: &mut dyn io::Write) -> io::Result<()> {
    let ram = &machine.ram;
    let sockets =
        if machine.cpu.sockets > 1 { format!("{} × ", machine.cpu.sockets) } else { String::new() };
    let assumed = |part, word| if machine.assumed.contains(&part) { word } else { "" };
    write!(
        out,
        "{sockets}{}{}, {} threads, {} RAM ({}{} free)",
        machine.cpu.model,
        assumed(Assumption::Cpu, " (assumed)"),
        machine.cpu.usable_threads,
        ram.total_bytes,
        assumed(Assumption::Ram, "assumed, "),
        ram.available_bytes
    )?;
    if let Some(reading) = &ram.bandwidth {
        let basis = match &reading.basis {
            BandwidthBasis::Measured { date } => format!("measured {date}"),
            BandwidthBasis::Specified { .. } => "peak".to_owned(),
            BandwidthBasis::Assumed => "assumed".to_owned(),
        };
        write!(out, ", {} ({basis})", reading.bytes_per_second)?;
    }
    if machine.gpus.is_empty() {
        write!(out, ", no GPU")?;
    }
    for same in machine.gpus.chunk_by(|a, b| a.name == b.name && a.memory.total() == b.memory.total()) {
        let count = if same.len() > 1 { format!("{} × ", same.len()) } else { String::new() };
        let memory = match same[0].memory {
            GpuMemory::Dedicated { total_bytes, .. } => total_bytes.to_string(),
            GpuMemory::Unified { limit_bytes } => format!("up to {limit_bytes} of the RAM"),
        };
        write!(out, ", {count}{} ({memory})", same[0].name)?;
    }
    writeln!(out)
}
