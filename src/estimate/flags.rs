use super::{Placement, Repack, Subject};
use crate::machine::Machine;
use crate::run_config::{KvType, RunConfig};

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

/// An Ollama Modelfile that runs a published quant so placed; `None` where it is not published whole, and for
/// a file, which need not be the published one.
///
/// Ollama has neither a flag for experts in RAM nor one for the split over GPUs: it decides those itself.
#[must_use]
pub fn ollama_modelfile(subject: &Subject<'_>, placement: &Placement, config: &RunConfig) -> Option<String> {
    if subject.file.is_some() {
        return None;
    }
    let (model, quant) = (subject.model.catalog?, &subject.quant);
    let artifact = model.artifacts.iter().find(|artifact| artifact.quant == *quant)?;
    let mut lines = vec![
        format!("FROM hf.co/{}:{quant}", artifact.repository),
        format!("PARAMETER num_ctx {}", config.context),
        format!("PARAMETER num_gpu {}", placement.gpu_layers),
        format!("PARAMETER num_batch {}", config.micro_batch),
        format!("PARAMETER temperature {}", model.sampling.temperature),
        format!("PARAMETER top_p {}", model.sampling.top_p),
    ];
    if config.kv_type != KvType::F16 {
        lines.push(format!(
            "# start the server with OLLAMA_KV_CACHE_TYPE={} OLLAMA_FLASH_ATTENTION=1",
            config.kv_type
        ));
    }
    Some(lines.join("\n"))
}
