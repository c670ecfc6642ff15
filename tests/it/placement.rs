//! Where models go, over every chip of the catalog that shares main memory and every model of it.

use std::sync::LazyLock;

use r1_advisor::catalog::{AcceleratorKind, Catalog, Counted, Wish, describe};
use r1_advisor::estimate::{
    Fit, Placement, PlacementKind, Reserve, Site, Subject, Task, answer_time, place, place_layers,
    place_or_raise,
};
use r1_advisor::machine::{Machine, Vendor};
use r1_advisor::run_config::RunConfig;
use r1_advisor::units::Bytes;

static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::embedded().expect("the embedded catalog loads"));

/// Quants from the smallest to the largest.
const QUANTS: [&str; 7] = ["UD-IQ1_S", "UD-Q2_K_XL", "Q2_K", "Q4_K_M", "Q6_K", "Q8_0", "BF16"];

/// Questions of a chat, of a long document and of a hard problem.
const TASKS: [Task; 3] = [
    Task::USUAL,
    Task { prompt_tokens: 7000, output_tokens: 1000 },
    Task { prompt_tokens: 128, output_tokens: 8000 },
];

/// Each chip that shares main memory with each size of it that it is sold with.
fn unified_machines(catalog: &Catalog) -> Vec<Machine> {
    let chips = catalog
        .accelerators()
        .expect("the catalog")
        .iter()
        .filter(|chip| chip.kind == AcceleratorKind::Unified);
    let sizes = |options: &[u32]| if options.is_empty() { vec![16, 32, 64] } else { options.to_vec() };
    let machines = chips.flat_map(|chip| {
        sizes(&chip.memory_options_gib).into_iter().map(|gib| {
            let ram = Some(Bytes::gib(u64::from(gib)));
            let gpus = Some(vec![Counted::one(&chip.name)]);
            describe(&Wish { gpus, ram, ..Wish::default() }, catalog).expect("a machine of the catalog")
        })
    });
    machines.collect()
}

fn seconds(site: &Site<'_>, placement: &Placement) -> Option<f64> {
    Some(answer_time(&site.speed(placement).prepared(), site.task)?.whole.seconds.0)
}

/// Every quant of every model on every such machine, for every task.
fn sweep(mut law: impl FnMut(&str, &Site<'_>)) {
    let catalog = &*CATALOG;
    let of_model = |model| {
        let in_quant = move |quant| Subject::of(model, CATALOG.quant(quant).ok()?);
        QUANTS.into_iter().filter_map(in_quant)
    };
    let subjects: Vec<Subject<'_>> = catalog.models().iter().flat_map(of_model).collect();
    for machine in unified_machines(catalog) {
        for subject in &subjects {
            for task in TASKS {
                let config = RunConfig::default();
                let site = Site {
                    subject,
                    machine: &machine,
                    config: &config,
                    task,
                    reserve: Reserve::for_machine(&machine),
                    backend: None,
                    calibration: catalog.calibration(),
                };
                let what = format!(
                    "{}:{} on {}, {} tokens in and {} out",
                    subject.model.id, subject.quant, machine.name, task.prompt_tokens, task.output_tokens
                );
                law(&what, &site);
            }
        }
    }
}

#[test]
fn what_a_shared_memory_holds_for_the_gpu_goes_to_the_gpu() {
    let mut odd = Vec::new();
    sweep(|what, site| {
        let Fit::Fits(chosen) = place_or_raise(site) else { return };
        let (raised, limit) = site
            .machine
            .with_raised_limit()
            .map_or_else(|| (site.machine.clone(), None), |(machine, limit)| (machine, Some(limit)));
        let all = |machine: &Machine| {
            let fit = place_layers(&Site { machine, ..*site }, u32::MAX);
            matches!(fit, Fit::Fits(_))
        };
        if all(site.machine) {
            if chosen.kind != PlacementKind::Unified || chosen.raised_limit.is_some() {
                odd.push(format!("{what}: {:?}, limit {:?}", chosen.kind, chosen.raised_limit));
            }
        } else if all(&raised) {
            if chosen.kind != PlacementKind::Unified || chosen.raised_limit != limit {
                odd.push(format!("{what}: {:?} where a raised limit holds it", chosen.kind));
            }
        } else if site.machine.gpus[0].vendor == Vendor::Apple && chosen.kind == PlacementKind::ExpertOffload
        {
            odd.push(format!("{what}: experts on the CPU of a Mac"));
        }
    });
    assert!(odd.is_empty(), "{} odd placements:\n{}", odd.len(), odd.join("\n"));
}

#[test]
fn a_raised_limit_is_only_where_it_must_be_and_no_slower_than_can_be_told() {
    sweep(|what, site| {
        let (usual, planned) = (place(site), place_or_raise(site));
        let Fit::Fits(planned) = planned else { return };
        match usual {
            Fit::Fits(usual) if planned.raised_limit.is_none() => assert_eq!(usual, planned, "{what}"),
            Fit::Fits(usual) => {
                assert!(usual.computes_in_ram(), "{what}: it fitted as it was");
                let (before, after) = (seconds(site, &usual), seconds(site, &planned));
                let slower = before.zip(after).is_some_and(|(before, after)| after > before * 1.35);
                assert!(!slower, "{what}: {before:?} s before, {after:?} s with a raised limit");
            }
            Fit::TooLarge { .. } => assert!(planned.raised_limit.is_some(), "{what}"),
        }
    });
}

#[test]
fn the_671b_of_four_bits_is_on_the_gpu_of_a_mac_studio_of_512_gib() {
    let catalog = &*CATALOG;
    let machine = describe(&Wish::of("mac studio m3 ultra 512", catalog).unwrap(), catalog).unwrap();
    let subject = Subject::of(catalog.model("671b").unwrap(), catalog.quant("Q4_K_M").unwrap()).unwrap();
    let config = RunConfig { context: 8192, ..RunConfig::default() };
    let site = Site {
        subject: &subject,
        machine: &machine,
        config: &config,
        task: Task::USUAL,
        reserve: Reserve::for_machine(&machine),
        backend: None,
        calibration: catalog.calibration(),
    };
    let Fit::Fits(placement) = place_or_raise(&site) else { panic!("it fits") };
    assert_eq!((placement.kind, placement.gpu_layers), (PlacementKind::Unified, 62));
    assert_eq!(placement.repacked(&subject, &machine), Bytes::ZERO, "no second copy of the weights");
}

#[test]
fn a_processor_that_has_a_gpu_inside_brings_it() {
    let catalog = &*CATALOG;
    let of = |text: &str| describe(&Wish::of(text, catalog).unwrap(), catalog).unwrap();
    for (text, gpu) in [
        ("Core Ultra 7 258V, 32GB", "Intel Core Ultra 7 258V (Arc 140V)"),
        ("Ryzen AI 9 HX 370, 32GB", "AMD Ryzen AI 9 HX 370 (Radeon 890M)"),
        ("Ryzen 7 8845HS, 32GB", "AMD Ryzen 7 8845HS / 7840HS (Radeon 780M)"),
        ("AMD Ryzen 7 7840U w/ Radeon 780M Graphics, 64GB", "AMD Ryzen 7 8845HS / 7840HS (Radeon 780M)"),
    ] {
        let machine = of(text);
        let names: Vec<_> = machine.gpus.iter().map(|gpu| gpu.name.as_str()).collect();
        assert_eq!(names, [gpu], "{text}");
        assert!(text.starts_with(&machine.cpu.model), "{text}: {}", machine.cpu.model);
    }
    for text in
        ["Ryzen 7 8845HS, RTX 4060 Laptop, 32GB", "Ryzen 7 8845HS, none, 32GB", "Ryzen 7 7800X3D, 32GB"]
    {
        let machine = of(text);
        assert!(machine.gpus.iter().all(|gpu| gpu.vendor == Vendor::Nvidia), "{text}");
    }
}
