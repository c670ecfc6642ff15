//! The whole catalog against llama.cpp itself: the type of every tensor against its quantizer, every byte of
//! weights and cache against its plan, and the formula of the compute buffers against what it reserves.

use std::collections::BTreeSet;
use std::ffi::CString;
use std::path::PathBuf;

use r1_advisor::catalog::{Catalog, Model};
use r1_advisor::engine::llama::LlamaEngine;
use r1_advisor::engine::llama::quantizer;
use r1_advisor::engine::{DeviceMemory, Engine as _, LoadMode, LoadRequest, LoadedModel, SessionRequest};
use r1_advisor::estimate::{Repack, Request, Subject, Task, estimate, kv_cache_size};
use r1_advisor::gguf::generate::SyntheticModel;
use r1_advisor::gguf::{FileType, LatentLayout, Layout, Mix, Tensor, metadata};
use r1_advisor::machine::{BandwidthBasis, BandwidthReading, Cpu, InstructionSet, Machine, Origin, Ram};
use r1_advisor::run_config::{KvType, Loading, RunConfig};
use r1_advisor::units::{Bandwidth, Bytes};

use crate::llama::dimensions;

use crate::support::program;

fn catalog() -> Catalog {
    Catalog::load(None).expect("the embedded catalog loads")
}

/// Both ways in which a file may hold a model's attention.
fn latents(model: &Model) -> &'static [LatentLayout] {
    if model.id.contains("671b") {
        &[LatentLayout::Split, LatentLayout::Merged]
    } else {
        &[LatentLayout::Split]
    }
}

fn header_of(model: &Model, mix: Mix, latent: LatentLayout, folder: &std::path::Path) -> PathBuf {
    let layout = Layout::new(&model.architecture, mix, latent);
    let keys = metadata(&model.name, &model.architecture, mix, latent);
    let path = folder.join(format!("{}-{}-{latent:?}.gguf", model.id, mix.file_type));
    SyntheticModel::new(&keys, &layout).write_header_only(&path).expect("a header takes no space");
    path
}

fn plan_of(model: &mut dyn LoadedModel, config: &RunConfig, outputs: Option<u32>) -> DeviceMemory {
    let request = SessionRequest { config: config.clone(), threads: 1, outputs };
    let plan = model.open(&request).expect("a context").memory().expect("a plan");
    assert!(plan.is_main_memory_only());
    plan.devices.into_iter().next().expect("main memory")
}

/// What llama.cpp, as it was built, repacks weights for.
fn instruction_sets(engine: &mut LlamaEngine) -> BTreeSet<InstructionSet> {
    let system = engine.build().expect("llama.cpp").system;
    [
        ("AVX2 = 1", InstructionSet::Avx2),
        ("AVX512 = 1", InstructionSet::Avx512),
        ("AVX512_VNNI = 1", InstructionSet::Avx512Vnni),
        ("AMX_INT8 = 1", InstructionSet::AmxInt8),
        ("DOTPROD = 1", InstructionSet::Dotprod),
        ("MATMUL_INT8 = 1", InstructionSet::I8mm),
    ]
    .into_iter()
    .filter_map(|(name, set)| system.contains(name).then_some(set))
    .collect()
}

fn request(run: &RunConfig) -> Request {
    Request {
        run: run.clone(),
        task: Task { prompt_tokens: 1, output_tokens: 1 },
        depth: 0,
        backend: None,
        offload: None,
        prefill_depth: 0,
        answer_lengths: Vec::new(),
    }
}

#[test]
fn every_tensor_of_every_model_gets_the_type_that_llama_cpps_quantizer_gives_it() {
    for model in catalog().models() {
        let name = CString::new(model.architecture.family.gguf_name()).expect("no zero");
        let dimensions = dimensions(&model.architecture, &name);
        for file_type in FileType::ALL {
            let mix = Mix { file_type, importance_matrix: false, wide_embeddings: false };
            let layout = Layout::new(&model.architecture, mix, LatentLayout::Split);
            let asked: Vec<_> = layout
                .tensors
                .iter()
                .map(|tensor| (tensor.name(), [tensor.shape[0], tensor.shape[1], tensor.shape[2], 1]))
                .collect();
            let types = quantizer::types(dimensions, file_type.id(), &asked).expect("a mix that it knows");
            for (tensor, theirs) in layout.tensors.iter().zip(types) {
                if let Some(theirs) = theirs {
                    assert_eq!(tensor.ggml_type.id(), theirs, "{} {file_type} {}", model.id, tensor.name());
                }
            }
        }
    }
}

#[test]
fn every_model_in_every_quant_takes_the_bytes_that_llama_cpp_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut engine = LlamaEngine::new();
    let sets = instruction_sets(&mut engine);
    let config = RunConfig { context: 4096, ..RunConfig::default() };
    let mut counted = 0;
    for model in catalog().models() {
        for file_type in FileType::ALL {
            for (importance_matrix, latent) in [false, true]
                .into_iter()
                .flat_map(|matrix| latents(model).iter().map(move |latent| (matrix, *latent)))
            {
                let mix = Mix { file_type, importance_matrix, wide_embeddings: false };
                let path = header_of(model, mix, latent, folder.path());
                let request = LoadRequest { path, mode: LoadMode::Plan, loading: Loading::without_gpus() };
                let mut loaded = engine.load(&request).expect("a header that llama.cpp loads");
                let theirs = plan_of(&mut *loaded, &config, None);
                let what = format!("{} {file_type} {latent:?}", model.id);
                let subject = Subject::new(model, "", mix, latent);
                let repack = Repack::of(&subject, &sets);
                let copy = |tensor: &Tensor| repack.copy_bytes(tensor);
                let copies: Bytes = subject.layout().tensors.iter().map(copy).sum();
                // Buffers of the repacked are counted in place of the file's.
                let as_in_file = subject.layout().bytes_of(|tensor| copy(tensor) == Bytes::ZERO);
                assert_eq!(theirs.repack_bytes, copies, "repacked weights of {what}");
                assert_eq!(theirs.weights_bytes - copies, as_in_file, "weights of {what}");
                let cache = kv_cache_size(&model.architecture, latent, &config);
                assert_eq!(theirs.kv_cache_bytes, cache, "cache of {what}");
                counted += 1;
            }
        }
    }
    assert_eq!(counted, (9 + 2) * 29 * 2);
}

#[test]
fn the_formula_is_within_one_percent_of_llama_cpps_plan() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut engine = LlamaEngine::new();
    let catalog = catalog();
    let (mut worst, mut planned) = (0.0_f64, 0);
    for model in catalog.models() {
        let quant = catalog.quant("Q4_K_M").expect("a quant");
        let subject = Subject::of(model, quant).expect("a rule");
        let mix = Mix::named(&quant.id, false).expect("a rule");
        let path = header_of(model, mix, LatentLayout::Split, folder.path());
        let mut loaded = engine
            .load(&LoadRequest { path, mode: LoadMode::Plan, loading: Loading::without_gpus() })
            .expect("a header");
        for context in [2048, 8192, 32_768, 131_072] {
            for micro_batch in [128, 512, 2048] {
                for kv_type in [KvType::F16, KvType::Q8_0, KvType::Q4_0] {
                    for sequences in [1, 2, 8] {
                        let run =
                            RunConfig { context, micro_batch, kv_type, sequences, ..RunConfig::default() };
                        let theirs = plan_of(&mut *loaded, &run, None);
                        let asked = plan_of(&mut *loaded, &run, Some(sequences)).compute_bytes;
                        let memory =
                            estimate(&subject, &huge_machine(), &request(&run), catalog.calibration()).memory;
                        let weights = memory.weights_bytes;
                        let reserved = memory.kv_cache_bytes + memory.compute_bytes;
                        let untouched = theirs.compute_bytes.saturating_sub(asked);
                        let error = [
                            (reserved, theirs.kv_cache_bytes + theirs.compute_bytes),
                            // What stays empty of it.
                            (
                                reserved - memory.untouched_bytes,
                                theirs.kv_cache_bytes + theirs.compute_bytes - untouched,
                            ),
                        ]
                        .into_iter()
                        .map(|(ours, theirs)| {
                            let (ours, theirs) = ((weights + ours).as_f64(), (weights + theirs).as_f64());
                            let error = (ours - theirs).abs() / theirs;
                            assert!(error < 0.01, "{} {run:?}: {ours} for {theirs}", model.id);
                            error
                        })
                        .fold(0.0, f64::max);
                        worst = worst.max(error);
                        planned += 1;
                    }
                }
            }
        }
    }
    assert_eq!(planned, 9 * 4 * 3 * 3 * 3);
    assert!(worst > 0.0, "the formula is no copy of the plan");
}

#[test]
fn a_unified_cache_and_types_of_its_own_are_planned_as_llama_cpp_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut engine = LlamaEngine::new();
    let catalog = catalog();
    let mix = Mix::named("Q4_K_M", false).expect("a rule");
    for id in ["1.5b", "70b", "671b"] {
        let model = catalog.model(id).expect("a model");
        let subject = Subject::new(model, "Q4_K_M", mix, LatentLayout::Split);
        let path = header_of(model, mix, LatentLayout::Split, folder.path());
        let mut loaded = engine
            .load(&LoadRequest { path, mode: LoadMode::Plan, loading: Loading::without_gpus() })
            .expect("a header");
        for kv_unified in [false, true] {
            for (kv_type, values) in [(KvType::F16, KvType::Q8_0), (KvType::Q8_0, KvType::Q4_0)] {
                for sequences in [1, 4] {
                    let run = RunConfig {
                        context: 16_384,
                        kv_type,
                        // With latent attention llama.cpp takes one type only.
                        kv_value_type: Some(values).filter(|_| id != "671b"),
                        kv_unified,
                        sequences,
                        ..RunConfig::default()
                    };
                    let theirs = plan_of(&mut *loaded, &run, None);
                    let memory =
                        estimate(&subject, &huge_machine(), &request(&run), catalog.calibration()).memory;
                    assert_eq!(memory.kv_cache_bytes, theirs.kv_cache_bytes, "{id} {run:?}");
                    let error = memory.compute_bytes.as_f64() / theirs.compute_bytes.as_f64() - 1.0;
                    assert!(
                        error.abs() < 0.03,
                        "{id} {run:?}: {} for {}",
                        memory.compute_bytes,
                        theirs.compute_bytes
                    );
                }
            }
        }
    }
}

/// The JSON that the program writes.
fn written(arguments: &[&str]) -> serde_json::Value {
    program(arguments).with(["--format", "json", "--quiet"]).engine("llama").run().json()
}

#[test]
fn a_run_of_the_1_5b_holds_what_was_estimated() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path().to_str().expect("UTF-8");
    let target = "1.5b:Q4_K_M";
    let bench = ["bench", target, "--synthetic", "-p", "512", "-n", "4", "-r", "1", "--cache-dir", folder];
    let held = written(&bench)["peak_memory_bytes"].as_f64().expect("it ran");
    let estimate = written(&["estimate", target, "--context", "512", "--backend", "cpu"]);
    let total = estimate["memory"]["total_bytes"].as_f64().expect("a total");
    assert!((total - held).abs() / held < 0.03, "{total} estimated, {held} held");
}

/// A machine without a GPU that everything fits on.
fn huge_machine() -> Machine {
    let ram = Bytes::gib(100_000);
    Machine {
        schema_version: 1,
        name: "huge".to_owned(),
        origin: Origin::Described,
        cpu: Cpu {
            model: "any".to_owned(),
            physical_cores: 1,
            usable_threads: 1,
            clock_ghz: None,
            sockets: 1,
            numa_nodes: 1,
            instruction_sets: std::collections::BTreeSet::new(),
            last_level_cache_bytes: None,
        },
        ram: Ram {
            total_bytes: ram,
            available_bytes: ram,
            cgroup_limit_bytes: None,
            swap_bytes: Bytes::ZERO,
            bandwidth: Some(BandwidthReading {
                bytes_per_second: Bandwidth::gb_per_second(100.0),
                basis: BandwidthBasis::Assumed,
                by_threads: Vec::new(),
            }),
        },
        gpus: Vec::new(),
        disk: None,
        assumed: std::collections::BTreeSet::new(),
        notes: Vec::new(),
    }
}
