//! What would make a model fit, over machines as people have them: only what an owner of such a machine would do.

use std::sync::LazyLock;

use r1_advisor::calibration::{Lesson, Setting};
use r1_advisor::catalog::{AcceleratorKind, Calibration, Catalog, Counted, Wish, describe};
use r1_advisor::machine::{GpuMemory, Machine};
use r1_advisor::needs::GivenNeeds;
use r1_advisor::recommend::{
    Candidates, Change, CostKind, Decision, Evaluation, HardwareChange, Needs, Remedy, Standing, Step,
    changes, decide,
};
use r1_advisor::units::{Bytes, Usd};

use crate::support::program;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().expect("the catalog loads"));

static CANDIDATES: LazyLock<Candidates<'static>> = LazyLock::new(|| Candidates::of(&CATALOG));

/// Machines as people type them, from a phone to a server.
const MACHINES: [&str; 22] = [
    "GTX 1650, 16GB",
    "RTX 2060, 16GB",
    "RTX 3060, 32GB",
    "RTX 4060, 32GB",
    "RTX 3090, 64GB",
    "2x RTX 3090, 64GB",
    "4x RTX 3090, 128GB",
    "RTX 4090, 64GB",
    "RTX A6000, 128GB",
    "RTX PRO 6000, 128GB",
    "RX 7900 XTX, 32GB",
    "Ryzen 7 5800X3D, 64GB",
    "i5-8250U, 8GB",
    "Ryzen 7 8845HS, 32GB",
    "Core Ultra 7 258V, 32GB",
    "EPYC 9654, 768GB",
    "macbook air m2 16gb",
    "mac studio m3 ultra 512",
    "M4 Max, 128GB",
    "dgx spark",
    "iphone 15 pro",
    "8x H200",
];

fn described(text: &str) -> Machine {
    let wish = Wish::of(text, &CATALOG).unwrap_or_else(|error| panic!("{text}: {error}"));
    describe(&wish, &CATALOG).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn needs() -> Needs {
    GivenNeeds::default().machine(&CATALOG).expect("the catalog has prices")
}

fn decided(machine: &Machine, needs: &Needs) -> Decision<'static> {
    decide(&Evaluation::new(&CANDIDATES, machine, needs, CATALOG.calibration(), &[]))
}

fn remedies<'d>(decision: &'d Decision<'static>) -> impl Iterator<Item = (&'d str, &'d Remedy<'static>)> {
    decision.rejected.iter().flat_map(|rejected| {
        let model = rejected.assessment.model.id.as_str();
        rejected.remedies.iter().map(move |remedy| (model, remedy))
    })
}

fn on_cards(machine: &Machine) -> Vec<Bytes> {
    let of_card = |memory: GpuMemory| match memory {
        GpuMemory::Dedicated { total_bytes, .. } => Some(total_bytes),
        GpuMemory::Unified { .. } => None,
    };
    machine.gpus.iter().filter_map(|gpu| of_card(gpu.memory)).collect()
}

/// Every kind of card, one, two or four of it, and every chip with each memory that it is sold with.
fn catalog_machines() -> Vec<(String, Machine)> {
    let mut machines = Vec::new();
    let mut add = |wish: Wish<'_>, what: String| {
        machines.extend(describe(&wish, &CATALOG).ok().map(|machine| (what, machine)));
    };
    for (index, card) in CATALOG.accelerators().expect("accelerators").iter().enumerate() {
        let name = card.name.as_str();
        if card.kind == AcceleratorKind::Unified {
            for gib in &card.memory_options_gib {
                let ram = Some(Bytes::gib(u64::from(*gib)));
                add(
                    Wish { gpus: Some(vec![Counted::one(name)]), ram, ..Wish::default() },
                    format!("{name} {gib}"),
                );
            }
        } else {
            let count = [1, 2, 4][index % 3];
            let gpus = Some(vec![Counted { name, count }]);
            add(Wish { gpus, ..Wish::default() }, format!("{count}x {name}"));
        }
    }
    for cpu in CATALOG.cpu_platforms().expect("CPUs") {
        add(Wish { cpu: Some(Counted::one(&cpu.name)), ..Wish::default() }, cpu.name.clone());
    }
    machines
}

fn assert_sensible(what: &str, machine: &Machine, step: &Step) {
    let (before, after) = (on_cards(machine), on_cards(&step.machine));
    let (largest, all) = (before.iter().copied().max().unwrap_or_default(), before.iter().copied().sum());
    let change = &step.change;
    match change {
        HardwareChange::MoreCards { .. } => {
            assert!(largest >= Bytes::gib(7), "{what}: {change:?} of a small card");
        }
        HardwareChange::AddedCard { .. } | HardwareChange::OtherCards { .. } => {
            let bought = after.last().copied().unwrap_or_default();
            assert!(bought >= largest && bought >= Bytes::gib(11), "{what}: {change:?} beside {largest}");
            assert!(after.iter().copied().sum::<Bytes>() >= all, "{what}: {change:?} of {all}");
        }
        HardwareChange::MoreRam { total_bytes } => assert!(*total_bytes > machine.ram.total_bytes, "{what}"),
        HardwareChange::OtherMachine { .. } | HardwareChange::Workstation { .. } => {
            let price = step.price.as_ref().unwrap_or_else(|| panic!("{what}: {change:?} has no price"));
            assert!(price.usd > Usd(0.0));
            let holds = |cards: &[Bytes], ram: Bytes| cards.iter().copied().sum::<Bytes>() + ram;
            let (now, then) =
                (holds(&before, machine.ram.total_bytes), holds(&after, step.machine.ram.total_bytes));
            assert!(then >= now, "{what}: {change:?} holds {then} of {now}");
        }
    }
    if step.in_place() && after.len() > before.len() {
        assert!(after.len() <= 8 && after.len() <= 2 * before.len().max(1), "{what}: {change:?}");
    }
}

#[test]
fn no_change_is_smaller_than_what_is_there_or_more_than_it_takes() {
    for (what, machine) in catalog_machines() {
        for step in changes(&machine, &CATALOG).expect("changes") {
            assert_sensible(&what, &machine, &step);
        }
    }
}

#[test]
fn a_desktop_takes_two_cards() {
    for text in
        ["2x RTX 3060, 32GB, i5-12400", "2x RTX 3090, 64GB, Ryzen 9 5950X", "3x RTX 3060, 64GB, i9-14900K"]
    {
        let machine = described(text);
        for step in changes(&machine, &CATALOG).expect("changes") {
            let more = step.in_place() && step.machine.gpus.len() > machine.gpus.len();
            assert!(!more, "{text}: {:?}", step.change);
        }
    }
    let fits = |text: &str| changes(&described(text), &CATALOG).expect("changes").iter().any(Step::in_place);
    assert!(fits("RTX 3060, 32GB, i5-12400") && fits("2x RTX 3090, 64GB, EPYC 7402"));
}

#[test]
fn a_price_is_of_the_configuration_that_is_named_beside_it() {
    let machine = described("GTX 1650, 16GB");
    for step in changes(&machine, &CATALOG).expect("changes") {
        if let HardwareChange::OtherMachine { name } = &step.change {
            let chip = step.machine.gpus.iter().find_map(|gpu| {
                CATALOG
                    .accelerator_of(gpu)
                    .expect("accelerators")
                    .filter(|chip| chip.kind == AcceleratorKind::Unified)
            });
            if let Some(chip) = chip {
                let priced = Bytes::gib(u64::from(chip.price_memory_gib.expect("a price of some memory")));
                assert_eq!(step.machine.ram.total_bytes, priced, "{name}");
                assert!(name.ends_with(&priced.to_string()), "{name} does not say {priced}");
            }
        }
    }
}

#[test]
fn remedies_are_what_an_owner_would_do() {
    let needs = needs();
    for text in MACHINES {
        let machine = described(text);
        let decision = decided(&machine, &needs);
        for (model, remedy) in remedies(&decision) {
            let what = format!("{text}, {model}: {:?}", remedy.change);
            if let Some(outcome) = &remedy.outcome
                && remedy.cost_kind() == CostKind::Hardware
            {
                let rate = outcome.decode.map_or(0.0, |rate| rate.tokens_per_second);
                let bits = outcome.weights_bytes.as_f64() * 8.0 / outcome.model.parameters as f64;
                assert!(bits >= 2.4, "{what}: {bits} bits a weight");
                assert!(rate >= needs.minimum_decode_tokens_per_second.0, "{what}: {rate} tok/s");
            }
            match &remedy.change {
                Change::Limits { flags } => {
                    for flag in flags {
                        let value =
                            |name| flag.strip_prefix(name).and_then(|value| value.trim().parse::<f64>().ok());
                        assert!(value("--min-decode").is_none_or(|rate| rate >= 5.0 / 1.5), "{what}");
                        assert!(value("--max-quant-loss").is_none_or(|loss| loss <= 30.0), "{what}");
                    }
                }
                Change::Gpus { more, .. } => assert!(*more as usize <= machine.gpus.len().max(1), "{what}"),
                Change::Machine { .. } | Change::Workstation { .. } => {
                    let in_place = remedies(&decision).any(|(other, there)| {
                        other == model
                            && matches!(
                                there.change,
                                Change::Gpus { .. } | Change::Card { .. } | Change::Ram { .. }
                            )
                            && there
                                .price
                                .as_ref()
                                .zip(remedy.price.as_ref())
                                .is_some_and(|(a, b)| a.usd <= b.usd)
                    });
                    assert!(!in_place, "{what}: something cheaper can be put in");
                }
                _ => {}
            }
        }
    }
}

#[test]
fn a_second_card_or_a_used_one_comes_before_a_mac() {
    let needs = needs();
    let hardware = |text: &str, model: &str| {
        let decision = decided(&described(text), &needs);
        let rejected =
            decision.rejected.into_iter().find(|rejected| rejected.assessment.model.id == model)?;
        rejected.remedies.into_iter().find(|remedy| remedy.cost_kind() == CostKind::Hardware)
    };
    for (text, model) in
        [("RTX 3090, 64GB", "r1-distill-llama-70b"), ("RTX 3060, 32GB", "r1-distill-llama-70b")]
    {
        if let Some(remedy) = hardware(text, model) {
            assert!(
                matches!(remedy.change, Change::Gpus { .. } | Change::Card { .. }),
                "{text}, {model}: {:?}",
                remedy.change
            );
        }
    }
    let used = hardware("RTX 3090, 64GB", "r1-distill-llama-70b").and_then(|remedy| remedy.price);
    assert!(used.is_none_or(|price| price.used && price.date.is_some()));
}

#[test]
fn phones_get_no_commands_and_servers_an_engine_that_serves() {
    let standing = |text: &str| Standing::of(&described(text), &CATALOG);
    assert_eq!(standing("iphone 15 pro"), Standing::Phone);
    assert_eq!(standing("8x H200"), Standing::Server);
    for text in ["raspberry pi 5", "RTX 4090, 64GB", "mac studio m3 ultra 512", "EPYC 9654, 768GB"] {
        assert_eq!(standing(text), Standing::Computer, "{text}");
    }
    let phone = program(["recommend", "--machine", "iphone 15 pro"]).run();
    assert!(!phone.out().contains("r1-advisor bench"), "{}", phone.out());
    let server = program(["recommend", "--machine", "8x H200"]).run();
    assert!(server.out().contains("vLLM") && server.out().contains("r1-advisor report"), "{}", server.out());
}

#[test]
fn no_more_answers_are_paid_for_than_fit_into_a_day() {
    let needs = needs();
    let decision = decided(&described("Ryzen 7 5800X3D, 64GB"), &needs);
    for assessment in decision.assessments.iter().filter(|one| one.cost.is_some()) {
        let (cost, answer) = (assessment.cost.as_ref().expect("a cost"), assessment.answer.expect("a time"));
        assert!(cost.answers_per_day <= needs.answers_per_day);
        assert!(cost.answers_per_day * answer.whole.seconds.0 <= 86_400.0, "{}", assessment.target());
    }
    let given =
        GivenNeeds { answers_per_day: Some("5000".parse().expect("a number")), ..GivenNeeds::default() };
    let needs = given.machine(&CATALOG).expect("needs");
    let decision = decided(&described("RTX 3060, 32GB"), &needs);
    for choice in &decision.choices {
        let whole = choice.assessment.answer.expect("a time").whole.seconds.0;
        assert!(whole * 5000.0 <= 86_400.0, "{}", choice.assessment.target());
    }
}

#[test]
fn every_use_case_but_batch_has_a_limit_for_the_first_token() {
    for use_case in CATALOG.use_cases() {
        assert_eq!(use_case.maximum_ttft_seconds.is_none(), use_case.id == "batch", "{}", use_case.id);
    }
}

/// What runs on this machine's processors and cards are measured at, three times as fast as predicted.
fn lessons() -> Vec<Lesson> {
    let lesson = |setting| Lesson {
        model: "r1-distill-qwen-1.5b".to_owned(),
        quant: "Q4_K_M".to_owned(),
        date: jiff::civil::date(2026, 11, 30),
        threads: 8,
        setting,
        decode: Some(3.0),
        prefill: Some(3.0),
    };
    [Setting::Cpu, Setting::Mixed, Setting::Cuda, Setting::Metal].map(lesson).into()
}

#[test]
fn what_was_measured_here_says_nothing_of_hardware_that_is_not() {
    let machine = described("GTX 1650, 16GB");
    let (needs, taught) = (needs(), Calibration { lessons: lessons(), ..CATALOG.calibration().clone() });
    let decided =
        |calibration: &Calibration| decide(&Evaluation::new(&CANDIDATES, &machine, &needs, calibration, &[]));
    let (before, after) = (decided(CATALOG.calibration()), decided(&taught));
    let bought = |decision: &Decision<'static>| -> Vec<(String, String)> {
        let of_hardware = remedies(decision).filter(|(_, remedy)| remedy.cost_kind() == CostKind::Hardware);
        let rate = |remedy: &Remedy<'_>| remedy.outcome.as_ref().and_then(|outcome| outcome.decode);
        let said = |(model, remedy): (&str, &Remedy<'_>)| {
            (model.to_owned(), format!("{:?} {:?}", remedy.change, rate(remedy)))
        };
        of_hardware.map(said).collect()
    };
    let (before, after) = (bought(&before), bought(&after));
    assert!(!after.is_empty());
    // What the machine now runs by itself needs no remedy; the others are as they were.
    for remedy in &after {
        assert!(before.contains(remedy), "{remedy:?} is not among {before:?}");
    }
}
