use super::hardware;
use super::row::ServedMeasurement;
use super::shape;
use crate::calibration::{ServingConstants, ServingSpread};
use crate::capacity::{
    Arrivals, Deployment, EngineAge, Lengths, Observed, Parallelism, Precision, ServedModel, ServingEngine,
    Workload, simulate,
};
use crate::catalog::{Catalog, CatalogError, ServingCalibration};
use crate::units::{Bytes, Seconds};
use crate::validate::summary::Prediction;

/// A measurement of a served engine with everything that its prediction takes.
#[derive(Clone, Debug)]
pub struct ServingCase<'a> {
    /// The row.
    pub row: &'a ServedMeasurement,
    /// What the model was taken for.
    pub model: &'a str,
    /// One replica.
    pub deployment: Deployment,
    /// How many of them there are.
    pub replicas: u32,
    /// What one of them was asked.
    pub workload: Workload,
    /// The output throughput that was measured, or that follows from the total.
    pub output_throughput: Option<f64>,
}

/// Time between tokens in milliseconds, and output throughput.
pub type ServingPredictions = [Option<Prediction>; 2];

/// Why a row cannot be predicted.
#[derive(Debug, thiserror::Error)]
pub enum ServingUnresolved {
    /// The catalog cannot be read.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// No model of that shape is known.
    #[error("no model is called `{name}`, and none is of that size")]
    Model {
        /// The name.
        name: String,
    },
    /// No accelerator of that name is known.
    #[error("no accelerator of `{name}` is known")]
    Hardware {
        /// The name.
        name: String,
    },
    /// Bandwidth or compute of the accelerator is unknown.
    #[error("bandwidth or compute of `{name}` is unknown")]
    Figures {
        /// The name.
        name: String,
    },
    /// The precision is none that is known.
    #[error("`{name}` is no precision that is known")]
    Precision {
        /// The name.
        name: String,
    },
    /// The weights do not fit.
    #[error("the weights do not fit, by {short}")]
    TooLarge {
        /// What is missing.
        short: Bytes,
    },
    /// It was measured under a promise that the row does not state.
    #[error("measured under a limit of latency that the row does not state")]
    Promise,
    /// An unbounded run needs its lengths.
    #[error("states neither concurrency nor lengths")]
    Lengths,
}

/// Tokens of prompt and answer where a row does not state them: a short chat.
const ASSUMED_TOKENS: f64 = 256.0;

/// A run without a limit has so many times the requests that are in flight at once.
const UNBOUNDED: f64 = 3.0;

/// So many times the concurrency are asked for in all, as load generators do.
const ROUNDS: u32 = 4;

/// How the prompts and answers of `ShareGPT` spread.
const CHAT: (Lengths, Lengths) = (Lengths::Natural { sigma: 1.2 }, Lengths::Natural { sigma: 1.0 });

/// The rows that can be predicted, and the others with the reason.
#[must_use]
pub fn serving_cases<'a>(
    rows: &'a [ServedMeasurement],
    catalog: &'a Catalog,
) -> (Vec<ServingCase<'a>>, Vec<(&'a ServedMeasurement, ServingUnresolved)>) {
    let (mut cases, mut unresolved) = (Vec::new(), Vec::new());
    for row in rows {
        match ServingCase::of(row, catalog) {
            Ok(case) => cases.push(case),
            Err(reason) => unresolved.push((row, reason)),
        }
    }
    (cases, unresolved)
}

impl<'a> ServingCase<'a> {
    /// Looks everything up that a row names.
    pub fn of(row: &'a ServedMeasurement, catalog: &'a Catalog) -> Result<Self, ServingUnresolved> {
        let (model, architecture) = shape::shape(row, catalog)?;
        let hardware = hardware::hardware(row, catalog)?;
        let served = ServedModel::of(architecture);
        let precision = precision(row, catalog, &served)?;
        let engine = engine(&row.engine);
        let split = split(row, hardware.count, engine);
        let mut deployment = Deployment {
            precision,
            parallelism: split,
            engine,
            age: age(row),
            drafted: drafted(row),
            cache_room: stated_room(&row.note),
            experts_in_ram: hardware.ram.filter(|_| served.routed_share.is_some()),
            observed: Observed::default(),
            model: served,
            device: hardware.device,
        };
        if row.in_flight().is_none() && !states_split(row) {
            deployment.parallelism = fewest(&deployment, hardware.count);
        }
        if deployment.cache_tokens().is_none() {
            let short = deployment.weights_on_gpus()
                - deployment.device.memory.share(0.9) * u64::from(deployment.gpus());
            return Err(ServingUnresolved::TooLarge { short });
        }
        let replicas = (hardware.count / deployment.gpus()).max(1);
        let workload = workload(row, replicas, most_in_flight(&deployment, row))?;
        Ok(Self { row, model, deployment, replicas, workload, output_throughput: output_throughput(row) })
    }

    /// Whether the concurrency is stated, which the accuracy is told of.
    #[must_use]
    pub fn states_concurrency(&self) -> bool {
        self.row.in_flight().is_some()
    }

    /// Whether its source, or the throughput that does not rise, says that it is not to be fitted to.
    #[must_use]
    pub fn is_odd(&self) -> bool {
        let note = self.row.note.to_lowercase();
        let flagged = note.split_once("flagged anomalous").and_then(|(before, _)| before.rsplit_once("c="));
        note.contains("do not fit") || flagged.is_some_and(|(_, count)| count.trim() == self.row.concurrency)
    }

    /// What tells deployments apart: who measured, on what, which model.
    #[must_use]
    pub fn group(&self) -> String {
        format!("{} {} {}", self.row.source_url, self.row.hardware, self.model)
    }

    /// The time between tokens in milliseconds and the output throughput, by these constants.
    #[must_use]
    pub fn predicted(&self, constants: &ServingConstants) -> Option<(f64, f64)> {
        let never = (Seconds(f64::INFINITY), Seconds(f64::INFINITY));
        let served = simulate(&self.deployment, constants, &self.workload, never)?;
        let throughput = served.throughput().0 * f64::from(self.replicas);
        Some((served.mean_tpot().0 * 1e3, throughput))
    }
}

/// Predictions of a case where something was measured, with their intervals.
#[must_use]
pub fn serving_predictions(case: &ServingCase<'_>, calibration: &ServingCalibration) -> ServingPredictions {
    let Some(predicted) = case.predicted(&calibration.constants) else { return [None, None] };
    held(case, predicted, (calibration.tpot, calibration.throughput))
}

/// Predictions beside what was measured.
pub(super) fn held(
    case: &ServingCase<'_>,
    (tpot, throughput): (f64, f64),
    (tpot_spread, throughput_spread): (ServingSpread, ServingSpread),
) -> ServingPredictions {
    let one = |predicted: f64, spread: ServingSpread, measured: Option<f64>| {
        Some(Prediction {
            predicted,
            low: predicted * spread.low,
            high: predicted * spread.high,
            measured: measured?,
        })
    };
    [one(tpot, tpot_spread, case.row.tpot_ms), one(throughput, throughput_spread, case.output_throughput)]
}

fn precision(
    row: &ServedMeasurement,
    catalog: &Catalog,
    model: &ServedModel,
) -> Result<Precision, ServingUnresolved> {
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
    let mix = catalog
        .quant(&row.quant)
        .ok()
        .map(|quant| crate::gguf::Mix::nearest_to(&quant.id, quant.importance_matrix));
    match (mix, catalog.model("671b")) {
        (Some(mix), Ok(large)) => {
            let layout =
                crate::gguf::Layout::new(&large.architecture, mix, crate::gguf::LatentLayout::default());
            Ok(Precision::gguf(layout.bytes().as_f64() * 8.0 / large.parameters as f64))
        }
        _ => Err(ServingUnresolved::Precision { name: row.quant.clone() }),
    }
}

fn engine(text: &str) -> ServingEngine {
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
fn split(row: &ServedMeasurement, count: u32, engine: ServingEngine) -> Parallelism {
    let text = format!("{} {}", row.hardware, row.engine).to_lowercase();
    let replicas = number_after(&text, "dp").filter(|copies| count.is_multiple_of(*copies)).unwrap_or(1);
    if text.contains("dp-attn") || text.contains("dep") {
        Parallelism::DataAttention(count)
    } else if let Some(stages) = number_after(&text, "pp") {
        Parallelism::Pipeline(stages.min(count).max(1))
    } else if engine == ServingEngine::LlamaCpp {
        Parallelism::Pipeline(count)
    } else {
        let tensor = number_after(&text, "tp").filter(|gpus| *gpus <= count);
        Parallelism::Tensor(tensor.unwrap_or(count / replicas).max(1))
    }
}

fn states_split(row: &ServedMeasurement) -> bool {
    let text = format!("{} {}", row.hardware, row.engine).to_lowercase();
    ["tp", "pp", "dp"].iter().any(|kind| number_after(&text, kind).is_some())
        || text.contains("dep")
        || text.contains("dp-attn")
}

/// Runs without a limit are made with as few GPUs for a replica as leave room for the cache.
fn fewest(deployment: &Deployment, count: u32) -> Parallelism {
    let weights = deployment.weights_on_gpus();
    let roomy = |gpus: &u32| deployment.device.memory.share(0.6) * u64::from(*gpus) >= weights;
    Parallelism::Tensor([1, 2, 4, 8].into_iter().find(roomy).unwrap_or(count).min(count).max(1))
}

/// The number right behind a word that ends in `word`: 8 of `TP8`.
fn number_after(text: &str, word: &str) -> Option<u32> {
    text.match_indices(word).find_map(|(at, _)| {
        let digits: String = text[at + word.len()..].chars().take_while(char::is_ascii_digit).collect();
        let starts = !text[..at].ends_with(|c: char| c.is_alphanumeric());
        digits.parse().ok().filter(|number| starts && *number > 0)
    })
}

/// Engines from before 2025-05, by their version or by the date of the note.
fn age(row: &ServedMeasurement) -> EngineAge {
    let engine = row.engine.to_lowercase();
    let note = row.note.to_lowercase();
    let version = |name: &str| {
        let rest = engine.split_once(name)?.1.trim_start();
        let mut numbers = rest.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse::<u32>().ok());
        Some((numbers.next()??, numbers.next()??, numbers.next().flatten().unwrap_or(0)))
    };
    let old = version("vllm").is_some_and(|version| version < (0, 8, 0))
        || version("sglang").is_some_and(|version| version < (0, 4, 6))
        || note.contains("v0 engine")
        || dated(&note).is_some_and(|month| month < "2025-05");
    if old { EngineAge::Early } else { EngineAge::Current }
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

fn drafted(row: &ServedMeasurement) -> u32 {
    let text = format!("{} {}", row.quant, row.engine).to_lowercase();
    match number_after(&text, "mtp") {
        Some(tokens) => tokens,
        None if text.contains("mtp") || text.contains("eagle") => 2,
        None => 0,
    }
}

/// `KV room 5.01 GiB per GPU`, where an engine was given less than it would take.
fn stated_room(note: &str) -> Option<Bytes> {
    let room = note.split_once("KV room ")?.1.split_once(" per GPU")?.0;
    room.parse().ok()
}

/// What the engine and the room for the cache let in at once.
fn most_in_flight(deployment: &Deployment, row: &ServedMeasurement) -> f64 {
    let length = row.isl.unwrap_or(ASSUMED_TOKENS) + row.osl.unwrap_or(ASSUMED_TOKENS) / 2.0;
    let room = deployment.cache_tokens().unwrap_or(0.0) / length;
    f64::from(deployment.most_sequences()).min(room).max(1.0)
}

fn workload(row: &ServedMeasurement, replicas: u32, most: f64) -> Result<Workload, ServingUnresolved> {
    let note = row.note.to_lowercase();
    let engine = row.engine.to_lowercase();
    if engine.contains("mlperf") && !engine.contains("offline") {
        return Err(ServingUnresolved::Promise);
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
                Arrivals::Held { concurrency, requests: (concurrency * ROUNDS).max(8) }
            }
        }
        (None, None) if row.isl.is_none() || row.osl.is_none() => return Err(ServingUnresolved::Lengths),
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
fn output_throughput(row: &ServedMeasurement) -> Option<f64> {
    let derived = || {
        // Drawn lengths are not what was asked for, so neither is their ratio.
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
            ("SGLang 0.5.6 TP8 EP8", "8x B200", 8, Parallelism::Tensor(8)),
            ("SGLang 0.5.3 DP-attn", "8x H200 SXM", 8, Parallelism::DataAttention(8)),
            ("TensorRT-LLM DEP", "4x B200", 4, Parallelism::DataAttention(4)),
            ("TensorRT-LLM", "2x RTX PRO 6000 Server (PP2)", 2, Parallelism::Pipeline(2)),
            ("vLLM", "2x RTX 3090 (DP2, PCIe)", 2, Parallelism::Tensor(1)),
            ("vLLM", "1x A100 80GB", 1, Parallelism::Tensor(1)),
            ("ik_llama.cpp", "16x RTX 3090", 16, Parallelism::Pipeline(16)),
        ] {
            let row = row(engine_text, hardware, "");
            assert_eq!(split(&row, count, engine(engine_text)), expected, "{engine_text} {hardware}");
        }
    }

    #[test]
    fn engines_from_before_r1_was_made_fast_are_known_by_version_or_date() {
        for (engine, note, age_expected) in [
            ("vLLM 0.7.3", "", EngineAge::Early),
            ("vLLM 0.11.1rc2", "", EngineAge::Current),
            ("SGLang 0.4.4.post1", "", EngineAge::Early),
            ("SGLang TP16", "user report 2025-02-07", EngineAge::Early),
            ("vLLM", "2025-07-10", EngineAge::Current),
            ("vLLM 0.8.3", "max-concurrency 18; old V0 engine", EngineAge::Early),
        ] {
            assert_eq!(age(&row(engine, "", note)), age_expected, "{engine} {note}");
        }
    }

    #[test]
    fn runs_that_fire_everything_are_told_from_those_that_hold_a_number() {
        let arrivals = |note: &str, concurrency: &str| {
            let row = ServedMeasurement { concurrency: concurrency.to_owned(), ..row("vLLM", "", note) };
            workload(&row, 1, 1.0).unwrap().arrivals
        };
        assert_eq!(arrivals("ShareGPT, 1000 reqs at once", "1000"), Arrivals::AtOnce(1000));
        assert_eq!(arrivals("random 32k/100", "100"), Arrivals::AtOnce(100));
        assert_eq!(arrivals("max-concurrency 5", "5"), Arrivals::Held { concurrency: 5, requests: 20 });
        assert!(matches!(arrivals("0.5 req/s open loop; peak 9", "9"), Arrivals::Poisson { .. }));
    }
}
