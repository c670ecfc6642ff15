//! What must hold of a model's values.

use super::table::Violation;
use super::{Architecture, Attention, FeedForward, Model, check};
use crate::message;

pub(super) fn model(model: &Model) -> Result<(), Violation> {
    check::id(&model.id)?;
    check::repository("repository", &model.repository)?;
    architecture(&model.architecture)?;
    let counted = model.architecture.parameters();
    if model.parameters != counted {
        return Err(check::broken(
            "parameters",
            message!(CatalogRuleParameters { stated: model.parameters, counted }),
        ));
    }
    let active = model.active_parameters;
    check::must(active > 0 && active <= counted, "active_parameters", message!(CatalogRuleActiveParameters))?;
    check::positive("sampling.temperature", Some(model.sampling.temperature))?;
    check::must((0.0..=1.0).contains(&model.sampling.top_p), "sampling.top_p", message!(CatalogRuleTopP))?;
    for (benchmark, score) in &model.benchmarks {
        let path = format!("benchmarks.{}.score", benchmark.key());
        if benchmark.is_percentage() {
            percent(&path, score.score)?;
        } else {
            check::positive(&path, Some(score.score))?;
        }
    }
    check::positive("thinking.factor", Some(model.thinking.factor))?;
    for (at, answer) in model.tokens_per_answer.iter().enumerate() {
        check::at_least_one(&format!("tokens_per_answer.{at}.tokens"), answer.tokens)?;
    }
    artifacts(model)
}

fn artifacts(model: &Model) -> Result<(), Violation> {
    for (at, artifact) in model.artifacts.iter().enumerate() {
        let path = |key: &str| format!("artifacts.{at}.{key}");
        check::must(!artifact.files.is_empty(), &path("files"), message!(CatalogRuleFiles))?;
        check::repository(&path("repository"), &artifact.repository)?;
        if let Some(revision) = &artifact.revision {
            check::must(is_hex(revision, 40), &path("revision"), message!(CatalogRuleRevision))?;
        }
        // From the smallest quant there is to 32 bits a weight, all files together.
        let plausible = model.parameters / 8..=model.parameters.saturating_mul(4);
        if let Some(bytes) = artifact.bytes() {
            check::must(
                plausible.contains(&bytes.0),
                &path(if artifact.total_bytes.is_some() { "total_bytes" } else { "files" }),
                message!(CatalogRuleBytes),
            )?;
        }
        for (number, file) in artifact.files.iter().enumerate() {
            let path = |key: &str| path(&format!("files.{number}.{key}"));
            check::file_path(&path("path"), &file.path)?;
            check::must(
                file.shards.is_some() == file.path.contains('*') && file.shards != Some(0),
                &path("path"),
                message!(CatalogRuleShards),
            )?;
            if let Some(sha256) = &file.sha256 {
                check::must(is_hex(sha256, 64), &path("sha256"), message!(CatalogRuleSha256))?;
            }
        }
    }
    Ok(())
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.chars().all(|c| c.is_ascii_hexdigit() && !c.is_ascii_uppercase())
}

fn architecture(architecture: &Architecture) -> Result<(), Violation> {
    let at_least_one = |key: &str, count| check::at_least_one(&format!("architecture.{key}"), count);
    at_least_one("layers", architecture.layers)?;
    at_least_one("hidden_size", architecture.hidden_size)?;
    at_least_one("vocabulary", architecture.vocabulary)?;
    at_least_one("context_trained", architecture.context_trained)?;
    check::positive("architecture.rms_norm_epsilon", Some(architecture.rms_norm_epsilon))?;
    check::positive("architecture.rope.theta", Some(architecture.rope.theta))?;
    match architecture.attention {
        Attention::Grouped { heads, kv_heads, head_size } => {
            at_least_one("attention.heads", heads)?;
            at_least_one("attention.kv_heads", kv_heads)?;
            at_least_one("attention.head_size", head_size)?;
            check::must(
                heads % kv_heads == 0,
                "architecture.attention.kv_heads",
                message!(CatalogRuleKvHeads),
            )?;
        }
        Attention::Latent { heads, query_rank, kv_rank, key_head_size, rope_head_size, value_head_size } => {
            for (key, count) in [
                ("attention.heads", heads),
                ("attention.query_rank", query_rank),
                ("attention.kv_rank", kv_rank),
                ("attention.key_head_size", key_head_size),
                ("attention.rope_head_size", rope_head_size),
                ("attention.value_head_size", value_head_size),
            ] {
                at_least_one(key, count)?;
            }
        }
    }
    match architecture.feed_forward {
        FeedForward::Dense { intermediate_size } => {
            at_least_one("feed_forward.intermediate_size", intermediate_size)
        }
        FeedForward::Experts { dense_layers, experts, experts_used, expert_intermediate_size, .. } => {
            at_least_one("feed_forward.experts_used", experts_used)?;
            at_least_one("feed_forward.expert_intermediate_size", expert_intermediate_size)?;
            check::must(
                experts_used <= experts,
                "architecture.feed_forward.experts_used",
                message!(CatalogRuleExpertsUsed),
            )?;
            check::must(
                dense_layers <= architecture.layers,
                "architecture.feed_forward.dense_layers",
                message!(CatalogRuleDenseLayers),
            )
        }
    }
}

fn percent(path: &str, percent: f64) -> Result<(), Violation> {
    check::must((0.0..=100.0).contains(&percent), path, message!(CatalogRulePercentage))
}
