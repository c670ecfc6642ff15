//! vLLM and SGLang: their commands on one machine, and on the machines of one replica.

use super::script::{Script, word};
use super::{LaunchFile, PORT, Service};
use crate::capacity::{CacheType, Deployment, Precision, ServingEngine};
use crate::message;
use crate::message::Message;

/// Where the machines of a replica meet.
const MEETING_PORT: u16 = 20_000;

/// What stands for the weights in a script.
const MODEL: &str = "\"$MODEL\"";

/// Both engines, the planned one first.
pub(super) fn files(service: &Service<'_>) -> Vec<LaunchFile> {
    let vllm = LaunchFile {
        name: "vllm.sh",
        what: what(service, ServingEngine::Vllm),
        script: vllm_script(service),
    };
    let sglang = LaunchFile {
        name: "sglang.sh",
        what: what(service, ServingEngine::Sglang),
        script: sglang_script(service),
    };
    if service.engine() == ServingEngine::Sglang { vec![sglang, vllm] } else { vec![vllm, sglang] }
}

fn what(service: &Service<'_>, engine: ServingEngine) -> Message {
    let name = engine.name();
    let where_it_runs = match service.nodes() {
        1 => message!(ReportLaunchEachMachine),
        count => message!(ReportLaunchEachServer { count }),
    };
    if engine == service.engine() {
        message!(ReportLaunchPlanned { engine: name, place: where_it_runs })
    } else {
        message!(ReportLaunchOther { engine: name, place: where_it_runs })
    }
}

fn vllm_script(service: &Service<'_>) -> Script {
    let mut script = Script::shell();
    if service.nodes() > 1 {
        script.comment(message!(ReportLaunchRayWorkers));
        script.comment(message!(ReportLaunchRayHead));
    }
    start(&mut script, service);
    if service.nodes() > 1 {
        script.line("if [ \"${1:-}\" = worker ]; then exec ray start --address=\"$2:6379\" --block; fi");
        script.line("ray start --head --port=6379");
    }
    if service.is_routed() && service.replicas_of_machine() > 1 {
        script.comment(message!(ReportLaunchExpertsSpread));
    }
    script.command(&vllm(service, MODEL));
    script
}

fn sglang_script(service: &Service<'_>) -> Script {
    let mut script = Script::shell();
    if service.nodes() > 1 {
        script.comment(message!(ReportLaunchSglangNodes));
    }
    start(&mut script, service);
    let mut words = sglang(service, MODEL);
    if service.nodes() > 1 {
        words.extend(over_nodes(&service.nodes().to_string(), "\"$NODE_RANK\"", "\"$HEAD\""));
    }
    script.command(&words);
    script
}

/// Sets what must be set, and says what may be.
fn start(script: &mut Script, service: &Service<'_>) {
    let repository = &service.model.repository;
    script.line("set -eu");
    if let Some(checkpoint) = service.checkpoint() {
        script.comment(message!(ReportLaunchLocalWeights));
        script.line(&format!("MODEL=${{MODEL:-{}}}", word(checkpoint)));
    } else {
        script.comment(message!(ReportLaunchNoCheckpoint { repository }));
        script.line("MODEL=\"${MODEL:?a checkpoint in AWQ or GPTQ}\"");
    }
}

/// vLLM's command, a flag and its value a piece.
pub(super) fn vllm(service: &Service<'_>, model: &str) -> Vec<String> {
    let nodes = service.nodes();
    let Deployment { parallelism, cache, drafted, .. } = service.planned.deployment;
    let ranks = parallelism.ranks();
    let mut words = vec![
        format!("vllm serve {model}"),
        format!("--served-model-name {}", word(&service.model.id)),
        format!("--tensor-parallel-size {}", parallelism.tensor / ranks),
        format!("--pipeline-parallel-size {}", parallelism.pipeline),
        format!("--data-parallel-size {}", service.replicas_of_machine() * ranks),
    ];
    if parallelism.expert > 1 {
        words.push("--enable-expert-parallel".to_owned());
    }
    if drafted > 0 {
        words.push(format!(
            "--speculative-config '{{\"method\": \"deepseek_mtp\", \"num_speculative_tokens\": {drafted}}}'"
        ));
    }
    if nodes > 1 {
        words.push("--distributed-executor-backend ray".to_owned());
    }
    words.extend(precision(service));
    words.extend([
        format!("--kv-cache-dtype {}", if cache == CacheType::Eight { "fp8" } else { "auto" }),
        format!("--max-model-len {}", service.context),
        format!("--max-num-seqs {}", service.sequences),
        "--gpu-memory-utilization 0.9".to_owned(),
        "--enable-prefix-caching".to_owned(),
        "--reasoning-parser deepseek_r1".to_owned(),
    ]);
    words.extend(listening(service));
    words
}

/// SGLang's command, a flag and its value a piece.
pub(super) fn sglang(service: &Service<'_>, model: &str) -> Vec<String> {
    let Deployment { parallelism, cache, drafted, .. } = service.planned.deployment;
    let mut words = vec![
        "python3 -m sglang.launch_server".to_owned(),
        format!("--model-path {model}"),
        format!("--served-model-name {}", word(&service.model.id)),
        format!("--tp-size {}", parallelism.tensor),
        format!("--pp-size {}", parallelism.pipeline),
    ];
    if parallelism.data_attention {
        words.push(format!("--dp-size {} --enable-dp-attention", parallelism.ranks()));
    } else {
        words.push(format!("--dp-size {}", service.replicas_of_machine()));
    }
    if parallelism.expert > 1 {
        words.push(format!("--ep-size {}", parallelism.expert));
    }
    if drafted > 0 {
        words.push(format!(
            "--speculative-algorithm EAGLE --speculative-num-steps {drafted} --speculative-eagle-topk 1 \
             --speculative-num-draft-tokens {}",
            drafted + 1
        ));
    }
    words.extend(precision(service));
    words.extend([
        format!("--kv-cache-dtype {}", if cache == CacheType::Eight { "fp8_e4m3" } else { "auto" }),
        format!("--context-length {}", service.context),
        format!("--max-running-requests {}", service.sequences),
        "--reasoning-parser deepseek-r1".to_owned(),
    ]);
    words.extend(listening(service));
    words
}

/// What SGLang needs beside that where a replica lies over several machines.
pub(super) fn over_nodes(nodes: &str, rank: &str, head: &str) -> [String; 3] {
    [
        format!("--nnodes {nodes}"),
        format!("--node-rank {rank}"),
        format!("--dist-init-addr {head}:{MEETING_PORT}"),
    ]
}

/// In what weights are kept, where the checkpoint does not say so itself.
fn precision(service: &Service<'_>) -> Option<String> {
    let precision = service.planned.deployment.precision;
    if precision == Precision::BF16 {
        Some("--dtype bfloat16".to_owned())
    } else if precision == Precision::FP8 && !service.is_routed() {
        // The weights are published in sixteen bits, and made smaller as they are loaded.
        Some("--quantization fp8".to_owned())
    } else {
        None
    }
}

fn listening(service: &Service<'_>) -> Vec<String> {
    let trusted = service.is_routed().then(|| "--trust-remote-code".to_owned());
    trusted.into_iter().chain([format!("--host 0.0.0.0 --port {PORT}")]).collect()
}
