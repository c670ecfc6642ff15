//! Predictions of served engines held against the published measurements in `measurements/serving.csv`, and what the
//! simulation they rest on must keep to. The ceilings only go down.

use std::fs::File;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use r1_advisor::calibration::{ServingConstants, ServingSpread};
use r1_advisor::capacity::{
    Arrivals, CacheType, Deployment, Lengths, Observation, Observed, Parallelism, People, Precision, Promise,
    Release, Replicas, Request, ServedModel, ServingDevice, ServingEngine, Space, Workload, capacity,
    replicas, simulate,
};
use r1_advisor::catalog::Catalog;
use r1_advisor::units::Seconds;
use r1_advisor::validate::{
    Basis, Case as _, ServedCase, ServedMeasurement, cases, predictions, read_table, validation,
};

use crate::support::{Ran, program};

fn table(name: &str) -> Vec<ServedMeasurement> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("measurements").join(name);
    read_table(File::open(path).expect("the table")).expect("a table of measurements")
}

fn rows() -> Vec<ServedMeasurement> {
    table("serving.csv")
}

#[test]
fn every_row_with_a_stated_concurrency_is_understood() {
    let catalog = Catalog::embedded().unwrap();
    for row in rows().iter().filter(|row| row.in_flight().is_some()) {
        if let Err(error) = ServedCase::of(row, &catalog) {
            panic!("{}, {}: {error}", row.id, row.hardware);
        }
    }
}

#[test]
fn served_engines_are_predicted_within_the_ceilings() {
    let catalog = Catalog::embedded().unwrap();
    let rows: Vec<ServedMeasurement> =
        ["serving.csv", "serving-exported.csv"].into_iter().flat_map(table).collect();
    let (cases, unresolved) = cases::<ServedCase<'_>>(&rows, &catalog);
    let calibration = catalog.serving_calibration().unwrap();
    let predicted: Vec<_> = cases.iter().map(|case| predictions(case, calibration)).collect();
    let validation = validation(&cases, &predicted, &unresolved, Basis::Calibration { fitted: 0 });
    for (accuracy, (median, p90)) in validation.all.values.into_iter().zip(CEILINGS) {
        let accuracy = accuracy.expect("each was measured");
        assert!(accuracy.rows > 800 && accuracy.median_abs_error <= median, "{accuracy:?}");
        assert!(accuracy.p90_abs_error <= p90, "{accuracy:?}");
    }
}

#[test]
fn intervals_are_no_wider_than_the_ceilings_and_wider_the_less_is_known() {
    let catalog = Catalog::embedded().unwrap();
    let spreads = catalog.serving_calibration().unwrap().spreads;
    for (of, most) in spreads.iter().zip([2.0, 2.6, 4.5]) {
        let width = |spread: ServingSpread| spread.high / spread.low;
        assert!(width(of.measured) <= width(of.tuned) && width(of.tuned) <= width(of.deployed), "{of:?}");
        assert!(width(of.deployed) <= most, "{of:?}");
    }
}

#[test]
fn a_closed_form_says_nearly_what_a_simulation_does() {
    let constants = ServingConstants::default();
    for held in [1, 16, 128] {
        let deployment = replica(2);
        let step = deployment.step_time(&constants);
        let steady = deployment.steady(&step, f64::from(held), 1000.0, 1000.0).unwrap();
        let workload = Workload {
            prompt_tokens: 1000.0,
            output_tokens: 1000.0,
            prompts: Lengths::Near,
            answers: Lengths::Near,
            arrivals: Arrivals::Held { concurrency: held, requests: 10 * held },
            seed: 1,
        };
        let never = Seconds(f64::INFINITY);
        let served = simulate(&deployment, &constants, &workload, (never, never)).unwrap();
        let ratio = steady.tpot.0 / served.mean_tpot().0;
        assert!((0.93..1.07).contains(&ratio), "{held} in flight: {ratio}");
    }
}

#[test]
fn deployments_that_do_not_fit_are_not_searched_and_layouts_are_named_as_people_do() {
    let catalog = Catalog::embedded().unwrap();
    let model = ServedModel::of(&catalog.model("671b").unwrap().architecture);
    let device = ServingDevice::of(catalog.accelerator("H200").unwrap()).unwrap();
    let space = Space {
        model: &model,
        device: &device,
        gpus: &[1, 2, 4, 8],
        engines: &[ServingEngine::Sglang],
        precisions: &[Precision::FP8],
        caches: &[CacheType::Sixteen],
        drafts: &[0],
    };
    let names: Vec<String> = space.deployments().iter().map(|one| one.parallelism.to_string()).collect();
    assert_eq!(names, ["TP8", "DEP8", "TP8 EP8"]);
}

/// The median and the 90th percentile of the errors of TPOT, output and TTFT.
const CEILINGS: [(f64, f64); 3] = [(0.048, 0.155), (0.053, 0.17), (0.22, 0.71)];

fn validate(arguments: &[&str]) -> Ran {
    program(["validate"]).with(arguments).run()
}

#[test]
fn validate_knows_a_table_of_served_engines_and_keeps_its_contract() {
    let value =
        validate(&["measurements/serving.csv", "--format", "json"]).exits(0).json_of("validate_serving");
    assert_eq!(value["rows"], 135);
    assert_eq!(value["per_row"].as_array().unwrap().len(), 135);

    let missed = validate(&["measurements/serving.csv", "--max-tpot-median", "0.1%"]);
    missed.exits(1);
    let text = missed.out();
    assert!(text.contains("MISSED TPOT, median error"), "{text}");
    assert!(text.contains("Median error above 25 %: "), "{text}");
}

/// Reading the catalog takes longer than what is tried with it some hundred times.
fn replica(gpus: u32) -> Deployment {
    static CATALOG: LazyLock<Catalog> =
        LazyLock::new(|| Catalog::embedded().expect("the shipped catalog is right"));
    let catalog = &*CATALOG;
    Deployment {
        model: ServedModel::of(&catalog.model("32b").expect("a model").architecture),
        precision: Precision::FP8,
        device: ServingDevice::of(catalog.accelerator("H100 SXM5 80GB").expect("a GPU"))
            .expect("its figures"),
        parallelism: Parallelism::tensor(gpus),
        engine: ServingEngine::Vllm,
        release: Release::NEWEST,
        cache: CacheType::Sixteen,
        is_tuned: true,
        batch_limit: None,
        known: 1.0,
        drafted: 0,
        cache_room: None,
        experts_in_ram: None,
        observed: Observed::default(),
    }
}

fn needed(deployment: &Deployment, users: f64, promise: Promise) -> u32 {
    let people = People { users, requests_per_user_day: 20.0, peak_hour_share: 0.15, burst: 1.3 };
    let request = Request { prompt_tokens: 500.0, output_tokens: 800.0, answers: Lengths::REASONING };
    let capacity =
        capacity(deployment, &ServingConstants::default(), &request, promise, |_| true).expect("it fits");
    replicas(&capacity, people.peak_rate(), 0.85, false).map_or(u32::MAX, Replicas::all)
}

proptest! {
    #[test]
    fn what_was_measured_replaces_what_is_predicted_at_the_same_load(
        in_flight in 1_u32..200,
        tpot in 0.005..0.2_f64,
        ttft in 0.05..5.0_f64,
        prompt in 64.0..8192.0_f64,
        output in 64.0..4096.0_f64,
    ) {
        let constants = ServingConstants::default();
        let in_flight = f64::from(in_flight);
        let load = Observation {
            in_flight, prompt_tokens: prompt, output_tokens: output, is_steady: true, tpot: Some(Seconds(tpot)), ttft: None,
        };
        let alone = Observation { in_flight: 1.0, tpot: None, ttft: Some(Seconds(ttft)), ..load };
        let deployment = replica(2);
        let predicted = deployment.step_time(&constants);
        let observed = Observed::of(&deployment, &predicted, &[alone, load]);
        let deployment = Deployment { observed, ..deployment };
        let (step, chunk) = (deployment.step_time(&constants), deployment.prefill_chunk());
        let waited = step.alone(prompt, chunk).0;
        let is_prefill = ttft > 2.0 * (waited - step.prefill(prompt, chunk).0);
        prop_assert!(!is_prefill || (waited / ttft - 1.0).abs() < 1e-6, "{waited} {ttft}");
        // Unless the prompts of the others alone would take as long.
        let others = (in_flight - 1.0) / output * step.prefill(prompt, chunk).0;
        let steady = step.steady_tpot(&deployment, in_flight, prompt, output).0;
        prop_assert!(others > 0.7 * tpot || (steady / tpot - 1.0).abs() < 1e-6, "{steady} {tpot}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn a_tighter_promise_and_more_users_never_need_fewer_replicas(
        users in 500.0..20_000.0_f64,
        more in 1.0..4.0_f64,
        tpot in 0.012..0.06_f64,
        ttft in 0.5..5.0_f64,
        tighter in 0.4..1.0_f64,
    ) {
        let deployment = replica(1);
        let loose = Promise { ttft: Seconds(ttft), tpot: Seconds(tpot) };
        let tight = Promise { ttft: Seconds(ttft * tighter), tpot: Seconds(tpot * tighter) };
        let usual = needed(&deployment, users, loose);
        prop_assert!(needed(&deployment, users, tight) >= usual);
        prop_assert!(needed(&deployment, users * more, loose) >= usual);
    }
}
