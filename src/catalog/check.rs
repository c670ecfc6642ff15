//! What must hold of the catalog's values.

use super::load::Violation;
use super::{Architecture, Attention, FeedForward, Model, Quant, QuantLoss, UseCase};

pub(super) fn broken(path: impl Into<String>, rule: impl Into<String>) -> Violation {
    Violation { path: path.into(), rule: rule.into() }
}

fn must(holds: bool, path: &str, rule: &str) -> Result<(), Violation> {
    if holds { Ok(()) } else { Err(broken(path, rule)) }
}

/// Ids are typed on command lines and stand in file names.
pub(super) fn id(id: &str) -> Result<(), Violation> {
    let typeable = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
    must(
        !id.is_empty() && id.chars().all(typeable),
        "id",
        "an id has lower-case letters, digits, `-` and `.` only",
    )
}

pub(super) fn positive(path: &str, figure: Option<f64>) -> Result<(), Violation> {
    match figure {
        Some(figure) if !(figure.is_finite() && figure > 0.0) => {
            Err(broken(path, format!("{figure} is not a possible figure: it must be above zero")))
        }
        _ => Ok(()),
    }
}

pub(super) fn at_least_one(path: &str, count: u32) -> Result<(), Violation> {
    must(count > 0, path, "there must be at least one")
}

/// A day, a month or a year, as exactly as it is known: `2022-10-12`, `2022-10`, `2022`.
pub(super) fn date(path: &str, date: Option<&str>) -> Result<(), Violation> {
    let Some(date) = date else { return Ok(()) };
    let whole = match date.len() {
        4 => format!("{date}-01-01"),
        7 => format!("{date}-01"),
        _ => date.to_owned(),
    };
    match whole.parse::<jiff::civil::Date>() {
        Ok(_) => Ok(()),
        Err(_) => {
            Err(broken(path, format!("`{date}` is not a date: write `2022-10-12`, `2022-10` or `2022`")))
        }
    }
}

fn percent(path: &str, percent: f64) -> Result<(), Violation> {
    must((0.0..=100.0).contains(&percent), path, "a percentage is from 0 to 100")
}

pub(super) fn model(model: &Model) -> Result<(), Violation> {
    id(&model.id)?;
    architecture(&model.architecture)?;
    let counted = model.architecture.parameters();
    if model.parameters != counted {
        return Err(broken(
            "parameters",
            format!("{} parameters contradict the architecture, which has {counted}", model.parameters),
        ));
    }
    let active = model.active_parameters;
    must(
        active > 0 && active <= counted,
        "active_parameters",
        "active parameters are some of all parameters",
    )?;
    positive("sampling.temperature", Some(model.sampling.temperature))?;
    must((0.0..=1.0).contains(&model.sampling.top_p), "sampling.top_p", "top_p is from 0 to 1")?;
    for (benchmark, score) in &model.benchmarks {
        let path = format!("benchmarks.{}.score", benchmark.key());
        if benchmark.is_percentage() {
            percent(&path, score.score)?;
        } else {
            positive(&path, Some(score.score))?;
        }
    }
    for (at, answer) in model.tokens_per_answer.iter().enumerate() {
        at_least_one(&format!("tokens_per_answer.{at}.tokens"), answer.tokens)?;
    }
    artifacts(model)
}

fn artifacts(model: &Model) -> Result<(), Violation> {
    for (at, artifact) in model.artifacts.iter().enumerate() {
        let path = |key: &str| format!("artifacts.{at}.{key}");
        must(!artifact.files.is_empty(), &path("files"), "an artifact has at least one file")?;
        must(
            artifact.repository.split('/').count() == 2,
            &path("repository"),
            "a repository is `owner/name`",
        )?;
        if let Some(revision) = &artifact.revision {
            must(is_hex(revision, 40), &path("revision"), "a revision is a commit's 40 hexadecimal digits")?;
        }
        // From the smallest quant there is to 32 bits a weight, all files together.
        let plausible = model.parameters / 8..=model.parameters.saturating_mul(4);
        if let Some(bytes) = artifact.bytes() {
            must(
                plausible.contains(&bytes.0),
                &path(if artifact.total_bytes.is_some() { "total_bytes" } else { "files" }),
                "that many bytes are not a file of this model in any quant",
            )?;
        }
        for (number, file) in artifact.files.iter().enumerate() {
            let path = |key: &str| path(&format!("files.{number}.{key}"));
            must(
                file.shards.is_some() == file.path.contains('*') && file.shards != Some(0),
                &path("path"),
                "a path has a `*` where, and only where, `shards` says how many files it stands for",
            )?;
            if let Some(sha256) = &file.sha256 {
                must(is_hex(sha256, 64), &path("sha256"), "a SHA-256 has 64 hexadecimal digits")?;
            }
        }
    }
    Ok(())
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.chars().all(|c| c.is_ascii_hexdigit() && !c.is_ascii_uppercase())
}

fn architecture(architecture: &Architecture) -> Result<(), Violation> {
    let at_least_one = |key: &str, count| at_least_one(&format!("architecture.{key}"), count);
    at_least_one("layers", architecture.layers)?;
    at_least_one("hidden_size", architecture.hidden_size)?;
    at_least_one("vocabulary", architecture.vocabulary)?;
    at_least_one("context_trained", architecture.context_trained)?;
    positive("architecture.rms_norm_epsilon", Some(architecture.rms_norm_epsilon))?;
    positive("architecture.rope.theta", Some(architecture.rope.theta))?;
    match architecture.attention {
        Attention::Grouped { heads, kv_heads, head_size } => {
            at_least_one("attention.heads", heads)?;
            at_least_one("attention.kv_heads", kv_heads)?;
            at_least_one("attention.head_size", head_size)?;
            must(
                heads % kv_heads == 0,
                "architecture.attention.kv_heads",
                "as many query heads must share each key and value head",
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
            must(
                experts_used <= experts,
                "architecture.feed_forward.experts_used",
                "a token cannot use more experts than there are",
            )?;
            must(
                dense_layers <= architecture.layers,
                "architecture.feed_forward.dense_layers",
                "there cannot be more dense layers than layers",
            )
        }
    }
}

pub(super) fn quant(quant: &Quant) -> Result<(), Violation> {
    let typeable = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || "-_".contains(c);
    must(
        !quant.id.is_empty() && quant.id.chars().all(typeable),
        "id",
        "a quant's id has capitals, digits, `-` and `_` only",
    )?;
    loss("loss", &quant.loss)?;
    for (at, measured) in quant.measured_on.iter().enumerate() {
        must(
            !measured.models.is_empty(),
            &format!("measured_on.{at}.models"),
            "it was measured on at least one model",
        )?;
        must(measured.percent >= 0.0, &format!("measured_on.{at}.percent"), "a loss is not negative")?;
    }
    Ok(())
}

fn loss(path: &str, loss: &QuantLoss) -> Result<(), Violation> {
    must(
        loss.percent.is_none_or(|percent| percent >= 0.0),
        &format!("{path}.percent"),
        "a loss is not negative",
    )?;
    must(
        loss.percent.is_some() == loss.yardstick.is_some(),
        &format!("{path}.yardstick"),
        "a loss and the yardstick that it was measured with come together",
    )
}

pub(super) fn use_case(case: &UseCase) -> Result<(), Violation> {
    id(&case.id)?;
    at_least_one("prompt_tokens", case.prompt_tokens)?;
    at_least_one("output_tokens", case.output_tokens)?;
    positive("minimum_decode_tokens_per_second", Some(case.minimum_decode_tokens_per_second))?;
    for (benchmark, weight) in &case.benchmark_weights {
        positive("benchmark_weights", Some(*weight))?;
        must(benchmark.is_percentage(), "benchmark_weights", "only percentages can be averaged")?;
    }
    must(!case.benchmark_weights.is_empty(), "benchmark_weights", "name at least one benchmark")?;
    must(
        u64::from(case.prompt_tokens) + u64::from(case.output_tokens) <= u64::from(case.context_tokens),
        "context_tokens",
        "the context must hold the prompt and the answer",
    )
}
