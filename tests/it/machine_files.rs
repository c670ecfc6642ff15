//! The machines that the tests and the README reckon with.

use std::fs;
use std::path::{Path, PathBuf};

use r1_advisor::machine::{MACHINE_SCHEMA_VERSION, Machine};

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/machines");
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

fn read(file: &Path) -> Machine {
    let text = fs::read_to_string(file).expect("a machine file");
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

#[test]
fn every_machine_file_is_read_and_reads_back_as_written() {
    assert_eq!(files().len(), 15);
    for file in files() {
        let machine = read(&file);
        let written = toml::to_string(&machine).expect("a machine can be written");
        assert_eq!(
            toml::from_str::<Machine>(&written).expect("it reads back"),
            machine,
            "{}",
            file.display()
        );
    }
}

#[test]
fn every_machine_file_describes_a_machine_that_could_be() {
    for file in files() {
        let machine = read(&file);
        let name = file.display();
        assert_eq!(machine.schema_version, MACHINE_SCHEMA_VERSION, "{name}");
        assert!(machine.ram.available_bytes <= machine.ram.total_bytes, "{name}");
        assert!(machine.cpu.physical_cores <= machine.cpu.usable_threads, "{name}");
        for gpu in &machine.gpus {
            assert!(gpu.memory.free() <= gpu.memory.total(), "{name}");
        }
    }
}
