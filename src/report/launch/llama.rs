//! llama-server and Ollama, for machines that vLLM and its like do not run on.

use super::script::{Script, word};
use super::{LaunchFile, PORT, Service};
use crate::machine::Vendor;
use crate::message;
use crate::report::offer::USUAL_QUANT;

pub(super) fn files(service: &Service<'_>) -> Vec<LaunchFile> {
    let published = service.model.artifacts.iter().find(|artifact| artifact.quant == USUAL_QUANT);
    let Some(repository) = published.map(|artifact| artifact.repository.as_str()) else { return Vec::new() };
    // Each slot has a part of the cache to itself.
    let held = service.planned.capacity.cache_wall.floor().max(1.0);
    #[expect(clippy::cast_sign_loss, reason = "a count of requests is not negative")]
    let slots = service.sequences.min(held as u32).max(1);
    vec![server(service, repository, slots), modelfile(service, repository, slots)]
}

fn server(service: &Service<'_>, repository: &str, slots: u32) -> LaunchFile {
    let mut script = Script::shell();
    script.line("set -eu");
    if service.vendor == Vendor::Apple {
        script.comment(message!(ReportLaunchWiredLimit));
    }
    script.command(&[
        format!("llama-server -hf {}", word(&format!("{repository}:{USUAL_QUANT}"))),
        format!("--alias {}", word(&service.model.id)),
        format!("--parallel {slots}"),
        format!("--ctx-size {}", u64::from(service.slot_context(slots)) * u64::from(slots)),
        "--n-gpu-layers 999".to_owned(),
        "--flash-attn on".to_owned(),
        "--cache-type-k f16 --cache-type-v f16".to_owned(),
        "--ubatch-size 512".to_owned(),
        "--jinja --reasoning-format deepseek".to_owned(),
        format!("--host 0.0.0.0 --port {PORT}"),
    ]);
    LaunchFile { name: "llama-server.sh", what: message!(ReportLaunchLlamaServer), script }
}

fn modelfile(service: &Service<'_>, repository: &str, slots: u32) -> LaunchFile {
    let mut file = Script::default();
    let id = &service.model.id;
    let serve = "OLLAMA_FLASH_ATTENTION=1 ollama serve";
    file.line(&format!("# OLLAMA_HOST=0.0.0.0:{PORT} OLLAMA_NUM_PARALLEL={slots} {serve}"));
    file.line(&format!("# OLLAMA_HOST=localhost:{PORT} ollama create {id} -f Modelfile"));
    file.line(&format!("FROM hf.co/{repository}:{USUAL_QUANT}"));
    file.line(&format!("PARAMETER num_ctx {}", service.slot_context(slots)));
    file.line("PARAMETER num_gpu 999");
    file.line(&format!("PARAMETER temperature {}", service.model.sampling.temperature));
    file.line(&format!("PARAMETER top_p {}", service.model.sampling.top_p));
    LaunchFile { name: "Modelfile", what: message!(ReportLaunchOllama), script: file }
}

impl Service<'_> {
    /// The context of one of so many slots, as far as the cache goes.
    #[expect(clippy::cast_sign_loss, reason = "tokens are not negative")]
    fn slot_context(&self, slots: u32) -> u32 {
        let cached = self.planned.deployment.cache_tokens().unwrap_or_default();
        self.context.min((cached / f64::from(slots)) as u32 / 256 * 256)
    }
}
