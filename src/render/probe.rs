//! Draws a probed machine.

use std::io;

use serde::Serialize;

use super::{Align, Grid, Style, View};
use crate::engine::Device;
use crate::i18n::Locale;
use crate::machine::{Assumption, BandwidthBasis, BandwidthReading, Cpu, Gpu, GpuMemory, Machine, Ram};
use crate::message::Message;

/// A probed machine, to be drawn.
#[derive(Debug)]
pub struct ProbeView {
    data: ProbeData,
}

/// The JSON of `probe`.
#[derive(Debug, Serialize)]
pub struct ProbeData {
    /// The machine.
    pub machine: Machine,
    /// What the bundled engine sees of it.
    pub engine: EngineView,
}

/// What the bundled engine sees of a machine.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EngineView {
    /// It answers.
    Built {
        /// What it can compute on.
        devices: Vec<Device>,
        /// What to do where it sees less than there is.
        #[serde(skip_serializing_if = "Option::is_none")]
        advice: Option<String>,
    },
    /// It is not on that machine, which was described.
    Elsewhere,
    /// The program was built without it.
    NotBuilt,
    /// It does not answer.
    Failed {
        /// Why not.
        message: Message,
    },
}

impl ProbeView {
    /// A view of that machine.
    #[must_use]
    pub fn new(data: ProbeData) -> Self {
        Self { data }
    }

    /// The machine.
    #[must_use]
    pub fn machine(&self) -> &Machine {
        &self.data.machine
    }

    /// What is shown: a label, and the lines beside it.
    fn sections(&self) -> Vec<(&'static str, Vec<String>)> {
        let machine = self.machine();
        let mut sections = vec![
            ("Machine", vec![machine.name.clone()]),
            ("CPU", assumed(machine, Assumption::Cpu, cpu(&machine.cpu))),
            ("Memory", assumed(machine, Assumption::Ram, memory(&machine.ram))),
            ("Bandwidth", machine.ram.bandwidth.as_ref().map_or_else(unknown, bandwidth)),
        ];
        match machine.gpus.as_slice() {
            [] => sections.push(("GPU", vec!["none".to_owned()])),
            gpus => sections.extend(gpus.chunk_by(PartialEq::eq).map(|same| ("GPU", alike(same)))),
        }
        if let Some(disk) = &machine.disk {
            sections.push((
                "Disk",
                vec![format!("{} free for models in {}", disk.free_bytes, disk.path.display())],
            ));
        }
        match &self.data.engine {
            EngineView::Elsewhere => {}
            view => sections.push(("Engine", engine(view))),
        }
        sections.extend(machine.notes.iter().map(|note| ("Note", vec![Locale::default().say(note)])));
        sections
    }
}

impl View for ProbeView {
    type Data = ProbeData;

    fn data(&self) -> &ProbeData {
        &self.data
    }

    fn grid(&self) -> Grid {
        let mut grid = Grid::new(&[("what", Align::Left), ("value", Align::Left)]);
        for (label, lines) in self.sections() {
            for line in lines {
                grid.push(vec![label.to_lowercase(), line]);
            }
        }
        grid
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        const LABEL: usize = 11;
        for (label, lines) in self.sections() {
            let mut label = label;
            for line in lines.iter().flat_map(|line| wrapped(line, usize::from(style.width) - LABEL)) {
                writeln!(out, "{label:LABEL$}{line}")?;
                label = "";
            }
        }
        Ok(())
    }
}

/// Cards that are the same to the last byte, as those of a described machine.
fn alike(cards: &[Gpu]) -> Vec<String> {
    let mut lines = gpu(&cards[0]);
    if let Some(first) = lines.first_mut().filter(|_| cards.len() > 1) {
        *first = format!("{} × {first}, each with", cards.len());
    }
    lines
}

/// The lines, the first of them with a word where the part was assumed.
fn assumed(machine: &Machine, part: Assumption, mut lines: Vec<String>) -> Vec<String> {
    if let Some(first) = lines.first_mut().filter(|_| machine.assumed.contains(&part)) {
        first.push_str(" (assumed)");
    }
    lines
}

/// The line in pieces of at most `width` characters, broken at spaces.
fn wrapped(line: &str, width: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for word in line.split(' ') {
        let last = pieces.len() - 1;
        let piece = &mut pieces[last];
        if piece.is_empty() {
            piece.push_str(word);
        } else if piece.chars().count() + 1 + word.chars().count() <= width {
            piece.push(' ');
            piece.push_str(word);
        } else {
            pieces.push(word.to_owned());
        }
    }
    pieces
}

fn unknown() -> Vec<String> {
    vec!["unknown".to_owned()]
}

fn cpu(cpu: &Cpu) -> Vec<String> {
    let mut counts = vec![counted(cpu.physical_cores, "core"), counted(cpu.usable_threads, "usable thread")];
    if cpu.sockets > 1 {
        counts.push(counted(cpu.sockets, "socket"));
    }
    if cpu.numa_nodes > 1 {
        counts.push(counted(cpu.numa_nodes, "NUMA node"));
    }
    if let Some(cache) = cpu.last_level_cache_bytes {
        counts.push(format!("{cache} last-level cache"));
    }
    let sets: Vec<_> = cpu.instruction_sets.iter().map(ToString::to_string).collect();
    let sets =
        if sets.is_empty() { "no vector instructions that ggml uses".to_owned() } else { sets.join(", ") };
    vec![cpu.model.clone(), counts.join(", "), sets]
}

fn counted(count: u32, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn memory(ram: &Ram) -> Vec<String> {
    let mut lines = vec![format!("{} of {} available", ram.available_bytes, ram.total_bytes)];
    if let Some(limit) = ram.cgroup_limit_bytes {
        lines.push(format!("limited to {limit} by a control group; the machine has more"));
    }
    lines.push(match ram.swap_bytes.0 {
        0 => "no swap".to_owned(),
        _ => format!("{} of swap", ram.swap_bytes),
    });
    lines
}

fn bandwidth(reading: &BandwidthReading) -> Vec<String> {
    let rate = reading.bytes_per_second;
    let mut lines = vec![match &reading.basis {
        BandwidthBasis::Measured { date } => format!("{rate}, measured {date}"),
        BandwidthBasis::Specified { source } => format!("{rate}, the platform's peak ({source})"),
        BandwidthBasis::Assumed => format!("{rate}, assumed"),
    }];
    if !reading.by_threads.is_empty() {
        let by_threads = reading
            .by_threads
            .iter()
            .map(|reading| format!("{}: {}", counted(reading.threads, "thread"), reading.bytes_per_second));
        lines.push(by_threads.collect::<Vec<_>>().join(", "));
    }
    lines
}

fn gpu(gpu: &Gpu) -> Vec<String> {
    let memory = match gpu.memory {
        GpuMemory::Dedicated { total_bytes, free_bytes } => format!("{free_bytes} of {total_bytes} free"),
        GpuMemory::Unified { limit_bytes } => format!("up to {limit_bytes} of main memory"),
    };
    let rates = [
        gpu.bandwidth_bytes_per_second.map(|rate| rate.to_string()),
        gpu.fp16_flops.map(|rate| format!("{rate} FP16")),
    ];
    let rest = [
        gpu.pcie.map(|link| link.to_string()),
        gpu.power_limit_watts.map(|watts| format!("{watts:.0} W")),
        gpu.driver.as_ref().map(|driver| format!("driver {driver}")),
        gpu.pci_id.map(|id| id.to_string()),
    ];
    let line = |parts: &mut dyn Iterator<Item = String>| parts.collect::<Vec<_>>().join(", ");
    let name = if gpu.mig { format!("{} (MIG slice)", gpu.name) } else { gpu.name.clone() };
    let mut lines = vec![name, line(&mut std::iter::once(memory).chain(rates.into_iter().flatten()))];
    let rest = line(&mut rest.into_iter().flatten());
    if !rest.is_empty() {
        lines.push(rest);
    }
    lines
}

fn engine(view: &EngineView) -> Vec<String> {
    match view {
        EngineView::Built { devices, advice } => {
            let devices = devices.iter().map(|device| {
                let Device { name, description, free_bytes, total_bytes, .. } = device;
                format!("{name}: {description}, {free_bytes} of {total_bytes} free")
            });
            devices.chain(advice.clone()).collect()
        }
        EngineView::Elsewhere => Vec::new(),
        EngineView::NotBuilt => vec!["not built in: nothing can be measured with `bench`".to_owned()],
        EngineView::Failed { message } => vec![Locale::default().say(message)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::DeviceKind;
    use crate::machine::{InstructionSet, MACHINE_SCHEMA_VERSION, Origin, PcieLink, ThreadBandwidth, Vendor};
    use crate::render::{Format, write};
    use crate::units::{Bandwidth, Bytes, Flops};

    fn view() -> ProbeView {
        let date = jiff::civil::date(2026, 11, 23);
        let rate = Bandwidth::gb_per_second(31.5);
        let machine = Machine {
            schema_version: MACHINE_SCHEMA_VERSION,
            name: "box".into(),
            origin: Origin::Probed { date },
            cpu: Cpu {
                model: "AMD EPYC 9124 16-Core Processor".into(),
                physical_cores: 16,
                usable_threads: 1,
                clock_ghz: None,
                sockets: 2,
                numa_nodes: 1,
                instruction_sets: [InstructionSet::Avx2, InstructionSet::Avx512].into(),
                last_level_cache_bytes: Some(Bytes::mib(64)),
            },
            ram: Ram {
                total_bytes: Bytes::gib(64),
                available_bytes: Bytes::gib(60),
                cgroup_limit_bytes: Some(Bytes::gib(64)),
                swap_bytes: Bytes::ZERO,
                bandwidth: Some(BandwidthReading {
                    bytes_per_second: rate,
                    basis: BandwidthBasis::Measured { date },
                    by_threads: vec![ThreadBandwidth { threads: 1, bytes_per_second: rate }],
                }),
            },
            gpus: vec![Gpu {
                name: "NVIDIA GeForce RTX 4090".into(),
                vendor: Vendor::Nvidia,
                memory: GpuMemory::Dedicated { total_bytes: Bytes::mib(24_564), free_bytes: Bytes::gib(23) },
                bandwidth_bytes_per_second: Some(Bandwidth::gb_per_second(1008.0)),
                fp32_flops: None,
                class: None,
                fp16_flops: Some(Flops::tera(165.2)),
                int8_ops: None,
                accelerator: Some("rtx-4090".into()),
                pci_id: Some("10de:2684".parse().unwrap()),
                pcie: Some(PcieLink { generation: 4, width: 16 }),
                power_limit_watts: Some(450.0),
                driver: Some("580.65.06".into()),
                mig: false,
            }],
            disk: None,
            assumed: std::collections::BTreeSet::new(),
            notes: vec!["a note that is long enough to be broken into two lines on a narrow terminal".into()],
        };
        let cpu = Device {
            name: "CPU".into(),
            description: machine.cpu.model.clone(),
            kind: DeviceKind::Cpu,
            total_bytes: Bytes::gib(64),
            free_bytes: Bytes::gib(60),
        };
        let advice = Some("no GPU, for CUDA is not built in: see the README on features".into());
        ProbeView::new(ProbeData { machine, engine: EngineView::Built { devices: vec![cpu], advice } })
    }

    #[test]
    fn a_machine_reads_at_a_glance() {
        let mut out = Vec::new();
        write(
            &view(),
            Format::Table,
            Style { width: 60, lang: crate::lang::Lang::En, locale: &crate::i18n::Locale::default() },
            &mut out,
        )
        .unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "\
Machine    box
CPU        AMD EPYC 9124 16-Core Processor
           16 cores, 1 usable thread, 2 sockets, 64.0 MiB
           last-level cache
           AVX2, AVX-512
Memory     60.0 GiB of 64.0 GiB available
           limited to 64.0 GiB by a control group; the
           machine has more
           no swap
Bandwidth  31.5 GB/s, measured 2026-11-23
           1 thread: 31.5 GB/s
GPU        NVIDIA GeForce RTX 4090
           23.0 GiB of 24.0 GiB free, 1008 GB/s, 165 TFLOPS
           FP16
           PCIe 4.0 x16, 450 W, driver 580.65.06, 10de:2684
Engine     CPU: AMD EPYC 9124 16-Core Processor, 60.0 GiB of
           64.0 GiB free
           no GPU, for CUDA is not built in: see the README
           on features
Note       a note that is long enough to be broken into two
           lines on a narrow terminal
"
        );
    }

    #[test]
    fn the_json_holds_the_machine_under_one_key() {
        let mut out = Vec::new();
        write(
            &view(),
            Format::Json,
            Style { width: 80, lang: crate::lang::Lang::En, locale: &crate::i18n::Locale::default() },
            &mut out,
        )
        .unwrap();
        let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(json["schema_version"], 1);
        assert_eq!(json["machine"]["ram"]["bandwidth"]["basis"]["kind"], "measured");
        assert_eq!(serde_json::from_value::<Machine>(json["machine"].clone()).unwrap(), *view().machine());
    }
}
