//! The decision: its laws over random machines and needs, and the advice that it must come to on real ones.

use std::sync::LazyLock;

use proptest::prelude::*;
use r1_advisor::catalog::{Benchmark, Catalog, Counted, Wish, describe};
use r1_advisor::estimate::Task;
use r1_advisor::machine::{BandwidthBasis, BandwidthReading, Machine};
use r1_advisor::needs::GivenNeeds;
use r1_advisor::recommend::{
    Assessment, Candidates, Change, Choice, Decision, Evaluation, Needs, Priority, Reason, Verdict, decide,
    with_ram,
};
use r1_advisor::run_config::KvType;
use r1_advisor::units::{Bandwidth, Bytes, Seconds, TokenRate};

use crate::estimate::any_machine;
use crate::support::fixtures::{fixture, gpu, machine};
use crate::support::{Ran, program};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().expect("the catalog loads"));

static CANDIDATES: LazyLock<Candidates<'static>> = LazyLock::new(|| Candidates::of(&CATALOG));

fn needs(use_case: &str) -> Needs {
    let given = GivenNeeds { use_case: Some(use_case.to_owned()), ..GivenNeeds::default() };
    given.machine(&CATALOG).expect("the catalog has prices")
}

/// Needs that ask for little.
fn few_needs() -> Needs {
    Needs {
        task: Task { prompt_tokens: 512, output_tokens: 2000 },
        minimum_decode_tokens_per_second: TokenRate(1.0),
        ..needs("general")
    }
}

fn evaluation<'m>(machine: &'m Machine, needs: &'m Needs) -> Evaluation<'static, 'm> {
    Evaluation::new(&CANDIDATES, machine, needs, CATALOG.calibration(), &[])
}

fn decided(machine: &Machine, needs: &Needs) -> Decision<'static> {
    decide(&evaluation(machine, needs))
}

fn with_gpu(name: &str, count: u32, ram: u64) -> Machine {
    let wish = Wish {
        gpus: Some(vec![Counted { name, count }]),
        ram: Some(Bytes::gib(ram)),
        cpu: Some(Counted::one("EPYC 9654")),
        ..Wish::default()
    };
    describe(&wish, &CATALOG).expect("a machine")
}

fn pick(machine: &Machine, needs: &Needs) -> String {
    decided(machine, needs).choices[0].assessment.model.id.clone()
}

#[test]
fn all_seven_sizes_of_the_article_have_their_place_on_every_machine() {
    for machine in [
        machine(Bytes::gib(8), vec![]),
        machine(Bytes::gib(64), vec![gpu(Bytes::gib(24))]),
        machine(Bytes::gib(2048), (0..8).map(|_| gpu(Bytes::gib(80))).collect()),
    ] {
        let decision = decided(&machine, &few_needs());
        let mut sizes: Vec<_> =
            decision.choices.iter().map(|choice| choice.assessment.model.size.as_str()).collect();
        sizes.extend(decision.rejected.iter().map(|rejected| rejected.assessment.model.size.as_str()));
        for size in ["1.5B", "7B", "8B", "14B", "32B", "70B", "671B"] {
            assert!(sizes.contains(&size), "{size} is missing of {sizes:?}");
        }
        assert!(decision.choices.iter().all(|choice| choice.reasons.len() >= 2));
    }
}

#[test]
fn two_bits_of_a_better_small_model_do_not_beat_four_of_another() {
    // 5 tok/s leave a slow CPU the choice of an 8B in `Q2_K` or a 7B in four bits.
    let mut slow = machine(Bytes::gib(24), vec![]);
    slow.cpu.usable_threads = 2;
    slow.ram.bandwidth = Some(BandwidthReading {
        bytes_per_second: Bandwidth::gb_per_second(30.5),
        basis: BandwidthBasis::Measured { date: "2026-11-23".parse().expect("a date") },
        by_threads: Vec::new(),
    });
    let needs = Needs { minimum_decode_tokens_per_second: TokenRate(5.0), ..few_needs() };
    let decision = decided(&slow, &needs);
    let quant = &decision.choices[0].assessment.quant.id;
    assert!(!quant.contains("Q2"), "{quant}");
}

#[test]
fn a_card_of_unknown_compute_still_gets_the_best_model_that_it_can_write_with() {
    let mut card = gpu(Bytes::gib(24));
    (card.fp32_flops, card.fp16_flops) = (None, None);
    let machine = machine(Bytes::gib(64), vec![card]);
    let decision = decided(&machine, &few_needs());
    let best = &decision.choices[0].assessment;
    assert_eq!(best.time_to_answer(), None, "how long the prompt takes to read is unknown");
    assert!(best.score().is_some_and(|score| score > 60.0), "{}", best.target());
}

#[test]
fn low_latency_and_low_cost_get_the_8b_class_on_an_8_gb_card() {
    let machine = with_gpu("RTX 4060", 1, 32);
    for priority in [Priority::Latency, Priority::Cost] {
        let needs = Needs { priority, ..needs("general") };
        let size = &decided(&machine, &needs).choices[0].assessment.model.size;
        assert!(["7B", "8B"].contains(&size.as_str()), "{priority:?}: {size}");
    }
}

#[test]
fn light_use_in_real_time_gets_a_small_model() {
    let needs = needs("voice");
    let size = decided(&with_gpu("RTX 4060", 1, 32), &needs).choices[0].assessment.model.size.clone();
    assert!(["1.5B", "7B", "8B"].contains(&size.as_str()), "{size}");
}

#[test]
fn long_documents_on_company_hardware_get_the_70b_when_quality_counts() {
    let needs = Needs { priority: Priority::Quality, local_only: true, ..needs("documents") };
    assert_eq!(pick(&with_gpu("H100 SXM", 1, 128), &needs), "r1-distill-llama-70b");
}

#[test]
fn research_gets_the_671b_on_a_node_that_holds_it_and_an_api_where_none_is() {
    let needs = Needs { priority: Priority::Quality, ..needs("research") };
    assert_eq!(pick(&with_gpu("H200", 8, 2048), &needs), "r1-0528-671b");
    let decision = decided(&with_gpu("RTX 4090", 1, 64), &needs);
    let rejected = decision
        .rejected
        .iter()
        .find(|rejected| rejected.assessment.model.id == "r1-671b")
        .expect("it is told of");
    assert!(rejected.remedies.iter().any(|remedy| matches!(remedy.change, Change::Api { .. })));
}

#[test]
fn nothing_that_must_stay_local_is_sent_to_an_api() {
    let needs = Needs { local_only: true, ..needs("research") };
    let decision = decided(&with_gpu("RTX 4090", 1, 64), &needs);
    let all: Vec<_> = decision.rejected.iter().flat_map(|rejected| &rejected.remedies).collect();
    assert!(!all.is_empty() && all.iter().all(|remedy| !matches!(remedy.change, Change::Api { .. })));
    let ran = program(["recommend", "--why", "--gpu", "RTX 4090", "--ram", "64", "--local-only"]).run();
    assert!(!ran.says("electricity").out().contains("by API"), "{}", ran.out());
}

#[test]
fn against_the_article_the_32b_beats_the_70b_at_half_the_memory() {
    // LiveCodeBench v5: 54.5 each, as the Qwen team measured both.
    let machine = machine(Bytes::gib(128), vec![gpu(Bytes::gib(24)), gpu(Bytes::gib(24))]);
    let programs = Needs { ability_weights: [("code".to_owned(), 1.0)].into(), ..few_needs() };
    let evaluation = evaluation(&machine, &programs);
    let best = |id: &str| {
        let mut assessed = evaluation.assess_model(CATALOG.model(id).expect("a model"));
        assessed.find(|one| one.meets_needs() && one.quant.id == "Q4_K_M").expect("it fits")
    };
    let (small, large) = (best("32b"), best("70b"));
    let quality = (small.quality.as_ref()).zip(large.quality.as_ref());
    assert!(quality.is_some_and(|(small, large)| small.is_as_good_as(large)));
    assert!(small.time_to_answer() < large.time_to_answer());
    assert!(small.needed_bytes().as_f64() < 0.6 * large.needed_bytes().as_f64());
}

#[test]
fn against_the_article_the_671b_runs_locally_where_the_ram_allows_it() {
    let decision = decided(&fixture("workstation-epyc-768gb"), &needs("general"));
    assert_eq!(decision.choices[0].assessment.model.size, "671B");
}

#[test]
fn the_reasons_say_what_is_commonly_advised_and_why_not_that() {
    let decision = decided(&fixture("desktop-rtx-4090"), &needs("general"));
    let is_advised = |reason: &Reason<'_>| matches!(reason, Reason::Advised);
    assert!(decision.choices[0].reasons.iter().any(is_advised));
    let decision = decided(&with_gpu("H200", 8, 2048), &needs("general"));
    let better = decision.choices[0].reasons.iter().find_map(|reason| match reason {
        Reason::BetterThanAdvised { sizes, difference, .. } => Some((*sizes, difference)),
        _ => None,
    });
    let (sizes, difference) = better.expect("it is better than what is advised");
    assert_eq!(sizes, ["14B", "32B"]);
    assert!(difference.points > 0.0, "{difference:?}");
}

#[test]
fn every_limit_is_kept() {
    let machine = with_gpu("RTX 4090", 1, 64);
    let given = ["max_ttft", "max_answer_time", "max_quant_loss"].map(str::to_owned).into();
    let usual = Needs { given, ..needs("general") };
    let kinds = |needs: &Needs, model: &str| -> Vec<String> {
        let assessed: Vec<_> =
            evaluation(&machine, needs).assess_model(CATALOG.model(model).expect("a model")).collect();
        let lacks = assessed.iter().flat_map(|assessment| &assessment.lacks);
        let any = assessed.iter().any(Assessment::meets_needs);
        if any { Vec::new() } else { lacks.map(Verdict::kind).collect() }
    };
    for (needs, model, kind) in [
        (
            Needs { minimum_scores: [(Benchmark::Aime24, 60.0)].into(), ..usual.clone() },
            "r1-distill-qwen-7b",
            "scores_too_low",
        ),
        (
            Needs { minimum_scores: [(Benchmark::Simpleqa, 1.0)].into(), ..usual.clone() },
            "r1-distill-qwen-7b",
            "score_unknown",
        ),
        (
            Needs { licences: vec!["MIT".into()], ..usual.clone() },
            "r1-distill-llama-70b",
            "licence_not_allowed",
        ),
        (
            Needs { maximum_disk_bytes: Some(Bytes::gib(2)), ..usual.clone() },
            "r1-0528-qwen3-8b",
            "too_much_disk",
        ),
        (Needs { gpu_only: true, ..usual.clone() }, "r1-distill-llama-70b", "too_large"),
        (
            Needs { maximum_ttft_seconds: Some(Seconds(0.05)), ..usual.clone() },
            "r1-distill-qwen-32b",
            "first_token_too_late",
        ),
        (
            Needs { maximum_answer_seconds: Some(Seconds(30.0)), ..usual.clone() },
            "r1-distill-qwen-32b",
            "too_late",
        ),
        (
            Needs { monthly_budget: Some(r1_advisor::units::Usd(1.0)), ..usual.clone() },
            "r1-distill-qwen-32b",
            "too_dear",
        ),
        (
            Needs { reserved_gpu_bytes: Some(Bytes::gib(20)), gpu_only: true, ..usual.clone() },
            "r1-distill-qwen-32b",
            "too_large",
        ),
        (
            Needs { maximum_quant_loss_percent: 0.0001, gpu_only: true, ..usual.clone() },
            "r1-distill-qwen-14b",
            "loses_too_much",
        ),
    ] {
        let kinds = kinds(&needs, model);
        assert!(kinds.iter().any(|found| found == kind), "{model}: {kind} is not among {kinds:?}");
    }
    let without = Needs { gpu_only: true, ..usual };
    let decision = decided(&fixture("laptop-8gb"), &without);
    assert!(decision.choices.is_empty());
    assert!(decision.rejected.iter().all(|rejected| rejected.lacks().contains(&Verdict::NoGpu)));
}

#[test]
fn what_would_make_a_model_fit_is_tried_and_does() {
    let machine = with_gpu("RTX 4090", 1, 64);
    let needs = few_needs();
    let decision = decided(&machine, &needs);
    let rejected = decision.rejected.iter().find(|rejected| rejected.assessment.model.id == "r1-671b");
    let rejected = rejected.expect("it is told of");
    let ram = rejected.remedies.iter().find_map(|remedy| match remedy.change {
        Change::Ram { total_bytes } => Some(total_bytes),
        _ => None,
    });
    let fits = |ram: Bytes| {
        let larger = with_ram(&machine, ram);
        evaluation(&larger, &needs).best_of(CATALOG.model("r1-671b").expect("a model")).is_some()
    };
    assert!(fits(ram.expect("RAM helps")));
    assert!(!fits(machine.ram.total_bytes));
}

#[test]
fn a_shorter_context_or_a_smaller_cache_is_offered_before_hardware() {
    // 32k tokens of the 32B take 8 GiB of cache beside 18 GiB of weights.
    let mut needs =
        Needs { gpu_only: true, minimum_decode_tokens_per_second: TokenRate(20.0), ..needs("coding") };
    needs.run.context = 40_960;
    let decision = decided(&fixture("desktop-rtx-4090"), &needs);
    let rejected =
        decision.rejected.iter().find(|rejected| rejected.assessment.model.id == "r1-distill-llama-70b");
    assert!(rejected.is_some_and(|rejected| !rejected.remedies.is_empty()));
    let rejected =
        decision.rejected.iter().find(|rejected| rejected.assessment.model.id == "r1-distill-qwen-32b");
    let first = rejected.and_then(|rejected| rejected.remedies.first());
    if let Some(first) = first {
        assert!(
            matches!(first.change, Change::KvType { kv_type: KvType::Q8_0 } | Change::Context { .. }),
            "{first:?}"
        );
    }
}

#[test]
fn the_energy_of_an_answer_is_board_power_times_its_time() {
    // 450 W (NVIDIA's figure for the RTX 4090) for 36 s are 4.5 Wh; 1,000 tokens each: 4.5 kWh for a million.
    let machine = fixture("desktop-rtx-4090");
    let needs = needs("general");
    let decision = decided(&machine, &needs);
    let best = &decision.choices[0].assessment;
    let cost = best.cost.as_ref().expect("the card's power is known");
    let seconds = best.time_to_answer().expect("its speed is known").0;
    let kwh = 450.0 * seconds / 3.6e6 * 1e6 / f64::from(needs.task.output_tokens);
    assert!((cost.watts - 450.0).abs() < 1e-9);
    assert!((cost.kwh_per_million_tokens / kwh - 1.0).abs() < 1e-9);
    assert!((cost.usd_per_million_tokens.0 / (kwh * needs.power_price.0) - 1.0).abs() < 1e-9);
}

#[test]
fn limits_hold_for_what_each_of_several_conversations_gets() {
    let machine = fixture("desktop-rtx-4090");
    let mut needs = needs("general");
    let assessed = decided(&machine, &needs).assessments;
    needs.run.sequences = 8;
    needs.run.context *= 8;
    let crowded = pick_of(&machine, &needs);
    let rate = |assessment: &Assessment<'_>| assessment.decode.unwrap().tokens_per_second;
    let all = crowded.reasons.iter().find_map(|reason| match reason {
        Reason::Crowd { all } => Some(all.tokens_per_second),
        _ => None,
    });
    let crowded = crowded.assessment;
    let alone = assessed.iter().find(|alone| alone.is_same(&crowded)).expect("it was assessed").clone();
    let (one, each, all) = (rate(&alone), rate(&crowded), all.unwrap());
    assert!(each < one && all > one && (all / each - 8.0).abs() < 1e-9, "{one}, {each} and {all}");
    // Written beside others, an answer takes about the energy that it takes alone: of another quant, perhaps.
    let watts = |choice: &Assessment<'_>| choice.cost.as_ref().unwrap().kwh_per_million_tokens;
    let (beside, alone) = (watts(&crowded), watts(&alone));
    assert!(beside < alone * 1.1, "{beside} and {alone} for {}", crowded.target());
    needs.minimum_decode_tokens_per_second = TokenRate(f64::midpoint(one, each));
    needs.given.insert("min_decode".to_owned());
    let faster = pick_of(&machine, &needs);
    assert!(rate(&faster.assessment) >= f64::midpoint(one, each));
    assert!(!faster.assessment.is_same(&crowded));
}

fn pick_of(machine: &Machine, needs: &Needs) -> Choice<'static> {
    decided(machine, needs).choices.into_iter().next().expect("something meets the needs")
}

/// Everything that meets the needs, and what the best of it is worth.
fn accepted(machine: &Machine, needs: &Needs) -> (Vec<(&'static str, &'static str)>, f64) {
    let assessed = evaluation(machine, needs).assess();
    let accepted = || assessed.iter().filter(|assessment| assessment.meets_needs());
    (
        accepted().map(|assessment| (assessment.model.id.as_str(), assessment.quant.id.as_str())).collect(),
        accepted().map(|assessment| assessment.utility).fold(f64::MIN, f64::max),
    )
}

prop_compose! {
    fn any_needs()(
        context in 4096u32..40_000,
        rate in 1.0f64..40.0,
        answer in proptest::option::of(20.0f64..2000.0),
        ttft in proptest::option::of(0.1f64..60.0),
        loss in 1.0f64..60.0,
        aime in proptest::option::of(20.0f64..90.0),
        gpu_only in any::<bool>(),
        priority in proptest::sample::select(vec![Priority::Balanced, Priority::Quality, Priority::Latency]),
        sequences in proptest::sample::select(vec![1u32, 1, 4]),
    ) -> Needs {
        let mut needs = few_needs();
        needs.run.context = context * sequences;
        needs.run.sequences = sequences;
        needs.minimum_decode_tokens_per_second = TokenRate(rate);
        needs.maximum_answer_seconds = answer.map(Seconds);
        needs.maximum_ttft_seconds = ttft.map(Seconds);
        needs.maximum_quant_loss_percent = loss;
        needs.minimum_scores = aime.map(|least| (Benchmark::Aime24, least)).into_iter().collect();
        Needs { gpu_only, priority, ..needs }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn relaxing_a_need_never_shrinks_the_answer(
        machine in any_machine(),
        needs in any_needs(),
        what in 0usize..7,
    ) {
        let mut relaxed = needs.clone();
        match what {
            0 => relaxed.minimum_decode_tokens_per_second = TokenRate(0.5),
            1 => relaxed.maximum_answer_seconds = None,
            2 => relaxed.maximum_ttft_seconds = None,
            3 => relaxed.maximum_quant_loss_percent = 60.0,
            4 => relaxed.minimum_scores.clear(),
            5 => {
                relaxed.run.context /= relaxed.run.sequences;
                relaxed.run.sequences = 1;
            }
            _ => relaxed.gpu_only = false,
        }
        let ((before, worth_before), (after, worth_after)) =
            (accepted(&machine, &needs), accepted(&machine, &relaxed));
        for choice in before {
            prop_assert!(after.contains(&choice), "{choice:?} is gone");
        }
        prop_assert!(worth_after >= worth_before - 1e-9);
    }

    #[test]
    fn a_better_machine_never_gets_a_worse_pick(
        machine in any_machine(),
        needs in any_needs(),
        extra in 1u64..200,
    ) {
        let needs = Needs { reserved_ram_bytes: Some(Bytes::gib(1)), ..needs };
        let worth = |machine: &Machine| accepted(machine, &needs).1;
        let larger = with_ram(&machine, machine.ram.total_bytes + Bytes::gib(extra));
        prop_assert!(worth(&larger) >= worth(&machine) - 1e-9);
        let mut faster = machine.clone();
        for gpu in &mut faster.gpus {
            gpu.bandwidth_bytes_per_second = gpu.bandwidth_bytes_per_second.map(|rate| Bandwidth(rate.0 * 1.5));
            gpu.fp32_flops = gpu.fp32_flops.map(|rate| r1_advisor::units::Flops(rate.0 * 1.5));
            gpu.fp16_flops = gpu.fp16_flops.map(|rate| r1_advisor::units::Flops(rate.0 * 1.5));
        }
        prop_assert!(worth(&faster) >= worth(&machine) - 1e-9);
    }

    #[test]
    fn the_pick_is_worth_the_most_and_each_alternative_is_better_in_something(
        machine in any_machine(),
        needs in any_needs(),
    ) {
        let decision = decided(&machine, &needs);
        if let [pick, others @ ..] = decision.choices.as_slice() {
            let able = decision.assessments.iter().filter(|assessment| assessment.meets_needs());
            for other in able {
                prop_assert!(other.utility <= pick.assessment.utility);
            }
            for other in others {
                let one = &other.assessment;
                let is_better = one.score() > pick.assessment.score()
                    || one.time_to_answer() < pick.assessment.time_to_answer()
                    || other.longest_context > pick.longest_context;
                prop_assert!(is_better, "{}", one.target());
            }
        }
    }
}

/// The program on this machine, with the engine that needs no model and a history of its own.
fn verified(arguments: &[&str]) -> Ran {
    let home = tempfile::tempdir().expect("a folder");
    program(["recommend", "--verify", "--format", "json"])
        .with(arguments)
        .home(home.path())
        .history("off")
        .run()
}

#[test]
fn the_pick_is_measured_here_and_predicted_stands_beside_measured() {
    // Little is asked, so that any machine that the tests run on has a pick.
    let ran = verified(&["--use-case", "mobile", "--min-decode", "0.01"]);
    let decision = ran.json();
    let verification = &decision["verification"];
    ran.complains("on random weights");
    assert!(
        verification["measured_tokens_per_second"].as_f64().is_some_and(|rate| rate > 0.0),
        "{verification}"
    );
    assert!(verification["predicted"]["interval"]["low"].as_f64().is_some(), "{verification}");
    ran.exits(i32::from(verification["holds"] != true));
    assert!(decision["recommendations"].as_array().is_some_and(|choices| !choices.is_empty()));
}

#[test]
fn another_machine_cannot_be_measured_here() {
    verified(&["--gpu", "RTX 4090"]).exits(2).complains("cannot be used with");
}
