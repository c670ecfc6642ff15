//! A manifest where one machine is not enough: a Deployment of machines, or where a replica lies over several a
//! `LeaderWorkerSet`, and a Service in front of them.

use super::script::Script;
use super::servers::{over_nodes, sglang, vllm};
use super::{LaunchFile, PORT, Service};
use crate::capacity::ServingEngine;
use crate::machine::Vendor;
use crate::message;

/// How often a machine that loads weights is asked whether it is ready: every ten seconds for two hours.
const READY_AFTER: u32 = 720;

pub(super) fn file(service: &Service<'_>) -> LaunchFile {
    let groups = service.machines / service.nodes();
    if service.nodes() > 1 {
        LaunchFile {
            name: "leaderworkerset.yaml",
            what: message!(ReportLaunchLeaderWorkerSet { groups, servers: service.nodes() }),
            script: leader_worker_set(service, groups),
        }
    } else {
        LaunchFile {
            name: "kubernetes.yaml",
            what: message!(ReportLaunchKubernetes { groups }),
            script: deployment(service, groups),
        }
    }
}

fn deployment(service: &Service<'_>, groups: u32) -> Script {
    let name = name(service);
    let mut yaml = Script::default();
    notes(&mut yaml);
    yaml.line("apiVersion: apps/v1");
    yaml.line("kind: Deployment");
    yaml.line(&format!("metadata:\n  name: {name}"));
    yaml.line("spec:");
    yaml.line(&format!("  replicas: {groups}"));
    yaml.line(&format!("  selector:\n    matchLabels:\n      app: {name}"));
    yaml.line("  template:");
    yaml.line(&format!("    metadata:\n      labels:\n        app: {name}"));
    yaml.line("    spec:");
    pod(&mut yaml, service, &command(service), 6);
    front(&mut yaml, &name, &format!("app: {name}"));
    yaml
}

fn leader_worker_set(service: &Service<'_>, groups: u32) -> Script {
    let name = name(service);
    let mut yaml = Script::default();
    notes(&mut yaml);
    yaml.comment(message!(ReportLaunchController));
    yaml.line("apiVersion: leaderworkerset.x-k8s.io/v1");
    yaml.line("kind: LeaderWorkerSet");
    yaml.line(&format!("metadata:\n  name: {name}"));
    yaml.line("spec:");
    yaml.line(&format!("  replicas: {groups}"));
    yaml.line("  leaderWorkerTemplate:");
    yaml.line(&format!("    size: {}", service.nodes()));
    yaml.line("    restartPolicy: RecreateGroupOnPodRestart");
    let mut words = sglang(service, checkpoint(service));
    // The controller sets these in every pod.
    words.extend(over_nodes("$(LWS_GROUP_SIZE)", "$(LWS_WORKER_INDEX)", "$(LWS_LEADER_ADDRESS)"));
    yaml.line("    leaderTemplate:");
    yaml.line(&format!("      metadata:\n        labels:\n          app: {name}\n          role: leader"));
    yaml.line("      spec:");
    pod(&mut yaml, service, &words, 8);
    yaml.line("    workerTemplate:");
    yaml.line("      spec:");
    pod(&mut yaml, service, &words, 8);
    front(&mut yaml, &name, &format!("app: {name}\n    role: leader"));
    yaml
}

fn notes(yaml: &mut Script) {
    yaml.comment(message!(ReportLaunchPin));
}

/// The container of an engine, its memory and its GPUs.
fn pod(yaml: &mut Script, service: &Service<'_>, words: &[String], indent: usize) {
    let engine = if is_vllm(service) { "vllm" } else { "sglang" };
    let image = match (engine, service.vendor) {
        ("vllm", Vendor::Amd) => "rocm/vllm:latest",
        ("vllm", _) => "vllm/vllm-openai:latest",
        _ => "lmsysorg/sglang:latest",
    };
    let resource = if service.vendor == Vendor::Amd { "amd.com/gpu" } else { "nvidia.com/gpu" };
    let words: Vec<String> = words.iter().flat_map(|piece| piece.split(' ')).map(quoted).collect();
    let gpus = service.machine_gpus.min(service.replica_gpus() * service.replicas_of_machine());
    let is_spread = service.nodes() > 1;
    let network = if is_spread { "hostNetwork: true\ndnsPolicy: ClusterFirstWithHostNet\n" } else { "" };
    let locked =
        if is_spread { "\n    securityContext:\n      capabilities:\n        add: [IPC_LOCK]" } else { "" };
    // Only the first machine of a replica answers.
    let probe = format!(
        "\n    readinessProbe:\n      {}\n      periodSeconds: 10\n      failureThreshold: {READY_AFTER}",
        format_args!("httpGet: {{path: /health, port: {PORT}}}")
    );
    let body = format!(
        "{network}containers:\n  - name: {engine}\n    image: {image}\n    command: [{}]\n    env:\n      - {{name: HF_HOME, value: \
         /models}}\n    ports:\n      - containerPort: {PORT}{}{locked}\n    resources:\n      limits:\n        {resource}: {gpus}\n    \
         volumeMounts:\n      - {{name: models, mountPath: /models}}\n      - {{name: shm, mountPath: /dev/shm}}\nvolumes:\n  - name: \
         models\n    hostPath: {{path: /srv/models, type: DirectoryOrCreate}}\n  - name: shm\n    emptyDir: {{medium: Memory, \
         sizeLimit: 64Gi}}",
        words.join(", "),
        if is_spread { "" } else { &probe },
    );
    for line in body.lines() {
        yaml.line(&format!("{}{line}", " ".repeat(indent)));
    }
}

/// A word in YAML, whose double quotes are those of JSON.
fn quoted(word: &str) -> String {
    serde_json::Value::from(word).to_string()
}

/// One address for all.
fn front(yaml: &mut Script, name: &str, selector: &str) {
    yaml.line("---");
    yaml.line("apiVersion: v1");
    yaml.line("kind: Service");
    yaml.line(&format!("metadata:\n  name: {name}"));
    yaml.line(&format!("spec:\n  selector:\n    {selector}"));
    yaml.line(&format!("  ports:\n    - port: {PORT}\n      targetPort: {PORT}"));
}

/// SGLang's images are for NVIDIA's GPUs.
fn is_vllm(service: &Service<'_>) -> bool {
    service.engine() != ServingEngine::Sglang || (service.vendor == Vendor::Amd && service.nodes() == 1)
}

fn command(service: &Service<'_>) -> Vec<String> {
    if is_vllm(service) { vllm(service, checkpoint(service)) } else { sglang(service, checkpoint(service)) }
}

fn checkpoint<'a>(service: &Service<'a>) -> &'a str {
    service.checkpoint().unwrap_or("A-CHECKPOINT-IN-AWQ-OR-GPTQ")
}

/// Names of Kubernetes have no dots.
fn name(service: &Service<'_>) -> String {
    service.model.id.replace('.', "-")
}
