//! The machines that the tests and the README reckon with.

use r1_advisor::machine::{MACHINE_SCHEMA_VERSION, Machine};

use crate::support::fixtures::{machine_files, read_machine};

#[test]
fn every_machine_file_is_read_and_reads_back_as_written() {
    assert_eq!(machine_files().len(), 15);
    for file in machine_files() {
        let machine = read_machine(&file);
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
    for file in machine_files() {
        let machine = read_machine(&file);
        let name = file.display();
        assert_eq!(machine.schema_version, MACHINE_SCHEMA_VERSION, "{name}");
        assert!(machine.ram.available_bytes <= machine.ram.total_bytes, "{name}");
        assert!(machine.cpu.physical_cores <= machine.cpu.usable_threads, "{name}");
        for gpu in &machine.gpus {
            assert!(gpu.memory.free() <= gpu.memory.total(), "{name}");
        }
    }
}
