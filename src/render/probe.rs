//! Draws a probed machine.

use std::io;

use serde::Serialize;

use super::text::padded;
use super::{Cell, Grid, Reader, Style, Table, View, wrapped};
use crate::engine::Device;
use crate::machine::{Assumption, BandwidthBasis, BandwidthReading, Cpu, Gpu, GpuMemory, Machine, Ram};
use crate::message;
use crate::message::{Message, Value, enumeration, fact, phrases};

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
        advice: Option<Message>,
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

    /// What is shown, in lines that stand beside their section's label.
    fn lines(&self) -> Vec<Line> {
        let machine = self.machine();
        let mut lines = Vec::new();
        let mut add = |section: Section, values: Vec<Value>| {
            let values = values.into_iter().enumerate();
            lines.extend(values.map(|(at, value)| Line { section, is_first: at == 0, value }));
        };
        add(Section::Machine, vec![(&machine.name).into()]);
        add(Section::Cpu, assumed(machine, Assumption::Cpu, cpu(&machine.cpu)));
        add(Section::Memory, assumed(machine, Assumption::Ram, memory(&machine.ram)));
        let unknown = || vec![message!(ProbeUnknown).into()];
        add(Section::Bandwidth, machine.ram.bandwidth.as_ref().map_or_else(unknown, bandwidth));
        if machine.gpus.is_empty() {
            add(Section::Gpu, vec![message!(ProbeNone).into()]);
        }
        for same in machine.gpus.chunk_by(PartialEq::eq) {
            add(Section::Gpu, alike(same));
        }
        if let Some(disk) = &machine.disk {
            let free = message!(ProbeDiskFree { free: disk.free_bytes, path: &disk.path });
            add(Section::Disk, vec![free.into()]);
        }
        add(Section::Engine, engine(&self.data.engine));
        for note in &machine.notes {
            add(Section::Note, vec![note.into()]);
        }
        lines
    }
}

/// A line of a section.
struct Line {
    section: Section,
    /// Whether it begins a section, or another card or note.
    is_first: bool,
    value: Value,
}

/// A part of the machine.
#[derive(Clone, Copy)]
enum Section {
    Machine,
    Cpu,
    Memory,
    Bandwidth,
    Gpu,
    Disk,
    Engine,
    Note,
}

impl Section {
    fn label(self) -> (&'static str, Message) {
        match self {
            Self::Machine => ("machine", message!(ProbeMachine)),
            Self::Cpu => ("cpu", message!(ProbeCpu)),
            Self::Memory => ("memory", message!(ProbeMemory)),
            Self::Bandwidth => ("bandwidth", message!(ProbeBandwidth)),
            Self::Gpu => ("gpu", message!(ProbeGpu)),
            Self::Disk => ("disk", message!(ProbeDisk)),
            Self::Engine => ("engine", message!(ProbeEngine)),
            Self::Note => ("note", message!(ProbeNote)),
        }
    }
}

impl View for ProbeView {
    type Data = ProbeData;

    fn data(&self) -> &ProbeData {
        &self.data
    }

    fn table(&self, reader: Reader, style: Style<'_>) -> Grid {
        let mut table = Table::<Line>::new();
        table.left("what", message!(ProbeWhat), |line| {
            let (key, label) = line.section.label();
            Cell::from(label).plain(key)
        });
        table.left("value", message!(ProbeValue), |line| line.value.clone());
        table.grid(&self.lines(), reader, style.locale)
    }

    fn draw(&self, style: Style<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        const LABEL: usize = 11;
        for Line { section, is_first, value } in self.lines() {
            let label = if is_first { style.locale.say(&section.label().1) } else { String::new() };
            wrapped(&padded(&label, LABEL), &style.locale.show(value), style, out)?;
        }
        Ok(())
    }
}

/// Cards that are the same to the last byte, as those of a described machine.
fn alike(cards: &[Gpu]) -> Vec<Value> {
    let mut lines = gpu(&cards[0]);
    if cards.len() > 1 {
        lines[0] = message!(ProbeEachWith { count: cards.len(), name: &lines[0] }).into();
    }
    lines
}

/// The lines, the first of them with a word where the part was assumed.
fn assumed(machine: &Machine, part: Assumption, mut lines: Vec<Value>) -> Vec<Value> {
    if machine.assumed.contains(&part) {
        lines[0] = message!(ProbeAssumed { part: &lines[0] }).into();
    }
    lines
}

fn cpu(cpu: &Cpu) -> Vec<Value> {
    let counts = [
        Some(message!(ProbeCores { count: cpu.physical_cores })),
        Some(message!(ProbeUsableThreads { count: cpu.usable_threads })),
        (cpu.sockets > 1).then(|| message!(ProbeSockets { count: cpu.sockets })),
        (cpu.numa_nodes > 1).then(|| message!(ProbeNumaNodes { count: cpu.numa_nodes })),
        cpu.last_level_cache_bytes.map(|cache| message!(ProbeLastLevelCache { cache })),
    ];
    let sets: Value = if cpu.instruction_sets.is_empty() {
        message!(ProbeNoVectors).into()
    } else {
        enumeration(cpu.instruction_sets.iter().map(ToString::to_string))
    };
    vec![(&cpu.model).into(), phrases(counts.into_iter().flatten()), sets]
}

fn memory(ram: &Ram) -> Vec<Value> {
    let swap = match ram.swap_bytes.0 {
        0 => message!(ProbeNoSwap),
        _ => message!(ProbeSwap { swap: ram.swap_bytes }),
    };
    let lines = [
        Some(message!(ProbeAvailable { free: ram.available_bytes, total: ram.total_bytes })),
        ram.cgroup_limit_bytes.map(|limit| message!(ProbeLimited { limit })),
        Some(swap),
    ];
    lines.into_iter().flatten().map(Value::from).collect()
}

fn bandwidth(reading: &BandwidthReading) -> Vec<Value> {
    let rate = reading.bytes_per_second;
    let basis = match &reading.basis {
        BandwidthBasis::Measured { date } => message!(ProbeMeasured { rate, date }),
        BandwidthBasis::Specified { source } => message!(ProbeSpecified { rate, source: fact(source) }),
        BandwidthBasis::Assumed => message!(ProbeAssumedRate { rate }),
    };
    let mut lines = vec![basis.into()];
    if !reading.by_threads.is_empty() {
        lines.push(phrases(reading.by_threads.iter().map(|reading| {
            let threads = message!(ProbeThreads { count: reading.threads });
            message!(ProbeByThreads { threads, rate: reading.bytes_per_second })
        })));
    }
    lines
}

fn gpu(gpu: &Gpu) -> Vec<Value> {
    let name: Value =
        if gpu.mig { message!(ProbeMig { name: &gpu.name }).into() } else { (&gpu.name).into() };
    let memory = match gpu.memory {
        GpuMemory::Dedicated { total_bytes, free_bytes } => {
            message!(ProbeFree { free: free_bytes, total: total_bytes })
        }
        GpuMemory::Unified { limit_bytes } => message!(ProbeUnified { limit: limit_bytes }),
    };
    let rates = [
        Some(memory.into()),
        gpu.bandwidth_bytes_per_second.map(Value::from),
        gpu.fp16_flops.map(|rate| message!(ProbeFp16 { rate }).into()),
    ];
    let rest: Vec<Value> = [
        gpu.pcie.map(|link| link.to_string().into()),
        gpu.power_limit_watts.map(|watts| format!("{watts:.0} W").into()),
        gpu.driver.as_ref().map(|version| message!(ProbeDriver { version }).into()),
        gpu.pci_id.map(|id| id.to_string().into()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut lines = vec![name, phrases(rates.into_iter().flatten())];
    if !rest.is_empty() {
        lines.push(phrases(rest));
    }
    lines
}

fn engine(view: &EngineView) -> Vec<Value> {
    match view {
        EngineView::Built { devices, advice } => {
            let devices = devices.iter().map(|device| {
                let Device { name, description, free_bytes, total_bytes, .. } = device;
                message!(ProbeDevice { name, description, free: free_bytes, total: total_bytes })
            });
            devices.chain(advice.clone()).map(Value::from).collect()
        }
        EngineView::Elsewhere => Vec::new(),
        EngineView::NotBuilt => vec![message!(ProbeNotBuilt).into()],
        EngineView::Failed { message } => vec![message.into()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::DeviceKind;
    use crate::i18n::Locale;
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
        let advice = Some(message!(ProbeBackendMissing { backend: "CUDA" }));
        ProbeView::new(ProbeData { machine, engine: EngineView::Built { devices: vec![cpu], advice } })
    }

    #[test]
    fn a_machine_reads_at_a_glance() {
        let mut out = Vec::new();
        write(&view(), Format::Table, Style { width: 60, locale: &Locale::default() }, &mut out).unwrap();
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
           no GPU: CUDA is not built in, see the README on
           features
Note       a note that is long enough to be broken into two
           lines on a narrow terminal
"
        );
    }

    #[test]
    fn the_json_holds_the_machine_under_one_key() {
        let mut out = Vec::new();
        write(&view(), Format::Json, Style { width: 80, locale: &Locale::default() }, &mut out).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(json["schema_version"], 1);
        assert_eq!(json["machine"]["ram"]["bandwidth"]["basis"]["kind"], "measured");
        assert_eq!(serde_json::from_value::<Machine>(json["machine"].clone()).unwrap(), *view().machine());
    }
}
