//! Machines in words: what a description means, what is assumed, and what is not understood.

use r1_advisor::catalog::{Catalog, Counted, DescribeError, Wish, describe};
use r1_advisor::error::Failure;
use r1_advisor::i18n::Locale;
use r1_advisor::machine::{Assumption, BandwidthBasis, GpuMemory, InstructionSet, Machine};
use r1_advisor::units::{Bandwidth, Bytes};

/// The error and its hint, in words.
fn words(error: &DescribeError) -> (String, String) {
    let locale = Locale::default();
    (locale.say(&error.message()), error.hint().map_or_else(String::new, |hint| locale.say(&hint)))
}

fn notes(machine: &Machine) -> Vec<String> {
    machine.notes.iter().map(|note| Locale::default().say(note)).collect()
}

fn gpus(list: &str) -> Wish<'_> {
    Wish { gpus: Some(Counted::list(list).expect("a list")), ..Wish::default() }
}

fn described(wish: &Wish<'_>) -> Machine {
    describe(wish, &Catalog::embedded().expect("the catalog"))
        .unwrap_or_else(|error| panic!("{wish:?}: {error}"))
}

fn refused(wish: &Wish<'_>) -> (String, String) {
    words(&describe(wish, &Catalog::embedded().expect("the catalog")).expect_err("a mistake"))
}

fn told(text: &str) -> Machine {
    let catalog = Catalog::embedded().expect("the catalog");
    let wish = Wish::of(text, &catalog).unwrap_or_else(|error| panic!("{text}: {error}"));
    describe(&wish, &catalog).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn two_cards_in_a_server_are_put_together_from_the_catalog() {
    let machine = described(&Wish {
        ram: Some(Bytes::gib(256)),
        cpu: Some(Counted { name: "EPYC 9654 96-Core", count: 2 }),
        ..gpus("2x rtx3090")
    });
    assert_eq!(machine.name, "2 × NVIDIA GeForce RTX 3090");
    assert_eq!(machine.gpus.len(), 2);
    assert_eq!(machine.gpus[0].memory.total(), Bytes::gib(24));
    assert!(machine.gpus[0].memory.free() < Bytes::gib(24));
    let bandwidth = machine.gpus[1].bandwidth_bytes_per_second.unwrap().as_gb_per_second();
    assert!((bandwidth - 936.0).abs() < 1.0, "{bandwidth}");
    assert_eq!((machine.cpu.sockets, machine.cpu.physical_cores), (2, 192));
    let reading = machine.ram.bandwidth.unwrap();
    assert_eq!(reading.bytes_per_second, Bandwidth::gb_per_second(921.6));
    assert!(matches!(reading.basis, BandwidthBasis::Specified { .. }));
    assert_eq!((machine.notes.len(), machine.assumed.len()), (0, 0));
}

#[test]
fn what_is_not_said_is_assumed_and_noted() {
    let machine = described(&gpus("RTX 4090"));
    assert_eq!(machine.ram.total_bytes, Bytes::gib(32));
    assert_eq!(
        notes(&machine),
        [
            "main memory not given: assuming 32.0 GiB; set it with `--ram`",
            "CPU not given: assuming 8 cores and 40.0 GB/s of memory bandwidth; set it with `--cpu`"
        ]
    );
    assert_eq!(machine.assumed, [Assumption::Cpu, Assumption::Ram].into());
    let unknown =
        Wish { cpu: Some(Counted::one("Cyrix 6x86")), ram: Some(Bytes::gib(32)), ..Wish::default() };
    let machine = described(&unknown);
    assert_eq!(machine.ram.bandwidth.unwrap().basis, BandwidthBasis::Assumed);
    assert_eq!(machine.notes.len(), 2);
    let server = described(&Wish { cpu: Some(Counted { name: "EPYC 9654", count: 2 }), ..Wish::default() });
    assert_eq!(
        notes(&server),
        ["main memory not given: assuming 768 GiB, 32.0 GiB per channel; set it with `--ram`"]
    );
}

#[test]
fn a_node_of_eight_is_assumed_to_be_a_server_and_not_a_desktop() {
    let machine = described(&gpus("8x H20 96GB"));
    assert_eq!(machine.ram.total_bytes, Bytes::gib(2048));
    assert_eq!((machine.cpu.sockets, machine.cpu.physical_cores), (2, 112));
    assert!(machine.cpu.instruction_sets.contains(&InstructionSet::AmxInt8));
    let reading = machine.ram.bandwidth.clone().unwrap();
    assert_eq!(
        (reading.bytes_per_second.as_gb_per_second(), reading.basis),
        (614.4, BandwidthBasis::Assumed)
    );
    assert_eq!(
        notes(&machine),
        [
            "main memory not given: assuming 2.00 TiB, as in a server of eight such GPUs; set it with `--ram`",
            "CPU not given: assuming 2 × Intel Xeon Platinum 8480C, as in a server of eight such GPUs; set it with `--cpu`"
        ]
    );
    let host = |list: &str| {
        let machine = described(&gpus(list));
        (machine.cpu.model, machine.cpu.sockets, machine.ram.total_bytes.as_gib())
    };
    assert_eq!(host("H100"), ("Intel Xeon Platinum 8480C".into(), 1, 256.0));
    assert_eq!(host("mi300x x8"), ("AMD EPYC 9654".into(), 2, 2048.0));
    assert_eq!(host("L40S"), ("AMD EPYC 7543".into(), 1, 128.0));
    assert_eq!(host("4x 3090"), ("AMD EPYC 7543".into(), 1, 128.0));
    assert_eq!(host("4060 laptop"), ("a laptop CPU".into(), 1, 16.0));
    assert_eq!(host("GH200"), ("NVIDIA Grace".into(), 1, 480.0));
}

#[test]
fn a_short_name_of_cards_with_two_sizes_of_memory_says_how_to_name_the_other() {
    assert_eq!(
        notes(&described(&gpus("8x H20")))[0],
        "taking `H20` as the 96 GB version; for 141 GB write `H20 141GB`"
    );
    assert_eq!(described(&gpus("h20 141")).gpus[0].memory.total(), Bytes::gib(141));
    let (message, hint) = refused(&gpus("4060 ti"));
    assert_eq!(message, "`4060 ti` matches 2 GPUs");
    assert!(hint.contains("8 GB") && hint.contains("16 GB"), "{hint}");
}

#[test]
fn a_unified_chip_takes_its_default_share_of_main_memory() {
    let machine = described(&Wish { ram: Some(Bytes::gib(64)), ..gpus("M3 Max") });
    assert_eq!(machine.gpus[0].memory, GpuMemory::Unified { limit_bytes: Bytes::gib(48) });
    assert_eq!(machine.ram.bandwidth.unwrap().bytes_per_second, Bandwidth::gb_per_second(400.0));
    assert!(machine.cpu.instruction_sets.contains(&InstructionSet::Neon));
    assert!(matches!(
        describe(&gpus("2x M3 Max"), &Catalog::embedded().expect("the catalog")),
        Err(DescribeError::OneUnified { .. })
    ));
}

#[test]
fn memory_as_sold_stands_behind_the_chip_it_is_shared_by() {
    let gib = |text: &str| told(text).ram.total_bytes.as_gib();
    assert_eq!(
        (gib("m2 ultra 192"), gib("m4 max 128"), gib("mac studio m3 ultra 512")),
        (192.0, 128.0, 512.0)
    );
    assert_eq!((gib("Ryzen AI Max+ 395 64"), gib("GB10"), gib("dgx spark")), (64.0, 128.0, 128.0));
    assert_eq!((gib("Raspberry Pi 5"), gib("raspberry pi 5 16GB"), gib("raspberry pi 4")), (8.0, 16.0, 8.0));
    let cpu = described(&Wish { cpu: Some(Counted::one("m2 ultra 192")), ..Wish::default() });
    assert_eq!((cpu.gpus.len(), cpu.ram.total_bytes), (1, Bytes::gib(192)));
    let assumed = described(&gpus("M2 Ultra"));
    assert_eq!(
        notes(&assumed),
        ["main memory not given: assuming 64.0 GiB (sold with 64, 128 or 192 GB); set it with `--ram`"]
    );
    assert_eq!(
        refused(&gpus("m2 ultra 512")),
        (
            "`Apple M2 Ultra` is not sold with 512 GiB".to_owned(),
            "it comes with 64, 128 or 192 GB; use `--ram` for any other size".to_owned()
        )
    );
    let (message, _) = refused(&Wish { ram: Some(Bytes::gib(64)), ..gpus("m4 max 128") });
    assert_eq!(message, "two sizes of main memory: 128 GiB in the name, 64.0 GiB beside it");
}

#[test]
fn a_phone_lets_a_program_take_about_half() {
    let phone = told("Snapdragon 8 Gen 3");
    assert_eq!((phone.ram.total_bytes, phone.gpus.len()), (Bytes::gib(12), 0));
    assert!(phone.ram.available_bytes < Bytes::gib(7), "{}", phone.ram.available_bytes);
    assert_eq!(told("Galaxy S24 Ultra").name, "Samsung Galaxy S24 Ultra (Snapdragon 8 Gen 3)");
}

#[test]
fn cards_of_several_kinds_stand_together() {
    let machine = described(&Wish { ram: Some(Bytes::gib(64)), ..gpus("3090 + 4090") });
    assert_eq!(machine.name, "NVIDIA GeForce RTX 3090 + NVIDIA GeForce RTX 4090");
    assert_eq!(machine.gpus.len(), 2);
    assert!(refused(&gpus("m2 ultra, 4090")).0.contains("takes no other GPU"));
}

#[test]
fn a_description_in_one_text_is_taken_apart() {
    let machine = told("2x RTX 4090, 128GiB, EPYC 9654");
    assert_eq!(
        (machine.gpus.len(), machine.ram.total_bytes, machine.cpu.physical_cores),
        (2, Bytes::gib(128), 96)
    );
    assert_eq!(told("dual EPYC 9654 + 768 GB RAM").cpu.sockets, 2);
    assert_eq!(told("EPYC 9654 x2, 768g, none").gpus.len(), 0);
    assert_eq!(told("7950x, 64GB").cpu.physical_cores, 16);
    assert_eq!(
        told("i7-8750H, 16GB").ram.bandwidth.unwrap().bytes_per_second,
        Bandwidth::gb_per_second(42.7)
    );
    assert_eq!(told("dgx h100").gpus.len(), 8);
    assert_eq!(told("Framework Desktop 64").ram.total_bytes, Bytes::gib(64));
    let refused = |text: &str| {
        let catalog = Catalog::embedded().expect("the catalog");
        words(&Wish::of(text, &catalog).expect_err("a mistake"))
    };
    assert_eq!(refused("EPYC 9654, Xeon 8480").0, "two CPUs: `EPYC 9654` and `Xeon 8480`");
    assert_eq!(refused("rasberry pi 5").1, "did you mean `Raspberry Pi 5`?");
    assert_eq!(refused("dgx h1000").1, "did you mean `DGX H100`?");
    assert_eq!(refused("RTX 40900, 64GB").1, "did you mean `RTX 4090`?");
}

#[test]
fn the_wrong_flag_names_the_right_one() {
    let (message, hint) = refused(&gpus("EPYC 9654"));
    assert_eq!(message, "`EPYC 9654` is a CPU");
    assert_eq!(hint, "use `--cpu 'EPYC 9654'`, and `--gpu none` for no GPU");
    let (message, hint) = refused(&Wish { cpu: Some(Counted::one("RTX 4090")), ..Wish::default() });
    assert_eq!((message.as_str(), hint.as_str()), ("`RTX 4090` is a GPU", "use `--gpu 'RTX 4090'`"));
    assert_eq!(
        refused(&gpus("mi300x 8")),
        (
            "I don't understand `8` in `mi300x 8`".to_owned(),
            "write a count in front (`8x`), a memory size behind (`8GB`)".to_owned()
        )
    );
}

#[test]
fn a_misspelt_cpu_is_not_taken_for_an_unknown_one() {
    let (message, hint) = refused(&Wish { cpu: Some(Counted::one("EPYK 9654")), ..Wish::default() });
    assert_eq!((message.as_str(), hint.as_str()), ("unknown CPU `EPYK 9654`", "did you mean `EPYC 9654`?"));
}

#[test]
fn a_misspelt_card_names_the_nearest() {
    let (message, hint) = refused(&gpus("RTX 4O90"));
    assert_eq!(message, "unknown GPU `RTX 4O90`");
    assert!(hint.contains("4090"), "{hint}");
}
