//! The whole catalog against llama.cpp itself: the type of every tensor against its quantizer, every byte of
//! weights and cache against its plan, and the formula of the compute buffers against what it reserves.

use std::ffi::CString;
use std::path::PathBuf;

use r1_advisor::catalog::{Catalog, Model};
use r1_advisor::engine::llama::LlamaEngine;
use r1_advisor::engine::llama::quantizer;
use r1_advisor::engine::{DeviceMemory, Engine as _, LoadMode, LoadRequest, LoadedModel, SessionRequest};
use r1_advisor::estimate::{Request, Subject, Task, estimate, kv_cache_size};
use r1_advisor::gguf::generate::SyntheticModel;
use r1_advisor::gguf::{FileType, LatentLayout, Layout, Mix, metadata};
use r1_advisor::machine::{BandwidthBasis, BandwidthReading, Cpu, Machine, Origin, Ram};
use r1_advisor::run_config::{KvType, RunConfig};
use r1_advisor::units::{Bandwidth, Bytes};

use crate::llama::dimensions;

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

fn plan_of(model: &mut dyn LoadedModel, config: &RunConfig) -> [Bytes; 3] {
    let request = SessionRequest { config: config.clone(), threads: 1 };
    let plan = model.open(&request).expect("a context").memory().expect("a plan");
    [
        plan.sum(|device| device.weights_bytes),
        plan.sum(|device| device.kv_cache_bytes),
        plan.sum(|device: &DeviceMemory| device.compute_bytes),
    ]
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
                let request = LoadRequest { path, mode: LoadMode::Plan, gpu_layers: Some(0) };
                let mut loaded = engine.load(&request).expect("a header that llama.cpp loads");
                let [weights, cache, _] = plan_of(&mut *loaded, &config);
                let what = format!("{} {file_type} {latent:?}", model.id);
                assert_eq!(
                    Layout::new(&model.architecture, mix, latent).bytes(),
                    weights,
                    "weights of {what}"
                );
                assert_eq!(kv_cache_size(&model.architecture, latent, &config), cache, "cache of {what}");
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
        let mut loaded =
            engine.load(&LoadRequest { path, mode: LoadMode::Plan, gpu_layers: Some(0) }).expect("a header");
        for context in [2048, 8192, 32_768, 131_072] {
            for micro_batch in [128, 512, 2048] {
                for kv_type in [KvType::F16, KvType::Q8_0, KvType::Q4_0] {
                    for sequences in [1, 2, 8] {
                        let run =
                            RunConfig { context, micro_batch, kv_type, sequences, ..RunConfig::default() };
                        let theirs: Bytes = plan_of(&mut *loaded, &run).into_iter().sum();
                        let request = Request {
                            run: run.clone(),
                            task: Task { prompt_tokens: 1, output_tokens: 1 },
                            depth: 0,
                            backend: None,
                            gpu_layers: None,
                        };
                        let memory = estimate(&subject, &huge_machine(), &request).memory;
                        let ours = memory.weights_bytes + memory.kv_cache_bytes + memory.compute_bytes;
                        let error = (ours.as_f64() - theirs.as_f64()).abs() / theirs.as_f64();
                        assert!(error < 0.01, "{} {run:?}: {ours} for {theirs}", model.id);
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
        notes: Vec::new(),
    }
}
