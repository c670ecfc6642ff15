use std::io;

use super::{Style, wrapped};
use crate::lang::Lang;
use crate::machine::{Assumption, BandwidthBasis, GpuMemory, Machine};
use crate::tr;

/// The machine in a line: CPU, memory and GPUs.
pub(super) fn headline(machine: &Machine, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let lang = style.lang;
    let ram = &machine.ram;
    let sockets =
        if machine.cpu.sockets > 1 { format!("{} × ", machine.cpu.sockets) } else { String::new() };
    let cpu = &machine.cpu.model;
    let (total, free) = (ram.total_bytes, ram.available_bytes);
    let is_assumed = |part| machine.assumed.contains(&part);
    let mut parts = vec![
        if is_assumed(Assumption::Cpu) {
            tr!(lang, "{sockets}{cpu} (assumed)", "{sockets}{cpu}（假定）")
        } else {
            format!("{sockets}{cpu}")
        },
        tr!(lang, "{threads} threads", "{threads} 线程", threads = machine.cpu.usable_threads),
        if is_assumed(Assumption::Ram) {
            tr!(lang, "{total} RAM (assumed, {free} free)", "内存 {total}（假定，可用 {free}）")
        } else {
            tr!(lang, "{total} RAM ({free} free)", "内存 {total}（可用 {free}）")
        },
    ];
    parts.extend(ram.bandwidth.as_ref().map(|reading| {
        let basis = match &reading.basis {
            BandwidthBasis::Measured { date } => tr!(lang, "measured {date}", "{date} 实测"),
            BandwidthBasis::Specified { .. } => tr!(lang, "peak", "峰值"),
            BandwidthBasis::Assumed => tr!(lang, "assumed", "假定"),
        };
        let rate = reading.bytes_per_second;
        tr!(lang, "{rate} ({basis})", "{rate}（{basis}）")
    }));
    if machine.gpus.is_empty() {
        parts.push(tr!(lang, "no GPU", "无 GPU"));
    }
    for same in machine.gpus.chunk_by(|a, b| a.name == b.name && a.memory.total() == b.memory.total()) {
        let count = if same.len() > 1 { format!("{} × ", same.len()) } else { String::new() };
        let memory = match same[0].memory {
            GpuMemory::Dedicated { total_bytes, .. } => total_bytes.to_string(),
            GpuMemory::Unified { limit_bytes } => {
                tr!(lang, "up to {limit_bytes} of the RAM", "最多用内存 {limit_bytes}")
            }
        };
        let name = &same[0].name;
        parts.push(tr!(lang, "{count}{name} ({memory})", "{count}{name}（{memory}）"));
    }
    let separator = match lang {
        Lang::En => ", ",
        Lang::Zh => "，",
    };
    wrapped("", &parts.join(separator), style, out)
}
