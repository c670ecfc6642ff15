//! Machines and files that tests reckon with.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use r1_advisor::machine::{Cpu, Gpu, GpuClass, GpuMemory, InstructionSet, Machine, Origin, Ram, Vendor};
use r1_advisor::units::{Bandwidth, Bytes, Flops};

/// The folder of the repository.
pub(crate) const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The machine files of `tests/fixtures/machines`, in the order of their names.
pub(crate) fn machine_files() -> Vec<PathBuf> {
    let folder = Path::new(ROOT).join("tests/fixtures/machines");
    let entries = fs::read_dir(folder).expect("a folder");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

/// The machine that a file describes, by its name without `.toml`.
pub(crate) fn fixture(name: &str) -> Machine {
    read_machine(&Path::new(ROOT).join(format!("tests/fixtures/machines/{name}.toml")))
}

pub(crate) fn read_machine(file: &Path) -> Machine {
    let text = fs::read_to_string(file).expect("a machine file");
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The files with this ending in `folder` and all below it.
pub(crate) fn files_under(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files_under(&path, ending));
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// A file with this text, in a folder that goes with the guard.
pub(crate) fn file(name: &str, text: impl AsRef<[u8]>) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(&path, text).expect("a file");
    let path = path.to_str().expect("UTF-8").to_owned();
    (folder, path)
}

/// A card of this memory, as fast as an RTX 3090.
pub(crate) fn gpu(memory: Bytes) -> Gpu {
    Gpu {
        name: "test card".to_owned(),
        vendor: Vendor::Nvidia,
        memory: GpuMemory::Dedicated { total_bytes: memory, free_bytes: memory },
        bandwidth_bytes_per_second: Some(Bandwidth::gb_per_second(900.0)),
        fp32_flops: Some(Flops::tera(35.0)),
        class: Some(GpuClass::Ampere),
        fp16_flops: Some(Flops::tera(140.0)),
        int8_ops: None,
        accelerator: None,
        pci_id: None,
        pcie: None,
        power_limit_watts: None,
        driver: None,
        mig: false,
    }
}

/// A machine of 16 cores.
pub(crate) fn machine(ram: Bytes, gpus: Vec<Gpu>) -> Machine {
    Machine {
        schema_version: 1,
        name: "test".to_owned(),
        origin: Origin::Described,
        cpu: Cpu {
            model: "test CPU".to_owned(),
            physical_cores: 16,
            usable_threads: 16,
            clock_ghz: Some(5.0),
            sockets: 1,
            numa_nodes: 1,
            instruction_sets: [InstructionSet::Avx2].into(),
            last_level_cache_bytes: None,
        },
        ram: Ram {
            total_bytes: ram,
            available_bytes: ram,
            cgroup_limit_bytes: None,
            swap_bytes: Bytes::ZERO,
            bandwidth: None,
        },
        gpus,
        disk: None,
        assumed: BTreeSet::new(),
        notes: Vec::new(),
    }
}
