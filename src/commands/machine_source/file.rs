//! Machine files: what `probe --save` writes and `--machine` reads.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::catalog::Catalog;
use crate::error::{Error, Exit, Failure, nearest};
use crate::i18n::Locale;
use crate::input_file;
use crate::machine::{Gpu, GpuMemory, MACHINE_SCHEMA_VERSION, Machine};
use crate::message;
use crate::message::Message;
use crate::units::Bytes;

/// What stands above the figures of a saved file.
const HEADER: &str = "\
# A machine, for `r1-advisor recommend --machine FILE` and every other command that takes one.
#
# Change a figure to ask \"what if\": sizes are numbers of bytes or texts such as \"64GiB\", bandwidths are bytes per
# second (1008e9 is 1008 GB/s). Copy a [[gpus]] block to add a card; only `name`, `vendor` and `memory` are needed
# where the catalog knows the card. Leave a key out where its value is unknown; a misspelt key is an error.
";

/// What is wrong with a machine file.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub(crate) enum MachineFileError {
    /// It cannot be read.
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// It is no TOML, or not of a machine.
    Malformed {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        wrong: Message,
        /// The key or value that was probably meant.
        nearest: Option<String>,
    },
    /// Its figures cannot be true.
    Impossible {
        /// The file.
        path: PathBuf,
        /// Which figure.
        what: Message,
    },
    /// It was written by a later version of the program.
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u32,
    },
    /// A file of that name is there already.
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// It cannot be written.
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

impl Failure for MachineFileError {
    fn message(&self) -> Message {
        match self {
            Self::Read { path, source } => {
                message!(MachineSourceUnreadable { path: path.display() }).because(source)
            }
            Self::Malformed { path, line, wrong, .. } => {
                message!(MachineSourceMalformed { path: path.display(), line: *line, wrong: wrong.clone() })
            }
            Self::Impossible { path, what } => {
                message!(MachineSourceImpossible { path: path.display(), what: what.clone() })
            }
            Self::Version { path, version } => message!(MachineSourceVersion {
                path: path.display(),
                version: *version,
                known: MACHINE_SCHEMA_VERSION,
            }),
            Self::Exists { path } => message!(MachineSourceExists { path: path.display() }),
            Self::Write { path, source } => {
                message!(MachineSourceUnwritable { path: path.display() }).because(source)
            }
        }
    }

    fn hint(&self) -> Option<Message> {
        Some(match self {
            Self::Read { .. } => message!(MachineSourceUnreadableHint),
            Self::Malformed { nearest: Some(near), .. } => message!(NeedsDidYouMean { near }),
            Self::Malformed { .. } => message!(MachineSourceMalformedHint),
            Self::Impossible { .. } => return None,
            Self::Version { .. } => message!(MachineSourceVersionHint),
            Self::Exists { .. } => message!(MachineSourceExistsHint),
            Self::Write { .. } => message!(MachineSourceUnwritableHint),
        })
    }

    fn exit(&self) -> Exit {
        match self {
            Self::Exists { .. } | Self::Write { .. } => Exit::Output,
            _ => Exit::Input,
        }
    }
}

/// Reads a machine file, and adds what the catalog knows of cards whose figures it leaves out.
pub(super) fn load(path: &Path, catalog: &Catalog) -> Result<Machine, MachineFileError> {
    let text = input_file::read_to_string(path)
        .map_err(|source| MachineFileError::Read { path: path.to_owned(), source })?;
    of_toml(path, &text, catalog)
}

fn of_toml(path: &Path, text: &str, catalog: &Catalog) -> Result<Machine, MachineFileError> {
    let machine = parse(path, text)?;
    let gpus = machine.gpus.into_iter().map(|gpu| completed(gpu, catalog)).collect();
    Ok(Machine { gpus, ..machine })
}

/// The machine that `text` describes, which stands in the file at `path`.
pub fn machine_of_toml(path: &Path, text: &str, catalog: &Catalog) -> Result<Machine, Error> {
    Ok(of_toml(path, text, catalog)?)
}

fn parse(path: &Path, text: &str) -> Result<Machine, MachineFileError> {
    let machine: Machine = toml::from_str(text).map_err(|error| malformed(path, text, &error))?;
    if machine.schema_version != MACHINE_SCHEMA_VERSION {
        return Err(MachineFileError::Version { path: path.to_owned(), version: machine.schema_version });
    }
    match impossible(&machine) {
        Some(what) => Err(MachineFileError::Impossible { path: path.to_owned(), what }),
        None => Ok(machine),
    }
}

fn malformed(path: &Path, text: &str, error: &toml::de::Error) -> MachineFileError {
    let at = error.span().map_or(0, |span| span.start).min(text.len());
    let line = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
    // serde puts the wrong name first and the known ones after it, each in backticks; it offers no other way.
    let mut names = error.message().split('`').skip(1).step_by(2);
    let wrong = names.next().unwrap_or_default();
    let message = error.message().lines().next().unwrap_or_default();
    MachineFileError::Malformed {
        path: path.to_owned(),
        line,
        wrong: match message {
            unknown if unknown.starts_with("unknown field") => {
                message!(MachineSourceUnknownKey { key: wrong })
            }
            missing if missing.starts_with("missing field") => {
                message!(MachineSourceMissingKey { key: wrong })
            }
            other => Message::of_toml(other),
        },
        nearest: nearest(wrong, names).map(ToOwned::to_owned),
    }
}

/// A figure of a file, and within what it is: limits that leave room for machines of years to come.
struct Figure {
    key: String,
    value: Option<f64>,
    least: f64,
    most: f64,
}

impl Figure {
    fn new(key: impl Into<String>, value: impl Into<Option<f64>>, least: f64, most: f64) -> Self {
        Self { key: key.into(), value: value.into(), least, most }
    }

    fn is_wrong(&self) -> bool {
        self.value.is_some_and(|value| !(self.least..=self.most).contains(&value))
    }
}

/// The figures that stand for themselves.
fn figures(machine: &Machine) -> Vec<Figure> {
    const FLOPS: f64 = 1e19;
    const BANDWIDTH: f64 = 1e16;
    const LEAST: f64 = 1e-3;
    let (cpu, ram) = (&machine.cpu, &machine.ram);
    let mut figures = vec![
        Figure::new("cpu.clock_ghz", cpu.clock_ghz, LEAST, 100.0),
        Figure::new("cpu.physical_cores", f64::from(cpu.physical_cores), 1.0, 1e6),
        Figure::new("cpu.usable_threads", f64::from(cpu.usable_threads), 1.0, 1e6),
        Figure::new("cpu.sockets", f64::from(cpu.sockets), 1.0, 1e3),
        Figure::new("cpu.numa_nodes", f64::from(cpu.numa_nodes), 1.0, 1e3),
        Figure::new("ram.total_bytes", ram.total_bytes.as_f64(), 1.0, 1e17),
    ];
    if let Some(reading) = &ram.bandwidth {
        let key = "ram.bandwidth.bytes_per_second";
        figures.push(Figure::new(key, reading.bytes_per_second.0, LEAST, BANDWIDTH));
        for (at, one) in reading.by_threads.iter().enumerate() {
            let key = |name: &str| format!("ram.bandwidth.by_threads[{at}].{name}");
            figures.push(Figure::new(key("threads"), f64::from(one.threads), 1.0, 1e6));
            figures.push(Figure::new(key("bytes_per_second"), one.bytes_per_second.0, LEAST, BANDWIDTH));
        }
    }
    for (at, gpu) in machine.gpus.iter().enumerate() {
        let key = |name: &str| format!("gpus[{at}].{name}");
        let bandwidth = gpu.bandwidth_bytes_per_second.map(|rate| rate.0);
        figures.extend([
            Figure::new(key("bandwidth_bytes_per_second"), bandwidth, LEAST, BANDWIDTH),
            Figure::new(key("fp32_flops"), gpu.fp32_flops.map(|rate| rate.0), LEAST, FLOPS),
            Figure::new(key("fp16_flops"), gpu.fp16_flops.map(|rate| rate.0), LEAST, FLOPS),
            Figure::new(key("int8_ops"), gpu.int8_ops.map(|rate| rate.0), LEAST, FLOPS),
            Figure::new(key("power_limit_watts"), gpu.power_limit_watts, LEAST, 1e5),
            Figure::new(key("memory.total_bytes"), gpu.memory.total().as_f64(), 0.0, 1e17),
            Figure::new(key("pcie.generation"), gpu.pcie.map(|link| f64::from(link.generation)), 1.0, 16.0),
            Figure::new(key("pcie.width"), gpu.pcie.map(|link| f64::from(link.width)), 1.0, 64.0),
        ]);
    }
    figures
}

/// The first figure that cannot be true.
fn impossible(machine: &Machine) -> Option<Message> {
    impossible_together(machine).or_else(|| {
        let Figure { key, value, least, most } = figures(machine).into_iter().find(Figure::is_wrong)?;
        let figure = value.unwrap_or_default().to_string();
        // A least that is there to be above zero says so.
        let least = if least < 1.0 { "0".to_owned() } else { least.to_string() };
        Some(message!(MachineSourceFigure { key, figure, least, most: format!("{most:e}") }))
    })
}

fn impossible_together(machine: &Machine) -> Option<Message> {
    let positive = |rate: f64| rate.is_finite() && rate > 0.0;
    let cpu = &machine.cpu;
    let ram = &machine.ram;
    if cpu.physical_cores == 0 || cpu.usable_threads == 0 || cpu.sockets == 0 {
        return Some(message!(MachineSourceNoCores));
    }
    if ram.total_bytes == Bytes::ZERO || ram.available_bytes > ram.total_bytes {
        return Some(message!(MachineSourceRam));
    }
    if ram.bandwidth.as_ref().is_some_and(|reading| !positive(reading.bytes_per_second.0)) {
        return Some(message!(MachineSourceRamBandwidth));
    }
    machine.gpus.iter().find_map(|gpu| {
        let name = &gpu.name;
        let rates = [gpu.bandwidth_bytes_per_second.map(|rate| rate.0), gpu.fp16_flops.map(|rate| rate.0)];
        if rates.into_iter().flatten().any(|rate| !positive(rate)) {
            return Some(message!(MachineSourceGpuRates { name }));
        }
        match gpu.memory {
            GpuMemory::Dedicated { total_bytes, free_bytes } if free_bytes > total_bytes => {
                Some(message!(MachineSourceGpuFree { name }))
            }
            GpuMemory::Unified { limit_bytes } if limit_bytes > ram.total_bytes => {
                Some(message!(MachineSourceGpuLimit { name }))
            }
            memory if memory.total() == Bytes::ZERO => Some(message!(MachineSourceGpuMemory { name })),
            _ => None,
        }
    })
}

/// The card with the catalog's figures where the file has none.
fn completed(gpu: Gpu, catalog: &Catalog) -> Gpu {
    if gpu.bandwidth_bytes_per_second.is_some() && gpu.fp32_flops.is_some() && gpu.class.is_some() {
        return gpu;
    }
    let Ok(known) = catalog.accelerator(gpu.accelerator.as_deref().unwrap_or(&gpu.name)) else { return gpu };
    Gpu {
        bandwidth_bytes_per_second: gpu.bandwidth_bytes_per_second.or(known.bandwidth),
        fp32_flops: gpu.fp32_flops.or(known.fp32),
        class: gpu.class.or(known.class),
        fp16_flops: gpu.fp16_flops.or(known.fp16),
        int8_ops: gpu.int8_ops.or(known.int8),
        accelerator: gpu.accelerator.or_else(|| Some(known.id.clone())),
        ..gpu
    }
}

/// What to do with a file that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::commands) enum Overwrite {
    /// Leave it.
    No,
    /// Replace it.
    Yes,
}

/// Writes a machine file, whole or not at all.
pub(in crate::commands) fn save(
    machine: &Machine,
    path: &Path,
    overwrite: Overwrite,
) -> Result<(), MachineFileError> {
    let failed = |source| MachineFileError::Write { path: path.to_owned(), source };
    // The file is read by other versions and other people: its notes are English sentences.
    let notes = machine.notes.iter().map(|note| Locale::default().say(note).into()).collect();
    let machine = Machine { notes, ..machine.clone() };
    let text = toml::to_string_pretty(&machine).map_err(|error| failed(io::Error::other(error)))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    // A machine is no secret: as readable as the user's other files.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder).map_err(failed)?;
    write!(file, "{HEADER}\n{text}").map_err(failed)?;
    let persisted = match overwrite {
        Overwrite::Yes => file.persist(path),
        Overwrite::No => file.persist_noclobber(path),
    };
    persisted.map(drop).map_err(|error| match error.error {
        source if source.kind() == io::ErrorKind::AlreadyExists => {
            MachineFileError::Exists { path: path.to_owned() }
        }
        source => failed(source),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{
        BandwidthBasis, BandwidthReading, Cpu, Disk, InstructionSet, Origin, PcieLink, Ram, ThreadBandwidth,
        Vendor,
    };
    use crate::units::{Bandwidth, Flops};

    fn machine() -> Machine {
        let date = jiff::civil::date(2026, 11, 23);
        Machine {
            schema_version: MACHINE_SCHEMA_VERSION,
            name: "box".into(),
            origin: Origin::Probed { date },
            cpu: Cpu {
                model: "AMD EPYC 9124 16-Core Processor".into(),
                physical_cores: 16,
                usable_threads: 32,
                clock_ghz: None,
                sockets: 1,
                numa_nodes: 1,
                instruction_sets: [InstructionSet::Avx2, InstructionSet::Avx512Vnni].into(),
                last_level_cache_bytes: Some(Bytes::mib(64)),
            },
            ram: Ram {
                total_bytes: Bytes::gib(64),
                available_bytes: Bytes::gib(60),
                cgroup_limit_bytes: None,
                swap_bytes: Bytes::ZERO,
                bandwidth: Some(BandwidthReading {
                    bytes_per_second: Bandwidth::gb_per_second(131.25),
                    basis: BandwidthBasis::Measured { date },
                    by_threads: vec![ThreadBandwidth {
                        threads: 32,
                        bytes_per_second: Bandwidth::gb_per_second(131.25),
                    }],
                }),
            },
            gpus: vec![Gpu {
                name: "NVIDIA GeForce RTX 4090".into(),
                vendor: Vendor::Nvidia,
                memory: GpuMemory::Dedicated {
                    total_bytes: Bytes::mib(24_564),
                    free_bytes: Bytes::mib(24_000),
                },
                bandwidth_bytes_per_second: Some(Bandwidth::gb_per_second(1008.0)),
                fp32_flops: Some(Flops::tera(82.6)),
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
            disk: Some(Disk { path: "/models".into(), free_bytes: Bytes::gib(900) }),
            assumed: std::collections::BTreeSet::new(),
            notes: vec!["a note".into()],
        }
    }

    #[test]
    fn a_saved_machine_reads_back_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("box.toml");
        save(&machine(), &path, Overwrite::No).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("# A machine"), "{text}");
        assert_eq!(parse(&path, &text).unwrap(), machine());
    }

    #[test]
    fn a_file_that_is_there_is_replaced_only_when_told_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("box.toml");
        std::fs::write(&path, "mine").unwrap();
        let error = save(&machine(), &path, Overwrite::No).unwrap_err();
        assert!(matches!(error, MachineFileError::Exists { .. }), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
        save(&machine(), &path, Overwrite::Yes).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    fn complaint(text: &str) -> (String, Option<String>) {
        let error = parse(Path::new("box.toml"), text).unwrap_err();
        let locale = Locale::default();
        (locale.say(&error.message()), error.hint().map(|hint| locale.say(&hint)))
    }

    const BY_HAND: &str = r#"schema_version = 1
name = "by hand"

[cpu]
model = "EPYC 9654"
physical_cores = 96
usable_threads = 96

[ram]
total_bytes = "768GiB"
available_bytes = "760GiB"
"#;

    #[test]
    fn a_file_by_hand_needs_little() {
        let machine = parse(Path::new("box.toml"), BY_HAND).unwrap();
        assert_eq!(machine.origin, Origin::Described);
        assert_eq!((machine.ram.total_bytes, machine.cpu.sockets), (Bytes::gib(768), 1));
    }

    #[test]
    fn a_misspelt_key_is_named_with_its_line_and_the_right_one() {
        let (message, hint) = complaint(&BY_HAND.replace("physical_cores", "fysical_cores"));
        assert!(message.starts_with("`box.toml`, line 6: unknown key `fysical_cores`"), "{message}");
        assert_eq!(hint.as_deref(), Some("did you mean `physical_cores`?"));
    }

    #[test]
    fn figures_that_cannot_be_true_are_refused() {
        let (message, _) = complaint(&BY_HAND.replace("760GiB", "800GiB"));
        assert_eq!(message, "`box.toml`: `ram.total_bytes` must be at least `ram.available_bytes`");
        let (message, _) = complaint(&BY_HAND.replace("760GiB", "lots"));
        assert_eq!(
            message,
            "`box.toml`, line 11: `lots` is not a size; write it with its unit, like `64GiB`, `24G` or `512MiB`"
        );
        let (message, hint) = complaint(&BY_HAND.replace("schema_version = 1", "schema_version = 7"));
        assert_eq!(message, "`box.toml` is a machine file of version 7, this program reads version 1");
        assert!(hint.is_some());
        let gpu = "[[gpus]]\nname = \"X\"\nvendor = \"nvidia\"\n\
                   memory = { kind = \"dedicated\", total_bytes = \"8GiB\", free_bytes = \"9GiB\" }\n";
        assert_eq!(
            complaint(&format!("{BY_HAND}{gpu}")).0,
            "`box.toml`: GPU `X` has more free than total memory"
        );
    }
}
