//! What a row says in words: the precision, the split over accelerators, the age of the engine, the load.

use super::row::ServedMeasurement;
use crate::capacity::{
    Arithmetic, Arrivals, CacheType, Deployment, Lengths, Parallelism, Precision, Release, ServedModel,
    ServingEngine, Workload,
};
use crate::catalog::Catalog;
use crate::gguf::{LatentLayout, Layout, Mix};
use crate::units::{Bytes, Seconds};
use crate::validate::Unresolved;

/// Tokens of prompt and answer where a row does not state them: a short chat.
const ASSUMED_TOKENS: f64 = 256.0;

/// Requests of a run without a limit, as a multiple of those in flight at once.
const UNBOUNDED: f64 = 5.0;

/// Requests of a closed loop, as a multiple of its concurrency: what load generators send. Of many fewer are enough.
const ROUNDS: u32 = 10;
const FEWER_ROUNDS: u32 = 4;
const ENOUGH: u32 = 640;

/// How the prompts and answers of `ShareGPT` spread.
const CHAT: (Lengths, Lengths) = (Lengths::Natural { sigma: 1.2 }, Lengths::Natural { sigma: 1.0 });

pub(super) fn precision(
    row: &ServedMeasurement,
    catalog: &Catalog,
    model: &ServedModel,
) -> Result<Precision, Unresolved> {
    if let Some(precision) = Precision::named(&row.quant) {
        return Ok(precision);
    }
    // A GGUF by its file size, or by a quant's bits.
    let stated =
        row.quant.split_once('(').and_then(|(_, size)| size.split_once(')')?.0.parse::<Bytes>().ok());
    let parameters = model.resident + model.experts + 2.0 * model.output;
    if let Some(size) = stated {
        return Ok(Precision::gguf(size.as_f64() * 8.0 / parameters));
    }
    let mix = catalog.quant(&row.quant).ok().map(|quant| Mix::nearest_to(&quant.id, quant.importance_matrix));
    match (mix, catalog.model("671b")) {
        (Some(mix), Ok(large)) => {
            let layout = Layout::new(&large.architecture, mix, LatentLayout::default());
            Ok(Precision::gguf(layout.bytes().as_f64() * 8.0 / large.parameters as f64))
        }
        _ => Err(Unresolved::Precision(row.quant.clone())),
    }
}

pub(super) fn engine(text: &str) -> ServingEngine {
    let text = text.to_lowercase();
    if text.contains("sglang") {
        ServingEngine::Sglang
    } else if text.contains("tensorrt") || text.contains("trt") {
        ServingEngine::TensorRtLlm
    } else if ["llama", "ktransformers", "rknn", "ollama"].iter().any(|name| text.contains(name)) {
        ServingEngine::LlamaCpp
    } else {
        // Engines that are none of these came after vLLM and work as it does.
        ServingEngine::Vllm
    }
}

/// How the row says that the model lies over the accelerators, else over all of them.
pub(super) fn split(row: &ServedMeasurement, count: u32, engine: ServingEngine) -> Parallelism {
    if let Some(split) = stated_split(row) {
        return split;
    }
    let text = format!("{} {}", row.hardware, row.engine).to_lowercase();
    let replicas = number_after(&text, "dp").filter(|copies| count.is_multiple_of(*copies)).unwrap_or(1);
    let expert = number_after(&text, "ep").unwrap_or(if text.contains("+ep") { count } else { 1 });
    if let Some(ranks) = number_after(&text, "dep") {
        Parallelism::data_attention(ranks.min(count).max(1))
    } else if text.contains("dp-attn") || text.contains("dep") {
        Parallelism::data_attention(count)
    } else if let Some(stages) = number_after(&text, "pp") {
        let stages = stages.min(count).max(1);
        let tensor = number_after(&text, "tp").filter(|gpus| gpus * stages <= count).unwrap_or(1);
        Parallelism { pipeline: stages, ..Parallelism::tensor(tensor) }
    } else if engine == ServingEngine::LlamaCpp {
        Parallelism::pipeline(count)
    } else {
        let tensor = number_after(&text, "tp").filter(|gpus| *gpus <= count);
        let tensor = tensor.unwrap_or(count / replicas).max(1);
        Parallelism { expert: expert.min(tensor).max(1), ..Parallelism::tensor(tensor) }
    }
}

/// How columns of their own say it.
#[expect(clippy::cast_sign_loss, reason = "a count of GPUs is not negative")]
fn stated_split(row: &ServedMeasurement) -> Option<Parallelism> {
    let count = |column: Option<f64>| column.map_or(1, |count| count.round().max(1.0) as u32);
    let tensor = count(Some(row.tp?));
    Some(Parallelism {
        tensor,
        pipeline: count(row.pp),
        data_attention: count(row.dp_attention) > 1,
        expert: count(row.ep).min(tensor),
    })
}

pub(super) fn states_split(row: &ServedMeasurement) -> bool {
    let text = format!("{} {}", row.hardware, row.engine).to_lowercase();
    row.tp.is_some()
        || ["tp", "pp", "dp", "dep"].iter().any(|kind| number_after(&text, kind).is_some())
        || text.contains("dep")
        || text.contains("dp-attn")
}

/// Runs of `MLPerf` are made with as few GPUs for a replica as leave room for the cache.
pub(super) fn fewest(deployment: &Deployment, count: u32) -> Parallelism {
    let weights = deployment.weights_on_gpus();
    let roomy = |gpus: &u32| deployment.device.memory.share(0.6) * u64::from(*gpus) >= weights;
    Parallelism::tensor([1, 2, 4, 8].into_iter().find(roomy).unwrap_or(count).min(count).max(1))
}

/// The number right behind a word that ends in `word`: 8 of `TP8`.
fn number_after(text: &str, word: &str) -> Option<u32> {
    text.match_indices(word).find_map(|(at, _)| {
        let digits: String = text[at + word.len()..].chars().take_while(char::is_ascii_digit).collect();
        let starts = !text[..at].ends_with(|c: char| c.is_alphanumeric());
        digits.parse().ok().filter(|number| starts && *number > 0)
    })
}

/// A year and a month.
type Month = (u32, u32);

/// The first two numbers of a version, and when it was released.
type Dated = ((u32, u32), Month);

/// When engines were released.
const VERSIONS: [(&str, &[Dated]); 3] = [
    (
        "vllm",
        &[
            ((0, 7), (2025, 2)),
            ((0, 8), (2025, 5)),
            ((0, 9), (2025, 6)),
            ((0, 10), (2025, 8)),
            ((0, 11), (2025, 10)),
            ((0, 12), (2025, 12)),
            ((0, 14), (2026, 1)),
            ((0, 16), (2026, 3)),
        ],
    ),
    ("sglang", &[((0, 4), (2025, 3)), ((0, 5), (2025, 9))]),
    (
        "tensorrt-llm",
        &[
            ((0, 17), (2025, 3)),
            ((1, 0), (2025, 8)),
            ((1, 1), (2025, 11)),
            ((1, 2), (2026, 1)),
            ((1, 3), (2026, 3)),
        ],
    ),
];

/// The third number of SGLang's versions says more than the second: 0.5.3 is of 2025-10, and so on by the month.
const SGLANG_MONTHS: [(u32, Month); 7] = [
    (0, (2025, 8)),
    (2, (2025, 9)),
    (3, (2025, 10)),
    (5, (2025, 11)),
    (6, (2025, 12)),
    (8, (2026, 1)),
    (9, (2026, 3)),
];

/// When the row's engine was released: by its date or the note's, else by its version.
pub(super) fn release(row: &ServedMeasurement) -> Release {
    let engine = row.engine.to_lowercase();
    let note = row.note.to_lowercase();
    let numbers = |name: &str| {
        let rest = engine.split_once(name)?.1.trim_start_matches([' ', '/']);
        let mut numbers = rest.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse::<u32>().ok());
        Some((numbers.next()??, numbers.next()??, numbers.next().flatten().unwrap_or(0)))
    };
    let by_version = VERSIONS.iter().find_map(|(name, releases)| {
        let (major, minor, patch) = numbers(name)?;
        // 0.4.6 was the first that was fast.
        if *name == "sglang" && (major, minor) == (0, 4) && patch >= 6 {
            return Some((2025, 6));
        }
        if *name == "sglang" && (major, minor) == (0, 5) {
            return SGLANG_MONTHS.iter().rfind(|(known, _)| *known <= patch).map(|(_, month)| *month);
        }
        releases.iter().rfind(|(version, _)| *version <= (major, minor)).map(|(_, month)| *month)
    });
    let by_date = dated(&row.date.to_lowercase()).or_else(|| dated(&note)).and_then(|month| {
        let (year, month) = month.split_once('-')?;
        Some((year.parse().ok()?, month.parse().ok()?))
    });
    let mlperf = engine.contains("v5.1").then_some((2025, 7));
    if note.contains("v0 engine") {
        return Release::of(2025, 3);
    }
    match by_date.or(by_version).or(mlperf) {
        Some((year, month)) => Release::of(year, month),
        None => Release::USUAL,
    }
}

/// Those who tune engines for a load and publish what they reach: makers of GPUs and engines, and benchmarks with rules.
const TUNERS: [&str; 7] = [
    "inferencex",
    "nvidia",
    "aiconfigurator",
    "mlcommons",
    "sgl-project/sglang/blob",
    "mlperf",
    "vllm-project/recipes",
];

/// Whether the engine was tuned for the load: as the row says, or by who published it.
pub(super) fn is_tuned(row: &ServedMeasurement) -> bool {
    match row.tuning.as_str() {
        "tuned" => true,
        "deployed" => false,
        _ => {
            let source = row.source_url.to_lowercase();
            TUNERS.iter().any(|tuner| source.contains(tuner))
        }
    }
}

/// In how many bits the cache is kept: as stated; recipes for FP8 and smaller weights have it in eight.
pub(super) fn cache(row: &ServedMeasurement, precision: &Precision) -> CacheType {
    let words = format!("{} {}", row.note, row.quant).to_lowercase();
    // TensorRT-LLM's checkpoints in FP8 and smaller name an FP8 cache.
    let is_recipe = !row.is_exported()
        && is_tuned(row)
        && precision.arithmetic != Arithmetic::Sixteen
        && (dated(&row.note).is_some()
            || row.source_url.contains("mlcommons")
            || engine(&row.engine) == ServingEngine::TensorRtLlm);
    match row.kv_precision.as_str() {
        "fp8" | "int8" => CacheType::Eight,
        "" if is_recipe || words.contains("fp8 kv") || words.contains("kv fp8") => CacheType::Eight,
        _ => CacheType::Sixteen,
    }
}

/// The month that stands in a note, as `2025-02`.
fn dated(note: &str) -> Option<&str> {
    note.match_indices("20").find_map(|(at, _)| {
        let month = note.get(at..at + 7)?;
        let bytes = month.as_bytes();
        let right = bytes[4] == b'-' && [0, 1, 2, 3, 5, 6].iter().all(|at| bytes[*at].is_ascii_digit());
        right.then_some(month)
    })
}

pub(super) fn drafted(row: &ServedMeasurement) -> u32 {
    let text = format!("{} {}", row.quant, row.engine).to_lowercase();
    match number_after(&text, "mtp") {
        Some(tokens) => tokens,
        None if text.contains("mtp") || text.contains("eagle") => 2,
        None => 0,
    }
}

/// `KV room 5.01 GiB per GPU`, where an engine was given less than it would take.
pub(super) fn stated_room(note: &str) -> Option<Bytes> {
    let room = note.split_once("KV room ")?.1.split_once(" per GPU")?.0;
    room.parse().ok()
}

/// What the engine and the room for the cache let in at once.
pub(super) fn most_in_flight(deployment: &Deployment, row: &ServedMeasurement) -> f64 {
    let length = row.isl.unwrap_or(ASSUMED_TOKENS) + row.osl.unwrap_or(ASSUMED_TOKENS) / 2.0;
    let room = deployment.cache_tokens().unwrap_or(0.0) / length;
    f64::from(deployment.most_sequences()).min(room).max(1.0)
}

pub(super) fn workload(row: &ServedMeasurement, replicas: u32, most: f64) -> Result<Workload, Unresolved> {
    let note = row.note.to_lowercase();
    let engine = row.engine.to_lowercase();
    if engine.contains("mlperf") && !engine.contains("offline") {
        return Err(Unresolved::LatencyLimit);
    }
    let uniform = note.contains("uniform");
    let chat = note.contains("sharegpt");
    let half = if uniform { 0.5 } else { 1.0 };
    let stated = |tokens: Option<f64>| tokens.unwrap_or(ASSUMED_TOKENS) * half;
    // A mean that is no round number was counted over real answers, which are not all as long.
    let counted = row.osl.is_some_and(|tokens| tokens % 8.0 != 0.0 && tokens % 10.0 != 0.0);
    let (prompts, answers) = match () {
        () if uniform => (Lengths::Uniform, Lengths::Uniform),
        () if chat => CHAT,
        // Drawn between 0.8 and 1 of the nominal ones.
        () if row.is_drawn() || note.contains("nominal") && counted => (Lengths::Near, Lengths::Near),
        () if counted => (Lengths::Fixed, Lengths::Alike),
        () => (Lengths::Fixed, Lengths::Fixed),
    };
    let rate =
        note.split_once(" req/s open loop").and_then(|(before, _)| before.rsplit(' ').next()?.parse().ok());
    let arrivals = match (row.in_flight(), rate) {
        (_, Some(rate)) => Arrivals::Poisson { rates: vec![rate], stretch: Seconds(100.0 / rate) },
        (Some(all), None) => {
            let concurrency = (all / replicas).max(1);
            // Benchmarks that fire everything say so, or draw as many random requests as they hold.
            let random = note.contains("random ") && !uniform;
            if note.contains("once") || random || (chat && all >= 200) {
                Arrivals::AtOnce(concurrency)
            } else {
                let requests = (concurrency * ROUNDS).min(ENOUGH.max(concurrency * FEWER_ROUNDS)).max(8);
                Arrivals::Held { concurrency, requests }
            }
        }
        (None, None) if row.isl.is_none() || row.osl.is_none() => return Err(Unresolved::NoLengths),
        (None, None) => Arrivals::AtOnce(whole(most * UNBOUNDED)),
    };
    Ok(Workload {
        prompt_tokens: stated(row.isl),
        output_tokens: stated(row.osl),
        prompts,
        answers,
        arrivals,
        seed: 7,
    })
}

#[expect(clippy::cast_sign_loss, reason = "a count of requests is not negative")]
fn whole(count: f64) -> u32 {
    count.round().clamp(1.0, 20_000.0) as u32
}

/// What was measured, or the share of the total that answers have.
pub(super) fn output_throughput(row: &ServedMeasurement) -> Option<f64> {
    let derived = || {
        // Drawn lengths differ from the stated ones, and so does their ratio.
        let known = !row.note.contains("uniform");
        let (total, prompt, answer) = (row.total_tok_s?, row.isl?, row.osl?);
        known.then_some(total * answer / (prompt + answer))
    };
    row.output_tok_s.or_else(derived)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(engine: &str, hardware: &str, note: &str) -> ServedMeasurement {
        ServedMeasurement {
            engine: engine.to_owned(),
            hardware: hardware.to_owned(),
            note: note.to_owned(),
            ..ServedMeasurement::default()
        }
    }

    #[test]
    fn how_a_model_lies_over_gpus_is_read_from_engine_and_hardware() {
        for (engine_text, hardware, count, expected) in [
            ("SGLang 0.5.6 TP8 EP8", "8x B200", 8, Parallelism { expert: 8, ..Parallelism::tensor(8) }),
            ("SGLang 0.5.3 DP-attn", "8x H200 SXM", 8, Parallelism::data_attention(8)),
            ("TensorRT-LLM DEP", "4x B200", 4, Parallelism::data_attention(4)),
            ("TensorRT-LLM", "2x RTX PRO 6000 Server (PP2)", 2, Parallelism::pipeline(2)),
            ("vLLM", "2x RTX 3090 (DP2, PCIe)", 2, Parallelism::tensor(1)),
            ("vLLM", "1x A100 80GB", 1, Parallelism::tensor(1)),
            ("ik_llama.cpp", "16x RTX 3090", 16, Parallelism::pipeline(16)),
        ] {
            let row = row(engine_text, hardware, "");
            assert_eq!(split(&row, count, engine(engine_text)), expected, "{engine_text} {hardware}");
        }
    }

    #[test]
    fn engines_from_before_r1_was_made_fast_are_known_by_version_or_date() {
        for (engine, note, is_early) in [
            ("vLLM 0.7.3", "", true),
            ("vLLM 0.11.1rc2", "", false),
            ("SGLang 0.4.4.post1", "", true),
            ("SGLang TP16", "user report 2025-02-07", true),
            ("vLLM", "2025-07-10", false),
            ("vLLM 0.8.3", "max-concurrency 18; old V0 engine", true),
        ] {
            assert_eq!(release(&row(engine, "", note)).is_early(), is_early, "{engine} {note}");
        }
        let newer = |version: &str| release(&row(version, "", "")).years();
        assert!(newer("SGLang 0.5.9 TP8") > newer("SGLang 0.5.3 TP8"));
        assert!(newer("TensorRT-LLM 1.2.0rc6") > newer("TensorRT-LLM 1.0.0rc3 TP8"));
    }

    #[test]
    fn runs_that_fire_everything_are_told_from_those_that_hold_a_number() {
        let arrivals = |note: &str, concurrency: &str| {
            let row = ServedMeasurement { concurrency: concurrency.to_owned(), ..row("vLLM", "", note) };
            workload(&row, 1, 1.0).unwrap().arrivals
        };
        assert_eq!(arrivals("ShareGPT, 1000 reqs at once", "1000"), Arrivals::AtOnce(1000));
        assert_eq!(arrivals("random 32k/100", "100"), Arrivals::AtOnce(100));
        assert_eq!(arrivals("max-concurrency 5", "5"), Arrivals::Held { concurrency: 5, requests: 50 });
        assert!(matches!(arrivals("0.5 req/s open loop; peak 9", "9"), Arrivals::Poisson { .. }));
    }
}
