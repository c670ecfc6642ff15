//! Laws of memory and placement, over the whole catalog and random machines.

use std::sync::LazyLock;

use proptest::prelude::*;
use r1_advisor::catalog::Catalog;
use r1_advisor::estimate::{
    Beyond, Device, DeviceMemory, Estimate, Fit, Offload, Placement, PlacementKind, PredictedRate, Request,
    Reserve, Site, Subject, Task, place, place_layers,
};
use r1_advisor::gguf::LatentLayout;
use r1_advisor::machine::{BandwidthBasis, BandwidthReading, InstructionSet, Machine};
use r1_advisor::run_config::{KvType, RunConfig};
use r1_advisor::units::{Bandwidth, Bytes};

use crate::support::fixtures::{gpu, machine};

static CATALOG: LazyLock<Catalog> =
    LazyLock::new(|| Catalog::load(None).expect("the embedded catalog loads"));

fn subject(model: &str, quant: &str) -> Subject<'static> {
    let model = CATALOG.model(model).expect("a model");
    Subject::of(model, CATALOG.quant(quant).expect("a quant")).expect("a rule or a published size")
}

fn config(context: u32) -> RunConfig {
    RunConfig { context, ..RunConfig::default() }
}

fn site<'a>(subject: &'a Subject<'a>, machine: &'a Machine, config: &'a RunConfig) -> Site<'a> {
    let reserve = Reserve::for_machine(machine);
    Site {
        subject,
        machine,
        config,
        task: Task::USUAL,
        reserve,
        backend: None,
        calibration: CATALOG.calibration(),
    }
}

/// Everything of `subject` by the constants of the catalog.
fn estimate(subject: &Subject<'_>, machine: &Machine, request: &Request) -> Estimate {
    r1_advisor::estimate::estimate(subject, machine, request, CATALOG.calibration())
}

fn placed(subject: &Subject<'_>, machine: &Machine, config: &RunConfig) -> (Placement, bool) {
    match place(&site(subject, machine, config)) {
        Fit::Fits(placement) => (placement, true),
        Fit::TooLarge { nearest, .. } => (nearest, false),
    }
}

const MODELS: [&str; 9] = [
    "r1-distill-qwen-1.5b",
    "r1-distill-qwen-7b",
    "r1-distill-llama-8b",
    "r1-0528-qwen3-8b",
    "r1-distill-qwen-14b",
    "r1-distill-qwen-32b",
    "r1-distill-llama-70b",
    "r1-671b",
    "r1-0528-671b",
];

#[test]
fn the_published_sizes_follow_from_the_tensors() {
    // File sizes on the hub, less the header's length where the tensor bytes are published too.
    for (model, quant, bytes) in [
        ("1.5b", "Q3_K_S", 855_271_424),
        ("7b", "Q3_K_S", 3_486_414_848),
        ("7b", "Q3_K_L", 4_082_505_728),
        ("7b", "IQ4_NL", 4_431_859_712),
        ("r1-distill-llama-8b", "Q4_0", 4_668_055_808),
        ("r1-distill-llama-8b", "Q4_K_S", 4_684_833_024),
        ("r1-distill-llama-8b", "Q4_K_M", 4_912_898_304),
        ("14b", "Q4_K_S", 8_567_463_936),
        ("70b", "Q4_K_M", 42_512_531_712),
    ] {
        assert_eq!(subject(model, quant).weights_bytes(), Bytes(bytes), "{model}:{quant}");
    }
}

#[test]
fn every_published_file_of_a_rule_is_its_tensors_and_a_header_of_some_megabytes() {
    let mut checked = 0;
    for model in CATALOG.models() {
        for artifact in model.artifacts.iter().filter(|artifact| !artifact.rounded) {
            let (Some(published), Ok(quant)) = (artifact.bytes(), CATALOG.quant(&artifact.quant)) else {
                continue;
            };
            let Some(subject) = Subject::of(model, quant).filter(|subject| !subject.is_published_size())
            else {
                continue;
            };
            let header = published.0.checked_sub(subject.weights_bytes().0);
            assert!(
                header.is_some_and(|header| (1 << 20..16 << 20).contains(&header)),
                "{}:{}: {published:?} published, {:?} of tensors",
                model.id,
                quant.id,
                subject.weights_bytes()
            );
            checked += 1;
        }
    }
    assert!(checked >= 15, "only {checked} published sizes were checked");
}

#[test]
fn a_671b_on_one_card_keeps_its_experts_in_ram() {
    let subject = subject("671b", "Q4_K_M");
    let (placement, fits) =
        placed(&subject, &machine(Bytes::gib(512), vec![gpu(Bytes::gib(24))]), &config(8192));
    assert!(fits);
    assert_eq!(placement.kind, PlacementKind::ExpertOffload);
    assert!(placement.devices[0].weights_bytes < Bytes::gib(24));
    assert!(placement.devices[1].weights_bytes > Bytes::gib(350));
}

#[test]
fn the_early_files_of_the_671b_cache_71_times_as_much() {
    let (model, quant) = (CATALOG.model("671b").expect("a model"), CATALOG.quant("Q4_K_M").expect("a quant"));
    let cache = |latent| {
        let subject = Subject::of_latent(model, quant, latent).expect("a rule");
        let request = Request {
            run: config(32_768),
            task: Task { prompt_tokens: 16, output_tokens: 16 },
            depth: 0,
            backend: None,
            offload: None,
            prefill_depth: 0,
            answer_lengths: Vec::new(),
        };
        estimate(&subject, &machine(Bytes::gib(2048), vec![]), &request).memory.kv_cache_bytes
    };
    assert_eq!(cache(LatentLayout::Split), Bytes::mib(2196));
    assert_eq!(cache(LatentLayout::Merged), Bytes::mib(156_160));
}

#[test]
fn as_many_layers_are_on_the_gpu_as_are_asked_for() {
    let subject = subject("7b", "Q4_K_M");
    let machine = machine(Bytes::gib(64), vec![gpu(Bytes::gib(24))]);
    let request = Request {
        run: config(8192),
        task: Task { prompt_tokens: 16, output_tokens: 16 },
        depth: 0,
        backend: None,
        offload: Some(Offload { gpu_layers: 10, expert_layers_in_ram: 0 }),
        prefill_depth: 0,
        answer_lengths: Vec::new(),
    };
    let memory = estimate(&subject, &machine, &request).memory;
    assert_eq!((memory.placement.kind, memory.placement.gpu_layers), (PlacementKind::PartialOffload, 10));
    // Nine of the ten are layers: the output counts as one.
    assert_eq!(memory.placement.devices[0].kv_cache_bytes * 28, memory.kv_cache_bytes * 9);
}

#[test]
fn mixed_cards_get_layers_by_their_free_memory() {
    let subject = subject("32b", "Q4_K_M");
    let machine = machine(Bytes::gib(64), vec![gpu(Bytes::gib(24)), gpu(Bytes::gib(12))]);
    assert_eq!(placed(&subject, &machine, &config(8192)).0.tensor_split(), [65, 0], "one card holds it");
    let (placement, fits) = placed(&subject, &machine, &config(32_768));
    assert!(fits);
    assert_eq!(placement.kind, PlacementKind::SplitGpus);
    let split = placement.tensor_split();
    assert_eq!(split.iter().sum::<u32>(), 65);
    assert!((1.7..2.5).contains(&(f64::from(split[0]) / f64::from(split[1]))), "{split:?}");
}

/// The placement's kind, and which of the machine's GPUs hold layers.
fn kind_and_gpus(subject: &Subject<'_>, machine: &Machine) -> (PlacementKind, Vec<usize>) {
    let (placement, fits) = placed(subject, machine, &config(8192));
    assert!(fits);
    let split = placement.tensor_split();
    (placement.kind, (0..split.len()).filter(|gpu| split[*gpu] > 0).collect())
}

#[test]
fn a_split_that_leans_on_the_fast_card_beats_the_slow_card_alone() {
    let subject = subject("32b", "Q4_K_M");
    let mut slow = gpu(Bytes::gib(24));
    slow.bandwidth_bytes_per_second = Some(Bandwidth::gb_per_second(350.0));
    let fast = gpu(Bytes::gib(16));
    let machine = machine(Bytes::gib(64), vec![slow, fast]);
    assert_eq!(kind_and_gpus(&subject, &machine), (PlacementKind::SplitGpus, vec![0, 1]));
}

#[test]
fn a_gpu_slower_than_the_ram_is_left_alone() {
    let subject = subject("7b", "Q4_K_M");
    let mut weak = gpu(Bytes::gib(16));
    weak.bandwidth_bytes_per_second = Some(Bandwidth::gb_per_second(60.0));
    let mut machine = machine(Bytes::gib(64), vec![weak]);
    machine.ram.bandwidth = Some(BandwidthReading {
        bytes_per_second: Bandwidth::gb_per_second(460.0),
        basis: BandwidthBasis::Specified { source: "twelve channels of DDR5-4800".to_owned() },
        by_threads: Vec::new(),
    });
    machine.cpu.usable_threads = 64;
    machine.cpu.physical_cores = 64;
    assert_eq!(kind_and_gpus(&subject, &machine), (PlacementKind::CpuOnly, vec![]));
}

#[test]
fn a_small_fast_card_takes_its_layers_alone_where_the_other_is_slower_than_the_ram() {
    let subject = subject("70b", "Q4_K_M");
    let mut weak = gpu(Bytes::gib(8));
    weak.bandwidth_bytes_per_second = Some(Bandwidth::gb_per_second(15.0));
    let machine = machine(Bytes::gib(128), vec![weak, gpu(Bytes::gib(24))]);
    assert_eq!(kind_and_gpus(&subject, &machine), (PlacementKind::PartialOffload, vec![1]));
}

#[test]
fn no_way_that_was_passed_over_decodes_faster() {
    let subject = subject("671b", "Q2_K");
    let machine = machine(Bytes::gib(512), vec![gpu(Bytes::gib(24)), gpu(Bytes::gib(24))]);
    let run = config(8192);
    let site = site(&subject, &machine, &run);
    let rate = |placement: &Placement| {
        site.speed(placement).decode(4096).expect("all bandwidths are known").tokens_per_second
    };
    let chosen = rate(&placed(&subject, &machine, &run).0);
    for layers in 0..=62 {
        if let Fit::Fits(placement) = place_layers(&site, layers) {
            assert!(rate(&placement) <= chosen * 1.03, "{layers} layers");
        }
    }
}

#[test]
fn a_step_beyond_the_largest_context_is_another_placement_and_no_faster() {
    let subject = subject("32b", "Q4_K_M");
    let machine = machine(Bytes::gib(64), vec![gpu(Bytes::gib(24))]);
    let estimated = estimate(&subject, &machine, &request(8192));
    let largest = estimated.largest_context;
    let Some(Beyond::PlacedOtherwise { tokens, placement, decode, .. }) = largest.beyond else {
        panic!("{largest:?}")
    };
    assert_eq!(Some(tokens - 256), largest.tokens);
    assert_eq!(placement, PlacementKind::PartialOffload);
    let rate = |rate: Option<PredictedRate>| rate.expect("known").tokens_per_second;
    assert!(rate(decode) < rate(estimated.decode));
    assert_eq!(estimated.binds.memory_device.name(), "test card");
    assert_eq!(estimated.binds.decode.expect("known").device.name(), "test card");
}

#[test]
fn where_nothing_else_is_left_the_device_that_runs_over_is_named() {
    let largest =
        estimate(&subject("7b", "Q4_K_M"), &machine(Bytes::gib(8), vec![]), &request(2048)).largest_context;
    let Some(Beyond::TooLarge { device, shortfall_bytes, .. }) = largest.beyond else {
        panic!("{largest:?}")
    };
    assert_eq!(device, Device::Ram);
    assert!(shortfall_bytes < largest.bytes_per_1024_tokens);
}

#[test]
fn the_flags_say_what_is_not_the_default() {
    let two_sockets = |ram| {
        let mut machine = machine(ram, vec![]);
        machine.cpu.sockets = 2;
        machine.cpu.numa_nodes = 2;
        machine
    };
    let asked = |model, machine: &Machine, run: RunConfig| {
        let request = Request { run, ..request(8192) };
        estimate(&subject(model, "Q4_K_M"), machine, &request)
    };
    let mixed = RunConfig {
        kv_type: KvType::Q8_0,
        kv_value_type: Some(KvType::Q4_0),
        kv_unified: true,
        sequences: 4,
        ..config(8192)
    };
    let small = asked("7b", &two_sockets(Bytes::gib(64)), mixed);
    assert_eq!(
        small.llama_cpp_flags.join(" "),
        "-c 8192 -ngl 0 -ctk q8_0 -ctv q4_0 -ub 512 -np 4 -kvu --numa distribute -fa on"
    );
    assert!(small.numa.expect("two nodes").fits_one_node);
    let large = asked("671b", &two_sockets(Bytes::gib(768)), config(8192));
    assert!(!large.numa.expect("two nodes").fits_one_node);
    // With everything on the GPU the nodes do not matter.
    let mut with_gpu = two_sockets(Bytes::gib(64));
    with_gpu.gpus.push(gpu(Bytes::gib(24)));
    let on_gpu = asked("7b", &with_gpu, config(8192));
    assert_eq!(on_gpu.llama_cpp_flags.join(" "), "-c 8192 -ngl 29 -ub 512 -fa on");
    assert_eq!(on_gpu.numa, None);
}

#[test]
fn latent_attention_on_amx_is_run_without_repacking() {
    let mut machine = machine(Bytes::gib(768), vec![]);
    machine.cpu.instruction_sets.extend([InstructionSet::Avx512Vnni, InstructionSet::AmxInt8]);
    let flags = |model| estimate(&subject(model, "Q4_K_M"), &machine, &request(8192)).llama_cpp_flags;
    assert!(flags("671b").contains(&"--no-repack".to_owned()));
    assert!(!flags("7b").contains(&"--no-repack".to_owned()));
}

fn request(context: u32) -> Request {
    Request {
        run: config(context),
        task: Task { prompt_tokens: 16, output_tokens: 16 },
        depth: 0,
        backend: None,
        offload: None,
        prefill_depth: 0,
        answer_lengths: Vec::new(),
    }
}

#[test]
fn the_largest_context_is_that_of_the_placement_that_is_shown() {
    let subject = subject("70b", "Q4_K_M");
    let machine = machine(Bytes::gib(128), vec![gpu(Bytes::gib(24)), gpu(Bytes::gib(24))]);
    let largest = |layers: Option<u32>| {
        let request = Request {
            run: config(8192),
            task: Task { prompt_tokens: 16, output_tokens: 16 },
            depth: 0,
            backend: None,
            offload: layers.map(|gpu_layers| Offload { gpu_layers, expert_layers_in_ram: 0 }),
            prefill_depth: 0,
            answer_lengths: Vec::new(),
        };
        estimate(&subject, &machine, &request).largest_context.tokens.expect("it fits")
    };
    assert!(largest(Some(10)) > largest(None), "ten layers leave room for more than all of them");
}

prop_compose! {
    pub fn any_machine()(
        ram in 4u64..800,
        cards in proptest::collection::vec(4u64..100, 0..4),
    ) -> Machine {
        machine(Bytes::gib(ram), cards.into_iter().map(|size| gpu(Bytes::gib(size))).collect())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn devices_sum_to_the_total(
        machine in any_machine(),
        model in proptest::sample::select(&MODELS[..]),
        quant in proptest::sample::select(vec!["Q8_0", "Q4_K_M", "IQ4_XS", "Q2_K"]),
        context in 256u32..65_536,
    ) {
        let subject = subject(model, quant);
        let (placement, _) = placed(&subject, &machine, &config(context));
        let sum = |part: fn(&DeviceMemory) -> Bytes| placement.devices.iter().map(part).sum::<Bytes>();
        prop_assert_eq!(sum(|device| device.weights_bytes), subject.weights_bytes());
        let cache = r1_advisor::estimate::kv_cache_size(subject.model.architecture, subject.latent, &config(context));
        prop_assert_eq!(sum(|device| device.kv_cache_bytes), cache);
    }

    #[test]
    fn more_context_never_needs_less(
        machine in any_machine(),
        model in proptest::sample::select(&MODELS[..]),
        context in 256u32..60_000,
        more in 1u32..60_000,
    ) {
        let subject = subject(model, "Q4_K_M");
        let request = |context| Request {
            run: config(context),
            task: Task { prompt_tokens: 16, output_tokens: 16 },
            depth: 0,
            backend: None,
            offload: None,
            prefill_depth: 0,
            answer_lengths: Vec::new(),
        };
        let small = estimate(&subject, &machine, &request(context)).memory;
        let large = estimate(&subject, &machine, &request(context + more)).memory;
        prop_assert!(large.kv_cache_bytes >= small.kv_cache_bytes);
        prop_assert_eq!(large.weights_bytes, small.weights_bytes);
    }

    #[test]
    fn more_memory_never_loses_a_fit(
        machine in any_machine(),
        model in proptest::sample::select(&MODELS[..]),
        context in 256u32..65_536,
        extra in 0u64..200,
    ) {
        let subject = subject(model, "Q4_K_M");
        let fits = |machine: &Machine| {
            let config = config(context);
            let site = Site { reserve: RESERVE, ..site(&subject, machine, &config) };
            matches!(place(&site), Fit::Fits(_))
        };
        let mut larger = machine.clone();
        larger.ram.available_bytes += Bytes::gib(extra);
        larger.ram.total_bytes += Bytes::gib(extra);
        prop_assert!(!fits(&machine) || fits(&larger));
    }

    #[test]
    fn a_smaller_cache_type_never_takes_more(
        model in proptest::sample::select(&MODELS[..]),
        context in 256u32..65_536,
    ) {
        let subject = subject(model, "Q4_K_M");
        let size = |kv_type| {
            let run = RunConfig { kv_type, ..config(context) };
            r1_advisor::estimate::kv_cache_size(subject.model.architecture, subject.latent, &run)
        };
        let sizes = [KvType::F32, KvType::F16, KvType::Q8_0, KvType::Q5_1, KvType::Q5_0, KvType::Q4_0].map(size);
        prop_assert!(sizes.is_sorted_by(|larger, smaller| larger >= smaller));
    }

    #[test]
    fn decoding_deeper_is_never_faster(
        machine in any_machine(),
        model in proptest::sample::select(&MODELS[..]),
        depth in 0u32..60_000,
        more in 1u32..60_000,
    ) {
        let subject = subject(model, "Q4_K_M");
        let run = config(65_536);
        let (placement, _) = placed(&subject, &machine, &run);
        let site = site(&subject, &machine, &run);
        let speed = site.speed(&placement);
        let rate = |depth| speed.decode(depth).expect("all bandwidths are known").tokens_per_second;
        prop_assert!(rate(depth + more) <= rate(depth));
    }
}

/// The same on both machines that are compared.
const RESERVE: Reserve = Reserve { gpu: Bytes::mib(512), ram: Bytes::gib(1) };
