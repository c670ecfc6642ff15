//! vLLM and SGLang: their commands on one machine, and on the machines of one replica.

use super::script::Script;
use super::{LaunchFile, PORT, Service};
use crate::both;
use crate::capacity::{Precision, ServingEngine};
use crate::lang::Text;

/// Where the machines of a replica meet.
const MEETING_PORT: u16 = 20_000;

/// What stands for the weights in a script.
const MODEL: &str = "\"$MODEL\"";

/// Both engines, the planned one first.
pub(super) fn files(service: &Service<'_>) -> Vec<LaunchFile> {
    let vllm =
        LaunchFile { name: "vllm.sh", what: told(service, ServingEngine::Vllm), text: vllm_script(service) };
    let sglang = LaunchFile {
        name: "sglang.sh",
        what: told(service, ServingEngine::Sglang),
        text: sglang_script(service),
    };
    if service.engine() == ServingEngine::Sglang { vec![sglang, vllm] } else { vec![vllm, sglang] }
}

fn told(service: &Service<'_>, engine: ServingEngine) -> Text {
    let name = engine.name();
    let each = if service.nodes() > 1 {
        both!(
            "on each of the {} servers of a replica",
            "在一个副本的全部 {} 台服务器上各运行一次",
            service.nodes()
        )
    } else {
        both!("on each machine", "在每台机器上各运行一次")
    };
    let Text { en, zh } = each;
    if engine == service.engine() {
        both!("{name} {en}: what was planned", "用 {name} 部署，{zh}：即本方案所测算的引擎")
    } else {
        both!(
            "{name} {en}: not what was planned, so measure it",
            "用 {name} 部署，{zh}：并非测算所用引擎，须另行实测"
        )
    }
}

fn vllm_script(service: &Service<'_>) -> Text {
    let mut script = Script::shell();
    if service.nodes() > 1 {
        script.comment(&both!(
            "Ray ties the servers of a replica together. First on every other server: sh vllm.sh worker ADDRESS-OF-THE-FIRST",
            "由 Ray 把一个副本的各台服务器连成一体。先在其余服务器上运行：sh vllm.sh worker 第一台的地址"
        ));
        script.comment(&both!("Then on the first: sh vllm.sh", "然后在第一台上运行：sh vllm.sh"));
    }
    start(&mut script, service);
    if service.nodes() > 1 {
        script.line("if [ \"${1:-}\" = worker ]; then exec ray start --address=\"$2:6379\" --block; fi");
        script.line("ray start --head --port=6379");
    }
    if service.is_routed() && service.replicas_of_machine() > 1 {
        script.comment(&both!(
            "vLLM spreads the experts over all replicas of a machine; the plan has them in each.",
            "vLLM 会把专家分布到同一台机器的所有副本上；测算时每个副本各有一份专家。"
        ));
    }
    script.command(&vllm(service, MODEL));
    script.into()
}

fn sglang_script(service: &Service<'_>) -> Text {
    let mut script = Script::shell();
    if service.nodes() > 1 {
        script.comment(&both!(
            "On the first server of a replica: HEAD=ITS-ADDRESS NODE_RANK=0 sh sglang.sh; on the next NODE_RANK=1 …",
            "在副本的第一台服务器上运行：HEAD=该台地址 NODE_RANK=0 sh sglang.sh；下一台用 NODE_RANK=1，依此类推"
        ));
    }
    start(&mut script, service);
    if service.is_routed() {
        script.comment(&both!(
            "Experts each whole on one GPU instead of split over all: add --ep-size {gpus}. Which is faster is to be measured.",
            "若要让每个专家整体放在一块 GPU 上，而不是切分到所有 GPU，请加 --ep-size {gpus}；哪种更快须实测。",
            gpus = service.replica_gpus()
        ));
    }
    let mut words = sglang(service, MODEL);
    if service.nodes() > 1 {
        words.extend(over_nodes(&service.nodes().to_string(), "\"$NODE_RANK\"", "\"$HEAD\""));
    }
    script.command(&words);
    script.into()
}

/// Sets what must be set, and says what may be.
fn start(script: &mut Script, service: &Service<'_>) {
    let repository = &service.model.repository;
    script.line("set -eu");
    if let Some(checkpoint) = service.checkpoint() {
        script.comment(&both!(
            "A folder with the weights may stand in its place: MODEL=/srv/models/r1 sh …",
            "也可以改用本地权重目录：MODEL=/srv/models/r1 sh …"
        ));
        script.line(&format!("MODEL=\"${{MODEL:-{checkpoint}}}\""));
    } else {
        script.comment(&both!(
            "The plan keeps weights in four bits, and the makers of {repository} publish none: name a checkpoint in AWQ or GPTQ.",
            "方案采用 4 比特权重，而 {repository} 官方没有发布：请指定一份 AWQ 或 GPTQ 权重。"
        ));
        script.line("MODEL=\"${MODEL:?a checkpoint in AWQ or GPTQ}\"");
    }
}

/// vLLM's command, a flag and its value a piece.
pub(super) fn vllm(service: &Service<'_>, model: &str) -> Vec<String> {
    let nodes = service.nodes();
    let mut words = vec![
        format!("vllm serve {model}"),
        format!("--served-model-name {}", service.model.id),
        // Over the network one layer after the other: exchanges inside of a layer are for the links of a machine.
        format!("--tensor-parallel-size {}", service.replica_gpus() / nodes),
        format!("--pipeline-parallel-size {nodes}"),
        format!("--data-parallel-size {}", service.replicas_of_machine()),
    ];
    if service.is_routed() {
        words.push("--enable-expert-parallel".to_owned());
    }
    if nodes > 1 {
        words.push("--distributed-executor-backend ray".to_owned());
    }
    words.extend(precision(service));
    words.extend([
        "--kv-cache-dtype auto".to_owned(),
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
    let mut words = vec![
        "python3 -m sglang.launch_server".to_owned(),
        format!("--model-path {model}"),
        format!("--served-model-name {}", service.model.id),
        format!("--tp-size {}", service.replica_gpus()),
        "--pp-size 1".to_owned(),
        format!("--dp-size {}", service.replicas_of_machine()),
    ];
    words.extend(precision(service));
    words.extend([
        "--kv-cache-dtype auto".to_owned(),
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
