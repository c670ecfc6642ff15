use serde::Serialize;

use super::{DeviceMemory, Placement, Repack, Subject};
use crate::catalog::ArtifactFile;
use crate::machine::{Machine, Vendor};
use crate::run_config::{KvType, RunConfig};
use crate::units::Bytes;

/// The flags of `llama-server`, `llama-cli` and `llama-bench` for a placement.
#[must_use]
pub fn llama_cpp(
    subject: &Subject<'_>,
    machine: &Machine,
    placement: &Placement,
    config: &RunConfig,
) -> Vec<String> {
    let mut flags = vec![format!("-c {}", config.context), format!("-ngl {}", placement.gpu_layers)];
    let split = placement.tensor_split();
    let used: Vec<_> = (0..split.len()).filter(|gpu| split[*gpu] > 0).collect();
    match used[..] {
        [gpu] if split.len() > 1 => flags.push(format!("-sm none -mg {gpu}")),
        [] | [_] => {}
        _ => {
            let shares: Vec<_> = split.iter().map(u32::to_string).collect();
            flags.push(format!("-ts {}", shares.join(",")));
        }
    }
    if placement.expert_layers_in_ram > 0 {
        flags.push(format!("--n-cpu-moe {}", placement.expert_layers_in_ram));
    }
    if (config.kv_type, config.value_type()) != (KvType::F16, KvType::F16) {
        flags.push(format!("-ctk {} -ctv {}", config.kv_type, config.value_type()));
    }
    flags.push(format!("-ub {}", config.micro_batch));
    if config.sequences > 1 {
        flags.push(format!("-np {}", config.sequences));
    }
    if config.kv_unified {
        flags.push("-kvu".to_owned());
    }
    if placement.gpu_layers == 0 && Repack::must_be_off(subject, &machine.cpu.instruction_sets) {
        flags.push("--no-repack".to_owned());
    }
    if machine.cpu.numa_nodes > 1 && placement.computes_in_ram() {
        flags.push("--numa distribute".to_owned());
    }
    flags.push(format!("-fa {}", if config.flash_attention { "on" } else { "off" }));
    flags
}

/// The command line that serves it so, whole, for a shell: what `llama_cpp` gives, the files by `-hf`, `-m` or `-mu`, and
/// the sampling that its makers advise. `None` where it is published nowhere.
///
/// `-np` is given even for one: llama-server otherwise takes four slots (`common/arg.cpp`, `-1 = auto`).
#[must_use]
pub fn llama_server(subject: &Subject<'_>, flags: &[String], config: &RunConfig) -> Option<String> {
    let quoted = |word: &str| shlex::try_quote(word).map_or_else(|_| word.to_owned(), Into::into);
    let source = match (subject.file, subject.model.catalog) {
        (Some(url), _) if url.contains("://") => format!("-mu {}", quoted(url)),
        (Some(path), _) => format!("-m {}", quoted(path)),
        (None, Some(model)) => {
            let artifact = model.artifacts.iter().find(|artifact| artifact.quant == subject.quant)?;
            format!("-hf {}:{}", artifact.repository, artifact.quant)
        }
        (None, None) => return None,
    };
    let mut line = vec!["llama-server".to_owned(), source];
    line.extend_from_slice(flags);
    if config.sequences <= 1 {
        line.push("-np 1".to_owned());
    }
    if let Some(model) = subject.model.catalog {
        line.push(format!("--temp {} --top-p {}", model.sampling.temperature, model.sampling.top_p));
    }
    Some(line.join(" "))
}

/// How the limit of a GPU that shares main memory is raised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RaiseLimit {
    /// By a command, until the next start (macOS).
    Command {
        /// The command.
        command: String,
        /// What the GPU may then take.
        limit_bytes: Bytes,
    },
    /// By a parameter of the kernel (Linux; elsewhere it is a setting of the firmware).
    KernelParameter {
        /// The parameter.
        parameter: String,
        /// What the GPU may then take.
        limit_bytes: Bytes,
    },
}

impl RaiseLimit {
    /// What must be done before a model can be placed so; none where nothing must.
    #[must_use]
    pub fn of(placement: &Placement, machine: &Machine) -> Option<Self> {
        let limit_bytes = placement.raised_limit?;
        let gpu = &machine.gpus[placement.devices.iter().find_map(DeviceMemory::gpu)?];
        Some(match gpu.vendor {
            Vendor::Apple => {
                let command = format!("sudo sysctl iogpu.wired_limit_mb={}", limit_bytes.0 >> 20);
                Self::Command { command, limit_bytes }
            }
            // In pages of 4 KiB (`drivers/gpu/drm/ttm/ttm_tt.c`).
            _ => Self::KernelParameter {
                parameter: format!("ttm.pages_limit={}", limit_bytes.0 >> 12),
                limit_bytes,
            },
        })
    }
}

/// What Ollama lacks to run a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OllamaLack {
    /// A flag for experts in RAM (<https://github.com/ollama/ollama/issues/11772>).
    ExpertOffload,
    /// Pulling a GGUF that is split into several files (<https://github.com/ollama/ollama/issues/5245>).
    ShardedFiles,
}

/// An Ollama Modelfile that runs a published quant so placed, or why there is none; neither where it is not published
/// whole, or for a file, which need not be the published one.
///
/// Ollama has no flag for the split over GPUs: it decides that itself.
#[must_use]
pub fn ollama_modelfile(
    subject: &Subject<'_>,
    placement: &Placement,
    config: &RunConfig,
) -> Option<Result<String, OllamaLack>> {
    if subject.file.is_some() {
        return None;
    }
    let (model, quant) = (subject.model.catalog?, &subject.quant);
    let artifact = model.artifacts.iter().find(|artifact| artifact.quant == *quant)?;
    if placement.expert_layers_in_ram > 0 {
        return Some(Err(OllamaLack::ExpertOffload));
    }
    if artifact.files.iter().flat_map(ArtifactFile::paths).count() > 1 {
        return Some(Err(OllamaLack::ShardedFiles));
    }
    let mut lines = vec![
        format!("FROM hf.co/{}:{quant}", artifact.repository),
        format!("PARAMETER num_ctx {}", config.context_per_sequence()),
        format!("PARAMETER num_gpu {}", placement.gpu_layers),
        format!("PARAMETER num_batch {}", config.micro_batch),
        format!("PARAMETER temperature {}", model.sampling.temperature),
        format!("PARAMETER top_p {}", model.sampling.top_p),
    ];
    let mut environment = Vec::new();
    if config.sequences > 1 {
        environment.push(format!("OLLAMA_NUM_PARALLEL={}", config.sequences));
    }
    if config.kv_type != KvType::F16 {
        environment.push(format!("OLLAMA_KV_CACHE_TYPE={} OLLAMA_FLASH_ATTENTION=1", config.kv_type));
    }
    if !environment.is_empty() {
        lines.push(format!("# start the server with {}", environment.join(" ")));
    }
    Some(Ok(lines.join("\n")))
}
