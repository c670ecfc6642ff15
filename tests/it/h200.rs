//! What was measured on an H200 (`measurements/h200.json`): llama.cpp's own plan beside the GPU, what NVML said was used,
//! and the speeds, against what is reckoned for the machine as it was probed then.

use std::fs;
use std::path::Path;

use r1_advisor::catalog::Catalog;
use r1_advisor::estimate::{
    DeviceMemory, Fit, Offload, Placement, Reserve, Site, Subject, Task, place, place_as_told,
};
use r1_advisor::machine::Machine;
use r1_advisor::run_config::RunConfig;
use r1_advisor::units::Bytes;
use serde_json::Value;

struct Golden {
    document: Value,
    machine: Machine,
    catalog: Catalog,
}

impl Golden {
    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let text = |path: &str| fs::read_to_string(root.join(path)).expect("a file of the repository");
        let document: Value = serde_json::from_str(&text("measurements/h200.json")).expect("JSON");
        let machine = document["machine"].as_str().expect("a machine file");
        Self {
            machine: toml::from_str(&text(machine)).expect("a machine"),
            document,
            catalog: Catalog::load(None).expect("the embedded catalog loads"),
        }
    }

    fn runs(&self) -> &Vec<Value> {
        self.document["runs"].as_array().expect("runs")
    }

    /// Where a run's model was put, and how long its context was.
    fn placed<T>(&self, run: &Value, look: impl FnOnce(&Site<'_>, &Placement) -> T) -> T {
        let (model, quant) =
            self.catalog.target(run["target"].as_str().expect("a target")).expect("it is known");
        let subject = Subject::of(model, quant.expect("a quant")).expect("its tensors are known");
        let config = RunConfig { context: number(&run["context"]), ..RunConfig::default() };
        let site = Site {
            subject: &subject,
            machine: &self.machine,
            config: &config,
            task: Task::USUAL,
            reserve: Reserve::for_machine(&self.machine),
            backend: None,
            calibration: self.catalog.calibration(),
        };
        let offload = Offload {
            gpu_layers: run["gpu_layers"].as_u64().map_or(u32::MAX, |layers| layers as u32),
            expert_layers_in_ram: number(&run["expert_layers_in_ram"]),
        };
        let (Fit::Fits(placement) | Fit::TooLarge { nearest: placement, .. }) = place_as_told(&site, offload);
        look(&site, &placement)
    }
}

fn number(value: &Value) -> u32 {
    value.as_u64().expect("a whole number") as u32
}

fn bytes(value: &Value) -> Bytes {
    Bytes(value.as_u64().expect("bytes"))
}

/// What llama.cpp planned for a device, weights, cache and compute.
fn planned(run: &Value, device: &str) -> Option<[Bytes; 3]> {
    let devices = run["planned"].as_array()?;
    let device = devices.iter().find(|planned| planned["name"] == device)?;
    Some(["weights_bytes", "kv_cache_bytes", "compute_bytes"].map(|part| bytes(&device[part])))
}

fn parts(device: &DeviceMemory) -> [Bytes; 3] {
    [device.weights_bytes, device.kv_cache_bytes, device.compute_bytes]
}

#[test]
fn a_model_on_the_gpu_takes_what_llama_cpp_planned_there() {
    let golden = Golden::read();
    let mut compared = 0;
    for run in golden.runs().iter().filter(|run| run["gpu_layers"].is_null()) {
        let Some(on_gpu) = planned(run, "CUDA0") else { continue };
        let in_ram = planned(run, "CPU").expect("main memory");
        golden.placed(run, |_, placement| {
            let [gpu, ram] = placement.devices.as_slice() else { panic!("a GPU and the RAM") };
            let what = &run["target"];
            assert_eq!(parts(ram)[..2], in_ram[..2], "{what} in RAM");
            // Latent attention has one cache, and so an index a token less.
            let apart = ram.compute_bytes.0.abs_diff(in_ram[2].0);
            assert!(apart <= 8 * 512, "{what}: {apart} bytes of the compute buffer in RAM");
            assert_eq!(gpu.kv_cache_bytes, on_gpu[1], "cache of {what} on the GPU");
            // CUDA rounds rows up to 512 values (`MATRIX_ROW_PADDING`), which some are not long.
            let padding = on_gpu[0].as_f64() - gpu.weights_bytes.as_f64();
            assert!(
                (0.0..1e-5).contains(&(padding / on_gpu[0].as_f64())),
                "{what}: {padding} bytes of padding"
            );
            // Latent attention keeps a little less than the formula has.
            let compute = gpu.compute_bytes.as_f64() / on_gpu[2].as_f64();
            let most = if what.as_str().is_some_and(|what| what.contains("671b")) { 1.06 } else { 1.0001 };
            assert!((1.0..=most).contains(&compute), "{what}: {compute} of the compute buffer");
        });
        compared += 1;
    }
    assert_eq!(compared, 12);
}

#[test]
fn what_nvml_saw_beside_the_plan_is_within_the_reserve() {
    let golden = Golden::read();
    let reserved = bytes(&golden.document["nvml_reserved_bytes"]);
    let reserve = Reserve::for_machine(&golden.machine).gpu;
    let mut seen = 0;
    for run in golden.runs() {
        let (Some(peak), Some(planned)) = (run["nvml_used_peak_bytes"].as_u64(), planned(run, "CUDA0"))
        else {
            continue;
        };
        let own = Bytes(peak) - reserved - planned.into_iter().sum();
        assert!(own <= reserve && own >= Bytes::mib(500), "{}: {own} beside the plan", run["target"]);
        seen += 1;
    }
    assert_eq!(seen, 9);
}

#[test]
fn the_card_is_found_in_the_catalog_and_tells_what_the_catalog_says() {
    let golden = Golden::read();
    let [gpu] = golden.machine.gpus.as_slice() else { panic!("one GPU") };
    let entry = golden.catalog.accelerator("NVIDIA H200").expect("it is known");
    assert_eq!(gpu.accelerator.as_ref(), Some(&entry.id));
    let near = |told: f64, published: f64| (told / published - 1.0).abs() < 0.005;
    let bandwidth = gpu.bandwidth_bytes_per_second.expect("NVML tells it");
    assert!(near(bandwidth.0, entry.bandwidth.expect("published").0), "{bandwidth}");
    assert!(entry.pci_ids.contains(&gpu.pci_id.expect("NVML tells it")));
}

fn mean(timed: &Value, from: usize) -> Option<f64> {
    let samples: Vec<f64> =
        timed["samples"].as_array()?.iter().skip(from).filter_map(Value::as_f64).collect();
    Some(samples.iter().sum::<f64>() / samples.len() as f64)
}

#[test]
fn what_is_sent_to_the_gpu_batch_by_batch_prefills_about_as_fast_as_predicted() {
    let golden = Golden::read();
    let mut compared = 0;
    for run in golden.runs() {
        let in_ram = run["gpu_layers"].as_u64().is_some_and(|layers| (1..48).contains(&layers))
            || number(&run["expert_layers_in_ram"]) > 0;
        if !in_ram {
            continue;
        }
        let measured = mean(&run["prefill"], 0).expect("a measurement");
        let predicted = golden.placed(run, |site, placement| {
            site.speed(placement).prefill(number(&run["prefill"]["tokens"])).expect("all rates are known")
        });
        let ratio = measured / predicted.tokens_per_second;
        assert!((0.8..1.25).contains(&ratio), "{} with {}: {ratio}", run["target"], run["gpu_layers"]);
        compared += 1;
    }
    assert_eq!(compared, 4);
}

#[test]
fn what_fits_beside_experts_in_ram_leaves_room_for_the_largest_on_its_way() {
    // The 671B in Q4_K_M sends 2940 MiB of experts at once: with 24 GB of GPU the plan must have kept them free.
    let golden = Golden::read();
    let (model, quant) = golden.catalog.target("671b:Q4_K_M").expect("it is known");
    let subject = Subject::of(model, quant.expect("a quant")).expect("its tensors are known");
    let mut machine = golden.machine.clone();
    machine.ram.total_bytes = Bytes::gib(768);
    machine.ram.available_bytes = Bytes::gib(740);
    let config = RunConfig { context: 4096, ..RunConfig::default() };
    let site = Site {
        subject: &subject,
        machine: &machine,
        config: &config,
        task: Task::USUAL,
        reserve: Reserve::for_machine(&machine),
        backend: None,
        calibration: golden.catalog.calibration(),
    };
    let Fit::Fits(placement) = place(&site) else { panic!("it fits with experts in RAM") };
    assert!(placement.expert_layers_in_ram > 0);
    assert!(placement.devices[0].compute_bytes > Bytes::mib(2940));
    assert_eq!(placement.shortfall(), Bytes::ZERO);
}

#[test]
fn slices_are_off_by_no_more_than_their_interval_reckons_with() {
    let golden = Golden::read();
    let rows = golden.document["slices"].as_array().expect("slices");
    let quiet = rows.iter().filter(|row| row["disturbed"].is_null());
    let errors: Vec<f64> = quiet
        .flat_map(|row| ["prefill", "decode"].map(|test| &row[test]))
        .map(|test| {
            test["foretold"].as_f64().expect("a speed") / test["whole"].as_f64().expect("a speed") - 1.0
        })
        .collect();
    assert_eq!(errors.len(), 12);
    let mean_square = errors.iter().map(|error| error * error).sum::<f64>() / errors.len() as f64;
    // `SLICE_ERROR` of the extrapolation is 0.075, of four other runs on two cores.
    assert!(mean_square.sqrt() < 0.08, "{errors:?}");
}
