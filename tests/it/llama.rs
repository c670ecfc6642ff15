//! The real engine on small generated models: it loads, plans to the byte, and runs.

use std::ffi::CString;
use std::fs;
use std::path::{Path, PathBuf};

use r1_advisor::catalog::{Architecture, Attention, Family, FeedForward, Rope};
use r1_advisor::engine::llama::LlamaEngine;
use r1_advisor::engine::llama::quantizer::{self, ModelDimensions};
use r1_advisor::engine::{
    DeviceKind, DeviceMemory, Engine as _, EngineError, LoadMode, LoadRequest, MemoryPlan, SessionRequest,
};
use r1_advisor::error::Failure as _;
use r1_advisor::gguf::generate::SyntheticModel;
use r1_advisor::gguf::{LatentLayout, Layout, Mix, metadata};
use r1_advisor::run_config::{KvType, Loading, RunConfig};
use r1_advisor::units::Bytes;

/// Two layers of a small model of each family that R1 comes in.
fn small(family: Family) -> Architecture {
    let latent = family == Family::DeepSeek2;
    Architecture {
        family,
        layers: 2,
        hidden_size: 512,
        vocabulary: 1024,
        context_trained: 4096,
        rms_norm_epsilon: 1e-6,
        rope: Rope { theta: 10_000.0, scaling: None },
        attention: if latent {
            Attention::Latent {
                heads: 8,
                query_rank: 256,
                kv_rank: 512,
                key_head_size: 128,
                rope_head_size: 64,
                value_head_size: 128,
            }
        } else {
            Attention::Grouped { heads: 8, kv_heads: 2, head_size: 64 }
        },
        feed_forward: if latent {
            FeedForward::Experts {
                dense_layers: 1,
                dense_intermediate_size: 1024,
                expert_intermediate_size: 256,
                experts: 16,
                experts_used: 4,
                shared_experts: 1,
                expert_groups: 4,
                expert_groups_used: 2,
                routed_scale: 2.5,
            }
        } else {
            FeedForward::Dense { intermediate_size: 1024 }
        },
    }
}

const FAMILIES: [Family; 4] = [Family::Qwen2, Family::Llama, Family::Qwen3, Family::DeepSeek2];

struct Generated {
    layout: Layout,
    model: SyntheticModel,
}

fn generated(architecture: &Architecture, quant: &str) -> Generated {
    let mix = Mix::named(quant, false).expect(quant);
    let layout = Layout::new(architecture, mix, LatentLayout::Split);
    let keys = metadata("small", architecture, mix, LatentLayout::Split);
    Generated { model: SyntheticModel::new(&keys, &layout), layout }
}

fn write(generated: &Generated, folder: &Path) -> PathBuf {
    let path = folder.join("small.gguf");
    generated.model.write_random_weights(&path, 1, 1, &|_| {}, &false.into()).expect("a file");
    path
}

fn load(path: PathBuf, mode: LoadMode) -> LoadRequest {
    LoadRequest { path, mode, loading: Loading::without_gpus() }
}

fn session(config: RunConfig) -> SessionRequest {
    SessionRequest { config, threads: 2, outputs: None }
}

fn plan(path: PathBuf, config: RunConfig) -> MemoryPlan {
    let mut engine = LlamaEngine::new();
    let mut model = engine.load(&load(path, LoadMode::Plan)).expect("a header");
    model.open(&session(config)).expect("a context").memory().expect("a breakdown")
}

#[test]
fn every_family_runs_with_random_weights() {
    for family in FAMILIES {
        let folder = tempfile::tempdir().unwrap();
        let generated = generated(&small(family), "Q4_K_M");
        let mut engine = LlamaEngine::new();
        let mut model = engine.load(&load(write(&generated, folder.path()), LoadMode::Run)).unwrap();
        assert_eq!(model.facts().weights_bytes, generated.layout.bytes(), "{family:?}");
        let config = RunConfig { context: 256, batch: 64, micro_batch: 32, ..RunConfig::default() };
        let mut session = model.open(&session(config)).unwrap();
        for _ in 0..2 {
            session.clear().unwrap();
            assert!(session.prefill(130).unwrap().0 > 0.0, "{family:?}");
            assert!(session.decode(8).unwrap().0 > 0.0, "{family:?}");
        }
        assert!(session.usage().unwrap().peak_bytes > generated.layout.bytes());
    }
}

#[test]
fn a_header_alone_is_planned_to_the_byte() {
    for family in FAMILIES {
        let folder = tempfile::tempdir().unwrap();
        let generated = generated(&small(family), "Q4_K_M");
        let path = folder.path().join("header.gguf");
        generated.model.write_header_only(&path).unwrap();
        let plan = plan(path, RunConfig { context: 1024, ..RunConfig::default() });
        // Weights that are rearranged for AMX take more than in the file.
        assert!(plan.sum(|device| device.weights_bytes) >= generated.layout.bytes(), "{family:?}");
        // Two layers of keys and values of 2 heads × 64 in F16; with MLA, of one latent of 512 + 64.
        let per_token = if family == Family::DeepSeek2 { 2 * (512 + 64) * 2 } else { 2 * 2 * 2 * 64 * 2 };
        assert_eq!(plan.sum(|device| device.kv_cache_bytes), Bytes(1024 * per_token), "{family:?}");
        assert!(plan.sum(|device| device.compute_bytes) > Bytes::ZERO);
    }
}

#[test]
fn the_plan_follows_the_settings() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("header.gguf");
    generated(&small(Family::Qwen2), "Q4_K_M").model.write_header_only(&path).unwrap();
    let kv = |config| plan(path.clone(), config).sum(|device| device.kv_cache_bytes);
    let compute = |config| plan(path.clone(), config).sum(|device| device.compute_bytes);
    let config =
        |context, kv_type, micro_batch| RunConfig { context, kv_type, micro_batch, ..RunConfig::default() };
    let half = kv(config(1024, KvType::F16, 512));
    assert_eq!(kv(config(2048, KvType::F16, 512)), half * 2);
    // Blocks of 32 values in 34 bytes instead of 64.
    assert_eq!(kv(config(1024, KvType::Q8_0, 512)).0, half.0 * 34 / 64);
    assert!(compute(config(1024, KvType::F16, 64)) < compute(config(1024, KvType::F16, 512)));
}

#[test]
fn a_truncated_file_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&generated(&small(Family::Qwen2), "Q4_K_M"), folder.path());
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.set_len(file.metadata().unwrap().len() / 2).unwrap();
    let mut engine = LlamaEngine::new();
    let error = engine.load(&load(path, LoadMode::Run)).err().expect("half a file");
    let EngineError::Load { reason, .. } = &error else { panic!("{error}") };
    assert!(reason.to_string().contains("not within the file bounds"), "{reason}");
    assert_eq!(error.hint().unwrap().code(), "engine-load-hint");
}

#[test]
fn what_is_no_gguf_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.gguf");
    fs::write(&path, "Dear llama").unwrap();
    let error = LlamaEngine::new().load(&load(path, LoadMode::Run)).err().expect("no model");
    assert!(error.to_string().contains("invalid magic"), "{error}");
}

#[test]
fn the_engine_is_compiled_for_this_cpu() {
    let mut engine = LlamaEngine::new();
    let build = engine.build().unwrap();
    let flags = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    if flags.contains("avx512bw") && !cfg!(feature = "portable") {
        assert!(build.system.contains("AVX512 = 1"), "{}", build.system);
    }
    assert!(engine.devices().unwrap().iter().any(|device| device.kind == DeviceKind::Cpu));
}

#[test]
fn a_batch_that_does_not_fit_the_cache_is_an_error_and_not_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&generated(&small(Family::Llama), "Q4_K_M"), folder.path());
    let mut engine = LlamaEngine::new();
    let mut model = engine.load(&load(path, LoadMode::Run)).unwrap();
    let config = RunConfig { context: 256, batch: 128, micro_batch: 128, ..RunConfig::default() };
    let mut session = model.open(&session(config)).unwrap();
    assert!(matches!(session.prefill(512), Err(EngineError::Compute { status: 1, .. })));
    session.clear().unwrap();
    assert!(session.decode(1).unwrap().0 > 0.0);
}

#[test]
fn our_layout_gives_every_tensor_the_type_that_llama_cpp_gives_it() {
    for family in FAMILIES {
        let architecture = Architecture { layers: 24, ..small(family) };
        let name = CString::new(family.gguf_name()).unwrap();
        let dimensions = dimensions(&architecture, &name);
        for quant in [
            "F16", "Q8_0", "Q6_K", "Q5_K_M", "Q5_K_S", "Q4_K_M", "Q4_K_S", "Q4_0", "Q3_K_L", "Q3_K_M",
            "Q2_K", "IQ4_XS",
        ] {
            let mix = Mix::named(quant, false).unwrap();
            let layout = Layout::new(&architecture, mix, LatentLayout::Split);
            let asked: Vec<_> = layout
                .tensors
                .iter()
                .map(|tensor| (tensor.name(), [tensor.shape[0], tensor.shape[1], tensor.shape[2], 1]))
                .collect();
            let types = quantizer::types(dimensions, mix.file_type.id(), &asked).expect(quant);
            for (tensor, theirs) in layout.tensors.iter().zip(types) {
                if let Some(theirs) = theirs {
                    assert_eq!(tensor.ggml_type.id(), theirs, "{family:?} {quant} {}", tensor.name());
                }
            }
        }
    }
}

pub(crate) fn dimensions<'a>(architecture: &Architecture, name: &'a CString) -> ModelDimensions<'a> {
    let (heads, kv_heads, key_head_size, value_head_size) = match architecture.attention {
        Attention::Grouped { heads, kv_heads, head_size } => (heads, kv_heads, head_size, head_size),
        Attention::Latent { heads, kv_rank, rope_head_size, .. } => {
            (heads, 1, kv_rank + rope_head_size, kv_rank)
        }
    };
    let (intermediate_size, experts) = match architecture.feed_forward {
        FeedForward::Dense { intermediate_size } => (intermediate_size, 0),
        FeedForward::Experts { dense_intermediate_size, experts, .. } => (dense_intermediate_size, experts),
    };
    ModelDimensions {
        architecture: name,
        hidden_size: architecture.hidden_size,
        intermediate_size,
        layers: architecture.layers,
        heads,
        kv_heads,
        experts,
        key_head_size,
        value_head_size,
    }
}

#[test]
fn the_plan_names_every_byte_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("header.gguf");
    generated(&small(Family::Qwen2), "Q4_0").model.write_header_only(&path).unwrap();
    let plan = plan(path, RunConfig::default());
    assert_eq!(plan.devices.len(), 1);
    let DeviceMemory { name, weights_bytes, repack_bytes, .. } = &plan.devices[0];
    assert_eq!(name, "CPU");
    assert!(repack_bytes <= weights_bytes);
}
